import type { JsonObject, PublicJwk, Signer } from '@ekkasan/core'
import { isJoseType, type Jws, numericDate, parseJws, parsePublicJwk, signJws } from '@ekkasan/keys'
import { requireObject, requireText, requireTexts, requireUrl } from '../shape.ts'
import { type DcqlQuery, parseDcqlQuery } from './dcql.ts'
import { PresentationRequestError } from './errors.ts'
import { parseTransactionData } from './transaction-data.ts'

export type ResponseMode = 'direct_post' | 'direct_post.jwt'

/** With the Digital Credentials API, OpenID4VP Appendix A.2. */
export type DcApiResponseMode = 'dc_api' | 'dc_api.jwt'

/** Media type of a request object, and with `application/` cut off its `typ`: RFC 9101 section 10.8. */
export const requestObjectType = 'oauth-authz-req+jwt'

/** `aud` of a request whose wallet is not known beforehand (OpenID4VP section 5.8). */
export const staticDiscoveryAudience = 'https://self-issued.me/v2'

/** Verifier metadata that travels in a request, OpenID4VP section 11.1. */
export interface ClientMetadata {
  readonly vp_formats_supported?: JsonObject
  readonly jwks?: { readonly keys: readonly PublicJwk[] }
  readonly encrypted_response_enc_values_supported?: readonly string[]
}

/** What every authorization request holds, whichever way it came. */
export interface PresentationRequest {
  readonly response_type: 'vp_token'
  readonly response_mode: ResponseMode | DcApiResponseMode
  readonly nonce: string
  readonly dcql_query: DcqlQuery
  readonly client_metadata?: ClientMetadata
  readonly transaction_data?: readonly string[]
}

/** An authorization request as its request object carries it, OpenID4VP sections 5.1, 5.2 and 8.2. */
export interface AuthorizationRequest extends PresentationRequest {
  readonly client_id: string
  readonly response_mode: ResponseMode
  readonly response_uri: string
  readonly state?: string
  readonly wallet_nonce?: string
}

export interface SignRequestObjectOptions {
  readonly request: Omit<AuthorizationRequest, 'client_metadata' | 'dcql_query'> & {
    readonly dcql_query: JsonObject
    readonly client_metadata: JsonObject
  }
  /** Its `x5c` (certificate prefixes) or `kid` (`decentralized_identifier`) goes into the header. */
  readonly signer: Signer
  readonly issuedAt: Date
  readonly expiresAt: Date
}

/** Signs an authorization request as a request object, RFC 9101 section 4. */
export function signRequestObject(options: SignRequestObjectOptions): Promise<string> {
  const { request, signer, issuedAt, expiresAt } = options
  const { kid, x5c } = signer.key
  const header = { typ: requestObjectType, ...(x5c ? { x5c } : kid !== undefined && { kid }) }
  const times = { iat: numericDate(issuedAt), exp: numericDate(expiresAt) }
  const payload = { ...request, aud: staticDiscoveryAudience, ...times }
  return signJws({ signer, header, payload: payload as unknown as JsonObject })
}

/** A request object that was taken apart; nothing in it is believed yet. */
export interface ParsedRequestObject {
  readonly jws: Jws
  readonly request: AuthorizationRequest
  readonly audience: unknown
  readonly issuedAt?: number
  readonly notBefore?: number
  readonly expiresAt?: number
}

/**
 * Shape only: a signed request object whose parameters obey OpenID4VP.
 * @throws PresentationRequestError
 */
export function parseRequestObject(compact: string): ParsedRequestObject {
  const jws = parseRequestJws(compact)
  if (!isJoseType(jws.header.typ, requestObjectType)) throw malformed(`typ is not ${requestObjectType}`)
  return { jws, request: parseAuthorizationRequest(jws.payload), ...parseTimes(jws.payload) }
}

export function parseRequestJws(compact: string): Jws {
  try {
    return parseJws(compact, { maxLength: 262_144 })
  } catch (cause) {
    throw new PresentationRequestError('openid4vc.request.malformed', 'not a request object', { cause })
  }
}

export function parseTimes(
  payload: JsonObject,
): Pick<ParsedRequestObject, 'audience' | 'issuedAt' | 'expiresAt'> {
  for (const name of ['iat', 'exp', 'nbf'] as const) {
    const value = payload[name]
    if (value !== undefined && typeof value !== 'number') throw malformed(`${name} is not a number`)
  }
  return {
    audience: payload.aud,
    ...(payload.iat !== undefined && { issuedAt: payload.iat as number }),
    ...(payload.nbf !== undefined && { notBefore: payload.nbf as number }),
    ...(payload.exp !== undefined && { expiresAt: payload.exp as number }),
  }
}

function parseAuthorizationRequest(payload: JsonObject): AuthorizationRequest {
  const { response_mode } = payload
  if (response_mode !== 'direct_post' && response_mode !== 'direct_post.jwt') {
    throw new PresentationRequestError(
      'openid4vc.request.response-mode',
      'response_mode is neither direct_post nor direct_post.jwt',
    )
  }
  if (payload.redirect_uri !== undefined) throw malformed('redirect_uri stands beside a direct_post mode')
  return {
    client_id: requireText(payload.client_id, 'client_id', malformed),
    ...parsePresentationRequest(payload),
    response_mode,
    response_uri: requireUrl(payload.response_uri, 'response_uri', malformed),
    ...(payload.state !== undefined && { state: urlSafe(payload.state, 'state') }),
    ...(payload.wallet_nonce !== undefined && {
      wallet_nonce: requireText(payload.wallet_nonce, 'wallet_nonce', malformed),
    }),
  }
}

/** What every request holds but its response mode, which depends on the way it came. */
export function parsePresentationRequest(payload: JsonObject): Omit<PresentationRequest, 'response_mode'> {
  if (payload.response_type !== 'vp_token') throw malformed('response_type is not vp_token')
  if (payload.scope !== undefined) throw malformed('a query by scope is not supported')
  if (payload.dcql_query === undefined) throw malformed('no dcql_query')
  const query = parseDcqlQuery(payload.dcql_query)
  return {
    response_type: 'vp_token',
    nonce: urlSafe(payload.nonce, 'nonce'),
    dcql_query: query,
    ...(payload.client_metadata !== undefined && {
      client_metadata: parseClientMetadata(payload.client_metadata),
    }),
    ...(payload.transaction_data !== undefined && {
      transaction_data: parseTransactionData(payload.transaction_data, query).map(({ encoded }) => encoded),
    }),
  }
}

function parseClientMetadata(value: unknown): ClientMetadata {
  const metadata = requireObject(value, 'client_metadata', malformed)
  const { vp_formats_supported, jwks, encrypted_response_enc_values_supported: encs } = metadata
  return {
    ...(vp_formats_supported !== undefined && {
      vp_formats_supported: requireObject(vp_formats_supported, 'vp_formats_supported', malformed),
    }),
    ...(jwks !== undefined && { jwks: { keys: usableKeys(requireObject(jwks, 'jwks', malformed).keys) } }),
    ...(encs !== undefined && {
      encrypted_response_enc_values_supported: requireTexts(
        encs,
        'encrypted_response_enc_values_supported',
        malformed,
      ),
    }),
  }
}

/** Keys of a kind unknown here may stand beside those that are known. */
function usableKeys(value: unknown): readonly PublicJwk[] {
  if (!Array.isArray(value) || value.length > 32) throw malformed('jwks holds no list of keys')
  return value.flatMap((key) => {
    try {
      return [parsePublicJwk(key)]
    } catch {
      return []
    }
  })
}

function urlSafe(value: unknown, name: string): string {
  const text = requireText(value, name, malformed, 1024)
  if (!/^[A-Za-z0-9._~-]+$/.test(text)) throw malformed(`${name} has characters that are not URL safe`)
  return text
}

function malformed(what: string): PresentationRequestError {
  return new PresentationRequestError('openid4vc.request.malformed', `not an acceptable request: ${what}`)
}
