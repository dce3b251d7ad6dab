import type { PublicJwk } from '@ekkasan/core'
import { fromBase64url, textFromBase64url } from '@ekkasan/core/bytes'
import { type JsonObject, parseJsonObject } from '@ekkasan/core/json'

/** Content encryption accepted and used: OpenID4VP section 8.3, HAIP section 5. */
export type ContentEncryption = 'A128GCM' | 'A256GCM'

/** A compact JWE with ECDH-ES (RFC 7516 section 7.1), taken apart. */
export interface JweParts {
  /** The whole, as it came. */
  readonly jwe: string
  readonly enc: ContentEncryption
  readonly header: JsonObject
  /** As it was written: what the tag covers. */
  readonly protectedHeader: string
  readonly iv: Uint8Array
  readonly ciphertext: Uint8Array
  readonly tag: Uint8Array
}

/** How something is encrypted. */
export interface EncryptWith {
  readonly recipient: PublicJwk
  readonly enc: ContentEncryption
  /** Beside `epk`, `apu` and `apv`. */
  readonly header: JsonObject
  readonly apu?: Uint8Array
  readonly apv?: Uint8Array
}

const maxParty = 1024

/**
 * Shape only: five parts, ECDH-ES in direct agreement, AES-GCM with its lengths, no compression, no extension.
 * @throws SyntaxError, TypeError
 */
export function parseJwe(jwe: string): JweParts {
  const [protectedHeader = '', encryptedKey, iv = '', ciphertext = '', tag = '', ...more] = jwe.split('.', 6)
  if (encryptedKey !== '' || more.length > 0) throw new SyntaxError('not five parts with an empty key')
  const header = parseJsonObject(textFromBase64url(protectedHeader), { maxLength: 65_536 })
  const { alg, enc, zip, crit, apu, apv } = header
  if (alg !== 'ECDH-ES') throw new SyntaxError('alg is not ECDH-ES')
  if (enc !== 'A128GCM' && enc !== 'A256GCM') throw new SyntaxError('enc is not A128GCM or A256GCM')
  // Compressed content could unpack to gigabytes.
  if (zip !== undefined || crit !== undefined) throw new SyntaxError('zip and crit are not understood')
  for (const party of [apu, apv]) {
    const isParty = typeof party === 'string' && party.length <= maxParty
    if (party !== undefined && !isParty) throw new SyntaxError('apu or apv is malformed')
  }
  const parts = { iv: fromBase64url(iv), ciphertext: fromBase64url(ciphertext), tag: fromBase64url(tag) }
  if (parts.iv.length !== 12 || parts.tag.length !== 16)
    throw new SyntaxError(
      `expected an iv of 12 bytes and a tag of 16; got ${parts.iv.length} and ${parts.tag.length}`,
    )
  return { jwe, enc, header, protectedHeader, ...parts }
}
