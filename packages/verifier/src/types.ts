import type {
  Check,
  CheckStatus,
  Clock,
  DidDocument,
  IsTrusted,
  JsonObject,
  LanguageMap,
  RandomBytes,
  Signer,
  Store,
  VerifiedCredential,
  VerifierFormat,
} from '@ekkasan/core'

/** Who the verifier says it is: the client identifier prefixes of OpenID4VP section 5.9.3. */
export type ClientIdentity =
  /** `x509_san_dns:` + a dNSName of the leaf in `signer.key.x5c`; `url` is to be under that name. */
  | { readonly prefix: 'x509_san_dns'; readonly dnsName: string; readonly signer: Signer }
  /** `x509_hash:` + SHA-256 of the leaf in `signer.key.x5c`. */
  | { readonly prefix: 'x509_hash'; readonly signer: Signer }
  /**
   * `decentralized_identifier:` + the DID; `signer.key.kid` is a DID URL of it. A did:web `document` is served at
   * the path that the DID stands for, when it is of the host of `url`.
   */
  | {
      readonly prefix: 'decentralized_identifier'
      readonly did: string
      readonly signer: Signer
      readonly document?: DidDocument
    }

export interface CreateVerifierOptions {
  /** Base of its endpoints; may have a path. */
  readonly url: string
  readonly names: LanguageMap
  readonly identity: ClientIdentity
  readonly formats: readonly VerifierFormat[]
  readonly store: Store
  readonly isTrusted: IsTrusted
  readonly checkStatus?: CheckStatus
  /** Seconds a request may be answered; 300. */
  readonly requestLifetime?: number
  /** Seconds a result is kept after the answer came; 600. */
  readonly resultLifetime?: number
  /** Told of every fault that was answered with 500: for the log of the one who runs it. */
  readonly onError?: (error: unknown) => void
  readonly clock?: Clock
  readonly randomBytes?: RandomBytes
}

export interface StartOptions {
  /** A DCQL query, OpenID4VP section 6. */
  readonly query: JsonObject
  /** Shown by the verifier's own screens and kept with the session; why the data is asked for. */
  readonly purpose?: LanguageMap
  /** `direct_post.jwt` unless told. */
  readonly responseMode?: 'direct_post' | 'direct_post.jwt'
  /** `post`: the wallet may send `wallet_metadata` and `wallet_nonce`; `get` unless told. */
  readonly requestUriMethod?: 'get' | 'post'
  /** Same device: where the wallet sends the person back; `response_code` is added to its query. */
  readonly redirectUri?: string
  /** base64url-encoded transaction data objects (OpenID4VP section 8.4). */
  readonly transactionData?: readonly string[]
}

export interface StartedSession {
  readonly id: string
  /** `openid4vp://?client_id=…&request_uri=…`: for a link or a QR. */
  readonly requestUri: string
  readonly expiresAt: Date
  /**
   * Same device only: keep it in the browser that asked (an HttpOnly cookie). The result is released only to
   * who holds it and brings the `response_code`.
   */
  readonly browserSecret?: string
}

export type SessionState =
  | { readonly state: 'requested' | 'request-fetched' | 'expired' }
  | {
      readonly state: 'verified'
      /** Query id -> credentials. */
      readonly presentations: Readonly<Record<string, readonly VerifiedCredential[]>>
      readonly checks: readonly Check[]
      readonly at: Date
    }
  | {
      readonly state: 'rejected' | 'unavailable'
      readonly report: readonly CredentialReport[]
      readonly at: Date
    }
  /** The wallet answered with an error, `access_denied` when the person said no. */
  | { readonly state: 'refused'; readonly error: string; readonly at: Date }

/** The checks of one presented credential, or of the answer as a whole when `queryId` is absent. */
export interface CredentialReport {
  readonly queryId?: string
  readonly index?: number
  readonly checks: readonly Check[]
}

export interface Verifier {
  /** Public endpoints: request objects (GET and POST), responses, and what its identity publishes. */
  readonly fetch: (request: Request) => Promise<Response>
  readonly clientId: string
  start(options: StartOptions): Promise<StartedSession>
  /** Same-device sessions want both members of `proof`; the others none. */
  result(
    id: string,
    proof?: { readonly browserSecret: string; readonly responseCode: string },
  ): Promise<SessionState>
  /** Forgets a session and all that was received in it. */
  forget(id: string): Promise<void>
}
