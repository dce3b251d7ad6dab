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

// Keyed by the object. An issuer's key, which its resolver caches, is imported when it is met the second time.
const imported = new WeakMap<PublicJwk, KeyObject | 'met'>()

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

/** SubjectPublicKeyInfo up to the key's own bytes (RFC 5480, RFC 8410): whole groups of base64. */
const keyInfoHeads: Readonly<Record<string, string>> = {
  'P-256': 'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE',
  Ed25519: 'MCowBQYDK2VwAyEA',
}

// A holder's key is met once. As PEM handed to the verification itself it costs 5 µs, as a JWK 40.
function pemOf({ kty, crv, x, y }: PublicJwk): string | undefined {
  const head = crv === undefined ? undefined : keyInfoHeads[crv]
  if (head === undefined) return undefined
  const { buffer } = concatBytes(coordinate(x), ...(kty === 'EC' ? [coordinate(y)] : []))
  return `-----BEGIN PUBLIC KEY-----\n${head}${Buffer.from(buffer).toString('base64')}\n-----END PUBLIC KEY-----`
}

function coordinate(text: string | undefined): Uint8Array {
  const bytes = fromBase64url(text ?? '')
  if (bytes.length !== 32) throw new TypeError('a coordinate has the wrong length')
  return bytes
}

/** The two numbers of an ECDSA signature as ASN.1 (RFC 3279 section 2.2.3), up to 32 bytes each. */
function derSignature(signature: Uint8Array): Uint8Array {
  const half = signature.length / 2
  const der = new Uint8Array(signature.length + 8)
  let end = 2
  for (let at = 0; at < signature.length; at += half) {
    let first = at
    while (first < at + half - 1 && signature[first] === 0) first += 1
    const sign = (signature[first] as number) >> 7
    der[end] = 0x02
    der[end + 1] = at + half - first + sign
    end += 2 + sign
    for (; first < at + half; first++) der[end++] = signature[first] as number
  }
  der[0] = 0x30
  der[1] = end - 2
  return der.subarray(0, end)
}

export function verify(alg: Algorithm, jwk: PublicJwk, data: Uint8Array, signature: Uint8Array): boolean {
  const { hash, kty } = algorithms[alg]
  const known = imported.get(jwk)
  if (typeof known === 'object') return nodeVerify(hash, data, withOptions(alg, known), signature)
  try {
    const pem = pemOf(jwk)
    if (pem !== undefined && known === undefined) {
      imported.set(jwk, 'met')
      return nodeVerify(hash, data, pem, kty === 'EC' ? derSignature(signature) : signature)
    }
    const key = createPublicKey(pem ?? { key: { ...jwk }, format: 'jwk' })
    imported.set(jwk, key)
    return nodeVerify(hash, data, withOptions(alg, key), signature)
  } catch (cause) {
    throw new KeysError('keys.jwk.malformed', 'not an acceptable public JWK: not a point on its curve', {
      cause,
    })
  }
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
