import type { PublicJwk } from '@ekkasan/core'
import { fromUtf8, utf8 } from '@ekkasan/core/bytes'
import { isJsonObject, type JsonObject, type JsonValue } from '@ekkasan/core/json'
import {
  type CborInput,
  type CborMap,
  type CborValue,
  CoseError,
  coseKeyOf,
  jwkOfCoseKey,
} from '@ekkasan/cose'
import { bareJwk } from '@ekkasan/keys'
import { VcJoseCoseError } from '../errors.ts'

// CWT claims in a COSE header (RFC 9597) under the names that JWTs have for them; RFC 8392, RFC 8747, RFC 9711 and
// Token Status List section 6.3.
const labels = {
  iss: 1,
  sub: 2,
  aud: 3,
  exp: 4,
  nbf: 5,
  iat: 6,
  cnf: 8,
  nonce: 10,
  status: 65_535,
} as const

/** @throws VcJoseCoseError `vc-jose-cose.structure.malformed`, CoseError `cose.key` */
export function claimsOfCwt(value: CborValue | undefined): JsonObject {
  if (value === undefined) return {}
  if (!(value instanceof Map)) {
    throw new VcJoseCoseError('vc-jose-cose.structure.malformed', 'the CWT claims are not a map')
  }
  const claims: Record<string, JsonValue> = {}
  for (const [name, label] of Object.entries(labels)) {
    const claim = (value as CborMap).get(label)
    if (claim === undefined) continue
    if (name === 'cnf') claims.cnf = confirmationOf(claim)
    else claims[name] = name === 'nonce' ? (textOf(claim) ?? null) : jsonOf(claim)
  }
  return claims
}

/** Writes claims of a JWT as CWT claims. */
export function cwtClaims({ cnf, nonce, ...claims }: JsonObject): ReadonlyMap<number, CborInput> {
  const map = new Map<number, CborInput>()
  for (const [name, claim] of Object.entries(claims)) map.set(labels[name as keyof typeof labels], claim)
  if (isJsonObject(cnf)) map.set(labels.cnf, new Map([[1, coseKeyOf(cnf.jwk as unknown as PublicJwk)]]))
  if (typeof nonce === 'string') map.set(labels.nonce, utf8(nonce))
  return map
}

/** A text, also as a byte string. */
export function textOf(value: CborValue | undefined): string | undefined {
  if (typeof value === 'string') return value
  if (!(value instanceof Uint8Array)) return undefined
  try {
    return fromUtf8(value)
  } catch {
    return undefined
  }
}

/** Members of a COSE `cnf`, RFC 8747 section 3.1: COSE_Key, Encrypted_COSE_Key, kid. */
const confirmation = { key: 1, encryptedKey: 2, kid: 3 } as const

/** As the `cnf` of a JWT, for the one reader of it; a key of a kind that is unknown here stays one that is unknown. */
function confirmationOf(cnf: CborValue): JsonValue {
  if (!(cnf instanceof Map)) return null
  const map = cnf as CborMap
  const kid = textOf(map.get(confirmation.kid))
  return {
    ...(map.has(confirmation.key) && { jwk: keyOf(map.get(confirmation.key)) }),
    ...(map.has(confirmation.encryptedKey) && { jwe: '' }),
    ...(map.has(confirmation.kid) && { kid: kid ?? null }),
  }
}

function keyOf(key: CborValue | undefined): JsonObject {
  try {
    return bareJwk(jwkOfCoseKey(key))
  } catch (error) {
    const isPrivate = key instanceof Map && key.has(-4)
    if (isPrivate || !(error instanceof CoseError)) throw error
    return {}
  }
}

/** What has no form in JSON becomes null, which no claim may be. */
function jsonOf(value: CborValue): JsonValue {
  if (Array.isArray(value)) return (value as readonly CborValue[]).map(jsonOf)
  if (value instanceof Map) {
    const entries = Array.from(value as CborMap, ([name, member]) => [String(name), jsonOf(member)] as const)
    return Object.fromEntries(entries.filter(([name]) => name !== '__proto__'))
  }
  return typeof value === 'object' ? null : value
}
