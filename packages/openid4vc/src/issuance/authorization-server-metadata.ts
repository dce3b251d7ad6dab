import { preAuthorizedCodeGrant } from './credential-offer.ts'

/** What an authorization server that only knows the pre-authorized code grant publishes (RFC 8414 section 2). */
export interface AuthorizationServerMetadata {
  readonly issuer: string
  readonly token_endpoint: string
  readonly grant_types_supported: readonly string[]
  readonly response_types_supported: readonly string[]
  readonly token_endpoint_auth_methods_supported: readonly string[]
  readonly authorization_details_types_supported: readonly string[]
  readonly 'pre-authorized_grant_anonymous_access_supported': boolean
}

/** OpenID4VCI section 12.3; clients need not name themselves. */
export function authorizationServerMetadata(options: {
  readonly issuer: string
  readonly tokenEndpoint: string
}): AuthorizationServerMetadata {
  return {
    issuer: options.issuer,
    token_endpoint: options.tokenEndpoint,
    grant_types_supported: [preAuthorizedCodeGrant],
    response_types_supported: [],
    token_endpoint_auth_methods_supported: ['none'],
    authorization_details_types_supported: ['openid_credential'],
    'pre-authorized_grant_anonymous_access_supported': true,
  }
}
