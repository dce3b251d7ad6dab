import type { Signer } from '@ekkasan/core'
import type { JsonObject, JsonValue } from '@ekkasan/core/json'
import { isJoseType, type Jws, KeysError, keyHeader, numericDate, parseJws, signJws } from '@ekkasan/keys'
import { StatusError } from './errors.ts'
import { encodeStatusList, type StatusList } from './status-list.ts'

export interface IssueStatusListTokenOptions {
  readonly signer: Signer
  readonly list: StatusList
  /** Where it is served: the `uri` of the credentials that refer to it. */
  readonly uri: string
  /** The `iss` claim: by it verifiers find the key when the header's `kid` alone does not tell. */
  readonly issuer?: string
  readonly issuedAt: Date
  readonly expiresAt: Date
  /** Seconds for which a verifier may keep it. */
  readonly ttl: number
}

/** What a Status List Token of either form says before anything was verified. */
export interface StatusListTokenClaims {
  readonly kid?: string
  readonly x5c?: readonly string[]
  readonly iss?: string
  readonly sub: string
  readonly issuedAt: Date
  readonly notBefore?: Date
  readonly expiresAt?: Date
  /** Seconds. */
  readonly ttl?: number
}

/** A Status List Token in JWT form. */
export interface StatusListToken extends StatusListTokenClaims {
  readonly jws: Jws
  /** Still encoded: decodeStatusList reads it. */
  readonly statusList: JsonValue
}

/** Signs a Status List Token in JWT form (section 5.1). */
export async function issueStatusListToken(options: IssueStatusListTokenOptions): Promise<string> {
  const { signer, list, uri, issuer, issuedAt, expiresAt, ttl } = options
  if (!(ttl > 0)) throw new TypeError('ttl must be a positive number of seconds')
  const payload: JsonObject = {
    ...(issuer !== undefined && { iss: issuer }),
    sub: uri,
    iat: numericDate(issuedAt),
    exp: numericDate(expiresAt),
    ttl,
    status_list: await encodeStatusList(list),
  }
  return signJws({ signer, header: { typ: 'statuslist+jwt', ...keyHeader(signer.key) }, payload })
}

/**
 * Shape only: a JWT of type `statuslist+jwt` with the claims of section 5.1.
 * @throws StatusError `status.token.malformed`
 */
export function parseStatusListToken(
  token: string,
  limits: { readonly maxLength?: number } = {},
): StatusListToken {
  let jws: Jws
  try {
    jws = parseJws(token, limits)
  } catch (error) {
    if (!(error instanceof KeysError)) throw error
    throw new StatusError('status.token.malformed', error.message)
  }
  const { typ, kid, x5c } = jws.header
  const { iss, sub, iat, nbf, exp, ttl, status_list } = jws.payload
  if (!isJoseType(typ, 'statuslist+jwt')) throw malformed('typ must be statuslist+jwt')
  if (kid !== undefined && typeof kid !== 'string') throw malformed('kid')
  if (x5c !== undefined && !isChain(x5c)) throw malformed('x5c')
  if (iss !== undefined && typeof iss !== 'string') throw malformed('iss')
  if (typeof sub !== 'string') throw malformed('sub')
  if (ttl !== undefined && !(typeof ttl === 'number' && ttl > 0)) throw malformed('ttl')
  if (status_list === undefined) throw malformed('status_list')
  return {
    jws,
    sub,
    statusList: status_list,
    ...tokenDates({ iat, nbf, exp }),
    ...(kid !== undefined && { kid }),
    ...(x5c !== undefined && { x5c }),
    ...(iss !== undefined && { iss }),
    ...(ttl !== undefined && { ttl }),
  }
}

/** @throws StatusError `status.token.malformed` */
export function tokenDates({
  iat,
  nbf,
  exp,
}: {
  readonly iat: unknown
  readonly nbf: unknown
  readonly exp: unknown
}): Pick<StatusListTokenClaims, 'issuedAt' | 'notBefore' | 'expiresAt'> {
  const issuedAt = date('iat', iat)
  const notBefore = date('nbf', nbf)
  const expiresAt = date('exp', exp)
  if (!issuedAt) throw malformed('iat')
  return { issuedAt, ...(notBefore && { notBefore }), ...(expiresAt && { expiresAt }) }
}

function isChain(value: JsonValue): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string')
}

function date(claim: string, value: unknown): Date | undefined {
  if (value === undefined) return undefined
  const time = typeof value === 'number' ? new Date(value * 1000) : undefined
  if (!time || Number.isNaN(time.getTime())) throw malformed(claim)
  return time
}

export function malformed(what: string): StatusError {
  return new StatusError('status.token.malformed', `not an acceptable status list token: ${what}`)
}
