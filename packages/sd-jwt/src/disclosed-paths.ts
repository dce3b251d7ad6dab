import type { ClaimPath, JsonValue } from '@ekkasan/core'
import { type Disclosure, discloseClaims, isOnTheWay } from './disclosures.ts'
import { parseSdJwt } from './parse.ts'

/**
 * What a presentation of these claims shows of what is selectively disclosable: they, and what the issuer wrote in plain
 * beside the way to them, which no disclosure parts from it. To be asked before a person consents.
 * @throws SdJwtError, KeysError as `parseSdJwt` and `discloseClaims`
 * @example
 * // `address` is one disclosure, with its members in plain.
 * disclosedPaths(issued, [['address', 'country']]) // and ['address', 'street']
 */
export function disclosedPaths(issued: string, disclose: readonly ClaimPath[]): readonly ClaimPath[] {
  const { claims, disclosures } = discloseClaims(parseSdJwt(issued))
  const ownPlaces = new Set(disclosures.map(({ path }) => JSON.stringify(path)))
  const beside: (string | number)[][] = []
  const walk = (value: JsonValue, path: readonly (string | number)[]) => {
    const inner = typeof value === 'object' && value !== null ? Object.entries(value) : []
    if (inner.length === 0 && !disclose.some((asked) => isOnTheWay(asked, path))) beside.push([...path])
    for (const [name, member] of inner) {
      const at = [...path, Array.isArray(value) ? Number(name) : name]
      if (!ownPlaces.has(JSON.stringify(at))) walk(member as JsonValue, at)
    }
  }
  for (const { path } of disclosures.filter((one) => disclose.some((asked) => isOnTheWay(asked, one.path)))) {
    walk(valueAt(claims, path), path)
  }
  return [...disclose, ...beside]
}

function valueAt(claims: JsonValue, path: Disclosure['path']): JsonValue {
  return path.reduce<JsonValue>((value, part) => (value as never)[part] as JsonValue, claims)
}
