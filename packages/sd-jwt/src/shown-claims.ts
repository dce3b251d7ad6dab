import { type ClaimPath, type JsonValue, partsOf, type ShownClaim } from '@ekkasan/core'
import { discloseClaims } from './disclosures.ts'
import { parseSdJwt } from './parse.ts'
import { chosenDisclosures } from './present.ts'

/**
 * Everything that a presentation of these claims tells the verifier: the disclosures that `presentSdJwt` takes for them,
 * each whole but for what is a disclosure of its own and stays behind, and what the issuer wrote in plain. To be shown
 * to a person before he consents.
 * @throws SdJwtError, KeysError as `presentSdJwt`
 * @example
 * // `address` is one disclosure, with its members in plain.
 * shownClaims(issued, [['address', 'country']]) // country and street, and whatever is always shown
 */
export function shownClaims(issued: string, disclose: readonly ClaimPath[]): readonly ShownClaim[] {
  const disclosed = discloseClaims(parseSdJwt(issued))
  const chosen = new Set(chosenDisclosures(disclosed, disclose))
  const byPlace = new Map(disclosed.disclosures.map((one) => [JSON.stringify(one.path), one]))
  const shown: ShownClaim[] = []
  const walk = (value: JsonValue, path: readonly (string | number)[], always: boolean): void => {
    const before = shown.length
    const parts = partsOf(value)
    for (const [part, inner] of parts) {
      const at = [...path, part]
      const own = byPlace.get(JSON.stringify(at))
      if (!own || chosen.has(own)) walk(inner, at, always && !own)
    }
    if (shown.length > before || path.length === 0) return
    // Nothing of it is shown but that it is there.
    const bare = parts.length === 0 ? value : Array.isArray(value) ? [] : {}
    shown.push({ path, value: bare, always })
  }
  walk(disclosed.claims, [], true)
  return shown
}
