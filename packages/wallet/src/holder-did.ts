import type { PublicJwk } from '@ekkasan/core'
import { base58, base64url, concatBytes, fromBase64url } from '@ekkasan/core/bytes'

/** The DID URL of a key as did:jwk (did:jwk specification, "Create"). */
export function didJwkUrl({ kty, crv, x, y }: PublicJwk): string {
  return `did:jwk:${base64url(JSON.stringify({ kty, crv, x, ...(y !== undefined && { y }) }))}#0`
}

/** The DID URL of a P-256 or Ed25519 key as did:key (did:key specification, section 3.1). */
export function didKeyUrl({ crv, x = '', y = '' }: PublicJwk): string {
  const point = fromBase64url(x)
  let multicodec: Uint8Array
  if (crv === 'P-256') {
    const isOdd = ((fromBase64url(y).at(-1) ?? 0) & 1) === 1
    multicodec = concatBytes(Uint8Array.of(0x80, 0x24, isOdd ? 3 : 2), point)
  } else if (crv === 'Ed25519') {
    multicodec = concatBytes(Uint8Array.of(0xed, 0x01), point)
  } else {
    throw new TypeError('only P-256 and Ed25519 keys have a did:key here')
  }
  const multibase = `z${base58(multicodec)}`
  return `did:key:${multibase}#${multibase}`
}
