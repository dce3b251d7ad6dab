import type {
  Check,
  CheckStatus,
  ClaimPath,
  Clock,
  CredentialStatus,
  CredentialView,
  DcApiHolderProtocol,
  DcApiRequest,
  DcApiResponse,
  Fetch,
  HolderFormat,
  IssuerIdentity,
  IsTrusted,
  JsonObject,
  LanguageMap,
  Period,
  RandomBytes,
  ResolveDid,
  ShownClaim,
  Signer,
  Store,
  TrustedAuthorities,
} from '@ekkasan/core'
import type { MetadataFault, ReadCertificate } from '@ekkasan/openid4vc'

/** The wallet's keys: made where they are kept, found again by their thumbprint. Not extractable is the rule. */
export interface HolderKeys {
  create(alg: 'ES256' | 'EdDSA'): Promise<Signer>
  find(thumbprint: string): Promise<Signer | undefined>
  delete(thumbprint: string): Promise<void>
}

export interface CreateWalletOptions {
  readonly formats: readonly HolderFormat[]
  readonly keys: HolderKeys
  readonly store: Store
  /**
   * Asked for `credential-issuer` by the URL of the offer before anything is asked of that issuer, and by the credential's
   * own issuer before it is kept; for `verifier` before anything is presented.
   */
  readonly isTrusted: IsTrusted
  /**
   * The wallet's name at authorization servers: `client_id` of token requests, and `iss` of key proofs (OpenID4VCI
   * Appendix F.1). Default: none, the wallet is an anonymous client.
   */
  readonly clientId?: string
  /** For verifiers that identify themselves by a certificate (`x509_hash`, `x509_san_dns`); refused without. */
  readonly readCertificate?: ReadCertificate
  /** For verifiers that identify themselves by a DID (`decentralized_identifier`); refused without. */
  readonly resolveDid?: ResolveDid
  /**
   * Types of transaction data that the wallet can show and have authorised, each with whether what such an entry says
   * is what its type allows. Requests with others are refused (OpenID4VP section 8.5).
   */
  readonly transactionDataTypes?: Readonly<Record<string, (content: JsonObject) => boolean>>
  /**
   * How it is found out that a credential was issued under an authority that a verifier names, by the authority's type:
   * `{ aki: ({ x5c = [] }, values) => isIssuedUnderAki(x5c, values) }`. What is of another type never matches.
   */
  readonly trustedAuthorities?: TrustedAuthorities
  /** For `checkStatus`: `createStatusChecker({ … })` of @ekkasan/status. */
  readonly checkStatus?: CheckStatus
  /** Beside OpenID4VP over the Digital Credentials API: `isoMdocHolder()` of @ekkasan/mdoc. */
  readonly dcApiProtocols?: readonly DcApiHolderProtocol[]
  /** Compatibility: accepts requests whose `aud` is their `request_uri`, as verifiers on @openid4vc 0.4 send them. */
  readonly acceptRequestUriAudience?: boolean
  readonly fetch?: Fetch
  readonly clock?: Clock
  readonly randomBytes?: RandomBytes
}

/** An offer that was read, with the issuer's metadata: what a person sees before he accepts. */
export interface ReceivedOffer {
  readonly issuer: { readonly id: string; readonly names: LanguageMap }
  /** What `receive` takes by default: each document once, in the format that stands first in the wallet. */
  readonly credentials: readonly OfferedCredential[]
  /** What else is offered: the same documents in other formats, and what this wallet does not support. */
  readonly others: readonly (OfferedCredential & { readonly supported: boolean })[]
  readonly txCode?: {
    readonly length?: number
    /** `numeric`: spaces and hyphens are left out of what was typed, Thai digits become 0 to 9. `text`: sent as typed. */
    readonly inputMode: 'numeric' | 'text'
    readonly description?: string
  }
  /** What of the issuer's metadata is not as the standard says, and was left out; absent where nothing was. */
  readonly diagnosis?: readonly MetadataFault[]
}

export interface OfferedCredential {
  readonly configurationId: string
  readonly format: string
  readonly names: LanguageMap
}

/** How an offer is redeemed. */
export interface ReceiveOptions {
  readonly txCode?: string
  /** Of all that is offered, what is wanted (default: `credentials` of the offer as it was read). */
  readonly configurationIds?: readonly string[]
  /**
   * How many credentials of each configuration, each bound to a key of its own (default: 1). No more are asked for than
   * the issuer gives at once (`batch_credential_issuance.batch_size`; 1 where it announces none).
   */
  readonly batchSize?: number
}

/** What became of one credential configuration that was asked for. */
export type ReceiveOutcome =
  | {
      readonly outcome: 'received'
      readonly configurationId: string
      readonly credentials: readonly StoredCredential[]
    }
  | {
      readonly outcome: 'failed'
      readonly configurationId: string
      /** WalletError, IssuanceMessageError, RejectedError or UnavailableError, mostly. Nothing of it was kept. */
      readonly error: Error
    }

export interface StoredCredential {
  readonly id: string
  readonly format: string
  readonly issuer: IssuerIdentity
  readonly issuerNames: LanguageMap
  /** `credential_metadata` of the issuer: display and claim names. */
  readonly metadata: JsonObject
  readonly view: CredentialView
  readonly checks: readonly Check[]
  /** Whether its issuer publishes a status for it, which `checkStatus` looks up. */
  readonly hasStatus: boolean
  /** What was found when it was last looked up; absent before the first time. */
  readonly lastStatus?: FoundStatus
  /** Between which moments it is valid, as its format found them when it was received. */
  readonly validity: Period
  readonly receivedAt: Date
}

/** A credential's status as its issuer published it. */
export interface FoundStatus {
  readonly status: CredentialStatus
  /** When the issuer made the list in which it stood. */
  readonly asOf: Date
  /** When the wallet looked. */
  readonly checkedAt: Date
}

/** A request that was read and whose sender was found out: what a person sees before he consents. */
export interface ReceivedRequest {
  readonly verifier: {
    /** Of an unsigned request of the Digital Credentials API `origin:` and the origin: nobody else vouches for it. */
    readonly clientId: string
    /** With the Digital Credentials API: of the page that asks, as the platform named it. */
    readonly origin?: string
    /** From its certificate, under the tag `und`; what a request says of itself is not shown. */
    readonly names: LanguageMap
    /** Nothing is presented to one who is not; `code` says why. */
    readonly trusted: boolean
    readonly code?: string
  }
  /** Which credentials answer which query, and everything that each would show. */
  readonly options: readonly PresentationOption[]
  /** What there is to choose: of each set one option, a list of query ids; of a set that is not required perhaps none. */
  readonly sets: readonly PresentationSet[]
  /** Query ids that no credential held can answer, where that makes the request impossible to answer. */
  readonly missing: readonly string[]
  /** Queries that no credential held answers, and why: a person is to be told which document is lacking. */
  readonly unanswered?: readonly UnansweredQuery[]
  /** What the person is asked to authorise: it has to be shown, and is authorised by presenting. */
  readonly transactionData?: readonly RequestedTransaction[]
}

export interface UnansweredQuery {
  readonly queryId: string
  readonly format: string
  /** The kinds asked for: `vct` values, doctype, or type values, as the query names them. */
  readonly types: readonly string[]
  /**
   * `none`: no credential of this kind is held. `claims`: one is, and does not say what is asked. `values`: one is, and
   * says otherwise, as a person who is too young for the age asked.
   */
  readonly why: 'none' | 'claims' | 'values'
  /** With `claims` and `values`: the credential that comes closest. */
  readonly credentialId?: string
  /** With `values`: the claims of which a certain value is asked. */
  readonly conditions?: readonly ClaimPath[]
}

export interface RequestedTransaction {
  readonly type: string
  /** Query ids of the credentials that can authorise it: the first of them that is chosen does. */
  readonly queryIds: readonly string[]
  readonly content: JsonObject
}

export interface PresentationOption {
  readonly queryId: string
  readonly candidates: readonly {
    readonly credentialId: string
    /** The claims asked for, down to the array item that has an asked value. */
    readonly disclose: readonly ClaimPath[]
    /**
     * Everything that the verifier will learn from this credential, asked for or not: what a person has to see before
     * he consents. `present` sends just that.
     */
    readonly shown: readonly ShownClaim[]
  }[]
}

/** Alternatives that the verifier takes, the one that it likes best first; those alone that can be answered here. */
export interface PresentationSet {
  readonly required: boolean
  readonly options: readonly (readonly string[])[]
}

export interface Wallet {
  /** Reads an offer given as a URI or scanned; fetches the issuer's metadata. */
  readOffer(uri: string): Promise<ReceivedOffer>
  /**
   * Redeems it, checks what comes, keeps it, and notifies the issuer. `configurationIds` chooses of all that is offered,
   * `others` too (default: `offer.credentials`). Gives an outcome for each configuration, in that order: what is received
   * is kept whatever becomes of the others. `requireReceived` turns outcomes into credentials or an error. Throws where
   * nothing was asked for yet: the offer is not supported, a code is missing or was refused.
   */
  receive(offer: ReceivedOffer, options?: ReceiveOptions): Promise<readonly ReceiveOutcome[]>
  credentials(): Promise<readonly StoredCredential[]>
  remove(credentialId: string): Promise<void>
  /**
   * Looks up what the issuer says of a credential held, and keeps the answer as its `lastStatus`. Whoever publishes the
   * list learns that somebody looked at it, not at which entry: ask the person before. Resolves to undefined for a
   * credential that has no status.
   * @throws ResolveError `core.resolve.unavailable` when nobody answered; TypeError without `checkStatus`
   */
  checkStatus(credentialId: string): Promise<FoundStatus | undefined>
  readRequest(uri: string): Promise<ReceivedRequest>
  /**
   * Reads a request that came through the Digital Credentials API; `origin` is what the platform says of the page that
   * asks. Nothing is sent: an answer goes back to the platform. A request that is refused throws, and the platform's
   * request is to be cancelled, which reveals less than an error (OpenID4VP, "Digital Credential API Error Responses").
   */
  openDcApiRequest(request: DcApiRequest & { readonly origin: string }): Promise<ReceivedRequest>
  /** Presents the chosen credentials: those chosen for each query id. */
  present(request: ReceivedRequest, choice: Readonly<Record<string, readonly string[]>>): Promise<Answered>
  /** Tells the verifier that the person said no. */
  decline(request: ReceivedRequest): Promise<Answered>
}

export interface Answered {
  /** Where the person is to be sent, if anywhere. */
  readonly redirectUri?: string
  /**
   * With the Digital Credentials API: what goes back to the platform. Absent when the person said no by a protocol that
   * has no word for it: the platform's request is then cancelled.
   */
  readonly dcApiResponse?: DcApiResponse
}
