import { type ClaimPath, isClaimPath, type JsonValue } from '@ekkasan/core'
import { isJsonObject } from '@ekkasan/core/json'
import { type Display, readDisplay } from './display.ts'
import type { MetadataDiagnosis, MetadataPath } from './metadata-diagnosis.ts'

/** How a claim is called, OpenID4VCI Appendix B.2. */
export interface ClaimDescription {
  readonly path: ClaimPath
  readonly mandatory?: boolean
  readonly display?: readonly Display[]
}

/**
 * Reads `claims` of a credential's metadata. An entry that is not one is left out; a list that repeats or contradicts
 * itself is left out whole (Appendix B.3: "the processing MUST be aborted"), which costs labels and nothing else.
 */
export function readClaims(
  value: JsonValue,
  path: MetadataPath,
  diagnosis: MetadataDiagnosis,
): readonly ClaimDescription[] | undefined {
  if (!Array.isArray(value) || value.length > 1000) {
    diagnosis.note('claims', path)
    return undefined
  }
  const claims = value.flatMap((entry, index) => {
    const claim = readClaim(entry, [...path, index], diagnosis)
    if (!claim) diagnosis.note('claims', [...path, index])
    return claim ? [claim] : []
  })
  if (!isContradictory(claims.map((claim) => claim.path))) return claims
  diagnosis.note('claims', path)
  return undefined
}

function readClaim(
  entry: JsonValue,
  path: MetadataPath,
  diagnosis: MetadataDiagnosis,
): ClaimDescription | undefined {
  if (!isJsonObject(entry) || !isClaimPath(entry.path) || entry.path.length > 32) return undefined
  const { mandatory, display, ...rest } = entry
  if (mandatory !== undefined && typeof mandatory !== 'boolean') return undefined
  const shown = display === undefined ? undefined : readDisplay(display, [...path, 'display'], diagnosis)
  return {
    ...rest,
    path: entry.path,
    ...(mandatory !== undefined && { mandatory }),
    ...(shown && { display: shown }),
  }
}

interface Place {
  isNamed: boolean
  /** How its children are addressed: by a name, as all items of a list, by an index. */
  readonly by: Set<'name' | 'all' | 'index'>
  readonly children: Map<ClaimPath[number], Place>
}

/** Whether two paths address one claim, or say of one claim that it is a list and an object, or a list in two ways. */
function isContradictory(paths: readonly ClaimPath[]): boolean {
  const newPlace = (): Place => ({ isNamed: false, by: new Set(), children: new Map() })
  const root = newPlace()
  return paths.some((path) => {
    let place = root
    for (const part of path) {
      place.by.add(part === null ? 'all' : typeof part === 'string' ? 'name' : 'index')
      if (place.by.size > 1) return true
      const child = place.children.get(part) ?? newPlace()
      place.children.set(part, child)
      place = child
    }
    const isRepeated = place.isNamed
    place.isNamed = true
    return isRepeated
  })
}
