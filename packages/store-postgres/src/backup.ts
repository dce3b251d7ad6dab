import { restoreMarkKey } from '@ekkasan/core'
import pg from 'pg'
import { PostgresStoreError } from './errors.ts'
import { requireSchemaName } from './options.ts'
import { presenceLock } from './presence.ts'
import { prepareSchema, tables } from './schema.ts'

// A backup is lines of JSON: `{"ekkasan-store":1,"takenAt":…}`, entries `{"k","v","n","e"}` (key, value as JSON text,
// version, expiry), counters `{"c","n"}`, and `{"end":true,"lines":…}`, by which a backup that was cut off is known.

export interface PostgresBackup {
  /** Everything that was acknowledged before it is in the backup. */
  readonly takenAt: Date
}

interface BackupOptions {
  readonly connectionString: string
  /** Name of the PostgreSQL schema that holds the tables; default: `ekkasan`. */
  readonly schema?: string
}

const format = 1
const pageSize = 500

/**
 * All that the store holds now, line by line, out of one snapshot. Works while programs use the store and does not stop
 * them; needs no program of PostgreSQL's.
 * @throws PostgresStoreError `store-postgres.failed`
 */
export async function* backupPostgresStore(options: BackupOptions): AsyncGenerator<string, PostgresBackup> {
  const { connectionString, schema = 'ekkasan' } = options
  requireSchemaName(schema)
  const client = new pg.Client({ connectionString })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    const { rows } = await client.query(
      'SELECT (extract(epoch FROM transaction_timestamp()) * 1000)::bigint AS now',
    )
    const takenAt = Number(rows[0]?.now)
    yield JSON.stringify({ 'ekkasan-store': format, takenAt })
    let lines = 0
    const queries = [
      `SELECT json_build_object('k', key, 'v', value, 'n', version, 'e', expires)::text AS line FROM "${schema}".entry`,
      `SELECT json_build_object('c', encode(convert_to(name, 'UTF8'), 'base64'), 'n', next)::text AS line FROM "${schema}".counter`,
    ]
    for (const query of queries) {
      await client.query(`DECLARE lines NO SCROLL CURSOR FOR ${query}`)
      for (;;) {
        const page = await client.query(`FETCH ${pageSize} FROM lines`)
        for (const row of page.rows as { line: string }[]) {
          lines += 1
          yield row.line
        }
        if (page.rows.length < pageSize) break
      }
      await client.query('CLOSE lines')
    }
    yield JSON.stringify({ end: true, lines })
    await client.query('COMMIT')
    return { takenAt: new Date(takenAt) }
  } catch (cause) {
    throw cause instanceof PostgresStoreError ? cause : failed(cause)
  } finally {
    await client.end().catch(() => {})
  }
}

/**
 * Puts a backup in the place of the store, in one transaction and marked as restored (`restoreMarkKey` of
 * @ekkasan/core) so that a program serves nothing before it was reconciled. The tables that stood there stay in the
 * schema under the name `…_replaced_<time>`.
 * @throws PostgresStoreError `store-postgres.in-use`, `.backup.malformed`, `.failed`
 */
export async function restorePostgresStore(
  options: BackupOptions & { readonly lines: AsyncIterable<string> },
): Promise<PostgresBackup & { readonly replaced?: string }> {
  const { connectionString, schema = 'ekkasan', lines } = options
  requireSchemaName(schema)
  const pool = new pg.Pool({ connectionString, max: 1 })
  pool.on('error', () => {})
  try {
    await prepareSchema(pool, schema)
    const client = await pool.connect()
    client.on('error', () => {})
    try {
      await client.query('BEGIN')
      await requireUnused(client, schema)
      const replaced = await setAside(client, schema)
      const takenAt = await load(client, schema, lines)
      await client.query('COMMIT')
      client.release()
      return { takenAt: new Date(takenAt), ...(replaced !== undefined && { replaced }) }
    } catch (error) {
      client.release(true)
      throw error
    }
  } catch (cause) {
    throw cause instanceof PostgresStoreError ? cause : failed(cause)
  } finally {
    await pool.end().catch(() => {})
  }
}

async function requireUnused(client: pg.PoolClient, schema: string): Promise<void> {
  const { rows } = await client.query('SELECT pg_try_advisory_xact_lock($1, hashtext($2)) AS free', [
    presenceLock,
    schema,
  ])
  if (rows[0]?.free === true) return
  const message = 'a program has the store open in this database; stop all of them first'
  throw new PostgresStoreError('store-postgres.in-use', message)
}

/** Undefined where there was nothing. */
async function setAside(client: pg.PoolClient, schema: string): Promise<string | undefined> {
  const { rows } = await client.query(`
    SELECT EXISTS (SELECT FROM "${schema}".entry) OR EXISTS (SELECT FROM "${schema}".counter WHERE name ~ '^[ -~]+$')
      AS used, to_char(now() AT TIME ZONE 'UTC', 'YYYYMMDD"T"HH24MISSMS') AS time`)
  const { used, time } = rows[0] as { used: boolean; time: string }
  const suffix = `replaced_${time.toLowerCase()}`
  const renames = used
    ? `ALTER TABLE "${schema}".entry RENAME CONSTRAINT entry_pkey TO entry_pkey_${suffix};
       ALTER TABLE "${schema}".counter RENAME CONSTRAINT counter_pkey TO counter_pkey_${suffix};
       ALTER INDEX "${schema}".entry_expires RENAME TO entry_expires_${suffix};
       ALTER TABLE "${schema}".entry RENAME TO entry_${suffix};
       ALTER TABLE "${schema}".counter RENAME TO counter_${suffix};
       ALTER SEQUENCE "${schema}".version RENAME TO version_${suffix};`
    : `DROP TABLE "${schema}".entry, "${schema}".counter; DROP SEQUENCE "${schema}".version;`
  await client.query(renames + tables(`"${schema}"`))
  return used ? suffix : undefined
}

async function load(client: pg.PoolClient, schema: string, lines: AsyncIterable<string>): Promise<number> {
  let takenAt: number | undefined
  let count = 0
  let isWhole = false
  let page: string[] = []
  const flush = async () => {
    if (page.length === 0) return
    // PostgreSQL reads the lines itself: what it wrote is what it gets.
    await client.query(
      `INSERT INTO "${schema}".entry (key, value, version, expires)
       SELECT line->>'k', line->>'v', (line->>'n')::bigint, (line->>'e')::bigint
       FROM unnest($1::json[]) AS line WHERE line->>'k' IS NOT NULL`,
      [page],
    )
    await client.query(
      `INSERT INTO "${schema}".counter (name, next)
       SELECT convert_from(decode(line->>'c', 'base64'), 'UTF8'), (line->>'n')::bigint
       FROM unnest($1::json[]) AS line WHERE line->>'c' IS NOT NULL`,
      [page],
    )
    page = []
  }
  for await (const line of lines) {
    if (line === '') continue
    if (isWhole) throw malformed('something follows its end')
    if (takenAt === undefined) {
      takenAt = readHeader(line)
      continue
    }
    const value = parse(line)
    if (value.end === true) {
      if (value.lines !== count) throw malformed('lines are missing')
      isWhole = true
      continue
    }
    page.push(line)
    count += 1
    if (page.length === pageSize) await flush()
  }
  if (takenAt === undefined || !isWhole) throw malformed('its end is missing')
  await flush()
  await client.query(
    `SELECT setval('"${schema}".version', (SELECT coalesce(max(version), 0) + 1 FROM "${schema}".entry))`,
  )
  await client.query(
    `INSERT INTO "${schema}".entry (key, value, version)
     VALUES ($1, json_build_object('takenAt', $2::bigint, 'restoredAt',
       (extract(epoch FROM now()) * 1000)::bigint)::text, nextval('"${schema}".version'))
     ON CONFLICT (key) DO UPDATE SET value = excluded.value, version = excluded.version`,
    [restoreMarkKey, takenAt],
  )
  return takenAt
}

function readHeader(line: string): number {
  const { 'ekkasan-store': version, takenAt } = parse(line)
  if (typeof version !== 'number' || typeof takenAt !== 'number')
    throw malformed('its first line is not ours')
  if (version > format) throw malformed('a newer version wrote it')
  return takenAt
}

function parse(line: string): Record<string, unknown> {
  try {
    return JSON.parse(line) as Record<string, unknown>
  } catch (cause) {
    throw malformed('a line is not JSON', cause)
  }
}

function malformed(what: string, cause?: unknown): PostgresStoreError {
  return new PostgresStoreError('store-postgres.backup.malformed', `this is not a whole backup: ${what}`, {
    cause,
  })
}

function failed(cause: unknown): PostgresStoreError {
  return new PostgresStoreError('store-postgres.failed', 'PostgreSQL did not carry the operation out', {
    cause,
  })
}
