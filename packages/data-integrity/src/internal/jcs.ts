import type { JsonValue } from '@ekkasan/core/json'
import { DataIntegrityError } from '../errors.ts'

// A string in which JSON.stringify escapes nothing, and which holds no half of a surrogate pair.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const plain = /^[^"\\\u0000-\u001f\ud800-\udfff]*$/

/**
 * The JSON Canonicalization Scheme, RFC 8785: members in the order of their UTF-16 code units, numbers and strings as
 * ECMAScript writes them.
 * @throws DataIntegrityError `data-integrity.structure.malformed` for what is not I-JSON: half a surrogate pair, a
 * number that is not finite
 */
export function canonicalizeJson(value: JsonValue): string {
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw malformed('a number is not finite')
    return String(value === 0 ? 0 : value)
  }
  if (value === null || typeof value === 'boolean') return String(value)
  if (Array.isArray(value)) {
    let text = '['
    for (const [index, item] of value.entries()) text += (index === 0 ? '' : ',') + canonicalizeJson(item)
    return `${text}]`
  }
  if (typeof value !== 'object') throw malformed('a value is not JSON')
  const object = value as Readonly<Record<string, JsonValue>>
  let text = '{'
  for (const name of Object.keys(object).sort()) {
    text += `${text === '{' ? '' : ','}${quote(name)}:${canonicalizeJson(object[name] as JsonValue)}`
  }
  return `${text}}`
}

function quote(text: string): string {
  if (plain.test(text)) return `"${text}"`
  if (!text.isWellFormed()) throw malformed('a string holds half a surrogate pair')
  return JSON.stringify(text)
}

function malformed(what: string): DataIntegrityError {
  return new DataIntegrityError('data-integrity.structure.malformed', `not canonicalizable: ${what}`)
}
