import type {
  Check,
  ClaimPath,
  Clock,
  CredentialView,
  Fetch,
  HolderFormat,
  IssuerIdentity,
  IsTrusted,
  JsonObject,
  LanguageMap,
  RandomBytes,
  ResolveDid,
  Signer,
  Store,
} from '@ekkasan/core'
import type { ReadCertificate } from '@ekkasan/openid4vc'

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
  /** Asked for `credential-issuer` before a credential is kept, for `verifier` before anything is presented. */
  readonly isTrusted: IsTrusted
  /** For verifiers that identify themselves by a certificate (`x509_hash`, `x509_san_dns`); refused without. */
  readonly readCertificate?: ReadCertificate
  /** For verifiers that identify themselves by a DID (`decentralized_identifier`); refused without. */
  readonly resolveDid?: ResolveDid
  /** Types of transaction data that the wallet can show and have authorised; requests with others are refused. */
  readonly transactionDataTypes?: readonly string[]
  /** Compatibility: accepts requests whose `aud` is their `request_uri`, as verifiers on @openid4vc 0.4 send them. */
  readonly acceptRequestUriAudience?: boolean
  readonly fetch?: Fetch
  readonly clock?: Clock
  readonly randomBytes?: RandomBytes
}

/** An offer that was read, with the issuer's metadata: what a person sees before he accepts. */
export interface ReceivedOffer {
  readonly issuer: { readonly id: string; readonly names: LanguageMap }
  readonly credentials: readonly {
    readonly configurationId: string
    readonly format: string
    readonly names: LanguageMap
  }[]
  readonly txCode?: {
    readonly length?: number
    readonly inputMode: 'numeric' | 'text'
    readonly description?: string
  }
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
  readonly receivedAt: Date
}

/** A request that was read and whose sender was found out: what a person sees before he consents. */
export interface ReceivedRequest {
  readonly verifier: {
    readonly clientId: string
    /** From its certificate, under the tag `und`; what a request says of itself is not shown. */
    readonly names: LanguageMap
    /** Nothing is presented to one who is not; `code` says why. */
    readonly trusted: boolean
    readonly code?: string
  }
  /** For each way to answer: which credential for which query, and the claims it would disclose. */
  readonly options: readonly PresentationOption[]
  /** Query ids that no credential held can answer, where that makes the request impossible to answer. */
  readonly missing: readonly string[]
  readonly transactionData?: readonly string[]
}

export interface PresentationOption {
  readonly queryId: string
  readonly required: boolean
  readonly candidates: readonly {
    readonly credentialId: string
    readonly disclose: readonly ClaimPath[]
  }[]
}

export interface Wallet {
  /** Reads an offer given as a URI or scanned; fetches the issuer's metadata. */
  readOffer(uri: string): Promise<ReceivedOffer>
  /** Redeems it, checks what comes, keeps it, and notifies the issuer. */
  receive(
    offer: ReceivedOffer,
    options?: { readonly txCode?: string; readonly configurationIds?: readonly string[] },
  ): Promise<readonly StoredCredential[]>
  credentials(): Promise<readonly StoredCredential[]>
  remove(credentialId: string): Promise<void>
  readRequest(uri: string): Promise<ReceivedRequest>
  /** Presents the chosen credentials; resolves to where the person is to be sent, if anywhere. */
  present(
    request: ReceivedRequest,
    choice: Readonly<Record<string, readonly string[]>>,
  ): Promise<{ readonly redirectUri?: string }>
  /** Tells the verifier that the person said no; resolves to where he is to be sent, if anywhere. */
  decline(request: ReceivedRequest): Promise<{ readonly redirectUri?: string }>
}
