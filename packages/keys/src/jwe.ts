import type { Decrypter, PublicJwk } from '@ekkasan/core'
import { CompactEncrypt, compactDecrypt, importJWK, type JWK } from 'jose'
import { isForEncryption } from './algorithms.ts'
import { KeysError } from './errors.ts'
import { bareJwk, type PrivateJwk, publicJwkOf } from './jwk.ts'

/** Of a compact JWE, in characters. */
const maxLength = 4 * 1024 * 1024

/** Content encryption accepted and used: OpenID4VP section 8.3, HAIP section 5. */
export type ContentEncryption = 'A128GCM' | 'A256GCM'

export interface EncryptJweOptions {
  readonly recipient: PublicJwk
  readonly enc: ContentEncryption
  readonly apu?: Uint8Array
  readonly apv?: Uint8Array
  /** Header `cty`: `JWT` where the content is itself a JWT (RFC 7519 section 5.2). */
  readonly cty?: string
}

/**
 * Encrypts with ECDH-ES to the recipient's key, compact JWE; `kid` of the key goes into the header.
 * @throws KeysError `keys.alg.mismatch` when the key is not one for encryption
 */
export async function encryptJwe(plaintext: Uint8Array, options: EncryptJweOptions): Promise<string> {
  const { recipient, enc, apu, apv, cty } = options
  if (!isForEncryption(recipient)) {
    const message = 'the key is not one for ECDH-ES: its crv, alg, use or key_ops say otherwise'
    throw new KeysError('keys.alg.mismatch', message)
  }
  const encrypter = new CompactEncrypt(plaintext).setProtectedHeader({
    alg: 'ECDH-ES',
    enc,
    ...(recipient.kid !== undefined && { kid: recipient.kid }),
    ...(cty !== undefined && { cty }),
  })
  if (apu && apv) encrypter.setKeyManagementParameters({ apu, apv })
  return encrypter.encrypt(await importJWK({ ...bareJwk(recipient) } as JWK, 'ECDH-ES'))
}

/** A Decrypter over a private JWK in this process: ECDH-ES, A128GCM or A256GCM, no compression. */
export async function decrypterFromJwk(jwk: PrivateJwk): Promise<Decrypter> {
  const key = await importJWK({ ...jwk } as JWK, 'ECDH-ES')
  return {
    publicJwk: publicJwkOf(jwk),
    async decrypt(jwe) {
      if (jwe.length > maxLength) throw new KeysError('keys.jwe.malformed', 'the JWE is too long')
      try {
        const { plaintext } = await compactDecrypt(jwe, key, {
          keyManagementAlgorithms: ['ECDH-ES'],
          contentEncryptionAlgorithms: ['A128GCM', 'A256GCM'],
        })
        return plaintext
      } catch (cause) {
        throw new KeysError('keys.jwe.decryption', 'the JWE could not be decrypted with this key', { cause })
      }
    },
  }
}
