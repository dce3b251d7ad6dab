import type { PresentationBinding } from '@ekkasan/core'
import { fromBase64url, hash } from '@ekkasan/core/bytes'
import { type CborInput, encodeCbor } from '@ekkasan/cose'

/**
 * The SessionTranscript that a binding names, encoded; else that of an OpenID4VP request: with an origin that of the Digital Credentials API
 * (Appendix B.2.6.2), else that of redirects (Appendix B.2.6.1).
 * @throws TypeError when the binding has no response URI and no origin
 */
export function sessionTranscriptOf(binding: PresentationBinding): Uint8Array {
  const { clientId, nonce, responseUri, origin, encryptionKeyThumbprint: thumbprint } = binding
  if (binding.sessionTranscript) return binding.sessionTranscript
  const jwkThumbprint = thumbprint === undefined ? null : fromBase64url(thumbprint)
  if (origin !== undefined) return transcript('OpenID4VPDCAPIHandover', [origin, nonce, jwkThumbprint])
  if (responseUri === undefined) throw new TypeError('an mdoc is bound to a response URI or to an origin')
  return transcript('OpenID4VPHandover', [clientId, nonce, jwkThumbprint, responseUri])
}

export interface DcApiTranscriptOptions {
  /** `encryptionInfo` of the request, base64url as it stood there. */
  readonly encryptionInfo: string
  /** Of the page that asks, as the browser names it. */
  readonly origin: string
}

/** The SessionTranscript of a request by `org-iso-mdoc` (ISO/IEC TS 18013-7 Annex C), encoded. */
export function dcApiSessionTranscript({ encryptionInfo, origin }: DcApiTranscriptOptions): Uint8Array {
  return transcript('dcapi', [encryptionInfo, origin])
}

function transcript(handover: string, info: CborInput): Uint8Array {
  return encodeCbor([null, null, [handover, hash('sha-256', encodeCbor(info))]])
}
