import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type ParseJsonLimits,
  parseJsonObject,
} from '@ekkasan/core/json'
import { isEndpointUrl } from './endpoint-url.ts'

/** Turns "what is wrong with the message" into the error that the message's reader throws. */
export type Malformed = (what: string) => Error

export function requireText(value: unknown, name: string, malformed: Malformed, maxLength = 2048): string {
  if (typeof value !== 'string' || value === '' || value.length > maxLength) {
    throw malformed(`${name} is not a text of 1 to ${maxLength} characters`)
  }
  return value
}

export function optionalText(
  value: unknown,
  name: string,
  malformed: Malformed,
  maxLength = 2048,
): string | undefined {
  return value === undefined ? undefined : requireText(value, name, malformed, maxLength)
}

export function requireObject(value: unknown, name: string, malformed: Malformed): JsonObject {
  if (!isJsonObject(value)) throw malformed(`${name} is not an object`)
  return value
}

/** A list of 1 to `maxItems` items. */
export function requireList(
  value: unknown,
  name: string,
  malformed: Malformed,
  maxItems: number,
): readonly JsonValue[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > maxItems) {
    throw malformed(`${name} is not a list of 1 to ${maxItems} items`)
  }
  return value
}

/** A list of 1 to `maxItems` texts, none twice. */
export function requireTexts(value: unknown, name: string, malformed: Malformed, maxItems = 64): string[] {
  const texts = requireList(value, name, malformed, maxItems).map((item) =>
    requireText(item, `an item of ${name}`, malformed, 512),
  )
  if (new Set(texts).size !== texts.length) throw malformed(`${name} names an item twice`)
  return texts
}

/** What `isEndpointUrl` says is one. */
export function requireUrl(value: unknown, name: string, malformed: Malformed): string {
  const text = requireText(value, name, malformed)
  if (!isEndpointUrl(text)) throw malformed(`${name} is not an https URL`)
  return text
}

/**
 * Without the members whose value is null, at any depth: in unsigned metadata and offers an explicit null means that the
 * member is absent. Items of lists stay, for null has a meaning in a claims path pointer.
 */
export function withoutNulls(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object).flatMap(([name, value]) => (value === null ? [] : [[name, nullless(value)]])),
  )
}

function nullless(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(nullless)
  return isJsonObject(value) ? withoutNulls(value) : value
}

export function parseObject(
  text: string,
  name: string,
  malformed: Malformed,
  maxLength: number,
  { maxDepth = 16, ...others }: Pick<ParseJsonLimits, 'maxDepth' | 'numbers'> = {},
): JsonObject {
  try {
    return parseJsonObject(text, { maxLength, maxDepth, ...others })
  } catch (cause) {
    throw malformed(cause instanceof SyntaxError ? `${name}: ${cause.message}` : name)
  }
}
