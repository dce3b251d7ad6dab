import type { ClaimPath, JsonObject, JsonValue } from '@ekkasan/core'
import { hashBase64url, textFromBase64url } from '@ekkasan/core/bytes'
import { parseJson } from '@ekkasan/core/json'
import { SdJwtError } from './errors.ts'
import type { ParsedSdJwt } from './parse.ts'

/** One disclosure, at its place in the claims. */
export interface Disclosure {
  readonly encoded: string
  readonly digest: string
  /** Absent for an array element. */
  readonly name?: string
  /** As the issuer wrote it: digests in place of what other disclosures hold. */
  readonly value: JsonValue
  /** Where it stands in the processed claims. */
  readonly path: readonly (string | number)[]
}

/** An array of which not every item was disclosed. */
export interface PartialArray {
  /** Where it stands in the processed claims. */
  readonly path: readonly (string | number)[]
  /** Of each item that is there, its index in the array as it was issued. */
  readonly positions: readonly number[]
}

export interface DisclosedClaims {
  /** The Processed SD-JWT Payload: what was disclosed in its place, all digests removed. */
  readonly claims: JsonObject
  readonly partialArrays: readonly PartialArray[]
  /** In the order they were sent. */
  readonly disclosures: readonly Disclosure[]
  /** Digests are left over, of what was not disclosed; a decoy cannot be told from them. */
  readonly partial: boolean
}

const maxDepth = 32

/**
 * Puts the disclosures in the place of their digests, RFC 9901 section 7.1 steps 3 to 5: every digest stands
 * once, every disclosure is referred to, no name collides, undisclosed array elements disappear.
 * @throws SdJwtError
 */
export function discloseClaims(sdJwt: ParsedSdJwt): DisclosedClaims {
  const { hashAlgorithm, jws } = sdJwt
  const entries: Entry[] = []
  const byDigest = new Map<string, Entry>()
  for (const encoded of sdJwt.disclosures) {
    const entry = parseDisclosure(encoded, hashBase64url(hashAlgorithm, encoded), entries.length)
    if (byDigest.has(entry.digest)) {
      throw new SdJwtError('sd-jwt.disclosure.repeated', 'a disclosure was sent twice')
    }
    byDigest.set(entry.digest, entry)
    entries.push(entry)
  }
  const seen = new Set<string>()
  const partialArrays: PartialArray[] = []
  const claims = placeObject(jws.payload, 0, { byDigest, seen, path: [], partialArrays })
  for (const entry of entries) {
    if (!entry.path) {
      throw new SdJwtError('sd-jwt.disclosure.unreferenced', 'no digest refers to a disclosure')
    }
  }
  return {
    claims,
    partialArrays,
    disclosures: entries as readonly Disclosure[],
    partial: seen.size > entries.length,
  }
}

interface Entry {
  /** Its place among the disclosures sent. */
  readonly at: number
  readonly encoded: string
  readonly digest: string
  readonly name?: string
  readonly value: JsonValue
  path?: readonly (string | number)[]
}

interface Work {
  readonly byDigest: ReadonlyMap<string, Entry>
  readonly seen: Set<string>
  readonly path: (string | number)[]
  readonly partialArrays: PartialArray[]
}

function parseDisclosure(encoded: string, digest: string, at: number): Entry {
  let array: JsonValue
  try {
    array = parseJson(textFromBase64url(encoded), { maxDepth })
  } catch {
    throw malformed('not base64url of JSON')
  }
  if (!Array.isArray(array) || typeof array[0] !== 'string') throw malformed('not an array with a salt')
  if (array.length === 2) return { at, encoded, digest, value: array[1] }
  const [, name, value] = array
  if (array.length !== 3 || typeof name !== 'string') throw malformed('not an array of two or three')
  if (name === '_sd' || name === '...' || name === '_sd_alg' || name === '__proto__') {
    throw new SdJwtError('sd-jwt.disclosure.reserved-name', 'a disclosure uses a name that is reserved')
  }
  return { at, encoded, digest, name, value }
}

function place(value: JsonValue, depth: number, work: Work): JsonValue {
  if (typeof value !== 'object' || value === null) return value
  return Array.isArray(value) ? placeArray(value, depth, work) : placeObject(value as JsonObject, depth, work)
}

function placeObject(source: JsonObject, depth: number, work: Work): JsonObject {
  if (depth >= maxDepth) throw new SdJwtError('sd-jwt.limit', 'the claims are nested too deeply')
  const { path } = work
  const placed: Record<string, JsonValue> = {}
  let digests: JsonValue | undefined
  for (const name of Object.keys(source)) {
    const value = source[name] as JsonValue
    if (name === '_sd') {
      digests = value
    } else if (name === '_sd_alg' && depth === 0) {
      // read when it was parsed
    } else if (name === '...' || name === '_sd_alg') {
      throw reserved(`${name} stands where it does not belong`)
    } else {
      path.push(name)
      placed[name] = place(value, depth + 1, work)
      path.pop()
    }
  }
  if (digests === undefined) return placed
  if (!Array.isArray(digests)) throw reserved('_sd is not an array')
  const disclosed: Entry[] = []
  for (const digest of digests) {
    const entry = take(digest, work)
    if (entry) disclosed.push(entry)
  }
  // Digests stand in an order that differs from credential to credential, and objects whose members were added in ever
  // new orders are slow: each has a hidden class of its own.
  for (const entry of disclosed.sort((a, b) => a.at - b.at)) {
    const { name, value } = entry
    if (name === undefined) throw malformed('an array element where a claim belongs')
    if (Object.hasOwn(placed, name)) {
      throw new SdJwtError('sd-jwt.disclosure.collision', 'a disclosed claim stands at its place already')
    }
    path.push(name)
    entry.path = path.slice()
    placed[name] = place(value, depth + 1, work)
    path.pop()
  }
  return placed
}

function placeArray(source: readonly JsonValue[], depth: number, work: Work): JsonValue[] {
  if (depth >= maxDepth) throw new SdJwtError('sd-jwt.limit', 'the claims are nested too deeply')
  const { path } = work
  const placed: JsonValue[] = []
  const positions: number[] = []
  for (const [position, item] of source.entries()) {
    const digest = digestOf(item)
    if (digest === undefined) {
      positions.push(position)
      path.push(placed.length)
      placed.push(place(item, depth + 1, work))
      path.pop()
      continue
    }
    const entry = take(digest, work)
    if (!entry) continue
    if (entry.name !== undefined) throw malformed('a claim where an array element belongs')
    positions.push(position)
    path.push(placed.length)
    entry.path = path.slice()
    placed.push(place(entry.value, depth + 1, work))
    path.pop()
  }
  if (placed.length < source.length) work.partialArrays.push({ path: path.slice(), positions })
  return placed
}

/** Whether a place is an ancestor of what is to be disclosed, itself, or below it: one path begins the other. */
export function isOnTheWay(asked: ClaimPath, place: Disclosure['path']): boolean {
  const length = Math.min(place.length, asked.length)
  for (let i = 0; i < length; i++) {
    const [wanted, there] = [asked[i], place[i]]
    if (wanted !== there && !(wanted === null && typeof there === 'number')) return false
  }
  return true
}

/** The digest that stands in place of an array element, if one does. */
export function digestOf(item: JsonValue): JsonValue | undefined {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return undefined
  if (!Object.hasOwn(item, '...')) return undefined
  if (Object.keys(item).length !== 1) throw reserved('... stands beside other members')
  return (item as JsonObject)['...']
}

function take(digest: JsonValue | undefined, { byDigest, seen }: Work): Entry | undefined {
  if (typeof digest !== 'string') throw reserved('a digest is not a string')
  if (seen.has(digest)) throw new SdJwtError('sd-jwt.digest.repeated', 'a digest stands in two places')
  seen.add(digest)
  return byDigest.get(digest)
}

function reserved(what: string): SdJwtError {
  return new SdJwtError('sd-jwt.payload.reserved', `not an acceptable payload: ${what}`)
}

function malformed(what: string): SdJwtError {
  return new SdJwtError('sd-jwt.disclosure.malformed', `not an acceptable disclosure: ${what}`)
}
