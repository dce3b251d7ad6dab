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
}

/**
 * Shape only, of a DeviceResponse (ISO/IEC 18013-5 section 8.3.2.1.2.2) with one document.
 * @throws MdocError, CoseError
 */
export function parseDeviceResponse(bytes: Uint8Array): MdocDocument {
  const response = requireMap(decodeCbor(bytes), 'DeviceResponse')
  if (response.has('issuerAuth')) {
    throw new MdocError('mdoc.device.missing', 'a credential stands where a presentation belongs')
  }
  requireVersion(response.get('version'))
  if (response.get('status') !== 0) throw new MdocError('mdoc.response', 'the response reports an error')
  const [document, ...others] = requireArray(response.get('documents') ?? [], 'documents')
  if (document === undefined || others.length > 0) {
    throw new MdocError('mdoc.response', 'the response holds not exactly one document')
  }
  return parseDocument(requireMap(document, 'Document'))
}

function parseDocument(document: CborMap): MdocDocument {
  const docType = requireText(document.get('docType'), 'docType')
  const issuerSigned = parseIssuerSigned(document.get('issuerSigned'))
  if (docType !== issuerSigned.mso.docType) {
    throw new MdocError('mdoc.doctype-mismatch', 'the issuer signed another document type')
  }
  return { docType, issuerSigned, deviceSigned: parseDeviceSigned(document.get('deviceSigned')) }
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
