import type { Pool } from 'pg'
import { PostgresStoreError } from './errors.ts'

const schemaVersion = 1
// Any number will do, as long as nobody else in the database takes it: "EKKASAN" in ASCII.
const migrationLock = '19515128440807758'

/** Makes the tables where they are missing; several processes may do so at once. */
export async function prepareSchema(pool: Pool, schema: string): Promise<void> {
  const client = await pool.connect()
  // Without a listener a connection cut between two queries would end the process; the next query says it.
  const ignore = () => {}
  client.on('error', ignore)
  try {
    const { rows } = await client.query('SHOW synchronous_commit')
    if (rows[0]?.synchronous_commit === 'off') {
      throw new PostgresStoreError('store-postgres.not-durable', 'synchronous_commit must not be off')
    }
    await client.query('BEGIN')
    await client.query(`SELECT pg_advisory_xact_lock(${migrationLock})`)
    await migrate((sql) => client.query(sql), `"${schema}"`, schema)
    await client.query('COMMIT')
    client.off('error', ignore)
    client.release()
  } catch (error) {
    // A connection with half a transaction is not given back to the pool.
    client.release(true)
    throw error
  }
}

async function migrate(
  query: (sql: string) => Promise<{ rows: Record<string, unknown>[] }>,
  quoted: string,
  schema: string,
): Promise<void> {
  const { rows } = await query(`SELECT to_regclass('${quoted}.schema_version') IS NOT NULL AS present`)
  if (rows[0]?.present === true) {
    const found = await query(`SELECT version FROM ${quoted}.schema_version`)
    if (Number(found.rows[0]?.version) > schemaVersion) {
      throw new PostgresStoreError(
        'store-postgres.schema.newer',
        'the tables were made by a newer version of @ekkasan/store-postgres',
      )
    }
    return
  }
  // CREATE SCHEMA asks for a right on the database even where the schema is there.
  const existing = await query(`SELECT 1 FROM pg_namespace WHERE nspname = '${schema}'`)
  if (existing.rows.length === 0) await query(`CREATE SCHEMA ${quoted}`)
  await query(`
    ${tables(quoted)}
    CREATE TABLE ${quoted}.schema_version (version integer NOT NULL);
    INSERT INTO ${quoted}.schema_version VALUES (${schemaVersion});
  `)
}

export function tables(quoted: string): string {
  return `
    CREATE TABLE ${quoted}.entry (
      key text COLLATE "C" PRIMARY KEY,
      value text NOT NULL,
      version bigint NOT NULL,
      expires bigint
    );
    CREATE INDEX entry_expires ON ${quoted}.entry (expires) WHERE expires IS NOT NULL;
    CREATE SEQUENCE ${quoted}.version;
    CREATE TABLE ${quoted}.counter (name text COLLATE "C" PRIMARY KEY, next bigint NOT NULL);
  `
}
