import { isJsonObject, type JsonValue } from './json.ts'
import type { Claims } from './ports.ts'

/** One thing that a presentation tells the verifier. */
export interface ShownClaim {
  /** Where it stands in the credential as it is held, `view.claims`: names, and places in arrays. */
  readonly path: readonly (string | number)[]
  /** A text, a number, a boolean, null, or an object or array of which nothing else is shown. */
  readonly value: JsonValue
  /** Every presentation of the credential shows it, whatever is chosen: issuer, dates, status, key, … */
  readonly always: boolean
}

type Place = ShownClaim['path']

/** Everything that claims say, each part by itself, in their order. */
export function leavesOf(claims: Claims, always: boolean): readonly ShownClaim[] {
  const leaves: ShownClaim[] = []
  const walk = (value: JsonValue, path: Place) => {
    const inner = partsOf(value)
    if (inner.length === 0 && path.length > 0) leaves.push({ path, value, always })
    for (const [part, member] of inner) walk(member, [...path, part])
  }
  walk(claims, [])
  return leaves
}

/** The members of an object or the items of an array, with their names or places. */
export function partsOf(value: JsonValue): readonly (readonly [string | number, JsonValue])[] {
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map((item, index) => [index, item])
  return isJsonObject(value) ? Object.entries(value) : []
}

/**
 * What is shown, put together again: the claims as a verifier receives them. Items of arrays that are not shown leave
 * no gap.
 * @example
 * claimsOfShown([{ path: ['nationalities', 1], value: 'LA', always: false }]) // { nationalities: ['LA'] }
 */
export function claimsOfShown(shown: readonly Pick<ShownClaim, 'path' | 'value'>[]): Claims {
  const build = (below: readonly Pick<ShownClaim, 'path' | 'value'>[], depth: number): JsonValue => {
    const own = below.find(({ path }) => path.length === depth)
    if (own) return own.value
    const parts = new Map<string | number, Pick<ShownClaim, 'path' | 'value'>[]>()
    for (const one of below) {
      const part = one.path[depth] as string | number
      const same = parts.get(part)
      if (same) same.push(one)
      else parts.set(part, [one])
    }
    const entries = [...parts].map(([part, inner]) => [part, build(inner, depth + 1)] as const)
    if (typeof entries[0]?.[0] !== 'number') return Object.fromEntries(entries)
    return entries.sort(([a], [b]) => Number(a) - Number(b)).map(([, value]) => value)
  }
  return shown.length === 0 ? {} : (build(shown, 0) as Claims)
}
