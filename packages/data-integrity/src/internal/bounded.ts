import { isJsonObject, type JsonObject, parseJsonObject } from '@ekkasan/core/json'
import { DataIntegrityError } from '../errors.ts'

const maxDepth = 32
const maxValues = 20_000
const maxLength = 1_048_576

/**
 * A JSON object from outside, as text or already parsed, within bounds.
 * @throws DataIntegrityError `data-integrity.structure.malformed`
 */
export function parseDocument(input: unknown): JsonObject {
  let document: unknown = input
  if (typeof input === 'string') {
    try {
      document = parseJsonObject(input, { maxLength, maxDepth })
    } catch (cause) {
      throw malformed((cause as Error).message, cause)
    }
  }
  if (!isJsonObject(document)) throw malformed('not a JSON object')
  requireBounded(document)
  return document
}

/** Walks what JSON.parse made elsewhere: its text is not at hand, its size is. */
function requireBounded(document: JsonObject): void {
  let values = 0
  let length = 0
  const walk = (value: unknown, depthLeft: number): void => {
    values += 1
    if (typeof value === 'string') length += value.length
    else if (typeof value === 'number') {
      if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) {
        throw malformed('a number is out of range')
      }
      // Both ways of canonicalization write it as zero.
      if (Object.is(value, -0)) throw malformed('a number is negative zero')
    } else if (typeof value === 'object' && value !== null) {
      if (depthLeft === 0) throw malformed('nested too deeply')
      if (Array.isArray(value)) for (const item of value) walk(item, depthLeft - 1)
      else {
        for (const name of Object.keys(value)) {
          if (name === '__proto__') throw malformed('a member is named __proto__')
          length += name.length
          walk((value as Record<string, unknown>)[name], depthLeft - 1)
        }
      }
    } else if (value !== null && typeof value !== 'boolean') throw malformed('a value is not JSON')
    if (values > maxValues || length > maxLength) throw malformed('too large')
  }
  walk(document, maxDepth)
}

function malformed(what: string, cause?: unknown): DataIntegrityError {
  return new DataIntegrityError('data-integrity.structure.malformed', `not an acceptable document: ${what}`, {
    cause,
  })
}
