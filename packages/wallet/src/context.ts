import type { Clock, Fetch, HolderFormat, IsTrusted, RandomBytes, Store } from '@ekkasan/core'
import type { HolderKeys } from './types.ts'

/** The options of the wallet, completed. */
export interface ReceivingContext {
  readonly formats: readonly HolderFormat[]
  readonly keys: HolderKeys
  readonly store: Store
  readonly isTrusted: IsTrusted
  readonly fetch: Fetch
  readonly clock: Clock
  readonly randomBytes: RandomBytes
}
