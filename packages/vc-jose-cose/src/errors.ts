import { EkkasanError } from '@ekkasan/core'

/** Codes of the checks that fail here, beside those of `core` and `keys`. */
export type VcJoseCoseErrorCode =
  /** Not a compact JWS of a JSON object. */
  | 'vc-jose-cose.structure.malformed'
  /** `typ` or `cty` is not this media type's. */
  | 'vc-jose-cose.structure.typ'
  /** `iss` differs from `issuer`, or from `holder` (section 4.1.2). */
  | 'vc-jose-cose.structure.iss'
  /** The issuer's or holder's key cannot be told: neither `iss` nor an absolute `kid` (sections 4.1.1, 4.3). */
  | 'vc-jose-cose.structure.kid'
  /** A presentation without exactly one enveloped credential of this format. */
  | 'vc-jose-cose.structure.credentials'
  /** Not the data model 2.0; the code and path of the first violation are the detail. */
  | 'vc-jose-cose.data-model.invalid'

/** A credential held or to be signed that is not one of this format. */
export class VcJoseCoseError extends EkkasanError<VcJoseCoseErrorCode> {}
