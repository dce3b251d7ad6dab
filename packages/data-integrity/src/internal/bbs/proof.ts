import {
  apiId,
  concatBytes,
  domainOf,
  Fr,
  firstPoint,
  G2,
  generatorsOf,
  hashToScalar,
  isPairingOne,
  maxMessages,
  messageScalars,
  numberToBytesBE,
  type Point,
  parsePoint,
  parsePublicKey,
  parseScalar,
  pointLength,
  randomScalars,
  scalarLength,
  serialize,
  sumOfProducts,
} from './ciphersuite.ts'
import { type BbsSignature, parseSignature, type Signed, signedPoint } from './signature.ts'

export interface ProofOptions extends Omit<Signed, 'messages'> {
  readonly presentationHeader: Uint8Array
  /** Places of the messages that are shown, ascending. */
  readonly indexes: readonly number[]
}

const floor = pointLength * 3 + scalarLength * 4

/** Section 3.5.3, ProofGen: what shows some of the messages of a signature, and not the signature. */
export function createProof(
  signature: Uint8Array,
  options: ProofOptions & Pick<Signed, 'messages'> & { readonly randomBytes: (length: number) => Uint8Array },
): Uint8Array {
  const { publicKey, header, messages, indexes, presentationHeader, randomBytes } = options
  const parsed = parseSignature(signature)
  if (!parsed) throw new TypeError('not a BBS signature')
  const scalars = messageScalars(messages, apiId)
  const generators = generatorsOf(messages.length + 1, apiId)
  const domain = domainOf(publicKey, generators, header, apiId)
  const hidden = hiddenOf(indexes, messages.length)
  return prove(parsed, { generators, domain, scalars, indexes, hidden, presentationHeader, randomBytes })
}

function prove(
  { point, exponent }: BbsSignature,
  {
    generators,
    domain,
    scalars,
    indexes,
    hidden,
    presentationHeader,
    randomBytes,
  }: {
    readonly generators: readonly Point[]
    readonly domain: bigint
    readonly scalars: readonly bigint[]
    readonly indexes: readonly number[]
    readonly hidden: readonly number[]
    readonly presentationHeader: Uint8Array
    readonly randomBytes: (length: number) => Uint8Array
  },
): Uint8Array {
  const [r1, r2, exponentBlind, r1Blind, r3Blind, ...blinds] = randomScalars(
    hidden.length + 5,
    randomBytes,
  ) as [bigint, bigint, bigint, bigint, bigint, ...bigint[]]
  const [, ...points] = generators
  const d = signedPoint(generators, domain, scalars).multiply(r2)
  const a = point.multiply(Fr.mul(r1, r2))
  const b = d.multiply(r1).subtract(a.multiply(exponent))
  const t1 = a.multiply(exponentBlind).add(d.multiply(r1Blind))
  let t2 = d.multiply(r3Blind)
  for (const [at, index] of hidden.entries()) {
    t2 = t2.add((points[index] as Point).multiply(blinds[at] as bigint))
  }
  const shown = indexes.map((index) => [index, scalars[index] as bigint] as const)
  const challenge = challengeOf({ a, b, d, t1, t2, domain, shown, presentationHeader })
  const sum = (blind: bigint, value: bigint) => Fr.add(blind, Fr.mul(value, challenge))
  return serialize([
    a,
    b,
    d,
    sum(exponentBlind, exponent),
    sum(r1Blind, Fr.neg(r1)),
    sum(r3Blind, Fr.neg(Fr.inv(r2))),
    ...hidden.map((index, at) => sum(blinds[at] as bigint, scalars[index] as bigint)),
    challenge,
  ])
}

/** Section 3.5.4, ProofVerify. */
export function verifyProof(
  proof: Uint8Array,
  options: ProofOptions & { readonly shown: readonly Uint8Array[] },
): boolean {
  const { publicKey, header, indexes, shown, presentationHeader } = options
  const hiddenCount = (proof.length - floor) / scalarLength
  const count = hiddenCount + indexes.length
  if (!Number.isInteger(hiddenCount) || hiddenCount < 0 || count > maxMessages) return false
  const isAscending = indexes.every((index, at) => index > (indexes[at - 1] ?? -1) && index < count)
  if (!isAscending || shown.length !== indexes.length) return false
  const key = parsePublicKey(publicKey)
  const [a, b, d] = [0, 1, 2].map((at) =>
    parsePoint(proof.subarray(at * pointLength, (at + 1) * pointLength)),
  )
  const answers = parseScalars(proof.subarray(pointLength * 3))
  if (!key || !a || !b || !d || !answers) return false
  // First of all, for it costs the same whatever the count: what no signature stands behind goes no further.
  const isOfKey = isPairingOne([
    { g1: a, g2: key },
    { g1: b, g2: G2.BASE.negate() },
  ])
  if (!isOfKey) return false
  const generators = generatorsOf(count + 1, apiId)
  const [first, ...points] = generators as [Point, ...Point[]]
  const domain = domainOf(publicKey, generators, header, apiId)
  const [exponent, r1, r3, ...rest] = answers as [bigint, bigint, bigint, ...bigint[]]
  const challenge = rest.pop() as bigint
  const scalars = messageScalars(shown, apiId)
  const hidden = hiddenOf(indexes, count)
  const t1 = sumOfProducts([b, a, d], [challenge, exponent, r1])
  const at = (places: readonly number[]) => places.map((index) => points[index] as Point)
  const times = (values: readonly bigint[]) => values.map((value) => Fr.mul(value, challenge))
  const t2 = sumOfProducts(
    [firstPoint, first, ...at(indexes), d, ...at(hidden)],
    [...times([1n, domain, ...scalars]), r3, ...rest],
  )
  const pairs = indexes.map((index, place) => [index, scalars[place] as bigint] as const)
  return challenge === challengeOf({ a, b, d, t1, t2, domain, shown: pairs, presentationHeader })
}

/** Section 3.7.4. */
function challengeOf(options: {
  readonly a: Point
  readonly b: Point
  readonly d: Point
  readonly t1: Point
  readonly t2: Point
  readonly domain: bigint
  readonly shown: readonly (readonly [index: number, scalar: bigint])[]
  readonly presentationHeader: Uint8Array
}): bigint {
  const { a, b, d, t1, t2, domain, shown, presentationHeader } = options
  const items = serialize([shown.length, ...shown.flat(), a, b, d, t1, t2, domain])
  const length = numberToBytesBE(presentationHeader.length, 8)
  return hashToScalar(concatBytes(items, length, presentationHeader), `${apiId}H2S_`)
}

function hiddenOf(indexes: readonly number[], count: number): readonly number[] {
  const shown = new Set(indexes)
  return Array.from({ length: count }, (_, index) => index).filter((index) => !shown.has(index))
}

function parseScalars(bytes: Uint8Array): bigint[] | undefined {
  const scalars: bigint[] = []
  for (let at = 0; at < bytes.length; at += scalarLength) {
    const scalar = parseScalar(bytes.subarray(at, at + scalarLength))
    if (scalar === undefined) return undefined
    scalars.push(scalar)
  }
  return scalars
}
