import * as EcdsaMultikey from '@digitalbazaar/ecdsa-multikey'
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey'
import { trustAnyone } from '@ekkasan/core'
import { createContextRegistry, documentContext, standardContexts } from '@ekkasan/data-integrity'
import { createDidResolver, didKeyUrlOf, resolveDidIssuer } from '@ekkasan/did'
import { generateJwk, type PrivateJwk, publicJwkOf, signerFromJwk } from '@ekkasan/keys'
import { nationalIdClaims, thaiNationalId } from '@ekkasan/thai'
import { citizens } from '@ekkasan-examples/citizens'
import { jwkOfDid } from './peer-dids.ts'

// What the two sides of the test share: keys, a credential of a synthetic citizen, contexts from one registry.

const citizen = citizens[0] as (typeof citizens)[number]
export const context = documentContext(thaiNationalId, 'https://issuer.example')
export const contexts = createContextRegistry([context])

export async function createParty(alg: 'ES256' | 'ES384' | 'EdDSA') {
  const jwk = await generateJwk(alg)
  const url = didKeyUrlOf(publicJwkOf(jwk))
  return { jwk, url, did: url.split('#')[0] as string, signer: await signerFromJwk(jwk, { kid: url }) }
}
export type Party = Awaited<ReturnType<typeof createParty>>

/** A party's key as the other side's signer. */
export async function theirSigner({ jwk, url, did }: Party) {
  const { alg: _alg, ...bare } = jwk as PrivateJwk
  const Multikey = jwk.kty === 'OKP' ? Ed25519Multikey : EcdsaMultikey
  const pair = await Multikey.fromJwk({ jwk: bare, secretKey: true, id: url, controller: did })
  return pair.signer()
}

export function credentialOf(issuer: Party, holder: Party) {
  return {
    '@context': ['https://www.w3.org/ns/credentials/v2', context.url],
    id: 'urn:uuid:3978344f-8596-4c3a-a978-8fcaba3903c5',
    type: ['VerifiableCredential', thaiNationalId.type],
    issuer: issuer.did,
    validFrom: '2026-01-01T00:00:00Z',
    credentialSubject: { id: holder.did, ...nationalIdClaims(citizen.record, new Date()) },
  }
}

/** Their loader of contexts and keys, from our registry: nothing is fetched. */
export async function documentLoader(url: string) {
  const found = (document: object) => ({ contextUrl: null, documentUrl: url, document })
  if (!url.startsWith('did:')) {
    return found({ '@context': (url === context.url ? contexts : standardContexts).find(url) })
  }
  const did = url.split('#')[0] as string
  const method = await methodOf(did)
  if (url !== did) return found(method)
  return found({
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'],
    id: did,
    verificationMethod: [method],
    assertionMethod: [method.id],
    authentication: [method.id],
  })
}

async function methodOf(did: string) {
  const [, name, id] = did.split(':')
  if (name === 'jwk') {
    const pair = await EcdsaMultikey.fromJwk({ jwk: jwkOfDid(did), id: `${did}#0`, controller: did })
    return pair.export({ publicKey: true, includeContext: true })
  }
  const context = 'https://w3id.org/security/multikey/v1'
  return {
    '@context': context,
    id: `${did}#${id}`,
    type: 'Multikey',
    controller: did,
    publicKeyMultibase: id,
  }
}

const resolveDid = createDidResolver()
export const atOurs = {
  resolveIssuerKey: resolveDidIssuer(resolveDid),
  resolveDid,
  isTrusted: trustAnyone('interop'),
  contexts,
}
