import type { DidDocument, PublicJwk } from '@ekkasan/core'
import { base64url, fromBase64url, fromUtf8 } from '@ekkasan/core/bytes'
import { parseJsonObject } from '@ekkasan/core/json'
import { KeysError, parsePublicJwk } from '@ekkasan/keys'
import { documentOfKey } from './document-of-key.ts'
import { DidError } from './errors.ts'

// An RSA key of 8192 bits takes 1,900 characters.
const maxLength = 4096

/**
 * The did:jwk of a public key: its required members in RFC 7638 order, so that the same key always gives the
 * same DID.
 */
export function didJwkOf(jwk: PublicJwk): string {
  const { kty, crv, x, y, n, e } = parsePublicJwk(jwk)
  const members = kty === 'RSA' ? { e, kty, n } : kty === 'OKP' ? { crv, kty, x } : { crv, kty, x, y }
  return `did:jwk:${base64url(JSON.stringify(members))}`
}

/** The DID URL of the only key of a did:jwk. */
export function didJwkUrlOf(jwk: PublicJwk): string {
  return `${didJwkOf(jwk)}#0`
}

/**
 * The document of a did:jwk; nothing is fetched.
 * @throws DidError `did.identifier.malformed`, `did.key.unsupported`
 */
export function readDidJwk(did: string): DidDocument {
  if (!did.startsWith('did:jwk:') || did.length > maxLength) throw malformed()
  let jwk: PublicJwk
  try {
    jwk = parsePublicJwk(parseJsonObject(fromUtf8(fromBase64url(did.slice('did:jwk:'.length)))))
  } catch (cause) {
    if (cause instanceof KeysError) throw new DidError('did.key.unsupported', cause.message, { cause })
    throw malformed()
  }
  return documentOfKey(did, '0', jwk)
}

function malformed(): DidError {
  return new DidError('did.identifier.malformed', 'not a did:jwk')
}
