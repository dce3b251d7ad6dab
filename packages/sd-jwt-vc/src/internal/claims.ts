import type { JsonObject, JsonValue, StatusReference } from '@ekkasan/core'
import { KeysError, parseConfirmationKey, parseStatusClaim } from '@ekkasan/keys'
import { dateOf } from '@ekkasan/sd-jwt'
import { parseCredentialStatus } from '@ekkasan/vcdm'
import type { SdJwtVcErrorCode } from '../errors.ts'

/** Registered claims that are never selectively disclosed, SD-JWT VC section 2.2.2.3. */
export const plainClaims: ReadonlySet<string> = new Set([
  'iss',
  'nbf',
  'exp',
  'cnf',
  'vct',
  'vct#integrity',
  'aka_vcts',
  'status',
])

/** Registered claims: of the envelope, not of what the document says. */
export const envelopeClaims: ReadonlySet<string> = new Set([...plainClaims, 'sub', 'iat', 'jti'])

/** A registered claim that is not of its kind, in the payload as it was signed. */
export function envelopeFault(payload: JsonObject): SdJwtVcErrorCode | undefined {
  const { vct, iss, sub, jti, nbf, exp, iat, aka_vcts: akaVcts } = payload
  if (typeof vct !== 'string' || vct === '') return 'sd-jwt-vc.vct'
  const texts: readonly (JsonValue | undefined)[] = [iss, sub, jti, payload['vct#integrity']]
  const dates: readonly (JsonValue | undefined)[] = [nbf, exp, iat]
  const isMalformed =
    texts.some((text) => text !== undefined && typeof text !== 'string') ||
    dates.some((date) => dateOf(date) === null) ||
    !isConfirmation(payload) ||
    (akaVcts !== undefined && !isTypeList(akaVcts, vct)) ||
    readStatus(payload) === 'malformed'
  return isMalformed ? 'sd-jwt-vc.claim.malformed' : undefined
}

/**
 * The status reference that the payload carries in its claim `status`, or a W3C body among the claims in its
 * `credentialStatus`; `unsupported` when it is of a kind unknown here.
 */
export function statusOf(
  payload: JsonObject,
  claims: JsonObject = payload,
): StatusReference | 'unsupported' | undefined {
  const status = readStatus(payload)
  if (status === 'malformed') return 'unsupported'
  return claims['@context'] === undefined ? status : parseCredentialStatus(claims, status)
}

function readStatus(payload: JsonObject): ReturnType<typeof parseStatusClaim> | 'malformed' {
  try {
    return parseStatusClaim(payload)
  } catch (error) {
    if (!(error instanceof KeysError)) throw error
    return 'malformed'
  }
}

// A key of a kind that is unknown here is no fault of the credential: it is bound to nobody that could be checked.
function isConfirmation(payload: JsonObject): boolean {
  try {
    parseConfirmationKey(payload)
    return true
  } catch (error) {
    if (!(error instanceof KeysError)) throw error
    return false
  }
}

function isTypeList(value: JsonValue, vct: string): value is readonly string[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.length <= 16 &&
    value.every((type) => typeof type === 'string' && type !== '' && type !== vct)
  )
}
