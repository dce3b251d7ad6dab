import type { JsonObject, JsonValue } from '@ekkasan/core/json'
import { DataIntegrityError } from '../errors.ts'
import { type Context, type ContextProcessor, expandIri, termsCopied } from './context.ts'
import { canonicalizeJson } from './jcs.ts'
import { invalid, otherName, tooComplex } from './json-ld-errors.ts'
import type { Places } from './places.ts'
import type { Quad } from './quad.ts'
import { isSameTerm, type Term } from './term.ts'

// What a walk through a document carries along, and how it enters contexts.

/**
 * Labels of blank nodes that stay the same over several documents: those of objects, by the object that they are or were
 * copied from. Only for documents in which no object stands in two places.
 */
export interface BlankLabels {
  readonly labels: Map<object, Map<string, string>>
  readonly originals: Map<object, object>
  /** Labels that stand in for those the document gives. */
  readonly named: Map<string, string>
  count: number
}

export function createBlankLabels(): BlankLabels {
  return { labels: new Map(), originals: new Map(), named: new Map(), count: 0 }
}

export interface Walk {
  readonly processor: ContextProcessor
  readonly quads: Quad[]
  readonly blanks: BlankLabels
  /** Whether labels belong to objects; else each place has its own. */
  readonly keeps: boolean
  readonly copiedBefore: number
  readonly inline: ReadonlySet<string> | 'accepted'
  /** Set where the document has to be in compacted form, and its form is told; else any JSON-LD is read. */
  readonly places: Places | undefined
  /** Lists whose order is signed, and JSON that is one value. */
  readonly ordered: Set<object>
  /** The document's own node. */
  root: string | undefined
}

// Entries of contexts that one document may make; an honest one makes a few thousand.
const maxCopied = 200_000

export function enterContext(
  walk: Walk,
  active: Context,
  local: JsonValue,
  options?: { readonly overrideProtected?: boolean; readonly propagate?: boolean },
): Context {
  const entered = walk.processor.process(active, local, options)
  if (termsCopied() - walk.copiedBefore > maxCopied) throw tooComplex()
  return entered
}

/** The context inside a node: an outer one that is not propagated ends, then the property's, then the node's own. */
export function enter(walk: Walk, node: JsonObject, outer: Context, scope: Term | undefined): Context {
  let active = outer
  if (active.previous) {
    const keywords = Object.keys(node).map((name) => expandIri(outer, name, true))
    const isReference = keywords.length === 1 && keywords[0] === '@id'
    if (!isReference && !keywords.includes('@value')) active = active.previous
  }
  if (scope?.context !== undefined) {
    active = enterContext(walk, active, scope.context, { overrideProtected: true })
    if (active.terms.has(scope.name)) requireLasting(active, scope)
  }
  const own = node['@context']
  if (own === undefined) return active
  if (!(Array.isArray(own) ? own : [own]).every((local) => isKnown(walk, local))) {
    throw new DataIntegrityError('data-integrity.context.inline', 'a context is not named by its URL')
  }
  return enterContext(walk, active, own)
}

/** Whether the registry says what a context means: it has its URL, or the whole of it. */
function isKnown({ inline }: Walk, local: JsonValue): boolean {
  return typeof local === 'string' || inline === 'accepted' || inline.has(canonicalizeJson(local))
}

/** The context of a node's types within it. */
export function enterTypes(walk: Walk, node: JsonObject, names: readonly string[], active: Context): Context {
  const found: string[] = []
  let member: string | undefined
  for (const name of names) {
    if (expandIri(active, name, true) !== '@type') continue
    if (member !== undefined) throw invalid('the types stand in two members')
    member = name
    if (walk.places) requireKeywordName(active, name, '@type')
    const value = node[name] as JsonValue
    for (const type of Array.isArray(value) ? value : [value]) if (typeof type === 'string') found.push(type)
  }
  let typed = active
  for (const type of found.length > 1 ? [...found].sort() : found) {
    const scoped = active.terms.get(type)?.context
    if (scoped !== undefined) typed = enterContext(walk, typed, scoped, { propagate: false })
  }
  if (typed !== active && names.some((name) => name !== member && expandIri(typed, name, true) === '@type')) {
    throw invalid('the types stand in two members')
  }
  return typed
}

/** How a property is read is not for the context of its own values to change: readers of JSON-LD disagree then. */
export function requireLasting(inside: Context, term: Term | undefined): void {
  if (term?.context === undefined) return
  const own = inside.terms.get(term.name)
  if (!own || !isSameTerm(own, term)) throw invalid('a property is redefined by its own context')
}

const termsOf = new WeakMap<Context, ReadonlyMap<string, readonly string[]>>()

/** The terms of a context by their IRIs, those of keywords by the keyword. */
export function termsByIri(context: Context): ReadonlyMap<string, readonly string[]> {
  const known = termsOf.get(context)
  if (known) return known
  const terms = new Map<string, string[]>()
  for (const { name, iri } of context.terms.values()) {
    if (iri === null) continue
    const same = terms.get(iri)
    if (same) same.push(name)
    else terms.set(iri, [name])
  }
  termsOf.set(context, terms)
  return terms
}

/**
 * A proof over statements holds whatever a member is called; `validUntil` under another name would not be found. Names
 * are read in JSON, so each has to be the one term of its IRI.
 */
export function requireItsName(walk: Walk, name: string, iri: string, context: Context): void {
  const isTerm = context.terms.has(name)
  if (isTerm && walk.root !== undefined && !walk.places) return
  if (hasOtherName(context, name, iri)) throw otherName()
  if (!isTerm && walk.inline !== 'accepted' && name.includes(':')) throw otherName()
}

/** `@id` where the context has `id` for it, or two names for it, could be written otherwise too. */
export function requireKeywordName(context: Context, name: string, keyword: string): void {
  if (hasOtherName(context, name, keyword)) throw otherName()
}

function hasOtherName(context: Context, name: string, iri: string): boolean {
  const names = termsByIri(context).get(iri)
  return names !== undefined && (names.length > 1 || names[0] !== name)
}

export function nextBlank({ blanks }: Walk): string {
  const label = `_:b${blanks.count}`
  blanks.count += 1
  return label
}

/** A blank node's label, by what the object has it for. */
export function blankOf(walk: Walk, object: object, role: string): string {
  if (!walk.keeps) return nextBlank(walk)
  const { labels, originals } = walk.blanks
  const original = originals.get(object) ?? object
  let roles = labels.get(original)
  if (!roles) {
    roles = new Map()
    labels.set(original, roles)
  }
  let label = roles.get(role)
  if (label === undefined) {
    label = nextBlank(walk)
    roles.set(role, label)
  }
  return label
}
