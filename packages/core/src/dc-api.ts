import type { CredentialView, Presentation } from './format.ts'
import type { JsonObject } from './json.ts'

// Protocols of the Digital Credentials API other than OpenID4VP (`org-iso-mdoc`), as a verifier and a wallet are given
// them. What is asked is said in DCQL (OpenID4VP section 6), as far as the protocol can say it.

/** One entry of `requests` in `navigator.credentials.get({ digital: { requests } })`. */
export interface DcApiRequest {
  readonly protocol: string
  readonly data: JsonObject
}

/** What the page gets back: `protocol` and `data` of a `DigitalCredential`. */
export interface DcApiResponse {
  readonly protocol: string
  readonly data: JsonObject
}

/** What presentations are bound to in place of an OpenID4VP request. */
export interface DcApiSession {
  /** `data` of the request. */
  readonly request: JsonObject
  /** Of the page that asked, as the browser names it. */
  readonly origin: string
}

export interface DcApiVerifierProtocol {
  readonly protocol: string
  /**
   * Puts a DCQL query as this protocol does; undefined when it cannot say it. `secret` opens the answer: it is kept
   * until that came, and shown to nobody.
   */
  ask(query: JsonObject): Promise<{ readonly request: JsonObject; readonly secret: JsonObject } | undefined>
  /**
   * Takes an answer apart. What the presentations are worth is for their format to say.
   * @throws EkkasanError when it is none, or not to this request
   */
  open(
    response: JsonObject,
    session: DcApiSession & { readonly query: JsonObject; readonly secret: JsonObject },
  ): Promise<{
    /** Query id -> presentations. */
    readonly vpToken: Readonly<Record<string, readonly Presentation[]>>
    /** For `PresentationBinding`. */
    readonly sessionTranscript: Uint8Array
    /**
     * The query to which the presentations are held, where the protocol lets another claim answer for the one asked:
     * the same with that claim in its place.
     */
    readonly query?: JsonObject
  }>
}

export interface DcApiHolderProtocol {
  readonly protocol: string
  /**
   * What is asked, as a DCQL query, and what presentations have to be bound to. Where the protocol lets another claim
   * answer for the one asked, and a credential that is `held` has that alone, the query names that.
   * @throws EkkasanError when it is no request
   */
  read(
    session: DcApiSession,
    held?: readonly CredentialView[],
  ): Promise<{
    readonly query: JsonObject
    readonly sessionTranscript: Uint8Array
    /** Who signed the request, by client identifiers as OpenID4VP has them; absent: nobody, or it was not looked at. */
    readonly clients?: readonly {
      readonly clientId: string
      readonly x5c?: readonly string[]
      readonly name?: string
    }[]
  }>
  /** Puts the answer together: `data` of the response. */
  answer(presentations: readonly Presentation[], session: DcApiSession): Promise<JsonObject>
}
