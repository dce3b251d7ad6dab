import { type Clock, EkkasanError, type JsonObject, type ResolveDid, type Signer } from '@ekkasan/core'
import { isJsonObject } from '@ekkasan/core/json'
import { isJoseType, type Jws, numericDate, signJws } from '@ekkasan/keys'
import { requireList, requireText, requireTexts } from '../shape.ts'
import { type ClientKey, parseClientId, type ReadCertificate, resolveClientKey } from './client-identifier.ts'
import { PresentationRequestError } from './errors.ts'
import {
  type DcApiResponseMode,
  type PresentationRequest,
  parsePresentationRequest,
  parseRequestJws,
  parseTimes,
  requestObjectType,
  staticDiscoveryAudience,
} from './request-object.ts'
import { requireCurrent, requireSigned } from './verify-request-object.ts'

// OpenID4VP over the Digital Credentials API, Appendix A.

/** The exchange protocols of OpenID4VP Appendix A.1. */
export type OpenId4VpDcApiProtocol =
  | 'openid4vp-v1-unsigned'
  | 'openid4vp-v1-signed'
  | 'openid4vp-v1-multisigned'

export const openId4VpDcApiProtocols: readonly OpenId4VpDcApiProtocol[] = [
  'openid4vp-v1-signed',
  'openid4vp-v1-multisigned',
  'openid4vp-v1-unsigned',
]

/** An authorization request as the Digital Credentials API carries it. */
export interface DcApiPresentationRequest extends PresentationRequest {
  readonly response_mode: DcApiResponseMode
}

export interface SignDcApiRequestOptions {
  /** Without `client_id`: it comes from the clients. */
  readonly request: JsonObject
  /** Origins of the pages that may ask with it. */
  readonly expectedOrigins: readonly string[]
  readonly issuedAt: Date
  readonly expiresAt: Date
}

/** One who signs: his client identifier, and the key that it stands for. */
export interface SigningClient {
  readonly clientId: string
  readonly signer: Signer
}

/** `data` for `openid4vp-v1-signed`, Appendix A.3.2.1. */
export async function signDcApiRequest(
  { clientId, signer }: SigningClient,
  options: SignDcApiRequestOptions,
): Promise<JsonObject> {
  const payload = { client_id: clientId, ...signedPayload(options) }
  return { request: await signJws({ signer, header: signedHeader(signer), payload }) }
}

/** `data` for `openid4vp-v1-multisigned`, Appendix A.3.2.2: each client identifier stands in the header signed for it. */
export async function multiSignDcApiRequest(
  clients: readonly SigningClient[],
  options: SignDcApiRequestOptions,
): Promise<JsonObject> {
  const payload = signedPayload(options)
  const compacts = await Promise.all(
    clients.map(({ clientId, signer }) =>
      signJws({ signer, header: { ...signedHeader(signer), client_id: clientId }, payload }),
    ),
  )
  const signatures = compacts.map((compact) => {
    const [header = '', , signature = ''] = compact.split('.')
    return { protected: header, signature }
  })
  return { request: { payload: compacts[0]?.split('.')[1] ?? '', signatures } }
}

function signedHeader({ key: { kid, x5c } }: Signer): JsonObject {
  return { typ: requestObjectType, ...(x5c ? { x5c } : kid !== undefined && { kid }) }
}

function signedPayload({
  request,
  expectedOrigins,
  issuedAt,
  expiresAt,
}: SignDcApiRequestOptions): JsonObject {
  const times = { iat: numericDate(issuedAt), exp: numericDate(expiresAt) }
  return { ...request, expected_origins: expectedOrigins, aud: staticDiscoveryAudience, ...times }
}

export interface VerifyDcApiRequestOptions {
  /** Of the page that asks, as the platform names it. */
  readonly origin: string
  readonly readCertificate?: ReadCertificate
  readonly resolveDid?: ResolveDid
  readonly clock?: Clock
}

export interface VerifiedDcApiRequest {
  readonly request: DcApiPresentationRequest
  /** Who signed it; nobody did an unsigned one: that is by the page of `origin` and no one else. */
  readonly clients: readonly (ClientKey & { readonly clientId: string })[]
}

/**
 * Reads a request of the Digital Credentials API and verifies its signatures: each with the key that its client
 * identifier stands for, and for a page of this origin (`expected_origins`, compared as texts). Of several signatures
 * those are left out that are wrong or whose client identifier cannot be checked here; one must remain. What an unsigned
 * request says of its sender is ignored. Trust is not asked for here.
 * @throws PresentationRequestError, ResolveError
 */
export async function verifyDcApiRequest(
  { protocol, data }: { readonly protocol: string; readonly data: JsonObject },
  options: VerifyDcApiRequestOptions,
): Promise<VerifiedDcApiRequest> {
  if (protocol === 'openid4vp-v1-unsigned') return { request: parseRequest(data), clients: [] }
  const signed = parseSigned(protocol, data)
  const payload = signed[0]?.jws.payload ?? {}
  const request = parseRequest(payload)
  const times = parseTimes(payload)
  if (times.audience !== undefined && times.audience !== staticDiscoveryAudience) {
    throw refused('openid4vc.request.audience', `aud is not ${staticDiscoveryAudience}`)
  }
  requireCurrent(times, options.clock)
  if (!requireTexts(payload.expected_origins, 'expected_origins', malformed).includes(options.origin)) {
    throw refused('openid4vc.request.origin', 'the page that asks is not of expected_origins')
  }
  const clients: VerifiedDcApiRequest['clients'][number][] = []
  let fault: unknown
  for (const { clientId, jws } of signed) {
    if (signed.length > 1 && !isCheckable(clientId, options)) continue
    try {
      const client = await resolveClientKey({ request: { client_id: clientId }, jws }, options)
      await requireSigned(jws, client)
      clients.push({ ...client, clientId })
    } catch (error) {
      if (!(error instanceof EkkasanError)) throw error
      fault ??= error
    }
  }
  if (clients.length === 0) {
    if (fault !== undefined) throw fault
    throw refused('openid4vc.request.prefix', 'no client identifier of it can be checked')
  }
  return { request, clients }
}

function parseRequest(payload: JsonObject): DcApiPresentationRequest {
  const { response_mode } = payload
  if (response_mode !== 'dc_api' && response_mode !== 'dc_api.jwt') {
    throw new PresentationRequestError(
      'openid4vc.request.response-mode',
      'response_mode is neither dc_api nor dc_api.jwt',
    )
  }
  return { ...parsePresentationRequest(payload), response_mode }
}

interface SignedRequest {
  readonly clientId: string
  readonly jws: Jws
}

function parseSigned(protocol: string, data: JsonObject): readonly SignedRequest[] {
  if (protocol === 'openid4vp-v1-signed') {
    const jws = parseRequestJws(requireText(data.request, 'request', malformed, 262_144))
    if (!isJoseType(jws.header.typ, requestObjectType)) throw malformed(`typ is not ${requestObjectType}`)
    return [{ clientId: requireText(jws.payload.client_id, 'client_id', malformed), jws }]
  }
  if (protocol !== 'openid4vp-v1-multisigned') {
    throw refused('openid4vc.request.protocol', 'its protocol is not one of OpenID4VP 1.0')
  }
  // The text shows the JWS as the request itself; wallets and verifiers were seen to put it under `request` too.
  const { payload, signatures } = isJsonObject(data.request) ? data.request : data
  const encoded = requireText(payload, 'payload', malformed, 262_144)
  const signed = requireList(signatures, 'signatures', malformed, 10).map((entry) => {
    if (!isJsonObject(entry) || entry.header !== undefined) throw malformed('a signature')
    const header = requireText(entry.protected, 'protected', malformed, 65_536)
    const signature = requireText(entry.signature, 'signature', malformed)
    const jws = parseRequestJws(`${header}.${encoded}.${signature}`)
    if (!isJoseType(jws.header.typ ?? requestObjectType, requestObjectType)) {
      throw malformed(`typ is not ${requestObjectType}`)
    }
    if (jws.payload.client_id !== undefined) throw malformed('client_id stands outside the header')
    return { clientId: requireText(jws.header.client_id, 'client_id', malformed), jws }
  })
  return signed
}

function isCheckable(clientId: string, { readCertificate, resolveDid }: VerifyDcApiRequestOptions): boolean {
  try {
    const { prefix } = parseClientId(clientId)
    return (prefix === 'decentralized_identifier' ? resolveDid : readCertificate) !== undefined
  } catch {
    return false
  }
}

function refused(code: PresentationRequestError['code'], what: string): PresentationRequestError {
  return new PresentationRequestError(code, `the request is not acceptable: ${what}`)
}

function malformed(what: string): PresentationRequestError {
  return new PresentationRequestError('openid4vc.request.malformed', `not an acceptable request: ${what}`)
}
