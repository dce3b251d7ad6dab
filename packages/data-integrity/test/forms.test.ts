import type { JsonObject, JsonValue } from '@ekkasan/core/json'
import {
  type CryptosuiteName,
  createContextRegistry,
  deriveProof,
  issueLdpVc,
  verifyLdpVc,
} from '@ekkasan/data-integrity'
import { bbsSignerFromJwk, generateBbsJwk } from '@ekkasan/data-integrity/bbs'
import { didKeyUrlOf } from '@ekkasan/did'
import { publicJwkOf } from '@ekkasan/keys'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clock, collaborators, createSigner, didOf, holder } from './setting.ts'

// An rdfc proof covers statements, which can be written in many ways. What is handed on of a credential is one form of
// its statements, whatever its holder makes of the JSON; what is not in compacted form is refused.

const url = 'https://agency.example/contexts/id.json'
const other = 'https://agency.example/contexts/other.json'
const at = (name: string) => `https://agency.example/terms#${name}`
const xsd = (name: string) => `http://www.w3.org/2001/XMLSchema#${name}`
const contexts = createContextRegistry([
  {
    url,
    document: {
      '@context': {
        '@version': 1.1,
        Card: at('Card'),
        Person: at('Person'),
        agency: { '@id': 'https://agency.example/terms#', '@prefix': true },
        ...Object.fromEntries(
          ['citizen_id', 'age', 'over', 'note', 'address', 'road'].map((name) => [name, at(name)]),
        ),
        married: { '@id': at('married'), '@type': xsd('boolean') },
        children: { '@id': at('children'), '@type': xsd('integer') },
        height: { '@id': at('height'), '@type': xsd('double') },
        price: { '@id': at('price'), '@type': xsd('decimal') },
        born: { '@id': at('born'), '@type': xsd('date') },
        size: { '@id': at('size'), '@type': 'https://www.w3.org/2001/XMLSchema#nonNegativeInteger' },
        home: { '@id': at('home'), '@type': '@id' },
        friend: { '@id': at('friend'), '@type': '@id' },
        spouse: { '@id': at('spouse'), '@type': '@id' },
        word: { '@id': at('word'), '@type': '@vocab' },
        list: { '@id': at('list'), '@container': '@list' },
        set: { '@id': at('set'), '@container': '@set' },
        numbers: { '@id': at('numbers'), '@container': '@list', '@type': xsd('integer') },
        title: { '@id': at('title'), '@container': '@language' },
        motto: { '@id': at('motto'), '@language': 'th' },
        raw: { '@id': at('raw'), '@type': '@json' },
        grouped: { '@id': at('grouped'), '@container': '@graph' },
        first: at('twins'),
        second: at('twins'),
      },
    },
  },
  { url: other, document: { '@context': { nickname: at('note') } } },
])

const bbs = generateBbsJwk()
const signers = {
  'ecdsa-rdfc-2019': await createSigner('ES256'),
  'eddsa-rdfc-2022': await createSigner('EdDSA'),
  'ecdsa-sd-2023': await createSigner('ES256'),
  'bbs-2023': bbsSignerFromJwk(bbs, { kid: didKeyUrlOf(publicJwkOf(bbs)) }),
  'ecdsa-jcs-2019': await createSigner('ES256'),
} as const
type Suite = keyof typeof signers
const rdfc = ['ecdsa-rdfc-2019', 'eddsa-rdfc-2022', 'ecdsa-sd-2023', 'bbs-2023'] as const

const p384 = await createSigner('ES384')

function credentialOf(claims: JsonObject, suite: Suite, version: '1.1' | '2.0' = '2.0'): JsonObject {
  const issuer = signers[suite].key.kid?.split('#')[0] as string
  const subject = { id: didOf(holder), ...claims }
  return version === '2.0'
    ? {
        '@context': ['https://www.w3.org/ns/credentials/v2', url],
        type: ['VerifiableCredential', 'Card'],
        issuer,
        validFrom: '2026-11-20T00:00:00Z',
        credentialSubject: subject,
      }
    : {
        '@context': ['https://www.w3.org/2018/credentials/v1', url],
        type: ['VerifiableCredential', 'Card'],
        issuer,
        issuanceDate: '2026-11-20T00:00:00Z',
        credentialSubject: subject,
      }
}

/** As a verifier is shown it: of the selective cryptosuites the derived credential with all claims. */
async function shown(credential: JsonObject, cryptosuite: Suite): Promise<JsonObject> {
  const secured = await issueLdpVc({
    signer: signers[cryptosuite],
    cryptosuite: cryptosuite as CryptosuiteName,
    credential,
    contexts,
    clock,
  })
  if (cryptosuite !== 'ecdsa-sd-2023' && cryptosuite !== 'bbs-2023') return secured
  return deriveProof({ credential: secured, pointers: ['/credentialSubject'], contexts })
}
const issued = (claims: JsonObject, suite: Suite = 'ecdsa-rdfc-2019', version: '1.1' | '2.0' = '2.0') =>
  shown(credentialOf(claims, suite, version), suite)

const options = { ...collaborators, contexts }
const read = async (secured: JsonObject) => (await verifyLdpVc(secured, options)).credential
const outcome = (secured: JsonObject): Promise<JsonValue> =>
  read(secured).then(
    (credential) => credential,
    (error: { checks?: readonly { outcome: string; code?: string }[] }) => {
      if (!error.checks) throw error
      return error.checks.find((check) => check.outcome === 'failed')?.code ?? 'unknown'
    },
  )
const claimsIn = (credential: JsonValue) => {
  if (typeof credential === 'string') return credential
  const { id: _id, ...claims } = (credential as { credentialSubject: JsonObject }).credentialSubject
  return claims
}
/** The holder writes other claims, and keeps the proof. */
const rewritten = (secured: JsonObject, claims: JsonObject, others: JsonObject = {}): JsonObject => ({
  ...secured,
  ...others,
  credentialSubject: { id: didOf(holder), ...claims },
})

const invalid = 'data-integrity.json-ld.invalid'
const otherName = 'data-integrity.json-ld.other-name'

describe.each(rdfc)('%s', (suite) => {
  describe.each(['2.0', '1.1'] as const)('of the data model %s', (version) => {
    it('hands on what was signed, or refuses, however one value is written [E]', async () => {
      const secured = await issued(
        { over: false, citizen_id: '1999900000013', married: false },
        suite,
        version,
      )
      const claims = { over: false, citizen_id: '1999900000013', married: false }
      expect(claimsIn(await outcome(secured))).toEqual(claims)
      const way = async (change: JsonObject) =>
        claimsIn(await outcome(rewritten(secured, { ...claims, ...change })))
      const boolean = xsd('boolean')
      for (const over of [
        { '@value': false },
        [[false]],
        [{ '@value': false }],
        { '@value': 'false', '@type': boolean },
        { '@value': false, '@type': boolean },
        { '@set': [false] },
        { '@list': [false] },
        { '@set': false },
        [{ '@set': [false] }],
      ]) {
        expect(await way({ over })).toBe(invalid)
      }
      for (const change of [
        { over: [false] },
        { citizen_id: ['1999900000013'] },
        { married: 'false' },
        { married: ['false'] },
        { married: [false] },
      ]) {
        expect(await way(change)).toEqual(claims)
      }
      for (const married of [{ '@value': false }, { '@value': 'false', '@type': boolean }]) {
        expect(await way({ married })).toBe(invalid)
      }
      // A text that is not of the term's datatype is another statement.
      expect(await way({ married: { '@value': 'false' } })).toBe('data-integrity.proof.signature')
    })

    it('reads issuer, dates, types and subject in that form too [E]', async () => {
      const secured = await issued({ over: false }, suite, version)
      const { issuer, credentialSubject } = secured
      const before = await verifyLdpVc(secured, options)
      for (const change of [
        { issuer: { id: issuer } },
        { credentialSubject: [credentialSubject as JsonObject] },
        { type: ['Card', 'VerifiableCredential'] },
        { type: ['VerifiableCredential', at('Card')] },
        { type: ['VerifiableCredential', 'agency:Card'] },
      ]) {
        const after = await verifyLdpVc({ ...secured, ...change }, options)
        expect(new Set(after.types)).toEqual(new Set(['VerifiableCredential', 'Card']))
        expect({ ...after.credential, type: [] }).toEqual({ ...before.credential, type: [] })
        expect(after.claims).toEqual({ over: false })
        expect(after.issuer.id).toBe(issuer)
      }
    })
  })
})

describe('one form of a value', () => {
  // What was signed, how it is handed on, and other ways to write the same statements.
  const same: readonly [what: string, signed: JsonObject, form: JsonObject, ...others: JsonObject[]][] = [
    ['a list of one', { note: ['a'] }, { note: 'a' }, { note: 'a' }],
    ['a single value under @list', { list: 'a' }, { list: ['a'] }, { list: ['a'] }],
    ['a single value under @set', { set: 'a' }, { set: ['a'] }, { set: ['a'] }],
    [
      'objects in a list of one',
      { address: [{ road: ['r'] }] },
      { address: { road: 'r' } },
      { address: { road: 'r' } },
    ],
    [
      'an object under @list',
      { list: { road: 'r' } },
      { list: [{ road: 'r' }] },
      { list: [{ road: ['r'] }] },
    ],
    ['several values', { note: ['a', 'b'] }, { note: ['a', 'b'] }],
    ['text of a boolean', { married: 'true' }, { married: true }, { married: true }],
    ['the digit of a boolean', { married: '0' }, { married: false }, { married: 0 }],
    ['text of an integer', { children: '3' }, { children: 3 }, { children: 3 }, { children: ['3'] }],
    ['an integer with a leading zero', { children: '03' }, { children: 3 }],
    ['integers in a list', { numbers: ['1', 2] }, { numbers: [1, 2] }, { numbers: [1, '2'] }],
    ['a whole number as a double', { height: 2 }, { height: 2 }, { height: '2.0E0' }],
    ['text of a double', { height: '1.75E0' }, { height: 1.75 }, { height: 1.75 }],
    ['a double without a number', { height: 'INF' }, { height: 'INF' }],
    ['an integer beyond numbers', { children: '12345678901234567890' }, { children: '12345678901234567890' }],
    ['a decimal as text', { price: '19.90' }, { price: '19.90' }, { price: ['19.90'] }],
    ['a whole decimal', { price: 20 }, { price: '20' }, { price: '20' }],
    ['a number of a derived type', { size: 4 }, { size: 4 }, { size: '4' }],
    ['a date', { born: '2000-01-01' }, { born: '2000-01-01' }],
    ['a number under a datatype of text', { born: 2000 }, { born: '2000' }, { born: '2000' }],
    ['a number that is not exact', { age: 0.30000000000000004 }, { age: 0.3 }, { age: 0.3 }],
    ['an identifier alone', { home: { id: 'urn:h' } }, { home: 'urn:h' }, { home: 'urn:h' }],
    [
      'a compact identifier',
      { home: 'agency:h' },
      { home: at('h') },
      { home: at('h') },
      { home: { id: 'agency:h' } },
    ],
    [
      'a node’s own compact identifier',
      { home: { id: 'agency:h', road: 'r' } },
      { home: { id: at('h'), road: 'r' } },
    ],
    [
      'a word of the vocabulary',
      { word: at('Card') },
      { word: 'Card' },
      { word: 'Card' },
      { word: { id: at('Card') } },
    ],
    ['a single type', { type: ['Person'] }, { type: 'Person' }, { type: 'Person' }, { type: at('Person') }],
    [
      'a language of another case',
      { note: { '@value': 'v', '@language': 'ZH-hant-TW' } },
      { note: { '@value': 'v', '@language': 'zh-Hant-TW' } },
      { note: { '@value': 'v', '@language': 'zh-hant-tw' } },
    ],
    [
      'texts by language',
      { title: { TH: ['ก'], en: ['a', 'b'] } },
      { title: { th: 'ก', en: ['a', 'b'] } },
      { title: { th: 'ก', EN: ['b', 'a'] } },
    ],
    [
      'a value object that is needed',
      { note: { '@value': 5, '@type': at('T') } },
      { note: { '@value': '5', '@type': at('T') } },
      { note: { '@value': '5', '@type': 'agency:T' } },
    ],
    ['a value of another type', { born: { '@value': false } }, { born: { '@value': false } }],
    ['JSON', { raw: [[1], { b: null, a: [] }] }, { raw: [[1], { a: [], b: null }] }],
    [
      'a graph of one',
      { grouped: [{ road: 'r' }] },
      { grouped: { road: 'r' } },
      { grouped: { road: ['r'] } },
    ],
  ]
  const withoutOrder = (value: JsonValue): JsonValue => {
    if (Array.isArray(value))
      return [...value].map(withoutOrder).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, withoutOrder(item as JsonValue)]),
    )
  }
  it.each(same)('%s [E]', async (_what, claims, form, ...others) => {
    const secured = await issued(claims)
    expect(claimsIn(await outcome(secured))).toEqual(form)
    for (const change of others) {
      expect(withoutOrder(claimsIn(await outcome(rewritten(secured, change))))).toEqual(withoutOrder(form))
    }
    // It is a form of itself.
    expect(claimsIn(await outcome(await issued(form)))).toEqual(form)
  })

  it('is the issuer’s JSON as it stands where the proof covers that (jcs) [E]', async () => {
    const claims = { citizen_id: ['1'], married: 'false', over: [[false]] }
    const secured = await issued(claims, 'ecdsa-jcs-2019')
    expect(claimsIn(await outcome(secured))).toEqual(claims)
    for (const change of [{ citizen_id: '1' }, { married: false }, { over: false }]) {
      expect(await outcome(rewritten(secured, { ...claims, ...change }))).toBe(
        'data-integrity.proof.signature',
      )
    }
  })
})

describe('another way to write the same statements is refused', () => {
  type Attack = readonly [
    what: string,
    signed: JsonObject,
    written: JsonObject,
    code?: string,
    others?: JsonObject,
  ]
  const attacks: readonly Attack[] = [
    ['@set', { note: ['a', 'b'] }, { note: { '@set': ['a', 'b'] } }],
    ['@set under @set', { set: ['a'] }, { set: { '@set': ['a'] } }],
    ['@list under @list', { list: ['a', 'b'] }, { list: { '@list': ['a', 'b'] } }],
    ['@list in an array', { list: ['a'] }, { list: [{ '@list': ['a'] }] }],
    ['a list in a list', { note: 'a' }, { note: [['a']] }],
    ['a value twice in a set', { note: ['a', 'b'] }, { note: ['a', 'b', 'a'] }],
    ['a value twice in two forms', { children: [1, 2] }, { children: [1, 2, '1'] }],
    ['one value twice', { note: 'a' }, { note: ['a', 'a'] }],
    ['a type twice', { type: 'Person', note: 'a' }, { type: ['Person', at('Person')], note: 'a' }],
    ['no types', { note: 'a' }, { type: [], note: 'a' }],
    ['an empty list beside it', { note: 'a' }, { note: 'a', age: [] }],
    ['an empty set beside it', { note: 'a' }, { note: 'a', set: [] }],
    ['null beside it', { note: 'a' }, { note: 'a', age: null }],
    ['a null in a list', { note: 'a' }, { note: ['a', null] }],
    ['@id for id', { home: { id: 'urn:h', road: 'r' } }, { home: { '@id': 'urn:h', road: 'r' } }, otherName],
    [
      '@type for type',
      { address: { type: 'Person', road: 'r' } },
      { address: { '@type': 'Person', road: 'r' } },
      otherName,
    ],
    ['an IRI for a term', { address: { road: 'r' } }, { address: { [at('road')]: 'r' } }, otherName],
    ['a compact IRI for a term', { address: { road: 'r' } }, { address: { 'agency:road': 'r' } }, otherName],
    [
      'a further context with another name',
      { note: 'a' },
      { nickname: 'a' },
      otherName,
      { '@context': ['https://www.w3.org/ns/credentials/v2', url, other] },
    ],
    ['a blank node’s label', { address: { road: 'r' } }, { address: { id: '_:b0', road: 'r' } }],
    ['@included', { note: 'a' }, { note: 'a', '@included': [] }],
    ['@graph', { note: 'a' }, { note: 'a', '@graph': [] }],
    ['@reverse', { note: 'a' }, { note: 'a', '@reverse': {} }],
    ['@nest', { note: 'a' }, { '@nest': { note: 'a' } }],
    ['@index', { note: 'a' }, { note: 'a', '@index': 'x' }],
    ['@index of a value', { note: 'a' }, { note: { '@value': 'a', '@index': 'x' } }],
    ['a context in a claim', { address: { road: 'r' } }, { address: { '@context': url, road: 'r' } }],
    [
      'a text of the default language as an object',
      { motto: 'm' },
      { motto: { '@value': 'm', '@language': 'th' } },
    ],
    [
      'a text in a map as an object',
      { title: { th: 'm' } },
      { title: [{ '@value': 'm', '@language': 'th' }] },
    ],
    ['a text without language in a map', { title: 'm' }, { title: { '@none': 'm' } }],
    ['a language twice in a map', { title: { th: ['a', 'b'] } }, { title: { th: 'a', TH: 'b' } }],
    ['a text twice in a map', { title: { th: 'a' } }, { title: { th: ['a', 'a'] } }],
    [
      'a typed value object',
      { born: '2000-01-01' },
      { born: { '@value': '2000-01-01', '@type': xsd('date') } },
    ],
    ['an integer as an object', { age: 5 }, { age: { '@value': '5', '@type': xsd('integer') } }],
    ['a double as an object', { age: 5.5 }, { age: { '@value': '5.5E0', '@type': xsd('double') } }],
    ['an xsd:string', { age: '5' }, { age: { '@value': '5', '@type': xsd('string') } }],
    [
      'a type that a value has of itself',
      { born: { '@value': 5 } },
      { born: { '@value': '5', '@type': xsd('integer') } },
    ],
    ['a graph of nothing beside it', { note: 'a' }, { note: 'a', grouped: [] }],
    ['negative zero', { age: 0 }, { age: -0 }, 'data-integrity.structure.malformed'],
    ['negative zero in JSON', { raw: [0] }, { raw: [-0] }, 'data-integrity.structure.malformed'],
    [
      'what is said of a node in two places',
      { friend: { id: 'urn:f', note: 'n', road: 'r' }, spouse: { id: 'urn:s', friend: 'urn:f' } },
      { friend: { id: 'urn:f', note: 'n' }, spouse: { id: 'urn:s', friend: { id: 'urn:f', road: 'r' } } },
    ],
    [
      'what is said of a node where it is only named',
      { friend: { id: 'urn:f', note: 'n' }, spouse: { id: 'urn:s', friend: 'urn:f' } },
      { friend: 'urn:f', spouse: { id: 'urn:s', friend: { id: 'urn:f', note: 'n' } } },
    ],
    [
      'JSON as a value object',
      { raw: { a: 1 } },
      { raw: { '@value': { a: 1 }, '@type': '@json' } },
      'data-integrity.proof.signature',
    ],
  ]
  const each = attacks.map(([what, signed, written, code = invalid, others = {}]) => {
    return { what, signed, written, code, others }
  })
  it.each(each)('$what [E]', async ({ signed, written, code, others }) => {
    const secured = await issued(signed)
    expect(typeof (await outcome(secured))).toBe('object')
    expect(await outcome(rewritten(secured, written, others))).toBe(code)
  })

  // What is another statement than the one signed can be signed itself.
  const refused = each.filter(({ code }) => code !== 'data-integrity.proof.signature')
  it.each(refused)('and is not signed: $what [E]', async ({ written, others }) => {
    const credential = { ...credentialOf(written, 'ecdsa-rdfc-2019'), ...others }
    await expect(shown(credential, 'ecdsa-rdfc-2019')).rejects.toThrow()
  })

  it('a name that has another of its meaning beside it is not signed [E]', async () => {
    await expect(issued({ first: 'a' })).rejects.toMatchObject({ code: otherName })
  })

  it('a value object’s type goes by either name [E]', async () => {
    const note = { '@value': 'v', '@type': at('T') }
    const secured = await issued({ note })
    const renamed = { note: { '@value': 'v', type: at('T') } }
    expect(claimsIn(await outcome(rewritten(secured, renamed)))).toEqual({ note })
  })

  it('what of a node could stand in either of two places is not signed [E]', async () => {
    const described = { id: 'urn:f', note: 'n' }
    await expect(issued({ friend: described, spouse: 'urn:f' })).rejects.toMatchObject({ code: invalid })
    await expect(issued({ friend: 'urn:f', spouse: 'urn:f' })).resolves.toBeDefined()
    await expect(issued({ married: 'perhaps' })).rejects.toMatchObject({ code: invalid })
    await expect(issued({ children: 'three' })).rejects.toMatchObject({ code: invalid })
  })

  it('who issues to himself is described as the subject, and in no other place [E]', async () => {
    const suite = 'ecdsa-rdfc-2019'
    const credential = credentialOf({ note: 'n' }, suite)
    const issuer = didOf(signers[suite])
    const secured = await shown({ ...credential, credentialSubject: { id: issuer, note: 'n' } }, suite)
    expect(claimsIn(await outcome(secured))).toEqual({ note: 'n' })
    const moved = {
      ...secured,
      issuer: { id: issuer, note: 'n' },
      credentialSubject: { id: issuer },
    }
    expect(await outcome(moved)).toBe(invalid)
  })

  it('of two subjects who name each other each is described once [E]', async () => {
    const suite = 'ecdsa-rdfc-2019'
    const credentialSubject = [
      { id: 'urn:a', note: 'a', spouse: 'urn:b' },
      { id: 'urn:b', note: 'b', spouse: 'urn:a' },
    ]
    const secured = await shown({ ...credentialOf({}, suite), credentialSubject }, suite)
    expect(await outcome(secured)).toMatchObject({ credentialSubject })
    const [a, b] = credentialSubject
    const nested = { ...secured, credentialSubject: [{ ...a, spouse: { ...b } }, { id: 'urn:b' }] }
    expect(await outcome(nested)).toBe(invalid)
  })

  it('a proof of a chain or of another key covers the same form [E]', async () => {
    const suite = 'ecdsa-rdfc-2019'
    const credential = credentialOf({ over: false }, suite)
    const more = { contexts, clock, cryptosuite: suite } as const
    const first = await issueLdpVc({ signer: signers[suite], credential, id: 'urn:p1', ...more })
    const chained = await issueLdpVc({ signer: p384, credential: first, previousProof: 'urn:p1', ...more })
    expect(claimsIn(await outcome(chained))).toEqual({ over: false })
    expect(claimsIn(await outcome(rewritten(chained, { over: [false] })))).toEqual({ over: false })
    expect(await outcome(rewritten(chained, { over: { '@value': false } }))).toBe(invalid)
  })
})

describe('whatever a holder makes of the JSON', () => {
  const claims = {
    over: false,
    citizen_id: '1999900000013',
    married: true,
    children: 3,
    height: 1.5,
    born: '2000-01-01',
    home: 'urn:h',
    word: 'Card',
    list: ['b', 'a'],
    set: ['x'],
    title: { th: 'ก', en: 'a' },
    raw: { a: [1, null] },
    address: { type: 'Person', road: 'r', note: ['m', 'n'] },
    friend: { id: 'urn:f', note: 'f' },
  }
  type Draft = Record<string, unknown>
  const objectsIn = (value: unknown): Draft[] => {
    if (typeof value !== 'object' || value === null) return []
    const inside = Object.values(value).flatMap(objectsIn)
    return Array.isArray(value) ? inside : [value as Draft, ...inside]
  }
  const sorted = (value: JsonValue, isList = false): JsonValue => {
    if (Array.isArray(value)) {
      const items = value.map((item) => sorted(item))
      return isList ? items : items.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
    }
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [
        name,
        name === 'raw' ? item : sorted(item as JsonValue, name === 'list'),
      ]),
    )
  }
  const rewrite = (draft: Draft, g: fc.GeneratorValue) => {
    const pick = <T>(items: readonly T[]) => items[g(fc.nat, { max: items.length - 1 })] as T
    const objects = objectsIn(draft)
    const from = pick(objects)
    if (Object.keys(from).length === 0) return
    const name = pick(Object.keys(from))
    const value = from[name]
    const put = (form: unknown) => {
      from[name] = form
    }
    const typed = (type: string) => ({ '@value': value, '@type': type })
    const ways: (() => void)[] = [
      () => put([value]),
      () => put([[value]]),
      () => put(Array.isArray(value) && value.length === 1 ? value[0] : [value]),
      () => put(Array.isArray(value) ? [...value].reverse() : value),
      () => put([value, structuredClone(value)]),
      () => put({ [pick(['@value', '@set', '@list', '@id', 'id', '@json', '@none'])]: value }),
      () =>
        put(
          typed(pick([xsd('boolean'), xsd('integer'), xsd('double'), xsd('string'), xsd('date'), '@json'])),
        ),
      () => put(String(value)),
      () => put(Number(value)),
      () =>
        put(value === 'true' || value === true ? true : value === 'false' || value === false ? false : value),
      () =>
        put({ '@value': String(value), '@type': xsd(typeof value === 'boolean' ? 'boolean' : 'integer') }),
      () => put(typeof value === 'string' ? at(value) : value),
      () => put(typeof value === 'string' ? `agency:${value}` : value),
      () => {
        delete from[name]
        from[
          pick([
            `@${name}`,
            at(name),
            `agency:${name}`,
            'first',
            'second',
            '@id',
            '@type',
            name.toUpperCase(),
          ])
        ] = value
      },
      () => {
        delete from[name]
        pick(objects)[name] = value
      },
      () => {
        pick(objects)[name] = structuredClone(value)
      },
      () => {
        from[pick(['note', 'age', 'set', 'type', '@context', '@index', '@included', 'grouped'])] =
          pick<unknown>([[], null, {}, url, 'x'])
      },
      () => {
        from.id = pick(['_:b', 'urn:f', 'urn:h'])
      },
    ]
    pick(ways)()
  }

  it.each(['ecdsa-rdfc-2019', 'ecdsa-sd-2023'] as const)(
    'what is handed on with %s is what was signed, or nothing [E]',
    async (suite) => {
      const secured = await issued(claims, suite)
      const before = sorted(await read(secured))
      expect(before).toMatchObject({ credentialSubject: sorted(claims) })
      let accepted = 0
      await fc.assert(
        fc.asyncProperty(fc.gen(), fc.integer({ min: 1, max: 3 }), async (g, times) => {
          const { proof, '@context': context, ...draft } = structuredClone(secured) as Draft
          for (let count = 0; count < times; count++) rewrite(draft, g)
          const after = await outcome({ '@context': context, ...draft, proof } as JsonObject)
          if (typeof after === 'string') return
          accepted += 1
          expect(sorted(after)).toEqual(before)
        }),
        { numRuns: suite === 'ecdsa-sd-2023' ? 700 : 1500 },
      )
      expect(accepted).toBeGreaterThan(20)
    },
  )
})
