import type { ClaimPath, Claims, JsonValue, VerifiedCredential, VerifierFormat } from '@ekkasan/core'
import { isJsonObject, listOf } from '@ekkasan/core/json'
import { type CredentialQuery, keepClaims, selectClaims } from '@ekkasan/openid4vc'

export interface KeptCredential {
  readonly credential: VerifiedCredential
  /** How many claims the wallet disclosed selectively that nobody asked for. */
  readonly unasked: number
}

/**
 * Data minimisation (OpenID4VP section 6.4.1): what was shown beyond the question is forgotten as soon as it is verified,
 * and so is the presentation itself. What stays is what was asked for, and what the issuer always discloses where a format
 * tells that apart.
 * @param places where in the view stands what was asked for
 */
export function forgetUnasked(
  verified: VerifiedCredential,
  { claims: asked }: CredentialQuery,
  places: readonly ClaimPath[],
  { disclosesAllAt }: VerifierFormat,
): KeptCredential {
  const { format, types, issuer, holder, validity, status, view, checks, selective } = verified
  const { from, until } = validity
  const keep = (seen: Claims, claims: Claims): VerifiedCredential => ({
    format,
    types,
    issuer,
    ...(holder && { holder }),
    claims,
    validity: { ...(from && { from }), ...(until && { until }) },
    ...(status && { status }),
    view: { ...view, claims: seen },
    checks,
  })
  if (selective) {
    const unasked = selective.disclosed.filter((path) => !places.some((place) => isOnTheWay(place, path)))
    const seen = keepSelective(view.claims, [], { disclosed: selective.disclosed, places }, false) as Claims
    const said = objectAt(seen, selective.claimsAt)
    const names = Object.keys(verified.claims).filter((name) => Object.hasOwn(said, name))
    const claims = Object.fromEntries(names.map((name) => [name, said[name] as JsonValue]))
    const { partialArrays: _used, ...rest } = view
    const kept = keep(seen, claims)
    return { credential: { ...kept, view: { ...rest, claims: seen } }, unasked: unasked.length }
  }
  // A format that shows all has nothing else to show to those who ask for no claim.
  if (disclosesAllAt && !asked) return { credential: keep(view.claims, verified.claims), unasked: 0 }
  const seen = keepClaims(view.claims, places)
  return { credential: keep(seen, objectAt(seen, disclosesAllAt ?? [])), unasked: 0 }
}

interface Kept {
  readonly disclosed: readonly ClaimPath[]
  readonly places: readonly ClaimPath[]
}

/** What stands in plain stays; of what was disclosed selectively, what was asked for. */
function keepSelective(
  value: JsonValue,
  path: ClaimPath,
  kept: Kept,
  isBelowDisclosed: boolean,
): JsonValue | undefined {
  const isSelective = isBelowDisclosed || kept.disclosed.some((place) => isSame(place, path))
  if (isSelective) {
    if (kept.places.some((place) => place.length <= path.length && isOnTheWay(place, path))) return value
    if (!kept.places.some((place) => isOnTheWay(place, path))) return undefined
  }
  if (Array.isArray(value)) {
    return (value as readonly JsonValue[])
      .map((item, index) => keepSelective(item, [...path, index], kept, isSelective))
      .filter((item) => item !== undefined)
  }
  if (!isJsonObject(value)) return value
  const members = Object.entries(value).flatMap(([name, member]) => {
    const inner = keepSelective(member, [...path, name], kept, isSelective)
    return inner === undefined ? [] : [[name, inner] as const]
  })
  const isEmptied = members.length === 0 && path.length > 0 && Object.keys(value).length > 0
  return isEmptied ? undefined : Object.fromEntries(members)
}

/** One object in a list is one object: a single subject may be written so. */
function objectAt(claims: Claims, path: ClaimPath): Claims {
  const [found, ...others] = listOf(selectClaims(claims, path)[0]?.value)
  return isJsonObject(found) && others.length === 0 ? found : {}
}

/** One begins the other. */
function isOnTheWay(place: ClaimPath, path: ClaimPath): boolean {
  const length = Math.min(place.length, path.length)
  for (let at = 0; at < length; at++) if (place[at] !== path[at]) return false
  return true
}

function isSame(place: ClaimPath, path: ClaimPath): boolean {
  return place.length === path.length && isOnTheWay(place, path)
}
