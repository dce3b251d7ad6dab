import { commonPeriod, type JsonObject, type JsonValue, type Period } from '@ekkasan/core'
import { isJsonObject } from '@ekkasan/core/json'
import { baseContextV2, dateTimeStamp, extendCredential, parseDateTimeStamp } from '@ekkasan/vcdm'
import type { SdJwtVcErrorCode } from '../errors.ts'
import type { W3cBody } from '../types.ts'
import { envelopeClaims } from './claims.ts'

export interface CreateBodyOptions {
  readonly body: W3cBody
  readonly id?: string | undefined
  readonly issuer: string
  readonly subject?: string | undefined
  readonly claims: JsonObject
  /** Seconds since the epoch. */
  readonly nbf?: number | undefined
  readonly exp?: number | undefined
}

/** @throws TypeError when an extension has the name of a member or of a registered claim */
export function createBody(options: CreateBodyOptions): JsonObject {
  const { body, id, issuer, subject, claims, nbf, exp } = options
  if (Object.hasOwn(claims, 'id'))
    throw new TypeError('a claim must not be named `id`: in a W3C body that names the subject')
  const created = {
    '@context': [baseContextV2, ...(body.contexts ?? [])],
    ...(id !== undefined && { id }),
    type: ['VerifiableCredential', ...body.types],
    issuer: { id: issuer, ...(body.issuerName !== undefined && { name: body.issuerName }) },
    ...(nbf !== undefined && { validFrom: dateOf(nbf) }),
    ...(exp !== undefined && { validUntil: dateOf(exp) }),
    credentialSubject: { ...(subject !== undefined && { id: subject }), ...claims },
    ...(body.schema !== undefined && { credentialSchema: { id: body.schema, type: 'JsonSchema' } }),
  }
  return extendCredential(created, body.extension)
}

/** The body alone, without the registered claims beside it. */
export function bodyOf(claims: JsonObject): JsonObject {
  const body: Record<string, JsonValue> = {}
  for (const name of Object.keys(claims)) {
    if (!envelopeClaims.has(name)) body[name] = claims[name] as JsonValue
  }
  return body
}

/** Whether the claims hold a W3C body beside the registered ones. */
export function hasBody(claims: JsonObject): boolean {
  return claims['@context'] !== undefined
}

/** The period of the body, as far as it names one. */
export function bodyValidity(claims: JsonObject): Period {
  if (!hasBody(claims)) return {}
  return commonPeriod({
    from: parseDateTimeStamp(claims.validFrom),
    until: parseDateTimeStamp(claims.validUntil),
  })
}

const tolerance = 30_000

/**
 * What is wrong with a body that obeys the data model: that it does not say the same as the registered claims
 * (`jti` and `id`, `iss` and `issuer`, `sub` and `credentialSubject.id`, `nbf` and `validFrom`, `exp` and
 * `validUntil`). `validity` is that of the body.
 */
export function bodyFault(
  body: JsonObject,
  claims: JsonObject,
  validity: Period,
): { readonly code: SdJwtVcErrorCode } | undefined {
  const { issuer, credentialSubject: subject } = body
  if (claims.jti !== body.id) return { code: 'sd-jwt-vc.body.id-mismatch' }
  if (claims.iss !== (isJsonObject(issuer) ? issuer.id : issuer)) {
    return { code: 'sd-jwt-vc.body.issuer-mismatch' }
  }
  const subjectId = isJsonObject(subject) ? subject.id : undefined
  if (claims.sub !== undefined && subjectId !== undefined && claims.sub !== subjectId) {
    return { code: 'sd-jwt-vc.body.subject-mismatch' }
  }
  const { from, until } = validity
  if (!isSameTime(claims.nbf, from) || !isSameTime(claims.exp, until)) {
    return { code: 'sd-jwt-vc.body.validity-mismatch' }
  }
  return undefined
}

function isSameTime(seconds: JsonValue | undefined, date: Date | undefined): boolean {
  if (typeof seconds !== 'number' || date === undefined) return seconds === undefined && date === undefined
  return Math.abs(seconds * 1000 - date.getTime()) <= tolerance
}

function dateOf(seconds: number): string {
  return dateTimeStamp(new Date(seconds * 1000))
}
