import type { PublicJwk } from '@ekkasan/core'
import { base64url, concatBytes, fromBase64url, utf8 } from '@ekkasan/core/bytes'
import type { KeyAgreement } from '../key-agreement.ts'

// HPKE, RFC 9180, base mode with one message: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-128-GCM.

const version = utf8('HPKE-v1')
const kemSuite = Uint8Array.of(...utf8('KEM'), 0, 0x10)
const suite = Uint8Array.of(...utf8('HPKE'), 0, 0x10, 0, 1, 0, 1)
const noSalt = new Uint8Array(32)
const nothing = new Uint8Array()

/** Encrypts to a key; `own` is a key made for this one message, whose public half is the encapsulated key. */
export async function sealHpke(
  own: KeyAgreement,
  recipient: PublicJwk,
  info: Uint8Array,
  plaintext: Uint8Array,
): Promise<{ readonly enc: Uint8Array; readonly cipherText: Uint8Array }> {
  const enc = pointOf(own.publicJwk)
  const { key, iv } = await schedule(await own.agree(recipient), enc, pointOf(recipient), info, 'encrypt')
  const data = Uint8Array.from(plaintext)
  return { enc, cipherText: new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, data)) }
}

/** @throws KeysError when `enc` is no point of P-256; a DOMException when it does not decrypt */
export async function openHpke(
  recipient: KeyAgreement,
  enc: Uint8Array,
  info: Uint8Array,
  cipherText: Uint8Array,
): Promise<Uint8Array> {
  const secret = await recipient.agree(jwkOfPoint(enc))
  const { key, iv } = await schedule(secret, enc, pointOf(recipient.publicJwk), info, 'decrypt')
  const data = Uint8Array.from(cipherText)
  return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, data))
}

/** Sections 4.1 and 5.1. */
async function schedule(
  dh: Uint8Array,
  enc: Uint8Array,
  recipient: Uint8Array,
  info: Uint8Array,
  use: 'encrypt' | 'decrypt',
) {
  const prk = await extract(kemSuite, noSalt, 'eae_prk', dh)
  const shared = await expand(kemSuite, prk, 'shared_secret', concatBytes(enc, recipient), 32)
  const context = concatBytes(
    Uint8Array.of(0),
    await extract(suite, noSalt, 'psk_id_hash', nothing),
    await extract(suite, noSalt, 'info_hash', info),
  )
  const secret = await extract(suite, shared, 'secret', nothing)
  const key = await expand(suite, secret, 'key', context, 16)
  return {
    key: await crypto.subtle.importKey('raw', key, 'AES-GCM', false, [use]),
    iv: await expand(suite, secret, 'base_nonce', context, 12),
  }
}

function extract(id: Uint8Array, salt: Uint8Array, label: string, ikm: Uint8Array) {
  return hmac(salt, concatBytes(version, id, utf8(label), ikm))
}

/** One block of HKDF-Expand: no more than 32 bytes are asked for. */
async function expand(id: Uint8Array, prk: Uint8Array, label: string, info: Uint8Array, length: number) {
  const head = Uint8Array.of(0, length)
  const block = await hmac(prk, concatBytes(head, version, id, utf8(label), info, Uint8Array.of(1)))
  return block.slice(0, length)
}

async function hmac(secret: Uint8Array, data: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('raw', Uint8Array.from(secret), algorithm, false, ['sign'])
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, data))
}

/** Uncompressed, SEC 1 section 2.3.3. */
function pointOf({ x = '', y = '' }: PublicJwk): Uint8Array {
  return concatBytes(Uint8Array.of(4), fromBase64url(x), fromBase64url(y))
}

function jwkOfPoint(point: Uint8Array): PublicJwk {
  const isUncompressed = point.length === 65 && point[0] === 4
  const bytes = isUncompressed ? point : new Uint8Array(65)
  return { kty: 'EC', crv: 'P-256', x: base64url(bytes.subarray(1, 33)), y: base64url(bytes.subarray(33)) }
}
