import {
  type CborMap,
  type CborValue,
  type CoseMessage,
  decodeCbor,
  type EmbeddedCbor,
  parseCose,
} from '@ekkasan/cose'
import { MdocError } from '../errors.ts'
import { type IssuerSigned, parseIssuerSigned } from './issuer-signed.ts'
import {
  malformed,
  maxDocuments,
  requireArray,
  requireEmbedded,
  requireMap,
  requireText,
  requireTextKeys,
  requireVersion,
} from './shape.ts'

export interface DeviceSigned {
  readonly kind: 'signature' | 'mac'
  readonly auth: CoseMessage
  readonly namespacesBytes: EmbeddedCbor
  /** Namespace -> element -> value, by the device's word alone. */
  readonly namespaces: ReadonlyMap<string, CborMap>
}

export interface MdocDocument {
  readonly docType: string
  readonly issuerSigned: IssuerSigned
  readonly deviceSigned: DeviceSigned
  /** Why elements are not there, by the device's word alone. */
  readonly errors?: MdocElementErrors
}

/** Namespace -> element -> error code of ISO/IEC 18013-5 section 8.3.2.1.2.3: 0 says that it is not there. */
export type MdocElementErrors = Readonly<Record<string, Readonly<Record<string, number>>>>

export interface DeviceResponse {
  /** Still to be parsed. */
  readonly documents: readonly CborMap[]
  /** Document types that are not in it, each with its error code. */
  readonly documentErrors: readonly { readonly docType: string; readonly code: number }[]
}

/**
 * Shape only, of a DeviceResponse (ISO/IEC 18013-5 section 8.3.2.1.2.2).
 * @throws MdocError, CoseError
 */
export function parseDeviceResponse(bytes: Uint8Array): DeviceResponse {
  const response = requireMap(decodeCbor(bytes), 'DeviceResponse')
  if (response.has('issuerAuth')) {
    throw new MdocError('mdoc.device.missing', 'a credential stands where a presentation belongs')
  }
  requireVersion(response.get('version'))
  if (response.get('status') !== 0) throw new MdocError('mdoc.response', 'the response reports an error')
  for (const name of ['zkDocuments', 'encryptedDocuments']) {
    if (response.has(name)) throw new MdocError('mdoc.unsupported', `${name} are not understood`)
  }
  const documents = requireArray(response.get('documents') ?? [], 'documents')
  if (documents.length > maxDocuments)
    throw new MdocError('mdoc.response', 'the response holds too many documents')
  return {
    documents: documents.map((document) => requireMap(document, 'Document')),
    documentErrors: requireArray(response.get('documentErrors') ?? [], 'documentErrors').flatMap((error) =>
      Array.from(requireCodes(error, 'DocumentError'), ([docType, code]) => ({ docType, code })),
    ),
  }
}

/** @throws MdocError `mdoc.response` unless it holds exactly one document */
export function parseOnlyDocument(bytes: Uint8Array): MdocDocument {
  const [document, ...others] = parseDeviceResponse(bytes).documents
  if (document === undefined || others.length > 0) {
    throw new MdocError('mdoc.response', 'the response holds not exactly one document')
  }
  return parseDocument(document)
}

/** A map of text to whole numbers. */
function requireCodes(value: CborValue | undefined, what: string): ReadonlyMap<string, number> {
  const codes = requireTextKeys(requireMap(value, what), what)
  for (const code of codes.values()) if (!Number.isSafeInteger(code)) throw malformed(`${what} has no code`)
  return codes as ReadonlyMap<string, number>
}

/** Shape only. @throws MdocError, CoseError */
export function parseDocument(document: CborMap): MdocDocument {
  const docType = requireText(document.get('docType'), 'docType')
  const issuerSigned = parseIssuerSigned(document.get('issuerSigned'))
  if (docType !== issuerSigned.mso.docType) {
    throw new MdocError('mdoc.doctype-mismatch', 'the issuer signed another document type')
  }
  const errors = document.get('errors')
  return {
    docType,
    issuerSigned,
    deviceSigned: parseDeviceSigned(document.get('deviceSigned')),
    ...(errors !== undefined && { errors: parseErrors(errors) }),
  }
}

function parseErrors(value: CborValue): MdocElementErrors {
  const errors = requireTextKeys(requireMap(value, 'errors'), 'errors')
  return Object.fromEntries(
    Array.from(errors, ([name, codes]) => [name, Object.fromEntries(requireCodes(codes, 'ErrorItems'))]),
  )
}

function parseDeviceSigned(value: CborValue | undefined): DeviceSigned {
  const signed = requireMap(value, 'deviceSigned')
  const namespacesBytes = requireEmbedded(signed.get('nameSpaces'), 'DeviceNameSpacesBytes')
  const namespaces = requireMap(decodeCbor(namespacesBytes.content), 'DeviceNameSpaces')
  for (const elements of requireTextKeys(namespaces, 'DeviceNameSpaces').values()) {
    requireTextKeys(requireMap(elements, 'DeviceSignedItems'), 'DeviceSignedItems')
  }
  const deviceAuth = requireMap(signed.get('deviceAuth'), 'deviceAuth')
  if (deviceAuth.size !== 1) throw malformed('deviceAuth')
  const signature = deviceAuth.get('deviceSignature')
  const auth = parseCose(signature ?? deviceAuth.get('deviceMac'))
  if (auth.payload !== null) throw malformed('the payload of deviceAuth is not detached')
  return {
    kind: signature === undefined ? 'mac' : 'signature',
    auth,
    namespacesBytes,
    namespaces: namespaces as ReadonlyMap<string, CborMap>,
  }
}
