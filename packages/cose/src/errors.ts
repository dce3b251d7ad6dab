import { EkkasanError } from '@ekkasan/core'

export type CoseErrorCode =
  /** Truncated, reserved bytes, bytes after the end, text that is not UTF-8. */
  | 'cose.cbor.malformed'
  /** An indefinite length. */
  | 'cose.cbor.indefinite'
  | 'cose.cbor.duplicate-key'
  /** Longer, deeper or of more items than is read. */
  | 'cose.cbor.too-large'
  /** Integers beyond 2^53-1, numbers that are not finite, simple values, keys that are no text and no integer. */
  | 'cose.cbor.unsupported'
  /** Not a COSE_Sign1 or COSE_Mac0, or its headers are not what they must be. */
  | 'cose.message.malformed'
  /** `crit` names an extension that is not understood. */
  | 'cose.message.critical'
  /** The algorithm is not one of the table, or not one that is accepted. */
  | 'cose.algorithm'
  /** Not a COSE_Key of a supported kind. */
  | 'cose.key'

/** CBOR or COSE from outside that is not acceptable. */
export class CoseError extends EkkasanError<CoseErrorCode> {}
