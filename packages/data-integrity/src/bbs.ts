import type { RandomBytes } from '@ekkasan/core'
import { base64url, fromBase64url, platformRandomBytes } from '@ekkasan/core/bytes'
import { bytesRule, checkOptions, functionRule, oneOfRule, optional, textRule } from '@ekkasan/core/options'
import { type PrivateJwk, publicJwkOf } from '@ekkasan/keys'
import { DataIntegrityError } from './errors.ts'
import { commit, randomScalar, signBlind } from './internal/bbs/blind.ts'
import { parseScalar, serialize } from './internal/bbs/ciphersuite.ts'
import { generateSecret, publicKeyOf, sign } from './internal/bbs/signature.ts'
import { bbsFeatures } from './internal/bbs-features.ts'
import type { BbsCommitted, BbsHolderSecrets, BbsSigner } from './types.ts'

export type { BbsCommitted, BbsFeatureOption, BbsHolderSecrets, BbsSigner } from './types.ts'

/** A new private key for bbs-2023: an OKP key of the curve BLS12381G2, `x` the compressed point, `d` the secret. */
export function generateBbsJwk(randomBytes: RandomBytes = platformRandomBytes): PrivateJwk {
  const secret = generateSecret(randomBytes)
  const x = base64url(publicKeyOf(secret))
  return { kty: 'OKP', crv: 'BLS12381G2', x, d: base64url(serialize([secret])) }
}

/**
 * A BbsSigner over a private JWK in this process. `kid` (default: the JWK's own) is the DID URL of the key.
 * @throws TypeError when it is not a private key of BLS12381G2, or its halves do not belong together
 * @throws KeysError `keys.jwk.malformed`
 */
export function bbsSignerFromJwk(jwk: PrivateJwk, options: { readonly kid?: string } = {}): BbsSigner {
  checkOptions<{ readonly kid?: string }>(options, 'bbsSignerFromJwk', { kid: optional(textRule) })
  const publicJwk = publicJwkOf(jwk)
  const secret = parseScalar(fromBase64url(jwk.d))
  if (publicJwk.crv !== 'BLS12381G2' || secret === undefined) {
    throw new TypeError('not a private key of the curve BLS12381G2')
  }
  const publicKey = publicKeyOf(secret)
  if (base64url(publicKey) !== publicJwk.x)
    throw new TypeError('the public key is not that of the private one')
  const kid = options.kid ?? publicJwk.kid
  return {
    alg: 'BBS',
    key: { publicJwk, ...(kid !== undefined && { kid }) },
    sign: async (header, messages) => sign(secret, { publicKey, header, messages }),
    blindSign: async (header, messages, committed) => {
      const signature = signBlind(secret, { publicKey, header, messages }, committed)
      if (signature) return signature
      throw new DataIntegrityError(
        'data-integrity.proof.commitment',
        'the commitment with proof does not hold',
      )
    },
  }
}

export interface CreateBbsCommitmentOptions extends Pick<BbsCommitted, 'featureOption'> {
  /** The holder's own from an earlier credential, 32 bytes or more; default: fresh. */
  readonly holderSecret?: Uint8Array
  /** The holder's own from an earlier credential, a scalar in 32 bytes; default: fresh. */
  readonly proverNym?: Uint8Array
  readonly randomBytes?: RandomBytes
}

export interface BbsCommitment extends BbsCommitted {
  /** To be kept as long as the credential, and told to nobody; `deriveProof` asks for them. */
  readonly secrets: BbsHolderSecrets
}

/**
 * What a holder sends to an issuer who binds a bbs-2023 credential to secrets of the holder's, and what he keeps
 * (vc-di-bbs section 4). Two commitments to the same secrets have nothing in common.
 *
 * @example
 * const featureOption = 'pseudonym'
 * const { commitmentWithProof, secrets } = createBbsCommitment({ featureOption }) // the holder
 * const base = await issueLdpVc({ signer, credential, featureOption, commitmentWithProof }) // the issuer
 * const presentationHeader = utf8(nonce)
 * const nymDomain = 'verifier.example'
 * const shown = await deriveProof({ credential: base, pointers, secrets, nymDomain, presentationHeader })
 * const { showing } = await verifyLdpVc(shown, { ...options, showing: { nymDomain, presentationHeader } })
 *
 * @throws TypeError when a secret given is too short, or no scalar, or the feature has none
 */
export function createBbsCommitment(options: CreateBbsCommitmentOptions): BbsCommitment {
  checkOptions<CreateBbsCommitmentOptions>(options, 'createBbsCommitment', {
    featureOption: oneOfRule(Object.keys(bbsFeatures)),
    holderSecret: optional(bytesRule),
    proverNym: optional(bytesRule),
    randomBytes: optional(functionRule),
  })
  const { featureOption, randomBytes = platformRandomBytes } = options
  const feature = Object.hasOwn(bbsFeatures, featureOption)
    ? bbsFeatures[featureOption]
    : bbsFeatures.baseline
  if (!feature.holderSecret && !feature.pseudonym) throw new TypeError('a feature without a commitment')
  if (options.holderSecret && !feature.holderSecret)
    throw new TypeError(`${featureOption} has no holder secret`)
  if (options.proverNym && !feature.pseudonym) throw new TypeError(`${featureOption} has no pseudonyms`)
  const kept = {
    ...(feature.holderSecret && { holderSecret: options.holderSecret ?? randomBytes(32) }),
    ...(feature.pseudonym && { proverNym: options.proverNym ?? randomScalar(randomBytes) }),
  }
  const { commitmentWithProof, secretProverBlind } = commit(featureOption, kept, randomBytes)
  return { featureOption, commitmentWithProof, secrets: { ...kept, secretProverBlind } }
}
