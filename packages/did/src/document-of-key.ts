import type { DidDocument, PublicJwk } from '@ekkasan/core'
import { curveOf, isForSignatures, keyUrlOf } from '@ekkasan/keys'

/**
 * The document of a DID that is its key. `JsonWebKey2020` is the type that every resolver's users read, and the
 * JWK spares them the decompression; the key is the same under either name (did:jwk, did:key "Encode JWK").
 */
export function documentOfKey(did: string, jwk: PublicJwk): DidDocument {
  const id = keyUrlOf(did)
  const curve = curveOf(jwk.crv)
  const signs = isForSignatures(jwk) && (curve?.signs ?? true)
  const agrees = jwk.use !== 'sig' && (curve?.agrees ?? true)
  return {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/suites/jws-2020/v1'],
    id: did,
    verificationMethod: [{ id, type: 'JsonWebKey2020', controller: did, publicKeyJwk: jwk }],
    ...(signs && {
      assertionMethod: [id],
      authentication: [id],
      capabilityInvocation: [id],
      capabilityDelegation: [id],
    }),
    ...(agrees && { keyAgreement: [id] }),
  } as DidDocument
}
