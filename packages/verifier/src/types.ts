import type {
  Check,
  CheckStatus,
  Clock,
  DcApiRequest,
  DcApiResponse,
  DcApiVerifierProtocol,
  DidDocument,
  IsTrusted,
  JsonObject,
  LanguageMap,
  RandomBytes,
  Signer,
  Store,
  TrustedAuthorities,
  VerifiedCredential,
  VerifierFormat,
} from '@ekkasan/core'
import type { NodeRequestContext } from '@ekkasan/openid4vc'

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
  /**
   * How it is found out that a credential was issued under an authority that the query names, by the authority's type:
   * `{ aki: ({ x5c = [] }, values) => isIssuedUnderAki(x5c, values) }`. A query with a type that is not here is misuse.
   */
  readonly trustedAuthorities?: TrustedAuthorities
  /**
   * Names of members that an extension of DCQL defines, allowed at any level of a query and in its `meta`. Any other
   * member that OpenID4VP section 6 does not define is refused: a misspelt one would be ignored by wallets.
   */
  readonly queryExtensions?: readonly string[]
  /** Beside OpenID4VP over the Digital Credentials API: `isoMdocVerifier()` of @ekkasan/mdoc. */
  readonly dcApiProtocols?: readonly DcApiVerifierProtocol[]
  /** Further client identifiers, for requests of the Digital Credentials API that are signed by several. */
  readonly otherIdentities?: readonly ClientIdentity[]
  /** Seconds a request may be answered; 300. */
  readonly requestLifetime?: number
  /** Seconds a result is kept after the answer came; 600. */
  readonly resultLifetime?: number
  /** Told of every fault that was answered with 500 or, where it is an outage, 503: for the log of the one who runs it. */
  readonly onError?: (error: unknown) => void
  readonly clock?: Clock
  readonly randomBytes?: RandomBytes
}

export interface StartOptions {
  /** A DCQL query, OpenID4VP section 6. */
  readonly query: JsonObject
  /** Shown by the verifier's own screens and kept with the session; why the data is asked for. */
  readonly purpose?: LanguageMap
  /** Default: `direct_post.jwt`. */
  readonly responseMode?: 'direct_post' | 'direct_post.jwt'
  /** `post`: the wallet may send `wallet_metadata` and `wallet_nonce`; default: `get`. */
  readonly requestUriMethod?: 'get' | 'post'
  /** Same device: where the wallet sends the person back; `response_code` is added to its query. */
  readonly redirectUri?: string
  readonly transactionData?: TransactionDataOption
  /**
   * Compatibility with wallets that never send `state` back, such as @digitalbazaar/oid4-client 5.10.0: the request
   * carries none. Refused for a query with `require_cryptographic_holder_binding: false`, where OpenID4VP section 5.3
   * demands a state. Default: every request has a fresh state of 256 bits, and an answer without it is refused.
   */
  readonly omitState?: boolean
}

/**
 * What the person is asked to authorise (OpenID4VP section 8.4): objects with a `type`, `credential_ids` with the one id
 * of the query whose credential has to cover it, and what the type says; or such objects base64url-encoded.
 */
export type TransactionDataOption = readonly (JsonObject | string)[]

export interface StartDcApiOptions extends Pick<StartOptions, 'query' | 'purpose' | 'transactionData'> {
  /**
   * Protocols to offer to the browser, best first: `openid4vp-v1-signed`, `openid4vp-v1-unsigned`,
   * `openid4vp-v1-multisigned` (with `otherIdentities`), and those of `dcApiProtocols`. Unless told the first two, and
   * of `dcApiProtocols` those that can say the query.
   */
  readonly protocols?: readonly string[]
  /** Default: `dc_api.jwt`. */
  readonly responseMode?: 'dc_api' | 'dc_api.jwt'
  /** Origins of the pages that may ask; default: that of `url`. */
  readonly origins?: readonly string[]
}

export interface StartedDcApi {
  readonly id: string
  /** For `navigator.credentials.get({ mediation: 'required', digital: { requests } })`. */
  readonly requests: readonly DcApiRequest[]
  /** Where the page posts `{ protocol, data }` of what it got, as JSON. */
  readonly responseUri: string
  readonly expiresAt: Date
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
  /**
   * Public endpoints: request objects (GET and POST), responses, those of the Digital Credentials API, and what its
   * identity publishes. The second argument is what `@hono/node-server` hands over: by it a body is found that a parser
   * has read before.
   */
  readonly fetch: (request: Request, node?: NodeRequestContext) => Promise<Response>
  readonly clientId: string
  start(options: StartOptions): Promise<StartedSession>
  /** Asks through the Digital Credentials API of a browser (OpenID4VP Appendix A). */
  startDcApi(options: StartDcApiOptions): Promise<StartedDcApi>
  /**
   * Takes what a page of `origin` got, where it does not post to `responseUri`; `origin` has to come from the browser.
   * @throws VerifierError; PresentationError of @ekkasan/openid4vc for what is no answer to this request
   */
  completeDcApi(id: string, response: DcApiResponse & { readonly origin: string }): Promise<SessionState>
  /** Same-device sessions want both members of `proof`; the others none. */
  result(
    id: string,
    proof?: { readonly browserSecret: string; readonly responseCode: string },
  ): Promise<SessionState>
  /** Forgets a session and all that was received in it. */
  forget(id: string): Promise<void>
}
