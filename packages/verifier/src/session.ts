import type { Check, JsonObject, JsonValue, LanguageMap, Store, Versioned } from '@ekkasan/core'
import { hashBase64url } from '@ekkasan/core/bytes'
import type { PrivateJwk } from '@ekkasan/keys'
import type { DcApiResponseMode, ResponseMode } from '@ekkasan/openid4vc'
import type { CredentialReport } from './types.ts'

/** What was asked, kept until it is answered. */
export interface AskedRequest {
  readonly query: JsonObject
  readonly purpose?: LanguageMap
  readonly responseMode: ResponseMode | DcApiResponseMode
  /** Asked through the Digital Credentials API, and only there to be answered. */
  readonly dcApi?: AskedByDcApi
  readonly nonce: string
  /**
   * What the answer has to bring back, OpenID4VP sections 5.3 and 14.3.2. Absent with `omitState`, and over the Digital
   * Credentials API, which has no such parameter (Appendix A.2).
   */
  readonly state?: string
  /**
   * The private key for the response. It lives with the session so that every replica can decrypt, opens only the
   * answer to this one request, and is gone once that came or the time is over.
   */
  readonly encryptionJwk?: PrivateJwk
  readonly transactionData?: readonly string[]
  readonly redirectUri?: string
  /** Milliseconds since 1970. */
  readonly startedAt: number
  readonly expiresAt: number
}

export interface AskedByDcApi {
  /** Of the pages that may ask. */
  readonly origins: readonly string[]
  readonly protocols: readonly string[]
  /** Of protocols other than OpenID4VP: what was asked, and what opens the answer. */
  readonly others: Readonly<Record<string, { readonly request: JsonObject; readonly secret: JsonObject }>>
}

/** What was received, kept for the lifetime of a result. */
export type Outcome =
  | { readonly kind: 'verified'; readonly presentations: JsonObject; readonly checks: readonly Check[] }
  | { readonly kind: 'rejected' | 'unavailable'; readonly report: readonly CredentialReport[] }
  | { readonly kind: 'refused'; readonly error: string }

/** Whom the result of a same-device session is for: hashes of what he must bring. */
export interface Entitlement {
  readonly browserSecretHash: string
  readonly responseCodeHash?: string
}

export type Session =
  | {
      readonly state: 'requested' | 'request-fetched'
      readonly asked: AskedRequest
      readonly for?: Entitlement
    }
  /** Could not be checked: may be answered again while it lasts. */
  | {
      readonly state: 'unavailable'
      readonly asked: AskedRequest
      readonly for?: Entitlement
      readonly outcome: Outcome
      readonly at: number
      /** How many answers could not be checked; absent in what was written before it was counted. */
      readonly attempts?: number
    }
  | { readonly state: 'answered'; readonly for?: Entitlement; readonly outcome: Outcome; readonly at: number }

/**
 * Two random numbers in one (OpenID4VP section 14.3): wallets see the hash of the id, so that who reads a QR cannot
 * ask for the result.
 */
export function requestIdOf(id: string): string {
  return hashBase64url('sha-256', `request ${id}`).slice(0, 32)
}

export function secretHash(secret: string): string {
  return hashBase64url('sha-256', secret)
}

function keyOf(requestId: string): string {
  return `presentation/${requestId}`
}

/** A session as it was read. */
export interface Found<S extends Session = Session> {
  readonly session: S
  readonly version: number
}

export async function readSession(store: Store, requestId: string): Promise<Found | undefined> {
  if (!/^[A-Za-z0-9_-]{32}$/.test(requestId)) return undefined
  const entry: Versioned | undefined = await store.get(keyOf(requestId))
  return entry && { session: entry.value as unknown as Session, version: entry.version }
}

/** Compare and set; `expected` undefined creates. */
export function writeSession(
  store: Store,
  requestId: string,
  expected: number | undefined,
  session: Session,
  keptUntil: number,
): Promise<boolean> {
  return store.swap(keyOf(requestId), expected, session as unknown as JsonValue, {
    expiresAt: new Date(keptUntil),
  })
}

export function deleteSession(store: Store, requestId: string): Promise<void> {
  return store.delete(keyOf(requestId))
}
