import { createContextRegistry } from '@ekkasan/data-integrity'
import fc from 'fast-check'
import jsonld from 'jsonld'
import { canonize } from 'rdf-canonize'
import { describe, expect, it } from 'vitest'
// What is compared here is inside: no entry point gives it.
import { canonicalizeRdf } from '../../packages/data-integrity/src/internal/canonicalize-rdf.ts'
import { toRdf } from '../../packages/data-integrity/src/internal/to-rdf.ts'
import {
  createParty,
  credentialOf,
  context as documentContext,
  documentLoader,
} from './digitalbazaar-parties.ts'

// JSON-LD and RDFC-1.0 by jsonld and rdf-canonize, in safe mode, beside ours.

async function theirs(document: object): Promise<string> {
  const dataset = await jsonld.toRDF(document, { documentLoader, safe: true, base: null })
  return canonize(dataset, { algorithm: 'RDFC-1.0', format: 'application/n-quads', maxWorkFactor: 2 })
}
const contexts = createContextRegistry([documentContext], { inlineContexts: 'accepted' })
const ours = (document: object) => canonicalizeRdf(toRdf(document as never, contexts)).text

const context = {
  '@vocab': 'https://v.example/',
  '@language': 'th',
  ex: 'https://ex.example/',
  id: '@id',
  type: '@type',
  link: { '@id': 'ex:link', '@type': '@id' },
  word: { '@id': 'ex:word', '@type': '@vocab' },
  day: { '@id': 'ex:day', '@type': 'http://www.w3.org/2001/XMLSchema#date' },
  double: { '@id': 'ex:double', '@type': 'http://www.w3.org/2001/XMLSchema#double' },
  list: { '@id': 'ex:list', '@container': '@list' },
  set: { '@id': 'ex:set', '@container': '@set' },
  names: { '@id': 'ex:names', '@container': '@language' },
  graph: { '@id': 'ex:graph', '@container': '@graph' },
  json: { '@id': 'ex:json', '@type': '@json' },
  plain: { '@id': 'ex:plain', '@language': null },
  scoped: {
    '@id': 'ex:scoped',
    '@context': { inner: 'ex:scoped-inner', '@vocab': 'https://scoped.example/' },
  },
  Typed: { '@id': 'ex:Typed', '@context': { inner: 'ex:typed-inner' } },
  Other: 'ex:Other',
}

// RDFC-1.0 sorts by code points, rdf-canonize by UTF-16 code units: they differ beyond U+FFFF.
const unit = fc.constantFrom(...'aZ0 ก้é☃\u0000\u007f\t"\\\n<>@^'.split(''))
const text = fc.string({ unit, maxLength: 8 })
// jsonld takes a number as small as 5e-324, written without a point, for an integer.
const double = fc
  .double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 })
  .map((value) => Number(value.toFixed(3)) + 0)
const scalar = fc.oneof(text, fc.integer(), double, fc.boolean())
const iri = fc.constantFrom('urn:a', 'urn:b', 'ex:c', 'https://d.example/x')
const { node } = fc.letrec<{ node: object; value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2, depthIdentifier: 'node' },
    scalar,
    fc.record({ '@value': text, '@language': fc.constantFrom('en', 'TH') }),
    fc.record({ '@value': scalar, '@type': fc.constant('ex:t') }),
    tie('node'),
  ),
  node: fc.record(
    {
      // Each node is described once: jsonld writes a list twice that two descriptions of one node have.
      id: fc.nat().map((number) => `urn:n:${number}`),
      type: fc.oneof(fc.constantFrom('Typed', 'Other'), fc.constant(['Typed', 'Other'])),
      any: fc.oneof(tie('value'), fc.array(tie('value'), { minLength: 1, maxLength: 3 })),
      inner: tie('value'),
      'ex:compact': tie('value'),
      link: fc.oneof({ maxDepth: 2, depthIdentifier: 'node' }, iri, fc.constant('_:x'), tie('node')),
      word: fc.constantFrom('Other', 'unheard'),
      day: fc.constant('2026-11-21'),
      double: fc.oneof(fc.integer(), double),
      list: fc.array(tie('value'), { maxLength: 3 }),
      set: fc.array(tie('value'), { minLength: 1, maxLength: 3 }),
      names: fc.dictionary(fc.constantFrom('th', 'en-US'), text, { minKeys: 1 }),
      graph: fc.oneof({ maxDepth: 2, depthIdentifier: 'node' }, fc.constant({ any: 'x' }), tie('node')),
      json: fc.jsonValue().filter((value) => !JSON.stringify(value).includes('__proto__')),
      plain: text,
      scoped: fc.oneof({ maxDepth: 2, depthIdentifier: 'node' }, text, tie('node')),
    },
    { requiredKeys: [], noNullPrototype: true },
  ),
}))

describe('beside jsonld and rdf-canonize', () => {
  it('reads the national ID to the same statements', async () => {
    const issuer = await createParty('ES256')
    const credential = credentialOf(issuer, await createParty('ES256'))
    expect(ours(credential)).toBe(await theirs(credential))
  })

  it('reads and canonicalizes documents of every kind supported to the same bytes', async () => {
    await fc.assert(
      fc.asyncProperty(node, async (document) => {
        const whole = { '@context': context, any: 'x', ...document, id: 'urn:root' }
        const text = await theirs(whole).catch(() => undefined)
        if (text === undefined) {
          expect(() => ours(whole)).toThrow(
            expect.objectContaining({ code: 'data-integrity.json-ld.invalid' }),
          )
          return
        }
        // What is said twice in one place, jsonld writes twice; a dataset is a set.
        fc.pre(new Set(text.split('\n')).size === text.split('\n').length)
        expect(ours(whole)).toBe(text)
      }),
      { numRuns: 300 },
    )
  })
})
