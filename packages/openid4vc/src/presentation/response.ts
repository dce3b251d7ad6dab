import type { Decrypter, JsonObject, JsonValue, PublicJwk } from '@ekkasan/core'
import { fromBase64url, fromUtf8, utf8 } from '@ekkasan/core/bytes'
import { isJsonObject, parseJsonObject } from '@ekkasan/core/json'
import { type ContentEncryption, encryptJwe, isForEncryption } from '@ekkasan/keys'
import { PresentationRequestError, responseError } from './errors.ts'
import { parseForm } from './form.ts'
import type { DcApiResponseMode, PresentationRequest, ResponseMode } from './request-object.ts'

/** Query id -> presentations, OpenID4VP section 8.1. */
export type VpToken = Readonly<Record<string, readonly JsonValue[]>>

/** Of a response as JSON: a credential may be nested 32 deep, in a presentation, in a list, by its query's id. */
export const responseLimits = { maxLength: 4_194_304, maxDepth: 40 } as const

/** What a wallet answers, OpenID4VP sections 8.1 and 8.5. */
export type AuthorizationResponse =
  | { readonly vp_token: VpToken; readonly state?: string }
  | { readonly error: string; readonly error_description?: string; readonly state?: string }

/** The verifier's key for this response and how to use it, as the request names them. */
export interface ResponseEncryption {
  readonly recipient: PublicJwk
  readonly enc: ContentEncryption
}

/**
 * Chooses key and content encryption for `direct_post.jwt` and `dc_api.jwt`; undefined for the other modes. A256GCM where the verifier
 * offers it (HAIP section 5), ECDH-ES on a curve that is supported here.
 * @throws PresentationRequestError `openid4vc.request.encryption`
 */
export function responseEncryption(
  request: Pick<PresentationRequest, 'response_mode' | 'client_metadata'>,
): ResponseEncryption | undefined {
  if (request.response_mode === 'direct_post' || request.response_mode === 'dc_api') return undefined
  const { jwks, encrypted_response_enc_values_supported: offered = ['A128GCM'] } =
    request.client_metadata ?? {}
  const enc = (['A256GCM', 'A128GCM'] as const).find((name) => offered.includes(name))
  const recipient = jwks?.keys.find((key) => key.alg === 'ECDH-ES' && isForEncryption(key))
  if (!enc || !recipient) {
    throw new PresentationRequestError(
      'openid4vc.request.encryption',
      'the request offers no key and content encryption for the response that is supported',
    )
  }
  return { recipient, enc }
}

/**
 * The form that a wallet posts to `response_uri`, encrypted where the request asks for it.
 * @throws PresentationRequestError `openid4vc.request.encryption` when the key is no point on its curve
 */
export async function buildResponseForm(
  response: AuthorizationResponse,
  encryption?: ResponseEncryption,
): Promise<URLSearchParams> {
  if (encryption) {
    return new URLSearchParams({ response: await encryptResponse(response, encryption) })
  }
  const form = new URLSearchParams()
  for (const [name, value] of Object.entries(response)) {
    if (value !== undefined) form.set(name, typeof value === 'string' ? value : JSON.stringify(value))
  }
  return form
}

/**
 * The answer as `data` of the Digital Credentials API, encrypted where the request asks for it; an error never is
 * (OpenID4VP Appendix A.4).
 * @throws PresentationRequestError `openid4vc.request.encryption` when the key is no point on its curve
 */
export async function buildDcApiResponse(
  response: AuthorizationResponse,
  encryption?: ResponseEncryption,
): Promise<JsonObject> {
  if ('error' in response) return { error: response.error }
  const { vp_token } = response
  return encryption ? { response: await encryptResponse({ vp_token }, encryption) } : { vp_token }
}

async function encryptResponse(
  response: AuthorizationResponse,
  encryption: ResponseEncryption,
): Promise<string> {
  try {
    return await encryptJwe(utf8(JSON.stringify(response)), encryption)
  } catch (cause) {
    throw new PresentationRequestError('openid4vc.request.encryption', 'the key of the request is unusable', {
      cause,
    })
  }
}

export interface ParseResponseOptions {
  readonly mode: ResponseMode
  /** `state` of the request, if it had one. */
  readonly state?: string
  /** With `direct_post.jwt`: holds the key that the request named. */
  readonly decrypter?: Decrypter
}

/**
 * Reads the body posted to `response_uri`. What the presentations are worth is for others to find out.
 * @throws PresentationError `openid4vc.response.invalid_request`
 */
export async function parseResponseForm(
  body: string,
  { mode, state, decrypter }: ParseResponseOptions,
): Promise<AuthorizationResponse> {
  const form = parseForm(body, responseError)
  const jwe = form.get('response')
  const parameters = jwe === undefined ? formParameters(form) : await decryptParameters(jwe, decrypter)
  // RFC 6749 section 3.1: a parameter without a value counts as omitted.
  const answered = parameters.state === '' ? undefined : parameters.state
  if (answered !== state) throw responseError(stateFault(answered, state))
  if (parameters.error !== undefined) return errorResponse(parameters)
  if (mode === 'direct_post.jwt' && jwe === undefined) throw responseError('the response is not encrypted')
  return { vp_token: parseVpToken(parameters.vp_token), ...(state !== undefined && { state }) }
}

/** What is wrong with `state`, without repeating a value of it. */
function stateFault(answered: unknown, asked: string | undefined): string {
  if (asked === undefined) return 'state is there, but the request had none'
  return `state is ${answered === undefined ? 'missing' : 'another'}: send back that of the request`
}

/**
 * Reads `data` of the Digital Credentials API. What the presentations are worth is for others to find out.
 * @throws PresentationError `openid4vc.response.invalid_request`
 */
export async function parseDcApiResponse(
  data: JsonObject,
  { mode, decrypter }: { readonly mode: DcApiResponseMode; readonly decrypter?: Decrypter },
): Promise<AuthorizationResponse> {
  const { response } = data
  if (data.error !== undefined) return errorResponse({ error: data.error })
  if (response !== undefined && typeof response !== 'string') throw responseError('response is not a text')
  if (mode === 'dc_api.jwt' && response === undefined) throw responseError('the response is not encrypted')
  const parameters = response === undefined ? data : await decryptParameters(response, decrypter)
  if (parameters.error !== undefined) return errorResponse({ error: parameters.error })
  return { vp_token: parseVpToken(parameters.vp_token) }
}

function formParameters(form: ReadonlyMap<string, string>): JsonObject {
  const parameters: Record<string, JsonValue> = Object.fromEntries(form)
  const token = form.get('vp_token')
  return token === undefined ? parameters : { ...parameters, vp_token: jsonObject(token) }
}

async function decryptParameters(jwe: string, decrypter: Decrypter | undefined): Promise<JsonObject> {
  if (!decrypter) throw responseError('the response is encrypted and was not asked to be')
  requireHeader(jwe, decrypter.publicJwk.kid)
  let plaintext: Uint8Array
  try {
    plaintext = await decrypter.decrypt(jwe)
  } catch (cause) {
    throw responseError('the response cannot be decrypted', { cause })
  }
  let text: string
  try {
    text = fromUtf8(plaintext)
  } catch {
    throw responseError('the response is not UTF-8')
  }
  return jsonObject(text)
}

/** The header has to name the request's key, if that has a name (section 8.3), and compression is not offered. */
function requireHeader(jwe: string, kid: string | undefined): void {
  let header: JsonObject
  try {
    const encoded = jwe.slice(0, 8192).split('.', 1)[0] ?? ''
    header = parseJsonObject(fromUtf8(fromBase64url(encoded)), { maxLength: 8192 })
  } catch (cause) {
    throw responseError('the response is not a compact JWE', { cause })
  }
  if (kid !== undefined && header.kid !== kid) {
    const what = header.kid === undefined ? 'no kid' : 'another kid'
    throw responseError(`the response has ${what}: it must be that of the request's key`)
  }
  if (header.zip !== undefined) throw responseError('the response is compressed (zip), which is not offered')
}

function jsonObject(text: string): JsonObject {
  try {
    return parseJsonObject(text, responseLimits)
  } catch (cause) {
    throw responseError(
      `the response is not acceptable: ${cause instanceof SyntaxError ? cause.message : ''}`,
    )
  }
}

/**
 * Shape only: query ids with one or more presentations each, texts or objects.
 * @throws PresentationError `openid4vc.response.invalid_request`
 */
export function parseVpToken(value: unknown): VpToken {
  if (!isJsonObject(value)) throw responseError('vp_token is not an object')
  const entries = Object.entries(value)
  if (entries.length > 100) throw responseError('vp_token has too many entries')
  for (const [, presentations] of entries) {
    const isList = Array.isArray(presentations) && presentations.length > 0 && presentations.length <= 100
    if (!isList) throw responseError('an entry of vp_token is not a list of 1 to 100 presentations')
    if (!presentations.every((item) => typeof item === 'string' || isJsonObject(item))) {
      throw responseError('a presentation is neither a text nor an object')
    }
  }
  return value as VpToken
}

function errorResponse({ error, error_description, state }: JsonObject): AuthorizationResponse {
  if (typeof error !== 'string' || !/^[\x20-\x21\x23-\x5b\x5d-\x7e]{1,64}$/.test(error)) {
    throw responseError('error is not an error code')
  }
  return {
    error,
    ...(typeof error_description === 'string' && { error_description: error_description.slice(0, 1000) }),
    ...(typeof state === 'string' && { state }),
  }
}
