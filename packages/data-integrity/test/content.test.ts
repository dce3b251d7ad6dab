import type { DocumentType } from '@ekkasan/core'
import type { JsonObject } from '@ekkasan/core/json'
import {
  createContextRegistry,
  deriveProof,
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
import { resolveResources } from '@ekkasan/vcdm'
import { describe, expect, it } from 'vitest'
import {
  binding,
  body,
  clock,
  collaborators,
  contexts,
  faults,
  holder,
  issued,
  issuer,
  plugged,
} from './setting.ts'

const url = 'https://issuer.example'
const document: DocumentType = {
  id: 'Card',
  type: 'CardCredential',
  version: '1.0',
  names: { en: 'x' },
  description: { en: 'x' },
  claims: [{ path: ['given_name'], names: {}, disclosure: 'selective' }],
  schema: { type: 'object', properties: { given_name: { type: 'string' } }, required: ['given_name'] },
  display: { backgroundColor: '#000000', textColor: '#ffffff' },
}
const own = {
  url: `${url}/contexts/own.json`,
  document: { '@context': { Desk: `${url}/own#Desk`, deskName: `${url}/own#deskName` } },
}
const registry = createContextRegistry([documentContext(document, url), own])
const key = { jwk: holder.key.publicJwk, kid: holder.key.kid as string }
const requestOf = (claims: JsonObject) => ({
  document,
  issuer: url,
  claims,
  holder: key,
  validity: { from: clock() },
  id: 'urn:uuid:1',
})
const extend = () => ({ '@context': own.url, evidence: { type: 'Desk', deskName: 'A' } })
const plug = (more: object = {}) =>
  ldpVc({ signer: issuer, schema: true, extend, contexts: registry, ...more })
const schema = plug()
  .served(document, url)
  .find(({ contentType }) => contentType === 'application/schema+json')
const content = {
  resolveSchema: resolveResources({ known: { [`${url}${schema?.path}`]: schema?.body as string } }),
}
const verifier = ldpVcVerifier({ ...plugged, contexts: registry, content })
const verifying = { isTrusted: collaborators.isTrusted, clock }

describe('what a credential names and what it is given further', () => {
  it.each([
    ['with the document’s own', registry],
    ['without it', createContextRegistry([own])],
  ])('carries the issuer’s further members by a registry %s, covered and fitting', async (_name, known) => {
    const credential = (await plug({ contexts: known }).issue(
      requestOf({ given_name: 'สมชาย' }),
    )) as JsonObject
    expect(credential).toMatchObject({
      evidence: { type: 'Desk', deskName: 'A' },
      credentialSchema: { type: 'JsonSchema' },
    })
    const { checks } = await verifier.verify(credential, verifying)
    expect(checks.find(({ name }) => name === 'credential-schema')?.outcome).toBe('passed')
    const changed = { ...credential, evidence: { type: 'Desk', deskName: 'B' } }
    expect(await faults(verifier.verify(changed, verifying))).toEqual([
      'issuer-signature failed data-integrity.proof.signature',
    ])
  })

  it('credential-schema fails alone for claims that do not fit', async () => {
    // By an issuer that does not hold claims to the schema; ours refuses them before it signs.
    const { proof: _proof, ...good } = (await plug().issue(requestOf({ given_name: 'x' }))) as JsonObject
    const credential = await issueLdpVc({
      signer: issuer,
      contexts: registry,
      clock,
      credential: { ...good, credentialSubject: { id: key.kid.split('#')[0] as string, given_name: true } },
    })
    expect(await faults(verifier.verify(credential, verifying))).toEqual([
      'credential-schema failed vcdm.schema.mismatch',
    ])
  })

  it('shows the envelope whole where claims are hidden; the schema is then not held against it', async () => {
    const credential = await plug({ cryptosuite: 'ecdsa-sd-2023' }).issue(requestOf({ given_name: 'สมชาย' }))
    const wallet = ldpVcHolder({ resolveIssuerKey: collaborators.resolveIssuerKey, contexts: registry })
    const presentation = await wallet.present(credential, { disclose: [], binding, holder, clock })
    const { checks, view } = await verifier.verify(presentation, { ...verifying, binding })
    expect(view.claims).toHaveProperty('evidence')
    expect(checks.find(({ name }) => name === 'credential-schema')).toMatchObject({
      outcome: 'skipped',
      code: 'vcdm.schema.concealed',
    })
  })

  it('related-resources fails alone for a resource of another digest', async () => {
    const relatedResource = {
      id: 'https://issuer.example/r',
      digestMultibase: 'uEiDTPmCbTK8GrvEkz1dfJrvEMbDXBbSKtcLtZSXbVWGyOw',
    }
    const secured = await issued({ relatedResource })
    const resolveRelatedResource = resolveResources({ known: { 'https://issuer.example/r': 'x' } })
    const verification = verifyLdpVc(secured, { ...collaborators, content: { resolveRelatedResource } })
    expect(await faults(verification)).toEqual(['related-resources failed vcdm.related-resource.mismatch'])
  })
})

describe.each(['ecdsa-jcs-2019', 'ecdsa-rdfc-2019'] as const)(
  'contexts that %s cannot mean',
  (cryptosuite) => {
    const v2 = 'https://www.w3.org/ns/credentials/v2'
    const issue = (credential: JsonObject) =>
      issueLdpVc({ signer: issuer, credential: { ...body, ...credential }, cryptosuite, contexts, clock })

    it('issues none that redefines a protected term (VCDM 2.0 section 5.2)', async () => {
      await expect(
        issue({ '@context': [v2, { VerifiableCredential: 'https://example.org/#Bad' }] }),
      ).rejects.toMatchObject({ code: 'data-integrity.context.redefinition' })
    })

    it('issues no type that does not map to a URL (VCDM 2.0 section 4.5)', async () => {
      const type = ['VerifiableCredential', 'Unheard']
      await expect(issue({ type })).rejects.toMatchObject({ code: 'data-integrity.json-ld.undefined-term' })
      await expect(
        issue({ '@context': [...body['@context'], { Unheard: 'https ://not-a-url#X' }], type }),
      ).rejects.toMatchObject({ code: expect.stringMatching(/json-ld.undefined-term|context.invalid/) })
    })

    it('adds the context that defines proofs to a body of 1.1, once (Data Integrity section 2.4.2)', async () => {
      const { validFrom, validUntil: _until, ...rest } = body
      const old = {
        ...rest,
        '@context': ['https://www.w3.org/2018/credentials/v1', body['@context'][1]] as string[],
        issuanceDate: validFrom,
      }
      const proofContext = 'https://w3id.org/security/data-integrity/v2'
      const make = (credential: JsonObject) =>
        issueLdpVc({ signer: issuer, credential, cryptosuite, contexts, clock })
      const secured = await make(old)
      expect(secured['@context']).toEqual([...old['@context'], proofContext])
      expect(await faults(verifyLdpVc(secured, collaborators))).toEqual([])
      const { proof: _proof, ...again } = secured
      expect((await make(again))['@context']).toEqual(secured['@context'])
    })
  },
)

it.each(['ecdsa-sd-2023', 'bbs-2023'] as const)(
  '%s: no holder hides what a credential says of itself, unless its issuer lets him',
  async (cryptosuite) => {
    const jwk = generateBbsJwk()
    const signer =
      cryptosuite === 'bbs-2023' ? bbsSignerFromJwk(jwk, { kid: didKeyUrlOf(publicJwkOf(jwk)) }) : issuer
    const credential = { ...body, issuer: signer.key.kid?.split('#')[0] as string }
    const issuing = { signer, cryptosuite, contexts, clock, credential }
    const shown = (secured: JsonObject) =>
      deriveProof({ credential: secured, pointers: ['/credentialSubject/givenName'], contexts })
    const { validFrom, validUntil } = body
    expect(await shown(await issueLdpVc(issuing))).toMatchObject({ validFrom, validUntil })
    expect(await shown(await issueLdpVc({ ...issuing, mandatoryPointers: [] }))).not.toHaveProperty(
      'validUntil',
    )
  },
)

describe('an array by the schema', () => {
  const listed = {
    '@context': ['https://www.w3.org/ns/credentials/v2', `${url}/contexts/l.json`],
    type: ['VerifiableCredential'],
    issuer: body.issuer,
    credentialSchema: { id: `${url}/l.json`, type: 'JsonSchema' },
    credentialSubject: { id: body.credentialSubject.id, cities: ['ก'], note: 'n' },
  }
  const array = { type: 'array', items: { type: 'string' } }
  const $schema = 'https://json-schema.org/draft/2020-12/schema'
  const schemas = {
    [`${url}/l.json`]: JSON.stringify({
      $schema,
      $defs: { cities: array },
      properties: {
        credentialSubject: { properties: { cities: { $ref: '#/$defs/cities' }, note: { type: 'string' } } },
      },
    }),
  }
  const terms = { cities: `${url}#cities`, note: `${url}#note` }
  const known = createContextRegistry([{ url: `${url}/contexts/l.json`, document: { '@context': terms } }])
  const options = {
    ...{ ...collaborators, contexts: known },
    content: { resolveSchema: resolveResources({ known: schemas }) },
  }

  it('is handed on as one though its context does not say so, however it is written [E]', async () => {
    const secured = await issueLdpVc({ signer: issuer, credential: listed, contexts: known, clock })
    for (const cities of [['ก'], 'ก']) {
      const credentialSubject = { ...listed.credentialSubject, cities }
      const { claims, checks } = await verifyLdpVc({ ...secured, credentialSubject }, options)
      expect(claims).toEqual({ cities: ['ก'], note: 'n' })
      expect(checks.find(({ name }) => name === 'credential-schema')?.outcome).toBe('passed')
    }
    const many = { ...secured, credentialSubject: { ...listed.credentialSubject, note: ['n'] } }
    expect((await verifyLdpVc(many, options)).claims).toEqual({ cities: ['ก'], note: 'n' })
  })

  it('is so too where a holder concealed what the schema requires [E]', async () => {
    const known = createContextRegistry([{ url: `${url}/contexts/l.json`, document: { '@context': terms } }])
    const secured = await issueLdpVc({
      ...{ signer: issuer, cryptosuite: 'ecdsa-sd-2023' as const, contexts: known, clock },
      credential: { ...listed, credentialSchema: { id: `${url}/required.json`, type: 'JsonSchema' } },
    })
    const required = {
      $schema,
      properties: { credentialSubject: { required: ['note'], properties: { cities: array } } },
    }
    const resolveSchema = resolveResources({ known: { [`${url}/required.json`]: JSON.stringify(required) } })
    const pointers = ['/credentialSubject/cities']
    const shown = await deriveProof({ credential: secured, pointers, contexts: known })
    const { claims, checks } = await verifyLdpVc(shown, { ...options, content: { resolveSchema } })
    expect(checks).toContainEqual({
      name: 'credential-schema',
      outcome: 'skipped',
      code: 'vcdm.schema.concealed',
    })
    expect(claims).toEqual({ cities: ['ก'] })
  })

  it('has no order that is signed, nor has what stands below it [E]', async () => {
    const places = { id: `${url}/places.json`, type: 'JsonSchema' }
    const credential = {
      ...listed,
      credentialSchema: places,
      credentialSubject: { id: body.credentialSubject.id, cities: { note: ['a', 'b'] } },
    }
    const known = createContextRegistry([{ url: `${url}/contexts/l.json`, document: { '@context': terms } }])
    const secured = await issueLdpVc({ signer: issuer, credential, contexts: known, clock })
    const resolveSchema = resolveResources({
      known: {
        [places.id]: JSON.stringify({
          $schema,
          properties: { credentialSubject: { properties: { cities: { type: 'array' } } } },
        }),
      },
    })
    const verified = await verifyLdpVc(secured, { ...options, contexts: known, content: { resolveSchema } })
    expect(verified.claims).toEqual({ cities: [{ note: ['a', 'b'] }] })
    expect(verified.unordered).toEqual([
      ['credentialSubject', 'cities'],
      ['credentialSubject', 'cities', 0, 'note'],
    ])
  })

  it('of a document in which a name is a list here and not there comes back as it was issued [E]', async () => {
    const text = { type: 'string' }
    const two: DocumentType = {
      ...document,
      claims: [
        { path: ['tags'], names: {}, disclosure: 'selective' },
        { path: ['home'], names: {}, disclosure: 'selective' },
        { path: ['stays'], names: {}, disclosure: 'selective' },
      ],
      schema: {
        type: 'object',
        properties: {
          tags: text,
          home: { type: 'object', properties: { tags: { type: 'array', items: text } } },
          stays: { type: 'array', items: { type: 'object', properties: { tags: text } } },
        },
      },
    }
    const own = createContextRegistry([documentContext(two, url)])
    const issue = async (claims: JsonObject) =>
      (await ldpVc({ signer: issuer, schema: true }).issue({
        ...requestOf(claims),
        document: two,
      })) as JsonObject
    const read = async (credential: JsonObject) =>
      (await verifyLdpVc(credential, { ...collaborators, contexts: own })).claims
    for (const claims of [
      { tags: 'x', home: { tags: ['a'] }, stays: [{ tags: 'y' }] },
      { tags: 'x', home: { tags: ['b', 'a'] }, stays: [{ tags: 'y' }, { tags: 'z' }] },
    ]) {
      const credential = await issue(claims)
      expect(await read(credential)).toEqual(claims)
    }
    const { credentialSubject, ...rest } = await issue({ tags: 'x', home: { tags: ['a'] }, stays: [] })
    const { id } = credentialSubject as { readonly id: string }
    const rewritten = { id, tags: ['x'], home: { tags: 'a' }, stays: [] }
    expect(await read({ ...rest, credentialSubject: rewritten })).toEqual({
      ...{ tags: 'x', home: { tags: ['a'] }, stays: [] },
    })
  })

  it('of a document that has arrays in arrays is JSON as it stands [E]', async () => {
    const matrix = { type: 'array', items: { type: 'array', items: { type: 'number' } } }
    const geo: DocumentType = {
      ...document,
      claims: [{ path: ['area'], names: {}, disclosure: 'selective' }],
      schema: { type: 'object', properties: { area: matrix } },
    }
    const own = createContextRegistry([documentContext(geo, url)])
    const credential = await ldpVc({ signer: issuer }).issue({
      ...requestOf({ area: [[1, 2], [3]] }),
      document: geo,
    })
    expect((await verifyLdpVc(credential, { ...collaborators, contexts: own })).claims).toEqual({
      area: [[1, 2], [3]],
    })
  })
})
