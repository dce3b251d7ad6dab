import { EkkasanError } from '@ekkasan/core'

export type VeramoErrorCode =
  /** The agent manages no such identifier or key, or none that signs here. */
  | 'veramo.key.not-found'
  /** The key is of a kind that is not signed with here. */
  | 'veramo.key.unsupported'
  /** The identifier's document does not hold the key under the relationship asked for. */
  | 'veramo.key.not-in-document'
  /** An operation that a did:key does not have. */
  | 'veramo.did-key.unsupported'
  /** Not a credential or presentation that this provider issues. */
  | 'veramo.credential.malformed'

export class VeramoError extends EkkasanError<VeramoErrorCode> {}
