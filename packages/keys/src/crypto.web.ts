import type { Algorithm, PublicJwk } from '@ekkasan/core'
import { algorithms } from './algorithms.ts'
import { curves } from './curves.ts'
import { KeysError } from './errors.ts'
import type { PrivateJwk } from './jwk.ts'

export { createDecryptJwe, encryptJweWith, generateAgreementJwk } from './jwe.web.ts'

export const isSupported = (alg: Algorithm): boolean => algorithms[alg].web

const webHashes = { sha256: 'SHA-256', sha384: 'SHA-384', sha512: 'SHA-512' } as const
const imported = new WeakMap<PublicJwk, CryptoKey>()

/** WebCrypto's name of a row, for importing and for signing alike. */
function webAlgorithm(
  alg: Algorithm,
): EcKeyImportParams & EcdsaParams & RsaHashedImportParams & RsaPssParams {
  const row = algorithms[alg]
  const hash = row.hash ? webHashes[row.hash] : 'SHA-256'
  if (row.crv !== undefined) {
    const name = curves[row.crv].web
    if (name === null) throw new TypeError(`WebCrypto has no ${alg}`)
    return { name, namedCurve: row.crv, hash, saltLength: 0 }
  }
  const name = row.padding === 'pss' ? 'RSA-PSS' : 'RSASSA-PKCS1-v1_5'
  return { name, namedCurve: '', hash, saltLength: Number(hash.slice(4)) / 8 }
}

export async function verify(
  alg: Algorithm,
  jwk: PublicJwk,
  data: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  const algorithm = webAlgorithm(alg)
  let key = imported.get(jwk)
  if (!key) {
    const { alg: _alg, use: _use, key_ops: _ops, ...bare } = jwk
    try {
      key = await crypto.subtle.importKey('jwk', bare as JsonWebKey, algorithm, false, ['verify'])
    } catch (cause) {
      throw new KeysError('keys.jwk.malformed', 'not an acceptable public JWK: not a point on its curve', {
        cause,
      })
    }
    imported.set(jwk, key)
  }
  return crypto.subtle.verify(
    algorithm,
    key,
    signature as Uint8Array<ArrayBuffer>,
    data as Uint8Array<ArrayBuffer>,
  )
}

export async function createSign(
  alg: Algorithm,
  jwk: PrivateJwk,
): Promise<(data: Uint8Array) => Promise<Uint8Array>> {
  const algorithm = webAlgorithm(alg)
  const { alg: _alg, use: _use, key_ops: _ops, ...bare } = jwk
  const key = await crypto.subtle.importKey('jwk', bare as JsonWebKey, algorithm, false, ['sign'])
  return async (data) =>
    new Uint8Array(await crypto.subtle.sign(algorithm, key, data as Uint8Array<ArrayBuffer>))
}

export async function generatePrivateJwk(alg: Algorithm): Promise<PrivateJwk> {
  const algorithm = webAlgorithm(alg)
  const rsa = { modulusLength: 3072, publicExponent: new Uint8Array([1, 0, 1]) }
  const pair = (await crypto.subtle.generateKey({ ...algorithm, ...rsa }, true, [
    'sign',
    'verify',
  ])) as CryptoKeyPair
  const exported = await crypto.subtle.exportKey('jwk', pair.privateKey)
  // workerd writes members that a key does not have as undefined.
  const members = Object.entries(exported).filter(
    ([name, value]) => value !== undefined && name !== 'key_ops' && name !== 'ext',
  )
  return { ...(Object.fromEntries(members) as unknown as PrivateJwk), alg }
}
