import { CompactEncrypt, compactDecrypt, importJWK, type JWK } from 'jose'
import type { EncryptWith, JweParts } from './jwe-parts.ts'
import { bareJwk, type PrivateJwk } from './jwk.ts'

// ECDH-ES where there is no node:crypto, by jose over WebCrypto.

export function createDecryptJwe(jwk: PrivateJwk): (parts: JweParts) => Promise<Uint8Array> {
  const { d } = jwk
  const imported = importJWK({ ...bareJwk(jwk), d } as JWK, 'ECDH-ES')
  // It is told when something is decrypted.
  imported.catch(() => undefined)
  return async ({ jwe, enc }) => {
    const { plaintext } = await compactDecrypt(jwe, await imported, {
      keyManagementAlgorithms: ['ECDH-ES'],
      contentEncryptionAlgorithms: [enc],
    })
    return plaintext
  }
}

export async function encryptJweWith(
  plaintext: Uint8Array,
  { recipient, header, enc, apu, apv }: EncryptWith,
): Promise<string> {
  const encrypter = new CompactEncrypt(plaintext).setProtectedHeader({ ...header, alg: 'ECDH-ES', enc })
  if (apu && apv) encrypter.setKeyManagementParameters({ apu, apv })
  return encrypter.encrypt(await importJWK({ ...bareJwk(recipient) } as JWK, 'ECDH-ES'))
}

export async function generateAgreementJwk(): Promise<PrivateJwk> {
  const algorithm = { name: 'ECDH', namedCurve: 'P-256' }
  const { privateKey } = (await crypto.subtle.generateKey(algorithm, true, ['deriveBits'])) as CryptoKeyPair
  const { x = '', y = '', d = '' } = await crypto.subtle.exportKey('jwk', privateKey)
  return { kty: 'EC', crv: 'P-256', x, y, d }
}
