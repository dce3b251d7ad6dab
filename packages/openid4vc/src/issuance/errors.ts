import { EkkasanError, type JsonObject } from '@ekkasan/core'
import { ProtocolError } from '../protocol-error.ts'

/** Token endpoint, RFC 6749 section 5.2, RFC 9396 section 5. */
export type TokenErrorCode =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'unsupported_grant_type'
  | 'invalid_authorization_details'

/** Credential endpoint, OpenID4VCI section 8.3.1.2. */
export type CredentialErrorCode =
  | 'invalid_credential_request'
  | 'unknown_credential_configuration'
  | 'unknown_credential_identifier'
  | 'invalid_proof'
  | 'invalid_nonce'
  | 'invalid_encryption_parameters'
  | 'credential_request_denied'

/** Notification endpoint, OpenID4VCI section 11.3. */
export type NotificationErrorCode = 'invalid_notification_id' | 'invalid_notification_request'

/** What an access token can be wrong with, RFC 6750 section 3.1; `missing` is answered without a code. */
export type AccessTokenErrorCode = 'missing' | 'invalid_request' | 'invalid_token' | 'insufficient_scope'

export type IssuanceErrorCode =
  | `openid4vc.token.${TokenErrorCode}`
  | `openid4vc.credential.${CredentialErrorCode}`
  | `openid4vc.notification.${NotificationErrorCode}`
  | `openid4vc.access-token.${AccessTokenErrorCode}`

/** A request of issuance was refused; holds the answer the standard wants sent. */
export class IssuanceError extends ProtocolError<IssuanceErrorCode> {}

const noStore = { 'Cache-Control': 'no-store' } as const

export function tokenError(error: TokenErrorCode, description: string): IssuanceError {
  const body = { error, error_description: description }
  const answer =
    error === 'invalid_client'
      ? { status: 401, headers: { ...noStore, 'WWW-Authenticate': 'Basic' }, body }
      : { status: 400, headers: noStore, body }
  return new IssuanceError(`openid4vc.token.${error}`, answer, description)
}

export function credentialError(
  error: CredentialErrorCode,
  description: string,
  options?: { readonly cause?: unknown },
): IssuanceError {
  const body = { error, error_description: description }
  const answer = { status: 400, headers: noStore, body }
  return new IssuanceError(`openid4vc.credential.${error}`, answer, description, options)
}

export function notificationError(error: NotificationErrorCode, description: string): IssuanceError {
  const body = { error, error_description: description }
  const answer = { status: 400, headers: noStore, body }
  return new IssuanceError(`openid4vc.notification.${error}`, answer, description)
}

const accessTokenStatus = { missing: 401, invalid_request: 400, invalid_token: 401, insufficient_scope: 403 }

/** RFC 6750 section 3: the answer to a request whose access token does not allow it. */
export function accessTokenError(error: AccessTokenErrorCode, description: string): IssuanceError {
  const isMissing = error === 'missing'
  const challenge = isMissing ? 'Bearer' : `Bearer error="${error}", error_description="${description}"`
  const body: JsonObject = isMissing ? {} : { error, error_description: description }
  const headers = { ...noStore, 'WWW-Authenticate': challenge }
  return new IssuanceError(
    `openid4vc.access-token.${error}`,
    { status: accessTokenStatus[error], headers, body },
    description,
  )
}

export type IssuanceMessageErrorCode =
  | 'openid4vc.offer.malformed'
  | 'openid4vc.issuer-metadata.malformed'
  /** `credential_issuer` is not the one the metadata was asked of (OpenID4VCI section 12.2.4). */
  | 'openid4vc.issuer-metadata.mismatch'
  | 'openid4vc.token-response.malformed'
  | 'openid4vc.nonce-response.malformed'
  | 'openid4vc.credential-response.malformed'

/** What an issuer sent to a wallet is not what the standard says. */
export class IssuanceMessageError extends EkkasanError<IssuanceMessageErrorCode> {}
