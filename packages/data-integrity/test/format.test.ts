import { type DocumentType, trustAnyone } from '@ekkasan/core'
import {
  createContextRegistry,
  documentContext,
  ldpVc,
  ldpVcHolder,
  ldpVcVerifier,
} from '@ekkasan/data-integrity'
import { describe, expect, it } from 'vitest'
import { binding, clock, collaborators, didOf, holder, issuer, now, resolveDid, stranger } from './setting.ts'

const url = 'https://issuer.example'
const document: DocumentType = {
  id: 'ThaiNationalID',
  type: 'ThaiNationalIDCredential',
  version: '1.0',
  names: { en: 'x' },
  description: { en: 'x' },
  claims: [{ path: ['address', 'province'], names: {}, disclosure: 'selective' }],
  schema: {
    properties: { given_name: { type: 'string' }, list: { type: 'array' }, age: { type: 'integer' } },
  },
  display: { backgroundColor: '#000000', textColor: '#ffffff' },
}
const contexts = createContextRegistry([documentContext(document, url)])
const { resolveIssuerKey } = collaborators
const trust = { isTrusted: trustAnyone('a test'), clock }
const claims = { given_name: 'สมชาย', address: { province: 'เชียงใหม่' }, list: ['b', 'a'], age: 30 }
const key = { jwk: holder.key.publicJwk, kid: holder.key.kid as string }
const request = { document, issuer: url, claims, holder: key, validity: { from: now }, id: 'urn:uuid:1' }
const wallet = ldpVcHolder({ resolveIssuerKey, contexts })
const verifier = ldpVcVerifier({ resolveIssuerKey, resolveDid, contexts })

describe('ldp_vc through the three plugs', () => {
  it('is issued, kept, presented and verified', async () => {
    const issuing = ldpVc({ signer: issuer })
    const credential = await issuing.issue(request)
    const held = await wallet.accept(credential, { ...trust, holder: key, issuer: url })
    expect(held.issuer.id).toBe(didOf(issuer))
    const presented = await wallet.present(credential, { disclose: [], binding, holder, clock })
    for (const form of [presented, JSON.parse(presented as string)]) {
      const verified = await verifier.verify(form, { ...trust, binding })
      expect(verified).toMatchObject({ format: 'ldp_vc', claims, holder: { kid: key.kid } })
    }
    expect((await verifier.verify(credential, trust)).claims).toEqual(claims)
  })

  it('binds to the origin with the Digital Credentials API (OpenID4VP Appendix A.4)', async () => {
    const credential = await ldpVc({ signer: issuer }).issue(request)
    const atOrigin = { ...binding, origin: 'https://verifier.example' }
    const presented = JSON.parse(
      (await wallet.present(credential, { disclose: [], binding: atOrigin, holder, clock })) as string,
    )
    expect(presented.proof).toMatchObject({
      domain: 'origin:https://verifier.example',
      challenge: binding.nonce,
      proofPurpose: 'authentication',
    })
    await verifier.verify(presented, { ...trust, binding: atOrigin })
    await expect(verifier.verify(presented, { ...trust, binding })).rejects.toThrow('holder-audience')
  })

  it('shows types as full IRIs and as they are written (OpenID4VP Appendix B.1.1)', async () => {
    const credential = await ldpVc({ signer: issuer }).issue(request)
    const view = wallet.view(credential)
    expect(view.types).toEqual([
      'VerifiableCredential',
      'ThaiNationalIDCredential',
      'https://www.w3.org/2018/credentials#VerifiableCredential',
      `${url}/contexts/ThaiNationalIDCredential/v1.json#ThaiNationalIDCredential`,
    ])
    expect(view.holderBound).toBe(true)
    expect(view.claims).toMatchObject({ credentialSubject: claims })
  })

  it('names its context and cryptosuite in metadata, and serves the context', () => {
    const issuing = ldpVc({ signer: issuer, cryptosuite: 'ecdsa-jcs-2019' })
    const { url: contextUrl, document: body } = documentContext(document, url)
    expect(issuing.configuration(document, url)).toEqual({
      credential_signing_alg_values_supported: ['ecdsa-jcs-2019'],
      credential_definition: {
        '@context': ['https://www.w3.org/ns/credentials/v2', contextUrl],
        type: ['VerifiableCredential', 'ThaiNationalIDCredential'],
      },
    })
    expect(issuing.served(document, url)).toEqual([
      { path: '/contexts/ThaiNationalIDCredential/v1.json', contentType: 'application/ld+json', body },
    ])
    expect(verifier.metadata).toEqual({
      proof_type_values: ['DataIntegrityProof'],
      cryptosuite_values: expect.arrayContaining(['ecdsa-rdfc-2019', 'eddsa-jcs-2022']),
    })
  })

  it("does not keep a credential for another's key", async () => {
    const credential = await ldpVc({ signer: issuer }).issue({
      ...request,
      holder: { jwk: stranger.key.publicJwk, kid: stranger.key.kid as string },
    })
    await expect(wallet.accept(credential, { ...trust, holder: key, issuer: url })).rejects.toThrow(
      'holder-signature',
    )
  })

  it('does not keep or verify a credential of a context that is not registered', async () => {
    const credential = await ldpVc({ signer: issuer }).issue(request)
    const code = 'data-integrity.context.unknown'
    await expect(
      ldpVcHolder({ resolveIssuerKey }).accept(credential, { ...trust, holder: key, issuer: url }),
    ).rejects.toMatchObject({ code })
    await expect(
      ldpVcVerifier({ resolveIssuerKey, resolveDid }).verify(credential, trust),
    ).rejects.toMatchObject({ code })
  })

  it('is refused at build time or at issuance where the format has no place for what is asked (TypeError)', async () => {
    const issuing = ldpVc({ signer: issuer })
    expect(issuing.statusKinds).toEqual([])
    await expect(issuing.issue({ ...request, status: { uri: `${url}/1`, index: 1 } })).rejects.toThrow(
      TypeError,
    )
    await expect(issuing.issue({ ...request, claims: { id: 'x' } })).rejects.toThrow(TypeError)
    await expect(issuing.issue({ ...request, holder: { jwk: key.jwk } })).rejects.toThrow(TypeError)
    const { kid, ...nameless } = issuer.key
    expect(() => ldpVc({ signer: { ...issuer, key: nameless } })).toThrow(TypeError)
    expect(kid).toBeDefined()
  })

  it('issues nothing that its proof would not cover', async () => {
    const issuing = ldpVc({ signer: issuer })
    await expect(issuing.issue({ ...request, claims: { unheard_of: 1 } })).rejects.toMatchObject({
      code: 'data-integrity.json-ld.undefined-term',
    })
  })
})
