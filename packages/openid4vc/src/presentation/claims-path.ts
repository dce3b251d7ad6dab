import type { ClaimPath, Claims, JsonValue } from '@ekkasan/core'
import { isJsonObject } from '@ekkasan/core/json'

/** One claim that a path points to, with the path to it alone. */
export interface SelectedClaim {
  readonly path: readonly (string | number)[]
  readonly value: JsonValue
}

/** A copy of the claims that holds what the paths point to and nothing else; items of arrays keep their order. */
export function keepClaims(claims: Claims, paths: readonly ClaimPath[]): Claims {
  const kept = paths.flatMap((path) => selectClaims(claims, path)).map(({ path }) => path)
  return keep(claims, kept) as Claims
}

function keep(value: JsonValue, paths: readonly SelectedClaim['path'][]): JsonValue {
  if (paths.some((path) => path.length === 0)) return value
  const below = (name: string | number) =>
    paths.filter(([first]) => first === name).map((path) => path.slice(1))
  if (Array.isArray(value)) {
    return value.flatMap((item: JsonValue, index) =>
      below(index).length > 0 ? [keep(item, below(index))] : [],
    )
  }
  const members = Object.entries(value as Claims).filter(([name]) => below(name).length > 0)
  return Object.fromEntries(members.map(([name, member]) => [name, keep(member, below(name))]))
}

/**
 * Applies a claims path pointer to a JSON-based credential, OpenID4VP section 7.1.1. An empty list stands for the
 * standard's "abort and return an error".
 */
export function selectClaims(claims: Claims, path: ClaimPath): readonly SelectedClaim[] {
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
        const indices = component === null ? items.keys() : component < items.length ? [component] : []
        for (const index of indices) next.push({ path: [...at, index], value: items[index] as JsonValue })
      }
    }
    selected = next
  }
  return selected
}
