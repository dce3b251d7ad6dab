import type { ClaimPath } from '@ekkasan/core'
import { hash, hex } from '@ekkasan/core/bytes'
import type { JsonObject } from '@ekkasan/core/json'
import {
  type ContextRegistry,
  createContextRegistry,
  documentContext,
  standardContexts,
} from '@ekkasan/data-integrity'
import { describe, expect, it } from 'vitest'
import { bundledContexts } from '../src/generated/contexts.ts'
import { toRdf } from '../src/internal/to-rdf.ts'

describe('the registry of contexts', () => {
  it.each(bundledContexts)('bundles $url as its SHA-256 says', ({ url, text, sha256 }) => {
    expect(hex(hash('sha-256', text))).toBe(sha256)
    expect(standardContexts.find(url)).toEqual(JSON.parse(text)['@context'])
  })

  it.each([
    [
      'https://www.w3.org/ns/credentials/v2',
      '59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734',
    ],
    [
      'https://w3id.org/security/data-integrity/v2',
      '67f21e6e33a6c14e5ccfd2fc7865f7474fb71a04af7e94136cb399dfac8ae8f4',
    ],
    [
      'https://w3id.org/security/multikey/v1',
      'ba2c182de2d92f7e47184bcca8fcf0beaee6d3986c527bf664c195bbc7c58597',
    ],
  ])('has the document of %s that the Recommendation names by digest', (url, sha256) => {
    expect(bundledContexts.find((entry) => entry.url === url)?.sha256).toBe(sha256)
  })

  it('knows nothing else, and fetches nothing', () => {
    expect(() => standardContexts.find('https://other.example/v1')).toThrow(
      expect.objectContaining({ code: 'data-integrity.context.unknown' }),
    )
  })

  it('takes an agency’s own, with its digest checked', () => {
    const document = '{"@context":{"a":"https://a.example/a"}}'
    const sha256 = hex(hash('sha-256', document))
    const url = 'https://a.example/v1'
    expect(createContextRegistry([{ url, document, sha256 }]).find(url)).toEqual({ a: 'https://a.example/a' })
    expect(() => createContextRegistry([{ url, document: `${document} `, sha256 }])).toThrow(TypeError)
    expect(() => createContextRegistry([{ url, document: '{}' }])).toThrow(TypeError)
    expect(() => createContextRegistry([{ url, document: 'x' }])).toThrow(TypeError)
  })

  it('takes a context document whose context is another’s URL, a list with one, or null [K9]', () => {
    const one = 'https://a.example/one'
    const document = (context: string | null | string[]) => ({ '@context': context })
    const terms = { '@context': { a: 'https://a.example/a', Card: 'https://a.example/Card' } }
    for (const context of [one, [one], ['https://a.example/null', one]]) {
      const registry = createContextRegistry([
        { url: one, document: terms },
        { url: 'https://a.example/null', document: document(null) },
        { url: 'https://a.example/two', document: document(context) },
      ])
      expect(registry.find('https://a.example/two')).toEqual(context)
      const read = toRdf({ '@context': 'https://a.example/two', '@type': 'Card', a: 'x' }, registry)
      expect(read.map(({ object }) => object)).toEqual(['<https://a.example/Card>', '"x"'])
    }
  })

  it('refuses contexts that name each other in a circle, or one that is not registered [K9]', () => {
    const [one, two] = ['https://a.example/one', 'https://a.example/two']
    const circle = createContextRegistry([
      { url: one, document: { '@context': two } },
      { url: two, document: { '@context': [one] } },
    ])
    const open = createContextRegistry([{ url: one, document: { '@context': two } }])
    const read = (registry: ContextRegistry) => toRdf({ '@context': one, a: 'x' }, registry)
    expect(() => read(circle)).toThrow(expect.objectContaining({ code: 'data-integrity.context.invalid' }))
    expect(() => read(open)).toThrow(expect.objectContaining({ code: 'data-integrity.context.unknown' }))
    expect(() => createContextRegistry([{ url: one, document: { '@context': 5 } }])).toThrow(TypeError)
  })

  it('lets no bundled context be replaced, and none be given twice', () => {
    const document = { '@context': {} }
    expect(() => createContextRegistry([{ url: 'https://www.w3.org/ns/credentials/v2', document }])).toThrow(
      TypeError,
    )
    const twice = { url: 'https://a.example/v1', document }
    expect(() => createContextRegistry([twice, twice])).toThrow(TypeError)
  })

  it('gives each claim of a document a protected term of its own, but for those of the data model', () => {
    const { url, document } = documentContext(
      {
        id: 'X',
        type: 'XCredential',
        version: '1.2',
        names: {},
        description: {},
        claims: [{ path: ['address', 'line'], names: {}, disclosure: 'always' }],
        schema: { properties: { name: {}, list: { type: 'array', items: { properties: { inner: {} } } } } },
        display: { backgroundColor: '#000', textColor: '#fff' },
      },
      'https://issuer.example/',
    )
    expect(url).toBe('https://issuer.example/contexts/XCredential/v1.json')
    expect(JSON.parse(document)).toEqual({
      '@context': {
        '@protected': true,
        XCredential: `${url}#XCredential`,
        address: `${url}#address`,
        line: `${url}#line`,
        list: { '@id': `${url}#list`, '@container': '@list' },
        inner: `${url}#inner`,
      },
    })
  })

  const both = (claims: ClaimPath[], schema: JsonObject) =>
    documentContext(
      {
        ...{ id: 'X', type: 'XCredential', version: '1.0', names: {}, description: {} },
        claims: claims.map((path) => ({ path, names: {}, disclosure: 'always' })),
        schema,
        display: { backgroundColor: '#000', textColor: '#fff' },
      },
      'https://issuer.example',
    )
  const list = { type: 'array', items: { type: 'string' } }

  it.each<[string, ClaimPath[], JsonObject, readonly string[]]>([
    ['a path that goes on in it', [['tags', null], ['tags']], {}, ['tags']],
    ['the schema', [['tags']], { properties: { tags: list } }, ['tags']],
    [
      'the schema by reference',
      [],
      { properties: { tags: { $ref: '#/$defs/l' } }, $defs: { l: list } },
      ['tags'],
    ],
    [
      'one alternative of the schema',
      [],
      { properties: { tags: { anyOf: [{ type: 'string' }, list] } } },
      ['tags'],
    ],
    ['one of its types', [], { properties: { tags: { type: ['string', 'array'] } } }, ['tags']],
    [
      'the same in two places',
      [
        ['a', 'tags', null],
        ['b', 'tags', null],
      ],
      {},
      ['tags'],
    ],
    [
      'a schema that holds itself',
      [],
      { $id: 'x', properties: { tags: list, more: { $ref: '#' } } },
      ['tags'],
    ],
    ['nothing', [['tags']], { properties: { tags: { type: 'string' } } }, []],
  ])('a claim is a list in its context by %s [E]', (_what, claims, schema, lists) => {
    const { '@context': terms } = JSON.parse(both(claims, schema).document)
    const found = Object.keys(terms).filter((name) => terms[name]['@container'] === '@list')
    expect(found).toEqual(lists)
    expect(JSON.stringify(terms)).not.toContain('"@context"')
  })

  it('a name that is a list here and not there is defined in each place [E]', () => {
    const { url, document } = both([['tags'], ['a', 'tags', null], ['b', null, 'tags', null, 'tags']], {})
    const { '@context': terms } = JSON.parse(document)
    const asList = { '@id': `${url}#tags`, '@container': '@list' }
    expect(terms.tags).toBe(`${url}#tags`)
    expect(terms.a['@context']).toEqual({ tags: asList })
    expect(terms.b).toEqual({
      '@id': `${url}#b`,
      '@container': '@list',
      '@context': { tags: { ...asList, '@context': { tags: `${url}#tags` } } },
    })
  })
})
