import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto'
import type { PublicJwk } from '@ekkasan/core'
import { base64url, concatBytes, fromBase64url } from '@ekkasan/core/bytes'
import type { EncryptWith, JweParts } from './jwe-parts.ts'
import { bareJwk, type PrivateJwk, parsePublicJwk } from './jwk.ts'
import { pemOf } from './public-key.node.ts'

// ECDH-ES with A128GCM or A256GCM over node:crypto, synchronously: WebCrypto hops to a thread and back for each of
// import, agreement, digest and cipher, which costs a verifier under load more than the cryptography.

/** What agrees with others' keys, made once for a private key. */
type Agree = (other: PublicJwk) => Uint8Array

/** Pairs made here that nothing was decrypted with yet: to take one from its JWK costs as much as to agree. */
const made = new Map<string, KeyObject>()
const maxMade = 1000
const nameOf = ({ crv, x, y, d }: PrivateJwk) => `${crv} ${x} ${y} ${d}`

export function createAgree(jwk: PrivateJwk): Agree {
  const name = nameOf(jwk)
  const privateKey = made.get(name) ?? createPrivateKey({ key: { ...jwk }, format: 'jwk' })
  made.delete(name)
  return (other) => {
    if (other.crv !== jwk.crv) throw new TypeError(`expected a key on ${jwk.crv}; the other key is not`)
    return diffieHellman({ privateKey, publicKey: publicKeyOf(other) })
  }
}

/** Whether it is on its curve, its import or the agreement checks. */
function publicKeyOf(jwk: PublicJwk): KeyObject {
  return createPublicKey(pemOf(jwk) ?? { key: { ...bareJwk(jwk) }, format: 'jwk' })
}

const cipherOf = { A128GCM: 'aes-128-gcm', A256GCM: 'aes-256-gcm' } as const
const keyLengths = { A128GCM: 16, A256GCM: 32 } as const

/** Concat KDF with one round of SHA-256 (RFC 7518 section 4.6.2). */
export function contentKey(
  secret: Uint8Array,
  enc: keyof typeof keyLengths,
  apu: Uint8Array,
  apv: Uint8Array,
): Uint8Array {
  const hash = createHash('sha256').update(uint32(1)).update(secret)
  for (const part of [Buffer.from(enc), apu, apv]) hash.update(uint32(part.length)).update(part)
  return hash
    .update(uint32(keyLengths[enc] * 8))
    .digest()
    .subarray(0, keyLengths[enc])
}

function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value)
  return bytes
}

/** @returns what decrypts to the key; it throws for whatever was not encrypted to it */
export function createDecryptJwe(jwk: PrivateJwk): (parts: JweParts) => Uint8Array {
  const agree = createAgree(jwk)
  return ({ enc, header, protectedHeader, iv, ciphertext, tag }) => {
    const { epk, apu = '', apv = '' } = header
    const secret = agree(parsePublicJwk(epk))
    const key = contentKey(secret, enc, fromBase64url(String(apu)), fromBase64url(String(apv)))
    const decipher = createDecipheriv(cipherOf[enc], key, iv, { authTagLength: 16 })
    decipher.setAAD(Buffer.from(protectedHeader)).setAuthTag(tag)
    return concatBytes(decipher.update(ciphertext), decipher.final())
  }
}

export function encryptJweWith(
  plaintext: Uint8Array,
  { recipient, header, enc, apu, apv }: EncryptWith,
): string {
  const { epk, secret } = agreeOnce(recipient)
  const protectedHeader = base64url(
    JSON.stringify({
      ...header,
      epk,
      ...(apu && { apu: base64url(apu) }),
      ...(apv && { apv: base64url(apv) }),
    }),
  )
  const none = new Uint8Array()
  const iv = randomBytes(12)
  const key = contentKey(secret, enc, apu ?? none, apv ?? none)
  const cipher = createCipheriv(cipherOf[enc], key, iv, { authTagLength: 16 })
  cipher.setAAD(Buffer.from(protectedHeader))
  const ciphertext = concatBytes(cipher.update(plaintext), cipher.final())
  const parts = [iv, ciphertext, cipher.getAuthTag()].map((part) => base64url(part))
  return `${protectedHeader}..${parts.join('.')}`
}

/** A fresh key and what it agrees on with the recipient's. */
function agreeOnce(recipient: PublicJwk): { readonly epk: object; readonly secret: Uint8Array } {
  const { crv = '' } = recipient
  const { privateKey, publicKey } =
    crv === 'X25519' ? generateKeyPairSync('x25519') : generateKeyPairSync('ec', { namedCurve: crv })
  return {
    epk: publicKey.export({ format: 'jwk' }),
    secret: diffieHellman({ privateKey, publicKey: publicKeyOf(recipient) }),
  }
}

/** A key pair for one JWE on P-256. */
export function generateAgreementJwk(): PrivateJwk {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x = '', y = '', d = '' } = privateKey.export({ format: 'jwk' })
  const jwk: PrivateJwk = { kty: 'EC', crv: 'P-256', x, y, d }
  if (made.size >= maxMade) made.delete(made.keys().next().value as string)
  made.set(nameOf(jwk), privateKey)
  return jwk
}
