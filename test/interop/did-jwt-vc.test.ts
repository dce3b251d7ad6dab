// did-jwt-vc 4.0.16 with did-jwt 8 on the other side. Shared with us: @ekkasan/jwt-vc calls its
// transformCredentialInput to encode a credential. Not shared: signing, verifying, decoding, presentations,
// validation of the data model and resolution of DIDs.
import { type ResolveDid, trustAnyone } from '@ekkasan/core'
import { base64url, fromBase64url, fromUtf8 } from '@ekkasan/core/bytes'
import { issueJwtVc, presentJwtVp, verifyJwtVc, verifyJwtVp } from '@ekkasan/jwt-vc'
import { generateJwk, publicJwkOf, signerFromJwk } from '@ekkasan/keys'
import { ES256Signer } from 'did-jwt'
import {
  createVerifiableCredentialJwt,
  createVerifiablePresentationJwt,
  verifyCredential,
  verifyPresentation,
} from 'did-jwt-vc'
import type { Resolvable } from 'did-resolver'
import { expect, it } from 'vitest'

const party = async () => {
  const jwk = await generateJwk('ES256')
  const did = `did:jwk:${base64url(JSON.stringify(publicJwkOf(jwk)))}`
  return {
    did,
    jwk: publicJwkOf(jwk),
    signer: await signerFromJwk(jwk, { kid: `${did}#0` }),
    peer: { did, signer: ES256Signer(fromBase64url(jwk.d)), alg: 'ES256' },
  }
}
const issuer = await party()
const holder = await party()

const resolveDid: ResolveDid = async (did) => {
  const publicKeyJwk = JSON.parse(fromUtf8(fromBase64url(did.slice('did:jwk:'.length)))) as object
  const method = { id: `${did}#0`, type: 'JsonWebKey2020', controller: did, publicKeyJwk }
  return { id: did, verificationMethod: [method], authentication: [method.id], assertionMethod: [method.id] }
}
const resolver = {
  resolve: async (did: string) => ({
    didDocument: await resolveDid(did),
    didDocumentMetadata: {},
    didResolutionMetadata: {},
  }),
} as unknown as Resolvable

const credential = {
  '@context': ['https://www.w3.org/2018/credentials/v1'],
  id: 'urn:uuid:3978344f-8596-4c3a-a978-8fcaba3903c5',
  type: ['VerifiableCredential', 'ThaiNationalIDCredential'],
  issuer: issuer.did,
  issuanceDate: '2026-01-01T00:00:00Z',
  expirationDate: '2099-01-01T00:00:00Z',
  credentialSubject: { id: holder.did, name_th: 'สมชาย', address: { province: 'เชียงใหม่' } },
}
const binding = { clientId: 'x509_san_dns:verifier.example', nonce: 'n-0S6_WzA2Mj' }
const options = {
  resolveIssuerKey: async () => ({
    jwk: issuer.jwk,
    identity: { id: issuer.did, method: 'did' as const },
  }),
  resolveDid,
  isTrusted: trustAnyone('a test'),
  binding,
}

it('did-jwt-vc verifies the credential that we issue', async () => {
  const issued = await issueJwtVc({ signer: issuer.signer, credential })
  const { verifiableCredential } = await verifyCredential(issued, resolver)
  expect(verifiableCredential).toMatchObject({
    id: credential.id,
    type: credential.type,
    issuer: { id: issuer.did },
    credentialSubject: credential.credentialSubject,
    issuanceDate: '2026-01-01T00:00:00.000Z',
    expirationDate: '2099-01-01T00:00:00.000Z',
  })
})

it('did-jwt-vc verifies the presentation that we make', async () => {
  const issued = await issueJwtVc({ signer: issuer.signer, credential })
  const presented = await presentJwtVp({ credential: issued, holder: holder.signer, binding })
  const { verifiablePresentation } = await verifyPresentation(presented, resolver, {
    challenge: binding.nonce,
    domain: binding.clientId,
  })
  expect(verifiablePresentation.holder).toBe(holder.did)
  expect(verifiablePresentation.verifiableCredential?.[0]?.credentialSubject).toEqual(
    credential.credentialSubject,
  )
})

it('we verify the credential that did-jwt-vc issues', async () => {
  const issued = await createVerifiableCredentialJwt(credential, issuer.peer)
  expect((await verifyJwtVc(issued, options)).credential).toEqual(credential)
})

it('we verify the presentation that did-jwt-vc makes', async () => {
  const issued = await createVerifiableCredentialJwt(credential, issuer.peer)
  const presented = await createVerifiablePresentationJwt(
    {
      '@context': ['https://www.w3.org/2018/credentials/v1'],
      type: ['VerifiablePresentation'],
      verifiableCredential: [issued],
      holder: holder.did,
      iat: Math.floor(Date.now() / 1000),
    } as never,
    holder.peer,
    { challenge: binding.nonce, domain: binding.clientId },
  )
  const verified = await verifyJwtVp(presented, options)
  expect(verified.claims).toEqual({ name_th: 'สมชาย', address: { province: 'เชียงใหม่' } })
  expect(verified.holder.kid).toBe(`${holder.did}#0`)
})

it('each refuses the other when a byte of the payload is changed', async () => {
  const change = (jwt: string) => {
    const [header, payload = '', signature] = jwt.split('.')
    const text = fromUtf8(fromBase64url(payload)).replace('สมชาย', 'สมหญิง')
    return `${header}.${base64url(text)}.${signature}`
  }
  const ours = change(await issueJwtVc({ signer: issuer.signer, credential }))
  await expect(verifyCredential(ours, resolver)).rejects.toThrow('invalid_signature')
  const theirs = change(await createVerifiableCredentialJwt(credential, issuer.peer))
  await expect(verifyJwtVc(theirs, options)).rejects.toMatchObject({ code: 'keys.jws.signature' })
})
