import { concatBytes } from '@ekkasan/core/bytes'
import type { BbsFeatureOption } from '../../types.ts'
import { bbsFeatures, committedCount, maxMessages } from '../bbs-features.ts'
import { malformedValue } from '../selective-value.ts'
import {
  allGeneratorsOf,
  apiIdOf,
  domainOf,
  Fr,
  firstPoint,
  G2,
  hashToScalar,
  isPairingOne,
  messageScalars,
  type Point,
  parsePoint,
  parsePublicKey,
  parseScalars,
  pointLength,
  pointOfDomain,
  randomScalars,
  scalarLength,
  serialize,
  sumOfProducts,
} from './ciphersuite.ts'
import { type Committed, parseSignature, type Signed, signedPoint } from './signature.ts'

export interface ProofOptions extends Omit<Signed, 'messages'> {
  readonly presentationHeader: Uint8Array
  /** Places of the messages that are shown, ascending. */
  readonly indexes: readonly number[]
  readonly featureOption: BbsFeatureOption
  /** With pseudonyms. */
  readonly nymDomain?: string
}

export interface CreatedProof {
  readonly proof: Uint8Array
  readonly pseudonym?: Uint8Array
}

const floor = pointLength * 3 + scalarLength * 4

/**
 * What shows some of the messages of a signature, and not the signature: section 3.5.3, ProofGen; with secrets of the
 * holder, none of which is ever shown, BlindProofGen (Blind BBS section 4.2.3) and ProofGenWithNym (BBS per Verifier
 * Linkability section 6.2).
 */
export function createProof(
  signature: Uint8Array,
  options: ProofOptions &
    Pick<Signed, 'messages'> &
    Committed & { readonly randomBytes: (length: number) => Uint8Array },
): CreatedProof {
  const { publicKey, header, messages, indexes, presentationHeader, randomBytes, featureOption } = options
  const { committed, nymDomain } = options
  const parsed = parseSignature(signature)
  if (!parsed) throw malformedValue('bbs-2023')
  const { point, exponent } = parsed
  const api = apiIdOf(featureOption)
  const generators = allGeneratorsOf(messages.length, featureOption)
  const domain = domainOf(publicKey, generators, header, api)
  const open = messageScalars(messages, api)
  const scalars = [...open, ...committed]
  const hidden = hiddenOf(indexes, scalars.length)
  const [r1, r2, exponentBlind, r1Blind, r3Blind, ...blinds] = randomScalars(
    hidden.length + 5,
    randomBytes,
  ) as [bigint, bigint, bigint, bigint, bigint, ...bigint[]]
  const [, ...points] = generators
  const d = signedPoint(generators, domain, open, committed).multiply(r2)
  const a = point.multiply(Fr.mul(r1, r2))
  const b = d.multiply(r1).subtract(a.multiply(exponent))
  const t1 = a.multiply(exponentBlind).add(d.multiply(r1Blind))
  let t2 = d.multiply(r3Blind)
  for (const [at, index] of hidden.entries()) {
    t2 = t2.add((points[index] as Point).multiply(blinds[at] as bigint))
  }
  // The secret of pseudonyms is the last of what is signed, and hidden.
  const ofDomain = nymDomain === undefined ? undefined : pointOfDomain(nymDomain, featureOption)
  const nym = ofDomain && {
    pseudonym: ofDomain.multiply(scalars.at(-1) as bigint),
    ofDomain,
    blinded: ofDomain.multiply(blinds.at(-1) as bigint),
  }
  const shown = indexes.map((index) => [index, scalars[index] as bigint] as const)
  const challenge = challengeOf({ a, b, d, t1, t2, nym, domain, shown, presentationHeader, api })
  const sum = (blind: bigint, value: bigint) => Fr.add(blind, Fr.mul(value, challenge))
  const proof = serialize([
    a,
    b,
    d,
    sum(exponentBlind, exponent),
    sum(r1Blind, Fr.neg(r1)),
    sum(r3Blind, Fr.neg(Fr.inv(r2))),
    ...hidden.map((index, at) => sum(blinds[at] as bigint, scalars[index] as bigint)),
    challenge,
  ])
  return { proof, ...(nym && { pseudonym: nym.pseudonym.toBytes() }) }
}

export interface ShownProof extends ProofOptions {
  readonly shown: readonly Uint8Array[]
  /** How many messages the issuer signed; with secrets of the holder, who signed what cannot be told without it. */
  readonly messageCount?: number
  readonly pseudonym?: Uint8Array
}

/**
 * Section 3.5.4, ProofVerify; with secrets of the holder BlindProofVerify (Blind BBS section 4.2.4) and
 * ProofVerifyWithNym (BBS per Verifier Linkability section 6.3).
 */
export function verifyProof(proof: Uint8Array, options: ShownProof): boolean {
  const { publicKey, header, indexes, shown, presentationHeader, featureOption, nymDomain } = options
  const hiddenCount = (proof.length - floor) / scalarLength
  const total = hiddenCount + indexes.length
  const count = total - committedCount(featureOption)
  if (!Number.isInteger(hiddenCount) || hiddenCount < 0 || count < 0 || count > maxMessages) return false
  if (featureOption !== 'baseline' && options.messageCount !== count) return false
  // Only what the issuer signed openly can be shown: a holder may have committed to anything.
  const isAscending = indexes.every((index, at) => index > (indexes[at - 1] ?? -1) && index < count)
  if (!isAscending || shown.length !== indexes.length) return false
  const key = parsePublicKey(publicKey)
  const [a, b, d] = [0, 1, 2].map((at) =>
    parsePoint(proof.subarray(at * pointLength, (at + 1) * pointLength)),
  )
  const answers = parseScalars(proof.subarray(pointLength * 3))
  if (!key || !a || !b || !d || !answers) return false
  const pseudonym = options.pseudonym && parsePoint(options.pseudonym)
  const isComplete = pseudonym !== undefined && nymDomain !== undefined
  if (bbsFeatures[featureOption].pseudonym && !isComplete) return false
  // First of all, for it costs the same whatever the count: what no signature stands behind goes no further.
  const isOfKey = isPairingOne([
    { g1: a, g2: key },
    { g1: b, g2: G2.BASE.negate() },
  ])
  if (!isOfKey) return false
  const api = apiIdOf(featureOption)
  const generators = allGeneratorsOf(count, featureOption)
  const [first, ...points] = generators as [Point, ...Point[]]
  const domain = domainOf(publicKey, generators, header, api)
  const [exponent, r1, r3, ...rest] = answers as [bigint, bigint, bigint, ...bigint[]]
  const challenge = rest.pop() as bigint
  const scalars = messageScalars(shown, api)
  const hidden = hiddenOf(indexes, total)
  const t1 = sumOfProducts([b, a, d], [challenge, exponent, r1])
  const at = (places: readonly number[]) => places.map((index) => points[index] as Point)
  const times = (values: readonly bigint[]) => values.map((value) => Fr.mul(value, challenge))
  const t2 = sumOfProducts(
    [firstPoint, first, ...at(indexes), d, ...at(hidden)],
    [...times([1n, domain, ...scalars]), r3, ...rest],
  )
  const ofDomain = isComplete ? pointOfDomain(nymDomain, featureOption) : undefined
  const nym = ofDomain &&
    pseudonym && {
      pseudonym,
      ofDomain,
      blinded: sumOfProducts([ofDomain, pseudonym], [rest.at(-1) as bigint, Fr.neg(challenge)]),
    }
  if (nym?.blinded.is0()) return false
  const pairs = indexes.map((index, place) => [index, scalars[place] as bigint] as const)
  return challenge === challengeOf({ a, b, d, t1, t2, nym, domain, shown: pairs, presentationHeader, api })
}

/** Section 3.7.4; with pseudonyms, BBS per Verifier Linkability section 8.1. */
function challengeOf(options: {
  readonly a: Point
  readonly b: Point
  readonly d: Point
  readonly t1: Point
  readonly t2: Point
  readonly nym: { readonly pseudonym: Point; readonly ofDomain: Point; readonly blinded: Point } | undefined
  readonly domain: bigint
  readonly shown: readonly (readonly [index: number, scalar: bigint])[]
  readonly presentationHeader: Uint8Array
  readonly api: string
}): bigint {
  const { a, b, d, t1, t2, nym, domain, shown, presentationHeader, api } = options
  const ofNym = nym ? [nym.pseudonym, nym.ofDomain, nym.blinded] : []
  const points = [a, b, d, t1, t2, ...ofNym]
  const items = serialize([shown.length, ...shown.flat(), ...points, domain, presentationHeader.length])
  return hashToScalar(concatBytes(items, presentationHeader), `${api}H2S_`)
}

function hiddenOf(indexes: readonly number[], count: number): readonly number[] {
  const shown = new Set(indexes)
  return Array.from({ length: count }, (_, index) => index).filter((index) => !shown.has(index))
}
