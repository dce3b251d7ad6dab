import type { JsonObject, JsonValue } from '@ekkasan/core/json'
import { type Context, expandIri, requireLanguage } from './context.ts'
import { nativeForm, tagForm, vocabForm } from './form.ts'
import { canonicalizeJson } from './jcs.ts'
import { direction, invalid, undefinedTerm } from './json-ld-errors.ts'
import { literal, rdf, xsd } from './quad.ts'
import { isAbsoluteIri, type Term } from './term.ts'
import { requireKeywordName } from './walk.ts'

// JSON-LD values as literals of RDF (JSON-LD 1.1 Processing Algorithms sections 5.3.3 and 8.2.2), and back.

/** What a part of a document states, and the one form in which it is handed on. */
export interface Read<Terms> {
  readonly terms: Terms
  readonly form: JsonValue
}

/** Texts by language. `isCompacted` refuses what could be written otherwise. */
export function languageMap(
  map: JsonObject,
  active: Context,
  term: Term | undefined,
  isCompacted: boolean,
): Read<readonly string[]> {
  if (term?.isDirected || active.isDirected) throw direction()
  if (term?.context !== undefined) throw invalid('texts by language with a context of their own')
  const names = Object.keys(map)
  if (names.length === 0) throw invalid('an empty map is not covered by a proof')
  const form: Record<string, JsonValue> = {}
  let isChanged = false
  const terms = names.flatMap((name) => {
    const isNone = expandIri(active, name, true) === '@none'
    if (isCompacted && isNone) {
      requireKeywordName(active, name, '@none')
      if (names.length === 1) throw invalid('a text without language in a map')
    }
    const tag = isNone ? name : tagForm(requireLanguage(name))
    if (isCompacted && Object.hasOwn(form, tag)) throw invalid('a language stands twice in a map')
    const value = map[name] as JsonValue
    const items = itemsOf(value)
    if (isCompacted && new Set(items).size !== items.length) throw twice()
    form[tag] = items.length === 1 && !term?.container.includes('@set') ? (items[0] as JsonValue) : items
    if (tag !== name || form[tag] !== value) isChanged = true
    return items.map((item) => {
      if (typeof item !== 'string') throw invalid('a text by language is not a string')
      if (isNone) return literal(wellFormed(item), `${xsd}string`)
      return literal(wellFormed(item), '', requireLanguage(name))
    })
  })
  return { terms, form: isChanged ? form : map }
}

/** A number or a boolean as the text of a literal of this datatype. */
export function lexicalOf(value: number | boolean, datatype: string | undefined): string {
  if (typeof value === 'boolean') return String(value)
  if (Number.isInteger(value) && Math.abs(value) < 1e21 && datatype !== `${xsd}double`)
    return value.toFixed(0)
  return value.toExponential(15).replace(/(\d)0*e\+?/, '$1E')
}

/** The datatype of a number or a boolean that is written without one. */
export function ownDatatype(value: number | boolean): string {
  if (typeof value === 'boolean') return `${xsd}boolean`
  return `${xsd}${Number.isInteger(value) && Math.abs(value) < 1e21 ? 'integer' : 'double'}`
}

export function nativeOf(value: number | boolean, datatype = ownDatatype(value)): string {
  return literal(lexicalOf(value, datatype), datatype)
}

interface ValueParts {
  readonly value: JsonValue | undefined
  readonly type: string | undefined
  readonly language: string | undefined
  /** How the members are called. */
  readonly names: ReadonlyMap<string, string>
}

function partsOf(object: JsonObject, active: Context): ValueParts {
  let value: JsonValue | undefined
  let type: string | undefined
  let language: string | undefined
  const names = new Map<string, string>()
  for (const [name, member] of Object.entries(object)) {
    const keyword = expandIri(active, name, true)
    if (keyword !== undefined && names.has(keyword)) throw invalid(`${keyword} in two members`)
    if (keyword !== undefined) names.set(keyword, name)
    if (keyword === '@value') value = member
    else if (keyword === '@type') {
      const expanded = typeof member === 'string' ? expandIri(active, member, true) : undefined
      if (active.terms.get(member as string)?.context !== undefined)
        throw invalid('a type with a context of its own')
      if (expanded === undefined || !(expanded === '@json' || isAbsoluteIri(expanded)))
        throw undefinedTerm('type', member)
      type = expanded
    } else if (keyword === '@language') {
      if (typeof member !== 'string') throw invalid('@language')
      language = requireLanguage(member)
    } else if (keyword === '@direction') throw direction()
    else if (keyword !== undefined || name !== '@context') throw invalid('a value with members beside @value')
  }
  if (type !== undefined && language !== undefined) throw invalid('a value with type and language')
  if (type === '@json') return { value: value as JsonValue, type, language, names }
  if (value === null || value === undefined || typeof value === 'object') throw invalid('@value')
  if (typeof value !== 'string' && language !== undefined) throw invalid('a language of what is not text')
  return { value, type, language, names }
}

function literalOf({ value, type, language }: ValueParts): string {
  if (type === '@json') return literal(canonicalizeJson(value as JsonValue), `${rdf}JSON`)
  if (typeof value !== 'string') return nativeOf(value as number | boolean, type)
  return literal(wellFormed(value), type ?? `${xsd}string`, language)
}

export function valueObject(object: JsonObject, active: Context): string {
  return literalOf(partsOf(object, active))
}

/**
 * A value object in the one form of its literal: without a type that its value has of itself, its datatype by the term.
 * `asScalar` gives the literal of a scalar in its place, where there can be one: a value object that needs not be one is
 * refused.
 */
export function valueObjectForm(
  object: JsonObject,
  active: Context,
  asScalar: (value: string | number | boolean) => string | undefined,
  termType: string | undefined,
): Read<string> {
  const parts = partsOf(object, active)
  const { value, type, language, names } = parts
  if (Object.hasOwn(object, '@context')) throw invalid('a value with a context of its own')
  const terms = literalOf(parts)
  if (type === '@json') return { terms, form: { '@value': value as JsonValue, '@type': type } }
  const datatype =
    type ?? (typeof value === 'string' ? `${xsd}string` : ownDatatype(value as number | boolean))
  const lexical = typeof value === 'string' ? value : lexicalOf(value as number | boolean, datatype)
  const native = language === undefined ? nativeForm(lexical, datatype) : lexical
  const isNeeded =
    asScalar(lexical) !== terms &&
    asScalar(native) !== terms &&
    // A number or a boolean says the same in fewer signs.
    (termType !== undefined || typeof native === 'string' || ownDatatype(native) !== datatype)
  if (!isNeeded) throw invalid('a value object where the term needs none')
  const plain = typeof native === 'string' ? literal(native, `${xsd}string`) : nativeOf(native)
  if (type !== undefined && plain === terms) throw invalid('a type that the value has of itself')
  const tag = names.get('@language')
  return {
    terms,
    form: {
      '@value': native,
      ...(type !== undefined && { '@type': vocabForm(active, type) }),
      ...(tag !== undefined && { '@language': tagForm(object[tag] as string) }),
    },
  }
}

export function wellFormed(text: string): string {
  if (!text.isWellFormed()) throw invalid('a string holds half a surrogate pair')
  return text
}

/** An empty list says nothing in RDF: a proof would not cover that it is there. */
export function itemsOf(value: JsonValue): readonly JsonValue[] {
  if (!Array.isArray(value)) return [value]
  if (value.length === 0) throw invalid('an empty list is not covered by a proof')
  return value
}

/** A set holds a value once: that it is written twice is not covered by a proof. */
export const twice = () => invalid('a value stands twice where its order is not kept')
