import { isJsonObject, type JsonObject, type JsonValue } from '@ekkasan/core/json'
import type { ContextRegistry } from '../contexts.ts'
import { type Context, contextProcessorOf, expandIri, termsCopied } from './context.ts'
import { listForm, nativeForm, vocabForm } from './form.ts'
import { canonicalizeJson } from './jcs.ts'
import { direction, invalid, undefinedTerm } from './json-ld-errors.ts'
import { notePlace, type Places, requireNearest } from './places.ts'
import { literal, type Quad, rdf, xsd } from './quad.ts'
import { isAbsoluteIri, isKeyword, isKeywordLike, type Term } from './term.ts'
import {
  itemsOf,
  languageMap,
  lexicalOf,
  nativeOf,
  ownDatatype,
  type Read,
  twice,
  valueObject,
  valueObjectForm,
  wellFormed,
} from './value-literal.ts'
import {
  type BlankLabels,
  blankOf,
  createBlankLabels,
  enter,
  enterContext,
  enterTypes,
  nextBlank,
  requireItsName,
  requireKeywordName,
  requireLasting,
  type Walk,
} from './walk.ts'

// Expansion and deserialization to RDF in one walk (JSON-LD 1.1 Processing Algorithms sections 5.1 and 8.1), for
// documents that a proof must cover whole: what JSON-LD would drop without a word is refused.

/**
 * The statements of a document that is one node, in whatever form of JSON-LD it is.
 * @throws DataIntegrityError `data-integrity.context.*`, `data-integrity.json-ld.*`
 */
export function toRdf(document: JsonObject, registry: ContextRegistry): Quad[] {
  return read(document, registry, undefined, undefined).quads
}

export interface ReadDocument {
  readonly quads: readonly Quad[]
  /** The document in the one form that its statements have: what is handed on of it. */
  readonly form: JsonObject
  /** Lists of the form whose order is signed, and values of it that are JSON as it stands. */
  readonly ordered: ReadonlySet<object>
}

/**
 * The statements of a document in compacted form (VCDM 2.0 section 6.1), and the form in which it is handed on: the same
 * for all documents with these statements, but for the order of members and of arrays without order. What could be
 * written otherwise and is not, as a single value and a list of one may be, is refused.
 * @throws DataIntegrityError `data-integrity.context.*`, `data-integrity.json-ld.*`
 */
export function readCompacted(
  document: JsonObject,
  registry: ContextRegistry,
  labels?: BlankLabels,
): ReadDocument {
  const places: Places = new Map()
  const result = read(document, registry, labels, places)
  requireNearest(places)
  return result
}

function read(
  document: JsonObject,
  registry: ContextRegistry,
  labels: BlankLabels | undefined,
  places: Places | undefined,
): ReadDocument & { readonly quads: Quad[] } {
  const processor = contextProcessorOf(registry)
  const walk: Walk = {
    processor,
    quads: [],
    blanks: labels ?? createBlankLabels(),
    keeps: labels !== undefined,
    copiedBefore: termsCopied(),
    inline: registry.inline ?? new Set(),
    places,
    ordered: new Set(),
    root: undefined,
  }
  const { form } = walkNode(walk, document, enter(walk, document, processor.initial, undefined), {
    graph: '',
    distance: 0,
  })
  requireStatement(walk, 0)
  return { quads: walk.quads, form: form as JsonObject, ordered: walk.ordered }
}

/** Where in a document something is written: its graph, and how far from the graph's first node. */
interface At {
  readonly graph: string
  readonly distance: number
}

/** Emits a node's statements, in the context that was entered for it; returns the node as a term. */
function walkNode(walk: Walk, node: JsonObject, active: Context, at: At): Read<string> {
  const names = Object.keys(node)
  const typed = enterTypes(walk, node, names, active)
  const { places } = walk
  let id: string | undefined
  const types: string[] = []
  const properties: [predicate: string, name: string, term: Term | undefined][] = []
  let changed: Record<string, JsonValue> | undefined
  const change = (name: string, form: JsonValue) => {
    if (form === node[name]) return
    changed ??= {}
    changed[name] = form
  }
  for (const name of names) {
    if (name === '@context') {
      if (places && at.distance > 0) throw invalid('a context within the document')
      continue
    }
    // A term's IRI was found to be absolute when the term was made.
    const term = typed.terms.get(name)
    const property = term?.iri ?? expandIri(typed, name, true)
    if (property === undefined || !(term || isKeyword(property) || isAbsoluteIri(property)))
      throw undefinedTerm('term', name)
    const value = node[name] as JsonValue
    if (property === '@id') {
      if (id !== undefined || typeof value !== 'string') throw invalid('an identifier is not one string')
      id = subjectOf(walk, value, typed)
      if (places) {
        requireKeywordName(typed, name, '@id')
        change(name, id.slice(1, -1))
      }
    } else if (property === '@type') {
      const { terms, form } = typesOf(walk, value, active)
      types.push(...terms)
      if (places) change(name, form)
    } else if (isKeyword(property)) {
      throw invalid(`${property} does not stand in a node here`)
    } else {
      requireItsName(walk, name, property, typed)
      properties.push([term?.predicate ?? `<${property}>`, name, term])
    }
  }
  const subject = id ?? blankOf(walk, node, 'node')
  const isDescribed = types.length + properties.length > 0
  const { graph, distance } = at
  const within: At = { graph, distance: distance + 1 }
  const asSubject: At = { graph, distance: distance + 0.5 }
  if (places && id !== undefined) notePlace(places, placeOf(graph, id), distance, isDescribed)
  if (walk.root === undefined) walk.root = subject
  else if (subject === walk.root && graph === '' && isDescribed) {
    throw invalid('more is said of the document in another place of it')
  }
  for (const type of types) walk.quads.push({ subject, predicate: `<${rdf}type>`, object: type, graph })
  for (const [predicate, name, term] of properties) {
    const inside = predicate === subjectPredicate ? asSubject : within
    const { terms, form } = objectsOf(walk, node[name] as JsonValue, typed, term, inside)
    if (places) change(name, form)
    if (typeof terms === 'string') walk.quads.push({ subject, predicate, object: terms, graph })
    else for (const object of terms) walk.quads.push({ subject, predicate, object, graph })
  }
  return { terms: subject, form: changed ? { ...node, ...changed } : node }
}

const placeOf = (graph: string, node: string) => (graph === '' ? node : `${graph} ${node}`)

// Who issues a credential to himself is described as its subject, and named as its issuer.
const subjectPredicate = '<https://www.w3.org/2018/credentials#credentialSubject>'

function typesOf(walk: Walk, value: JsonValue, active: Context): Read<readonly string[]> {
  const { places } = walk
  const items = places ? itemsOf(value) : Array.isArray(value) ? (value as readonly JsonValue[]) : [value]
  const terms = items.map((type) => typeOf(walk, type, active))
  if (!places) return { terms, form: value }
  if (terms.length > 1 && new Set(terms).size !== terms.length) throw twice()
  const forms = terms.map((term) => vocabForm(active, term.slice(1, -1)))
  // `@type` itself may be said to be a set.
  const isSet = active.terms.get('@type')?.container.includes('@set') === true
  if (forms.length === 1 && !isSet) return { terms, form: forms[0] as string }
  return { terms, form: Array.isArray(value) ? listForm(value, forms) : forms }
}

/** The values of a property as terms, their own statements emitted. */
function objectsOf(
  walk: Walk,
  value: JsonValue,
  active: Context,
  term: Term | undefined,
  at: At,
): Read<string | readonly string[]> {
  if (term?.unsupported !== undefined) throw invalid(`${term.unsupported} is not supported here`)
  const container = term?.container ?? []
  if (term?.type === '@json') {
    if (container.some((kind) => kind !== '@set')) throw invalid('a container of JSON is not supported here')
    if (typeof value === 'object' && value !== null) walk.ordered.add(value)
    return { terms: literal(canonicalizeJson(value), `${rdf}JSON`), form: value }
  }
  if (container.length === 0) return valuesOf(walk, value, active, term, at)
  if (container.includes('@language') && isJsonObject(value)) {
    return languageMap(value, active, term, walk.places !== undefined)
  }
  if (container.some((kind) => kind === '@index' || kind === '@id' || kind === '@type')) {
    throw invalid('a container of this kind is not supported here')
  }
  if (container.includes('@list')) {
    const scoped = isJsonObject(value) ? enter(walk, value, active, term) : active
    const held = isJsonObject(value) ? memberOf(value, scoped, '@list') : undefined
    if (held === undefined) return listOf(walk, value, active, term, at)
    requireLasting(scoped, term)
    if (walk.places) throw invalid('@list where the term is a list')
    return listOf(walk, held, scoped, term, at)
  }
  if (!container.includes('@graph')) return valuesOf(walk, value, active, term, at)
  const reads = itemsOf(value).map((item): Read<string> => {
    if (!isJsonObject(item)) throw invalid('a graph is not an object')
    // A graph has a label beside that of the node in it; the node's object stands for the node.
    const graph = blankOf(walk, item, 'graph')
    const said = walk.quads.length
    const { form } = walkNode(walk, item, enter(walk, item, active, term), { graph, distance: 0 })
    requireStatement(walk, said)
    return { terms: graph, form }
  })
  return several(value, reads, container.includes('@set'))
}

/** Of one value itself, of several a list; where the term is a set always a list. */
function several(value: JsonValue, reads: readonly Read<string>[], isSet: boolean): Read<readonly string[]> {
  const forms = reads.map(({ form }) => form)
  const isList = isSet || forms.length !== 1
  return {
    terms: reads.map(({ terms }) => terms),
    form: isList ? (Array.isArray(value) ? listForm(value, forms) : forms) : (forms[0] as JsonValue),
  }
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
  at: At,
): Read<string | readonly string[]> {
  const { places } = walk
  const isSet = term?.container.includes('@set') === true
  if (!Array.isArray(value)) {
    const one = termOf(walk, value, active, term, at)
    return isSet && places ? { terms: one.terms, form: [one.form] } : one
  }
  const reads = itemsOf(value).map((item) => {
    if (places && Array.isArray(item)) throw invalid('a list in a list')
    return valuesOf(walk, item, active, places && term ? withoutSet(term) : term, at)
  })
  const terms = reads.flatMap(({ terms }) => terms)
  if (!places) return { terms, form: value }
  if (terms.length > 1 && new Set(terms).size !== terms.length) throw twice()
  return { terms, form: several(value, reads as readonly Read<string>[], isSet).form }
}

const bare = new WeakMap<Term, Term>()

/** The same for one item of a set: it is no list. */
function withoutSet(term: Term): Term {
  if (!term.container.includes('@set')) return term
  let one = bare.get(term)
  if (!one) {
    one = { ...term, container: term.container.filter((kind) => kind !== '@set') }
    bare.set(term, one)
  }
  return one
}

function termOf(
  walk: Walk,
  value: JsonValue,
  active: Context,
  term: Term | undefined,
  at: At,
): Read<string | readonly string[]> {
  if (value === null) throw invalid('null is not covered by a proof')
  const { places } = walk
  if (!isJsonObject(value)) return scalarOf(walk, value as string | number | boolean, active, term, at)
  const scoped = enter(walk, value, active, term)
  const keyword = Object.keys(value)
    .map((name) => expandIri(scoped, name, true))
    .find((name) => name === '@value' || name === '@list' || name === '@set')
  if (keyword === undefined) {
    const node = walkNode(walk, value, scoped, at)
    return places ? { terms: node.terms, form: referenceForm(node.form as JsonObject, scoped, term) } : node
  }
  if (keyword === '@value') {
    if (!places) return { terms: valueObject(value, scoped), form: value }
    const isIri = term?.type === '@id' || term?.type === '@vocab'
    const asScalar = (plain: string | number | boolean) =>
      isIri && typeof plain === 'string'
        ? undefined
        : scalarOf({ ...walk, places: undefined }, plain, active, term, at).terms
    const read = valueObjectForm(value, scoped, asScalar, datatypeOf(term))
    if (isText(read.terms) && term?.container.includes('@language'))
      throw invalid('a text that belongs in a map by languages')
    return read
  }
  if (places) throw invalid(`${keyword} where an array is enough`)
  requireLasting(scoped, term)
  const held = memberOf(value, scoped, keyword) as JsonValue
  if (keyword === '@list') return listOf(walk, held, scoped, term, at)
  // Several, even of one: a list takes no set for an item.
  return { terms: [valuesOf(walk, held, scoped, term, at).terms].flat(), form: value }
}

/** A text literal, with a language or without. */
const isText = (term: string) => term.startsWith('"') && !term.includes('"^^<')

/** Where an identifier alone can be a text, it is one; a credential's subject is always an object. */
function referenceForm(form: JsonObject, context: Context, term: Term | undefined): JsonValue {
  if (term?.predicate === subjectPredicate || (term?.type !== '@id' && term?.type !== '@vocab')) return form
  const [[name, id] = [], ...more] = Object.entries(form)
  if (name === undefined || more.length > 0 || expandIri(context, name, true) !== '@id') return form
  return term.type === '@id' ? (id as JsonValue) : vocabForm(context, id as string)
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

function listOf(walk: Walk, value: JsonValue, active: Context, term: Term | undefined, at: At): Read<string> {
  const items: readonly JsonValue[] = Array.isArray(value) ? value : [value]
  const reads = items.map((item): Read<string> => {
    // Whether they are lists in the list or items of it, readers of JSON-LD disagree about elsewhere.
    if (Array.isArray(item) && term?.container.includes('@list')) {
      if (walk.places) throw invalid('a list in a list')
      return listOf(walk, item, active, term, at)
    }
    const read = Array.isArray(item) ? undefined : termOf(walk, item, active, term, at)
    if (typeof read?.terms !== 'string') throw invalid('several values in one place of a list')
    return { terms: read.terms, form: read.form }
  })
  const forms = reads.map(({ form }) => form)
  const form = Array.isArray(value) ? listForm(value, forms) : forms
  walk.ordered.add(form)
  if (reads.length === 0) return { terms: `<${rdf}nil>`, form }
  const cells = reads.map((_read, index) => blankOf(walk, Array.isArray(value) ? value : {}, `cell ${index}`))
  const { graph } = at
  for (const [index, { terms: object }] of reads.entries()) {
    const subject = cells[index] as string
    walk.quads.push({ subject, predicate: `<${rdf}first>`, object, graph })
    walk.quads.push({ subject, predicate: `<${rdf}rest>`, object: cells[index + 1] ?? `<${rdf}nil>`, graph })
  }
  return { terms: cells[0] as string, form }
}

const datatypeOf = (term: Term | undefined) =>
  term?.type === undefined || term.type.startsWith('@') ? undefined : term.type

/** JSON-LD section 5.3.3, value expansion, and 8.2.2, to a term of RDF. */
function scalarOf(
  walk: Walk,
  value: string | number | boolean,
  outer: Context,
  term: Term | undefined,
  at: At,
): Read<string> {
  let active = outer
  if (term?.context !== undefined) {
    active = enterContext(walk, outer, term.context, { overrideProtected: true })
    requireLasting(active, term)
  }
  const type = term?.type
  const { places } = walk
  if (typeof value === 'string' && (type === '@id' || type === '@vocab')) {
    const terms =
      type === '@id' ? subjectOf(walk, value, active) : referenceOf(walk, expandIri(active, value, true))
    if (!places) return { terms, form: value }
    notePlace(places, placeOf(at.graph, terms), at.distance, false)
    const iri = terms.slice(1, -1)
    return { terms, form: type === '@id' ? iri : vocabForm(active, iri) }
  }
  const datatype = datatypeOf(term)
  if (typeof value !== 'string') {
    const terms = nativeOf(value, datatype)
    if (!places) return { terms, form: value }
    const own = datatype ?? ownDatatype(value)
    return { terms, form: nativeForm(lexicalOf(value, own), own) }
  }
  if (datatype !== undefined) {
    const terms = literal(wellFormed(value), datatype)
    return { terms, form: places ? nativeForm(value, datatype) : value }
  }
  if (type === undefined || type === '@none') {
    if (term?.isDirected || active.isDirected) throw direction()
    const language = term?.language === undefined ? active.language : (term.language ?? undefined)
    if (places && language !== undefined && term?.container.includes('@language')) {
      throw invalid('a text that belongs in a map by languages')
    }
    return { terms: literal(wellFormed(value), `${xsd}string`, language), form: value }
  }
  return { terms: literal(wellFormed(value), `${xsd}string`), form: value }
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
    if (walk.places) throw invalid('a label of a blank node is not covered by a proof')
    const known = walk.blanks.named.get(iri)
    if (known !== undefined) return known
    const label = nextBlank(walk)
    walk.blanks.named.set(iri, label)
    return label
  }
  if (iri === undefined || !isAbsoluteIri(iri)) throw invalid('an identifier is not an absolute IRI')
  return `<${iri}>`
}
