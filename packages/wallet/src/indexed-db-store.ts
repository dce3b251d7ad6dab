import {
  type Clock,
  createPurgeLimit,
  type JsonValue,
  requireStoreKey,
  requireStorePrefix,
  type Store,
  type StoreExpiry,
  storeExpiry,
  storeExpiryAt,
  storeJson,
  storePageSize,
} from '@ekkasan/core'
import { openShelf } from './indexed-db.ts'

interface Entry {
  readonly json: string
  readonly version: number
  readonly expiresAt: number | null
}

const entryKey = (key: string) => `e:${key}`
const counterKey = (counter: string) => `c:${counter}`
const versionKey = 'v'

export interface IndexedDbStoreOptions {
  /** Name of the database: one for each wallet; default: `ekkasan-wallet`. */
  readonly name?: string
  readonly clock?: Clock
}

/** The Store port over IndexedDB: what a wallet in a browser keeps, also between visits and across tabs. */
export function createIndexedDbStore(options: IndexedDbStoreOptions = {}): Store {
  const { name = 'ekkasan-wallet', clock = () => new Date() } = options
  const shelf = openShelf(name)
  const purgeLimit = createPurgeLimit(clock().getTime())
  const isLive = (entry: Entry | undefined): entry is Entry =>
    entry !== undefined && (entry.expiresAt === null || entry.expiresAt > clock().getTime())
  const versionedOf = ({ json, version }: Entry) => ({ value: JSON.parse(json) as JsonValue, version })

  /** Writes under the next version, if `isAllowed` says so of what stands there; in one transaction. */
  const write = (
    key: string,
    json: string | undefined,
    expiry: StoreExpiry,
    isAllowed: (entry: Entry | undefined) => boolean,
  ) =>
    shelf.write<boolean>((entries, resolve) => {
      const current = entries.get(entryKey(key)) as IDBRequest<Entry | undefined>
      current.onsuccess = () => {
        if (!isAllowed(isLive(current.result) ? current.result : undefined)) return resolve(false)
        resolve(true)
        if (json === undefined) {
          entries.delete(entryKey(key))
          return
        }
        const last = entries.get(versionKey) as IDBRequest<number | undefined>
        last.onsuccess = () => {
          const version = (last.result ?? 0) + 1
          entries.put(version, versionKey)
          const expiresAt = storeExpiryAt(expiry, clock().getTime()) ?? null
          entries.put({ json, version, expiresAt } satisfies Entry, entryKey(key))
        }
      }
    })

  return {
    async get(key) {
      requireStoreKey(key)
      const entry = (await shelf.read((entries) => entries.get(entryKey(key)))) as Entry | undefined
      return isLive(entry) ? versionedOf(entry) : undefined
    },
    async put(key, value, options) {
      requireStoreKey(key)
      await write(key, storeJson(value), storeExpiry(options), () => true)
    },
    async swap(key, expected, value, options) {
      requireStoreKey(key)
      const json = value === undefined ? undefined : storeJson(value)
      return write(key, json, storeExpiry(options), (entry) => entry?.version === expected)
    },
    async delete(key) {
      requireStoreKey(key)
      await write(key, undefined, {}, () => true)
    },
    async list(prefix, { after, limit } = {}) {
      requireStorePrefix(prefix)
      if (after !== undefined) requireStorePrefix(after)
      const size = storePageSize(limit)
      const isAfterPrefix = after !== undefined && after >= prefix
      const range = IDBKeyRange.bound(
        entryKey(isAfterPrefix ? after : prefix),
        // Keys are ASCII: nothing that begins with the prefix comes after this.
        entryKey(`${prefix}\uffff`),
        isAfterPrefix,
      )
      // Those that have expired are taken out here, and away: a wallet's store is small.
      const purgeBefore = purgeLimit.advance(clock().getTime())
      const found = await shelf.write<[string, Entry][]>((entries, resolve) => {
        const live: [string, Entry][] = []
        const cursor = entries.openCursor(range)
        cursor.onsuccess = () => {
          const at = cursor.result
          if (!at || live.length > size) return resolve(live)
          if (isLive(at.value)) live.push([String(at.key).slice(2), at.value])
          else if ((at.value.expiresAt ?? Infinity) <= purgeBefore) at.delete()
          at.continue()
        }
      })
      const page = found.slice(0, size)
      const cursor = found.length > size ? page.at(-1)?.[0] : undefined
      return {
        entries: page.map(([key, entry]) => ({ key, ...versionedOf(entry) })),
        ...(cursor !== undefined && { cursor }),
      }
    },
    async next(counter) {
      requireStoreKey(counter)
      return shelf.write<number>((entries, resolve) => {
        const current = entries.get(counterKey(counter)) as IDBRequest<number | undefined>
        current.onsuccess = () => {
          const number = current.result ?? 0
          entries.put(number + 1, counterKey(counter))
          resolve(number)
        }
      })
    },
    async count(counter) {
      requireStoreKey(counter)
      return ((await shelf.read((entries) => entries.get(counterKey(counter)))) as number | undefined) ?? 0
    },
    now: async () => clock(),
  }
}
