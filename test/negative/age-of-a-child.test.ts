import { type JsonObject, type JsonValue, resolveIssuerKeyBy, trustAnyone } from '@ekkasan/core'
import {
  createContextRegistry,
  documentContext,
  ldpVc,
  ldpVcHolder,
  ldpVcVerifier,
} from '@ekkasan/data-integrity'
import { createDidResolver, didKeyUrlOf, resolveDidIssuer } from '@ekkasan/did'
import { jwtVc, jwtVcHolder, jwtVcVerifier } from '@ekkasan/jwt-vc'
import { generateJwk, publicJwkOf, signerFromJwk } from '@ekkasan/keys'
import { mdoc, mdocHolder, mdocVerifier } from '@ekkasan/mdoc'
import { sdJwtVc, sdJwtVcHolder, sdJwtVcVerifier } from '@ekkasan/sd-jwt-vc'
import { nationalIdPresets, presetCredentialQuery } from '@ekkasan/thai'
import { verifyVpToken } from '@ekkasan/verifier'
import { createMdocAuthority, resolveX5c, trustAnchors } from '@ekkasan/x509'
import { describe, expect, it } from 'vitest'
import { paperDocument } from '../../packages/issuer/test/paper.ts'

// A wallet that sends a claim with another value than was asked for: the verifier holds it to `values` itself
// (OpenID4VP 6.4.1, 14.9), so that a child does not pass for twenty.

const document = {
  ...paperDocument,
  claims: [
    { path: ['age_equal_or_over'], names: { en: 'Ages' }, disclosure: 'selective' as const },
    { path: ['age_equal_or_over', '20'], names: { en: '20' }, disclosure: 'selective' as const },
  ],
  schema: {
    type: 'object',
    properties: {
      age_equal_or_over: { type: 'object', additionalProperties: true, properties: { '20': {} } },
    },
  },
}
const newSigner = async () => {
  const jwk = await generateJwk('ES256')
  return signerFromJwk(jwk, { kid: didKeyUrlOf(publicJwkOf(jwk)) })
}
const signer = await newSigner()
const holder = await newSigner()
const issuer = signer.key.kid?.split('#')[0] as string
const resolveDid = createDidResolver()
const authority = await createMdocAuthority({
  signer: await signerFromJwk(await generateJwk('ES256')),
  commonName: 'Authority',
  country: 'TH',
  contact: 'https://iaca.example',
  crlUrl: 'https://iaca.example/crl',
  clock: () => new Date(Date.now() - 10 * 86_400_000),
})
const mdocJwk = await generateJwk('ES256')
const mdocSigner = await signerFromJwk(mdocJwk, {
  x5c: await authority.issueDocumentSigner({ commonName: 'Signer', publicJwk: publicJwkOf(mdocJwk) }),
})
const resolveIssuerKey = resolveIssuerKeyBy({
  did: resolveDidIssuer(resolveDid),
  x5c: resolveX5c({
    anchors: trustAnchors([{ role: 'credential-issuer', certificate: authority.certificate }]),
  }),
})
const url = 'https://issuer.example'
const contexts = createContextRegistry([documentContext(document, url)])
const elements = [{ path: ['age_equal_or_over', '20'], namespace: 'th', element: 'age_over_20' }]
const binding = {
  clientId: 'x509_hash:a',
  nonce: 'n-0S6_WzA2Mj',
  responseUri: 'https://verifier.example/r',
}
const vct = 'https://types.example/paper'

const formats = {
  'dc+sd-jwt': {
    issuer: sdJwtVc({ signer, issuer, typeUrl: () => vct }),
    holder: sdJwtVcHolder({ resolveIssuerKey }),
    verifier: sdJwtVcVerifier({ resolveIssuerKey }),
    asked: { format: 'dc+sd-jwt' as const, vctValues: [vct] },
    path: ['age_equal_or_over', '20'],
  },
  jwt_vc_json: {
    issuer: jwtVc({ signer, issuer }),
    holder: jwtVcHolder({ resolveIssuerKey }),
    verifier: jwtVcVerifier({ resolveIssuerKey, resolveDid }),
    asked: { format: 'jwt_vc_json' as const, typeValues: [['VerifiableCredential', paperDocument.type]] },
    path: ['credentialSubject', 'age_equal_or_over', '20'],
  },
  ldp_vc: {
    issuer: ldpVc({ signer }),
    holder: ldpVcHolder({ resolveIssuerKey, contexts }),
    verifier: ldpVcVerifier({ resolveIssuerKey, resolveDid, contexts }),
    asked: { format: 'ldp_vc' as const, typeValues: [['VerifiableCredential', paperDocument.type]] },
    path: ['credentialSubject', 'age_equal_or_over', '20'],
  },
  'ldp_vc of ecdsa-sd-2023': {
    issuer: ldpVc({ signer, cryptosuite: 'ecdsa-sd-2023' }),
    holder: ldpVcHolder({ resolveIssuerKey, contexts }),
    verifier: ldpVcVerifier({ resolveIssuerKey, resolveDid, contexts }),
    asked: { format: 'ldp_vc' as const, typeValues: [['VerifiableCredential', paperDocument.type]] },
    path: ['credentialSubject', 'age_equal_or_over', '20'],
  },
  mso_mdoc: {
    issuer: mdoc({ signer: mdocSigner, type: () => ({ docType: 'th.card', elements }) }),
    holder: mdocHolder({ resolveIssuerKey }),
    verifier: mdocVerifier({ resolveIssuerKey }),
    asked: { format: 'mso_mdoc' as const, doctype: 'th.card', elements },
    path: ['th', 'age_over_20'],
  },
}

describe.each(Object.entries(formats))('%s, the preset of twenty years [C1]', (name, format) => {
  const ask = async (value: JsonValue, alter = (query: JsonObject) => query) => {
    const credential = await format.issuer.issue({
      document,
      issuer: url,
      claims: { age_equal_or_over: { '20': value } },
      holder: { jwk: holder.key.publicJwk, kid: holder.key.kid as string },
      validity: { from: new Date(Date.now() - 60_000), until: new Date(Date.now() + 30 * 86_400_000) },
      id: 'urn:uuid:00000000-0000-4000-8000-000000000000',
    })
    const presentation = await format.holder.present(credential, { disclose: [format.path], binding, holder })
    const query = { credentials: [alter(presetCredentialQuery(nationalIdPresets.age20, 'a', format.asked))] }
    const options = { query, formats: [format.verifier], isTrusted: trustAnyone('a test'), binding }
    return verifyVpToken({ a: [presentation] }, options)
  }

  it('passes one who is twenty', async () => {
    expect((await ask(true)).presentations.a).toHaveLength(1)
  })

  // Under an rdfc proof a list of one and its item are the same statement, and are handed on as the item.
  const isOneForm = name.startsWith('ldp_vc')
  const others: JsonValue[] = [false, 'true', 1, isOneForm ? [true, false] : [true]]

  it.each(others.map((value) => [value]))('does not pass %j', async (value) => {
    await expect(ask(value)).rejects.toMatchObject({
      name: 'VpTokenRejectedError',
      checks: expect.arrayContaining([
        expect.objectContaining({ name: 'query', outcome: 'failed', code: 'openid4vc.query.claim-value' }),
      ]),
    })
  })

  const renamed = (from: string, to: string) => (query: JsonObject) => ({
    ...query,
    claims: (query.claims as JsonObject[]).map(({ [from]: moved, ...rest }) => ({
      ...rest,
      ...(moved !== undefined && { [to]: moved }),
    })),
  })

  it.each<[string, (query: JsonObject) => JsonObject, RegExp]>([
    ['value for values', renamed('values', 'value'), /unknown member "value"; did you mean values\?/],
    ['Values for values', renamed('values', 'Values'), /unknown member "Values"; did you mean values\?/],
    ['paths for path', renamed('path', 'paths'), /unknown member "paths"; did you mean path\?/],
    [
      'claim for claims',
      ({ claims, ...rest }) => ({ ...rest, claim: claims as JsonValue }),
      /unknown member "claim"; did you mean claims\?/,
    ],
    ['an empty meta', (query) => ({ ...query, meta: {} }), /meta/],
  ])('a child passes no query with %s: it is refused when it is handed in', async (_what, alter, said) => {
    for (const value of [false, true]) {
      await expect(ask(value, alter)).rejects.toThrow(expect.objectContaining({ name: 'TypeError' }))
      await expect(ask(value, alter)).rejects.toThrow(said)
    }
  })
})
