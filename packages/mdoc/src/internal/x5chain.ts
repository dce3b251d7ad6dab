import { base64, fromBase64url } from '@ekkasan/core/bytes'
import type { CborInput } from './cbor-value.ts'
import type { CoseMessage } from './cose.ts'
import { malformed } from './shape.ts'

/** `x5chain`, RFC 9360. */
const x5chain = 33
const maxCertificates = 10

/** The chain of a COSE message, leaf first, base64 DER as in `x5c`. */
export function x5cOf({ unprotected }: CoseMessage): readonly string[] {
  const value = unprotected.get(x5chain)
  const chain = value instanceof Uint8Array ? [value] : value
  if (!Array.isArray(chain) || chain.length === 0 || chain.length > maxCertificates) {
    throw malformed('x5chain is no chain of certificates')
  }
  return chain.map((certificate) => {
    if (!(certificate instanceof Uint8Array)) throw malformed('x5chain holds something else')
    return base64(certificate)
  })
}

/** @throws TypeError when a certificate is not base64 */
export function x5chainHeader(x5c: readonly string[]): ReadonlyMap<number, CborInput> {
  const chain = x5c.map(fromBase64)
  return new Map<number, CborInput>([[x5chain, chain.length === 1 ? (chain[0] as Uint8Array) : chain]])
}

/** @throws TypeError */
export function fromBase64(text: string): Uint8Array {
  return fromBase64url(
    text
      .replaceAll('+', '-')
      .replaceAll('/', '_')
      .replace(/={0,2}$/, ''),
  )
}
