import {
  createChecks,
  FetchError,
  type JsonObject,
  type JsonValue,
  RejectedError,
  ResolveError,
  UnavailableError,
} from '@ekkasan/core'
import {
  baseContextV2,
  type CredentialContentOptions,
  checkContent,
  checkDataModel,
  integrityOf,
  type ResolveResource,
  resolveResources,
} from '@ekkasan/vcdm'
import { describe, expect, it } from 'vitest'

const schemaUrl = 'https://a.example/schema.json'
const draft = 'https://json-schema.org/draft/2020-12/schema'
const schema: JsonObject = {
  $schema: draft,
  $id: schemaUrl,
  type: 'object',
  properties: {
    credentialSubject: {
      type: 'object',
      properties: { emailAddress: { type: 'string', format: 'email' } },
      required: ['emailAddress'],
    },
  },
}
const credential: JsonObject = {
  '@context': [baseContextV2],
  type: ['VerifiableCredential'],
  issuer: 'did:example:issuer',
  credentialSubject: { id: 'did:example:subject', emailAddress: 'a@b.example' },
  credentialSchema: { id: schemaUrl, type: 'JsonSchema' },
}
const known = (documents: Readonly<Record<string, JsonValue | Uint8Array>>): ResolveResource =>
  resolveResources({
    known: Object.fromEntries(
      Object.entries(documents).map(([url, document]) => [
        url,
        document instanceof Uint8Array ? document : JSON.stringify(document),
      ]),
    ),
  })

/** `outcome code` of each check of the content. */
async function outcomes(
  change: JsonObject,
  options: CredentialContentOptions & { readonly partial?: boolean },
): Promise<readonly string[]> {
  const checks = createChecks()
  await checkContent(checks, { ...credential, ...change } as JsonObject, options)
  return checks.list.map(({ name, outcome, code }) => `${name} ${outcome}${code ? ` ${code}` : ''}`)
}
const held = async (document: JsonValue | Uint8Array, change: JsonObject = {}, partial = false) =>
  (await outcomes(change, { resolveSchema: known({ [schemaUrl]: document }), partial }))[0]?.replace(
    'credential-schema ',
    '',
  )
const wrong = { credentialSubject: { emailAddress: 'not an email' } }

describe('credential-schema: JsonSchema', () => {
  it('passes what fits, and fails alone what does not (vc-json-schema 4.2)', async () => {
    expect(await held(schema)).toBe('passed')
    expect(await held(schema, wrong)).toBe('failed vcdm.schema.mismatch')
    const checks = createChecks()
    checkDataModel(checks, { ...credential, ...wrong })
    await checkContent(checks, { ...credential, ...wrong }, { resolveSchema: known({ [schemaUrl]: schema }) })
    expect(checks.list.map(({ outcome }) => outcome)).toEqual(['passed', 'failed'])
    expect(checks.list[1]?.detail).toBe('format at /credentialSubject/emailAddress')
    expect(() => checks.conclude()).toThrow(RejectedError)
  })

  it('skips, and says so, where no means to find schemas was given', async () => {
    const skipped = ['credential-schema skipped vcdm.schema.not-configured']
    expect(await outcomes({}, {})).toEqual(skipped)
    expect(await outcomes({}, { resolveSchema: known({}) })).toEqual(skipped)
  })

  it('asks nothing for a credential that names no schema, nor for one that is refused already', async () => {
    expect(await outcomes({ credentialSchema: undefined as never }, {})).toEqual([])
    const checks = createChecks()
    checks.fail('issuer-signature', 'x')
    const resolveSchema = () => Promise.reject(new Error('it was asked'))
    await checkContent(checks, credential, { resolveSchema })
    expect(checks.list[1]).toMatchObject({ outcome: 'skipped', code: 'vcdm.schema.not-asked' })
  })

  it('skips a kind of schema that it does not know', async () => {
    const change = { credentialSchema: { id: schemaUrl, type: 'JsonSchemaValidator2018' } }
    expect(await held(schema, change)).toBe('skipped vcdm.schema.type')
  })

  it('holds to each of several schemas, and reports the worst', async () => {
    const other = { id: 'https://a.example/other.json', type: 'JsonSchema' }
    const change = {
      credentialSchema: [{ id: 'urn:x:1', type: 'Other' }, credential.credentialSchema, other] as JsonValue,
    }
    const documents = { [schemaUrl]: schema, [other.id]: { $schema: draft, required: ['evidence'] } }
    expect(await outcomes(change, { resolveSchema: known(documents) })).toEqual([
      'credential-schema failed vcdm.schema.mismatch',
    ])
    const many = { credentialSchema: Array.from({ length: 9 }, () => other) }
    expect(await outcomes(many, { resolveSchema: known(documents) })).toEqual([
      'credential-schema failed vcdm.schema.malformed',
    ])
  })

  it('compares the digest that the credential names before it reads the schema (vc-json-schema 4.1)', async () => {
    const text = JSON.stringify(schema)
    const named = (digestSRI: string) => ({
      credentialSchema: { id: schemaUrl, type: 'JsonSchema', digestSRI },
    })
    expect(await held(schema, named(integrityOf(text)))).toBe('passed')
    expect(await held(schema, named(integrityOf(`${text} `)))).toBe('failed vcdm.schema.digest')
  })

  it('cannot tell concealed from missing: a schema that does not fit part of the claims is skipped', async () => {
    expect(await held(schema, { credentialSubject: { id: 'urn:x:1' } }, true)).toBe(
      'skipped vcdm.schema.concealed',
    )
    expect(await held(schema, {}, true)).toBe('passed')
  })

  it.each([
    ['https://json-schema.org/draft/2020-12/schema', 'passed'],
    ['https://json-schema.org/draft/2019-09/schema', 'passed'],
    ['http://json-schema.org/draft-07/schema#', 'passed'],
    ['http://json-schema.org/draft-03/schema#', 'unknown vcdm.schema.unsupported'],
    ['https://a.example/my-own-dialect', 'unknown vcdm.schema.unsupported'],
  ])(
    'answers %s with %s: a version not known is indeterminate (vc-json-schema 4.2)',
    async ($schema, outcome) => {
      expect(await held({ ...schema, $schema })).toBe(outcome)
    },
  )

  it('follows the version: items of 2020-12 are not those of draft-07', async () => {
    const list = { credentialSubject: { emailAddress: 'a@b.example', list: ['a', 1] } }
    const tuple = {
      properties: {
        credentialSubject: { properties: { list: { items: [{ type: 'string' }, { type: 'string' }] } } },
      },
    }
    expect(await held({ $schema: 'http://json-schema.org/draft-07/schema#', ...tuple }, list)).toBe(
      'failed vcdm.schema.mismatch',
    )
    const unevaluated = {
      $schema: draft,
      type: 'object',
      properties: { type: true },
      unevaluatedProperties: false,
    }
    expect(await held(unevaluated)).toBe('failed vcdm.schema.mismatch')
  })

  it.each<[string, JsonValue | Uint8Array]>([
    ['without $schema', { type: 'object' }],
    ['that is a boolean', true],
    ['that is a list', []],
    ['that is null', null],
    ['that is not JSON', new TextEncoder().encode('{')],
    ['that is not UTF-8', new Uint8Array([0x22, 0xff, 0x22])],
    [
      'with a member twice',
      new TextEncoder().encode(`{"$schema":"${draft}","type":"object","type":"string"}`),
    ],
    ['with __proto__', new TextEncoder().encode(`{"$schema":"${draft}","__proto__":{}}`)],
    [
      'that refers to its dependencies as to a schema',
      { $schema: draft, dependencies: {}, $ref: '#/dependencies' },
    ],
    ['that refers to nothing', { $schema: draft, $ref: '#/$defs/none' }],
    ['of a length beyond the bound', { $schema: draft, description: 'x'.repeat(300_000) }],
  ])('refuses a schema %s', async (_what, document) => {
    expect(await held(document)).toBe('failed vcdm.schema.malformed')
  })
})

describe('a hostile schema is given up in bounded time', () => {
  const bomb: Record<string, JsonValue> = {}
  for (let level = 0; level < 40; level++) {
    const next = { $ref: `#/$defs/l${level + 1}` }
    bomb[`l${level}`] = { allOf: [next, next] }
  }
  bomb.l40 = { type: 'object' }
  const bounds = 'vcdm.schema.bounds'
  const times = (count: number, value: JsonValue): JsonValue[] => Array.from({ length: count }, () => value)
  const named = (count: number, value: JsonValue): JsonObject =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, value]))
  const list = (allOf: JsonValue[], more: JsonObject = {}): JsonObject => ({
    ...more,
    properties: { list: { allOf } },
  })
  const text = (anyOf: JsonValue[], more: JsonObject = {}): JsonObject => ({
    ...more,
    properties: { name: { allOf: anyOf } },
  })
  const nested = (levels: number): JsonObject =>
    levels === 0 ? {} : { $id: `x${levels}`, not: { not: nested(levels - 1) } }
  const texts = { list: Array.from({ length: 20 }, (_, at) => `${'x'.repeat(45_000)}${100 + at}`) }
  const lists = { list: Array.from({ length: 300 }, (_, at) => [...times(300, 1), at]) }
  const numbers = { list: times(20_000, 1.7e308) }
  const members = named(20_000, 1)
  const longName = { ['x'.repeat(100_000)]: 1 }
  const longText = { name: 'a'.repeat(100_000) }
  const constant = { $defs: { c: { const: 'x'.repeat(20_000) } } }
  const ofConst = { anyOf: [{}, { $ref: '#/$defs/c' }] }
  const many = { $defs: { p: { properties: named(3000, {}) } } }
  const ofMany = { $ref: '#/$defs/p' }
  const letters = { pattern: `^${'[\\p{L}\\p{N}]'.repeat(10)}` }
  const words = times(200, 'abcdefghijkl')
  const chain: Record<string, JsonValue> = { c0: { anyOf: times(2000, { type: 'null' }) } }
  for (let level = 1; level <= 500; level++) chain[`c${level}`] = { $ref: `#/$defs/c${level - 1}` }
  const endless = `^(?:a){${'9'.repeat(400)}}|a$`
  const wide = Array.from({ length: 400 }, (_, at) => ({ at, text: 'x' }))
  it.each<[string, JsonObject, string, JsonObject?]>([
    ['$ref bomb', { $ref: '#/$defs/l0', $defs: bomb }, 'vcdm.schema.bounds'],
    ['$ref to itself', { $ref: '#' }, 'vcdm.schema.bounds'],
    ['not of itself', { not: { $ref: '#' } }, 'vcdm.schema.bounds'],
    [
      'items of items, each by all of themselves',
      {
        $defs: { a: { items: { allOf: Array.from({ length: 20 }, () => ({ $ref: '#/$defs/a' })) } } },
        properties: { nested: { $ref: '#/$defs/a' } },
      },
      'vcdm.schema.bounds',
      { nested: [[[[[[[[['x']]]]]]]]] },
    ],
    [
      'uniqueItems of a long list, again and again',
      {
        properties: {
          list: { allOf: Array.from({ length: 1000 }, () => ({ uniqueItems: true })) },
        },
      },
      'vcdm.schema.bounds',
      { list: wide },
    ],
    [
      'nested repetition',
      { properties: { name: { pattern: '^(a+)+$' } } },
      'vcdm.schema.unsupported',
      { name: `${'a'.repeat(50_000)}!` },
    ],
    ['overlapping alternatives', { patternProperties: { '^(a|a)*$': {} } }, 'vcdm.schema.unsupported'],
    [
      'many repetitions over a long text',
      { properties: { name: { pattern: '.*a.*b.*c.*d' } } },
      'vcdm.schema.bounds',
      { name: 'a'.repeat(50_000) },
    ],
    ['back reference', { properties: { name: { pattern: '^(a*)\\1$' } } }, 'vcdm.schema.unsupported'],
    ['$dynamicRef', { $dynamicRef: '#x' }, 'vcdm.schema.unsupported'],
    ['a schema elsewhere that nobody has', { $ref: 'https://b.example/s.json' }, 'vcdm.schema.unsupported'],
    ['identifiers within identifiers', nested(12), 'vcdm.schema.bounds'],
    ['dependencies of two drafts', { dependencies: {}, dependentSchemas: {} }, 'vcdm.schema.unsupported'],
    [
      'a long identifier of many parts',
      { $id: `https://a.example/${'x'.repeat(2000)}`, allOf: times(1500, {}) },
      'vcdm.schema.bounds',
    ],
    ['a long name of many parts', { properties: { ['x'.repeat(2000)]: { allOf: times(1500, {}) } } }, bounds],
    ['uniqueItems of long texts that end differently', list(times(60, { uniqueItems: true })), bounds, texts],
    ['uniqueItems of lists in a list', list([{ uniqueItems: true }]), bounds, lists],
    [
      'division of numbers with hundreds of digits',
      list([{ items: { multipleOf: 5e-324 } }]),
      bounds,
      numbers,
    ],
    ['texts to be compiled', { properties: { name: { format: 'regex' } } }, 'vcdm.schema.unsupported'],
    ['all items, again and again', list(times(200, { items: true })), bounds, numbers],
    ['all members, again and again', { allOf: times(200, { additionalProperties: true }) }, bounds, members],
    ['all members, never evaluated', { allOf: times(60, { unevaluatedProperties: true }) }, bounds, members],
    ['all names, again and again', { allOf: times(300, { propertyNames: {} }) }, bounds, longName],
    ['the length of a text, again and again', text(times(2000, { minLength: 1 })), bounds, longText],
    ['the pattern of a text, again and again', text(times(300, { pattern: '^[^b]*$' })), bounds, longText],
    [
      'objects to choose from, for an object of many members',
      { properties: { list: { enum: times(2000, {}) } } },
      bounds,
      { list: members },
    ],
    [
      'many schemas that depend on a name, of many items',
      list([{ items: ofMany }], { $defs: { p: { dependentSchemas: named(3000, true) } } }),
      bounds,
      { list: times(1000, {}) },
    ],
    ['a long constant, again and again', text(times(4900, ofConst), constant), bounds],
    ['many properties, of many items', list([{ items: ofMany }], many), bounds, { list: times(1000, {}) }],
    ['patterns of many characters each, of many items', list([{ items: letters }]), bounds, { list: words }],
    ['too many of them', text([letters, ...times(40, letters)]), bounds],
    [
      'errors handed up a long way, of many items',
      list([{ contains: { $ref: '#/$defs/c500' } }], { $defs: chain }),
      bounds,
      { list: times(25, 1) },
    ],
    [
      '$ref bomb, after a pattern with a number without end',
      { allOf: [{ properties: { name: { pattern: endless } } }, { $ref: '#/$defs/l0' }], $defs: bomb },
      bounds,
      { name: 'a' },
    ],
    ['a schema of too many parts', { allOf: times(10_000, {}) }, bounds],
    ['too many patterns', text(times(60, { pattern: `^${'[a-z]'.repeat(100)}$` })), bounds],
  ])('%s', async (_what, document, code, change = {}) => {
    expect(await held({ $schema: draft, ...document }, change)).toBe(`unknown ${code}`)
  })

  it.each<[string, JsonValue]>([
    ['pattern', ['^(a+)+$']],
    ['uniqueItems', 1],
    ['properties', 'x'.repeat(1000)],
    ['patternProperties', 'x'.repeat(1000)],
    ['patternProperties', times(1000, true)],
    ['dependentSchemas', 'x'.repeat(1000)],
    ['additionalProperties', []],
    ['items', 7],
    ['contains', 'x'],
    ['allOf', [[]]],
    ['$defs', { a: 7 }],
    ['dependencies', { a: 'x' }],
    ['required', 'abc'],
    ['minimum', '9'],
    ['format', ['date']],
    ['$ref', {}],
  ])('refuses a schema whose %s is of another kind: it would not be counted', async (name, value) => {
    const change = { name: `${'a'.repeat(20)}!`, list: [1, 2] }
    const properties = { name: { [name]: value } }
    expect(await held({ $schema: draft, properties }, change)).toBe('failed vcdm.schema.malformed')
  })

  it('takes no name of a prototype for a format', async () => {
    for (const format of ['hasOwnProperty', '__proto__', 'constructor', 'url', 'my-own']) {
      const properties = { name: { format } }
      expect(await held({ $schema: draft, properties }, { name: 'x' })).toBe('passed')
    }
  })

  it('does not take an example for a schema', async () => {
    const examples = { $id: schemaUrl, not: {}, $dynamicRef: '#x' }
    expect(await held({ $schema: draft, $id: schemaUrl, examples })).toBe('passed')
  })

  it('holds to dependencies, of names and of schemas (draft-07)', async () => {
    const document = {
      $schema: 'http://json-schema.org/draft-07/schema#',
      dependencies: { a: ['b'], c: { required: ['id'] }, id: ['type'], $id: true },
    }
    expect(await held(document)).toBe('passed')
    expect(await held(document, { a: 1 })).toBe('failed vcdm.schema.mismatch')
    expect(await held(document, { a: 1, b: 1 })).toBe('passed')
    expect(await held(document, { c: 1 })).toBe('failed vcdm.schema.mismatch')
    expect(await held(document, { c: 1, id: 'urn:x:1' })).toBe('passed')
  })

  it('takes properties named as keywords for properties', async () => {
    const properties = { default: { type: 'string' }, enum: { type: 'string' }, $id: { type: 'string' } }
    const document = { $schema: draft, properties }
    expect(await held(document, { default: 'a', enum: 'a', $id: 'a' })).toBe('passed')
    for (const name of Object.keys(properties)) {
      expect(await held(document, { [name]: 7 })).toBe('failed vcdm.schema.mismatch')
    }
  })

  it('leaves room for a large document with a picture', async () => {
    const course = {
      type: 'object',
      properties: { code: { type: 'string', pattern: '^[A-Z]{2}[0-9]{3}$' }, credits: { multipleOf: 0.5 } },
      required: ['code'],
      additionalProperties: false,
    }
    const properties = {
      picture: { type: 'string', format: 'uri', pattern: '^data:image/jpeg;base64,[A-Za-z0-9+/]+=*$' },
      courses: { type: 'array', uniqueItems: true, items: course },
    }
    const picture = `data:image/jpeg;base64,${'A'.repeat(60_000)}`
    const courses = Array.from({ length: 120 }, (_, at) => ({ code: `TH${100 + at}`, credits: 1.5 }))
    expect(await held({ $schema: draft, properties }, { picture, courses })).toBe('passed')
    expect(
      await held({ $schema: draft, properties }, { picture, courses: [...courses, { code: 'x' }] }),
    ).toBe('failed vcdm.schema.mismatch')
  })

  it('reads a picture of a megabyte by the pattern of a data: URL', async () => {
    const pattern = '^data:image/(jpeg|png|svg\\+xml);base64,[A-Za-z0-9+/]+=*$'
    const document = { $schema: draft, properties: { picture: { pattern } } }
    expect(await held(document, { picture: `data:image/png;base64,${'A'.repeat(1_000_000)}=` })).toBe(
      'passed',
    )
    expect(await held(document, { picture: `data:image/png;base64,${'A'.repeat(1_000_000)}!` })).toBe(
      'failed vcdm.schema.mismatch',
    )
  })

  it('does not take names of the prototype for members', async () => {
    expect(await held({ $schema: draft, required: ['toString', 'constructor'] })).toBe(
      'failed vcdm.schema.mismatch',
    )
    expect(await held({ $schema: draft, properties: { type: { type: 'array' }, constructor: false } })).toBe(
      'passed',
    )
  })

  it('leaves the schema at hand as it was', async () => {
    const resolveSchema = known({ [schemaUrl]: schema })
    for (const _time of [1, 2])
      expect(await outcomes({}, { resolveSchema })).toEqual(['credential-schema passed'])
  })
})

describe('schemas that refer to others', () => {
  it('finds them by the same means, a bounded number of them', async () => {
    const chain = (count: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, at): [string, JsonValue] => [
          at === 0 ? schemaUrl : `https://a.example/${at}.json`,
          { $schema: draft, ...(at + 1 < count && { $ref: `https://a.example/${at + 1}.json` }) },
        ]),
      )
    expect(await outcomes({}, { resolveSchema: known(chain(5)) })).toEqual(['credential-schema passed'])
    expect(await outcomes({}, { resolveSchema: known(chain(20)) })).toEqual([
      'credential-schema unknown vcdm.schema.bounds',
    ])
  })
})

it('finds a schema where it was looked for, though it names itself otherwise', async () => {
  const elsewhere = 'https://b.example/a.json'
  const resolveSchema = known({
    [schemaUrl]: { $schema: draft, $ref: elsewhere },
    [elsewhere]: { $schema: draft, $id: 'https://b.example/v1/a.json', required: ['evidence'] },
  })
  expect(await outcomes({}, { resolveSchema })).toEqual(['credential-schema failed vcdm.schema.mismatch'])
  expect(await outcomes({ evidence: { type: 'E' } }, { resolveSchema })).toEqual(['credential-schema passed'])
})

describe('credential-schema: JsonSchemaCredential (vc-json-schema 2.2)', () => {
  const holding: JsonObject = {
    '@context': [baseContextV2],
    id: schemaUrl,
    type: ['VerifiableCredential', 'JsonSchemaCredential'],
    issuer: 'https://a.example',
    credentialSchema: { id: 'https://www.w3.org/ns/credentials/json-schema/v2.json', type: 'JsonSchema' },
    credentialSubject: { id: `${schemaUrl}#s`, type: 'JsonSchema', jsonSchema: schema },
  }
  const change = { credentialSchema: { id: schemaUrl, type: 'JsonSchemaCredential' } }
  const secured = { ...holding, proof: { type: 'DataIntegrityProof' } }
  const withIt = async (
    document: JsonValue | Uint8Array,
    verifySchemaCredential?: CredentialContentOptions['verifySchemaCredential'],
    more: JsonObject = {},
  ) =>
    (
      await outcomes(
        { ...change, ...more },
        {
          resolveSchema: known({ [schemaUrl]: document }),
          ...(verifySchemaCredential && { verifySchemaCredential }),
        },
      )
    )[0]?.replace('credential-schema ', '')

  it('holds to the schema inside', async () => {
    expect(await withIt(holding)).toBe('passed')
    expect(await withIt(holding, undefined, wrong)).toBe('failed vcdm.schema.mismatch')
  })

  it('has one that is secured verified first, as an object or as a text', async () => {
    const text = new TextEncoder().encode('a.b.c')
    expect(await withIt(secured)).toBe('skipped vcdm.schema.unverified')
    expect(await withIt(text)).toBe('skipped vcdm.schema.unverified')
    expect(await withIt(secured, async (given) => given as JsonObject)).toBe('passed')
    expect(await withIt(text, async (given) => (given === 'a.b.c' ? holding : {}))).toBe('passed')
    expect(await withIt(secured, () => Promise.reject(new RejectedError([])))).toBe(
      'failed vcdm.schema.unverified',
    )
    expect(await withIt(secured, () => Promise.reject(new UnavailableError([])))).toBe(
      'unknown vcdm.schema.unverified',
    )
  })

  it.each<[string, JsonObject]>([
    ['a subject of another type', { credentialSubject: { type: 'Other', jsonSchema: schema } }],
    ['no schema in the subject', { credentialSubject: { type: 'JsonSchema' } }],
    ['another schema of itself', { credentialSchema: { id: 'https://a.example/x', type: 'JsonSchema' } }],
    ['no issuer', { issuer: 7 }],
  ])('refuses one with %s', async (_what, member) => {
    expect(await withIt({ ...holding, ...member })).toBe('failed vcdm.schema.malformed')
  })
})

describe('related-resources', () => {
  const url = 'https://a.example/picture'
  const bytes = new TextEncoder().encode('picture')
  const related = (relatedResource: JsonValue, resolveRelatedResource?: ResolveResource) =>
    outcomes(
      { credentialSchema: undefined as never, relatedResource },
      { ...(resolveRelatedResource && { resolveRelatedResource }) },
    )
  const resolve = known({ [url]: bytes })
  const right = integrityOf(bytes)

  it('fails alone where the digest is another', async () => {
    expect(await related({ id: url, digestSRI: right }, resolve)).toEqual(['related-resources passed'])
    expect(await related({ id: url, digestSRI: integrityOf('x') }, resolve)).toEqual([
      'related-resources failed vcdm.related-resource.mismatch',
    ])
  })

  it('needs both digests to be right where both are named, and one of several of a kind', async () => {
    expect(await related({ id: url, digestSRI: right, digestMultibase: 'zQm1' }, resolve)).toEqual([
      'related-resources failed vcdm.related-resource.mismatch',
    ])
    expect(await related({ id: url, digestSRI: [integrityOf('x'), right] }, resolve)).toEqual([
      'related-resources passed',
    ])
  })

  it('skips what nobody looks up, and still fails what is wrong beside it', async () => {
    const other = { id: 'https://a.example/other', digestSRI: right }
    expect(await related({ id: url, digestSRI: right })).toEqual([
      'related-resources skipped vcdm.related-resource.not-configured',
    ])
    expect(await related([other, { id: url, digestSRI: right }], resolve)).toEqual([
      'related-resources skipped vcdm.related-resource.not-configured',
    ])
    expect(await related([other, { id: url, digestSRI: integrityOf('x') }], resolve)).toEqual([
      'related-resources failed vcdm.related-resource.mismatch',
    ])
    expect(await related({ id: baseContextV2, digestSRI: right })).toEqual([
      'related-resources failed vcdm.related-resource.mismatch',
    ])
  })

  it('finds nothing by an id that is none', async () => {
    expect(await related({ digestSRI: right }, resolve)).toEqual([
      'related-resources failed vcdm.related-resource.mismatch',
    ])
    expect(await held(schema, { credentialSchema: { id: 7, type: 'JsonSchema' } })).toBe(
      'failed vcdm.schema.malformed',
    )
  })

  it('looks at a bounded number of them', async () => {
    const many = Array.from({ length: 33 }, (_, at) => ({ id: `urn:x:${at}`, digestSRI: right }))
    expect(await related(many, resolve)).toEqual(['related-resources failed vcdm.related-resource.too-many'])
  })
})

describe('resolveResources', () => {
  it('fetches what is not at hand, once, without its fragment', async () => {
    const asked: string[] = []
    const fetch = async (url: string | URL) => {
      asked.push(String(url))
      return new Response('x')
    }
    const resolve = resolveResources({ known: { 'https://a.example/k': 'known' }, fetch })
    expect(new TextDecoder().decode(await resolve('https://a.example/k'))).toBe('known')
    await resolve('https://a.example/f#one')
    await resolve('https://a.example/f#two')
    expect(asked).toEqual(['https://a.example/f'])
  })

  it.each([
    ['urn:x:1', 'core.resolve.not-configured', async () => new Response('x')],
    ['https://a.example/gone', 'core.resolve.not-found', async () => new Response('x', { status: 404 })],
    ['https://a.example/busy', 'core.resolve.unavailable', async () => new Response('x', { status: 503 })],
    [
      'https://a.example/slow',
      'core.resolve.unavailable',
      () => Promise.reject(new FetchError('core.fetch.timeout', 'x')),
    ],
    [
      'https://a.example/long',
      'core.resolve.invalid',
      () => Promise.reject(new FetchError('core.fetch.body-refused', 'x')),
    ],
  ])('answers %s with %s', async (url, code, fetch) => {
    await expect(resolveResources({ fetch })(url)).rejects.toMatchObject({ code })
  })

  it('makes of no answer an unknown, of a refusal a failure', async () => {
    const failing = (code: ResolveError['code']) => ({
      resolveSchema: () => Promise.reject(new ResolveError(code, 'x')),
    })
    expect(await outcomes({}, failing('core.resolve.unavailable'))).toEqual([
      'credential-schema unknown core.resolve.unavailable',
    ])
    expect(await outcomes({}, failing('core.resolve.not-found'))).toEqual([
      'credential-schema failed core.resolve.not-found',
    ])
  })
})
