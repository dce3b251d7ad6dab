import { EkkasanError } from '@ekkasan/core'

/** Codes of the checks that fail here, beside those of `core` and of a resolver. */
export type JwtVcErrorCode =
  /** Not a compact JWS of a JSON object. */
  | 'jwt-vc.structure.malformed'
  /** The header's `typ` is another kind of JWT's. */
  | 'jwt-vc.structure.typ'
  /** A claim of the JWT is missing or of the wrong kind. */
  | 'jwt-vc.structure.claims'
  /** A claim of the JWT and the member of `vc` that it stands for say different things. */
  | 'jwt-vc.structure.conflict'
  /** Not exactly one credential in the presentation. */
  | 'jwt-vc.structure.credentials'
  /** A bare credential where a presentation is asked for, or the other way about. */
  | 'jwt-vc.structure.presentation'
  /** Not the data model 1.1; the path and code of the first violation are the detail. */
  | 'jwt-vc.data-model.invalid'
  | 'jwt-vc.issuer-signature.invalid'
  /** The credential names no holder's key. */
  | 'jwt-vc.holder.unbound'
  /** The holder's DID has no such key for authentication. */
  | 'jwt-vc.holder.key-not-found'
  /** The credential was made for another key, or the presentation by another holder. */
  | 'jwt-vc.holder.mismatch'
  | 'jwt-vc.holder.signature-invalid'
  | 'jwt-vc.holder.audience-mismatch'
  | 'jwt-vc.holder.nonce-mismatch'
  /** The presentation says neither when it was made. */
  | 'jwt-vc.holder.time-missing'
  | 'jwt-vc.holder.time-out-of-range'
  /** The format has no place for transaction data. */
  | 'jwt-vc.holder.transaction-unsupported'

/** A credential held or to be signed that is not one of this format. */
export class JwtVcError extends EkkasanError<JwtVcErrorCode> {}
