import type { PublicJwk } from '@ekkasan/core'
import { hash } from '@ekkasan/core/bytes'
import type { KeyAgreement } from '../key-agreement.ts'
import { decodeCbor } from './cbor-decode.ts'
import { embed, embedCbor } from './cbor-encode.ts'
import type { EmbeddedCbor } from './cbor-value.ts'
import { deriveMacKey } from './cose.ts'

/** DeviceAuthenticationBytes, ISO/IEC 18013-5 section 9.1.3.4: what the device signs. */
export function deviceAuthentication(
  sessionTranscript: Uint8Array,
  docType: string,
  deviceNamespaces: EmbeddedCbor,
): Uint8Array {
  const transcript = decodeCbor(sessionTranscript)
  return embedCbor(['DeviceAuthentication', transcript, docType, deviceNamespaces]).encoded
}

/** The key of a device's MAC, ISO/IEC 18013-5 section 9.1.3.5. */
export async function deviceMacKey(
  own: KeyAgreement,
  other: PublicJwk,
  sessionTranscript: Uint8Array,
): Promise<CryptoKey> {
  const salt = hash('sha-256', embed(sessionTranscript).encoded)
  return deriveMacKey(await own.agree(other), salt, 'EMacKey')
}
