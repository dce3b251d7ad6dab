import { isJsonObject, type JsonObject, parseJson } from '@ekkasan/core/json'
import { requireTexts } from '../shape.ts'
import { preAuthorizedCodeGrant } from './credential-offer.ts'
import { IssuanceMessageError, tokenError } from './errors.ts'

/** OpenID4VCI section 6.1, of the pre-authorized code flow. */
export interface TokenRequest {
  readonly preAuthorizedCode: string
  readonly txCode?: string
  readonly clientId?: string
  /** Credential configurations asked for by `authorization_details`; absent: all that were offered. */
  readonly configurationIds?: readonly string[]
}

const known = ['grant_type', 'pre-authorized_code', 'tx_code', 'client_id', 'authorization_details'] as const

/**
 * Reads the form of a token request. `issuer` is compared with `locations` where they are given.
 * @throws IssuanceError `invalid_request`, `unsupported_grant_type`, `invalid_client`, `invalid_authorization_details`
 */
export function parseTokenRequest(form: URLSearchParams, issuer: string): TokenRequest {
  // RFC 6749 section 3.2: parameters must not be included more than once. Counted in one pass: who asks is unknown.
  const names = [...form.keys()]
  if (new Set(names).size < names.length) throw tokenError('invalid_request', 'a parameter is repeated')
  const parameter = (name: (typeof known)[number], maxLength = 1024) => {
    const value = form.get(name)
    // RFC 6749 section 3.2: a parameter without a value is treated as if it were omitted.
    if (value === null || value === '') return undefined
    if (value.length > maxLength) throw tokenError('invalid_request', `${name} is too long`)
    return value
  }
  const grantType = parameter('grant_type')
  if (grantType === undefined) throw tokenError('invalid_request', 'grant_type is missing')
  if (grantType !== preAuthorizedCodeGrant) {
    throw tokenError('unsupported_grant_type', 'only the pre-authorized code grant is supported')
  }
  if (form.has('client_assertion') || form.has('client_secret')) {
    throw tokenError('invalid_client', 'client authentication is not supported')
  }
  const preAuthorizedCode = parameter('pre-authorized_code')
  if (preAuthorizedCode === undefined) throw tokenError('invalid_request', 'pre-authorized_code is missing')
  const txCode = parameter('tx_code')
  const clientId = parameter('client_id')
  const details = parameter('authorization_details', 8192)
  return {
    preAuthorizedCode,
    ...(txCode !== undefined && { txCode }),
    ...(clientId !== undefined && { clientId }),
    ...(details !== undefined && { configurationIds: parseAuthorizationDetails(details, issuer) }),
  }
}

/**
 * Reads `authorization_details` of type `openid_credential`, OpenID4VCI section 5.1.1.
 * @throws IssuanceError `invalid_authorization_details`
 */
export function parseAuthorizationDetails(json: string, issuer?: string): readonly string[] {
  const refuse = (what: string) => tokenError('invalid_authorization_details', what)
  let details: unknown
  try {
    details = parseJson(json, { maxLength: 8192, maxDepth: 8 })
  } catch {
    throw refuse('authorization_details is not JSON')
  }
  if (!Array.isArray(details) || details.length === 0 || details.length > 32) {
    throw refuse('authorization_details is not a list of 1 to 32 items')
  }
  const ids = details.map((detail: unknown) => {
    if (!isJsonObject(detail)) throw refuse('an item is not an object')
    // RFC 9396 section 5: a type that is unknown here must be refused, whatever stands beside it.
    if (detail.type !== 'openid_credential') {
      const type = shownType(detail.type)
      throw refuse(`an item is of type ${type}: only openid_credential is supported here`)
    }
    const { locations, credential_configuration_id: id } = detail
    if (locations !== undefined && issuer !== undefined) {
      if (!Array.isArray(locations) || !locations.includes(issuer))
        throw refuse('locations names another issuer')
    }
    if (typeof id !== 'string') throw refuse('credential_configuration_id is missing')
    return id
  })
  if (new Set(ids).size !== ids.length) throw refuse('a credential configuration is named twice')
  return ids
}

/** A type as an error description may repeat it (RFC 6749 section 5.2). */
function shownType(type: unknown): string {
  return typeof type === 'string' && /^[\w.:/+-]{1,100}$/.test(type) ? type : '(unreadable)'
}

/** OpenID4VCI section 6.2. */
export interface TokenResponse {
  readonly access_token: string
  readonly token_type: string
  readonly expires_in?: number
  /** As drafts before 1.0 had it; 1.0 has the nonce endpoint. */
  readonly c_nonce?: string
  readonly c_nonce_expires_in?: number
  readonly authorization_details?: readonly {
    readonly type: 'openid_credential'
    readonly credential_configuration_id: string
    readonly credential_identifiers: readonly string[]
  }[]
}

/**
 * Credential identifiers by credential configuration, as a token response grants them (OpenID4VCI section 6.2).
 * Takes the members that an OAuth client has already read. Items of other types are for others (RFC 9396 section 7).
 * @throws IssuanceMessageError `openid4vc.token-response.malformed`
 */
export function parseGrantedIdentifiers(response: {
  readonly authorization_details?: unknown
}): ReadonlyMap<string, readonly string[]> {
  const malformed = (what: string) =>
    new IssuanceMessageError(
      'openid4vc.token-response.malformed',
      `not an acceptable token response: ${what}`,
    )
  const granted = new Map<string, readonly string[]>()
  const { authorization_details: details } = response
  if (details === undefined) return granted
  if (!Array.isArray(details)) throw malformed('authorization_details is not a list')
  const isOurs = (detail: unknown): detail is JsonObject =>
    isJsonObject(detail) && detail.type === 'openid_credential'
  const ours = details.filter(isOurs)
  if (ours.length > 64) throw malformed('more than 64 items of authorization_details')
  for (const detail of ours) {
    const { credential_configuration_id: id, credential_identifiers: identifiers } = detail
    if (typeof id !== 'string') throw malformed('credential_configuration_id is missing')
    granted.set(id, requireTexts(identifiers, 'credential_identifiers', malformed))
  }
  return granted
}
