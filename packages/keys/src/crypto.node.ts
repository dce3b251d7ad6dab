import {
  constants,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign as nodeSign,
  verify as nodeVerify,
} from 'node:crypto'
import type { Algorithm, PublicJwk } from '@ekkasan/core'
import { algorithms } from './algorithms.ts'
import { KeysError } from './errors.ts'
import type { PrivateJwk } from './jwk.ts'

export const isSupported = (_alg: Algorithm): boolean => true

// Keyed by the object. An issuer's key that its resolver caches is imported when it is met the second time; a holder's
// key is met once, and verifying straight from its JWK costs a fifth less than making a KeyObject of it first.
const imported = new WeakMap<PublicJwk, KeyObject | 'met'>()

function schemeOptions(alg: Algorithm) {
  const row = algorithms[alg]
  if (row.kty === 'EC') return { dsaEncoding: 'ieee-p1363' as const }
  if (row.padding === 'pss') {
    return { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
  }
  return {}
}

export function verify(alg: Algorithm, jwk: PublicJwk, data: Uint8Array, signature: Uint8Array): boolean {
  const { hash } = algorithms[alg]
  const known = imported.get(jwk)
  if (typeof known === 'object')
    return nodeVerify(hash, data, { key: known, ...schemeOptions(alg) }, signature)
  try {
    const input = { key: { ...jwk }, format: 'jwk' as const }
    if (known === undefined) {
      imported.set(jwk, 'met')
      return nodeVerify(hash, data, { ...input, ...schemeOptions(alg) }, signature)
    }
    const key = createPublicKey(input)
    imported.set(jwk, key)
    return nodeVerify(hash, data, { key, ...schemeOptions(alg) }, signature)
  } catch (cause) {
    throw new KeysError('keys.jwk.malformed', 'not an acceptable public JWK: not a point on its curve', {
      cause,
    })
  }
}

/** Imports the private key once and returns what signs with it. */
export function createSign(alg: Algorithm, jwk: PrivateJwk): (data: Uint8Array) => Uint8Array {
  const options = { key: createPrivateKey({ key: { ...jwk }, format: 'jwk' }), ...schemeOptions(alg) }
  const { hash } = algorithms[alg]
  return (data) => nodeSign(hash, data, options)
}

export function generatePrivateJwk(alg: Algorithm): PrivateJwk {
  const row = algorithms[alg]
  const { privateKey } =
    row.kty === 'EC'
      ? generateKeyPairSync('ec', { namedCurve: row.crv === 'secp256k1' ? 'secp256k1' : (row.crv as string) })
      : row.kty === 'OKP'
        ? generateKeyPairSync('ed25519')
        : generateKeyPairSync('rsa', { modulusLength: 3072 })
  return { ...(privateKey.export({ format: 'jwk' }) as unknown as PrivateJwk), alg }
}
