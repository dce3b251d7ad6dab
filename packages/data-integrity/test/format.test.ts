import {
  type CheckStatus,
  claimsOfShown,
  credentialConfiguration,
  type DocumentType,
  trustAnyone,
} from '@ekkasan/core'
import type { JsonObject } from '@ekkasan/core/json'
import {
  createContextRegistry,
  documentContext,
  issueLdpVc,
  ldpVc,
  ldpVcHolder,
  ldpVcVerifier,
  verifyLdpVc,
} from '@ekkasan/data-integrity'
import { bbsSignerFromJwk, generateBbsJwk } from '@ekkasan/data-integrity/bbs'
import { didKeyUrlOf } from '@ekkasan/did'
import { publicJwkOf } from '@ekkasan/keys'
import { describe, expect, it } from 'vitest'
import {
  binding,
  clock,
  collaborators,
  createSigner,
  didOf,
  holder,
  issuer,
  now,
  resolveDid,
  stranger,
} from './setting.ts'

const url = 'https://issuer.example'
const document: DocumentType = {
  id: 'ThaiNationalID',
  type: 'ThaiNationalIDCredential',
  version: '1.0',
  names: { en: 'x' },
  description: { en: 'x' },
  claims: [['given_name'], ['address', 'province'], ['list'], ['age']].map((path) => ({
    path,
    names: {},
    disclosure: 'selective',
  })),
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
    expect([typeof credential, typeof presented]).toEqual(['object', 'object'])
    for (const form of [presented, JSON.parse(JSON.stringify(presented))]) {
      const verified = await verifier.verify(form, { ...trust, binding })
      expect(verified).toMatchObject({ format: 'ldp_vc', claims, holder: { kid: key.kid } })
    }
    expect((await verifier.verify(credential, trust)).claims).toEqual(claims)
  })

  it('binds to the origin with the Digital Credentials API (OpenID4VP Appendix A.4)', async () => {
    const credential = await ldpVc({ signer: issuer }).issue(request)
    const atOrigin = { ...binding, origin: 'https://verifier.example' }
    const presented = await wallet.present(credential, { disclose: [], binding: atOrigin, holder, clock })
    expect((presented as JsonObject).proof).toMatchObject({
      domain: 'origin:https://verifier.example',
      challenge: binding.nonce,
      proofPurpose: 'authentication',
    })
    await verifier.verify(presented, { ...trust, binding: atOrigin })
    await expect(verifier.verify(presented, { ...trust, binding })).rejects.toThrow('holder-audience')
  })

  const bbsJwk = generateBbsJwk()
  const bbsSigner = bbsSignerFromJwk(bbsJwk, { kid: didKeyUrlOf(publicJwkOf(bbsJwk)) })
  it.each([
    ['ecdsa-sd-2023', () => ldpVc({ signer: issuer, cryptosuite: 'ecdsa-sd-2023' })],
    ['bbs-2023', () => ldpVc({ signer: bbsSigner })],
  ])('%s shows what is asked for, and of a list all; the consent is told so', async (_name, plug) => {
    const credential = await plug().issue(request)
    const disclose = [
      ['credentialSubject', 'age'],
      ['credentialSubject', 'list', null],
    ]
    const shown = wallet.shown(credential, disclose)
    const optional = shown.filter(({ always }) => !always).map(({ path }) => path.slice(0, 2).join('.'))
    expect(new Set(optional)).toEqual(new Set(['credentialSubject.age', 'credentialSubject.list']))
    const presented = await wallet.present(credential, { disclose, binding, holder, clock })
    const verified = await verifier.verify(presented, { ...trust, binding })
    expect(verified.claims).toEqual({ age: claims.age, list: claims.list })
    expect(JSON.stringify(presented)).not.toContain(claims.given_name)
    expect(claimsOfShown(shown)).toEqual(verified.view.claims)
  })

  it.each([
    ['ecdsa-sd-2023', () => ldpVc({ signer: issuer, cryptosuite: 'ecdsa-sd-2023' })],
    ['bbs-2023', () => ldpVc({ signer: bbsSigner })],
  ])('the view says what every showing of %s has', async (_name, plug) => {
    const credential = await plug().issue(request)
    const { alwaysDisclosed, claims: all } = wallet.view(credential)
    const presented = await wallet.present(credential, { disclose: [], binding, holder, clock })
    const { view } = await verifier.verify(presented, { ...trust, binding })
    const { proof: _proof, ...shown } = view.claims
    expect(alwaysDisclosed).toEqual(shown)
    expect(alwaysDisclosed).not.toHaveProperty('credentialSubject.given_name')
    expect(all).toHaveProperty('credentialSubject.given_name')
  })

  it('tells the consent that other cryptosuites show all', async () => {
    const credential = await ldpVc({ signer: issuer }).issue(request)
    const shown = wallet.shown(credential, [['credentialSubject', 'age']])
    expect(shown.every(({ always }) => always)).toBe(true)
    expect(claimsOfShown(shown)).toEqual(wallet.view(credential).claims)
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

  const entry = (statusPurpose: string) => ({
    type: 'BitstringStatusListEntry' as const,
    statusPurpose,
    statusListIndex: '7',
    statusListCredential: 'https://issuer.example/status/1',
  })
  it.each([
    ['eddsa-rdfc-2022', [entry('revocation')]],
    ['ecdsa-jcs-2019', [entry('revocation'), entry('suspension')]],
    ['ecdsa-sd-2023', [entry('revocation')]],
    ['ecdsa-sd-2023', [entry('revocation'), entry('suspension')]],
  ] as const)('carries a Bitstring status through every step: %s, %o', async (cryptosuite, entries) => {
    const signer = cryptosuite.startsWith('ed') ? await createSigner('EdDSA') : issuer
    const status = { credentialStatus: entries }
    const credential = await ldpVc({ signer, cryptosuite }).issue({ ...request, status })
    expect((credential as JsonObject).credentialStatus).toEqual(entries.length === 1 ? entries[0] : entries)
    const held = await wallet.accept(credential, { ...trust, holder: key, issuer: url })
    expect(held.status).toEqual(status)
    const presented = await wallet.present(credential, { disclose: [], binding, holder, clock })
    const asked: unknown[] = []
    const answering = (answer: 'valid' | 'revoked'): CheckStatus => {
      return async (reference, { issuer: { id } }) => {
        asked.push(reference, id)
        return { status: answer, asOf: now }
      }
    }
    const verified = await verifier.verify(presented, { ...trust, binding, checkStatus: answering('valid') })
    expect(verified.status).toEqual(status)
    expect(asked).toEqual([status, didOf(signer)])
    await expect(
      verifier.verify(presented, { ...trust, binding, checkStatus: answering('revoked') }),
    ).rejects.toMatchObject({ code: 'core.status.revoked' })
  })

  it('secures a status list as any credential (Bitstring Status List section 2.2)', async () => {
    const list = {
      '@context': ['https://www.w3.org/ns/credentials/v2'],
      id: 'https://issuer.example/status/1',
      type: ['VerifiableCredential', 'BitstringStatusListCredential'],
      issuer: didOf(issuer),
      validFrom: '2026-11-20T00:00:00Z',
      credentialSubject: {
        id: 'https://issuer.example/status/1#list',
        type: 'BitstringStatusList',
        statusPurpose: ['revocation', 'suspension'],
        encodedList: 'uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA',
        ttl: 300_000,
      },
    }
    for (const cryptosuite of ['ecdsa-rdfc-2019', 'ecdsa-jcs-2019'] as const) {
      const secured = await issueLdpVc({ credential: list, signer: issuer, cryptosuite, clock })
      const verified = await verifyLdpVc(secured, { ...trust, resolveIssuerKey })
      expect(verified).toMatchObject({ credential: list, issuer: { id: didOf(issuer) } })
    }
  })

  it('is refused at build time or at issuance where the format has no place for what is asked (TypeError)', async () => {
    const issuing = ldpVc({ signer: issuer })
    await expect(issuing.issue({ ...request, status: { uri: `${url}/1`, index: 1 } })).rejects.toThrow(
      TypeError,
    )
    const ofSubject = { path: ['id'], names: {}, disclosure: 'always' as const }
    const named = { ...document, claims: [...document.claims, ofSubject] }
    expect(() => credentialConfiguration(named, issuing)).toThrow('stands for the subject')
    await expect(
      issuing.issue({ ...request, document: named, claims: { ...claims, id: 'x' } }),
    ).rejects.toThrow(TypeError)
    await expect(issuing.issue({ ...request, holder: { jwk: key.jwk } })).rejects.toThrow(TypeError)
    const { kid, ...nameless } = issuer.key
    expect(() => ldpVc({ signer: { ...issuer, key: nameless } })).toThrow(TypeError)
    expect(kid).toBeDefined()
  })

  it('issues nothing that its proof would not cover', async () => {
    const issuing = ldpVc({ signer: issuer, extend: () => ({ unheard_of: 1 }) })
    await expect(issuing.issue(request)).rejects.toMatchObject({
      code: 'data-integrity.json-ld.undefined-term',
    })
  })
})
