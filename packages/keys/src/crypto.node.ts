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
import { concatBytes, fromBase64url } from '@ekkasan/core/bytes'
import { algorithms } from './algorithms.ts'
import { KeysError } from './errors.ts'
import type { PrivateJwk } from './jwk.ts'

export const isSupported = (_alg: Algorithm): boolean => true

// Keyed by the object: an issuer's key that its resolver caches is imported once.
const imported = new WeakMap<PublicJwk, KeyObject>()

/**
 * A key with what a signature scheme needs beside it. node:crypto reads such options from a KeyObject as from any
 * other object, and finds out that an object is no KeyObject by way of exceptions, 10 µs each.
 */
function withOptions(alg: Algorithm, key: KeyObject) {
  const row = algorithms[alg]
  if (row.kty === 'EC') return Object.assign(key, { dsaEncoding: 'ieee-p1363' as const })
  if (row.padding === 'pss') {
    return { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
  }
  return key
}

/** SubjectPublicKeyInfo up to the key's own bytes (RFC 5480, RFC 8410), whole groups of base64. */
const keyInfoHeads: Readonly<Record<string, string>> = {
  'P-256': 'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE',
  Ed25519: 'MCowBQYDK2VwAyEA',
}

/** A holder's key is met once, and its import weighs: of PEM it takes half of what it takes of a JWK. */
function importPublicKey(jwk: PublicJwk): KeyObject {
  const head = jwk.crv === undefined ? undefined : keyInfoHeads[jwk.crv]
  if (head === undefined) return createPublicKey({ key: { ...jwk }, format: 'jwk' })
  const { buffer } = concatBytes(coordinate(jwk.x), ...(jwk.kty === 'EC' ? [coordinate(jwk.y)] : []))
  const body = Buffer.from(buffer).toString('base64')
  return createPublicKey(`-----BEGIN PUBLIC KEY-----\n${head}${body}\n-----END PUBLIC KEY-----`)
}

function coordinate(text: string | undefined): Uint8Array {
  const bytes = fromBase64url(text ?? '')
  if (bytes.length !== 32) throw new TypeError('a coordinate has the wrong length')
  return bytes
}

export function verify(alg: Algorithm, jwk: PublicJwk, data: Uint8Array, signature: Uint8Array): boolean {
  let key = imported.get(jwk)
  if (!key) {
    try {
      key = importPublicKey(jwk)
    } catch (cause) {
      const message = 'not an acceptable public JWK: not a point on its curve'
      throw new KeysError('keys.jwk.malformed', message, { cause })
    }
    imported.set(jwk, key)
  }
  return nodeVerify(algorithms[alg].hash, data, withOptions(alg, key), signature)
}

/** Imports the private key once and returns what signs with it. */
export function createSign(alg: Algorithm, jwk: PrivateJwk): (data: Uint8Array) => Uint8Array {
  const key = withOptions(alg, createPrivateKey({ key: { ...jwk }, format: 'jwk' }))
  const { hash } = algorithms[alg]
  return (data) => nodeSign(hash, data, key)
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
