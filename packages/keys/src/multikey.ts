import type { PublicJwk } from '@ekkasan/core'
import { base58, base64url, concatBytes, fromBase58, fromBase64url } from '@ekkasan/core/bytes'
import { compressPoint, decompressPoint } from './curve-points.ts'
import { KeysError } from './errors.ts'
import { parsePublicJwk } from './jwk.ts'

/** Multicodec of public keys, as the two bytes of its varint, by JWK curve. */
const codecs: Readonly<Record<string, readonly [number, number]>> = {
  secp256k1: [0xe7, 0x01],
  BLS12381G2: [0xeb, 0x01],
  X25519: [0xec, 0x01],
  Ed25519: [0xed, 0x01],
  'P-256': [0x80, 0x24],
  'P-384': [0x81, 0x24],
  'P-521': [0x82, 0x24],
}

/** Multicodec of RSA keys, which are known by name and not accepted: a JWK or a certificate carries them. */
const rsaCodec = [0x85, 0x24] as const

// The longest that is accepted is BLS12-381 G2 with 135 characters; an RSA key of 4096 bits has 730.
const maxLength = 1024

/**
 * The key of a Multikey: multibase (base58btc `z`, base64url `u`) of multicodec and key, W3C Controlled
 * Identifiers section 2.2.2. Accepts one spelling of each key only.
 * @throws KeysError `keys.multikey.unsupported`
 */
export function parseMultikey(multibase: string): PublicJwk {
  if (multibase.length > maxLength) throw unsupported('too long')
  const bytes = decodeMultibase(multibase)
  const crv = Object.keys(codecs).find((name) => {
    const codec = codecs[name]
    return codec?.[0] === bytes[0] && codec?.[1] === bytes[1]
  })
  if (!crv) {
    const isRsa = bytes[0] === rsaCodec[0] && bytes[1] === rsaCodec[1]
    throw unsupported(isRsa ? 'RSA keys are not accepted in this form' : 'unknown multicodec')
  }
  const key = bytes.subarray(2)
  if (crv === 'Ed25519' || crv === 'X25519' || crv === 'BLS12381G2') {
    if (key.length !== (crv === 'BLS12381G2' ? 96 : 32)) throw unsupported('wrong length')
    return parsePublicJwk({ kty: 'OKP', crv, x: base64url(key) })
  }
  const point = decompressPoint(crv, key)
  if (!point) throw unsupported('not a compressed point of its curve')
  return parsePublicJwk({ kty: 'EC', crv, x: base64url(point.x), y: base64url(point.y) })
}

/**
 * The Multikey of a public key, base58btc.
 * @throws KeysError `keys.multikey.unsupported` for RSA, which has none here
 */
export function multikeyOf(jwk: PublicJwk): string {
  const { crv, x, y } = parsePublicJwk(jwk)
  const codec = crv === undefined ? undefined : codecs[crv]
  if (!codec || x === undefined) throw unsupported('a key of this kind has no multicodec')
  const bytes = fromBase64url(x)
  return `z${base58(concatBytes(Uint8Array.from(codec), y === undefined ? bytes : compressPoint(bytes, fromBase64url(y))))}`
}

function decodeMultibase(multibase: string): Uint8Array {
  try {
    if (multibase.startsWith('z')) return fromBase58(multibase.slice(1))
    if (multibase.startsWith('u')) return fromBase64url(multibase.slice(1))
  } catch {
    throw unsupported('not multibase')
  }
  throw unsupported('not multibase base58btc or base64url')
}

function unsupported(what: string): KeysError {
  return new KeysError('keys.multikey.unsupported', `not an acceptable Multikey: ${what}`)
}
