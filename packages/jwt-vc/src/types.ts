import type {
  Check,
  CheckStatus,
  Claims,
  Clock,
  HolderKey,
  IssuerIdentity,
  IsTrusted,
  Period,
  PresentationBinding,
  PublicJwk,
  ResolveDid,
  ResolveIssuerKey,
  Signer,
  StatusReference,
} from '@ekkasan/core'
import type { JsonObject } from '@ekkasan/core/json'
import type { CredentialContentOptions } from '@ekkasan/vcdm'

export interface IssueJwtVcOptions {
  readonly signer: Signer
  /** A credential of the data model 1.1: `issuer`, `issuanceDate`, one `credentialSubject`, … */
  readonly credential: JsonObject
  /**
   * Carried as the JWT claim `status.status_list` (Token Status List section 6.1), or as `credentialStatus` (Bitstring
   * Status List section 2.1; in data model 1.1 each entry has an `id`).
   */
  readonly status?: StatusReference
  /** The holder's key where his DID does not name it: the JWT claim `cnf.jwk` (RFC 7800 section 3.2). */
  readonly holderJwk?: PublicJwk
}

export interface VerifyJwtVcOptions {
  readonly resolveIssuerKey: ResolveIssuerKey
  readonly isTrusted: IsTrusted
  /** Without it a credential that carries a status is `unknown`. */
  readonly checkStatus?: CheckStatus
  /** What the credential is held against: its schemas, its related resources. */
  readonly content?: CredentialContentOptions
  readonly clock?: Clock
}

/** A credential that was verified. */
export interface VerifiedJwtVc {
  /** The credential of the data model 1.1 that the JWT stands for (VCDM 1.1 section 6.3.1). */
  readonly credential: JsonObject
  readonly issuer: IssuerIdentity
  readonly types: readonly string[]
  /** The subject's claims without its `id`. */
  readonly claims: Claims
  readonly validity: Period
  readonly status?: StatusReference
  readonly checks: readonly Check[]
}

export interface PresentJwtVpOptions {
  /** The credential as it was issued. */
  readonly credential: string
  readonly holder: Signer
  readonly binding: PresentationBinding
  readonly clock?: Clock
}

export interface VerifyJwtVpOptions extends VerifyJwtVcOptions {
  /** Resolves the holder's DID. */
  readonly resolveDid: ResolveDid
  readonly binding: PresentationBinding
}

export interface VerifiedJwtVp extends VerifiedJwtVc {
  readonly holder: HolderKey
}
