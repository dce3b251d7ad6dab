import { DatabaseSync } from 'node:sqlite'
import { SqliteStoreError } from './errors.ts'
import { createPrivateFile } from './file.node.ts'

const applicationId = 0x454b4b41
const schemaVersion = 1

// Waiting inside SQLite stops the whole process, so a statement waits briefly and the queue tries again.
const busyTimeout = 25

const schema = `
  CREATE TABLE entry (
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL,
    version INTEGER NOT NULL,
    expires INTEGER
  ) STRICT;
  CREATE INDEX entry_expires ON entry (expires) WHERE expires IS NOT NULL;
  CREATE TABLE counter (name TEXT NOT NULL PRIMARY KEY, next INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE last_version (version INTEGER NOT NULL) STRICT;
  INSERT INTO last_version VALUES (0);
  PRAGMA application_id = ${applicationId};
  PRAGMA user_version = ${schemaVersion};
`

/** Opens the file, creating it and its tables where they are missing; several processes may do so at once. */
export function openDatabase(file: string): DatabaseSync {
  makeFile(file)
  const database = new DatabaseSync(file, { timeout: 10_000 })
  try {
    whileBusy(() => database.exec('PRAGMA journal_mode = WAL'))
    database.exec('PRAGMA synchronous = FULL')
    // What was deleted is overwritten, not only forgotten: it may be what a person showed.
    database.exec('PRAGMA secure_delete = ON')
    whileBusy(() => database.exec('BEGIN IMMEDIATE'))
    prepareSchema(database)
    database.exec('COMMIT')
    requireIntegrity(database)
    database.exec(`PRAGMA busy_timeout = ${busyTimeout}`)
    return database
  } catch (error) {
    database.close()
    if (error instanceof SqliteStoreError) throw error
    if (isDamage(error)) throw damaged(error)
    throw new SqliteStoreError('store-sqlite.failed', 'SQLite could not open the file', { cause: error })
  }
}

function makeFile(file: string): void {
  try {
    createPrivateFile(file)
  } catch (cause) {
    const { code } = cause as { readonly code?: string }
    const why = code === 'ENOENT' ? 'its folder is not there: make it first' : (code ?? 'unknown fault')
    throw new SqliteStoreError('store-sqlite.failed', `the file could not be opened: ${why}`, { cause })
  }
}

/** Reads the whole file once: a backup copied over a file whose old log was left beside it is found here. */
export function requireIntegrity(database: DatabaseSync): void {
  const [found] = database.prepare('PRAGMA integrity_check(1)').all()
  if (found?.integrity_check !== 'ok') throw damaged()
}

/** @throws SqliteStoreError unless the database is one of this package, of this version or an earlier one */
export function requireOwnDatabase(database: DatabaseSync): void {
  const pragma = (name: string) => Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0]
  if (pragma('application_id') !== applicationId) {
    throw new SqliteStoreError('store-sqlite.file.foreign', 'the file is a database of another program')
  }
  if (Number(pragma('user_version')) > schemaVersion) {
    throw new SqliteStoreError(
      'store-sqlite.file.newer',
      'the file was written by a newer version of @ekkasan/store-sqlite',
    )
  }
}

function prepareSchema(database: DatabaseSync): void {
  const tables = database.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.n
  if (tables === 0) database.exec(schema)
  else requireOwnDatabase(database)
}

export function isBusy(error: unknown): boolean {
  const code = (error as { errcode?: unknown } | null)?.errcode
  return typeof code === 'number' && ((code & 0xff) === 5 || (code & 0xff) === 6)
}

/** SQLITE_CORRUPT or SQLITE_NOTADB. */
export function isDamage(error: unknown): boolean {
  const code = (error as { errcode?: unknown } | null)?.errcode
  return typeof code === 'number' && ((code & 0xff) === 11 || (code & 0xff) === 26)
}

export function damaged(cause?: unknown): SqliteStoreError {
  const message =
    'the file is damaged or not a database, or its log (-wal) is that of another file: restore a backup'
  return new SqliteStoreError('store-sqlite.file.damaged', message, { cause })
}

// Changing the journal mode does not wait by itself while another process opens the file.
function whileBusy(run: () => void): void {
  for (let attempt = 1; ; attempt++) {
    try {
      run()
      return
    } catch (error) {
      if (!isBusy(error)) throw error
      if (attempt === 100) {
        throw new SqliteStoreError('store-sqlite.busy', 'another process holds the file', { cause: error })
      }
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)
    }
  }
}
