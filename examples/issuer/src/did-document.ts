import type { JsonObject } from '@ekkasan/core'
import { didWebDocument, didWebOf, urlOfDidWeb } from '@ekkasan/did'
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
  return {
    did,
    path: new URL(urlOfDidWeb(did)).pathname,
    document: didWebDocument({
      did,
      keys: keys.map(({ kid, publicJwk }) => ({
        id: kid,
        jwk: publicJwk,
        relationships: ['assertionMethod'],
      })),
    }),
  }
}
