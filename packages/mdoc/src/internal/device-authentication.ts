import type { PresentationBinding, PublicJwk } from '@ekkasan/core'
import { concatBytes, hash } from '@ekkasan/core/bytes'
import { CoseError, decodeCbor, deriveMacKey, type EmbeddedCbor, embed, encodeCbor } from '@ekkasan/cose'
import type { KeyAgreement } from '../key-agreement.ts'
import { sessionTranscriptOf } from '../session-transcript.ts'

/** An array of four, and its first item. */
const deviceAuthenticationHead = concatBytes(Uint8Array.of(0x84), encodeCbor('DeviceAuthentication'))

/**
 * The transcript to authenticate for.
 * @throws TypeError when it is not CBOR of an array of three, or a binding without response URI and origin
 */
export function transcriptOf(binding: PresentationBinding | Uint8Array): Uint8Array {
  if (!(binding instanceof Uint8Array)) return sessionTranscriptOf(binding)
  try {
    const parts = decodeCbor(binding)
    if (Array.isArray(parts) && parts.length === 3) return binding
  } catch (error) {
    if (!(error instanceof CoseError)) throw error
  }
  throw new TypeError('a SessionTranscript is CBOR of an array of three, without tag 24 around it')
}

/** DeviceAuthenticationBytes, ISO/IEC 18013-5 section 9.1.3.4: what the device signs. */
export function deviceAuthentication(
  sessionTranscript: Uint8Array,
  docType: string,
  deviceNamespaces: EmbeddedCbor,
): Uint8Array {
  // Put together of bytes: a transcript with parts by others need not be encoded as it would be here.
  return embed(
    concatBytes(deviceAuthenticationHead, sessionTranscript, encodeCbor(docType), deviceNamespaces.encoded),
  ).encoded
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
