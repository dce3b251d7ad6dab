import type { HashAlgorithm, JsonObject, JsonValue, RandomBytes, Signer } from '@ekkasan/core'
import { base64url, hashBase64url } from '@ekkasan/core/bytes'
import { signJws } from '@ekkasan/keys'
import type { DisclosureFrame } from './frame.ts'
import { createSalts, type Salts } from './salts.ts'

export interface IssueSdJwtOptions {
  readonly signer: Signer
  /** JOSE header members beside `alg`: `typ`, `kid`, `x5c`. */
  readonly header?: JsonObject
  /** All claims, those that will be disclosed selectively among them. */
  readonly payload: JsonObject
  /** Without it nothing is selectively disclosable. */
  readonly frame?: DisclosureFrame
  /** Decoy digests added at each place that holds digests (RFC 9901 section 4.2.7); 0 unless told. */
  readonly decoys?: number
  /** `sha-256` unless told. */
  readonly hashAlgorithm?: HashAlgorithm
  readonly randomBytes?: RandomBytes
}

/**
 * Issues an SD-JWT, RFC 9901 section 4, in its compact form: the issuer-signed JWT and all disclosures.
 * Salts have 144 bits; digests of members are sorted, so that their order tells nothing.
 * @throws TypeError for a payload that is not JSON, or uses a name that SD-JWT keeps for itself
 */
export async function issueSdJwt(options: IssueSdJwtOptions): Promise<string> {
  const { signer, payload, frame, header = {} } = options
  const alg = options.hashAlgorithm ?? 'sha-256'
  const work: Work = {
    alg,
    salts: createSalts(options.randomBytes),
    decoys: options.decoys ?? 0,
    disclosures: '',
    digested: false,
  }
  const signed = concealObject(payload, frame, false, work)
  if (work.digested) signed._sd_alg = alg
  return `${await signJws({ signer, header, payload: signed })}~${work.disclosures}`
}

interface Work {
  readonly alg: HashAlgorithm
  readonly salts: Salts
  readonly decoys: number
  disclosures: string
  digested: boolean
}

function conceal(value: JsonValue, frame: DisclosureFrame | undefined, deep: boolean, work: Work): JsonValue {
  if (typeof value === 'object' && value !== null) {
    return Array.isArray(value)
      ? concealArray(value, frame, deep, work)
      : concealObject(value as JsonObject, frame, deep, work)
  }
  if (typeof value === 'number') {
    if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) {
      throw new TypeError('a number that JSON readers do not agree on')
    }
  } else if (typeof value !== 'string' && typeof value !== 'boolean' && value !== null) {
    throw new TypeError('a value that is not JSON')
  }
  return value
}

function concealObject(
  source: JsonObject,
  frame: DisclosureFrame | undefined,
  deep: boolean,
  work: Work,
): Record<string, JsonValue> {
  const plain: Record<string, JsonValue> = {}
  let digests: string[] | undefined
  for (const name of Object.keys(source)) {
    const value = source[name]
    if (value === undefined) continue
    if (name === '_sd' || name === '...' || name === '_sd_alg' || name === '__proto__') {
      throw new TypeError(`a claim cannot be named ${name}`)
    }
    const child = frame?.members.get(name)
    const selective = child?.selective ?? deep
    const inner = conceal(value, child, selective && (deep || child?.deep === true), work)
    if (selective) {
      digests ??= []
      digests.push(disclose([work.salts.next(), name, inner], work))
    } else {
      plain[name] = inner
    }
  }
  if (digests) {
    for (let i = 0; i < work.decoys; i++) digests.push(hashBase64url(work.alg, work.salts.next()))
    plain._sd = digests.sort()
  }
  return plain
}

function concealArray(
  source: readonly JsonValue[],
  frame: DisclosureFrame | undefined,
  deep: boolean,
  work: Work,
): JsonValue[] {
  let digested = false
  const items = source.map((item, index): JsonValue => {
    const child = frame?.members.get(index) ?? frame?.members.get(null)
    const selective = child?.selective ?? deep
    const inner = conceal(item, child, selective && (deep || child?.deep === true), work)
    if (!selective) return inner
    digested = true
    return { '...': disclose([work.salts.next(), inner], work) }
  })
  // At the end: a position counts the same for who sees the decoys and for who does not.
  if (digested) {
    for (let i = 0; i < work.decoys; i++) items.push({ '...': hashBase64url(work.alg, work.salts.next()) })
  }
  return items
}

function disclose(contents: readonly JsonValue[], work: Work): string {
  const disclosure = base64url(JSON.stringify(contents))
  work.disclosures += `${disclosure}~`
  work.digested = true
  return hashBase64url(work.alg, disclosure)
}
