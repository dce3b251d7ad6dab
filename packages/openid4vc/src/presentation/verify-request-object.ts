import type { Clock, ResolveDid } from '@ekkasan/core'
import {
  anyRule,
  checkOptions,
  functionRule,
  type OptionRules,
  optional,
  textRule,
} from '@ekkasan/core/options'
import { type Jws, KeysError, verifyJws } from '@ekkasan/keys'
import { type ClientKey, type ReadCertificate, resolveClientKey } from './client-identifier.ts'
import { PresentationRequestError } from './errors.ts'
import {
  type AuthorizationRequest,
  type ParsedRequestObject,
  parseRequestObject,
  staticDiscoveryAudience,
} from './request-object.ts'

export interface VerifyRequestObjectOptions {
  /** `client_id` as it stood beside `request_uri`. */
  readonly clientId: string
  /** What was sent as `wallet_nonce`, if anything. */
  readonly walletNonce?: string
  /** A value of `aud` accepted beside the standard's, for verifiers known to err. */
  readonly otherAudience?: string
  readonly readCertificate?: ReadCertificate
  readonly resolveDid?: ResolveDid
  readonly clock?: Clock
}

// A misspelt `walletNonce` would take a request that was made for another.
const rules: OptionRules<VerifyRequestObjectOptions> = {
  clientId: anyRule,
  walletNonce: optional(textRule),
  otherAudience: optional(textRule),
  readCertificate: optional(functionRule),
  resolveDid: optional(functionRule),
  clock: optional(functionRule),
}

export interface VerifiedRequest {
  readonly request: AuthorizationRequest
  readonly client: ClientKey
}

/** Seconds by which the clocks of wallet and verifier may differ. */
const leeway = 60

/**
 * Verifies a request object: it is signed with the key that its client identifier stands for, meant for a wallet
 * found by static discovery, not expired, and answers the nonce that was sent. Trust is not asked for here.
 * @throws PresentationRequestError, ResolveError; TypeError for an option that is none or malformed
 */
export async function verifyRequestObject(
  compact: string,
  options: VerifyRequestObjectOptions,
): Promise<VerifiedRequest> {
  checkOptions(options, 'verifyRequestObject', rules)
  const parsed = parseRequestObject(compact)
  const { request, jws } = parsed
  if (request.client_id !== options.clientId) {
    throw refused('openid4vc.request.client-id-mismatch', 'client_id differs from the one outside')
  }
  const client = await resolveClientKey(parsed, options)
  await requireSigned(jws, client)
  if (
    parsed.audience !== staticDiscoveryAudience &&
    (parsed.audience === undefined || parsed.audience !== options.otherAudience)
  ) {
    throw refused('openid4vc.request.audience', `aud is not ${staticDiscoveryAudience}`)
  }
  requireCurrent(parsed, options.clock)
  if (options.walletNonce !== undefined && request.wallet_nonce !== options.walletNonce) {
    throw refused('openid4vc.request.wallet-nonce', 'wallet_nonce did not come back')
  }
  return { request, client }
}

/** @throws PresentationRequestError `openid4vc.request.signature` */
export async function requireSigned(jws: Jws, client: ClientKey): Promise<void> {
  let isSigned: boolean
  try {
    isSigned = await verifyJws(jws, client.publicJwk)
  } catch (cause) {
    if (!(cause instanceof KeysError)) throw cause
    throw refused('openid4vc.request.signature', 'its algorithm does not fit the key of the client', cause)
  }
  if (!isSigned) throw refused('openid4vc.request.signature', 'its signature is not by the key of the client')
}

/** @throws PresentationRequestError `openid4vc.request.expired` */
export function requireCurrent(
  { issuedAt, notBefore, expiresAt }: Pick<ParsedRequestObject, 'issuedAt' | 'notBefore' | 'expiresAt'>,
  clock: Clock = () => new Date(),
): void {
  const now = clock().getTime() / 1000
  if (expiresAt !== undefined && expiresAt <= now - leeway) {
    throw refused('openid4vc.request.expired', 'it has expired')
  }
  if (issuedAt !== undefined && issuedAt > now + leeway) {
    throw refused('openid4vc.request.expired', 'it was issued in the future')
  }
  if (notBefore !== undefined && notBefore > now + leeway) {
    throw refused('openid4vc.request.expired', 'it is not valid yet')
  }
}

/**
 * Whether a response may go to `response_uri`: a client whose identifier is a DNS name and that is not itself
 * trusted must receive it under that name (OpenID4VP section 5.9.3).
 * @throws PresentationRequestError `openid4vc.request.response-uri`
 */
export function requireResponseUriOfClient({ request, client }: VerifiedRequest): void {
  if (client.prefix !== 'x509_san_dns') return
  if (new URL(request.response_uri).hostname.toLowerCase() !== client.id.toLowerCase()) {
    throw refused('openid4vc.request.response-uri', 'response_uri is not under the name of the client')
  }
}

function refused(
  code: PresentationRequestError['code'],
  what: string,
  cause?: unknown,
): PresentationRequestError {
  return new PresentationRequestError(code, `the request is not acceptable: ${what}`, { cause })
}
