import { base64, fromBase64 } from '@ekkasan/core/bytes'
import type { CborInput, CborMap } from './cbor-value.ts'
import { CoseError } from './errors.ts'
import { coseLabel } from './message.ts'

const maxCertificates = 10

/**
 * The chain in a header's `x5chain` (RFC 9360), leaf first, base64 DER as in `x5c`.
 * @throws CoseError `cose.message.malformed` when there is none
 */
export function x5cOf(header: CborMap): readonly string[] {
  const value = header.get(coseLabel.x5chain)
  const chain = value instanceof Uint8Array ? [value] : value
  if (!Array.isArray(chain) || chain.length === 0 || chain.length > maxCertificates) {
    throw malformed('no chain of certificates')
  }
  return chain.map((certificate) => {
    if (!(certificate instanceof Uint8Array)) throw malformed('something else among the certificates')
    return base64(certificate)
  })
}

/** @throws TypeError when a certificate is not base64 */
export function x5chainHeader(x5c: readonly string[]): ReadonlyMap<number, CborInput> {
  const chain = x5c.map(fromBase64)
  return new Map<number, CborInput>([
    [coseLabel.x5chain, chain.length === 1 ? (chain[0] as Uint8Array) : chain],
  ])
}

function malformed(what: string): CoseError {
  return new CoseError('cose.message.malformed', `not an acceptable x5chain: ${what}`)
}
