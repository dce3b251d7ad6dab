import { describe, expect, it } from 'vitest'
import { canonicalizeRdf } from '../src/internal/canonicalize-rdf.ts'
import { toRdf } from '../src/internal/to-rdf.ts'
import { openContexts } from './setting.ts'

// What a proof would not cover, or readers of JSON-LD read differently, has no statements: it is refused.

const nquads = (document: object) => canonicalizeRdf(toRdf(document as never, openContexts)).text
const x = 'https://x.example/'
const p = { '@id': 'urn:p' }

describe('JSON-LD 1.1 expansion', () => {
  it('leaves values in the context of their node’s type (step 7)', () => {
    const scoped = { '@id': 'urn:Typed', '@context': { datatype: 'urn:scoped' } }
    const context = { Typed: scoped, datatype: 'urn:unscoped', p: 'urn:p' }
    const value = { '@value': 'v', '@type': 'datatype' }
    expect(nquads({ '@context': context, '@id': 'urn:s', '@type': 'Typed', p: value })).toContain(
      '<urn:s> <urn:p> "v"^^<urn:scoped> .',
    )
  })

  const date = 'http://www.w3.org/2001/XMLSchema#date'
  const ex = 'https://ex.example/#'
  it.each([
    ['with a type', { ex, 'ex:born': { '@type': date } }],
    ['before its prefix', { 'ex:born': { '@type': date }, ex }],
    ['in a later context than its prefix', [{ ex }, { 'ex:born': { '@type': date } }]],
    ['named by itself', { ex, 'ex:born': { '@id': 'ex:born', '@type': date } }],
    ['named by its IRI', { ex, 'ex:born': { '@id': `${ex}born`, '@type': date } }],
    [
      'whose prefix is not one for others',
      { ex: { '@id': ex, '@prefix': false }, 'ex:born': { '@type': date } },
    ],
    [
      'whose prefix is a compact IRI of another',
      { e: 'https://ex.example/', ex: 'e:#', 'ex:born': { '@type': date } },
    ],
  ])('takes a compact IRI for a term, %s (4.2.2) [K4]', (_how, context) => {
    expect(nquads({ '@context': context, '@id': 'urn:s', 'ex:born': '2000-01-01' })).toBe(
      `<urn:s> <${ex}born> "2000-01-01"^^<${date}> .\n`,
    )
  })

  it('takes an IRI for a term that no prefix makes another (4.2.2) [K4]', () => {
    for (const name of ['urn:born', 'https://ex.example/born', 'a:b:c']) {
      const context = { [name]: { '@type': date }, https: 'https://other.example/' }
      expect(nquads({ '@context': context, '@id': 'urn:s', [name]: 'x' })).toBe(
        `<urn:s> <${name}> "x"^^<${date}> .\n`,
      )
    }
    expect(() => nquads({ '@context': { 'a:x': { '@type': '@id' }, a: 'a:x' }, 'a:x': 'urn:y' })).toThrow(
      'terms that are defined by each other',
    )
  })

  it('gives texts of no type the default language (5.3.3 step 4)', () => {
    const context = { '@language': 'th', p: { ...p, '@type': '@none' } }
    expect(nquads({ '@context': context, '@id': 'urn:s', p: 'v' })).toBe('<urn:s> <urn:p> "v"@th .\n')
  })
})

describe('refuses', () => {
  const own = { p: { ...p, '@context': { p: { '@id': 'urn:q', '@type': '@id' } } } }
  const cases: readonly [string, object][] = [
    ['a document that says nothing of its node', { '@id': 'urn:s' }],
    [
      'a graph that says nothing',
      { '@context': { p: { ...p, '@container': '@graph' } }, p: { '@id': 'urn:a' } },
    ],
    ['a map of no languages', { '@context': { p: { ...p, '@container': '@language' } }, p: {} }],
    [
      'a map of languages with a context of its own',
      { '@context': { p: { ...p, '@container': '@language', '@context': {} } }, p: { en: 'v' } },
    ],
    [
      'a list with a context beside it',
      { '@context': { p: { ...p, '@container': '@list' } }, p: { '@context': {}, '@list': ['v'] } },
    ],
    ['half a surrogate pair', { '@context': { p }, p: '\ud800' }],
    ['half a surrogate pair as a value', { '@context': { p }, p: { '@value': 'a\udc00' } }],
    [
      'half a surrogate pair in a language',
      { '@context': { p: { ...p, '@container': '@language' } }, p: { th: '\ud800' } },
    ],
    ['a set with a context beside it', { '@context': { p }, p: { '@context': {}, '@set': ['v'] } }],
    ['a set in a list', { '@context': { p }, p: { '@list': [{ '@set': ['v'] }] } }],
    ['a set of one value in a list', { '@context': { p }, p: { '@list': [{ '@set': 'v' }] } }],
    ['a list in a list that is not one by its term', { '@context': { p }, p: { '@list': [['v']] } }],
    ['a list of JSON', { '@context': { p: { ...p, '@container': '@list', '@type': '@json' } }, p: ['v'] }],
    [
      'JSON with a language',
      { '@context': { p }, p: { '@value': 'v', '@type': '@json', '@language': 'en' } },
    ],
    ['two values in one', { '@context': { p, value: '@value' }, p: { '@value': 'v', value: 'w' } }],
    [
      'two languages in one value',
      { '@context': { p, lang: '@language' }, p: { '@value': 'v', '@language': 'en', lang: 'th' } },
    ],
    ['types in two members', { '@context': { type: '@type' }, type: 'urn:a', '@type': 'urn:b' }],
    [
      'types in a member that another type makes one',
      { '@context': { T: { '@id': 'urn:T', '@context': { p: '@type' } }, p }, '@type': 'T', p: 'urn:U' },
    ],
    [
      'a datatype with a context of its own',
      { '@context': { p, T: { '@id': 'urn:T', '@context': {} } }, p: { '@value': 'v', '@type': 'T' } },
    ],
    [
      'a property that its own context gives another context',
      {
        '@context': { p: { ...p, '@context': { p: { '@id': 'urn:q', '@context': {} } } } },
        p: { '@id': 'urn:s', '@type': 'urn:T' },
      },
    ],
    [
      'a type that clears the context',
      { '@context': { T: { '@id': 'urn:T', '@context': [null, { p }] } }, '@type': 'T', p: 1 },
    ],
    ['a context of a node alone', { '@context': { '@propagate': false, p }, p: 1 }],
    ['a property that its own context redefines', { '@context': own, p: 'urn:v' }],
    [
      'a default direction of texts without language',
      { '@context': { '@direction': 'rtl', p: { ...p, '@language': null } }, p: 'v' },
    ],
    ['a direction that is none', { '@context': { '@direction': 'up', p }, p: 1 }],
    ['a term’s direction that is none', { '@context': { p: { ...p, '@direction': {} } }, p: 1 }],
    ['@propagate in a list of contexts', { '@context': [{ '@propagate': false, p }], p: 1 }],
    [
      'a keyword with a context of its own',
      { '@context': { p, k: { '@id': '@set', '@context': { '@language': 'en' } } }, p: { k: 'v' } },
    ],
    ['a keyword as prefix', { '@context': { p, k: { '@id': '@id', '@prefix': true } }, p: 1 }],
  ]
  it.each(cases)('%s', (_what, document) => {
    expect(() => nquads(document)).toThrow(
      expect.objectContaining({
        code: expect.stringMatching(/^data-integrity\.(json-ld|context)\.invalid$/),
      }),
    )
  })

  it('none of these when they are as they should be', () => {
    const context = {
      '@vocab': x,
      list: { '@container': '@list' },
      lang: { '@container': '@language' },
      graph: { '@container': '@graph' },
      json: { '@type': '@json', '@container': '@set' },
      '@direction': null,
    }
    expect(
      nquads({
        '@context': context,
        list: [['a'], { '@value': 'b' }],
        explicit: { '@list': ['a', { '@id': 'urn:b' }] },
        set: { '@set': ['a'] },
        lang: { en: 'v' },
        graph: { name: 'v' },
        json: [1, [2]],
      }),
    ).toContain('"[1,[2]]"')
  })
})

it.each([
  [{ '@id': 'urn:s', village: 'v' }, /^the term village is defined by no context/],
  [{ '@id': 'urn:s', 'นาย สมมุติ': 'v' }, /^a term is defined by no context/],
  [{ '@id': 'urn:s', '@type': 'Card' }, /^the type Card is defined by no context/],
])('names what is not defined, if it is written as a name: %j', (document, told) => {
  expect(() => nquads(document)).toThrow(told)
})
