import type { Algorithm, BindingMethod, CredentialConfiguration, RandomBytes, Store } from '@ekkasan/core'
import type { Secret } from './secret.ts'
import type { Statuses } from './statuses.ts'
import type { CreateIssuerOptions, IssuerLifetimes } from './types.ts'

/** What every step of the protocol works with: the options, checked and completed. */
export interface Context {
  readonly url: string
  readonly endpoints: Endpoints
  readonly configurations: ReadonlyMap<string, CredentialConfiguration>
  readonly store: Store
  readonly secret: Secret
  /** Of nonces alone. */
  readonly nonceSecret: Secret
  readonly statuses: Statuses
  readonly lifetimes: Required<IssuerLifetimes>
  readonly batchSize: number
  readonly txCodeAttempts: number
  readonly proofAlgorithms: readonly Algorithm[]
  readonly options: CreateIssuerOptions
  /** Where the days begin to which times in credentials are rounded. */
  readonly timeZone: string
  readonly randomBytes: RandomBytes
  now(): Date
  /** The binding methods of a configuration that can be verified here. */
  bindingMethods(configuration: CredentialConfiguration): readonly BindingMethod[]
}

export interface Endpoints {
  readonly offers: string
  readonly token: string
  readonly nonce: string
  readonly credential: string
  readonly notification: string
}

export function after(date: Date, seconds: number): Date {
  return new Date(date.getTime() + seconds * 1000)
}
