import type { ClaimPath, JsonObject, JsonValue } from '@ekkasan/core'
import { type DisclosedClaims, digestOf } from './disclosures.ts'
import type { ParsedSdJwt } from './parse.ts'

/** A claim as the issuer made it, whether or not it was disclosed. */
export interface IssuedClaim {
  /** It is a disclosure of its own. */
  readonly selective: boolean
  /** Absent when it is an array element that was not disclosed. */
  readonly value?: JsonValue
}

/**
 * The claims that a path selects in the SD-JWT as issued (SD-JWT VC section 4.6.1): array elements that were not
 * disclosed count, members that were not disclosed cannot be seen. Undefined when the path does not fit the claims.
 */
export function selectAsIssued(
  sdJwt: ParsedSdJwt,
  { disclosures }: DisclosedClaims,
  path: ClaimPath,
): readonly IssuedClaim[] | undefined {
  const byDigest = new Map(disclosures.map((disclosure) => [disclosure.digest, disclosure]))
  let selected: IssuedClaim[] = [{ selective: false, value: sdJwt.jws.payload }]
  for (const component of path) {
    const next: IssuedClaim[] = []
    for (const { value } of selected) {
      if (value === undefined) continue
      if (typeof component === 'string') {
        if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
        const members = value as JsonObject
        if (Object.hasOwn(members, component) && component !== '_sd') {
          next.push({ selective: false, value: members[component] as JsonValue })
          continue
        }
        const digests = (members._sd ?? []) as readonly string[]
        const found = digests.map((digest) => byDigest.get(digest)).find((one) => one?.name === component)
        if (found) next.push({ selective: true, value: found.value })
      } else {
        if (!Array.isArray(value)) return undefined
        const items: readonly JsonValue[] = component === null ? value : value.slice(component, component + 1)
        for (const item of items) {
          const digest = digestOf(item)
          if (digest === undefined) {
            next.push({ selective: false, value: item })
            continue
          }
          const found = byDigest.get(digest as string)
          next.push(found ? { selective: true, value: found.value } : { selective: true })
        }
      }
    }
    selected = next
  }
  return selected
}
