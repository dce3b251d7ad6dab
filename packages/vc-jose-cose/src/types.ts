import type {
  Check,
  CheckStatus,
  ClaimPath,
  Claims,
  Clock,
  DocumentType,
  HashAlgorithm,
  HolderKey,
  IssuerIdentity,
  IsTrusted,
  Period,
  PresentationBinding,
  PublicJwk,
  RandomBytes,
  ResolveDid,
  ResolveIssuerKey,
  Signer,
  StatusReference,
} from '@ekkasan/core'
import type { JsonObject } from '@ekkasan/core/json'
import type { DisclosureFrame } from '@ekkasan/sd-jwt'
import type { CredentialContentOptions } from '@ekkasan/vcdm'

/** Section 6.1, without `application/`. */
export type MediaType = `${'vc' | 'vp'}+${'jwt' | 'sd-jwt' | 'cose'}`

/** A text is a `vc+jwt`, or with tildes a `vc+sd-jwt`; bytes are a `vc+cose`. */
export type SecuredCredential = string | Uint8Array

export interface IssueVcOptions {
  readonly signer: Signer
  /** A credential of the data model 2.0, signed as it stands. */
  readonly credential: JsonObject
  /** What its subject may say: a claim that the document does not declare is refused before anything is signed. */
  readonly document?: DocumentType
  /** End of the signature's life, the claim `exp`; not that of the data, which is `validUntil`. */
  readonly signatureUntil?: Date
  /** The holder's key, the claim `cnf` (section 4.1.3). */
  readonly holderJwk?: PublicJwk
  /** A token status becomes the claim `status`, a Bitstring status the member `credentialStatus`. */
  readonly status?: StatusReference
  /** Where the day begins that `iat` is rounded down to; default: Asia/Bangkok. */
  readonly timeZone?: string
  readonly clock?: Clock
}

export interface IssueVcSdJwtOptions extends IssueVcOptions {
  /** Which claims the holder may keep to himself; default: nothing. */
  readonly frame?: DisclosureFrame
  /** As of `issueSdJwt`. */
  readonly decoys?: number
  readonly hashAlgorithm?: HashAlgorithm
  readonly randomBytes?: RandomBytes
}

export interface VerifyVcOptions {
  /** Told `iss`: the `issuer` of the credential, and `kid`. */
  readonly resolveIssuerKey: ResolveIssuerKey
  readonly isTrusted: IsTrusted
  /** Without it a credential that carries a status is `unknown`. */
  readonly checkStatus?: CheckStatus
  /** What the credential is held against: its schemas, its related resources. */
  readonly content?: CredentialContentOptions
  readonly clock?: Clock
}

export interface VerifyVcSdJwtOptions extends VerifyVcOptions {
  /** What a KB-JWT has to answer. Absent: no holder binding is asked for, and a KB-JWT counts for nothing. */
  readonly binding?: PresentationBinding
}

export interface VerifiedVc {
  readonly mediaType: MediaType
  /** The credential of the data model 2.0; of a JWT with its claims `iat`, `exp`, `cnf` where it has them. */
  readonly credential: JsonObject
  readonly issuer: IssuerIdentity
  readonly types: readonly string[]
  /** The subject's claims without its `id`. */
  readonly claims: Claims
  /** Of the data: `validFrom`, `validUntil`. */
  readonly validity: Period
  readonly status?: StatusReference
  readonly checks: readonly Check[]
}

export interface PresentVcSdJwtOptions {
  /** The credential as it was issued. */
  readonly credential: string
  /** Which claims to disclose, as of `presentSdJwt`: `['credentialSubject', 'name']`. */
  readonly disclose: readonly ClaimPath[]
  /** With a binding and the holder a KB-JWT is made; without both the credential is for a presentation to hold. */
  readonly binding?: PresentationBinding
  readonly holder?: Signer
  readonly clock?: Clock
}

export interface PresentVpOptions {
  /** Each in any of the three securings; 16 at most. */
  readonly credentials: readonly SecuredCredential[]
  readonly holder: Signer
  readonly binding: PresentationBinding
  readonly clock?: Clock
}

export interface PresentVpSdJwtOptions extends PresentVpOptions {
  /** Members of the presentation that are disclosures of their own; all of them are sent. Default: none. */
  readonly frame?: DisclosureFrame
}

export interface VerifyVpOptions extends VerifyVcOptions {
  /** Resolves the holder's DID. */
  readonly resolveDid: ResolveDid
  readonly binding: PresentationBinding
}

export interface VerifiedVp {
  readonly mediaType: MediaType
  /** The presentation of the data model 2.0, its credentials still in their envelopes. */
  readonly presentation: JsonObject
  /** In the order of the presentation. */
  readonly credentials: readonly VerifiedVc[]
  readonly holder: HolderKey
  /** Of all credentials and of the holder: each as the worst of them fared. */
  readonly checks: readonly Check[]
}
