import type { Check } from './check.ts'
import type { DocumentType } from './document.ts'
import type { JsonObject } from './json.ts'
import type { Period } from './period.ts'
import type {
  Algorithm,
  CheckStatus,
  ClaimPath,
  Claims,
  Clock,
  IssuerIdentity,
  IsTrusted,
  KeyReference,
  PresentationBinding,
  PublicJwk,
  Signer,
  StatusKind,
  StatusReference,
} from './ports.ts'
import type { ShownClaim } from './shown-claims.ts'
import type { WorkBudget } from './work-budget.ts'

// The plug that a credential format fills, a side for each role. Each is made by the format's package with its
// own collaborators: `sdJwtVc({ signer })`, `sdJwtVcVerifier({ resolveIssuerKey })`, `sdJwtVcHolder({ … })`.

/** As it stands in a Credential Response (OpenID4VCI section 8.3): a text, or with `ldp_vc` a JSON object. */
export type Credential = string | JsonObject

/** The credential of a format whose credentials are texts, once it was accepted. @throws TypeError */
export function textCredential(credential: Credential): string {
  if (typeof credential !== 'string') throw new TypeError('a credential of this format is a text')
  return credential
}

/** As it stands in a `vp_token` (OpenID4VP section 8.1). */
export type Presentation = string | JsonObject

/** How a holder proves possession, names of OpenID4VCI `cryptographic_binding_methods_supported`. */
export type BindingMethod = 'jwk' | 'did:jwk' | 'did:key'

export interface HolderKey {
  readonly jwk: PublicJwk
  /** The DID URL under which the key was proven, where it was proven by one. */
  readonly kid?: string
}

/** From `issuedTimes`, or exact: then a format rounds it by `issuedTimes` itself. */
export interface Validity {
  readonly from: Date
  readonly until?: Date
  /** Where the days of this issuer begin; absent: as the format was told. */
  readonly timeZone?: string
}

export interface IssueRequest {
  readonly document: DocumentType
  /** The issuer's URL; a format whose issuer is a DID has been told so when it was made. */
  readonly issuer: string
  /** A format holds them to the document by `requireClaims` before it signs. */
  readonly claims: Claims
  readonly holder?: HolderKey
  readonly status?: StatusReference
  readonly validity: Validity
  /** Identifier of this one credential, a URI (`jti`, `id`). */
  readonly id: string
}

/** A document that a format wants served under the issuer's URL: type metadata, a schema, a context. */
export interface ServedDocument {
  /** Path below the issuer's URL, beginning with a slash. */
  readonly path: string
  readonly contentType: string
  readonly body: string
}

export interface IssuerFormat {
  /** Credential format identifier of OpenID4VCI Appendix A. */
  readonly format: string
  readonly bindingMethods: readonly BindingMethod[]
  readonly signingAlgorithms: readonly Algorithm[]
  /** The kinds of status it can carry, best first; an issuer with statuses refuses to be built when none fits. */
  readonly statusKinds: readonly StatusKind[]
  /** Where the claims of a document stand in the credential, before each of their paths; absent: at the top. */
  readonly claimsAt?: ClaimPath
  /** Set in place of `claimsAt` where claims are arranged otherwise: where one stands in the credential, if anywhere. */
  claimPaths?(document: DocumentType, path: ClaimPath): readonly ClaimPath[]
  /** The id under which an issuer offers a document in this format; unique over formats. */
  configurationId(document: DocumentType): string
  /**
   * Members of the credential configuration that only this format has (`vct`, `credential_definition`), or that it
   * spells in its own way.
   */
  configuration(document: DocumentType, issuer: string): JsonObject
  /**
   * The key that verifiers look for among those that the issuer of this URL publishes (`/.well-known/jwt-vc-issuer`):
   * an issuer without it in `keys` is not built. Undefined, or absent, where they find it otherwise: by a certificate, by
   * a DID, at another issuer's URL.
   */
  publishedKey?(issuer: string): KeyReference | undefined
  /** @throws ClaimsError when the claims are not what the document declares, before anything is signed */
  issue(request: IssueRequest): Promise<Credential>
  served(document: DocumentType, issuer: string): readonly ServedDocument[]
}

/** One entry of `credential_configurations_supported`. */
export interface CredentialConfiguration {
  readonly id: string
  /** The OAuth scope by which clients ask for it, where it is not the id: see `scopeOf`. */
  readonly scope?: string
  readonly document: DocumentType
  readonly format: IssuerFormat
}

/** How DCQL sees a credential (OpenID4VP section 6, Appendix B). */
export interface CredentialView {
  readonly format: string
  /** `dc+sd-jwt`: one `vct` and those it extends. W3C formats: the `type` values. `mso_mdoc`: the doctype. */
  readonly types: readonly string[]
  readonly claims: Claims
  /** Lists in the claims whose order the issuer did not sign: an index into one selects nothing. */
  readonly unordered?: readonly ClaimPath[]
  /** The issuer's certificate chain that it carries, leaf first, base64 DER: for `trusted_authorities`. */
  readonly x5c?: readonly string[]
  /** In a holder's view: what every presentation shows, whatever is chosen; absent: all of it. */
  readonly alwaysDisclosed?: Claims
  /**
   * In a verifier's view, of a format that can conceal items of arrays: the arrays that have such, and for each item that
   * is there its index in the array as it was issued. An index in a query's path is one of those.
   */
  readonly partialArrays?: readonly { readonly path: ClaimPath; readonly positions: readonly number[] }[]
  readonly holderBound: boolean
}

/**
 * Whether a credential was issued under one of the authorities that `values` of a Trusted Authorities Query name
 * (OpenID4VP section 6.1.1). Throws ResolveError when that could not be found out.
 */
export type IsIssuedUnder = (view: CredentialView, values: readonly string[]) => boolean | Promise<boolean>

/**
 * One for each type of `trusted_authorities` that is understood: `aki`, `etsi_tl`, `openid_federation`, or a
 * profile's own. What is of another type never matches.
 */
export type TrustedAuthorities = Readonly<Record<string, IsIssuedUnder>>

export interface VerifyPresentationOptions {
  /** Absent: no holder binding is asked for (`require_cryptographic_holder_binding: false`). */
  readonly binding?: PresentationBinding
  readonly isTrusted: IsTrusted
  /** Without it a credential that carries a status is `unknown`. */
  readonly checkStatus?: CheckStatus
  /** One for all presentations of an answer, `createWorkBudget(statementsOfAnAnswer)`; absent: each has one of its own. */
  readonly budget?: WorkBudget
  readonly clock?: Clock
}

/** What of a presentation was for the holder to choose. */
export interface SelectiveDisclosure {
  /** Paths into the view's claims of what was disclosed selectively. */
  readonly disclosed: readonly ClaimPath[]
  /** Where a verified credential's `claims` stand in the view's. */
  readonly claimsAt: ClaimPath
}

export interface VerifiedCredential {
  readonly format: string
  readonly types: readonly string[]
  readonly issuer: IssuerIdentity
  readonly holder?: HolderKey
  /** What was disclosed, without the members of the envelope. */
  readonly claims: Claims
  readonly validity: Period
  readonly status?: StatusReference
  readonly view: CredentialView
  /** Set by a format that shows claims one by one: a verifier forgets those of them that it did not ask for. */
  readonly selective?: SelectiveDisclosure
  readonly checks: readonly Check[]
}

export interface VerifierFormat {
  readonly format: string
  /** The value under this format's identifier in `vp_formats_supported` (OpenID4VP section 11.1). */
  readonly metadata: JsonObject
  /**
   * Set where a credential is always shown whole: under which path its view has the claims. A verifier keeps only
   * what it asked for.
   */
  readonly disclosesAllAt?: ClaimPath
  /** Its presentations can cover transaction data (OpenID4VP section 8.4); no such data is asked for otherwise. */
  readonly coversTransactionData?: true
  /**
   * Verifies one presentation as it stands in `vp_token`.
   * @throws RejectedError, UnavailableError
   */
  verify(presentation: unknown, options: VerifyPresentationOptions): Promise<VerifiedCredential>
}

export interface AcceptCredentialOptions {
  /** The key for which it was asked. */
  readonly holder: HolderKey
  /** The `credential_issuer` it came from. */
  readonly issuer: string
  readonly isTrusted: IsTrusted
  readonly clock?: Clock
}

export interface PresentOptions {
  /** What to disclose beside what is always disclosed. */
  readonly disclose: readonly ClaimPath[]
  readonly binding: PresentationBinding
  readonly holder: Signer
  readonly clock?: Clock
}

export interface HolderFormat {
  readonly format: string
  /** The value under this format's identifier in `vp_formats_supported` of wallet metadata. */
  readonly metadata: JsonObject
  /**
   * What a wallet checks before it keeps a credential: signature, issuer, key, validity.
   * @throws RejectedError, UnavailableError
   */
  accept(credential: Credential, options: AcceptCredentialOptions): Promise<HeldCredential>
  /**
   * Everything that `present` with this `disclose` tells the verifier, no less and no more: what is asked for, what
   * cannot be shown apart from it, and what every presentation shows. Told without the proof itself (signatures,
   * headers, nonce). A consent has to show it.
   */
  shown(credential: Credential, disclose: readonly ClaimPath[]): readonly ShownClaim[]
  /** Its presentations can cover transaction data (OpenID4VP section 8.4). */
  readonly coversTransactionData?: true
  /** Shape only, of a credential that was accepted before. */
  view(credential: Credential): CredentialView
  present(credential: Credential, options: PresentOptions): Promise<Presentation>
}

export interface HeldCredential {
  readonly issuer: IssuerIdentity
  readonly validity: Period
  readonly view: CredentialView
  readonly status?: StatusReference
  readonly checks: readonly Check[]
}
