import { createChecks, type JsonObject, type JsonValue, UnavailableError } from '@ekkasan/core'
import { parseJsonObject } from '@ekkasan/core/json'
import {
  baseContextV1,
  baseContextV2,
  checkContent,
  checkDataModel,
  documentSchema,
  extendCredential,
  matchesIntegrity,
  requireCredential,
  resolveResources,
  validateCredential,
  validatePresentation,
} from '@ekkasan/vcdm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const credential: JsonObject = {
  '@context': [baseContextV2],
  type: ['VerifiableCredential'],
  issuer: 'did:example:issuer',
  credentialSubject: { name: 'A' },
}
const codesOf = (change: JsonObject) =>
  validateCredential({ ...credential, ...change }).map(({ code }) => code)
const lone = 'x\ud800'

describe('hostile bodies', () => {
  it.each([
    ['an id', { id: `urn:${lone}` }, 'vcdm.id.invalid'],
    ['a type', { type: ['VerifiableCredential', lone] }, 'vcdm.type.invalid'],
    ['an issuer', { issuer: `did:example:${lone}` }, 'vcdm.issuer.invalid'],
  ])('a lone surrogate in %s is not a character', (_what, change, code) => {
    expect(codesOf(change as JsonObject)).toEqual([code])
  })

  it.each([
    'https://a.example/x y',
    ' https://a.example/',
    'https://a.example/\u0000',
    'https://a.example/\nx',
    'https://a.example/<x>',
    'https://a.example/{x}',
    'https://a.example\\b',
    'https://',
    'did:example:x\u00a0y',
    '//a.example',
  ])('%j is not a URL', (id) => {
    expect(codesOf({ id })).toEqual(['vcdm.id.invalid'])
  })

  it.each(['https://ตัวอย่าง.example/ก', 'urn:ก', 'did:web:a.example:user#k', 'HTTPS://A.EXAMPLE'])(
    '%s is one',
    (id) => {
      expect(codesOf({ id })).toEqual([])
    },
  )

  it('members named as those of a prototype are only members', () => {
    const body = parseJsonObject(
      JSON.stringify({ ...credential, constructor: 1, toString: {}, hasOwnProperty: null, valueOf: [] }),
    )
    expect(validateCredential(body)).toEqual([])
    expect(() => parseJsonObject('{"__proto__":{"issuer":"did:example:1"}}')).toThrow(SyntaxError)
    const inherited = Object.create(credential) as JsonObject
    expect(validateCredential(extendCredential(credential, { constructor: 'x' }))).toEqual([])
    expect(Object.keys(inherited)).toEqual([])
  })

  it('reports a hundred violations and no more, of a body of a million, in time', () => {
    const evidence = Array.from({ length: 1_000_000 }, () => 7)
    expect(validateCredential({ ...credential, evidence })).toHaveLength(100)
  })

  it.each<[string, JsonObject]>([
    ['a long language tag', { name: { '@value': 'x', '@language': `a${'-aaaaa'.repeat(100_000)}` } }],
    ['a long date', { validFrom: `2026-01-01T00:00:00.${'0'.repeat(1_000_000)}Z` }],
    ['a long type', { type: ['VerifiableCredential', ' '.repeat(1_000_000)] }],
    ['a long URL', { id: `https://a.example/${' '.repeat(1_000_000)}` }],
    ['a long digest', { relatedResource: { id: 'urn:x:1', digestSRI: 'sha256-='.repeat(100_000) } }],
    [
      'a long media type',
      { relatedResource: { id: 'urn:x:1', digestSRI: 'sha256-eA', mediaType: 'a'.repeat(1_000_000) } },
    ],
  ])('%s is refused in time', (_what, change) => {
    expect(codesOf(change)).toHaveLength(1)
  })

  it('looks no deeper than the members it knows', () => {
    let deep: JsonValue = 'x'
    for (let depth = 0; depth < 100_000; depth++) deep = [deep]
    expect(codesOf({ credentialSubject: { deep } })).toEqual([])
  })
})

const names = [
  ...[
    '@context',
    'id',
    'type',
    'name',
    'description',
    'issuer',
    'holder',
    'credentialSubject',
    'verifiableCredential',
  ],
  ...[
    'validFrom',
    'validUntil',
    'issuanceDate',
    'expirationDate',
    'credentialStatus',
    'credentialSchema',
    'evidence',
  ],
  ...[
    'refreshService',
    'termsOfUse',
    'relatedResource',
    'renderMethod',
    'confidenceMethod',
    'proof',
    'vc',
    'digestSRI',
  ],
]
const values = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom<JsonValue>(
    ...[
      baseContextV2,
      baseContextV1,
      'VerifiableCredential',
      'VerifiablePresentation',
      'JsonSchema',
      'urn:x:1',
    ],
    [baseContextV2],
    ['VerifiableCredential'],
    { id: 'urn:x:1', type: 'JsonSchema', digestSRI: 'sha256-eA==', digestMultibase: 'zQm' },
  ),
  fc.array(fc.dictionary(fc.constantFrom('id', 'type', ...names), fc.jsonValue())),
)
const bodies = fc.dictionary(
  fc.oneof(fc.constantFrom(...names), fc.string()),
  values,
) as fc.Arbitrary<JsonObject>

describe('whatever the body', () => {
  it('what breaks a rule is named by a code, a place in the body and a message without its values', () => {
    fc.assert(
      fc.property(bodies, (body) => {
        for (const violation of [...validateCredential(body), ...validatePresentation(body)]) {
          expect(violation.code).toMatch(/^vcdm\.[a-z-]+\.[a-z-]+$/)
          expect(violation.path).toMatch(/^(\/|$)/)
          expect(violation.message).toMatch(/^[\x20-\x7e]{1,120}$/)
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('the checks are recorded and nothing is thrown', async () => {
    await fc.assert(
      fc.asyncProperty(bodies, fc.jsonValue(), async (body, schema) => {
        const checks = createChecks()
        checkDataModel(checks, body)
        const document = JSON.stringify({
          $schema: 'https://json-schema.org/draft/2020-12/schema',
          properties: schema,
        })
        const resolve = resolveResources({ known: { 'urn:x:1': document } })
        await checkContent(checks, body, { resolveSchema: resolve, resolveRelatedResource: resolve })
        expect(checks.list[0]?.name).toBe('data-model')
        expect(checks.outcome('data-model')).toBe(validateCredential(body).length === 0 ? 'passed' : 'failed')
      }),
    )
  })

  it('an issuer is told by a TypeError, or may sign', () => {
    fc.assert(
      fc.property(bodies, bodies, (body, members) => {
        try {
          requireCredential(extendCredential(body, members))
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError)
        }
      }),
    )
  })

  it('any JSON as a schema has one of the outcomes', async () => {
    const keywords = [
      'type',
      'properties',
      'items',
      'allOf',
      'not',
      '$ref',
      '$defs',
      'pattern',
      'enum',
      'required',
    ]
    const schemas = fc.letrec<{ schema: JsonValue }>((tie) => ({
      schema: fc.oneof(
        { maxDepth: 4 },
        fc.jsonValue({ maxDepth: 1 }) as fc.Arbitrary<JsonValue>,
        fc.constantFrom<JsonValue>('#', '#/$defs/a', 'object', '^a*$', true, false),
        fc.dictionary(
          fc.constantFrom(...keywords, 'a', '$id', '$anchor', 'format'),
          tie('schema'),
        ) as fc.Arbitrary<JsonValue>,
        fc.array(tie('schema'), { maxLength: 3 }),
      ),
    })).schema
    await fc.assert(
      fc.asyncProperty(schemas, fc.jsonValue(), async (schema, claims) => {
        const document = {
          ...(schema as JsonObject),
          $schema: 'https://json-schema.org/draft/2020-12/schema',
        }
        const resolveSchema = resolveResources({ known: { 'https://a.example/s': JSON.stringify(document) } })
        const checks = createChecks()
        const credentialSchema = { id: 'https://a.example/s', type: 'JsonSchema' }
        await checkContent(checks, { ...credential, claims, credentialSchema } as JsonObject, {
          resolveSchema,
        })
        expect(['passed', 'failed', 'unknown']).toContain(checks.outcome('credential-schema'))
        if (checks.outcome('credential-schema') === 'unknown')
          expect(() => checks.conclude()).toThrow(UnavailableError)
      }),
      { numRuns: 500 },
    )
  })

  it('any text as a digest matches nothing by chance', () => {
    fc.assert(fc.property(fc.string(), (text) => !matchesIntegrity(new Uint8Array(4), text)))
  })
})

describe('the version 1.1, where it differs', () => {
  const old: JsonObject = {
    '@context': [baseContextV1],
    type: ['VerifiableCredential'],
    issuer: 'did:example:issuer',
    issuanceDate: '2026-01-01T00:00:00Z',
    credentialSubject: { name: 'A' },
  }
  const outcome = (body: JsonObject, versions?: readonly ('2.0' | '1.1')[]) => {
    const checks = createChecks()
    checkDataModel(checks, body, versions ? { versions } : {})
    return checks.list[0]
  }

  it('is told from 2.0 by the first context, and taken where the format carries it', () => {
    expect(outcome(old)).toMatchObject({ outcome: 'passed', detail: '1.1' })
    expect(outcome(credential)).toMatchObject({ outcome: 'passed', detail: '2.0' })
    expect(outcome(old, ['2.0'])).toMatchObject({ outcome: 'failed', code: 'vcdm.context.version' })
    expect(outcome(credential, ['1.1'])).toMatchObject({ outcome: 'failed', code: 'vcdm.context.version' })
  })

  it('needs an issuanceDate, knows no texts, and takes times without an offset', () => {
    const { issuanceDate, ...undated } = old
    expect(outcome(undated)).toMatchObject({ code: 'vcdm.date.missing' })
    expect(outcome({ ...old, issuanceDate: '2026-01-01T00:00:00' })).toMatchObject({ outcome: 'passed' })
    expect(outcome({ ...old, name: 7 })).toMatchObject({ outcome: 'passed' })
  })

  it('has presentations with credentials as texts', () => {
    const body = {
      '@context': [baseContextV1],
      type: ['VerifiablePresentation'],
      verifiableCredential: ['a.b.c'],
    }
    expect(validatePresentation(body)).toEqual([])
  })

  it('fails data-model for a presentation that is wrong around a credential that is right', () => {
    const checks = createChecks()
    checkDataModel(checks, credential, { presentation: { type: 'VerifiablePresentation' } })
    expect(checks.list[0]).toMatchObject({ outcome: 'failed', code: 'vcdm.context.missing' })
  })
})

it('the schema of a document is made once, and stands below the issuer’s URL', () => {
  const document = { type: 'T', version: '3.1.4', schema: { type: 'object' } } as never
  const one = documentSchema(document, 'https://a.example/')
  expect(documentSchema(document, 'https://a.example/')).toBe(one)
  expect(one.credentialSchema).toMatchObject({
    id: 'https://a.example/schemas/T/v3.json',
    type: 'JsonSchema',
  })
  expect(one.served.path).toBe('/schemas/T/v3.json')
})
