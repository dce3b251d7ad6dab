import type { BbsCommitted, BbsFeatureOption, BbsHolderSecrets } from '../../types.ts'
import { bbsFeatures, committedCount } from '../bbs-features.ts'
import {
  allGeneratorsOf,
  apiIdOf,
  blindGeneratorsOf,
  domainOf,
  Fr,
  hashToScalar,
  messageScalars,
  type Point,
  parsePoint,
  parseScalar,
  parseScalars,
  pointLength,
  randomScalars,
  scalarLength,
  serialize,
  sumOfProducts,
} from './ciphersuite.ts'
import { committedPoint, type Signed, signedPoint } from './signature.ts'

// Blind BBS signatures (draft-irtf-cfrg-bbs-blind-signatures) and those with pseudonyms
// (draft-irtf-cfrg-bbs-per-verifier-linkability), both as of March 2025: what the vectors of vc-di-bbs were made by.

const minSecretLength = 32

/**
 * A holder's secrets as scalars, in the order in which they are signed. The secret of pseudonyms is the sum of the
 * holder's part and the issuer's.
 * @throws TypeError when one that the feature needs is missing or malformed
 */
export function committedScalars(
  featureOption: BbsFeatureOption,
  { holderSecret, proverNym, secretProverBlind }: BbsHolderSecrets,
  signerNymEntropy?: Uint8Array,
): readonly bigint[] {
  const row = bbsFeatures[featureOption]
  if (row.holderSecret && (holderSecret === undefined || holderSecret.length < minSecretLength)) {
    throw new TypeError(`the holder secret of ${featureOption} is missing, or shorter than 32 bytes`)
  }
  const secrets = row.holderSecret ? messageScalars([holderSecret as Uint8Array], apiIdOf(featureOption)) : []
  const blind = scalarOf(secretProverBlind, 'secretProverBlind')
  if (!row.pseudonym) return [blind, ...secrets]
  const nym = scalarOf(proverNym, 'proverNym')
  const secret = signerNymEntropy ? Fr.add(nym, scalarOf(signerNymEntropy, 'signerNymEntropy')) : nym
  if (secret === 0n) throw new TypeError('the secret of pseudonyms comes to zero')
  return [blind, ...secrets, secret]
}

/** A scalar in 32 bytes: a part of the secret of pseudonyms. */
export function randomScalar(randomBytes: (length: number) => Uint8Array): Uint8Array {
  return serialize(randomScalars(1, randomBytes))
}

function scalarOf(bytes: Uint8Array | undefined, name: string): bigint {
  const scalar = bytes?.length === scalarLength ? parseScalar(bytes) : undefined
  if (scalar === undefined) throw new TypeError(`${name} is not a scalar in 32 bytes`)
  return scalar
}

/**
 * A commitment to a holder's secrets with the proof that he knows them, Commit (Blind BBS section 4.1.1) and CommitWithNym
 * (BBS per Verifier Linkability section 6.1.1), and the factor that blinds it.
 */
export function commit(
  featureOption: BbsFeatureOption,
  secrets: Omit<BbsHolderSecrets, 'secretProverBlind'>,
  randomBytes: (length: number) => Uint8Array,
): { readonly commitmentWithProof: Uint8Array; readonly secretProverBlind: Uint8Array } {
  const random = randomScalars(committedCount(featureOption) + 1, randomBytes)
  const secretProverBlind = serialize(random.slice(0, 1))
  const blinds = random.slice(1)
  const committed = committedScalars(featureOption, { ...secrets, secretProverBlind })
  const generators = blindGeneratorsOf(featureOption)
  const point = committedPoint(generators, committed)
  const challenge = challengeOf(featureOption, point, committedPoint(generators, blinds))
  const answers = committed.map((secret, at) => Fr.add(blinds[at] as bigint, Fr.mul(secret, challenge)))
  return { commitmentWithProof: serialize([point, ...answers, challenge]), secretProverBlind }
}

/** The point of a commitment whose proof holds (Blind BBS sections 4.3.2 and 5.4.2); undefined for anything else. */
export function parseCommitment(
  featureOption: BbsFeatureOption,
  commitmentWithProof: Uint8Array,
): Point | undefined {
  const count = committedCount(featureOption)
  if (commitmentWithProof.length !== pointLength + scalarLength * (count + 1)) return undefined
  const point = parsePoint(commitmentWithProof.subarray(0, pointLength))
  const answers = parseScalars(commitmentWithProof.subarray(pointLength))
  const challenge = answers?.pop()
  if (!point || !answers || challenge === undefined) return undefined
  const generators = blindGeneratorsOf(featureOption)
  const blinded = sumOfProducts([...generators, point], [...answers, Fr.neg(challenge)])
  return challengeOf(featureOption, point, blinded) === challenge ? point : undefined
}

/** Blind BBS section 5.3. */
function challengeOf(featureOption: BbsFeatureOption, point: Point, blinded: Point): bigint {
  const generators = blindGeneratorsOf(featureOption)
  const items = [generators.length - 1, ...generators, point, blinded]
  return hashToScalar(serialize(items), `${apiIdOf(featureOption)}H2S_`)
}

/**
 * BlindSign (Blind BBS section 4.2.1) and BlindSignWithNym (BBS per Verifier Linkability section 6.1.2): 80 bytes, or
 * undefined when the commitment's proof does not hold.
 */
export function signBlind(
  secret: bigint,
  { publicKey, header, messages }: Signed,
  { featureOption, commitmentWithProof, signerNymEntropy }: BbsCommitted,
): Uint8Array | undefined {
  const commitment = parseCommitment(featureOption, commitmentWithProof)
  if (!commitment) return undefined
  const api = apiIdOf(featureOption)
  const generators = allGeneratorsOf(messages.length, featureOption)
  const domain = domainOf(publicKey, generators, header, api)
  const open = signedPoint(generators.slice(0, messages.length + 1), domain, messageScalars(messages, api))
  const entropy = bbsFeatures[featureOption].pseudonym ? [scalarOf(signerNymEntropy, 'signerNymEntropy')] : []
  const point = open.add(commitment).add(committedPoint(generators.slice(-1), entropy))
  if (point.is0()) return undefined
  const exponent = hashToScalar(serialize([secret, point]), `${api}H2S_`)
  return serialize([point.multiply(Fr.inv(Fr.add(secret, exponent))), exponent])
}
