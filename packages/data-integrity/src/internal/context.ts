import { isJsonObject, type JsonObject, type JsonValue } from '@ekkasan/core/json'
import type { ContextRegistry } from '../contexts.ts'
import { DataIntegrityError } from '../errors.ts'
import { isAbsoluteIri, isKeyword, isKeywordLike, isSameTerm, type Term } from './term.ts'

/** An active context, JSON-LD 1.1 Processing Algorithms section 4.1. Not changed once it is made. */
export interface Context {
  readonly terms: ReadonlyMap<string, Term>
  readonly vocab: string | undefined
  readonly language: string | undefined
  readonly isDirected: boolean
  /** What holds again in nested nodes, after a context that is not propagated. */
  readonly previous: Context | undefined
}

interface Draft {
  terms: Map<string, Term>
  vocab: string | undefined
  language: string | undefined
  isDirected: boolean
  previous: Context | undefined
}

interface ProcessOptions {
  readonly overrideProtected?: boolean
  readonly propagate?: boolean
}

const maxContexts = 64
const maxKeptTerms = 200_000
let copied = 0

/** Terms that were copied into contexts so far, in this process: the measure of the work of making contexts. */
export const termsCopied = (): number => copied

/** Processes contexts; one for each registry. What registered contexts make of each other is remembered. */
export interface ContextProcessor {
  readonly initial: Context
  process(active: Context, local: JsonValue, options?: ProcessOptions): Context
}

const processors = new WeakMap<ContextRegistry, ContextProcessor>()

export function contextProcessorOf(registry: ContextRegistry): ContextProcessor {
  let processor = processors.get(registry)
  if (!processor) {
    processor = createContextProcessor(registry)
    processors.set(registry, processor)
  }
  return processor
}

function createContextProcessor(registry: ContextRegistry): ContextProcessor {
  const initial = freeze({
    terms: new Map(),
    vocab: undefined,
    language: undefined,
    isDirected: false,
    previous: undefined,
  })
  // By the active context, then by the local one: a URL, or an object of a registered context.
  const kept = Array.from({ length: 4 }, () => new Map<Context, Map<JsonValue, Context>>())
  let keptTerms = 0

  function process(active: Context, local: JsonValue, options: ProcessOptions = {}): Context {
    return processIn(active, local, options, [])
  }

  function processIn(
    active: Context,
    local: JsonValue,
    options: ProcessOptions,
    urls: readonly string[],
  ): Context {
    if (local === null) return reset(active, options)
    if (typeof local !== 'object' && typeof local !== 'string') throw invalid('neither a URL nor an object')
    // What each of a list's contexts makes is remembered; the list is another object in every document.
    if (Array.isArray(local) && options.propagate !== false) return compute(active, local, options, urls)
    const byActive = kept[(options.overrideProtected ? 1 : 0) + (options.propagate === false ? 2 : 0)]
    const known = byActive?.get(active)?.get(local)
    if (known) return known
    const result = compute(active, local, options, urls)
    if (keptTerms > maxKeptTerms) {
      for (const map of kept) map.clear()
      keptTerms = 0
    }
    const byLocal = byActive?.get(active)
    if (byLocal) byLocal.set(local, result)
    else byActive?.set(active, new Map([[local, result]]))
    keptTerms += result.terms.size + 1
    return result
  }

  function compute(
    active: Context,
    local: string | JsonObject | readonly JsonValue[],
    options: ProcessOptions,
    urls: readonly string[],
  ): Context {
    if (typeof local === 'string') {
      if (urls.includes(local) || urls.length > 8) throw invalid('contexts that name each other in a circle')
      return processIn(active, registry.find(local), options, [...urls, local])
    }
    if (Array.isArray(local)) {
      if (local.length > maxContexts) throw invalid('too many contexts')
      let result = active
      for (const item of local) {
        if (Array.isArray(item)) throw invalid('a list in a list')
        if (isJsonObject(item) && Object.hasOwn(item, '@propagate')) throw invalid('@propagate in a list')
        result = processIn(result, item, options, urls)
      }
      return withPrevious(result, active, options.propagate !== false)
    }
    const object = local as JsonObject
    const { '@propagate': own = options.propagate !== false } = object
    // Readers of JSON-LD disagree about where the context of a property, or of a node itself, then ends.
    if (own === false && options.propagate !== false)
      throw invalid('@propagate false elsewhere than with a type')
    const propagate = own !== false
    return withPrevious(define(active, object, options.overrideProtected === true), active, propagate)
  }

  return { initial, process }
}

function withPrevious(result: Context, active: Context, propagate: boolean): Context {
  if (propagate || result.previous !== undefined) return result
  return freeze({ ...result, terms: result.terms as Map<string, Term>, previous: active })
}

function freeze(draft: Draft): Context {
  copied += draft.terms.size + 10
  return { ...draft }
}

function reset(active: Context, { overrideProtected, propagate }: ProcessOptions): Context {
  // Readers of JSON-LD disagree about what holds again in the nodes within.
  if (propagate === false) throw invalid('a type that clears the context')
  if (!overrideProtected) {
    for (const term of active.terms.values()) {
      if (term.isProtected) throw redefinition('null')
    }
  }
  return freeze({
    terms: new Map(),
    vocab: undefined,
    language: undefined,
    isDirected: false,
    previous: undefined,
  })
}

const ownMembers = new Set(['@version', '@vocab', '@language', '@direction', '@propagate', '@protected'])

function define(active: Context, local: JsonObject, overrideProtected: boolean): Context {
  const draft: Draft = {
    terms: new Map(active.terms),
    vocab: active.vocab,
    language: active.language,
    isDirected: active.isDirected,
    previous: active.previous,
  }
  for (const name of Object.keys(local)) {
    if (name.startsWith('@') && name !== '@type' && isKeywordLike(name) && !ownMembers.has(name)) {
      throw invalid(`${name} is not supported here`)
    }
  }
  if (local['@version'] !== undefined && local['@version'] !== 1.1) throw invalid('@version')
  for (const name of ['@propagate', '@protected']) {
    if (local[name] !== undefined && typeof local[name] !== 'boolean') throw invalid(name)
  }
  const { '@vocab': vocab, '@language': language, '@direction': direction } = local
  if (vocab === null) draft.vocab = undefined
  else if (typeof vocab === 'string') {
    const iri = expandIri(draft, vocab, true)
    if (iri === undefined || !isAbsoluteIri(iri)) throw invalid('@vocab is not an absolute IRI')
    draft.vocab = iri
  } else if (vocab !== undefined) throw invalid('@vocab')
  if (language === null) draft.language = undefined
  else if (typeof language === 'string') draft.language = requireLanguage(language)
  else if (language !== undefined) throw invalid('@language')
  if (direction !== undefined) draft.isDirected = isDirected(direction)
  const creating: Creating = { draft, local, overrideProtected, states: new Map() }
  for (const name of Object.keys(local)) if (!ownMembers.has(name)) createTerm(creating, name)
  return freeze(draft)
}

interface Creating {
  readonly draft: Draft
  readonly local: JsonObject
  readonly overrideProtected: boolean
  readonly states: Map<string, 'begun' | 'done'>
}

const containers = new Set(['@list', '@set', '@language', '@index', '@graph', '@id', '@type'])
const termMembers = new Set([
  '@id',
  '@type',
  '@container',
  '@context',
  '@language',
  '@direction',
  '@prefix',
  '@protected',
  '@reverse',
  '@index',
  '@nest',
])

function createTerm(creating: Creating, name: string): void {
  const { draft, local, overrideProtected, states } = creating
  const state = states.get(name)
  if (state === 'done') return
  if (state === 'begun') throw invalid('terms that are defined by each other')
  states.set(name, 'begun')
  const value = local[name]
  if (name === '') throw invalid('an empty term')
  if (name === '@type') requireTypeAlias(value)
  else if (isKeyword(name)) throw redefinition(name)
  const previous = draft.terms.get(name)
  draft.terms.delete(name)
  let term = name === '@type' ? undefined : readTerm(creating, name, value)
  if (previous?.isProtected && !overrideProtected) {
    if (!term || !isSameTerm(term, previous)) throw redefinition(name)
    term = previous
  }
  if (term) draft.terms.set(name, term)
  states.set(name, 'done')
}

// `@type` may only be said to be a set, and protected.
function requireTypeAlias(value: JsonValue | undefined): void {
  if (
    !isJsonObject(value) ||
    !Object.keys(value).every((member) => member === '@container' || member === '@protected') ||
    (value['@container'] !== undefined && value['@container'] !== '@set')
  ) {
    throw redefinition('@type')
  }
}

function readTerm(creating: Creating, name: string, value: JsonValue | undefined): Term | undefined {
  const { draft, local } = creating
  const isSimple = typeof value === 'string'
  const definition: unknown = value === null ? { '@id': null } : isSimple ? { '@id': value } : value
  if (!isJsonObject(definition)) throw invalid('a term is neither a string nor an object')
  for (const member of Object.keys(definition)) {
    if (!termMembers.has(member)) throw invalid('a term has a member that is not one of JSON-LD 1.1')
  }
  const isProtected = definition['@protected'] ?? local['@protected'] === true
  if (typeof isProtected !== 'boolean') throw invalid('@protected')
  const unsupported = ['@reverse', '@index', '@nest'].find((member) => definition[member] !== undefined)
  const { '@id': id, '@type': type, '@context': scoped, '@prefix': prefix } = definition
  let iri: string | null
  if (id === null) iri = null
  else if (unsupported === '@reverse') iri = null
  else if (id !== undefined && id !== name) {
    if (typeof id !== 'string') throw invalid('@id of a term')
    if (!isKeyword(id) && isKeywordLike(id)) return undefined
    const expanded = expandIri(draft, id, true, creating)
    if (
      expanded === undefined ||
      (!isKeyword(expanded) && !isAbsoluteIri(expanded)) ||
      expanded === '@context'
    ) {
      throw invalid('@id of a term is not an absolute IRI')
    }
    iri = expanded
    if (/.[:]./.test(name) || name.includes('/')) {
      creating.states.set(name, 'done')
      if (expandIri(draft, name, true, creating) !== iri) throw invalid('a term that looks like another IRI')
      creating.states.set(name, 'begun')
    }
  } else {
    iri = impliedIri(creating, name)
  }
  if (prefix !== undefined && (typeof prefix !== 'boolean' || /[:/]/.test(name))) throw invalid('@prefix')
  if ((prefix || scoped !== undefined) && iri !== null && isKeyword(iri)) {
    throw invalid('a keyword as prefix, or with a context of its own')
  }
  return {
    name,
    iri,
    ...(iri !== null && { predicate: `<${iri}>` }),
    ...(type !== undefined && { type: typeOf(creating, type) }),
    container: containerOf(definition['@container']),
    ...languageOf(definition['@language'], type),
    isDirected: definition['@direction'] !== undefined && isDirected(definition['@direction']),
    ...(scoped !== undefined && { context: scoped }),
    isProtected,
    isPrefix: prefix ?? (isSimple && iri !== null && !/[:/]/.test(name) && /[:/?#[\]@]$/.test(iri)),
    ...(unsupported !== undefined && { unsupported }),
  }
}

/** The IRI of a term that does not say it, JSON-LD 1.1 API section 4.2.2 steps 15 to 18. */
function impliedIri(creating: Creating, name: string): string {
  const expanded = /.:/.test(name)
    ? impliedByPrefix(creating, name)
    : creating.draft.vocab === undefined || isKeywordLike(name)
      ? undefined
      : creating.draft.vocab + name
  if (expanded === undefined || !isAbsoluteIri(expanded)) throw invalid('a term without an absolute IRI')
  return expanded
}

/** A compact IRI by its prefix, which need not be made one for others; else the name is an IRI itself. */
function impliedByPrefix(creating: Creating, name: string): string {
  const { draft, local } = creating
  const colon = name.indexOf(':', 1)
  const [prefix, suffix] = [name.slice(0, colon), name.slice(colon + 1)]
  if (suffix.startsWith('//')) return name
  if (Object.hasOwn(local, prefix)) createTerm(creating, prefix)
  const iri = draft.terms.get(prefix)?.iri
  return iri === undefined || iri === null ? name : iri + suffix
}

function typeOf(creating: Creating, type: JsonValue): string {
  const expanded = typeof type === 'string' ? expandIri(creating.draft, type, true, creating) : undefined
  if (expanded === undefined) throw invalid('@type of a term')
  if (['@id', '@json', '@none', '@vocab'].includes(expanded) || isAbsoluteIri(expanded)) return expanded
  throw invalid('@type of a term')
}

function containerOf(value: JsonValue | undefined): readonly string[] {
  if (value === undefined || value === null) return []
  const names = Array.isArray(value) ? value : [value]
  if (!names.every((name) => typeof name === 'string' && containers.has(name))) throw invalid('@container')
  return [...names].sort() as string[]
}

function languageOf(
  language: JsonValue | undefined,
  type: JsonValue | undefined,
): { readonly language?: string | null } {
  if (language === undefined || type !== undefined) return {}
  if (language === null) return { language }
  if (typeof language !== 'string') throw invalid('@language of a term')
  return { language: requireLanguage(language) }
}

function isDirected(direction: JsonValue): boolean {
  if (direction !== null && direction !== 'ltr' && direction !== 'rtl') throw invalid('@direction')
  return direction !== null
}

/** A language tag, lower case, that stands in N-Quads as it is. */
export function requireLanguage(tag: string): string {
  if (!/^[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*$/.test(tag)) throw invalid('not a language tag')
  return tag.toLowerCase()
}

/** Section 5.2; undefined for what stays relative, or looks like a keyword. */
export function expandIri(
  context: Pick<Context, 'terms' | 'vocab'>,
  value: string,
  vocab: boolean,
  creating?: Creating,
): string | undefined {
  if (isKeyword(value)) return value
  if (isKeywordLike(value)) return undefined
  const isOwn = (name: string) =>
    creating && Object.hasOwn(creating.local, name) && creating.states.get(name) !== 'done'
  if (isOwn(value)) createTerm(creating as Creating, value)
  const term = context.terms.get(value)
  if (term?.iri && (vocab || isKeyword(term.iri))) return term.iri
  if (vocab && term && term.iri === null) return undefined
  const colon = value.indexOf(':', 1)
  if (colon > 0) {
    const prefix = value.slice(0, colon)
    const suffix = value.slice(colon + 1)
    if (prefix === '_' || suffix.startsWith('//')) return value
    if (isOwn(prefix)) createTerm(creating as Creating, prefix)
    const known = context.terms.get(prefix)
    if (known?.iri && known.isPrefix) return known.iri + suffix
    return value
  }
  return vocab && context.vocab !== undefined ? context.vocab + value : undefined
}

function invalid(what: string): DataIntegrityError {
  return new DataIntegrityError('data-integrity.context.invalid', `not an acceptable context: ${what}`)
}

function redefinition(name: string): DataIntegrityError {
  return new DataIntegrityError(
    'data-integrity.context.redefinition',
    `a context redefines ${name.length > 100 ? 'a protected term' : name}`,
  )
}
