import type { JsonValue } from './json.ts'
import type { Clock, Store } from './ports.ts'

interface Entry {
  readonly json: string
  readonly version: number
  readonly expiresAt: number
}

/** A store for tests and for a process that may forget: nothing survives it. */
export function createMemoryStore(options: { readonly clock?: Clock } = {}): Store {
  const clock = options.clock ?? (() => new Date())
  const entries = new Map<string, Entry>()
  const counters = new Map<string, number>()
  let version = 0
  let purgeAt = 1000

  const live = (key: string): Entry | undefined => {
    const entry = entries.get(key)
    return entry && entry.expiresAt > clock().getTime() ? entry : undefined
  }
  const write = (key: string, value: JsonValue, expiresAt?: Date) => {
    if (entries.size >= purgeAt) {
      const now = clock().getTime()
      for (const [other, entry] of entries) if (entry.expiresAt <= now) entries.delete(other)
      purgeAt = Math.max(1000, entries.size * 2)
    }
    version += 1
    entries.set(key, { json: JSON.stringify(value), version, expiresAt: expiresAt?.getTime() ?? Infinity })
  }
  const read = (entry: Entry) => ({ value: JSON.parse(entry.json) as JsonValue, version: entry.version })

  return {
    async get(key) {
      const entry = live(key)
      return entry && read(entry)
    },
    async put(key, value, { expiresAt } = {}) {
      write(key, value, expiresAt)
    },
    async swap(key, expected, value, { expiresAt } = {}) {
      if (live(key)?.version !== expected) return false
      if (value === undefined) entries.delete(key)
      else write(key, value, expiresAt)
      return true
    },
    async delete(key) {
      entries.delete(key)
    },
    async list(prefix, { after = '', limit = 100 } = {}) {
      const keys = [...entries.keys()]
        .filter((key) => key.startsWith(prefix) && key > after && live(key))
        .sort()
      const page = keys.slice(0, Math.min(limit, 1000))
      return {
        entries: page.map((key) => ({ key, ...read(entries.get(key) as Entry) })),
        ...(page.length < keys.length && { cursor: page.at(-1) as string }),
      }
    },
    async next(counter) {
      const number = counters.get(counter) ?? 0
      counters.set(counter, number + 1)
      return number
    },
  }
}
