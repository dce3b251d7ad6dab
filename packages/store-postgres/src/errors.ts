import { EkkasanError } from '@ekkasan/core'

export type PostgresStoreErrorCode =
  /** The tables were made by a newer version of this package. */
  | 'store-postgres.schema.newer'
  /** `synchronous_commit` is off: what is acknowledged could be lost. */
  | 'store-postgres.not-durable'
  /** PostgreSQL did not carry the operation out, or its answer was lost on the way. */
  | 'store-postgres.failed'
  /** The store was closed. */
  | 'store-postgres.closed'

export class PostgresStoreError extends EkkasanError<PostgresStoreErrorCode> {}
