import type { Algorithm } from '@ekkasan/core'
import { equalBytes } from '@ekkasan/core/bytes'
import { algorithms } from './algorithms.ts'
import { KeysError } from './errors.ts'

// An ECDSA signature is two numbers. JOSE and COSE write them as r || s, each as long as the curve's order
// (RFC 7518 section 3.4); certificates, node:crypto and most KMSs as an ASN.1 SEQUENCE of two INTEGERs (RFC 3279 section 2.2.3).

/**
 * An ECDSA signature as a KMS returns it (ASN.1 DER), in the form that a `Signer` returns (r || s).
 *
 * ```ts
 * const signer: Signer = { alg: 'ES256', key, sign: async (data) => derToJose(await kms.sign(data), 'ES256') }
 * ```
 * @param alg `ES256`, `ES384`, `ES512` or `ES256K`: settles the length
 * @throws KeysError `keys.signature.malformed` when the bytes are not DER of two positive integers that fit the curve
 */
export function derToJose(der: Uint8Array, alg: Algorithm): Uint8Array<ArrayBuffer> {
  const { kty, signatureLength } = algorithms[alg]
  if (kty !== 'EC' || signatureLength === undefined) {
    throw malformed(`${alg} has no signatures in DER; expected ES256, ES384, ES512 or ES256K`)
  }
  const half = signatureLength / 2
  const raw = new Uint8Array(signatureLength)
  // One byte of length, or 0x81 and one byte: no curve's signature is longer than 255 bytes.
  const headLength = der[1] === 0x81 ? 3 : 2
  if (der[0] !== 0x30) throw malformed('not a SEQUENCE of two INTEGERs in DER')
  let at = headLength
  for (const end of [half, signatureLength]) {
    const size = der[at + 1] ?? 0
    let from = at + 2
    at = from + size
    if (der[from - 2] !== 0x02 || size === 0 || at > der.length) throw malformed('not two INTEGERs in DER')
    if (der[from] === 0) from += 1
    if (at - from > half) throw malformed(`a number is longer than the ${half} bytes of ${alg}`)
    raw.set(der.subarray(from, at), end - (at - from))
  }
  // DER has one way to write a value: negative numbers, needless zeros, wrong lengths and what follows are not it.
  if (!equalBytes(joseToDer(raw), der)) throw malformed('not the DER of two positive integers')
  return raw
}

/** The two numbers of an ECDSA signature in r || s as ASN.1 DER, as certificates carry them. */
export function joseToDer(signature: Uint8Array): Uint8Array<ArrayBuffer> {
  const half = signature.length / 2
  const firsts: [number, number] = [firstOf(signature, 0, half), firstOf(signature, half, signature.length)]
  const sizes = firsts.map((first, nth) => (nth + 1) * half - first + ((signature[first] as number) >> 7))
  const length = 4 + (sizes[0] as number) + (sizes[1] as number)
  const isLong = length > 127
  const der = new Uint8Array(length + (isLong ? 3 : 2))
  der[0] = 0x30
  if (isLong) der[1] = 0x81
  let at = isLong ? 2 : 1
  der[at++] = length
  for (const nth of [0, 1] as const) {
    const size = sizes[nth] as number
    const end = (nth + 1) * half
    der[at] = 0x02
    der[at + 1] = size
    at += 2 + size
    for (let to = at - 1, from = end - 1; from >= firsts[nth]; ) der[to--] = signature[from--] as number
  }
  return der
}

/** Where a number begins: after its zeros in front, at its last byte at the latest. */
function firstOf(signature: Uint8Array, from: number, end: number): number {
  let first = from
  while (first < end - 1 && signature[first] === 0) first += 1
  return first
}

function malformed(what: string): KeysError {
  return new KeysError('keys.signature.malformed', `not an ECDSA signature in DER: ${what}`)
}
