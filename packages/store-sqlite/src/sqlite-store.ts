import type { Clock, PurgeState, Store, StoreExpiry, Versioned } from '@ekkasan/core'
import {
  createPurgeLimit,
  type JsonValue,
  requireStoreKey,
  requireStorePrefix,
  storeExpiry,
  storeExpiryAt,
  storeJson,
  storePageSize,
} from '@ekkasan/core'
import { checkOptions, functionRule, optional, textRule } from '@ekkasan/core/options'
import { createCommitQueue } from './commit-queue.ts'
import { openDatabase } from './database.ts'

export interface CreateSqliteStoreOptions {
  /** Path of the database file; created if there is none, readable by its owner only. */
  readonly file: string
  readonly clock?: Clock
}

export interface SqliteStore extends Store {
  /**
   * Removes what has expired, which otherwise happens by itself once a minute; resolves to how many. After a jump of the
   * clock by more than an hour it waits until the clock has gone on for a day.
   */
  purge(): Promise<number>
  /** Finishes what was asked for before, then closes the file. */
  close(): Promise<void>
}

const purgeInterval = 60_000
const purgeStep = 500
// No counter of a caller has such a name: keys are ASCII.
const purgeCounter = '·purge'
const purgeMembers = ['limit', 'seen', 'held'] as const satisfies readonly (keyof PurgeState)[]

/**
 * A durable store in one file (SQLite, write-ahead log, synchronous FULL). What was asked for in one turn of
 * the event loop shares one commit; what a promise resolved for survives `kill -9` and loss of power. Several
 * processes of one machine may share the file; not over a network file system.
 *
 * The whole file is read once when it is opened, and refused if it is damaged.
 *
 * @throws SqliteStoreError `store-sqlite.file.foreign`, `.file.newer`, `.file.damaged`, `store-sqlite.busy`
 */
export function createSqliteStore(options: CreateSqliteStoreOptions): SqliteStore {
  checkOptions<CreateSqliteStoreOptions>(options, 'createSqliteStore', {
    file: textRule,
    clock: optional(functionRule),
  })
  const { file, clock = () => new Date() } = options
  if (/^(:|file:)/.test(file)) {
    throw new TypeError('file must be the path of a file; for a store in memory there is createMemoryStore')
  }
  const database = openDatabase(file)
  const queue = createCommitQueue(database)
  const live = '(expires IS NULL OR expires > ?)'
  const select = database.prepare(`SELECT value, version FROM entry WHERE key = ? AND ${live}`)
  const insert = `INSERT INTO entry (key, value, version, expires) VALUES (?, ?, ?, ?) ON CONFLICT (key)
     DO UPDATE SET value = excluded.value, version = excluded.version, expires = excluded.expires`
  const upsert = database.prepare(insert)
  const create = database.prepare(`${insert} WHERE entry.expires <= ?`)
  const update = database.prepare(
    `UPDATE entry SET value = ?, version = ?, expires = ? WHERE key = ? AND version = ? AND ${live}`,
  )
  const remove = database.prepare('DELETE FROM entry WHERE key = ?')
  const page = database.prepare(
    `SELECT key, value, version FROM entry
     WHERE key >= ? AND key < ? AND key > ? AND ${live} ORDER BY key LIMIT ?`,
  )
  const increment = database.prepare(
    `INSERT INTO counter (name, next) VALUES (?, 1) ON CONFLICT (name)
     DO UPDATE SET next = next + 1 RETURNING next - 1 AS number`,
  )
  const selectCount = database.prepare('SELECT next FROM counter WHERE name = ?')
  const setCount = database.prepare(
    `INSERT INTO counter (name, next) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET next = excluded.next`,
  )
  const removeExpired = database.prepare(
    `DELETE FROM entry WHERE rowid IN
     (SELECT rowid FROM entry WHERE expires IS NOT NULL AND expires <= ? LIMIT ${purgeStep})`,
  )

  const now = () => clock().getTime()
  const read = (row: Record<string, unknown>): Versioned => ({
    value: JSON.parse(row.value as string) as JsonValue,
    version: row.version as number,
  })
  const end = (expiry: StoreExpiry) => storeExpiryAt(expiry, now()) ?? null
  /** Kept in the file: a clock that jumped while no process ran is found as well. */
  const advancePurgeLimit = (): number => {
    const stored = purgeMembers.map((name) => Number(selectCount.get(`${purgeCounter} ${name}`)?.next))
    const [limit, seen, held] = stored as [number, number, number]
    const known = stored.every(Number.isFinite) ? { limit, seen, held } : now()
    const purgeLimit = createPurgeLimit(known)
    const reached = purgeLimit.advance(now())
    for (const name of purgeMembers) setCount.run(`${purgeCounter} ${name}`, purgeLimit.state[name])
    return reached
  }
  const purge = async () => {
    let removed = 0
    const limit = await queue.write(advancePurgeLimit)
    for (;;) {
      const step = await queue.write(() => Number(removeExpired.run(limit).changes))
      removed += step
      if (step < purgeStep) break
    }
    // The write-ahead log holds what was written before, also of what was deleted; of a file in use it waits a round.
    if (database.isOpen) database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    return removed
  }
  // A file that cannot be written shows it to those who write; the next round tries again.
  const begin = () => queue.write(() => void advancePurgeLimit())
  begin().catch(() => {})
  const timer = setInterval(() => void purge().catch(() => {}), purgeInterval)
  timer.unref()

  return {
    async get(key) {
      requireStoreKey(key)
      const row = await queue.read(() => select.get(key, now()))
      return row && read(row)
    },
    async put(key, value, options) {
      requireStoreKey(key)
      const json = storeJson(value)
      const expiry = storeExpiry(options)
      await queue.write((nextVersion) => void upsert.run(key, json, nextVersion(), end(expiry)))
    },
    async swap(key, expected, value, options) {
      requireStoreKey(key)
      const json = value === undefined ? undefined : storeJson(value)
      const expiry = storeExpiry(options)
      return queue.write((nextVersion) => {
        if (json === undefined) {
          const isExpected = select.get(key, now())?.version === expected
          if (isExpected) remove.run(key)
          return isExpected
        }
        const { changes } =
          expected === undefined
            ? create.run(key, json, nextVersion(), end(expiry), now())
            : update.run(json, nextVersion(), end(expiry), key, expected, now())
        return Number(changes) === 1
      })
    },
    async delete(key) {
      requireStoreKey(key)
      await queue.write(() => void remove.run(key))
    },
    async list(prefix, { after = '', limit } = {}) {
      requireStorePrefix(prefix)
      requireStorePrefix(after)
      const size = storePageSize(limit)
      const rows = await queue.read(() => page.all(prefix, `${prefix}\x7f`, after, now(), size + 1))
      const entries = rows.slice(0, size).map((row) => ({ key: row.key as string, ...read(row) }))
      const last = rows.length > size ? entries.at(-1)?.key : undefined
      return { entries, ...(last !== undefined && { cursor: last }) }
    },
    async next(counter) {
      requireStoreKey(counter)
      return queue.write(() => Number(increment.get(counter)?.number))
    },
    async count(counter) {
      requireStoreKey(counter)
      return queue.read(() => Number(selectCount.get(counter)?.next ?? 0))
    },
    async now() {
      return clock()
    },
    purge,
    async close() {
      clearInterval(timer)
      await queue.close()
      if (database.isOpen) database.close()
    },
  }
}
