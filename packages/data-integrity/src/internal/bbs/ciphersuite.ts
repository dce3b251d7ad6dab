import { concatBytes, hash, utf8 } from '@ekkasan/core/bytes'
import { interleavedMSMUnsafe } from '@noble/curves/abstract/curve.js'
import type { WeierstrassPoint } from '@noble/curves/abstract/weierstrass.js'
import { bls12_381 } from '@noble/curves/bls12-381.js'
import { bytesToNumberBE, numberToBytesBE } from '@noble/curves/utils.js'
import type { BbsFeatureOption } from '../../types.ts'
import { bbsFeatures, committedCount, maxMessages } from '../bbs-features.ts'

// The ciphersuite BLS12-381-SHA-256 of the BBS signature scheme (draft-irtf-cfrg-bbs-signatures section 7.2.2).

/** A point of the group of signatures. */
export type Point = WeierstrassPoint<bigint>

const { Point: G1 } = bls12_381.G1
const { Point: G2 } = bls12_381.G2
const { Fr } = bls12_381.fields

export const scalarLength = 32
export const pointLength = 48
const expandLength = 48

const suite = 'BBS_BLS12381G1_XMD:SHA-256_SSWU_RO_'
/** Which interface of the scheme a signature belongs to: BBS, Blind BBS, or BBS per Verifier Linkability. */
export const apiIdOf = (featureOption: BbsFeatureOption) => `${suite}${bbsFeatures[featureOption].api}`
export const apiId = apiIdOf('baseline')

const firstPoint = G1.fromHex(
  'a8ce256102840821a3e94ea9025e4662b205762f9776b3a766c872b948f1fd225e7c59698588e70d11406d161b4e28c9',
)

/** expand_message_xmd with SHA-256, RFC 9380 section 5.3.1. */
export function expandMessage(message: Uint8Array, tag: string, length: number): Uint8Array {
  const domain = concatBytes(utf8(tag), Uint8Array.of(tag.length))
  const size = Uint8Array.of(length >> 8, length & 0xff, 0)
  const first = hash('sha-256', concatBytes(new Uint8Array(64), message, size, domain))
  const blocks: Uint8Array[] = []
  let block = new Uint8Array(32)
  for (let count = 1; count <= Math.ceil(length / 32); count++) {
    const mixed = first.map((byte, at) => byte ^ (block[at] as number))
    block = new Uint8Array(hash('sha-256', concatBytes(mixed, Uint8Array.of(count), domain)))
    blocks.push(block)
  }
  return concatBytes(...blocks).subarray(0, length)
}

/** Section 4.2.2. */
export function hashToScalar(message: Uint8Array, tag: string): bigint {
  return Fr.create(bytesToNumberBE(expandMessage(message, tag, expandLength)))
}

/** Section 4.1.2: each message is hashed to a scalar. */
export function messageScalars(messages: readonly Uint8Array[], api: string): readonly bigint[] {
  return messages.map((message) => hashToScalar(message, `${api}MAP_MSG_TO_SCALAR_AS_HASH_`))
}

/** Section 4.2.1: uniform scalars from 48 bytes of randomness each. */
export function randomScalars(count: number, randomBytes: (length: number) => Uint8Array): readonly bigint[] {
  const bytes = randomBytes(expandLength * count)
  return Array.from({ length: count }, (_, index) =>
    Fr.create(bytesToNumberBE(bytes.slice(index * expandLength, (index + 1) * expandLength))),
  )
}

interface Generators {
  state: Uint8Array
  readonly points: Point[]
}

const generators = new Map<string, Generators>()

/** Section 4.1.1, create_generators; made once. */
export function generatorsOf(count: number, api: string): readonly Point[] {
  if (count > maxMessages + 1) throw new TypeError('too many messages')
  let made = generators.get(api)
  if (!made) {
    const seed = utf8(`${api}MESSAGE_GENERATOR_SEED`)
    made = { state: expandMessage(seed, `${api}SIG_GENERATOR_SEED_`, expandLength), points: [] }
    generators.set(api, made)
  }
  while (made.points.length < count) {
    const number = numberToBytesBE(made.points.length + 1, 8)
    made.state = expandMessage(concatBytes(made.state, number), `${api}SIG_GENERATOR_SEED_`, expandLength)
    made.points.push(bls12_381.G1.hashToCurve(made.state, { DST: `${api}SIG_GENERATOR_DST_` }))
  }
  return made.points.slice(0, count)
}

/** The generators of what the holder commits to (Blind BBS section 4.1.1). */
export function blindGeneratorsOf(featureOption: BbsFeatureOption): readonly Point[] {
  return generatorsOf(committedCount(featureOption), `BLIND_${apiIdOf(featureOption)}`)
}

/** The generators of a signature over this many messages of the issuer, and over what the holder committed to. */
export function allGeneratorsOf(count: number, featureOption: BbsFeatureOption): readonly Point[] {
  return [...generatorsOf(count + 1, apiIdOf(featureOption)), ...blindGeneratorsOf(featureOption)]
}

/** Section 4.2.4.1, serialize: points, scalars, and counts in eight bytes. */
export function serialize(items: readonly (Point | bigint | number)[]): Uint8Array {
  return concatBytes(
    ...items.map((item) =>
      typeof item === 'bigint'
        ? numberToBytesBE(item, scalarLength)
        : typeof item === 'number'
          ? numberToBytesBE(item, 8)
          : item.toBytes(),
    ),
  )
}

/** Of pseudonyms for a domain, the point that each is a multiple of (BBS per Verifier Linkability section 4). */
export function pointOfDomain(nymDomain: string, featureOption: BbsFeatureOption): Point {
  return bls12_381.G1.hashToCurve(utf8(nymDomain), { DST: apiIdOf(featureOption) })
}

/** Points, none of them the neutral one, all in the subgroup; undefined for anything else. */
export function parsePoint(bytes: Uint8Array): Point | undefined {
  try {
    const point = G1.fromBytes(bytes)
    point.assertValidity()
    return point.is0() ? undefined : point
  } catch {
    return undefined
  }
}

/** A scalar that is neither zero nor beyond the order of the group. */
export function parseScalar(bytes: Uint8Array): bigint | undefined {
  const number = bytesToNumberBE(bytes)
  return number > 0n && number < Fr.ORDER ? number : undefined
}

/** Scalars one after the other, each of them as above; undefined for anything else. */
export function parseScalars(bytes: Uint8Array): bigint[] | undefined {
  const scalars: bigint[] = []
  for (let at = 0; at < bytes.length; at += scalarLength) {
    const scalar = parseScalar(bytes.subarray(at, at + scalarLength))
    if (scalar === undefined || at + scalarLength > bytes.length) return undefined
    scalars.push(scalar)
  }
  return scalars
}

/** A public key; undefined when it is no point of the subgroup, or the neutral one. */
export function parsePublicKey(bytes: Uint8Array): InstanceType<typeof G2> | undefined {
  try {
    const point = G2.fromBytes(bytes)
    point.assertValidity()
    return point.is0() ? undefined : point
  } catch {
    return undefined
  }
}

/** Sum of products in a time that depends on the numbers: for what is no secret. */
export function sumOfProducts(points: readonly Point[], scalars: readonly bigint[]): Point {
  return interleavedMSMUnsafe(G1, [...points], 4)([...scalars])
}

/** Section 4.2.3: what stands for key, generators and header in every signature and proof. */
export function domainOf(
  publicKey: Uint8Array,
  [first, ...points]: readonly Point[],
  header: Uint8Array,
  api: string,
): bigint {
  const items = serialize([points.length, first as Point, ...points])
  const length = numberToBytesBE(header.length, 8)
  return hashToScalar(concatBytes(publicKey, items, utf8(api), length, header), `${api}H2S_`)
}

export { Fr, firstPoint, G1, G2 }

/** Whether the products of pairings of these pairs are one. */
export function isPairingOne(
  pairs: readonly { readonly g1: Point; readonly g2: InstanceType<typeof G2> }[],
): boolean {
  const { Fp12 } = bls12_381.fields
  return Fp12.eql(bls12_381.pairingBatch([...pairs]), Fp12.ONE)
}
