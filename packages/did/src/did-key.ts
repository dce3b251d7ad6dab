import type { DidDocument, PublicJwk } from '@ekkasan/core'
import { documentOfKey } from './document-of-key.ts'
import { DidError } from './errors.ts'
import { multikeyOf, parseMultikey } from './multikey.ts'

const maxLength = 192

/**
 * The did:key of a public key (w3c-ccg did:key, "Create"), base58btc: P-256, P-384, P-521, secp256k1, Ed25519,
 * BLS12-381 G2.
 * @throws DidError `did.key.unsupported`
 */
export function didKeyOf(jwk: PublicJwk): string {
  return `did:key:${multikeyOf(jwk)}`
}

/** The DID URL of the only key of a did:key. */
export function didKeyUrlOf(jwk: PublicJwk): string {
  const multikey = multikeyOf(jwk)
  return `did:key:${multikey}#${multikey}`
}

/**
 * The document of a did:key; nothing is fetched.
 * @throws DidError `did.identifier.malformed`, `did.key.unsupported`
 */
export function readDidKey(did: string): DidDocument {
  const [, multibase] = /^did:key:(?:1:)?([A-Za-z0-9_-]+)$/.exec(did.slice(0, maxLength + 1)) ?? []
  if (did.length > maxLength || multibase === undefined) {
    throw new DidError('did.identifier.malformed', 'not a did:key')
  }
  return documentOfKey(did, multibase, parseMultikey(multibase))
}
