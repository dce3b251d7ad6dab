import { EkkasanError } from '@ekkasan/core'

/** Codes of the checks that fail here, beside those of `core` and `keys`. */
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
  /** The credential was made for another key. */
  | 'jwt-vc.holder.mismatch'

/** A credential held or to be signed that is not one of this format. */
export class JwtVcError extends EkkasanError<JwtVcErrorCode> {}
