import type { Clock, RandomBytes } from '@ekkasan/core'
import type { SigningClient } from '@ekkasan/openid4vc'
import type { CreateVerifierOptions } from './types.ts'

/** The options with their defaults, as every step takes them. */
export interface Context extends CreateVerifierOptions {
  readonly clientId: string
  /** That of `identity`, and those of `otherIdentities`. */
  readonly clients: readonly SigningClient[]
  readonly requestLifetime: number
  readonly resultLifetime: number
  readonly clock: Clock
  readonly randomBytes: RandomBytes
}

export function requestUri({ url }: Context, requestId: string): string {
  return `${url}/request/${requestId}`
}

export function responseUri({ url }: Context, requestId: string): string {
  return `${url}/response/${requestId}`
}

/** Where a page posts what it got through the Digital Credentials API. */
export function dcApiUri({ url }: Context, requestId: string): string {
  return `${url}/dc-api/${requestId}`
}

/** Until when a session is kept that is never answered: so long its expiry can be told. */
export function keptUntil({ resultLifetime }: Context, expiresAt: number): number {
  return expiresAt + resultLifetime * 1000
}
