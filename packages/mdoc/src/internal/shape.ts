import { type CborMap, CborTag, type CborValue, decodeCbor, EmbeddedCbor } from '@ekkasan/cose'
import { MdocError } from '../errors.ts'

// What a structure of ISO/IEC 18013-5 asks of a decoded value. All throw MdocError `mdoc.structure`.

export function malformed(what: string): MdocError {
  return new MdocError('mdoc.structure', `not what ISO/IEC 18013-5 says: ${what}`)
}

export function requireMap(value: CborValue | undefined, what: string): CborMap {
  if (!(value instanceof Map)) throw malformed(`${what} is not a map`)
  return value
}

export function requireArray(value: CborValue | undefined, what: string): readonly CborValue[] {
  if (!Array.isArray(value)) throw malformed(`${what} is not an array`)
  return value
}

/** Of a request and of a response: each takes two or three signatures to verify. */
export const maxDocuments = 16

/** What a DeviceRequest asks for. */
export function requireDocRequests(request: CborMap): readonly CborMap[] {
  requireVersion(request.get('version'))
  const docRequests = requireArray(request.get('docRequests'), 'docRequests')
  if (docRequests.length === 0 || docRequests.length > maxDocuments) {
    throw malformed(`docRequests are not 1 to ${maxDocuments}`)
  }
  return docRequests.map((docRequest) => requireMap(docRequest, 'a DocRequest'))
}

export function requireText(value: CborValue | undefined, what: string): string {
  if (typeof value !== 'string') throw malformed(`${what} is not a text`)
  return value
}

export function requireBytes(value: CborValue | undefined, what: string): Uint8Array {
  if (!(value instanceof Uint8Array)) throw malformed(`${what} is not a byte string`)
  return value
}

export function requireEmbedded(value: CborValue | undefined, what: string): EmbeddedCbor {
  if (!(value instanceof EmbeddedCbor)) throw malformed(`${what} is not encoded CBOR with tag 24`)
  return value
}

/** Namespace -> something. */
export function requireTextKeys(map: CborMap, what: string): ReadonlyMap<string, CborValue> {
  for (const key of map.keys())
    if (typeof key !== 'string') throw malformed(`${what} has a key that is no text`)
  return map as ReadonlyMap<string, CborValue>
}

const dateTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/

/** A tdate: tag 0 over RFC 3339. */
export function requireDate(value: CborValue | undefined, what: string): Date {
  const text = value instanceof CborTag && value.tag === 0 ? value.value : undefined
  if (typeof text !== 'string' || !dateTime.test(text)) throw malformed(`${what} is not a tdate`)
  const date = new Date(text)
  if (Number.isNaN(date.getTime())) throw malformed(`${what} is not a date`)
  return date
}

/** Version 1, with any minor version. */
export function requireVersion(value: CborValue | undefined): void {
  if (typeof value !== 'string' || !/^1\.\d{1,3}$/.test(value)) {
    throw new MdocError('mdoc.version', 'a version that is not 1')
  }
}

export function decodeEmbedded(value: CborValue | undefined, what: string): CborValue {
  return decodeCbor(requireEmbedded(value, what).content)
}
