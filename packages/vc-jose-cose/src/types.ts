import type {
  Check,
  CheckStatus,
  Clock,
  HolderKey,
  IssuerIdentity,
  IsTrusted,
  PresentationBinding,
  PublicJwk,
  ResolveDid,
  ResolveIssuerKey,
  Signer,
  StatusReference,
} from '@ekkasan/core'
import type { JsonObject } from '@ekkasan/core/json'

export interface IssueVcJwtOptions {
  readonly signer: Signer
  /** A credential of the data model 2.0, signed as it stands. */
  readonly credential: JsonObject
  /** End of the signature's life, the claim `exp`; not that of the data, which is `validUntil`. */
  readonly signatureUntil?: Date
  /** The holder's key, the claim `cnf.jwk` (section 4.1.3). */
  readonly holderJwk?: PublicJwk
  /** Carried as the claim `status.status_list` (Token Status List section 6.1). */
  readonly status?: StatusReference
  readonly clock?: Clock
}

export interface VerifyVcJwtOptions {
  /** Told `iss`: the `issuer` of the credential, and `kid`. */
  readonly resolveIssuerKey: ResolveIssuerKey
  readonly isTrusted: IsTrusted
  /** Without it a credential that carries a status is `unknown`. */
  readonly checkStatus?: CheckStatus
  readonly clock?: Clock
}

export interface VerifiedVcJwt {
  /** The credential of the data model 2.0, with the JWT's claims `iat`, `exp`, `cnf` where it has them. */
  readonly credential: JsonObject
  readonly issuer: IssuerIdentity
  readonly types: readonly string[]
  /** Of the data: `validFrom`, `validUntil`. */
  readonly validity: { readonly from?: Date; readonly until?: Date }
  readonly status?: StatusReference
  readonly checks: readonly Check[]
}

export interface PresentVpJwtOptions {
  /** The credential as it was issued. */
  readonly credential: string
  readonly holder: Signer
  readonly binding: PresentationBinding
  readonly clock?: Clock
}

export interface VerifyVpJwtOptions extends VerifyVcJwtOptions {
  /** Resolves the holder's DID. */
  readonly resolveDid: ResolveDid
  readonly binding: PresentationBinding
}

export interface VerifiedVpJwt extends VerifiedVcJwt {
  readonly holder: HolderKey
}
