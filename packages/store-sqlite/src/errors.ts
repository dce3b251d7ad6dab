import { StoreError } from '@ekkasan/core'

export type SqliteStoreErrorCode =
  /** The file is a database of another program. */
  | 'store-sqlite.file.foreign'
  /** The file was written by a newer version of this package. */
  | 'store-sqlite.file.newer'
  /** The file is damaged, or it is a mixture of a database and the log of another: restore a backup. */
  | 'store-sqlite.file.damaged'
  /** A backup is not written over a file that is there. */
  | 'store-sqlite.backup.exists'
  /** The file named as backup or as store is not there. */
  | 'store-sqlite.file.missing'
  /** A process has the store open: stop it before a backup is restored over it. */
  | 'store-sqlite.in-use'
  /** Another process held the file for longer than a few seconds. */
  | 'store-sqlite.busy'
  /** SQLite could not carry the operation out: disk full, input/output error. Nothing of it was written. */
  | 'store-sqlite.failed'
  /** The store was closed. */
  | 'store-sqlite.closed'

export class SqliteStoreError extends StoreError<SqliteStoreErrorCode> {}
