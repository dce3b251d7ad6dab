import { EkkasanError } from '@ekkasan/core'
import { ProtocolError } from '../protocol-error.ts'

/** What a wallet answers to a request it does not fulfil: OpenID4VP section 8.5, RFC 6749 section 4.1.2.1. */
export type AuthorizationErrorCode =
  | 'invalid_request'
  | 'invalid_client'
  | 'access_denied'
  | 'vp_formats_not_supported'
  | 'invalid_request_uri_method'
  | 'invalid_transaction_data'

export type PresentationRequestErrorCode =
  /** It breaks the rules of its shape. */
  | 'openid4vc.request.malformed'
  /** The DCQL query breaks its rules or the bounds of this house. */
  | 'openid4vc.request.query'
  /** The client identifier prefix is not one that is supported, or cannot stand on a signed request. */
  | 'openid4vc.request.prefix'
  /** `client_id` outside and inside the request object differ. */
  | 'openid4vc.request.client-id-mismatch'
  /** The key does not belong to the client identifier by the rules of its prefix. */
  | 'openid4vc.request.client-key'
  | 'openid4vc.request.signature'
  | 'openid4vc.request.audience'
  | 'openid4vc.request.expired'
  /** `wallet_nonce` was sent and did not come back. */
  | 'openid4vc.request.wallet-nonce'
  /** `response_uri` is not of the client that was authenticated. */
  | 'openid4vc.request.response-uri'
  | 'openid4vc.request.response-mode'
  /** Digital Credentials API: the page that asks is not of `expected_origins`. */
  | 'openid4vc.request.origin'
  /** Digital Credentials API: a protocol that is not known here. */
  | 'openid4vc.request.protocol'
  | 'openid4vc.request.uri-method'
  /** No key or content encryption for the response that is supported here. */
  | 'openid4vc.request.encryption'
  | 'openid4vc.request.transaction-data'

/**
 * A request that a wallet must not fulfil. `error` is the standard's word for it, for the error response; a request
 * whose sender was not authenticated gets none.
 */
export class PresentationRequestError extends EkkasanError<PresentationRequestErrorCode> {
  readonly error: AuthorizationErrorCode

  constructor(
    code: PresentationRequestErrorCode,
    message: string,
    options: { readonly error?: AuthorizationErrorCode; readonly cause?: unknown } = {},
  ) {
    super(code, message, options)
    this.error = options.error ?? 'invalid_request'
  }
}

export type PresentationErrorCode =
  /** The request for a request object cannot be served. */
  | 'openid4vc.request-uri.invalid_request'
  | 'openid4vc.request-uri.vp_formats_not_supported'
  /** The response is not one, or not to this request. */
  | 'openid4vc.response.invalid_request'

/** What a wallet sent to a verifier is refused; holds the answer. */
export class PresentationError extends ProtocolError<PresentationErrorCode> {}

const noStore = { 'Cache-Control': 'no-store' } as const

export function requestUriError(
  error: 'invalid_request' | 'vp_formats_not_supported',
  description: string,
): PresentationError {
  const body = { error, error_description: description }
  const answer = { status: 400, headers: noStore, body }
  return new PresentationError(`openid4vc.request-uri.${error}`, answer, description)
}

export function responseError(
  description: string,
  options?: { readonly cause?: unknown },
): PresentationError {
  const body = { error: 'invalid_request', error_description: description }
  const answer = { status: 400, headers: noStore, body }
  return new PresentationError('openid4vc.response.invalid_request', answer, description, options)
}
