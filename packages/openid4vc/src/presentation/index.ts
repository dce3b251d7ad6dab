export * from './claims-path.ts'
export * from './client-identifier.ts'
export * from './dc-api-request.ts'
export {
  type ClaimsQuery,
  type CredentialQuery,
  type CredentialSetQuery,
  type DcqlQuery,
  parseDcqlQuery,
  type TrustedAuthoritiesQuery,
} from './dcql.ts'
export * from './dcql-match.ts'
export * from './errors.ts'
export * from './own-query.ts'
export {
  type AuthorizationRequest,
  type ClientMetadata,
  type DcApiResponseMode,
  type ParsedRequestObject,
  type PresentationRequest,
  parseRequestObject,
  type ResponseMode,
  requestObjectType,
  type SignRequestObjectOptions,
  signRequestObject,
  staticDiscoveryAudience,
} from './request-object.ts'
export * from './request-uri.ts'
export * from './request-uri-post.ts'
export * from './response.ts'
export * from './transaction-data.ts'
export {
  requireResponseUriOfClient,
  type VerifiedRequest,
  type VerifyRequestObjectOptions,
  verifyRequestObject,
} from './verify-request-object.ts'
