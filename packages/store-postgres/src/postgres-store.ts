import {
  type Clock,
  EkkasanError,
  type JsonValue,
  requireStoreKey,
  requireStorePrefix,
  type Store,
  storeExpiry,
  storeJson,
  storePageSize,
  type Versioned,
} from '@ekkasan/core'
import pg from 'pg'
import { PostgresStoreError } from './errors.ts'
import { prepareSchema } from './schema.ts'

export interface CreatePostgresStoreOptions {
  /** A pool of the caller's, who listens to its `error` events and ends it. Either this or `connectionString`. */
  readonly pool?: pg.Pool
  /** `postgresql://…`; the store then keeps a pool of its own, of at most `maxConnections`. */
  readonly connectionString?: string
  /** 10 unless told. */
  readonly maxConnections?: number
  /**
   * Longest wait for a connection of the store's own pool, and for an answer on it, in milliseconds; 30000 unless
   * told. After it the operation has failed for the caller, whatever the database makes of it.
   */
  readonly timeout?: number
  /** Name of the PostgreSQL schema that holds the tables; `ekkasan` unless told. */
  readonly schema?: string
  /**
   * Decides what has expired. Without it the database's clock does, so that all processes agree whatever their
   * own clocks say.
   */
  readonly clock?: Clock
}

export interface PostgresStore extends Store {
  /** Removes what has expired, which otherwise happens by itself once a minute; resolves to how many. */
  purge(): Promise<number>
  /** Waits for what was asked for before, and ends the pool if it is the store's own. */
  close(): Promise<void>
}

type Row = Record<string, unknown>

const purgeInterval = 60_000
const purgeStep = 500

/**
 * A durable store in PostgreSQL 13 or later, for any number of processes. Makes its tables at first start. Every
 * operation is one statement and one commit.
 *
 * @throws PostgresStoreError `store-postgres.failed` when the database cannot be reached,
 *   `store-postgres.not-durable`, `store-postgres.schema.newer`
 */
export async function createPostgresStore(options: CreatePostgresStoreOptions): Promise<PostgresStore> {
  const { schema = 'ekkasan', clock, timeout = 30_000 } = options
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(schema)) {
    throw new TypeError('schema must be lower-case letters, digits and underscores')
  }
  if ((options.pool === undefined) === (options.connectionString === undefined)) {
    throw new TypeError('either pool or connectionString must be given')
  }
  if (!(timeout > 0)) throw new TypeError('timeout must be a positive number of milliseconds')
  const pool =
    options.pool ??
    new pg.Pool({
      connectionString: options.connectionString,
      max: options.maxConnections ?? 10,
      // pg waits for ever unless told, and a network that swallows packets tells nobody.
      connectionTimeoutMillis: timeout,
      query_timeout: timeout,
      keepAlive: true,
    })
  // A connection that breaks while nobody uses it is replaced by the next query.
  if (!options.pool) pool.on('error', () => {})
  const underWay = new Set<Promise<unknown>>()
  let isClosed = false

  const run = async (sql: string, values: unknown[]): Promise<pg.QueryResult<Row>> => {
    if (isClosed) throw new PostgresStoreError('store-postgres.closed', 'the store was closed')
    const result = pool.query<Row>(sql, values)
    underWay.add(result)
    try {
      return await result
    } catch (cause) {
      throw failed(cause)
    } finally {
      underWay.delete(result)
    }
  }
  try {
    await prepareSchema(pool, schema)
  } catch (cause) {
    if (!options.pool) await pool.end()
    throw cause instanceof EkkasanError ? cause : failed(cause)
  }

  const entry = `"${schema}".entry`
  const counter = `"${schema}".counter`
  const version = `nextval('"${schema}".version')`
  const now = (parameter: number) =>
    `coalesce($${parameter}::bigint, (extract(epoch FROM statement_timestamp()) * 1000)::bigint)`
  const live = (parameter: number) => `(e.expires IS NULL OR e.expires > ${now(parameter)})`
  const statements = {
    get: `SELECT value, version FROM ${entry} e WHERE key = $1 AND ${live(2)}`,
    put: `INSERT INTO ${entry} AS e (key, value, version, expires) VALUES ($1, $2, ${version}, $3)
          ON CONFLICT (key) DO UPDATE
          SET value = excluded.value, version = excluded.version, expires = excluded.expires`,
    replace: `UPDATE ${entry} e SET value = $2, version = ${version}, expires = $3
              WHERE key = $1 AND version = $5 AND ${live(4)}`,
    remove: `DELETE FROM ${entry} e WHERE key = $1 AND version = $3 AND ${live(2)}`,
    delete: `DELETE FROM ${entry} WHERE key = $1`,
    list: `SELECT key, value, version FROM ${entry} e
           WHERE key >= $1 AND key < $2 AND key > $3 AND ${live(4)} ORDER BY key LIMIT $5`,
    next: `INSERT INTO ${counter} AS c (name, next) VALUES ($1, 1)
           ON CONFLICT (name) DO UPDATE SET next = c.next + 1 RETURNING next - 1 AS number`,
    purge: `DELETE FROM ${entry} WHERE key IN (
              SELECT key FROM ${entry} e WHERE e.expires <= ${now(1)}
              LIMIT ${purgeStep} FOR UPDATE SKIP LOCKED)`,
  }

  const time = () => clock?.().getTime() ?? null
  const read = (row: Row): Versioned => ({
    value: JSON.parse(row.value as string) as JsonValue,
    version: Number(row.version),
  })
  const purge = async () => {
    let removed = 0
    for (;;) {
      const step = (await run(statements.purge, [time()])).rowCount ?? 0
      removed += step
      if (step < purgeStep) return removed
    }
  }
  // A database that is away shows it to those who ask; the next round tries again.
  const timer = setInterval(() => void purge().catch(() => {}), purgeInterval)
  timer.unref()

  return {
    async get(key) {
      requireStoreKey(key)
      const row = (await run(statements.get, [key, time()])).rows[0]
      return row && read(row)
    },
    async put(key, value, { expiresAt } = {}) {
      requireStoreKey(key)
      await run(statements.put, [key, storeJson(value), storeExpiry(expiresAt) ?? null])
    },
    async swap(key, expected, value, { expiresAt } = {}) {
      requireStoreKey(key)
      const json = value === undefined ? undefined : storeJson(value)
      const expires = storeExpiry(expiresAt) ?? null
      if (json === undefined) {
        if (expected !== undefined)
          return (await run(statements.remove, [key, time(), expected])).rowCount === 1
        return (await run(statements.get, [key, time()])).rows.length === 0
      }
      const result =
        expected === undefined
          ? await run(`${statements.put} WHERE NOT ${live(4)}`, [key, json, expires, time()])
          : await run(statements.replace, [key, json, expires, time(), expected])
      return result.rowCount === 1
    },
    async delete(key) {
      requireStoreKey(key)
      await run(statements.delete, [key])
    },
    async list(prefix, { after = '', limit } = {}) {
      requireStorePrefix(prefix)
      requireStorePrefix(after)
      const size = storePageSize(limit)
      const { rows } = await run(statements.list, [prefix, `${prefix}\x7f`, after, time(), size + 1])
      const entries = rows.slice(0, size).map((row) => ({ key: row.key as string, ...read(row) }))
      const last = rows.length > size ? entries.at(-1)?.key : undefined
      return { entries, ...(last !== undefined && { cursor: last }) }
    },
    async next(name) {
      requireStoreKey(name)
      return Number((await run(statements.next, [name])).rows[0]?.number)
    },
    purge,
    async close() {
      if (isClosed) return
      isClosed = true
      clearInterval(timer)
      await Promise.allSettled(underWay)
      if (!options.pool) await pool.end()
    },
  }
}

function failed(cause: unknown): PostgresStoreError {
  return new PostgresStoreError('store-postgres.failed', 'PostgreSQL did not carry the operation out', {
    cause,
  })
}
