import type {
  Clock,
  DcApiHolderProtocol,
  Fetch,
  HolderFormat,
  IsTrusted,
  JsonObject,
  RandomBytes,
  ResolveDid,
  Store,
  TrustedAuthorities,
} from '@ekkasan/core'
import type { ReadCertificate } from '@ekkasan/openid4vc'
import type { HolderKeys } from './types.ts'

/** What receiving takes of the wallet's options, completed. */
export interface ReceivingContext {
  readonly formats: readonly HolderFormat[]
  readonly keys: HolderKeys
  readonly store: Store
  readonly isTrusted: IsTrusted
  readonly clientId?: string
  readonly fetch: Fetch
  readonly clock: Clock
  readonly randomBytes: RandomBytes
}

/** With what presenting takes beside it. */
export interface PresentingContext extends ReceivingContext {
  readonly readCertificate?: ReadCertificate
  readonly resolveDid?: ResolveDid
  readonly transactionDataTypes?: Readonly<Record<string, (content: JsonObject) => boolean>>
  readonly trustedAuthorities?: TrustedAuthorities
  readonly dcApiProtocols?: readonly DcApiHolderProtocol[]
  readonly acceptRequestUriAudience?: boolean
}
