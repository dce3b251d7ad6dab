import { EkkasanError } from '@ekkasan/core'

export type SqliteStoreErrorCode =
  /** The file is a database of another program. */
  | 'store-sqlite.file.foreign'
  /** The file was written by a newer version of this package. */
  | 'store-sqlite.file.newer'
  /** Another process held the file for longer than a few seconds. */
  | 'store-sqlite.busy'
  /** SQLite could not carry the operation out: disk full, input/output error. Nothing of it was written. */
  | 'store-sqlite.failed'
  /** The store was closed. */
  | 'store-sqlite.closed'

export class SqliteStoreError extends EkkasanError<SqliteStoreErrorCode> {}
