import { invalid } from './json-ld-errors.ts'

// In statements a node that has an id stands nowhere: what is said of it could be written wherever it is named.

interface Place {
  /** How far from the document's own node it is named, at the nearest. */
  nearest: number
  isNearestTwice: boolean
  /** How far off it is described; undefined while it is only named. */
  described: number | undefined
}

/** Where nodes with ids are named and described, by graph and identifier. */
export type Places = Map<string, Place>

/**
 * Notes that a node is named at a distance from the document's own node, and whether it is described there.
 * @throws DataIntegrityError when it is described in a second place
 */
export function notePlace(places: Places, node: string, distance: number, isDescribed: boolean): void {
  const place = places.get(node)
  if (!place) {
    places.set(node, {
      nearest: distance,
      isNearestTwice: false,
      described: isDescribed ? distance : undefined,
    })
    return
  }
  if (distance < place.nearest) {
    place.nearest = distance
    place.isNearestTwice = false
  } else if (distance === place.nearest) place.isNearestTwice = true
  if (!isDescribed) return
  if (place.described !== undefined) throw invalid('a node with an id is described in two places')
  place.described = distance
}

/**
 * That there is one place only where each node can be described: the nearest in which it is named.
 * @throws DataIntegrityError
 */
export function requireNearest(places: Places): void {
  for (const { nearest, isNearestTwice, described } of places.values()) {
    if (described === undefined || (described === nearest && !isNearestTwice)) continue
    throw invalid('a node with an id is described in another place than the nearest in which it is named')
  }
}
