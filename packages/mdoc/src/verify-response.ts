import { checkParsed, createChecks, RejectedError, UnavailableError } from '@ekkasan/core'
import { type DeviceResponse, parseDeviceResponse, parseDocument } from './internal/device-response.ts'
import { bytesOf } from './present.ts'
import { type VerifiedMdoc, type VerifyMdocOptions, verifyDocument } from './verify.ts'

export interface VerifiedDeviceResponse extends Pick<DeviceResponse, 'documentErrors'> {
  /** In the order of the response, each by itself: one may be good where another is not. */
  readonly documents: readonly VerifiedDocument[]
}

export type VerifiedDocument =
  | { readonly verified: VerifiedMdoc }
  /** With all checks in `error.checks`. */
  | { readonly error: RejectedError | UnavailableError }

/**
 * Verifies each document of a DeviceResponse, base64url, that may hold several (ISO/IEC 18013-5 section 8.3.2.1.2.2),
 * as `verifyMdoc` does one. In OpenID4VP each presentation has one (Appendix B.2.5): there `verifyMdoc` is the one to
 * call.
 * @throws RejectedError when it is no DeviceResponse, or holds more documents than are read
 */
export async function verifyDeviceResponse(
  response: unknown,
  options: VerifyMdocOptions,
): Promise<VerifiedDeviceResponse> {
  const { documents, documentErrors } = checkParsed(createChecks(), () =>
    parseDeviceResponse(bytesOf(response)),
  )
  const verify = async (document: (typeof documents)[number]): Promise<VerifiedDocument> => {
    try {
      return { verified: await verifyDocument(() => parseDocument(document), options) }
    } catch (error) {
      if (error instanceof RejectedError || error instanceof UnavailableError) return { error }
      throw error
    }
  }
  return { documents: await Promise.all(documents.map(verify)), documentErrors }
}
