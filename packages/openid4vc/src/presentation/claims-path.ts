import type { ClaimPath, Claims, JsonValue } from '@ekkasan/core'
import { isJsonObject } from '@ekkasan/core/json'

/** One claim that a path points to, with the path to it alone. */
export interface SelectedClaim {
  readonly path: readonly (string | number)[]
  readonly value: JsonValue
}

/** A copy of the claims that holds what the paths point to and nothing else; items of arrays keep their order. */
export function keepClaims(claims: Claims, paths: readonly ClaimPath[]): Claims {
  const found = paths.filter((path) => selectClaims(claims, path).length > 0)
  return (keep(claims, found) ?? {}) as Claims
}

/** Undefined where the paths point to nothing. */
function keep(value: JsonValue, paths: readonly ClaimPath[]): JsonValue | undefined {
  if (paths.some((path) => path.length === 0)) return value
  // Grouped once: what is asked of every item of a long list is not looked through for each of them.
  const below = new Map<ClaimPath[number], ClaimPath[]>()
  for (const [first, ...rest] of paths) {
    const others = below.get(first as ClaimPath[number])
    if (others) others.push(rest)
    else below.set(first as ClaimPath[number], [rest])
  }
  const member = (within: readonly ClaimPath[] | undefined, inner: JsonValue) => within && keep(inner, within)
  if (Array.isArray(value)) {
    const ofAll = below.get(null)
    const items = (value as readonly JsonValue[])
      .map((item, index) => {
        const own = below.get(index)
        return member(own && ofAll ? [...own, ...ofAll] : (own ?? ofAll), item)
      })
      .filter((item) => item !== undefined)
    return items.length > 0 ? items : undefined
  }
  if (!isJsonObject(value)) return undefined
  const members = Object.entries(value).flatMap(([name, inner]) => {
    const kept = member(below.get(name), inner)
    return kept === undefined ? [] : [[name, kept] as const]
  })
  return members.length > 0 ? Object.fromEntries(members) : undefined
}

/**
 * Applies a claims path pointer to a JSON-based credential, OpenID4VP section 7.1.1. An empty list stands for the
 * standard's "abort and return an error". An index selects nothing in the lists at `unordered`, whose items have no
 * places of their own.
 */
export function selectClaims(
  claims: Claims,
  path: ClaimPath,
  unordered: readonly ClaimPath[] = [],
): readonly SelectedClaim[] {
  let selected: readonly SelectedClaim[] = [{ path: [], value: claims }]
  for (const component of path) {
    const next: SelectedClaim[] = []
    for (const { path: at, value } of selected) {
      if (typeof component === 'string') {
        if (!isJsonObject(value)) return []
        const member = Object.hasOwn(value, component) ? value[component] : undefined
        if (member !== undefined) next.push({ path: [...at, component], value: member })
      } else {
        if (!Array.isArray(value)) return []
        const items = value as readonly JsonValue[]
        if (component !== null && unordered.some((list) => isSamePath(list, at))) continue
        const indices = component === null ? items.keys() : component < items.length ? [component] : []
        for (const index of indices) next.push({ path: [...at, index], value: items[index] as JsonValue })
      }
    }
    selected = next
  }
  return selected
}

const isSamePath = (a: ClaimPath, b: ClaimPath) =>
  a.length === b.length && a.every((part, index) => part === b[index])
