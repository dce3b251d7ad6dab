import type { ClaimPath } from '@ekkasan/core'
import { isJsonObject, type JsonObject, type JsonValue } from '@ekkasan/core/json'
import { type Context, expandIri } from './context.ts'
import { invalid } from './json-ld-errors.ts'
import { termsByIri } from './walk.ts'

// The one form in which a value is handed on, whichever of those that state the same it was written in: JSON-LD
// compacted document form (VCDM 2.0 section 6.1).

type Kind = 'boolean' | 'integer' | 'double' | 'decimal' | 'text'

const kinds: Readonly<Record<string, Kind>> = {
  boolean: 'boolean',
  double: 'double',
  float: 'double',
  decimal: 'decimal',
  ...Object.fromEntries(
    [
      ...['integer', 'long', 'int', 'short', 'byte', 'nonNegativeInteger', 'positiveInteger'],
      ...['nonPositiveInteger', 'negativeInteger'],
      ...['unsignedLong', 'unsignedInt', 'unsignedShort', 'unsignedByte'],
    ].map((name) => [name, 'integer' as const]),
  ),
}
// Contexts of the W3C write it with https here and there.
const xmlSchema = /^https?:\/\/www\.w3\.org\/2001\/XMLSchema#(\w+)$/
const known = new Map<string, Kind>()

export function kindOf(datatype: string): Kind {
  let kind = known.get(datatype)
  if (kind === undefined) {
    const name = xmlSchema.exec(datatype)?.[1]
    kind = (name !== undefined && Object.hasOwn(kinds, name) && kinds[name]) || 'text'
    if (known.size < 1000) known.set(datatype, kind)
  }
  return kind
}

const double = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/

/**
 * A literal as JSON: a boolean, or a number where it has the whole of the value, else the text.
 * @throws DataIntegrityError when the text is no value of a boolean, an integer or a double
 */
export function nativeForm(lexical: string, datatype: string): string | number | boolean {
  const kind = kindOf(datatype)
  if (kind === 'text') return lexical
  if (kind === 'boolean') {
    if (lexical === 'true' || lexical === '1') return true
    if (lexical === 'false' || lexical === '0') return false
    throw invalid('a value is not a boolean, as its term says')
  }
  // What a number in JSON is written as where the datatype is another than its own.
  const isOfNumber = /^-?\d\.\d+E-?\d+$/.test(lexical)
  const number = Number(lexical) + 0
  if (kind === 'decimal') return isOfNumber ? number : lexical
  if (kind === 'integer' && /^[+-]?\d+$/.test(lexical)) return Number.isSafeInteger(number) ? number : lexical
  if (kind === 'integer' && isOfNumber) return number
  if (kind === 'double' && double.test(lexical)) return Number.isFinite(number) ? number : lexical
  if (kind === 'double' && /^(?:[+-]?INF|NaN)$/.test(lexical)) return lexical
  throw invalid(`a value is not ${kind === 'double' ? 'a double' : 'an integer'}, as its term says`)
}

/** An IRI as a type, or as the value of a term of type `@vocab`: its term, what follows the vocabulary, or the whole. */
export function vocabForm(context: Context, iri: string): string {
  const terms = termsByIri(context).get(iri)
  if (terms) return terms.reduce((a, b) => (a.length < b.length || (a.length === b.length && a < b) ? a : b))
  const { vocab } = context
  if (vocab !== undefined && iri.startsWith(vocab)) {
    const suffix = iri.slice(vocab.length)
    if (suffix !== '' && expandIri(context, suffix, true) === iri) return suffix
  }
  return iri
}

/** A language tag in the case that RFC 5646 section 2.1.1 recommends: statements have it in lower case. */
export function tagForm(tag: string): string {
  let isAfterSingleton = false
  return tag
    .toLowerCase()
    .split('-')
    .map((part, at) => {
      if (at === 0 || isAfterSingleton) return part
      if (part.length === 1) isAfterSingleton = true
      else if (part.length === 2) return part.toUpperCase()
      else if (/^[a-z]{4}$/.test(part)) return part.charAt(0).toUpperCase() + part.slice(1)
      return part
    })
    .join('-')
}

/** The forms of a list's items, the list itself where none differs. */
export function listForm(value: readonly JsonValue[], forms: readonly JsonValue[]): readonly JsonValue[] {
  return value.length === forms.length && value.every((item, at) => item === forms[at]) ? value : forms
}

/** Where in a form lists stand whose order is not signed: an index into one means nothing. */
export function unorderedLists(form: JsonObject, ordered: ReadonlySet<object>): readonly ClaimPath[] {
  const found: ClaimPath[] = []
  const path: (string | number)[] = []
  const walk = (value: JsonValue, part: string | number): void => {
    if (typeof value !== 'object' || value === null) return
    path.push(part)
    if (Array.isArray(value)) {
      if (!ordered.has(value)) found.push([...path])
      for (const [index, item] of value.entries()) walk(item, index)
    } else if (!ordered.has(value)) {
      for (const name of Object.keys(value)) walk((value as JsonObject)[name] as JsonValue, name)
    }
    path.pop()
  }
  for (const name of Object.keys(form)) if (name !== '@context') walk(form[name] as JsonValue, name)
  return found
}

/**
 * Where lists stand whose order is not signed once a schema made lists of one (`lists`) of single values of the form:
 * those that stood there before, moved below the new lists, and the new ones.
 */
export function unorderedOf(
  form: JsonValue,
  lists: JsonValue,
  unordered: readonly ClaimPath[],
): readonly ClaimPath[] {
  const before = new Set(unordered.map((path) => JSON.stringify(path)))
  const found: ClaimPath[] = []
  const walk = (value: JsonValue, read: JsonValue, from: ClaimPath, to: ClaimPath): void => {
    if (Array.isArray(read) && !Array.isArray(value)) {
      found.push(to)
      walk(value, read[0] as JsonValue, from, [...to, 0])
    } else if (Array.isArray(value) && Array.isArray(read)) {
      if (before.has(JSON.stringify(from))) found.push(to)
      for (const [at, item] of value.entries()) {
        walk(item, read[at] as JsonValue, [...from, at], [...to, at])
      }
    } else if (isJsonObject(value) && isJsonObject(read)) {
      for (const name of Object.keys(value)) {
        walk(value[name] as JsonValue, read[name] as JsonValue, [...from, name], [...to, name])
      }
    }
  }
  walk(form, lists, [], [])
  return found
}
