import { concatBytes } from '@ekkasan/core/bytes'
import type { BbsFeatureOption } from '../../types.ts'
import { maxMessages } from '../bbs-features.ts'
import {
  allGeneratorsOf,
  apiId,
  apiIdOf,
  domainOf,
  Fr,
  firstPoint,
  G1,
  G2,
  generatorsOf,
  hashToScalar,
  isPairingOne,
  messageScalars,
  type Point,
  parsePoint,
  parsePublicKey,
  parseScalar,
  pointLength,
  scalarLength,
  serialize,
  sumOfProducts,
} from './ciphersuite.ts'

/** What is signed: a header that is always known, and messages that may be hidden one by one. */
export interface Signed {
  readonly publicKey: Uint8Array
  readonly header: Uint8Array
  readonly messages: readonly Uint8Array[]
}

/** What the holder committed to, in the order in which it was signed; nothing for `baseline`. */
export interface Committed {
  readonly featureOption: BbsFeatureOption
  readonly committed: readonly bigint[]
}

export interface BbsSignature {
  readonly point: Point
  readonly exponent: bigint
}

/** The point of all that is signed, B of the standard. */
export function signedPoint(
  generators: readonly Point[],
  domain: bigint,
  scalars: readonly bigint[],
  committed: readonly bigint[] = [],
): Point {
  const open = generators.slice(0, scalars.length + 1)
  const blind = generators.slice(open.length)
  return firstPoint.add(sumOfProducts(open, [domain, ...scalars])).add(committedPoint(blind, committed))
}

/** What a holder's secrets come to, in a time that does not depend on them as far as the library can. */
export function committedPoint(generators: readonly Point[], committed: readonly bigint[]): Point {
  return committed.reduce((sum, secret, at) => sum.add((generators[at] as Point).multiply(secret)), G1.ZERO)
}

/** Section 3.5.1, Sign: 80 bytes. */
export function sign(secret: bigint, { publicKey, header, messages }: Signed): Uint8Array {
  const scalars = messageScalars(messages, apiId)
  const generators = generatorsOf(messages.length + 1, apiId)
  const domain = domainOf(publicKey, generators, header, apiId)
  const exponent = hashToScalar(serialize([secret, ...scalars, domain]), `${apiId}H2S_`)
  const point = signedPoint(generators, domain, scalars).multiply(Fr.inv(Fr.add(secret, exponent)))
  return serialize([point, exponent])
}

/** Section 3.5.2, Verify, and with secrets of the holder VerifyBlindSign (Blind BBS section 4.2.2). */
export function verify(
  signature: Uint8Array,
  { publicKey, header, messages, featureOption, committed }: Signed & Committed,
): boolean {
  const key = parsePublicKey(publicKey)
  const parsed = parseSignature(signature)
  if (!key || !parsed || messages.length > maxMessages) return false
  const api = apiIdOf(featureOption)
  const generators = allGeneratorsOf(messages.length, featureOption)
  const domain = domainOf(publicKey, generators, header, api)
  return isSigned(parsed, key, signedPoint(generators, domain, messageScalars(messages, api), committed))
}

export function isSigned(
  { point, exponent }: BbsSignature,
  key: InstanceType<typeof G2>,
  of: Point,
): boolean {
  return isPairingOne([
    { g1: point, g2: key.add(G2.BASE.multiply(exponent)) },
    { g1: of, g2: G2.BASE.negate() },
  ])
}

export function parseSignature(bytes: Uint8Array): BbsSignature | undefined {
  if (bytes.length !== pointLength + scalarLength) return undefined
  const point = parsePoint(bytes.subarray(0, pointLength))
  const exponent = parseScalar(bytes.subarray(pointLength))
  return point && exponent !== undefined ? { point, exponent } : undefined
}

/** Section 3.4.2, SkToPk. */
export function publicKeyOf(secret: bigint): Uint8Array {
  return G2.BASE.multiply(secret).toBytes()
}

/** Section 3.4.1, KeyGen. */
export function generateSecret(randomBytes: (length: number) => Uint8Array): bigint {
  const material = concatBytes(randomBytes(32), Uint8Array.of(0, 0))
  return hashToScalar(material, `${apiId}KEYGEN_DST_`)
}
