import type { PublicJwk } from '@ekkasan/core'
import { fromUtf8, utf8 } from '@ekkasan/core/bytes'
import { isJsonObject, type JsonObject, type JsonValue } from '@ekkasan/core/json'
import { type CborInput, type CborMap, type CborValue, coseKeyOf, jwkOfCoseKey } from '@ekkasan/cose'
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
    if (name === 'cnf') claims.cnf = { jwk: confirmationKey(claim) as unknown as JsonObject }
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

function confirmationKey(cnf: CborValue): PublicJwk {
  return jwkOfCoseKey(cnf instanceof Map ? (cnf as CborMap).get(1) : undefined)
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
