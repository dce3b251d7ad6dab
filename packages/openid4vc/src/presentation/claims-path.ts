import type { ClaimPath, Claims, JsonValue } from '@ekkasan/core'
import { isJsonObject } from '@ekkasan/core/json'

/** One claim that a path points to, with the path to it alone. */
export interface SelectedClaim {
  readonly path: readonly (string | number)[]
  readonly value: JsonValue
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
