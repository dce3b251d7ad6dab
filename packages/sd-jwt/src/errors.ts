import { EkkasanError } from '@ekkasan/core'

export type SdJwtErrorCode =
  /** Not an SD-JWT in the compact form or one of the JSON forms. */
  | 'sd-jwt.malformed'
  /** Longer, with more disclosures, or nested deeper than is accepted. */
  | 'sd-jwt.limit'
  /** `_sd_alg` names a hash algorithm that is not supported. */
  | 'sd-jwt.hash-algorithm'
  /** The signed payload uses `_sd`, `...` or `_sd_alg` for something else. */
  | 'sd-jwt.payload.reserved'
  /** One digest stands in two places. */
  | 'sd-jwt.digest.repeated'
  /** A disclosure is not base64url of a JSON array of the form its place wants. */
  | 'sd-jwt.disclosure.malformed'
  /** One disclosure was sent twice. */
  | 'sd-jwt.disclosure.repeated'
  /** No digest refers to a disclosure that was sent. */
  | 'sd-jwt.disclosure.unreferenced'
  /** A disclosure names its claim `_sd`, `...`, `_sd_alg` or `__proto__`. */
  | 'sd-jwt.disclosure.reserved-name'
  /** A disclosure names a claim that stands at its place already. */
  | 'sd-jwt.disclosure.collision'
  /** A claim was to be disclosed that the SD-JWT does not hold. */
  | 'sd-jwt.present.no-such-claim'
  /** Transaction data that is not base64url of a JSON object, or wants hash algorithms that are not supported. */
  | 'sd-jwt.transaction-data'
  /** The issuer's signature is not that of the key. */
  | 'sd-jwt.signature'
  /** The algorithm of a signature is not accepted. */
  | 'sd-jwt.alg'
  /** `nbf` or `exp` is not a number. */
  | 'sd-jwt.validity.malformed'
  /** Key binding was asked for and there is no KB-JWT. */
  | 'sd-jwt.key-binding.missing'
  /** A KB-JWT where none belongs. */
  | 'sd-jwt.key-binding.unexpected'
  | 'sd-jwt.key-binding.malformed'
  /** The `typ` of the KB-JWT is not `kb+jwt`. */
  | 'sd-jwt.key-binding.type'
  /** The SD-JWT names no holder key in `cnf`, or none that is acceptable. */
  | 'sd-jwt.key-binding.no-key'
  | 'sd-jwt.key-binding.signature'
  | 'sd-jwt.key-binding.audience-mismatch'
  | 'sd-jwt.key-binding.nonce-mismatch'
  | 'sd-jwt.key-binding.no-time'
  | 'sd-jwt.key-binding.too-old'
  | 'sd-jwt.key-binding.in-future'
  /** The KB-JWT is past its own `exp`, or that is no number. */
  | 'sd-jwt.key-binding.expired'
  /** The KB-JWT is before its own `nbf`, or that is no number. */
  | 'sd-jwt.key-binding.not-yet-valid'
  | 'sd-jwt.key-binding.sd-hash-mismatch'
  | 'sd-jwt.key-binding.transaction-mismatch'

export class SdJwtError extends EkkasanError<SdJwtErrorCode> {}
