import { EkkasanError } from '@ekkasan/core'

export type DidErrorCode =
  /** Not a DID of the method, or one longer than any honest one. */
  | 'did.identifier.malformed'
  /** The key in a did:key, did:jwk or verification method is of no supported kind, or not a key at all. */
  | 'did.key.unsupported'
  /** The DID document is not one, or says something that it must not say. */
  | 'did.document.invalid'
  /** The document holds no such verification method. */
  | 'did.document.key-not-found'
  /** The verification method stands in the document, and not under the relationship asked for. */
  | 'did.document.key-not-authorized'

export class DidError extends EkkasanError<DidErrorCode> {}
