import {
  type Clock,
  createPurgeLimit,
  EkkasanError,
  type JsonValue,
  type PurgeState,
  requireStoreKey,
  requireStorePrefix,
  type Store,
  storeExpiry,
  storeJson,
  storePageSize,
  type Versioned,
} from '@ekkasan/core'
import {
  anyRule,
  checkOptions,
  functionRule,
  integerRule,
  type OptionRules,
  optional,
  portRule,
  textRule,
} from '@ekkasan/core/options'
import pg from 'pg'
import { PostgresStoreError } from './errors.ts'
import { isSameDatabase, type PostgresIdentity, readIdentity } from './identity.ts'
import { requireSchemaName } from './options.ts'
import { createPresence, type Presence } from './presence.ts'
import { prepareSchema } from './schema.ts'

export interface CreatePostgresStoreOptions {
  /** A pool of the caller's, who listens to its `error` events and ends it. Either this or `connectionString`. */
  readonly pool?: pg.Pool
  /**
   * `postgresql://…`; the store then keeps a pool of its own, of at most `maxConnections`, and one more connection by
   * which it notices that another database answers under the same name.
   */
  readonly connectionString?: string
  /** Default: 10. */
  readonly maxConnections?: number
  /**
   * Longest wait for a connection of the store's own pool, and for an answer on it, in milliseconds; 30000 unless
   * told. After it the operation has failed for the caller, whatever the database makes of it.
   */
  readonly timeout?: number
  /** Name of the PostgreSQL schema that holds the tables; default: `ekkasan`. */
  readonly schema?: string
  /**
   * Decides what has expired. Without it the database's clock does, so that all processes agree whatever their
   * own clocks say.
   */
  readonly clock?: Clock
  /**
   * Told when another database answers than the one that was opened. Every operation fails then with
   * `store-postgres.replaced`: a new store must be opened once it is known what to think of that database.
   */
  readonly onReplaced?: (error: PostgresStoreError) => void
}

export interface PostgresStore extends Store {
  /** The database that was opened. */
  readonly identity: PostgresIdentity
  /**
   * `check` runs each time after the store's own connections were lost, before any other operation, over a store of its
   * own. As long as it throws, every operation fails with what it threw. Not with a `pool` of the caller's.
   */
  onReconnect(check: (store: Store) => Promise<void>): void
  /**
   * Removes what has expired, which otherwise happens by itself once a minute; resolves to how many. After a jump of the
   * clock by more than an hour it waits until the clock has gone on for a day.
   */
  purge(): Promise<number>
  /** Waits for what was asked for before, and ends the pool if it is the store's own. */
  close(): Promise<void>
}

type Row = Record<string, unknown>

const purgeInterval = 60_000
const purgeStep = 500
// No counter of a caller has such a name: keys are ASCII.
const purgeCounter = '·purge'
const purgeMembers = ['limit', 'seen', 'held'] as const satisfies readonly (keyof PurgeState)[]

const rules: OptionRules<CreatePostgresStoreOptions> = {
  pool: optional(portRule('a Pool of pg', ['query', 'connect'])),
  connectionString: optional(textRule),
  maxConnections: optional(integerRule(1)),
  timeout: optional(anyRule),
  schema: optional(textRule),
  clock: optional(functionRule),
  onReplaced: optional(functionRule),
}

/**
 * A durable store in PostgreSQL 13 or later, for any number of processes. Makes its tables at first start. Every
 * operation is one statement and one commit.
 *
 * @throws PostgresStoreError `store-postgres.failed` when the database cannot be reached,
 *   `store-postgres.not-durable`, `store-postgres.standby`, `store-postgres.schema.newer`
 */
export async function createPostgresStore(options: CreatePostgresStoreOptions): Promise<PostgresStore> {
  checkOptions(options, 'createPostgresStore', rules)
  const { schema = 'ekkasan', clock, timeout = 30_000 } = options
  requireSchemaName(schema)
  if ((options.pool === undefined) === (options.connectionString === undefined)) {
    throw new TypeError('either pool or connectionString must be given')
  }
  if (!(timeout > 0)) throw new TypeError('timeout must be a positive number of milliseconds')
  const config: pg.PoolConfig = {
    ...(options.connectionString !== undefined && { connectionString: options.connectionString }),
    // pg waits for ever by itself, and a network that swallows packets tells nobody.
    connectionTimeoutMillis: timeout,
    query_timeout: timeout,
    keepAlive: true,
  }
  let identity: PostgresIdentity | undefined
  let isSuspect = false
  const requireSame = (found: PostgresIdentity) => {
    identity ??= found
    if (isSameDatabase(identity, found)) return
    const error = new PostgresStoreError(
      'store-postgres.replaced',
      'another database answers than the one that was opened: see docs/backup.md',
    )
    options.onReplaced?.(error)
    throw error
  }
  const pool =
    options.pool ??
    new pg.Pool({
      ...config,
      max: options.maxConnections ?? 10,
      verify(client, done) {
        readIdentity(client)
          .then(requireSame)
          .then(() => done(), done)
      },
    })
  // A connection that breaks while nobody uses it is replaced by the next query.
  if (!options.pool) pool.on('error', () => {})
  const presence: Presence | undefined = options.pool
    ? undefined
    : createPresence({
        config,
        schema,
        onLost: () => {
          isSuspect = true
        },
      })
  const checks: ((store: Store) => Promise<void>)[] = []
  let checking: Promise<void> | undefined
  const underWay = new Set<Promise<unknown>>()
  let isClosed = false

  const query: Query = async (sql, values) => {
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
  const recheck = async () => {
    isSuspect = false
    try {
      if (presence) requireSame(await presence.ensure())
      for (const check of checks) await check(unchecked)
    } catch (cause) {
      isSuspect = true
      throw cause instanceof EkkasanError ? cause : failed(cause)
    }
  }
  const run: Query = async (sql, values) => {
    if (isClosed) throw new PostgresStoreError('store-postgres.closed', 'the store was closed')
    if (isSuspect || checking) {
      checking ??= recheck().finally(() => {
        checking = undefined
      })
      await checking
    }
    return query(sql, values)
  }
  try {
    await prepareSchema(pool, schema)
    identity = presence ? await presence.ensure() : await readIdentity(pool)
  } catch (cause) {
    await presence?.end()
    if (!options.pool) await pool.end()
    throw cause instanceof EkkasanError ? cause : failed(cause)
  }
  const opened = identity
  const unchecked = operations(query, schema, clock)
  const store = operations(run, schema, clock)
  const entry = `"${schema}".entry`
  const counter = `"${schema}".counter`

  /** Kept in the database: one limit for all processes, that also knows of a jump while none ran. */
  const advancePurgeLimit = async (): Promise<number> => {
    const now = (await store.now()).getTime()
    const { rows } = await run(`SELECT name, next FROM ${counter} WHERE name LIKE $1`, [`${purgeCounter} %`])
    const of = (name: string) => Number(rows.find((row) => row.name === `${purgeCounter} ${name}`)?.next)
    const [limit, seen, held] = purgeMembers.map(of) as [number, number, number]
    const isKnown = [limit, seen, held].every(Number.isFinite)
    const purgeLimit = createPurgeLimit(isKnown ? { limit, seen, held } : now)
    const reached = purgeLimit.advance(now)
    await run(
      `INSERT INTO ${counter} (name, next) SELECT * FROM unnest($1::text[], $2::bigint[])
       ON CONFLICT (name) DO UPDATE SET next = excluded.next`,
      [
        purgeMembers.map((name) => `${purgeCounter} ${name}`),
        purgeMembers.map((name) => purgeLimit.state[name]),
      ],
    )
    return reached
  }
  const purge = async () => {
    const limit = await advancePurgeLimit()
    let removed = 0
    for (;;) {
      const sql = `DELETE FROM ${entry} WHERE key IN (
        SELECT key FROM ${entry} WHERE expires <= $1 LIMIT ${purgeStep} FOR UPDATE SKIP LOCKED)`
      const step = (await run(sql, [limit])).rowCount ?? 0
      removed += step
      if (step < purgeStep) return removed
    }
  }
  // A database that is away shows it to those who ask; the next round tries again.
  advancePurgeLimit().catch(() => {})
  const timer = setInterval(() => void purge().catch(() => {}), purgeInterval)
  timer.unref()

  return {
    ...store,
    identity: opened,
    onReconnect(check) {
      checks.push(check)
    },
    purge,
    async close() {
      if (isClosed) return
      isClosed = true
      clearInterval(timer)
      await Promise.allSettled(underWay)
      await presence?.end()
      if (!options.pool) await pool.end()
    },
  }
}

type Query = (sql: string, values: unknown[]) => Promise<pg.QueryResult<Row>>

/** The port as statements, whoever carries them out. */
function operations(run: Query, schema: string, clock: Clock | undefined): Store {
  const entry = `"${schema}".entry`
  const counter = `"${schema}".counter`
  const version = `nextval('"${schema}".version')`
  const now = (parameter: number) =>
    `coalesce($${parameter}::bigint, (extract(epoch FROM statement_timestamp()) * 1000)::bigint)`
  const live = (parameter: number) => `(e.expires IS NULL OR e.expires > ${now(parameter)})`
  // Of $3, a moment, or $5, milliseconds from now; $4 is the clock that was handed in.
  const end = `coalesce($3::bigint, ${now(4)} + $5::bigint)`
  const statements = {
    get: `SELECT value, version FROM ${entry} e WHERE key = $1 AND ${live(2)}`,
    put: `INSERT INTO ${entry} AS e (key, value, version, expires) VALUES ($1, $2, ${version}, ${end})
          ON CONFLICT (key) DO UPDATE
          SET value = excluded.value, version = excluded.version, expires = excluded.expires`,
    replace: `UPDATE ${entry} e SET value = $2, version = ${version}, expires = ${end}
              WHERE key = $1 AND version = $6 AND ${live(4)}`,
    remove: `DELETE FROM ${entry} e WHERE key = $1 AND version = $3 AND ${live(2)}`,
    delete: `DELETE FROM ${entry} WHERE key = $1`,
    list: `SELECT key, value, version FROM ${entry} e
           WHERE key >= $1 AND key < $2 AND key > $3 AND ${live(4)} ORDER BY key LIMIT $5`,
    next: `INSERT INTO ${counter} AS c (name, next) VALUES ($1, 1)
           ON CONFLICT (name) DO UPDATE SET next = c.next + 1 RETURNING next - 1 AS number`,
    count: `SELECT next FROM ${counter} WHERE name = $1`,
    now: `SELECT ${now(1)} AS now`,
  }

  const time = () => clock?.().getTime() ?? null
  const read = (row: Row): Versioned => ({
    value: JSON.parse(row.value as string) as JsonValue,
    version: Number(row.version),
  })
  return {
    async get(key) {
      requireStoreKey(key)
      const row = (await run(statements.get, [key, time()])).rows[0]
      return row && read(row)
    },
    async put(key, value, options) {
      requireStoreKey(key)
      const expiry = storeExpiry(options)
      await run(statements.put, [key, storeJson(value), expiry.at ?? null, time(), expiry.in ?? null])
    },
    async swap(key, expected, value, options) {
      requireStoreKey(key)
      const json = value === undefined ? undefined : storeJson(value)
      const expiry = storeExpiry(options)
      if (json === undefined) {
        if (expected !== undefined)
          return (await run(statements.remove, [key, time(), expected])).rowCount === 1
        return (await run(statements.get, [key, time()])).rows.length === 0
      }
      const values = [key, json, expiry.at ?? null, time(), expiry.in ?? null]
      const result =
        expected === undefined
          ? await run(`${statements.put} WHERE NOT ${live(4)}`, values)
          : await run(statements.replace, [...values, expected])
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
    async count(name) {
      requireStoreKey(name)
      return Number((await run(statements.count, [name])).rows[0]?.next ?? 0)
    },
    async now() {
      return new Date(Number((await run(statements.now, [time()])).rows[0]?.now))
    },
  }
}

function failed(cause: unknown): PostgresStoreError {
  if (cause instanceof PostgresStoreError) return cause
  return new PostgresStoreError('store-postgres.failed', 'PostgreSQL did not carry the operation out', {
    cause,
  })
}
