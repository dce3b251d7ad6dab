import { type DocumentType, type ResolveDid, trustAnyone } from '@ekkasan/core'
import { base64url, fromBase64url, fromUtf8 } from '@ekkasan/core/bytes'
import { issueJwtVc, jwtVc, jwtVcHolder, jwtVcVerifier } from '@ekkasan/jwt-vc'
import {
  didJwkUrlOf,
  didKeyUrlOf,
  generateJwk,
  jwkOfDid,
  keyUrlOf,
  parseJws,
  publicJwkOf,
  signerFromJwk,
} from '@ekkasan/keys'
import { expect, it } from 'vitest'

const document: DocumentType = {
  id: 'ThaiNationalID',
  type: 'ThaiNationalIDCredential',
  version: '1',
  names: { en: 'x' },
  description: { en: 'x' },
  claims: [{ path: ['name'], names: { en: 'Name' }, disclosure: 'selective' }],
  schema: {},
  display: { backgroundColor: '#000000', textColor: '#ffffff' },
}
const resolveDid: ResolveDid = async (did) => {
  const publicKeyJwk = JSON.parse(fromUtf8(fromBase64url(did.slice('did:jwk:'.length))))
  const method = { id: `${did}#0`, type: 'JsonWebKey2020', controller: did, publicKeyJwk }
  return { id: did, verificationMethod: [method], authentication: [`${did}#0`] }
}

it('issues, holds and presents', async () => {
  const issuerJwk = await generateJwk('ES256')
  const signer = await signerFromJwk(issuerJwk, { kid: 'k1' })
  const holderJwk = await generateJwk('ES256')
  const did = `did:jwk:${base64url(JSON.stringify(publicJwkOf(holderJwk)))}`
  const holder = await signerFromJwk(holderJwk, { kid: `${did}#0` })
  const resolveIssuerKey = async ({ iss }: { iss?: string }) => ({
    jwk: publicJwkOf(issuerJwk),
    identity: { id: iss as string, method: 'jwt-vc-issuer' as const },
  })
  const format = jwtVc({ signer })
  for (const key of [{ jwk: publicJwkOf(holderJwk), kid: `${did}#0` }, { jwk: publicJwkOf(holderJwk) }]) {
    const credential = await format.issue({
      document,
      issuer: 'https://issuer.example',
      claims: { name: 'x' },
      holder: key,
      validity: { from: new Date() },
      id: 'urn:uuid:1',
    })
    const plug = jwtVcHolder({ resolveIssuerKey })
    const held = await plug.accept(credential, {
      holder: key,
      issuer: 'https://issuer.example',
      isTrusted: trustAnyone('test'),
    })
    expect(held.view.claims).toMatchObject({ credentialSubject: { name: 'x' } })
    const binding = { clientId: 'x509_hash:abc', nonce: 'n' }
    const presented = await plug.present(credential, { disclose: [], binding, holder })
    const verified = await jwtVcVerifier({ resolveIssuerKey, resolveDid }).verify(presented, {
      binding,
      isTrusted: trustAnyone('test'),
    })
    expect(verified.claims).toEqual({ name: 'x' })
  }
})

it("writes the public half of the holder's key only, whatever was handed in", async () => {
  const holderJwk = await generateJwk('ES256')
  const credential = await issueJwtVc({
    signer: await signerFromJwk(await generateJwk('ES256')),
    credential: {
      '@context': ['https://www.w3.org/2018/credentials/v1'],
      type: ['VerifiableCredential'],
      issuer: 'https://issuer.example',
      issuanceDate: '2026-01-01T00:00:00Z',
      credentialSubject: { name: 'x' },
    },
    holderJwk,
  })
  const { kty, crv, x, y } = holderJwk
  expect(parseJws(credential).payload.cnf).toEqual({ jwk: { kty, crv, x, y } })
})

it('a key proven by itself is compared with the did:jwk or did:key that the credential names [N6]', async () => {
  const issuerJwk = await generateJwk('ES256')
  const signer = await signerFromJwk(issuerJwk, { kid: 'k1' })
  const holderJwk = await generateJwk('ES256')
  const jwk = publicJwkOf(holderJwk)
  const resolveIssuerKey = async ({ iss }: { iss?: string }) => ({
    jwk: publicJwkOf(issuerJwk),
    identity: { id: iss as string, method: 'jwt-vc-issuer' as const },
  })
  const plug = jwtVcHolder({ resolveIssuerKey })
  const accept = async (kid: string) => {
    const credential = await jwtVc({ signer }).issue({
      document,
      issuer: 'https://issuer.example',
      claims: { name: 'x' },
      holder: { jwk, kid },
      validity: { from: new Date() },
      id: 'urn:uuid:1',
    })
    const isTrusted = trustAnyone('test')
    await plug.accept(credential, { holder: { jwk }, issuer: 'https://issuer.example', isTrusted })
    return credential
  }
  for (const kid of [didJwkUrlOf(jwk), didKeyUrlOf(jwk)]) {
    const credential = await accept(kid)
    const binding = { clientId: 'x509_hash:abc', nonce: 'n' }
    const holder = await signerFromJwk(holderJwk)
    const presented = await plug.present(credential, { disclose: [], binding, holder })
    const resolve: ResolveDid = async (did) => {
      const method = {
        id: keyUrlOf(did),
        type: 'JsonWebKey2020',
        controller: did,
        publicKeyJwk: jwkOfDid(did),
      }
      return { id: did, verificationMethod: [method], authentication: [method.id] }
    }
    const verifier = jwtVcVerifier({ resolveIssuerKey, resolveDid: resolve })
    const verified = await verifier.verify(presented, { binding, isTrusted: trustAnyone('test') })
    expect(verified.claims).toEqual({ name: 'x' })
  }
  await expect(accept(didJwkUrlOf(publicJwkOf(await generateJwk('ES256'))))).rejects.toMatchObject({
    checks: expect.arrayContaining([expect.objectContaining({ code: 'jwt-vc.holder.mismatch' })]),
  })
})
