import type { HashAlgorithm, JsonObject } from '@ekkasan/core'
import { isJsonObject } from '@ekkasan/core/json'
import { type Jws, parseJws } from '@ekkasan/keys'
import { SdJwtError } from './errors.ts'
import { compactFromJson } from './json-serialization.ts'

export interface ParsedSdJwt {
  /** The issuer-signed JWT; its payload as it was signed, digests in place of what is disclosed. */
  readonly jws: Jws
  readonly hashAlgorithm: HashAlgorithm
  /** As they were sent, base64url. */
  readonly disclosures: readonly string[]
  /** Issuer-signed JWT and disclosures, each followed by `~`: what `sd_hash` covers. */
  readonly sdJwt: string
  /** The KB-JWT as it was sent; absent in an SD-JWT without key binding. */
  readonly keyBinding?: string
}

/** UTF-16 units of a whole presentation; portraits as data URLs fit. */
const maxLength = 4_194_304
const maxDisclosures = 4096

/**
 * Shape only: takes an SD-JWT or SD-JWT+KB apart (RFC 9901 section 4), in the compact form or in one of the
 * JSON forms of section 8. Looks into no disclosure and checks no signature.
 * @throws SdJwtError `sd-jwt.malformed`, `sd-jwt.limit`, `sd-jwt.hash-algorithm`
 * @throws KeysError `keys.jws.malformed`, `keys.jws.critical`
 */
export function parseSdJwt(input: string | JsonObject): ParsedSdJwt {
  const compact = typeof input === 'string' ? input : compactFromJson(input)
  if (compact.length > maxLength) throw new SdJwtError('sd-jwt.limit', 'the SD-JWT is too long')
  const end = compact.lastIndexOf('~') + 1
  const first = compact.indexOf('~')
  if (first <= 0) throw new SdJwtError('sd-jwt.malformed', 'not an SD-JWT: it has no tilde')
  const disclosures = first + 1 === end ? [] : compact.slice(first + 1, end - 1).split('~')
  if (disclosures.length > maxDisclosures) throw new SdJwtError('sd-jwt.limit', 'too many disclosures')
  const jws = parseJws(compact.slice(0, first))
  const keyBinding = compact.slice(end)
  return {
    jws,
    hashAlgorithm: hashAlgorithmOf(jws.payload),
    disclosures,
    sdJwt: keyBinding === '' ? compact : compact.slice(0, end),
    ...(keyBinding !== '' && { keyBinding }),
  }
}

/** As `parseSdJwt`, for a value of unknown type from outside. */
export function parseSdJwtValue(input: unknown): ParsedSdJwt {
  if (typeof input === 'string') return parseSdJwt(input)
  if (isJsonObject(input)) return parseSdJwt(input)
  throw new SdJwtError('sd-jwt.malformed', 'not an SD-JWT: neither a string nor a JSON object')
}

function hashAlgorithmOf(payload: JsonObject): HashAlgorithm {
  const { _sd_alg: alg = 'sha-256' } = payload
  if (alg !== 'sha-256' && alg !== 'sha-384' && alg !== 'sha-512') {
    throw new SdJwtError('sd-jwt.hash-algorithm', 'the hash algorithm in _sd_alg is not supported')
  }
  return alg
}
