import { isJsonObject, type JsonObject, type JsonValue } from '@ekkasan/core/json'
import type { ContextRegistry } from '../contexts.ts'
import { DataIntegrityError } from '../errors.ts'
import { type Context, type ContextProcessor, contextProcessorOf, expandIri, termsCopied } from './context.ts'
import { canonicalizeJson } from './jcs.ts'
import { direction, invalid, tooComplex, undefinedTerm } from './json-ld-errors.ts'
import { literal, type Quad, rdf, xsd } from './quad.ts'
import { isAbsoluteIri, isKeyword, isKeywordLike, isSameTerm, type Term } from './term.ts'
import { itemsOf, languageMap, nativeOf, valueObject, wellFormed } from './value-literal.ts'

// Expansion and deserialization to RDF in one walk (JSON-LD 1.1 Processing Algorithms sections 5.1 and 8.1), for
// documents that a proof must cover whole: what JSON-LD would drop without a word is refused.

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

/**
 * The statements of a document that is one node.
 * @throws DataIntegrityError `data-integrity.context.*`, `data-integrity.json-ld.*`
 */
export function toRdf(document: JsonObject, registry: ContextRegistry, labels?: BlankLabels): Quad[] {
  const processor = contextProcessorOf(registry)
  const walk: Walk = {
    processor,
    quads: [],
    blanks: labels ?? createBlankLabels(),
    keeps: labels !== undefined,
    copiedBefore: termsCopied(),
    inline: registry.inline ?? new Set(),
    root: undefined,
  }
  walkNode(walk, document, enter(walk, document, processor.initial, undefined), '')
  requireStatement(walk, 0)
  return walk.quads
}

// Entries of contexts that one document may make; an honest one makes a few thousand.
const maxCopied = 200_000

interface Walk {
  readonly processor: ContextProcessor
  readonly quads: Quad[]
  readonly blanks: BlankLabels
  /** Whether labels belong to objects; else each place has its own. */
  readonly keeps: boolean
  readonly copiedBefore: number
  readonly inline: ReadonlySet<string> | 'accepted'
  /** The document's own node. */
  root: string | undefined
}

/** Emits a node's statements, in the context that was entered for it; returns the node as a term. */
function walkNode(walk: Walk, node: JsonObject, active: Context, graph: string): string {
  const names = Object.keys(node)
  const typed = enterTypes(walk, node, names, active)
  let id: string | undefined
  const types: string[] = []
  const properties: [predicate: string, term: Term | undefined, value: JsonValue][] = []
  for (const name of names) {
    if (name === '@context') continue
    // A term's IRI was found to be absolute when the term was made.
    const term = typed.terms.get(name)
    const property = term?.iri ?? expandIri(typed, name, true)
    if (property === undefined || !(term || isKeyword(property) || isAbsoluteIri(property)))
      throw undefinedTerm('term', name)
    const value = node[name] as JsonValue
    if (property === '@id') {
      if (id !== undefined || typeof value !== 'string') throw invalid('an identifier is not one string')
      id = subjectOf(walk, value, typed)
    } else if (property === '@type') {
      for (const type of Array.isArray(value) ? value : [value]) types.push(typeOf(walk, type, active))
    } else if (isKeyword(property)) {
      throw invalid(`${property} does not stand in a node here`)
    } else {
      requireItsName(walk, name, property, typed)
      properties.push([term?.predicate ?? `<${property}>`, term, value])
    }
  }
  const subject = id ?? blankOf(walk, node, 'node')
  if (walk.root === undefined) walk.root = subject
  else if (subject === walk.root && graph === '' && types.length + properties.length > 0) {
    throw invalid('more is said of the document in another place of it')
  }
  for (const type of types) walk.quads.push({ subject, predicate: `<${rdf}type>`, object: type, graph })
  for (const [predicate, term, value] of properties) {
    const objects = objectsOf(walk, value, typed, term, graph)
    if (typeof objects === 'string') walk.quads.push({ subject, predicate, object: objects, graph })
    else for (const object of objects) walk.quads.push({ subject, predicate, object, graph })
  }
  return subject
}

const termsOf = new WeakMap<Context, ReadonlyMap<string, readonly string[]>>()

/** The terms of a context by their IRIs. */
function termsByIri(context: Context): ReadonlyMap<string, readonly string[]> {
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

// A proof over statements holds whatever a member is called; `validUntil` under another name would not be found. Names
// are read in JSON, so each has to be the term of its IRI, and the document's own members have but one.
function requireItsName(walk: Walk, name: string, iri: string, context: Context): void {
  const isTerm = context.terms.has(name)
  if (isTerm && walk.root !== undefined) return
  const others = termsByIri(context)
    .get(iri)
    ?.some((term) => term !== name)
  if (others || (!isTerm && walk.inline !== 'accepted' && name.includes(':'))) {
    throw new DataIntegrityError(
      'data-integrity.json-ld.other-name',
      'a member is not named by the term of its contexts',
    )
  }
}

function enterContext(
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
function enter(walk: Walk, node: JsonObject, outer: Context, scope: Term | undefined): Context {
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

function enterTypes(walk: Walk, node: JsonObject, names: readonly string[], active: Context): Context {
  const found: string[] = []
  let member: string | undefined
  for (const name of names) {
    if (expandIri(active, name, true) !== '@type') continue
    if (member !== undefined) throw invalid('the types stand in two members')
    member = name
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

/** The values of a property as terms, their own statements emitted. */
function objectsOf(
  walk: Walk,
  value: JsonValue,
  active: Context,
  term: Term | undefined,
  graph: string,
): string | readonly string[] {
  if (term?.unsupported !== undefined) throw invalid(`${term.unsupported} is not supported here`)
  const container = term?.container ?? []
  if (term?.type === '@json') {
    if (container.some((kind) => kind !== '@set')) throw invalid('a container of JSON is not supported here')
    return literal(canonicalizeJson(value), `${rdf}JSON`)
  }
  if (container.length === 0) return valuesOf(walk, value, active, term, graph)
  if (container.includes('@language') && isJsonObject(value)) return languageMap(value, active, term)
  if (container.some((kind) => kind === '@index' || kind === '@id' || kind === '@type')) {
    throw invalid('a container of this kind is not supported here')
  }
  if (container.includes('@list')) {
    const scoped = isJsonObject(value) ? enter(walk, value, active, term) : active
    const held = isJsonObject(value) ? memberOf(value, scoped, '@list') : undefined
    if (held === undefined) return listOf(walk, value, active, term, graph)
    requireLasting(scoped, term)
    return listOf(walk, held, scoped, term, graph)
  }
  if (!container.includes('@graph')) return valuesOf(walk, value, active, term, graph)
  const graphs: string[] = []
  for (const item of itemsOf(value)) {
    if (!isJsonObject(item)) throw invalid('a graph is not an object')
    // A graph has a label beside that of the node in it; the node's object stands for the node.
    const name = blankOf(walk, item, 'graph')
    const said = walk.quads.length
    walkNode(walk, item, enter(walk, item, active, term), name)
    requireStatement(walk, said)
    graphs.push(name)
  }
  return graphs
}

/** How a property is read is not for the context of its own values to change: readers of JSON-LD disagree then. */
function requireLasting(inside: Context, term: Term | undefined): void {
  if (term?.context === undefined) return
  const own = inside.terms.get(term.name)
  if (!own || !isSameTerm(own, term)) throw invalid('a property is redefined by its own context')
}

/** Where nothing is said of a node, a proof does not cover what it is. */
function requireStatement({ quads }: Walk, said: number): void {
  if (quads.length === said) throw invalid('a graph without a statement is not covered by a proof')
}

function valuesOf(
  walk: Walk,
  value: JsonValue,
  active: Context,
  term: Term | undefined,
  graph: string,
): string | readonly string[] {
  if (!Array.isArray(value)) return termOf(walk, value, active, term, graph)
  return itemsOf(value).flatMap((item) => valuesOf(walk, item, active, term, graph))
}

function termOf(
  walk: Walk,
  value: JsonValue,
  active: Context,
  term: Term | undefined,
  graph: string,
): string | readonly string[] {
  if (value === null) throw invalid('null is not covered by a proof')
  if (!isJsonObject(value)) return scalarOf(walk, value as string | number | boolean, active, term)
  const scoped = enter(walk, value, active, term)
  const keyword = Object.keys(value)
    .map((name) => expandIri(scoped, name, true))
    .find((name) => name === '@value' || name === '@list' || name === '@set')
  if (keyword === undefined) return walkNode(walk, value, scoped, graph)
  if (keyword === '@value') return valueObject(value, scoped)
  requireLasting(scoped, term)
  const held = memberOf(value, scoped, keyword) as JsonValue
  if (keyword === '@list') return listOf(walk, held, scoped, term, graph)
  // Several, even of one: a list takes no set for an item.
  return [valuesOf(walk, held, scoped, term, graph)].flat()
}

/** The value of a keyword in an object that has it alone. */
function memberOf(object: JsonObject, active: Context, keyword: string): JsonValue | undefined {
  const name = Object.keys(object).find((candidate) => expandIri(active, candidate, true) === keyword)
  if (name === undefined) return undefined
  if (Object.keys(object).length > 1) {
    throw invalid(`${keyword} with other members`)
  }
  return object[name]
}

function listOf(
  walk: Walk,
  value: JsonValue,
  active: Context,
  term: Term | undefined,
  graph: string,
): string {
  const items = Array.isArray(value) ? value : [value]
  const objects = items.map((item) => {
    // Whether they are lists in the list or items of it, readers of JSON-LD disagree about elsewhere.
    if (Array.isArray(item) && term?.container.includes('@list')) {
      return listOf(walk, item, active, term, graph)
    }
    const object = Array.isArray(item) ? [] : termOf(walk, item, active, term, graph)
    if (typeof object !== 'string') throw invalid('several values in one place of a list')
    return object
  })
  if (objects.length === 0) return `<${rdf}nil>`
  const cells = objects.map((_object, index) =>
    blankOf(walk, Array.isArray(value) ? value : {}, `cell ${index}`),
  )
  for (const [index, object] of objects.entries()) {
    const subject = cells[index] as string
    walk.quads.push({ subject, predicate: `<${rdf}first>`, object, graph })
    walk.quads.push({ subject, predicate: `<${rdf}rest>`, object: cells[index + 1] ?? `<${rdf}nil>`, graph })
  }
  return cells[0] as string
}

/** JSON-LD section 5.3.3, value expansion, and 8.2.2, to a term of RDF. */
function scalarOf(
  walk: Walk,
  value: string | number | boolean,
  outer: Context,
  term: Term | undefined,
): string {
  let active = outer
  if (term?.context !== undefined) {
    active = enterContext(walk, outer, term.context, { overrideProtected: true })
    requireLasting(active, term)
  }
  const type = term?.type
  if (typeof value === 'string' && (type === '@id' || type === '@vocab')) {
    if (type === '@id') return subjectOf(walk, value, active)
    return referenceOf(walk, expandIri(active, value, true))
  }
  const datatype = type === undefined || type.startsWith('@') ? undefined : type
  if (typeof value !== 'string') return nativeOf(value, datatype)
  if (datatype !== undefined) return literal(wellFormed(value), datatype)
  if (type === undefined || type === '@none') {
    if (term?.isDirected || active.isDirected) throw direction()
    const language = term?.language === undefined ? active.language : (term.language ?? undefined)
    return literal(wellFormed(value), `${xsd}string`, language)
  }
  return literal(wellFormed(value), `${xsd}string`)
}

function subjectOf(walk: Walk, id: string, active: Context): string {
  return referenceOf(walk, isKeywordLike(id) ? undefined : expandIri(active, id, false))
}

function typeOf(walk: Walk, type: JsonValue, active: Context): string {
  if (typeof type !== 'string') throw invalid('a type is not a string')
  const iri = expandIri(active, type, true)
  if (iri === undefined || isKeyword(iri) || !(isAbsoluteIri(iri) || iri.startsWith('_:')))
    throw undefinedTerm('type', type)
  return referenceOf(walk, iri)
}

function referenceOf(walk: Walk, iri: string | undefined): string {
  if (iri?.startsWith('_:')) {
    const known = walk.blanks.named.get(iri)
    if (known !== undefined) return known
    const label = nextBlank(walk)
    walk.blanks.named.set(iri, label)
    return label
  }
  if (iri === undefined || !isAbsoluteIri(iri)) throw invalid('an identifier is not an absolute IRI')
  return `<${iri}>`
}

function blankOf(walk: Walk, object: object, role: string): string {
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

function nextBlank({ blanks }: Walk): string {
  const label = `_:b${blanks.count}`
  blanks.count += 1
  return label
}
