import type { PublicJwk } from '@ekkasan/core'
import { base64url, fromBase64url, fromUtf8 } from '@ekkasan/core/bytes'
import { parseJsonObject } from '@ekkasan/core/json'
import { KeysError } from './errors.ts'
import { parsePublicJwk } from './jwk.ts'
import { multikeyOf, parseMultikey } from './multikey.ts'

// did:key and did:jwk: identifiers that are nothing but a spelling of one public key. Nothing is resolved or fetched.

// An RSA key of 8192 bits as did:jwk takes 1,900 characters.
const maxLength = 4096

/**
 * The did:jwk of a public key: its required members in RFC 7638 order, so that the same key always gives the
 * same DID.
 */
export function didJwkOf(jwk: PublicJwk): string {
  const { kty, crv, x, y, n, e } = parsePublicJwk(jwk)
  return `did:jwk:${base64url(JSON.stringify({ crv, e, kty, n, x, y }))}`
}

/** The DID URL of the only key of a did:jwk. */
export function didJwkUrlOf(jwk: PublicJwk): string {
  return `${didJwkOf(jwk)}#0`
}

/**
 * The did:key of a public key (w3c-ccg did:key, "Create"), base58btc: P-256, P-384, P-521, secp256k1, Ed25519,
 * BLS12-381 G2.
 * @throws KeysError `keys.multikey.unsupported`
 */
export function didKeyOf(jwk: PublicJwk): string {
  return `did:key:${multikeyOf(jwk)}`
}

/** The DID URL of the only key of a did:key. */
export function didKeyUrlOf(jwk: PublicJwk): string {
  const multikey = multikeyOf(jwk)
  return `did:key:${multikey}#${multikey}`
}

/** Whether a DID is one of the two methods whose DIDs are their key. */
export function isDidOfKey(did: string): boolean {
  return did.startsWith('did:key:') || did.startsWith('did:jwk:')
}

/**
 * The DID URL that a `kid` stands for. Many write a bare did:key or did:jwk there: it has one signing method, which is
 * then meant. Every other `kid` stays as it is.
 */
export function keyUrlOf(kid: string): string {
  if (!isDidOfKey(kid) || kid.includes('#')) return kid
  return `${kid}#${kid.startsWith('did:jwk:') ? '0' : kid.slice(kid.lastIndexOf(':') + 1)}`
}

/**
 * The key of a did:key or did:jwk, given as DID or as the DID URL of its signing method.
 * @throws KeysError `keys.did.malformed`, `keys.multikey.unsupported`, `keys.jwk.malformed`, `keys.jwk.private`
 */
export function jwkOfDid(didOrUrl: string): PublicJwk {
  if (didOrUrl.length > maxLength) throw malformed()
  const [did = '', fragment, ...more] = keyUrlOf(didOrUrl).split('#')
  const url = keyUrlOf(did)
  if (more.length > 0 || url !== `${did}#${fragment}`) throw malformed()
  if (did.startsWith('did:jwk:')) return parsePublicJwk(jsonOf(did.slice('did:jwk:'.length)))
  const [, multibase] = /^did:key:(?:1:)?([A-Za-z0-9_-]+)$/.exec(did) ?? []
  if (multibase === undefined) throw malformed()
  return parseMultikey(multibase)
}

function jsonOf(text: string): unknown {
  try {
    return parseJsonObject(fromUtf8(fromBase64url(text)))
  } catch {
    throw malformed()
  }
}

function malformed(): KeysError {
  return new KeysError('keys.did.malformed', 'not a did:key or did:jwk, or not the DID URL of its key')
}
