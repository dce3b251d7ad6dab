// For the packages of the house; not part of the public promise of @ekkasan/core.

export { copyJson, NotJsonError } from './copy-json.ts'

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject
export interface JsonObject {
  readonly [member: string]: JsonValue
}

export interface ParseJsonLimits {
  /** UTF-16 units of the text; default: 1 MiB. */
  readonly maxLength?: number
  /** Depth of nesting; default: 32. */
  readonly maxDepth?: number
  /** Numbers of any size are taken, as near as JavaScript has them: for what nobody signed and whoever reads a number checks it. */
  readonly numbers?: 'any'
}

/**
 * Parses JSON that came from outside. Refuses what two readers could read differently: a member named twice,
 * `__proto__`, integers beyond 2^53-1, numbers that overflow; and what could exhaust one: length and depth.
 * @throws SyntaxError whose message names the fault and never quotes the text
 */
export function parseJson(text: string, limits: ParseJsonLimits = {}): JsonValue {
  if (text.length > (limits.maxLength ?? 1_048_576)) throw new SyntaxError('JSON is too long')
  let value: JsonValue
  try {
    value = JSON.parse(text) as JsonValue
  } catch {
    throw new SyntaxError('not JSON')
  }
  if (countMembers(value, limits.maxDepth ?? 32, limits.numbers === 'any') !== countColons(text)) {
    throw new SyntaxError('a JSON member is named twice')
  }
  return value
}

/** As `parseJson`, for a text that must be a JSON object. */
export function parseJsonObject(text: string, limits?: ParseJsonLimits): JsonObject {
  const value = parseJson(text, limits)
  if (!isJsonObject(value)) throw new SyntaxError('not a JSON object')
  return value
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What stands once or several times, as a list; empty when it is not there. */
export function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value as JsonValue]
}

function countMembers(value: JsonValue, depthLeft: number, isAnyNumber: boolean): number {
  if (typeof value === 'number' && !isAnyNumber) {
    if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) {
      throw new SyntaxError('a JSON number is out of range')
    }
    return 0
  }
  if (typeof value !== 'object' || value === null) return 0
  if (depthLeft === 0) throw new SyntaxError('JSON is nested too deeply')
  let members = 0
  if (Array.isArray(value)) {
    for (const item of value) members += countMembers(item, depthLeft - 1, isAnyNumber)
    return members
  }
  for (const name of Object.keys(value)) {
    if (name === '__proto__') throw new SyntaxError('a JSON member is named __proto__')
    members += 1 + countMembers((value as JsonObject)[name] as JsonValue, depthLeft - 1, isAnyNumber)
  }
  return members
}

// JSON.parse drops the first of two members with one name, so the text then holds more of them than the value.
function countColons(text: string): number {
  let colons = 0
  let at = 0
  while (at < text.length) {
    const unit = text.charCodeAt(at)
    if (unit === 0x3a) {
      colons += 1
    } else if (unit === 0x22) {
      at = text.indexOf('"', at + 1)
      while (isEscaped(text, at)) at = text.indexOf('"', at + 1)
    }
    at += 1
  }
  return colons
}

function isEscaped(text: string, quote: number): boolean {
  let at = quote - 1
  while (text.charCodeAt(at) === 0x5c) at -= 1
  return (quote - at) % 2 === 0
}
