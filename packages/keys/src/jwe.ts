import type { Decrypter, PublicJwk } from '@ekkasan/core'
import { createDecryptJwe, encryptJweWith, generateAgreementJwk } from '#crypto'
import { isForEncryption } from './algorithms.ts'
import { KeysError } from './errors.ts'
import { type ContentEncryption, parseJwe } from './jwe-parts.ts'
import { type PrivateJwk, publicJwkOf } from './jwk.ts'

export type { ContentEncryption } from './jwe-parts.ts'

/** Of a compact JWE, in characters. */
const maxLength = 4 * 1024 * 1024

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
 * @throws KeysError `keys.alg.mismatch` when the key is not one for encryption, `keys.jwk.malformed` when it is no point
 * on its curve
 */
export async function encryptJwe(plaintext: Uint8Array, options: EncryptJweOptions): Promise<string> {
  const { recipient, enc, apu, apv, cty } = options
  if (!isForEncryption(recipient)) {
    const message = 'the key is not one for ECDH-ES: its crv, alg, use or key_ops say otherwise'
    throw new KeysError('keys.alg.mismatch', message)
  }
  const header = {
    alg: 'ECDH-ES',
    enc,
    ...(recipient.kid !== undefined && { kid: recipient.kid }),
    ...(cty !== undefined && { cty }),
  }
  const parties = apu && apv ? { apu, apv } : {}
  try {
    return await encryptJweWith(plaintext, { recipient, enc, header, ...parties })
  } catch (cause) {
    const message = 'nothing can be encrypted to the key: not a point on its curve'
    throw new KeysError('keys.jwk.malformed', message, { cause })
  }
}

/** A fresh private JWK on P-256 for ECDH-ES, as one request's key (HAIP section 5); without `alg`, `use` and `kid`. */
export async function generateEncryptionJwk(): Promise<PrivateJwk> {
  return generateAgreementJwk()
}

/** A Decrypter over a private JWK in this process: ECDH-ES, A128GCM or A256GCM, no compression. */
export async function decrypterFromJwk(jwk: PrivateJwk): Promise<Decrypter> {
  const decrypt = createDecryptJwe(jwk)
  return {
    publicJwk: publicJwkOf(jwk),
    async decrypt(jwe) {
      if (jwe.length > maxLength) throw new KeysError('keys.jwe.malformed', 'the JWE is too long')
      try {
        return await decrypt(parseJwe(jwe))
      } catch (cause) {
        throw new KeysError('keys.jwe.decryption', 'the JWE could not be decrypted with this key', { cause })
      }
    },
  }
}
