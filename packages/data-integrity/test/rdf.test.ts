import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalizeRdf } from '../src/internal/canonicalize-rdf.ts'
import { termsCopied } from '../src/internal/context.ts'
import { lineOf, literal, type Quad, xsd } from '../src/internal/quad.ts'
import { toRdf } from '../src/internal/to-rdf.ts'
import { openContexts as contexts } from './setting.ts'

const quad = (subject: string, predicate: string, object: string, graph = ''): Quad => ({
  subject,
  predicate: `<urn:${predicate}>`,
  object,
  graph,
})
const text = (quads: readonly Quad[]) => canonicalizeRdf(quads).text
// Of CPU time: other programs on the machine do not count.
const millisecondsSince = (start: NodeJS.CpuUsage) => process.cpuUsage(start).user / 1000
const linesOf = (quads: readonly Quad[]) => text(quads).trimEnd().split('\n')

describe('RDFC-1.0', () => {
  it('gives one text whatever the labels and order of the statements', () => {
    const term = fc.constantFrom('_:a', '_:b', '_:c', '_:d', '<urn:x>', '<urn:y>')
    const quads = fc.array(
      fc.tuple(
        term,
        fc.constantFrom('p', 'q'),
        fc.oneof(term, fc.constant('"v"')),
        fc.constantFrom('', '_:a', '<urn:g>'),
      ),
      { maxLength: 12 },
    )
    fc.assert(
      fc.property(
        quads,
        fc.shuffledSubarray(['_:z', '_:y', '_:x', '_:w'], { minLength: 4 }),
        fc.infiniteStream(fc.nat()),
        (given, names, order) => {
          const renamed = (name: string) =>
            name.startsWith('_:') ? (names['abcd'.indexOf(name.charAt(2))] as string) : name
          const first = given.map(([s, p, o, g]) => quad(s, p, o, g))
          const second = given
            .map(([s, p, o, g]) => ({
              at: order.next().value as number,
              quad: quad(renamed(s), p, renamed(o), renamed(g)),
            }))
            .sort((a, b) => a.at - b.at)
          expect(text(second.map((entry) => entry.quad))).toBe(text(first))
        },
      ),
      { numRuns: 400 },
    )
  })

  it('sorts by code points, which UTF-16 code units are not', () => {
    const quads = [quad('<urn:s>', 'p', '"\u{1f600}"'), quad('<urn:s>', 'p', '"\ufb33"')]
    expect(linesOf(quads)).toEqual(['<urn:s> <urn:p> "\ufb33" .', '<urn:s> <urn:p> "\u{1f600}" .'])
  })

  it('sorts statements as their lines sort', () => {
    const end = fc.constantFrom('', 'a', 'a-b', 'ab', '.', ' ', 'ก', '\ufb33', '\u{1f600}')
    const iri = fc.constantFrom('<urn:a>', '<urn:a:b>', '<urn:ab>', '<urn:a\ufb33>', '<urn:a\u{1f600}>')
    const object = fc.oneof(
      iri,
      end.map((text) => literal(text, `${xsd}string`)),
      fc.tuple(end, fc.constantFrom('en', 'en-us')).map(([text, language]) => literal(text, '', language)),
      fc.tuple(end, fc.constantFrom('integer', 'int')).map(([text, type]) => literal(text, xsd + type)),
    )
    fc.assert(
      fc.property(
        fc.array(fc.record({ subject: iri, predicate: iri, object, graph: fc.oneof(iri, fc.constant('')) })),
        (quads) => {
          const lines = [...new Set(quads.map(lineOf))]
          // UTF-8 sorts by code points.
          const bytes = lines.map((line) => Buffer.from(line)).sort(Buffer.compare)
          expect(text(quads)).toBe(Buffer.concat(bytes).toString())
        },
      ),
    )
  })

  it('counts once what is said twice', () => {
    const quads = [
      quad('_:a', 'p', '_:b'),
      quad('_:b', 'p', '"x"'),
      quad('_:a', 'q', '_:c'),
      quad('_:c', 'p', '"x"'),
    ]
    expect(text([...quads, quads[1] as Quad])).toBe(text(quads))
  })

  it('tells apart what differs in one statement', () => {
    const ring = ['_:a', '_:b', '_:c'].map((name, index, all) =>
      quad(name, 'p', all[(index + 1) % 3] as string),
    )
    expect(text(ring)).not.toBe(text([...ring.slice(0, 2), quad('_:c', 'p', '_:c')]))
  })

  it('stops at graphs made to take for ever, in a moment', () => {
    const names = Array.from({ length: 12 }, (_, index) => `_:n${index}`)
    const clique = names.flatMap((a) => names.filter((b) => a !== b).map((b) => quad(a, 'p', b)))
    const start = process.cpuUsage()
    expect(() => canonicalizeRdf(clique)).toThrow(
      expect.objectContaining({ code: 'data-integrity.rdf.too-complex' }),
    )
    expect(millisecondsSince(start)).toBeLessThan(1000)
  })

  it('takes honest documents with many alike nodes', () => {
    const alike = Array.from({ length: 500 }, (_, index) => quad('<urn:s>', 'p', `_:n${index}`))
    expect(canonicalizeRdf(alike).labels.size).toBe(500)
  })

  it('escapes literals as canonical N-Quads do (section 5)', () => {
    expect(literal('"\\\n\r\t\b\f\u0000\u001f\u007f\u0080ก', `${xsd}string`)).toBe(
      '"\\"\\\\\\n\\r\\t\\b\\f\\u0000\\u001F\\u007F\u0080ก"',
    )
  })
})

describe('contexts made to take for ever', () => {
  const terms = Object.fromEntries(
    Array.from({ length: 4000 }, (_, index) => [`t${index}`, `https://x.example/${index}`]),
  )
  const url = 'https://www.w3.org/ns/credentials/v2'

  it.each([
    [
      'a large one entered again and again',
      {
        '@context': { x: 'https://x.example/', ...terms },
        x: Array.from({ length: 3000 }, () => ({ '@context': {}, t1: 'y' })),
      },
    ],
    [
      'a known one entered again and again',
      {
        '@context': { x: 'https://x.example/' },
        x: Array.from({ length: 3000 }, () => ({ '@context': [url, {}, url, url, url] })),
      },
    ],
  ])('stops at %s, in a moment', (_what, document) => {
    const start = process.cpuUsage()
    expect(() => toRdf(document as never, contexts)).toThrow(
      expect.objectContaining({ code: 'data-integrity.rdf.too-complex' }),
    )
    expect(millisecondsSince(start)).toBeLessThan(5000)
  })
})

describe('JSON-LD to RDF', () => {
  const lines = (document: object) =>
    toRdf({ '@context': ['https://issuer.example/contexts/id.json'], ...document } as never, contexts)

  it('keeps the order of lists', () => {
    expect(text(lines({ names: ['b', 'a'] }))).not.toBe(text(lines({ names: ['a', 'b'] })))
  })

  it('makes nothing anew of registered contexts for a further document', () => {
    const list = ['https://www.w3.org/ns/credentials/v2', 'https://issuer.example/contexts/id.json']
    const document = () => ({
      '@context': [...list],
      type: ['VerifiableCredential'],
      issuer: 'https://x.example',
    })
    toRdf(document(), contexts)
    const before = termsCopied()
    toRdf(document(), contexts)
    expect(termsCopied()).toBe(before)
  })

  it('tells two places apart in which the same object of the program stands', () => {
    const address = { province: 'x' }
    const document = { address, '@context': { other: 'urn:other' }, other: address }
    expect(
      toRdf(
        { ...document, '@context': ['https://issuer.example/contexts/id.json', document['@context']] },
        contexts,
      ),
    ).toEqual(
      toRdf(
        JSON.parse(
          JSON.stringify({
            ...document,
            '@context': ['https://issuer.example/contexts/id.json', document['@context']],
          }),
        ),
        contexts,
      ),
    )
  })

  it('covers JSON literals in their canonical form', () => {
    const [first] = lines({ raw: { b: [null, 1], a: {} } })
    expect(first?.object).toBe(
      '"{\\"a\\":{},\\"b\\":[null,1]}"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON>',
    )
  })

  it.each([
    [
      'an inline vocabulary for what a context left undefined is the document’s own',
      { '@context': { '@vocab': 'https://v.example/' }, x: 'y' },
      '<https://v.example/x>',
    ],
    ['compact IRIs', { '@context': { ex: 'https://ex.example/' }, 'ex:x': 'y' }, '<https://ex.example/x>'],
  ])('reads %s', (_what, document, predicate) => {
    expect(toRdf(document as never, contexts)[0]?.predicate).toBe(predicate)
  })

  it.each([
    ['@reverse', { '@context': { x: { '@reverse': 'https://x.example/' } }, x: 'urn:y' }],
    ['@nest', { '@context': { x: { '@id': 'https://x.example/', '@nest': 'y' } }, x: 'urn:y' }],
    ['@import', { '@context': { '@import': 'https://x.example/' } }],
    ['@base', { '@context': { '@base': 'https://x.example/' }, id: 'x' }],
    ['@included', { '@included': [] }],
    ['terms by each other', { '@context': { a: 'b:x', b: 'a:y' } }],
    ['a term that looks like another IRI', { '@context': { 'urn:a': 'urn:b' } }],
    ['65 contexts', { '@context': Array.from({ length: 65 }, () => ({})) }],
  ])('refuses %s', (_what, document) => {
    expect(() => toRdf(document as never, contexts)).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^data-integrity\./) }),
    )
  })
})

it('counts every statement of a node, though its line says the same of several nodes (RDFC-1.0 section 4.6)', () => {
  const quad = (subject: string, object: string) => ({ subject, predicate: '<urn:p>', object, graph: '' })
  const quads = [quad('_:a', '_:b'), quad('_:a', '_:c'), quad('_:b', '"0"'), quad('_:c', '"1"')]
  // The digest of `_:a` is over its line twice; over it once, the labels would be others.
  expect(linesOf(quads)).toEqual([
    '_:c14n0 <urn:p> _:c14n1 .',
    '_:c14n0 <urn:p> _:c14n2 .',
    '_:c14n1 <urn:p> "1" .',
    '_:c14n2 <urn:p> "0" .',
  ])
})
