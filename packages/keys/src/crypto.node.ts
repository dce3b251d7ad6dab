import {
  constants,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  getCurves,
  type KeyObject,
  sign as nodeSign,
  verify as nodeVerify,
} from 'node:crypto'
import type { Algorithm, PublicJwk } from '@ekkasan/core'
import { algorithms } from './algorithms.ts'
import { type Curve, type CurveRow, curves } from './curves.ts'
import { derToJose, joseToDer } from './ecdsa-signature.ts'
import { KeysError } from './errors.ts'
import type { PrivateJwk } from './jwk.ts'
import { pemOf } from './public-key.node.ts'

export { createDecryptJwe, encryptJweWith, generateAgreementJwk } from './jwe.node.ts'

// Bun's BoringSSL has no secp256k1.
const hasSecp256k1 = getCurves().includes('secp256k1')

export const isSupported = (alg: Algorithm): boolean => algorithms[alg].crv !== 'secp256k1' || hasSecp256k1

// Keyed by the object. An issuer's key, which its resolver caches, is imported when it is met the second time.
const imported = new WeakMap<PublicJwk, KeyObject | 'met'>()

/**
 * A key with what a signature scheme needs beside it. For ECDSA there is no option: node:crypto's own form is DER,
 * `dsaEncoding` beside a KeyObject costs 10 µs on Node, and Bun and Deno do not read it from the KeyObject itself.
 */
function withOptions(alg: Algorithm, key: KeyObject) {
  if (algorithms[alg].padding !== 'pss') return key
  return { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
}

export function verify(alg: Algorithm, jwk: PublicJwk, data: Uint8Array, signature: Uint8Array): boolean {
  const { hash, kty } = algorithms[alg]
  const known = imported.get(jwk)
  const encoded = kty === 'EC' ? joseToDer(signature) : signature
  if (typeof known === 'object') return nodeVerify(hash, data, withOptions(alg, known), encoded)
  try {
    const pem = pemOf(jwk)
    if (pem !== undefined && known === undefined) {
      imported.set(jwk, 'met')
      return nodeVerify(hash, data, pem, encoded)
    }
    const key = createPublicKey(pem ?? { key: { ...jwk }, format: 'jwk' })
    imported.set(jwk, key)
    return nodeVerify(hash, data, withOptions(alg, key), encoded)
  } catch (cause) {
    throw new KeysError('keys.jwk.malformed', 'not an acceptable public JWK: not a point on its curve', {
      cause,
    })
  }
}

/** Imports the private key once and returns what signs with it. */
export function createSign(alg: Algorithm, jwk: PrivateJwk): (data: Uint8Array) => Uint8Array {
  const key = withOptions(alg, createPrivateKey({ key: { ...jwk }, format: 'jwk' }))
  const { hash, kty } = algorithms[alg]
  if (kty !== 'EC') return (data) => nodeSign(hash, data, key)
  return (data) => derToJose(nodeSign(hash, data, key), alg)
}

/** How Node makes a pair, by the kind of key that the curve's row names: a kind without a way does not compile. */
const generators: Readonly<Record<NonNullable<CurveRow['node']>, (crv: Curve) => { privateKey: KeyObject }>> =
  {
    ec: (namedCurve) => generateKeyPairSync('ec', { namedCurve }),
    ed25519: () => generateKeyPairSync('ed25519'),
  }

export function generatePrivateJwk(alg: Algorithm): PrivateJwk {
  const { privateKey } = generatePair(alg)
  return { ...(privateKey.export({ format: 'jwk' }) as unknown as PrivateJwk), alg }
}

function generatePair(alg: Algorithm): { privateKey: KeyObject } {
  const { crv } = algorithms[alg]
  if (crv === undefined) return generateKeyPairSync('rsa', { modulusLength: 3072 })
  const kind = curves[crv].node
  if (kind === null) throw new TypeError(`no key of ${crv} is generated here`)
  return generators[kind](crv)
}
