import type { JsonValue } from '@ekkasan/core'
import { base64url } from '@ekkasan/core/bytes'
import { CborTag, type CborValue, EmbeddedCbor } from '@ekkasan/cose'
import { MdocError } from '../errors.ts'

/**
 * A data element as JSON, after RFC 8949 section 6.1: byte strings as base64url, dates and other tagged values as
 * what is tagged, integer keys as text.
 * @throws MdocError `mdoc.element.value`
 */
export function elementToJson(value: CborValue): JsonValue {
  if (value === null || typeof value !== 'object') return value
  if (value instanceof Uint8Array) return base64url(value)
  if (value instanceof EmbeddedCbor) return base64url(value.content)
  if (value instanceof CborTag) return elementToJson(value.value)
  if (Array.isArray(value)) return (value as readonly CborValue[]).map(elementToJson)
  const object: Record<string, JsonValue> = {}
  for (const [key, member] of value as ReadonlyMap<string | number, CborValue>) {
    const name = String(key)
    if (name === '__proto__' || Object.hasOwn(object, name)) {
      throw new MdocError('mdoc.element.value', 'a map of an element has no form in JSON')
    }
    object[name] = elementToJson(member)
  }
  return object
}
