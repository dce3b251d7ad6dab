import type { JsonObject } from '@ekkasan/core'
import { parseSdJwt } from '@ekkasan/sd-jwt'
import { integrityOf, issueSdJwtVc, sdJwtVc, sdJwtVcVerifier } from '@ekkasan/sd-jwt-vc'
import { resolveResources } from '@ekkasan/vcdm'
import { describe, expect, it } from 'vitest'
import { binding, clock, document, faultsOf, holderKey, iss, issuer, present, verifying } from './setting.ts'

const picture = 'https://issuer.example/template.svg'
const extension = {
  '@context': ['https://w3id.org/vc/render-method/v2'],
  evidence: { type: 'DocumentVerification', verifier: 'https://issuer.example' },
  termsOfUse: { type: 'TrustFrameworkPolicy' },
  refreshService: { type: 'Refresh', url: 'https://issuer.example/refresh' },
  renderMethod: { type: 'TemplateRenderMethod', renderSuite: 'svg-mustache' },
  relatedResource: { id: picture, digestSRI: integrityOf('<svg/>') },
}
const withSchema = {
  ...document,
  claims: document.claims.filter(({ path: [name] }) => name === 'name' || name === 'issuing_country'),
  schema: {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    required: ['name', 'issuing_country'],
    additionalProperties: false,
    properties: { name: { type: 'string' }, issuing_country: { enum: ['TH'] } },
  },
}
const format = sdJwtVc({ signer: issuer, vcdm: true, clock, extend: () => extension })
const issue = (claims: { name?: string; issuing_country: string }, extend = format) =>
  extend.issue({
    document: withSchema,
    issuer: iss,
    claims,
    holder: holderKey,
    validity: { from: new Date('2026-01-01T00:00:00Z') },
    id: 'urn:uuid:9a1bb0a4-0000-4000-8000-000000000003',
  }) as Promise<string>
const served = Object.fromEntries(format.served(withSchema, iss).map(({ path, body }) => [iss + path, body]))
const content = {
  resolveSchema: resolveResources({ known: served }),
  resolveRelatedResource: resolveResources({ known: { [picture]: '<svg/>' } }),
}
/** What the issuer serves of the type. */
function addressesOf(credential: string): { readonly contextUrl: string; readonly schemaUrl: string } {
  const { '@context': contexts, credentialSchema } = parseSdJwt(credential).jws.payload
  const [, contextUrl] = contexts as readonly string[]
  return { contextUrl: contextUrl as string, schemaUrl: (credentialSchema as JsonObject).id as string }
}

const none = 'status skipped core.status.none'

describe('the content of a W3C body', () => {
  it('fits the schema that the issuer serves, whole and in parts', async () => {
    const credential = await issue({ name: 'สมชาย', issuing_country: 'TH' })
    expect(await faultsOf(credential, { content, binding: undefined as never, isTrusted: trust })).toEqual([
      none,
    ])
    expect(await faultsOf(await present(credential), { content, isTrusted: trust })).toEqual([
      'credential-schema skipped vcdm.schema.concealed',
      none,
    ])
  })

  it('credential-schema fails alone for claims that do not fit', async () => {
    // By an issuer that does not hold claims to the schema; ours refuses them before it signs.
    const { contextUrl, schemaUrl } = addressesOf(await issue({ name: 'สมชาย', issuing_country: 'TH' }))
    const credential = await issueSdJwtVc({
      signer: issuer,
      vct: schemaUrl.replace('/schema.json', ''),
      issuer: iss,
      claims: { name: 'สมชาย', issuing_country: 'XX' },
      body: { types: [document.type], contexts: [contextUrl], schema: schemaUrl, extension },
      holderJwk: holderKey.jwk,
      id: 'urn:uuid:9a1bb0a4-0000-4000-8000-000000000003',
      clock,
    })
    const options = { content, binding: undefined as never, isTrusted: trust }
    expect(await faultsOf(credential, options)).toEqual([
      'credential-schema failed vcdm.schema.mismatch',
      'related-resources skipped vcdm.related-resource.not-asked',
      none,
    ])
  })

  it('related-resources fails alone for a resource that was changed', async () => {
    const credential = await issue({ name: 'สมชาย', issuing_country: 'TH' })
    const changed = {
      ...content,
      resolveRelatedResource: resolveResources({ known: { [picture]: '<svg />' } }),
    }
    expect(
      await faultsOf(credential, { content: changed, binding: undefined as never, isTrusted: trust }),
    ).toEqual(['related-resources failed vcdm.related-resource.mismatch', none])
  })

  it('reaches the verifier by his plug', async () => {
    const { resolveIssuerKey } = verifying()
    const plug = sdJwtVcVerifier({ resolveIssuerKey, content })
    const credential = await issue({ name: 'สมชาย', issuing_country: 'TH' })
    const { checks, view } = await plug.verify(await present(credential), {
      binding,
      isTrusted: trust,
      clock,
    })
    expect(checks.find(({ name }) => name === 'related-resources')?.outcome).toBe('passed')
    expect(view.claims).toMatchObject({ renderMethod: extension.renderMethod, evidence: extension.evidence })
    expect((view.claims['@context'] as readonly unknown[]).at(-1)).toBe(
      'https://w3id.org/vc/render-method/v2',
    )
  })

  it.each([
    ['a member that the format writes', { issuer: 'https://other.example' }],
    ['a registered claim', { vct: 'https://other.example' }],
    ['the status', { credentialStatus: { type: 'X' } }],
    ['something that breaks the data model', { evidence: { id: 'urn:x:1' } }],
    ['a related resource without a digest', { relatedResource: { id: 'urn:x:1' } }],
  ])('is not issued with %s in the extension', async (_what, more) => {
    const extended = sdJwtVc({ signer: issuer, vcdm: true, clock, extend: () => more })
    await expect((async () => issue({ name: 'x', issuing_country: 'TH' }, extended))()).rejects.toThrow(
      TypeError,
    )
  })

  it('is extended only where there is one', () => {
    expect(() => sdJwtVc({ signer: issuer, extend: () => ({}) })).toThrow(TypeError)
  })
})

async function trust() {
  return { trusted: true as const }
}
