import type { JsonValue } from './json.ts'
import type { StoreWriteOptions } from './ports.ts'

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

/** When an entry expires, as its writer said it: at a moment, in so many milliseconds, or never. */
export interface StoreExpiry {
  /** Milliseconds since 1970. */
  readonly at?: number
  /** Milliseconds from the moment of writing. */
  readonly in?: number
}

/** @throws TypeError for an invalid date, a number of seconds that is not finite or negative, or both */
export function storeExpiry({ expiresAt, expiresIn }: StoreWriteOptions = {}): StoreExpiry {
  if (expiresAt !== undefined && expiresIn !== undefined) {
    throw new TypeError('give expiresAt or expiresIn, not both')
  }
  if (expiresIn !== undefined) {
    if (!Number.isFinite(expiresIn) || expiresIn < 0) {
      throw new TypeError('expiresIn must be a number of seconds, not negative')
    }
    return { in: Math.ceil(expiresIn * 1000) }
  }
  if (expiresAt === undefined) return {}
  const time = expiresAt.getTime()
  if (Number.isNaN(time)) throw new TypeError('expiresAt is not a date')
  return { at: time }
}

/** The moment in milliseconds since 1970 by the store's clock, or undefined where nothing expires. */
export function storeExpiryAt(expiry: StoreExpiry, now: number): number | undefined {
  return expiry.in === undefined ? expiry.at : now + expiry.in
}

/** How many entries a page of `list` holds. @throws TypeError unless it is a positive integer */
export function storePageSize(limit = 100): number {
  if (!Number.isSafeInteger(limit) || limit < 1) throw new TypeError('limit must be a positive integer')
  return Math.min(limit, 1000)
}

/**
 * Key of the mark that a restored backup carries until it was reconciled with what happened after it was taken:
 * `{ takenAt, restoredAt }` in milliseconds since 1970. A program that finds it serves nothing.
 */
export const restoreMarkKey = 'restore/pending'
