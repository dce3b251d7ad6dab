import {
  createCipheriv,
  createDecipheriv,
  createECDH,
  createHash,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  randomBytes,
} from 'node:crypto'
import type { PublicJwk } from '@ekkasan/core'
import { base64url, concatBytes, fromBase64url } from '@ekkasan/core/bytes'
import type { EncryptWith, JweParts } from './jwe-parts.ts'
import { bareJwk, type PrivateJwk, parsePublicJwk } from './jwk.ts'

// ECDH-ES with A128GCM or A256GCM over node:crypto, synchronously: WebCrypto hops to a thread and back for each of
// import, agreement, digest and cipher, which costs a verifier under load more than the cryptography.

const curves: Readonly<Record<string, { readonly name: string; readonly length: number }>> = {
  'P-256': { name: 'prime256v1', length: 32 },
  'P-384': { name: 'secp384r1', length: 48 },
  'P-521': { name: 'secp521r1', length: 66 },
}

/** What agrees with others' keys, made once for a private key. */
type Agree = (other: PublicJwk) => Uint8Array

export function createAgree(jwk: PrivateJwk): Agree {
  const curve = curves[jwk.crv ?? '']
  if (!curve) {
    const key = createPrivateKey({ key: { ...jwk }, format: 'jwk' })
    return (other) => {
      const publicKey = createPublicKey({ key: { ...bareJwk(other) }, format: 'jwk' })
      return diffieHellman({ privateKey: key, publicKey })
    }
  }
  const own = createECDH(curve.name)
  own.setPrivateKey(fromBase64url(jwk.d))
  return (other) => own.computeSecret(pointOf(other, jwk.crv as string))
}

/** Uncompressed (SEC 1 section 2.3.3); that it is on its curve, the agreement checks. */
function pointOf({ crv, x = '', y = '' }: PublicJwk, expected: string): Uint8Array {
  if (crv !== expected) throw new TypeError(`expected a key on ${expected}; the other key is not`)
  return Uint8Array.from([4, ...fromBase64url(x), ...fromBase64url(y)])
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
  const curve = curves[crv]
  if (!curve) {
    const { privateKey, publicKey } = generateKeyPairSync('x25519')
    const other = createPublicKey({ key: { ...bareJwk(recipient) }, format: 'jwk' })
    return {
      epk: publicKey.export({ format: 'jwk' }),
      secret: diffieHellman({ privateKey, publicKey: other }),
    }
  }
  const own = createECDH(curve.name)
  const { x, y } = coordinates(own.generateKeys(), curve.length)
  return { epk: { kty: 'EC', crv, x, y }, secret: own.computeSecret(pointOf(recipient, crv)) }
}

function coordinates(point: Uint8Array, length: number): { readonly x: string; readonly y: string } {
  return { x: base64url(point.subarray(1, 1 + length)), y: base64url(point.subarray(1 + length)) }
}

/** A key pair for one JWE on P-256: by the curve alone, without the key objects that signatures need. */
export function generateAgreementJwk(): PrivateJwk {
  const own = createECDH('prime256v1')
  const point = own.generateKeys()
  const d = new Uint8Array(32)
  const secret = own.getPrivateKey()
  d.set(secret, 32 - secret.length)
  return { kty: 'EC', crv: 'P-256', ...coordinates(point, 32), d: base64url(d) }
}
