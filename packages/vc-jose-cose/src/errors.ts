import { EkkasanError } from '@ekkasan/core'

/** Codes of the checks that fail here, beside those of `core`, `keys`, `sd-jwt`, `cose` and `vcdm`. */
export type VcJoseCoseErrorCode =
  /** Not a compact JWS, nor a COSE_Sign1, of a JSON object. */
  | 'vc-jose-cose.structure.malformed'
  /** `typ` or `cty` is not this media type's. */
  | 'vc-jose-cose.structure.typ'
  /** `iss` differs from `issuer`, or from `holder` (section 4.1.2). */
  | 'vc-jose-cose.structure.iss'
  /** `jti` differs from `id`, or `sub` from the subject's (section 3.1.3): two readers would see two credentials. */
  | 'vc-jose-cose.structure.conflict'
  /** The issuer's or holder's key cannot be told: neither `iss` nor an absolute `kid` (sections 4.1.1, 4.3). */
  | 'vc-jose-cose.structure.kid'
  /** A claim of the envelope (`iss`, `exp`, `cnf` …) was concealed by an SD-JWT. */
  | 'vc-jose-cose.structure.selective'
  /** Not an envelope with a `data:` URL of one of this standard's media types. */
  | 'vc-jose-cose.structure.envelope'
  /** A presentation without enveloped credentials, with too many, or in too many envelopes. */
  | 'vc-jose-cose.structure.credentials'
  /** Skipped: no holder binding was asked for. */
  | 'vc-jose-cose.holder.not-required'

/** A credential held or to be signed that is not one of this format. */
export class VcJoseCoseError extends EkkasanError<VcJoseCoseErrorCode> {}
