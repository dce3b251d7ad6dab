import type { JsonValue } from './json.ts'

// What every Store refuses alike; for those who write one.

/** Longest key, counter or prefix, in characters. */
const maxKeyLength = 256
/** Longest value as JSON text, in UTF-16 units. */
const maxValueLength = 8_388_608

/** @throws TypeError unless the key is 1 to 256 printable ASCII characters */
export function requireStoreKey(key: string): void {
  if (typeof key !== 'string' || key === '') throw new TypeError('a store key must be a string, not empty')
  requireStorePrefix(key)
}

/** As `requireStoreKey`; the empty prefix is that of all keys. */
export function requireStorePrefix(prefix: string): void {
  if (typeof prefix !== 'string' || !/^[ -~]*$/.test(prefix)) {
    throw new TypeError('a store key must be printable ASCII')
  }
  if (prefix.length > maxKeyLength) throw new TypeError(`a store key has at most ${maxKeyLength} characters`)
}

/**
 * The JSON text of a value: ASCII escapes stand for NUL and lone surrogates, so that any text column keeps it.
 * @throws TypeError when it is not a JSON value, or its text is longer than 8 Mi characters
 */
export function storeJson(value: JsonValue): string {
  const json = JSON.stringify(value)
  if (json === undefined) throw new TypeError('a store keeps JSON values only')
  if (json.length > maxValueLength) {
    throw new TypeError(`a store value has at most ${maxValueLength} characters of JSON`)
  }
  return json
}

/** Milliseconds since 1970, or undefined where nothing expires. @throws TypeError for an invalid date */
export function storeExpiry(expiresAt: Date | undefined): number | undefined {
  if (expiresAt === undefined) return undefined
  const time = expiresAt.getTime()
  if (Number.isNaN(time)) throw new TypeError('expiresAt is not a date')
  return time
}

/** How many entries a page of `list` holds. @throws TypeError unless it is a positive integer */
export function storePageSize(limit = 100): number {
  if (!Number.isSafeInteger(limit) || limit < 1) throw new TypeError('limit must be a positive integer')
  return Math.min(limit, 1000)
}
