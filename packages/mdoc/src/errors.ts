import { EkkasanError } from '@ekkasan/core'

/** Beside those of CoseError: what is no acceptable CBOR or COSE. */
export type MdocErrorCode =
  /** Not base64url of the CBOR structure that it has to be. */
  | 'mdoc.structure'
  /** A version that is not 1. */
  | 'mdoc.version'
  /** The response reports an error, or holds not exactly one document, or more than are read. */
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
  /** Signed before or after the certificate of its signer was valid. */
  | 'mdoc.issuer.signed-outside'
  /** Its `issuing_country` is not that of its signer's certificate. */
  | 'mdoc.issuer.other-country'
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
  /** A part of the second edition of ISO/IEC 18013-5 that is not understood: proofs in zero knowledge. */
  | 'mdoc.unsupported'
  /** A request whose reader's signature does not fit, or that is signed in part. */
  | 'mdoc.reader.authentication'
  /** An answer over the Digital Credentials API that does not decrypt. */
  | 'mdoc.dc-api.decryption'
  /** It names a holder's key that is not the wallet's. */
  | 'mdoc.holder.other-key'
  /** Skipped: no holder binding was asked for. */
  | 'mdoc.holder.not-required'
  /** Skipped: it stands in the session transcript alone, which the device's signature covers. */
  | 'mdoc.holder.in-transcript'

export class MdocError extends EkkasanError<MdocErrorCode> {}
