import { EkkasanError } from '@ekkasan/core'

export type SdJwtVcErrorCode =
  /** The header's `typ` is not `dc+sd-jwt`. */
  | 'sd-jwt-vc.type'
  /** `vct` is missing or not a string. */
  | 'sd-jwt-vc.vct'
  /** A registered claim (`iss`, `nbf`, `exp`, `cnf`, `vct`, `status`, …) is not of its kind. */
  | 'sd-jwt-vc.claim.malformed'
  /** A registered claim came in a disclosure. */
  | 'sd-jwt-vc.claim.selective'
  /** Skipped: there is no issuer's key to check it with. */
  | 'sd-jwt-vc.issuer.no-key'
  /** `jti` and `id` of the W3C body differ. */
  | 'sd-jwt-vc.body.id-mismatch'
  /** `iss` and the issuer of the W3C body differ. */
  | 'sd-jwt-vc.body.issuer-mismatch'
  /** `sub` and `credentialSubject.id` differ. */
  | 'sd-jwt-vc.body.subject-mismatch'
  /** `nbf` and `validFrom`, or `exp` and `validUntil`, are more than 30 seconds apart. */
  | 'sd-jwt-vc.body.validity-mismatch'
  /** It names a holder's key that is not the wallet's. */
  | 'sd-jwt-vc.holder.other-key'
  /** It has a `cnf` that names no key which is acceptable here. */
  | 'sd-jwt-vc.holder.no-key'
  /** A wallet was given a presentation in place of a credential. */
  | 'sd-jwt-vc.holder.presentation'
  /** Skipped: no holder binding was asked for. */
  | 'sd-jwt-vc.holder.not-required'
  /** Type metadata that is not of its form. */
  | 'sd-jwt-vc.type-metadata.malformed'
  /** Type metadata for another type than the one asked for. */
  | 'sd-jwt-vc.type-metadata.vct-mismatch'
  /** Type metadata whose hash is not the one named for it. */
  | 'sd-jwt-vc.type-metadata.integrity'
  /** A type that extends itself, or too long a chain. */
  | 'sd-jwt-vc.type-metadata.extends'
  /** Skipped: the type has no metadata: no address, nothing there (404, 410), or something that is no JSON object. */
  | 'sd-jwt-vc.type-metadata.not-there'
  /** There is none, though a hash, the verifier's policy or a document of its own says that there must be. */
  | 'sd-jwt-vc.type-metadata.missing'
  /** The claims are not what the type metadata says of them. */
  | 'sd-jwt-vc.type-metadata.claims'
  /** Skipped: another check failed, so that nothing is fetched for this credential. */
  | 'sd-jwt-vc.type-metadata.not-asked'

export class SdJwtVcError extends EkkasanError<SdJwtVcErrorCode> {}
