import { equalBytes } from '@ekkasan/core/bytes'

// Certificates carry ECDSA signatures as SEQUENCE of two INTEGERs (RFC 3279), Signers and WebCrypto as r || s.

/** Returns undefined when the bytes are not DER of two positive integers that fit the curve. */
export function ecdsaFromDer(der: Uint8Array, length: number): Uint8Array<ArrayBuffer> | undefined {
  let at = 1
  if (der[0] !== 0x30) return undefined
  const rest = der[1] === 0x81 ? der[2] : der[1]
  at += der[1] === 0x81 ? 2 : 1
  if (rest === undefined || rest + at !== der.length) return undefined
  const raw = new Uint8Array(2 * length)
  for (const end of [length, 2 * length]) {
    const size = der[at + 1]
    if (der[at] !== 2 || size === undefined || size === 0 || at + 2 + size > der.length) return undefined
    let number = der.subarray(at + 2, at + 2 + size)
    if (((number[0] as number) & 0x80) !== 0) return undefined
    if (number[0] === 0) number = number.subarray(1)
    if (number.length > length) return undefined
    raw.set(number, end - number.length)
    at += 2 + size
  }
  // What nobody signed could be written in several ways: one certificate, one hash.
  return at === der.length && equalBytes(ecdsaToDer(raw), der) ? raw : undefined
}

export function ecdsaToDer(raw: Uint8Array): Uint8Array<ArrayBuffer> {
  const half = raw.length / 2
  const body = [...integer(raw.subarray(0, half)), ...integer(raw.subarray(half))]
  return Uint8Array.from([0x30, ...(body.length > 127 ? [0x81] : []), body.length, ...body])
}

function integer(bytes: Uint8Array): number[] {
  let from = 0
  while (from < bytes.length - 1 && bytes[from] === 0) from += 1
  const number = [...bytes.subarray(from)]
  if ((number[0] as number) & 0x80) number.unshift(0)
  return [2, number.length, ...number]
}
