import { createContextRegistry } from '@ekkasan/data-integrity'
import fc from 'fast-check'
import jsonld from 'jsonld'
import { canonize } from 'rdf-canonize'
import { expect, it } from 'vitest'
import { bundledContexts } from '../../packages/data-integrity/src/generated/contexts.ts'
// What is compared here is inside: no entry point gives it.
import { canonicalizeRdf } from '../../packages/data-integrity/src/internal/canonicalize-rdf.ts'
import { type Context, contextProcessorOf } from '../../packages/data-integrity/src/internal/context.ts'
import type { Term } from '../../packages/data-integrity/src/internal/term.ts'
import { toRdf } from '../../packages/data-integrity/src/internal/to-rdf.ts'
import { context as ownContext } from './digitalbazaar-parties.ts'

// Random documents over the contexts that are there for all: what ours reads, jsonld in safe mode reads, and to the same
// bytes. What ours does not read is refused with a code.

const contexts = createContextRegistry([ownContext])
const urls = [...bundledContexts.map(({ url }) => url), ownContext.url]
const [version1, version2] = urls as [string, string]
const processor = contextProcessorOf(contexts)

async function documentLoader(url: string) {
  return { contextUrl: null, documentUrl: url, document: { '@context': contexts.find(url) } }
}
async function theirs(document: object): Promise<string> {
  const dataset = await jsonld.toRDF(document, { documentLoader, safe: true, base: null })
  return canonize(dataset, { algorithm: 'RDFC-1.0', format: 'application/n-quads', maxWorkFactor: 2 })
}

type Pick = <T>(items: readonly T[]) => T

/** A context entered, where it can be. */
function entered(active: Context, local: unknown, options: object = {}): Context {
  try {
    return local === undefined ? active : processor.process(active, local as never, options)
  } catch {
    return active
  }
}

function node(g: fc.GeneratorValue, outer: Context, depth: number): Record<string, unknown> {
  const pick: Pick = (items) => items[g(fc.nat, { max: items.length - 1 })] as (typeof items)[number]
  const isSo = (oneIn: number) => g(fc.nat, { max: oneIn - 1 }) === 0
  const own = isSo(20) ? pick(urls) : undefined
  let active = entered(outer, own)
  const namesOf = (isType: boolean) =>
    [...active.terms.values()].filter(({ name, iri }) => /^[A-Z]/.test(name) === isType && iri?.includes(':'))
  const types =
    isSo(2) && namesOf(true).length > 0 ? [pick(namesOf(true)).name, pick(namesOf(true)).name] : []
  for (const type of [...types].sort()) {
    active = entered(active, active.terms.get(type)?.context, { propagate: false })
  }
  const value = (term: Term): unknown => {
    const inner = entered(active.previous ?? active, term.context, { overrideProtected: true })
    if (depth > 0 && (isSo(2) || term.container.includes('@graph'))) return node(g, inner, depth - 1)
    return pick<unknown>([
      ...['x', 'urn:x', 'https://e.example/1', '2026-01-01T00:00:00Z', 'กข"\n', 5, 1.5, true, 0],
      { '@value': 'x', '@language': 'TH' },
      { '@value': 1.5, '@type': 'urn:type' },
      { en: 'a', th: 'ข' },
      ['a', 'b'],
    ])
  }
  const terms = namesOf(false)
  const members = Array.from({ length: terms.length && 1 + g(fc.nat, { max: 3 }) }, () => pick(terms))
  return {
    ...(own !== undefined && { '@context': own }),
    ...(isSo(2) && { id: `urn:n:${g(fc.nat)}` }),
    ...(types.length > 0 && { type: isSo(2) ? types[0] : types }),
    ...Object.fromEntries(members.map((term) => [term.name, value(term)])),
  }
}

it('reads random documents over the bundled contexts as jsonld and rdf-canonize do, or refuses them', async () => {
  let read = 0
  await fc.assert(
    fc.asyncProperty(fc.gen(), async (g) => {
      const first = [version1, version2, version2, ...urls][g(fc.nat, { max: 2 + urls.length })] as string
      const list = [...new Set([first, urls[g(fc.nat, { max: urls.length - 1 })] as string])]
      const document = { ...node(g, entered(processor.initial, list), 2), '@context': list }
      let ours: string
      try {
        ours = canonicalizeRdf(toRdf(document as never, contexts)).text
      } catch (error) {
        expect((error as { code: string }).code).toMatch(/^data-integrity\./)
        return
      }
      read += 1
      const text = await theirs(document)
      // What is said twice in one place, jsonld writes twice; a dataset is a set.
      fc.pre(new Set(text.split('\n')).size === text.split('\n').length)
      expect(ours).toBe(text)
    }),
    { numRuns: 1000 },
  )
  expect(read).toBeGreaterThan(100)
})
