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
  /** Not an ECDSA signature in DER of this algorithm's length. */
  | 'keys.signature.malformed'
  /** Not a compact JWS, or its header or payload is not what it must be. */
  | 'keys.jws.malformed'
  /** `crit` names an extension that is not understood. */
  | 'keys.jws.critical'
  | 'keys.jws.signature'
  /** A registered claim of a JWT (`iat`, `nbf`, `exp`, `cnf`, `status`) is not what it must be. */
  | 'keys.jwt.claims'
  /** Not a Multikey, or one of a kind of key that is not accepted. */
  | 'keys.multikey.unsupported'
  /** Not a did:key or did:jwk, or a fragment that names no key of it. */
  | 'keys.did.malformed'
  /** The credential names no holder's key. */
  | 'keys.holder.unbound'
  /** The presentation was made by another than the holder that the credential names. */
  | 'keys.holder.mismatch'
  /** The holder's DID has no such key for authentication. */
  | 'keys.holder.key-not-found'
  | 'keys.holder.signature'
  | 'keys.holder.audience-mismatch'
  | 'keys.holder.nonce-mismatch'
  /** Skipped: the presentation does not say when it was made; its nonce is of this request. */
  | 'keys.holder.time-missing'
  | 'keys.holder.time-out-of-range'
  /** The format has no place for transaction data. */
  | 'keys.holder.transaction-unsupported'
  /** Not a compact JWE, or one that could not be decrypted. */
  | 'keys.jwe.malformed'
  | 'keys.jwe.decryption'

export class KeysError extends EkkasanError<KeysErrorCode> {}
