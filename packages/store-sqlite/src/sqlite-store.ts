import type { Clock, Store, Versioned } from '@ekkasan/core'
import {
  type JsonValue,
  requireStoreKey,
  requireStorePrefix,
  storeExpiry,
  storeJson,
  storePageSize,
} from '@ekkasan/core'
import { createCommitQueue } from './commit-queue.ts'
import { openDatabase } from './database.ts'

export interface CreateSqliteStoreOptions {
  /** Path of the database file; created if there is none, readable by its owner only. */
  readonly file: string
  readonly clock?: Clock
}

export interface SqliteStore extends Store {
  /** Removes what has expired, which otherwise happens by itself once a minute; resolves to how many. */
  purge(): Promise<number>
  /** Finishes what was asked for before, then closes the file. */
  close(): Promise<void>
}

const purgeInterval = 60_000
const purgeStep = 500

/**
 * A durable store in one file (SQLite, write-ahead log, synchronous FULL). What was asked for in one turn of
 * the event loop shares one commit; what a promise resolved for survives `kill -9` and loss of power. Several
 * processes of one machine may share the file; not over a network file system.
 *
 * @throws SqliteStoreError `store-sqlite.file.foreign`, `store-sqlite.file.newer`, `store-sqlite.busy`
 */
export function createSqliteStore(options: CreateSqliteStoreOptions): SqliteStore {
  const { file, clock = () => new Date() } = options
  if (typeof file !== 'string' || file === '' || /^(:|file:)/.test(file)) {
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
  const removeExpired = database.prepare(
    `DELETE FROM entry WHERE rowid IN
     (SELECT rowid FROM entry WHERE expires IS NOT NULL AND expires <= ? LIMIT ${purgeStep})`,
  )

  const now = () => clock().getTime()
  const read = (row: Record<string, unknown>): Versioned => ({
    value: JSON.parse(row.value as string) as JsonValue,
    version: row.version as number,
  })
  const purge = async () => {
    let removed = 0
    for (;;) {
      const step = await queue.write(() => Number(removeExpired.run(now()).changes))
      removed += step
      if (step < purgeStep) break
    }
    // The write-ahead log holds what was written before, also of what was deleted; of a file in use it waits a round.
    if (database.isOpen) database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    return removed
  }
  // A file that cannot be written shows it to those who write; the next round tries again.
  const timer = setInterval(() => void purge().catch(() => {}), purgeInterval)
  timer.unref()

  return {
    async get(key) {
      requireStoreKey(key)
      const row = await queue.read(() => select.get(key, now()))
      return row && read(row)
    },
    async put(key, value, { expiresAt } = {}) {
      requireStoreKey(key)
      const json = storeJson(value)
      const expires = storeExpiry(expiresAt) ?? null
      await queue.write((nextVersion) => void upsert.run(key, json, nextVersion(), expires))
    },
    async swap(key, expected, value, { expiresAt } = {}) {
      requireStoreKey(key)
      const json = value === undefined ? undefined : storeJson(value)
      const expires = storeExpiry(expiresAt) ?? null
      return queue.write((nextVersion) => {
        if (json === undefined) {
          const isExpected = select.get(key, now())?.version === expected
          if (isExpected) remove.run(key)
          return isExpected
        }
        const { changes } =
          expected === undefined
            ? create.run(key, json, nextVersion(), expires, now())
            : update.run(json, nextVersion(), expires, key, expected, now())
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
    purge,
    async close() {
      clearInterval(timer)
      await queue.close()
      if (database.isOpen) database.close()
    },
  }
}
