import type { Algorithm, PublicJwk } from '@ekkasan/core'
import { base64url } from '@ekkasan/core/bytes'
import { parseMultikey } from '@ekkasan/did'
import type { IKey } from '@veramo/core-types'
import { VeramoError } from './errors.ts'

const kinds: Readonly<
  Record<string, { readonly alg: Algorithm; readonly codec: readonly [number, number] }>
> = {
  Secp256r1: { alg: 'ES256', codec: [0x80, 0x24] },
  Secp256k1: { alg: 'ES256K', codec: [0xe7, 0x01] },
  Ed25519: { alg: 'EdDSA', codec: [0xed, 0x01] },
}

/** What Veramo calls a key's type, as an algorithm of signatures; undefined for those that do not sign. */
export function algorithmOf(type: string): Algorithm | undefined {
  return Object.hasOwn(kinds, type) ? kinds[type]?.alg : undefined
}

/**
 * The public JWK of a key that Veramo holds as hex: a point compressed (Secp256r1) or not (Secp256k1), or 32 bytes.
 * @throws VeramoError `veramo.key.unsupported`
 */
export function publicJwkOfKey({ type, publicKeyHex }: Pick<IKey, 'type' | 'publicKeyHex'>): PublicJwk {
  const kind = Object.hasOwn(kinds, type) ? kinds[type] : undefined
  if (!kind || !/^(?:[0-9a-f]{2})+$/i.test(publicKeyHex)) {
    throw new VeramoError('veramo.key.unsupported', `keys of type ${type} are not signed with here`)
  }
  const bytes = Uint8Array.from(publicKeyHex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))
  const isWhole = bytes.length === 65 && bytes[0] === 4
  const key = isWhole ? Uint8Array.of(2 | ((bytes[64] as number) & 1), ...bytes.subarray(1, 33)) : bytes
  return parseMultikey(`u${base64url(Uint8Array.of(...kind.codec, ...key))}`)
}
