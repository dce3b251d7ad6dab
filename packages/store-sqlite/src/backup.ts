import { DatabaseSync } from 'node:sqlite'
import { type Clock, restoreMarkKey } from '@ekkasan/core'
import { damaged, isBusy, isDamage, requireIntegrity, requireOwnDatabase } from './database.ts'
import { SqliteStoreError } from './errors.ts'
import { copyPrivateFile, createPrivateFile, isFile, moveFile, removeFile } from './file.node.ts'

/** Key under which a backup says when it was taken. */
const backupKey = 'backup/taken'

export interface SqliteBackup {
  /** Everything that was acknowledged before it is in the backup; undefined for a copy made by other means. */
  readonly takenAt: Date | undefined
}

/**
 * Writes all that the store holds now into one file, readable by its owner only. Works while programs use the store
 * and does not stop them.
 * @throws SqliteStoreError `store-sqlite.file.missing`, `.backup.exists`, `.file.foreign`, `.file.damaged`, `.failed`
 */
export async function backupSqliteStore(options: {
  readonly file: string
  /** Must not exist. */
  readonly to: string
  readonly clock?: Clock
}): Promise<SqliteBackup> {
  const { file, to, clock = () => new Date() } = options
  requireFile(file)
  if (isFile(to)) {
    throw new SqliteStoreError('store-sqlite.backup.exists', `there is a file already: ${to}`)
  }
  const part = `${to}.part`
  removeFile(part)
  const takenAt = clock()
  try {
    createPrivateFile(part)
    withDatabase(file, (database) => {
      requireOwnDatabase(database)
      database.prepare('VACUUM INTO ?').run(part)
    })
    withDatabase(part, (database) => {
      requireIntegrity(database)
      putEntry(database, backupKey, { takenAt: takenAt.getTime() })
    })
    moveFile(part, to)
  } finally {
    removeFile(part)
  }
  return { takenAt }
}

/**
 * Puts a backup in the place of the store, marked as restored (`restoreMarkKey` of @ekkasan/core) so that a program
 * serves nothing before it was reconciled. What stood there is kept beside it, as `<file>.replaced-<time>`.
 * @throws SqliteStoreError `store-sqlite.file.missing`, `.in-use`, `.file.foreign`, `.file.newer`, `.file.damaged`
 */
export async function restoreSqliteStore(options: {
  readonly from: string
  readonly file: string
  readonly clock?: Clock
}): Promise<SqliteBackup & { readonly replaced?: string }> {
  const { from, file, clock = () => new Date() } = options
  requireFile(from)
  const restoredAt = clock()
  const part = `${file}.restoring`
  for (const suffix of ['', '-wal', '-shm']) removeFile(part + suffix)
  let takenAt: number | undefined
  try {
    copyPrivateFile(from, part)
    withDatabase(part, (database) => {
      requireOwnDatabase(database)
      requireIntegrity(database)
      const row = database.prepare('SELECT value FROM entry WHERE key = ?').get(backupKey)
      takenAt = row ? (JSON.parse(row.value as string) as { takenAt: number }).takenAt : undefined
      const mark = { ...(takenAt !== undefined && { takenAt }), restoredAt: restoredAt.getTime() }
      putEntry(database, restoreMarkKey, mark)
    })
    requireUnused(file)
    const replaced = `${file}.replaced-${restoredAt.toISOString().replaceAll(/[-:]|\.\d+/g, '')}`
    let isReplaced = false
    // An old log left beside another file would be read as that file's own.
    for (const suffix of ['-wal', '-shm', '']) {
      if (!isFile(file + suffix)) continue
      moveFile(file + suffix, replaced + suffix)
      isReplaced = true
    }
    moveFile(part, file)
    return {
      takenAt: takenAt === undefined ? undefined : new Date(takenAt),
      ...(isReplaced && { replaced }),
    }
  } finally {
    for (const suffix of ['', '-wal', '-shm']) removeFile(part + suffix)
  }
}

/** Leaving the write-ahead log needs the file for oneself alone; it also empties the log. */
function requireUnused(file: string): void {
  if (!isFile(file)) return
  const database = new DatabaseSync(file, { timeout: 1000 })
  try {
    database.exec('PRAGMA journal_mode = DELETE')
  } catch (error) {
    // What is damaged is what a backup is restored for.
    if (isDamage(error)) return
    if (!isBusy(error)) throw failed(error)
    const message = `another process has the store open; stop it first: ${file}`
    throw new SqliteStoreError('store-sqlite.in-use', message, { cause: error })
  } finally {
    database.close()
  }
}

function requireFile(file: string): void {
  if (!isFile(file)) throw new SqliteStoreError('store-sqlite.file.missing', `there is no file ${file}`)
}

function withDatabase(file: string, use: (database: DatabaseSync) => void): void {
  const database = new DatabaseSync(file, { timeout: 10_000 })
  try {
    use(database)
  } catch (error) {
    if (error instanceof SqliteStoreError) throw error
    throw isDamage(error) ? damaged(error) : failed(error)
  } finally {
    database.close()
  }
}

function putEntry(database: DatabaseSync, key: string, value: object): void {
  database.exec('UPDATE last_version SET version = version + 1')
  database
    .prepare(
      `INSERT INTO entry (key, value, version, expires) VALUES (?, ?, (SELECT version FROM last_version), NULL)
       ON CONFLICT (key) DO UPDATE SET value = excluded.value, version = excluded.version, expires = NULL`,
    )
    .run(key, JSON.stringify(value))
}

function failed(cause: unknown): SqliteStoreError {
  return new SqliteStoreError('store-sqlite.failed', 'SQLite could not carry the operation out', { cause })
}
