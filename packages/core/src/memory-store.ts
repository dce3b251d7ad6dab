import type { JsonValue } from './json.ts'
import { checkOptions, functionRule, optional } from './option-rules.ts'
import type { Clock, Store } from './ports.ts'
import { createPurgeLimit } from './purge-limit.ts'
import {
  requireStoreKey,
  requireStorePrefix,
  type StoreExpiry,
  storeExpiry,
  storeExpiryAt,
  storeJson,
  storePageSize,
} from './store-rules.ts'

interface Entry {
  readonly json: string
  readonly version: number
  readonly expiresAt: number
}

/** A store for tests and for a process that may forget: nothing survives it. */
export function createMemoryStore(options: { readonly clock?: Clock } = {}): Store {
  checkOptions<{ readonly clock?: Clock }>(options, 'createMemoryStore', { clock: optional(functionRule) })
  const clock = options.clock ?? (() => new Date())
  const entries = new Map<string, Entry>()
  const counters = new Map<string, number>()
  let version = 0
  let purgeAt = 1000

  const live = (key: string): Entry | undefined => {
    const entry = entries.get(key)
    return entry && entry.expiresAt > clock().getTime() ? entry : undefined
  }
  const purgeLimit = createPurgeLimit(clock().getTime())
  const write = (key: string, json: string, expiry: StoreExpiry) => {
    const now = clock().getTime()
    if (entries.size >= purgeAt) {
      const limit = purgeLimit.advance(now)
      for (const [other, entry] of entries) if (entry.expiresAt <= limit) entries.delete(other)
      purgeAt = Math.max(1000, entries.size * 2)
    }
    version += 1
    entries.set(key, { json, version, expiresAt: storeExpiryAt(expiry, now) ?? Infinity })
  }
  const read = (entry: Entry) => ({ value: JSON.parse(entry.json) as JsonValue, version: entry.version })

  return {
    async get(key) {
      requireStoreKey(key)
      const entry = live(key)
      return entry && read(entry)
    },
    async put(key, value, options) {
      requireStoreKey(key)
      write(key, storeJson(value), storeExpiry(options))
    },
    async swap(key, expected, value, options) {
      requireStoreKey(key)
      const json = value === undefined ? undefined : storeJson(value)
      const expiry = storeExpiry(options)
      if (live(key)?.version !== expected) return false
      if (json === undefined) entries.delete(key)
      else write(key, json, expiry)
      return true
    },
    async delete(key) {
      requireStoreKey(key)
      entries.delete(key)
    },
    async list(prefix, { after = '', limit } = {}) {
      requireStorePrefix(prefix)
      requireStorePrefix(after)
      const keys = [...entries.keys()]
        .filter((key) => key.startsWith(prefix) && key > after && live(key))
        .sort()
      const page = keys.slice(0, storePageSize(limit))
      return {
        entries: page.map((key) => ({ key, ...read(entries.get(key) as Entry) })),
        ...(page.length < keys.length && { cursor: page.at(-1) as string }),
      }
    },
    async next(counter) {
      requireStoreKey(counter)
      const number = counters.get(counter) ?? 0
      counters.set(counter, number + 1)
      return number
    },
    async count(counter) {
      requireStoreKey(counter)
      return counters.get(counter) ?? 0
    },
    now: async () => clock(),
  }
}
