// The other side: Veramo 7.0.1 with its own did:key resolver and its own CredentialProviderJWT.
// Shared with us: did-jwt-vc 4 maps a VCDM 1.1 credential to JWT claims on both sides, did-resolver 4 gives the shape
// of resolvers. Not shared: signing and verifying (there did-jwt on @noble/curves, here node:crypto), the JWS, the
// checks, the resolution of did:key. So it judges our signatures, headers and DIDs, not the mapping of claims.
import { trustAnyone } from '@ekkasan/core'
import { createDidResolver, didKeyOf, didKeyUrlOf, resolveDidIssuer } from '@ekkasan/did'
import { issueJwtVc, presentJwtVp, verifyJwtVc, verifyJwtVp } from '@ekkasan/jwt-vc'
import { generateJwk, signerFromJwk } from '@ekkasan/keys'
import { P256KeyDidProvider } from '@ekkasan/veramo'
import {
  type CredentialPayload,
  createAgent,
  type ICredentialPlugin,
  type IDIDManager,
  type IKeyManager,
  type IResolver,
} from '@veramo/core'
import { CredentialProviderJWT } from '@veramo/credential-jwt'
import { CredentialPlugin } from '@veramo/credential-w3c'
import { DIDManager, MemoryDIDStore } from '@veramo/did-manager'
import { getDidKeyResolver, KeyDIDProvider } from '@veramo/did-provider-key'
import { DIDResolverPlugin } from '@veramo/did-resolver'
import { KeyManager, MemoryKeyStore, MemoryPrivateKeyStore } from '@veramo/key-manager'
import { KeyManagementSystem } from '@veramo/kms-local'
import { describe, expect, it } from 'vitest'

const veramo = createAgent<IKeyManager & IDIDManager & IResolver & ICredentialPlugin>({
  plugins: [
    new KeyManager({
      store: new MemoryKeyStore(),
      kms: { local: new KeyManagementSystem(new MemoryPrivateKeyStore()) },
    }),
    new DIDManager({
      store: new MemoryDIDStore(),
      defaultProvider: 'did:key',
      providers: {
        'did:key': new KeyDIDProvider({ defaultKms: 'local' }),
        'did:key:p256': new P256KeyDidProvider({ defaultKms: 'local' }),
      },
    }),
    new DIDResolverPlugin({ ...getDidKeyResolver() }),
    new CredentialPlugin([new CredentialProviderJWT()]),
  ],
})

const resolveDid = createDidResolver()
const means = {
  resolveIssuerKey: resolveDidIssuer(resolveDid),
  isTrusted: trustAnyone('a test of interoperation'),
}
const clientId = 'x509_san_dns:verifier.example'
const nonce = 'n-0S6_WzA2Mj'

async function ours(alg: 'ES256' | 'EdDSA' | 'ES256K') {
  const jwk = await generateJwk(alg)
  const { publicJwk } = (await signerFromJwk(jwk)).key
  return { did: didKeyOf(publicJwk), signer: await signerFromJwk(jwk, { kid: didKeyUrlOf(publicJwk) }) }
}

const credentialOf = (issuer: string, subject: string) => ({
  '@context': ['https://www.w3.org/2018/credentials/v1'],
  type: ['VerifiableCredential', 'ThaiNationalIDCredential'],
  issuer,
  issuanceDate: '2026-01-01T00:00:00Z',
  expirationDate: '2040-01-01T00:00:00Z',
  credentialSubject: { id: subject, name: 'สมชาย ใจดี', address: { province: 'เชียงใหม่' } },
})

const changed = (jwt: string, from: string, to: string) => {
  const [header, payload, signature] = jwt.split('.') as [string, string, string]
  const text = Buffer.from(payload, 'base64url').toString()
  expect(text).toContain(from)
  return [header, Buffer.from(text.replace(from, to)).toString('base64url'), signature].join('.')
}

describe('Veramo verifies what we issue and present', () => {
  for (const alg of ['ES256', 'EdDSA', 'ES256K'] as const) {
    it(`signed with ${alg}`, async () => {
      const [issuer, holder] = [await ours(alg), await ours(alg)]
      const credential = credentialOf(issuer.did, holder.did)
      const jwt = await issueJwtVc({ signer: issuer.signer, credential })
      const result = await veramo.verifyCredential({ credential: jwt })
      expect(result.verified).toBe(true)
      expect(result.verifiableCredential).toMatchObject({ credentialSubject: credential.credentialSubject })
      expect((await veramo.verifyCredential({ credential: changed(jwt, 'ใจดี', 'ใจร้าย') })).verified).toBe(
        false,
      )

      const presentation = await presentJwtVp({
        credential: jwt,
        holder: holder.signer,
        binding: { clientId, nonce },
      })
      const asked = { presentation, domain: clientId, challenge: nonce }
      expect(await veramo.verifyPresentation(asked)).toMatchObject({ verified: true })
      expect((await veramo.verifyPresentation({ ...asked, challenge: 'another' })).verified).toBe(false)
      expect((await veramo.verifyPresentation({ ...asked, domain: 'another' })).verified).toBe(false)
    })
  }
})

describe('we verify what Veramo issues and presents', () => {
  for (const [provider, keyType] of [
    ['did:key', 'Ed25519'],
    ['did:key', 'Secp256k1'],
    ['did:key:p256', undefined],
  ] as const) {
    it(`with ${keyType ?? 'Secp256r1'} keys`, async () => {
      const create = () => veramo.didManagerCreate({ provider, ...(keyType && { options: { keyType } }) })
      const [issuer, holder] = [await create(), await create()]
      const issued = await veramo.createVerifiableCredential({
        credential: credentialOf(issuer.did, holder.did) as CredentialPayload,
        proofFormat: 'jwt',
      })
      const { jwt } = issued.proof as { jwt: string }
      const verified = await verifyJwtVc(jwt, means)
      expect([verified.issuer.id, verified.claims]).toMatchObject([issuer.did, { name: 'สมชาย ใจดี' }])
      await expect(verifyJwtVc(changed(jwt, 'ใจดี', 'ใจร้าย'), means)).rejects.toMatchObject({
        name: 'RejectedError',
      })

      const { proof } = await veramo.createVerifiablePresentation({
        presentation: { holder: holder.did, verifiableCredential: [jwt] } as never,
        proofFormat: 'jwt',
        domain: clientId,
        challenge: nonce,
      })
      const binding = { clientId, nonce }
      const presented = await verifyJwtVp(proof.jwt, { ...means, resolveDid, binding })
      expect(presented.holder.kid?.startsWith(holder.did)).toBe(true)
      await expect(
        verifyJwtVp(proof.jwt, { ...means, resolveDid, binding: { clientId, nonce: 'another' } }),
      ).rejects.toMatchObject({ name: 'RejectedError' })
    })
  }

  it('and each reads the did:key of the other', async () => {
    for (const alg of ['ES256', 'EdDSA', 'ES256K'] as const) {
      const { did } = await ours(alg)
      expect((await veramo.resolveDid({ didUrl: did })).didDocument?.id).toBe(did)
    }
  })
})
