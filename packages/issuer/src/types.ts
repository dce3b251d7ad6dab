import type {
  Claims,
  Clock,
  CredentialConfiguration,
  CredentialStatus,
  LanguageMap,
  PublicJwk,
  RandomBytes,
  ResolveDid,
  StatusAuthority,
  StatusReference,
  Store,
} from '@ekkasan/core'
import type { NodeRequestContext } from '@ekkasan/openid4vc'

/**
 * The agency's own record of a person, keyed by a subject that means something to the agency only. A claim that the document
 * does not declare, a mandatory one that is missing, or a value that does not fit the schema is not issued: the wallet is
 * told `credential_request_denied`, `onError` is told which, and the offer stays open.
 */
export type GetClaims = (
  subject: string,
  configurationId: string,
) => Promise<{ readonly claims: Claims; readonly validUntil?: Date } | undefined>

/** Brings the transaction code to the person by another way than the offer: SMS, paper, the officer's screen. */
export type DeliverTxCode = (delivery: {
  readonly offerId: string
  readonly subject: string
  readonly txCode: string
  readonly expiresAt: Date
}) => Promise<void>

export interface CreateIssuerOptions {
  /** The Credential Issuer Identifier; may have a path. */
  readonly url: string
  readonly names: LanguageMap
  readonly credentials: readonly CredentialConfiguration[]
  readonly store: Store
  readonly getClaims: GetClaims
  /** Public keys of all signers that are not retired, newest first: `jwks` of `/.well-known/jwt-vc-issuer`. */
  readonly keys?: readonly PublicJwk[]
  /**
   * Without it credentials carry no status and cannot be revoked. Of several, one of a kind, each format takes the first
   * whose references it carries.
   */
  readonly status?: StatusAuthority | readonly StatusAuthority[]
  /** Needed where offers have a transaction code that `createOffer` shall not return. */
  readonly deliverTxCode?: DeliverTxCode
  readonly lifetimes?: IssuerLifetimes
  /** Needed for holders bound by did:jwk or did:key; without it only the binding method `jwk` is offered. */
  readonly resolveDid?: ResolveDid
  /** How many proofs, and so credentials, one request may ask for: `batch_credential_issuance.batch_size`; 10. */
  readonly batchSize?: number
  /** How many wrong transaction codes lock an offer; 5. */
  readonly txCodeAttempts?: number
  /**
   * Also speaks what the draft of ETDA's VC Trust Framework kept from before 1.0: `c_nonce` in the token response;
   * a single `proof` in the credential request, answered with `credential` beside `credentials`.
   */
  readonly compatibility?: 'etda-draft-2026'
  /**
   * Told of every fault that was answered with 500 or, where it is an outage, 503, of every record that could not be
   * issued (`ClaimsError` of @ekkasan/core, which names the claim and never its value) and of those that `getClaims` did not
   * have (IssuerError): for the log of the one who runs it.
   */
  readonly onError?: (error: unknown) => void
  /**
   * Where the days begin to which the times in credentials are rounded, so that they do not tell one holder from another;
   * default: Asia/Bangkok. The store keeps exact times.
   */
  readonly timeZone?: string
  readonly clock?: Clock
  readonly randomBytes?: RandomBytes
}

/** Seconds; the defaults are those of the ETDA profile. */
export interface IssuerLifetimes {
  /** Offer, its pre-authorized code and its transaction code; 300. */
  readonly offer?: number
  /** Access token; 300. */
  readonly accessToken?: number
  /** c_nonce; 300. */
  readonly nonce?: number
  /** How long an offer is kept after it expired, so that a screen can still show what became of it; 86,400. */
  readonly closedOffer?: number
  /** How long an issuance's record (no claims in it) is kept after the credential has ended; 0. */
  readonly record?: number
}

export interface CreateOfferOptions {
  /** Credential configuration ids. */
  readonly credentials: readonly string[]
  readonly subject: string
  /** Ask for a 6-digit transaction code. */
  readonly txCode?: boolean
}

export interface Offer {
  readonly id: string
  /** `openid-credential-offer://?credential_offer=…` */
  readonly uri: string
  /** `openid-credential-offer://?credential_offer_uri=…`: short enough for a QR. */
  readonly uriByReference: string
  /** Only where no `deliverTxCode` is configured: shown once, never stored in the clear. */
  readonly txCode?: string
  readonly expiresAt: Date
}

/** What has become of an offer. */
export type OfferState =
  | { readonly state: 'offered' | 'token-issued' | 'expired' | 'withdrawn' | 'locked' }
  | { readonly state: 'issued'; readonly issuances: readonly string[]; readonly confirmed: boolean }

export interface OfferRecord {
  readonly id: string
  readonly subject: string
  readonly credentials: readonly string[]
  readonly createdAt: Date
  readonly expiresAt: Date
  readonly state: OfferState
}

/** One credential that was issued; holds no claims. */
export interface IssuanceRecord {
  readonly id: string
  readonly offerId: string
  readonly subject: string
  readonly configurationId: string
  /** The identifier inside the credential (`jti`, `id`). */
  readonly credentialId: string
  readonly issuedAt: Date
  readonly validUntil?: Date
  /** The wallet said that it stored it (notification `credential_accepted`). */
  readonly confirmed: boolean
  readonly status: CredentialStatus
  readonly statusReference?: StatusReference
}

export interface Issuer {
  /**
   * All public endpoints: metadata, offers, token, nonce, credential, notification, served documents, status. The second
   * argument is what `@hono/node-server` hands over: by it a body is found that a parser has read before.
   */
  readonly fetch: (request: Request, node?: NodeRequestContext) => Promise<Response>
  createOffer(options: CreateOfferOptions): Promise<Offer>
  offer(id: string): Promise<OfferRecord | undefined>
  /** Ends an offer; credentials issued under it that no wallet confirmed are revoked. */
  withdrawOffer(id: string): Promise<void>
  /** A new offer in place of one whose answer was lost: withdraws the old one first. */
  replaceOffer(id: string): Promise<Offer>
  issuance(id: string): Promise<IssuanceRecord | undefined>
  issuances(options?: {
    readonly subject?: string
    readonly after?: string
    readonly limit?: number
  }): Promise<{ readonly issuances: readonly IssuanceRecord[]; readonly cursor?: string }>
  /**
   * After a backup was restored, or a standby promoted that may lag: ends every offer and every token that could still be
   * used, revoking nothing, and renews the key of nonces, so that no code and no nonce is good twice. No issuer may be
   * running on the store meanwhile. Resolves to how many offers and tokens were ended.
   */
  recover(): Promise<{ readonly ended: number }>
  /** Final. */
  revoke(issuanceId: string): Promise<void>
  suspend(issuanceId: string): Promise<void>
  restore(issuanceId: string): Promise<void>
}
