import { EkkasanError } from '@ekkasan/core'

export type MdocErrorCode =
  /** Truncated, reserved bytes, bytes after the end, text that is not UTF-8. */
  | 'mdoc.cbor.malformed'
  /** An indefinite length. */
  | 'mdoc.cbor.indefinite'
  | 'mdoc.cbor.duplicate-key'
  /** Longer, deeper or of more items than is read. */
  | 'mdoc.cbor.too-large'
  /** Integers beyond 2^53-1, numbers that are not finite, simple values, keys that are no text and no integer. */
  | 'mdoc.cbor.unsupported'
  /** Not a COSE_Sign1 or COSE_Mac0, or its headers are not what they must be. */
  | 'mdoc.cose.malformed'
  /** The algorithm is not one of the table, or not one that is accepted. */
  | 'mdoc.cose.algorithm'
  /** `crit` names an extension that is not understood. */
  | 'mdoc.cose.critical'
  /** Not a COSE_Key of a supported kind. */
  | 'mdoc.cose.key'
  /** Not base64url of the CBOR structure that it has to be. */
  | 'mdoc.structure'
  /** A version that is not 1. */
  | 'mdoc.version'
  /** The response reports an error, or holds not exactly one document. */
  | 'mdoc.response'
  /** The document and the signed object name different document types. */
  | 'mdoc.doctype-mismatch'
  /** A data element that stands twice in a namespace. */
  | 'mdoc.element.repeated'
  /** An element's value has no form in JSON. */
  | 'mdoc.element.value'
  /** The credential does not hold the element that is to be disclosed. */
  | 'mdoc.element.not-found'
  /** An element is not the one whose digest the issuer signed. */
  | 'mdoc.digest.mismatch'
  /** The issuer signed no digest under the number that an element names. */
  | 'mdoc.digest.missing'
  /** Skipped: there is no issuer's key to check it with. */
  | 'mdoc.issuer.no-key'
  | 'mdoc.issuer.signature'
  /** The device's signature or MAC does not fit: another key, another request, or another document. */
  | 'mdoc.device.authentication'
  /** A MAC, and no reader's key was given to check it with. */
  | 'mdoc.device.no-reader-key'
  /** An issuer's credential was given where a holder's presentation belongs. */
  | 'mdoc.device.missing'
  /** The device signed elements that the issuer did not allow it to. */
  | 'mdoc.device.not-authorized'
  /** Transaction data has no place here that the document type would define. */
  | 'mdoc.device.transaction-unsupported'
  /** An answer over the Digital Credentials API that does not decrypt. */
  | 'mdoc.dc-api.decryption'
  /** It names a holder's key that is not the wallet's. */
  | 'mdoc.holder.other-key'
  /** Skipped: no holder binding was asked for. */
  | 'mdoc.holder.not-required'
  /** Skipped: it stands in the session transcript alone, which the device's signature covers. */
  | 'mdoc.holder.in-transcript'

export class MdocError extends EkkasanError<MdocErrorCode> {}
