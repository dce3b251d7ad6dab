import type { ClaimPath, HashAlgorithm, JsonObject, JsonValue, RandomBytes, Signer } from '@ekkasan/core'
import { base64url, hashBase64url } from '@ekkasan/core/bytes'
import {
  checkOptions,
  functionRule,
  integerRule,
  type OptionRules,
  objectRule,
  oneOfRule,
  optional,
  signerRule,
} from '@ekkasan/core/options'
import { signJws } from '@ekkasan/keys'
import { type DisclosureFrame, frameRule } from './frame.ts'
import { createSalts, type Salts } from './salts.ts'

export interface IssueSdJwtOptions {
  readonly signer: Signer
  /** JOSE header members beside `alg`: `typ`, `kid`, `x5c`. */
  readonly header?: JsonObject
  /** All claims, those that will be disclosed selectively among them. */
  readonly payload: JsonObject
  /** Without it nothing is selectively disclosable. */
  readonly frame?: DisclosureFrame
  /** Decoy digests added at each place that holds digests (RFC 9901 section 4.2.7); default: 0. */
  readonly decoys?: number
  /** Default: `sha-256`. */
  readonly hashAlgorithm?: HashAlgorithm
  readonly randomBytes?: RandomBytes
}

const rules: OptionRules<IssueSdJwtOptions> = {
  signer: signerRule,
  header: optional(objectRule),
  payload: objectRule,
  frame: optional(frameRule),
  decoys: optional(integerRule(0, 1000)),
  hashAlgorithm: optional(oneOfRule(['sha-256', 'sha-384', 'sha-512'])),
  randomBytes: optional(functionRule),
}

/**
 * Issues an SD-JWT, RFC 9901 section 4, in its compact form: the issuer-signed JWT and all disclosures.
 * Salts have 144 bits; digests of members are sorted, so that their order tells nothing.
 * @throws TypeError for an option that is none or malformed, for a payload that is not JSON or uses a name that SD-JWT keeps for itself, and for a path of the frame
 *   that the payload does not have and that is not optional
 */
export async function issueSdJwt(options: IssueSdJwtOptions): Promise<string> {
  checkOptions(options, 'issueSdJwt', rules)
  const { signer, payload, frame, header = {} } = options
  const alg = options.hashAlgorithm ?? 'sha-256'
  const work: Work = {
    alg,
    salts: createSalts(options.randomBytes),
    decoys: options.decoys ?? 0,
    disclosures: '',
    digested: false,
    met: new Set(),
    path: [],
  }
  const signed = concealObject(payload, frame, false, work)
  if (frame) requireMet(frame, work.met, [])
  if (work.digested) signed._sd_alg = alg
  return `${await signJws({ signer, header, payload: signed })}~${work.disclosures}`
}

interface Work {
  readonly alg: HashAlgorithm
  readonly salts: Salts
  readonly decoys: number
  disclosures: string
  digested: boolean
  /** Parts of the frame for which the payload has something. */
  readonly met: Set<DisclosureFrame>
  readonly path: (string | number)[]
}

function requireMet(frame: DisclosureFrame, met: ReadonlySet<DisclosureFrame>, path: ClaimPath): void {
  for (const [component, child] of frame.members) {
    const at = [...path, component]
    if (child.selective !== undefined && child.optional !== true && !met.has(child)) {
      throw new TypeError(
        `the payload has no ${JSON.stringify(at)}, which the disclosure frame names: mend the path, or name it in \`optional\``,
      )
    }
    // Below what may be absent all is, and then nothing is missed.
    if (met.has(child) || child.optional !== true) requireMet(child, met, at)
  }
}

function conceal(value: JsonValue, frame: DisclosureFrame | undefined, deep: boolean, work: Work): JsonValue {
  if (typeof value === 'object' && value !== null) {
    if (Array.isArray(value)) return concealArray(value, frame, deep, work)
    return concealObject(value as JsonObject, frame, deep, work)
  }
  if (typeof value === 'string' && value.isWellFormed()) return value
  if (typeof value === 'boolean' || value === null) return value
  const isNumber = typeof value === 'number' && Number.isFinite(value)
  if (isNumber && !(Number.isInteger(value) && !Number.isSafeInteger(value))) return value
  throw notJson(work, isNumber ? 'is a number that JSON readers do not agree on' : 'has no form in JSON')
}

function notJson({ path }: Work, what: string): TypeError {
  return new TypeError(`the claim ${path.join('.')} ${what}`)
}

/** No `Date` or other object of a class, of which JSON would have something else or nothing. */
function isPlain(object: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(object)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

function concealObject(
  source: JsonObject,
  frame: DisclosureFrame | undefined,
  deep: boolean,
  work: Work,
): Record<string, JsonValue> {
  if (!isPlain(source))
    throw notJson(work, 'is an object of a class: write it as a text or as a plain object')
  const { path } = work
  const plain: Record<string, JsonValue> = {}
  let digests: string[] | undefined
  for (const name of Object.keys(source)) {
    const value = source[name] as JsonValue
    if (name === '_sd' || name === '...' || name === '_sd_alg' || name === '__proto__') {
      throw new TypeError(`a claim cannot be named ${name}`)
    }
    const child = frame?.members.get(name)
    if (child) work.met.add(child)
    const selective = child?.selective ?? deep
    path.push(name)
    const inner = conceal(value, child, selective && (deep || child?.deep === true), work)
    path.pop()
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
  const ofAll = frame?.members.get(null)
  // An empty list has what is said of every item of it.
  if (ofAll) meetAll(ofAll, work, source.length === 0)
  const items = Array.from(source, (item, index): JsonValue => {
    const child = frame?.members.get(index) ?? ofAll
    if (child) work.met.add(child)
    const selective = child?.selective ?? deep
    work.path.push(index)
    const inner = conceal(item, child, selective && (deep || child?.deep === true), work)
    work.path.pop()
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

function meetAll(frame: DisclosureFrame, work: Work, isDeep: boolean): void {
  work.met.add(frame)
  if (isDeep) for (const child of frame.members.values()) meetAll(child, work, true)
}

function disclose(contents: readonly JsonValue[], work: Work): string {
  const disclosure = base64url(JSON.stringify(contents))
  work.disclosures += `${disclosure}~`
  work.digested = true
  return hashBase64url(work.alg, disclosure)
}
