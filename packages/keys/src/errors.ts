import { EkkasanError } from '@ekkasan/core'

export type KeysErrorCode =
  /** Not a JWK of a supported kind, or with members missing or malformed. */
  | 'keys.jwk.malformed'
  /** A private or symmetric key where a public key belongs. */
  | 'keys.jwk.private'
  /** An algorithm that is not in the table, or that this platform lacks. */
  | 'keys.alg.unsupported'
  /** The key is not of the algorithm's kind. */
  | 'keys.alg.mismatch'
  /** Not a compact JWS, or its header or payload is not what it must be. */
  | 'keys.jws.malformed'
  /** `crit` names an extension that is not understood. */
  | 'keys.jws.critical'
  | 'keys.jws.signature'
  /** Not a compact JWE, or one that could not be decrypted. */
  | 'keys.jwe.malformed'
  | 'keys.jwe.decryption'

export class KeysError extends EkkasanError<KeysErrorCode> {}
