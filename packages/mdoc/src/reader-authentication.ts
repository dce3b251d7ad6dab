import type { PublicJwk, Signer } from '@ekkasan/core'
import { base64url, concatBytes, fromBase64 } from '@ekkasan/core/bytes'
import {
  type CborInput,
  type CborMap,
  CoseError,
  decodeCbor,
  type EmbeddedCbor,
  embed,
  encodeCbor,
  parseCose,
  signCose,
  verifyCoseSignature,
  x5chainHeader,
  x5cOf,
} from '@ekkasan/cose'
import { KeysError } from '@ekkasan/keys'
import { MdocError } from './errors.ts'
import { transcriptOf } from './internal/device-authentication.ts'
import { malformed, requireDocRequests, requireEmbedded, requireMap } from './internal/shape.ts'
import { bytesOf } from './present.ts'

// Reader authentication, ISO/IEC 18013-5 section 9.1.4.

export interface SignDeviceRequestOptions {
  /** With the reader's certificate chain in `key.x5c`. */
  readonly signer: Signer
  /** Encoded: `dcApiSessionTranscript`. */
  readonly sessionTranscript: Uint8Array
}

/**
 * Signs each document that a DeviceRequest, base64url, asks for.
 * @throws TypeError when the signer has no certificate chain; MdocError, CoseError when it is no DeviceRequest
 */
export async function signDeviceRequest(
  deviceRequest: string,
  { signer, sessionTranscript }: SignDeviceRequestOptions,
): Promise<string> {
  const { x5c } = signer.key
  if (!x5c?.length) throw new TypeError('a reader is named by a certificate chain: the signer has no x5c')
  const { request, docRequests } = parseDocRequests(deviceRequest)
  const unprotected = x5chainHeader(x5c)
  const signed = docRequests.map(async ({ docRequest, itemsRequest }) => {
    const payload = readerAuthentication(sessionTranscript, itemsRequest)
    const readerAuth = await signCose({ signer, payload, unprotected, detached: true })
    return new Map<string | number, CborInput>([...asInput(docRequest), ['readerAuth', readerAuth]])
  })
  return base64url(encodeCbor(new Map([...asInput(request), ['docRequests', await Promise.all(signed)]])))
}

export interface VerifyDeviceRequestOptions {
  readonly sessionTranscript: Uint8Array
  /** The key of a certificate, DER: `readClientCertificate` of @ekkasan/x509. Shape only. */
  readonly readCertificate: (der: Uint8Array) => Promise<{ readonly publicJwk: PublicJwk }>
}

/**
 * By whose certificate the documents of a DeviceRequest, base64url, are asked for: the chain of the reader, leaf first,
 * whose key signed all of them for this session. What the chain is worth is not looked at. Undefined when nobody signed.
 * @throws MdocError `mdoc.reader.authentication` when a signature does not fit, some documents are not signed, or not by
 *   the same reader; CoseError, and what `readCertificate` throws
 */
export async function verifyDeviceRequest(
  deviceRequest: string,
  { sessionTranscript, readCertificate }: VerifyDeviceRequestOptions,
): Promise<readonly string[] | undefined> {
  const { docRequests } = parseDocRequests(deviceRequest)
  if (!docRequests.some(({ docRequest }) => docRequest.has('readerAuth'))) return undefined
  let reader: readonly string[] | undefined
  for (const { docRequest, itemsRequest } of docRequests) {
    if (!docRequest.has('readerAuth')) throw unauthentic('some documents are asked for by nobody')
    const auth = parseCose(docRequest.get('readerAuth'))
    if (auth.payload !== null) throw malformed('the payload of readerAuth is not detached')
    const x5c = x5cOf(auth.unprotected)
    if (reader && reader.join() !== x5c.join()) throw unauthentic('the documents have several readers')
    reader = x5c
    const { publicJwk } = await readCertificate(fromBase64(x5c[0] as string))
    const isSigned = await verifyCoseSignature(
      auth,
      publicJwk,
      readerAuthentication(sessionTranscript, itemsRequest),
    ).catch((error: unknown) => {
      if (error instanceof KeysError || error instanceof CoseError) return false
      throw error
    })
    if (!isSigned) throw unauthentic('its signature does not fit')
  }
  return reader
}

/** ReaderAuthenticationBytes: what the reader signs. */
function readerAuthentication(sessionTranscript: Uint8Array, itemsRequest: EmbeddedCbor): Uint8Array {
  const head = concatBytes(Uint8Array.of(0x83), encodeCbor('ReaderAuthentication'))
  return embed(concatBytes(head, transcriptOf(sessionTranscript), itemsRequest.encoded)).encoded
}

function parseDocRequests(deviceRequest: string) {
  const request = requireMap(decodeCbor(bytesOf(deviceRequest)), 'DeviceRequest')
  const docRequests = requireDocRequests(request).map((docRequest) => ({
    docRequest,
    itemsRequest: requireEmbedded(docRequest.get('itemsRequest'), 'ItemsRequestBytes'),
  }))
  return { request, docRequests }
}

function asInput(map: CborMap): ReadonlyMap<string | number, CborInput> {
  return map as ReadonlyMap<string | number, CborInput>
}

function unauthentic(what: string): MdocError {
  return new MdocError('mdoc.reader.authentication', `the reader is not known: ${what}`)
}
