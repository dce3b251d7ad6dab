import { EkkasanError } from '@ekkasan/core'

export type IssuerErrorCode =
  /** No offer of this id, or none any more. */
  | 'issuer.offer.unknown'
  /** Changed by others again and again while it was being changed here: try again. */
  | 'issuer.offer.busy'
  /** No record of this id, or none any more. */
  | 'issuer.issuance.unknown'
  /** The credential was issued without a status, or the authority that gave it is not among `status` any more. */
  | 'issuer.status.none'
  /** Told to `onError`: `getClaims` returned nothing, and the wallet was answered `credential_request_denied`. */
  | 'issuer.claims.none'
  /** Told to `onError`: what `getClaims` returned ends in the past, and the wallet was answered the same. */
  | 'issuer.claims.ended'

/** A back-office verb could not do what it was asked. */
export class IssuerError extends EkkasanError<IssuerErrorCode> {}
