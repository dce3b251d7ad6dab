import type { HashAlgorithm } from '@ekkasan/core'
import { hash, hex } from '@ekkasan/core/bytes'
import { DataIntegrityError } from '../errors.ts'
import {
  compareUnits,
  distinctQuads,
  isBlank,
  type Order,
  orderOf,
  type Quad,
  relabelQuads,
  textOf,
} from './quad.ts'

/** How many hashes of neighbours a document may take; honest ones take none, or a few for each blank node. */
const maxWork = 10_000

export interface CanonicalRdf {
  /** Canonical N-Quads. */
  readonly text: string
  /** Canonical label (`_:c14n0`) of each blank node. */
  readonly labels: ReadonlyMap<string, string>
}

/**
 * RDF Dataset Canonicalization, RDFC-1.0 section 4.
 * @throws DataIntegrityError `data-integrity.rdf.too-complex`
 */
export function canonicalizeRdf(
  statements: readonly Quad[],
  algorithm: HashAlgorithm = 'sha-256',
): CanonicalRdf {
  const order = orderOf(statements)
  const quads = distinctQuads(statements, order)
  const state: State = {
    algorithm,
    order,
    quadsOf: new Map(),
    firstHashes: new Map(),
    canonical: issuer('_:c14n'),
    work: 0,
  }
  for (const quad of quads) {
    const { subject, object, graph } = quad
    if (isBlank(subject)) addQuad(state, subject, quad)
    if (isBlank(object) && object !== subject) addQuad(state, object, quad)
    if (isBlank(graph) && graph !== subject && graph !== object) addQuad(state, graph, quad)
  }
  issueLabels(state)
  const labels = state.canonical.issued
  const relabelled = relabelQuads(quads, (blank) => labels.get(blank) as string)
  return { text: textOf(relabelled.sort(order)), labels }
}

function addQuad({ quadsOf }: State, blank: string, quad: Quad): void {
  const known = quadsOf.get(blank)
  if (known) known.push(quad)
  else quadsOf.set(blank, [quad])
}

/** Section 4.4.3, steps 3 to 5. */
function issueLabels(state: State): void {
  // A blank node alone needs no hash to be told from others: that of every proof's options.
  if (state.quadsOf.size === 1) {
    for (const blank of state.quadsOf.keys()) state.canonical.issue(blank)
    return
  }
  const byHash = new Map<string, string[]>()
  for (const blank of state.quadsOf.keys()) {
    const digest = hashFirstDegree(state, blank)
    const same = byHash.get(digest)
    if (same) same.push(blank)
    else byHash.set(digest, [blank])
  }
  const hashes = [...byHash.keys()].sort()
  for (const digest of hashes) {
    const [blank, another] = byHash.get(digest) as string[]
    if (another === undefined) state.canonical.issue(blank as string)
  }
  for (const digest of hashes) {
    const blanks = byHash.get(digest) as string[]
    if (blanks.length === 1) continue
    const paths: HashPath[] = []
    for (const blank of blanks) {
      if (state.canonical.issued.has(blank)) continue
      const temporary = issuer('_:b')
      temporary.issue(blank)
      paths.push(hashNDegree(state, blank, temporary))
    }
    paths.sort((a, b) => compareUnits(a.digest, b.digest))
    for (const { issued } of paths) for (const blank of issued.issued.keys()) state.canonical.issue(blank)
  }
}

interface State {
  readonly algorithm: HashAlgorithm
  readonly order: Order
  readonly quadsOf: Map<string, Quad[]>
  readonly firstHashes: Map<string, string>
  readonly canonical: Issuer
  work: number
}

interface HashPath {
  readonly digest: string
  readonly issued: Issuer
}

interface Issuer {
  readonly issued: Map<string, string>
  issue(blank: string): string
  copy(): Issuer
}

function issuer(prefix: string, issued = new Map<string, string>()): Issuer {
  return {
    issued,
    issue(blank) {
      let label = issued.get(blank)
      if (label === undefined) {
        label = `${prefix}${issued.size}`
        issued.set(blank, label)
      }
      return label
    },
    copy: () => issuer(prefix, new Map(issued)),
  }
}

function digestOf({ algorithm }: State, text: string): string {
  return hex(hash(algorithm, text))
}

/** Section 4.6. */
function hashFirstDegree(state: State, blank: string): string {
  const known = state.firstHashes.get(blank)
  if (known !== undefined) return known
  const marked = relabelQuads(state.quadsOf.get(blank) as Quad[], (other) =>
    other === blank ? '_:a' : '_:z',
  )
  const digest = digestOf(state, textOf(marked.sort(state.order)))
  state.firstHashes.set(blank, digest)
  return digest
}

/** Section 4.7. */
function hashRelated(
  state: State,
  related: string,
  quad: Quad,
  issued: Issuer,
  position: 's' | 'o' | 'g',
): string {
  const label =
    state.canonical.issued.get(related) ?? issued.issued.get(related) ?? hashFirstDegree(state, related)
  return digestOf(state, position === 'g' ? `${position}${label}` : `${position}${quad.predicate}${label}`)
}

/** Section 4.8. */
function hashNDegree(state: State, blank: string, given: Issuer): HashPath {
  spend(state, 1)
  let issued = given
  const related = new Map<string, string[]>()
  for (const quad of state.quadsOf.get(blank) as Quad[]) {
    const places = [
      [quad.subject, 's'],
      [quad.object, 'o'],
      [quad.graph, 'g'],
    ] as const
    for (const [term, position] of places) {
      if (!isBlank(term) || term === blank) continue
      spend(state, 1)
      const digest = hashRelated(state, term, quad, issued, position)
      const same = related.get(digest)
      if (same) same.push(term)
      else related.set(digest, [term])
    }
  }
  let data = ''
  for (const digest of [...related.keys()].sort()) {
    data += digest
    let chosenPath = ''
    let chosen: Issuer | undefined
    for (const permutation of permutations(related.get(digest) as string[])) {
      spend(state, 1)
      let copy = issued.copy()
      let path = ''
      const recursion: string[] = []
      const isWorse = () => chosenPath !== '' && path.length >= chosenPath.length && path > chosenPath
      let skipped = false
      for (const other of permutation) {
        const canonical = state.canonical.issued.get(other)
        if (canonical !== undefined) path += canonical
        else {
          if (!copy.issued.has(other)) recursion.push(other)
          path += copy.issue(other)
        }
        if (isWorse()) {
          skipped = true
          break
        }
      }
      if (skipped) continue
      for (const other of recursion) {
        const result = hashNDegree(state, other, copy)
        path += `${copy.issue(other)}<${result.digest}>`
        copy = result.issued
        if (isWorse()) {
          skipped = true
          break
        }
      }
      if (!skipped && (chosenPath === '' || path < chosenPath)) {
        chosenPath = path
        chosen = copy
      }
    }
    data += chosenPath
    issued = chosen as Issuer
  }
  return { digest: digestOf(state, data), issued }
}

function* permutations(items: readonly string[]): Generator<readonly string[]> {
  if (items.length <= 1) {
    yield items
    return
  }
  for (const [index, item] of items.entries()) {
    const others = [...items.slice(0, index), ...items.slice(index + 1)]
    for (const rest of permutations(others)) yield [item, ...rest]
  }
}

function spend(state: State, work: number): void {
  state.work += work
  if (state.work > maxWork) {
    throw new DataIntegrityError(
      'data-integrity.rdf.too-complex',
      'the blank nodes of the document take too much work to tell apart',
    )
  }
}
