import type { Algorithm, KeyReference, PublicJwk, Signer } from '@ekkasan/core'
import { fromBase64url } from '@ekkasan/core/bytes'
import { checkOptions, describeValue, listRule, optional, textRule } from '@ekkasan/core/options'
import { createSign, generatePrivateJwk, isSupported, verify } from '#crypto'
import { algorithms, fitsAlgorithm, isAlgorithm } from './algorithms.ts'
import { derToJose } from './ecdsa-signature.ts'
import { KeysError } from './errors.ts'
import { type PrivateJwk, publicJwkOf } from './jwk.ts'

export interface SignerFromJwkOptions {
  /** Needed where the key does not settle it (RSA, or `Ed25519` in place of `EdDSA`). */
  readonly alg?: Algorithm
  /** Header `kid`; default: the JWK's own. */
  readonly kid?: string
  /** Header `x5c`: certificate chain, leaf first, base64 DER. */
  readonly x5c?: readonly string[]
}

/**
 * A Signer over a private JWK in this process.
 * @throws KeysError `keys.jwk.malformed`, `keys.alg.mismatch`, `keys.alg.unsupported`
 */
export async function signerFromJwk(jwk: PrivateJwk, options: SignerFromJwkOptions = {}): Promise<Signer> {
  checkOptions<SignerFromJwkOptions>(options, 'signerFromJwk', {
    alg: optional(textRule),
    kid: optional(textRule),
    x5c: optional(listRule(textRule, { least: 1 })),
  })
  const publicJwk = publicJwkOf(jwk)
  if (typeof jwk.d !== 'string') throw new KeysError('keys.jwk.malformed', 'not a private key: it has no d')
  const alg = options.alg ?? algorithmOf(publicJwk)
  requireSupported(alg)
  if (algorithms[alg].verifyOnly) throw new KeysError('keys.alg.unsupported', `${alg} is for verifying only`)
  if (!fitsAlgorithm(publicJwk, alg)) throw mismatch(alg)
  const kid = options.kid ?? publicJwk.kid
  const key: KeyReference = {
    publicJwk,
    ...(kid !== undefined && { kid }),
    ...(options.x5c !== undefined && { x5c: options.x5c }),
  }
  const sign = await createSign(alg, jwk)
  return { alg, key, sign: async (data) => sign(data) }
}

/**
 * Signs, and checks the form of what the signer returned; everything that signs goes through here. A KMS that returns DER
 * is found at its first signature, and not by those who verify it.
 * @throws TypeError when `sign` does not return the signature in the JWS form: bytes, ECDSA as r || s
 */
export async function signBytes(signer: Signer, data: Uint8Array): Promise<Uint8Array> {
  const signature: unknown = await signer.sign(data)
  const { alg, key } = signer
  if (!(signature instanceof Uint8Array)) {
    throw new TypeError(`the signer (${alg}) returned ${describeValue(signature)}; expected a Uint8Array`)
  }
  const expected = signatureLengthOf(alg, key.publicJwk)
  if (signature.length === expected) return signature
  const isDer = algorithms[alg].kty === 'EC' && isDerOf(signature, alg)
  throw new TypeError(
    isDer
      ? `the signer (${alg}) returned DER (${signature.length} bytes); expected r || s of ${expected} bytes: convert it with derToJose of @ekkasan/keys`
      : `the signer (${alg}) returned a signature of ${signature.length} bytes; expected ${expected}`,
  )
}

/** In bytes; an RSA signature is as long as its modulus (RFC 8017 sections 8.1.1 and 8.2.1). */
function signatureLengthOf(alg: Algorithm, { n = '' }: PublicJwk): number {
  return algorithms[alg].signatureLength ?? fromBase64url(n).length
}

function isDerOf(signature: Uint8Array, alg: Algorithm): boolean {
  try {
    return derToJose(signature, alg).length > 0
  } catch {
    return false
  }
}

/** A new private key as a JWK, with its `alg`. */
export async function generateJwk(alg: Algorithm): Promise<PrivateJwk> {
  requireSupported(alg)
  return generatePrivateJwk(alg)
}

/**
 * Whether a signature is the key's over these bytes. The same `jwk` object is imported at most once.
 * @throws KeysError `keys.alg.unsupported`, `keys.alg.mismatch`, `keys.jwk.malformed`
 */
export async function verifySignature(
  alg: string,
  jwk: PublicJwk,
  data: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  requireSupported(alg)
  if (!fitsAlgorithm(jwk, alg)) throw mismatch(alg)
  const { signatureLength } = algorithms[alg]
  if (signatureLength !== undefined && signature.length !== signatureLength) return false
  return verify(alg, jwk, data, signature)
}

/** The algorithms that this platform verifies. */
export function supportedAlgorithms(): readonly Algorithm[] {
  return (Object.keys(algorithms) as Algorithm[]).filter(isSupported)
}

function requireSupported(alg: string): asserts alg is Algorithm {
  if (!isAlgorithm(alg) || !isSupported(alg)) {
    const known = supportedAlgorithms().join(', ')
    throw new KeysError(
      'keys.alg.unsupported',
      `the algorithm is not supported here; those that are: ${known}`,
    )
  }
}

function mismatch(alg: Algorithm): KeysError {
  const message = `the key is not one for signatures with ${alg}: its kty, crv, alg, use or key_ops say otherwise`
  return new KeysError('keys.alg.mismatch', message)
}

function algorithmOf(jwk: PublicJwk): Algorithm {
  if (isAlgorithm(jwk.alg)) return jwk.alg
  const names = Object.keys(algorithms) as Algorithm[]
  const alg = jwk.kty === 'RSA' ? 'PS256' : names.find((name) => fitsAlgorithm(jwk, name))
  if (!alg) throw new KeysError('keys.alg.mismatch', 'no algorithm signs with a key of this kind')
  return alg
}
