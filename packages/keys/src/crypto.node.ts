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

// Keyed by the object: an issuer's key that its resolver caches is imported once, a holder's is forgotten.
const imported = new WeakMap<PublicJwk, KeyObject>()

function keyOptions(alg: Algorithm, key: KeyObject) {
  const row = algorithms[alg]
  if (row.kty === 'EC') return { key, dsaEncoding: 'ieee-p1363' as const }
  if (row.padding === 'pss') {
    return { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
  }
  return key
}

export function verify(alg: Algorithm, jwk: PublicJwk, data: Uint8Array, signature: Uint8Array): boolean {
  let key = imported.get(jwk)
  if (!key) {
    try {
      key = createPublicKey({ key: { ...jwk }, format: 'jwk' })
    } catch (cause) {
      throw new KeysError('keys.jwk.malformed', 'not an acceptable public JWK: not a point on its curve', {
        cause,
      })
    }
    imported.set(jwk, key)
  }
  return nodeVerify(algorithms[alg].hash, data, keyOptions(alg, key), signature)
}

/** Imports the private key once and returns what signs with it. */
export function createSign(alg: Algorithm, jwk: PrivateJwk): (data: Uint8Array) => Uint8Array {
  const options = keyOptions(alg, createPrivateKey({ key: { ...jwk }, format: 'jwk' }))
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
