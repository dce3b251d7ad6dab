import { StoreError } from '@ekkasan/core'

export type PostgresStoreErrorCode =
  /** The tables were made by a newer version of this package. */
  | 'store-postgres.schema.newer'
  /** `synchronous_commit` is off: what is acknowledged could be lost. */
  | 'store-postgres.not-durable'
  /** The database is a standby that was not promoted. */
  | 'store-postgres.standby'
  /** Another database answers than the one that was opened: another cluster, a promoted standby, one made anew. */
  | 'store-postgres.replaced'
  /** A program has the store open: stop it before a backup is restored over it. */
  | 'store-postgres.in-use'
  /** What was given as a backup is not one, is not whole, or is of a newer version. */
  | 'store-postgres.backup.malformed'
  /** PostgreSQL did not carry the operation out, or its answer was lost on the way. */
  | 'store-postgres.failed'
  /** The store was closed. */
  | 'store-postgres.closed'

export class PostgresStoreError extends StoreError<PostgresStoreErrorCode> {}
