import type { JsonObject } from '@ekkasan/core'
import { didWebOf, urlOfDidWeb } from '@ekkasan/did'
import type { SigningKey } from './keys/key-ring.ts'

export interface IssuerDid {
  readonly did: string
  /** Path at which its document is served. */
  readonly path: string
  readonly document: JsonObject
}

/** The did:web of the issuer's URL with all keys in use; undefined for a URL that did:web cannot name. */
export function issuerDid(url: string, keys: readonly SigningKey[]): IssuerDid | undefined {
  let did: string
  try {
    did = didWebOf(url)
  } catch {
    return undefined
  }
  const methods = keys.map(({ kid, publicJwk: { kty, crv = '', x = '', y } }) => ({
    id: `${did}#${kid}`,
    type: 'JsonWebKey2020',
    controller: did,
    publicKeyJwk: { kty, crv, x, ...(y !== undefined && { y }), kid },
  }))
  return {
    did,
    path: new URL(urlOfDidWeb(did)).pathname,
    document: {
      '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/suites/jws-2020/v1'],
      id: did,
      verificationMethod: methods,
      assertionMethod: methods.map(({ id }) => id),
    },
  }
}
