import { createWorkBudget, type HashAlgorithm, statementsOfAnAnswer, type WorkBudget } from '@ekkasan/core'
import { hash } from '@ekkasan/core/bytes'
import type { JsonObject, JsonValue } from '@ekkasan/core/json'
import type { ContextRegistry } from '../contexts.ts'
import { type CanonicalRdf, canonicalizeRdf } from './canonicalize-rdf.ts'
import { canonicalizeJson } from './jcs.ts'
import { tooComplex } from './json-ld-errors.ts'
import { type ReadDocument, readCompacted } from './to-rdf.ts'

/** The canonical forms of one document, alone and with proofs that a chain covers: each is made once. */
export interface CanonicalForms {
  readonly document: JsonObject
  /** Its statements, and the form in which it is handed on. @throws DataIntegrityError */
  read(previous?: readonly JsonObject[]): ReadDocument
  /** RDFC-1.0. @throws DataIntegrityError */
  rdf(algorithm: HashAlgorithm, previous?: readonly JsonObject[]): CanonicalRdf
  /** The hash of the document as a proof of this kind covers it; `context` is that of a jcs proof. */
  digest(
    kind: 'rdfc' | 'jcs',
    algorithm: HashAlgorithm,
    options: { readonly previous: readonly JsonObject[]; readonly context?: JsonValue | undefined },
  ): Uint8Array
  /** The hash of a further small document, a proof's options. */
  digestOf(other: JsonObject, kind: 'rdfc' | 'jcs', algorithm: HashAlgorithm): Uint8Array
}

export interface CanonicalFormsOptions {
  readonly contexts: ContextRegistry
  /** Of statements; one of its own where it is absent. */
  readonly budget?: WorkBudget | undefined
}

export function canonicalFormsOf(
  document: JsonObject,
  { contexts, budget = createWorkBudget(statementsOfAnAnswer) }: CanonicalFormsOptions,
): CanonicalForms {
  const reads = new Map<string, ReadDocument>()
  const canonical = new Map<string, CanonicalRdf>()
  const digests = new Map<string, Uint8Array>()
  const readOf = (other: JsonObject) => {
    if (!budget.take(0)) throw tooComplex()
    return readCompacted(other, contexts)
  }
  const canonicalOf = ({ quads }: ReadDocument, algorithm: HashAlgorithm) => {
    if (!budget.take(quads.length)) throw tooComplex()
    return canonicalizeRdf(quads, algorithm)
  }
  // Ids tell the proofs of a document apart.
  const keyOf = (previous: readonly JsonObject[]) =>
    previous.length === 0 ? '' : JSON.stringify(previous.map(({ id }) => id ?? null))
  const chained = (previous: readonly JsonObject[]) =>
    previous.length === 0 ? document : { ...document, proof: previous }
  const forms: CanonicalForms = {
    document,
    read: (previous = []) => once(reads, keyOf(previous), () => readOf(chained(previous))),
    rdf: (algorithm, previous = []) =>
      once(canonical, `${algorithm} ${keyOf(previous)}`, () => canonicalOf(forms.read(previous), algorithm)),
    digest(kind, algorithm, { previous, context }) {
      const own = context === undefined ? '' : canonicalizeJson(context)
      return once(digests, `${kind} ${algorithm} ${keyOf(previous)} ${own}`, () => {
        if (kind === 'rdfc') return hash(algorithm, forms.rdf(algorithm, previous).text)
        const covered =
          context === undefined ? chained(previous) : { ...chained(previous), '@context': context }
        return hash(algorithm, canonicalizeJson(covered))
      })
    },
    digestOf: (other, kind, algorithm) =>
      hash(algorithm, kind === 'jcs' ? canonicalizeJson(other) : canonicalOf(readOf(other), algorithm).text),
  }
  return forms
}

function once<T>(known: Map<string, T>, key: string, make: () => T): T {
  let value = known.get(key)
  if (value === undefined) {
    value = make()
    known.set(key, value)
  }
  return value
}
