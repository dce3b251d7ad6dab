import type { JsonObject, JsonValue } from '@ekkasan/core/json'
import { type Context, expandIri, requireLanguage } from './context.ts'
import { canonicalizeJson } from './jcs.ts'
import { direction, invalid, undefinedTerm } from './json-ld-errors.ts'
import { literal, rdf, xsd } from './quad.ts'
import { isAbsoluteIri, type Term } from './term.ts'

// JSON-LD values as literals of RDF (JSON-LD 1.1 Processing Algorithms sections 5.3.3 and 8.2.2).

export function languageMap(map: JsonObject, active: Context, term: Term | undefined): readonly string[] {
  if (term?.isDirected || active.isDirected) throw direction()
  if (term?.context !== undefined) throw invalid('texts by language with a context of their own')
  if (Object.keys(map).length === 0) throw invalid('an empty map is not covered by a proof')
  return Object.entries(map).flatMap(([name, value]) => {
    const key = expandIri(active, name, true)
    return itemsOf(value).map((item) => {
      if (typeof item !== 'string') throw invalid('a text by language is not a string')
      if (key === '@none') return literal(wellFormed(item), `${xsd}string`)
      return literal(wellFormed(item), '', requireLanguage(name))
    })
  })
}

export function nativeOf(value: number | boolean, datatype: string | undefined): string {
  if (typeof value === 'boolean') return literal(String(value), datatype ?? `${xsd}boolean`)
  if (Number.isInteger(value) && Math.abs(value) < 1e21 && datatype !== `${xsd}double`) {
    return literal(value.toFixed(0), datatype ?? `${xsd}integer`)
  }
  return literal(value.toExponential(15).replace(/(\d)0*e\+?/, '$1E'), datatype ?? `${xsd}double`)
}

export function valueObject(object: JsonObject, active: Context): string {
  let value: JsonValue | undefined
  let type: string | undefined
  let language: string | undefined
  const keywords = new Set<string | undefined>()
  for (const [name, member] of Object.entries(object)) {
    const keyword = expandIri(active, name, true)
    if (keywords.has(keyword)) throw invalid(`${keyword} in two members`)
    keywords.add(keyword)
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
  if (type === '@json') return literal(canonicalizeJson(value as JsonValue), `${rdf}JSON`)
  if (value === null || value === undefined || typeof value === 'object') throw invalid('@value')
  if (typeof value !== 'string') {
    if (language !== undefined) throw invalid('a language of what is not text')
    return nativeOf(value as number | boolean, type)
  }
  return literal(wellFormed(value), type ?? `${xsd}string`, language)
}

export function wellFormed(text: string): string {
  if (/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text)) {
    throw invalid('a string holds half a surrogate pair')
  }
  return text
}

/** An empty list says nothing in RDF: a proof would not cover that it is there. */
export function itemsOf(value: JsonValue): readonly JsonValue[] {
  if (!Array.isArray(value)) return [value]
  if (value.length === 0) throw invalid('an empty list is not covered by a proof')
  return value
}
