import type {
  Algorithm,
  CheckStatus,
  ClaimPath,
  Claims,
  Clock,
  HashAlgorithm,
  IsTrusted,
  JsonObject,
  Period,
  PresentationBinding,
  PublicJwk,
  RandomBytes,
  ResolveIssuerKey,
  Signer,
  StatusReference,
  VerifiedCredential,
} from '@ekkasan/core'
import type { DisclosureFrame } from '@ekkasan/sd-jwt'
import type { CredentialContentOptions } from '@ekkasan/vcdm'

export interface IssueSdJwtVcOptions {
  readonly signer: Signer
  /** The type: a URL that names it, with its version. */
  readonly vct: string
  /** Hash of the type metadata document, `sha256-…`. */
  readonly vctIntegrity?: string
  /** More general types that it also is. */
  readonly akaVcts?: readonly string[]
  /** `iss`: an https URL or a DID; may be left out where a certificate in `x5c` names the issuer. */
  readonly issuer?: string
  /** What the document says; with `body` it stands in `credentialSubject`. */
  readonly claims: Claims
  /** Which of the claims are selectively disclosable, by their paths in `claims`. */
  readonly frame?: DisclosureFrame
  /** Adds a W3C body (VCDM 2.0) around the claims. */
  readonly body?: W3cBody
  /** The holder's key: the claim `cnf.jwk`. */
  readonly holderJwk?: PublicJwk
  /** The DID URL (did:jwk or did:key) by which the holder's key is named in place of it: the claim `cnf.kid`. */
  readonly holderKid?: string
  /** `sub`; never a number that means something elsewhere. */
  readonly subject?: string
  /** In the claim `status`; with `body` a Bitstring status stands in its `credentialStatus`. */
  readonly status?: StatusReference
  readonly validity?: Period
  /** Where the day begins that `iat` is rounded down to; default: Asia/Bangkok. */
  readonly timeZone?: string
  /** `jti`, and `id` of the body: a URI. */
  readonly id?: string
  readonly decoys?: number
  readonly hashAlgorithm?: HashAlgorithm
  readonly clock?: Clock
  readonly randomBytes?: RandomBytes
}

/** A W3C body (VCDM 2.0) to be issued inside an SD-JWT VC; its `credentialSubject` are the claims. */
export interface W3cBody {
  /** After `VerifiableCredential`. */
  readonly types: readonly string[]
  /** After the base context. */
  readonly contexts?: readonly string[]
  readonly issuerName?: string
  /** URL of the JSON Schema of the whole credential. */
  readonly schema?: string
  /** Further members: `evidence`, `termsOfUse`, `refreshService`, `renderMethod`, … and contexts of theirs. */
  readonly extension?: JsonObject
}

export interface PresentSdJwtVcOptions {
  /** The credential as it was issued. */
  readonly credential: string
  /** What to disclose beside what is always disclosed: paths into the credential's claims. */
  readonly disclose: readonly ClaimPath[]
  /** Both, or neither: then the presentation is not bound to a holder. */
  readonly binding?: PresentationBinding
  readonly holder?: Signer
  readonly clock?: Clock
}

export interface VerifySdJwtVcOptions {
  readonly resolveIssuerKey: ResolveIssuerKey
  readonly isTrusted: IsTrusted
  /** Without it a credential that carries a status is `unknown`. */
  readonly checkStatus?: CheckStatus
  /** Absent: no holder binding is asked for, and a KB-JWT that is there counts for nothing. */
  readonly binding?: PresentationBinding
  /** Given: type metadata is found, and the claims are held to it. */
  readonly typeMetadata?: ResolveTypeMetadata
  /** A credential whose type has no metadata is refused; default: that check is skipped, and the report says so. */
  readonly requireTypeMetadata?: boolean
  /** What the W3C body is held against: its schemas, its related resources. */
  readonly content?: CredentialContentOptions
  /** Compatibility: accepts the `typ` that drafts before November 2024 had, `vc+sd-jwt`. */
  readonly acceptVcSdJwt?: boolean
  /** For both signatures; default: all that the platform has, without RS256 and ES256K. */
  readonly algorithms?: readonly Algorithm[]
  /** Seconds that a KB-JWT may be old; default: 300. */
  readonly maxAge?: number
  readonly clock?: Clock
}

export interface VerifiedSdJwtVc extends VerifiedCredential {
  readonly format: 'dc+sd-jwt'
  readonly header: JsonObject
}

/** What type metadata says of one claim, SD-JWT VC section 4.6. */
export interface ClaimMetadata {
  readonly path: ClaimPath
  readonly sd: 'always' | 'allowed' | 'never'
  readonly mandatory: boolean
  /** As the document has it: objects with `locale` and `label`. */
  readonly display?: readonly JsonObject[]
}

/** A type's metadata with all that it extends. */
export interface TypeMetadata {
  readonly vct: string
  /** The types that it extends, nearest first. */
  readonly extends: readonly string[]
  readonly claims: readonly ClaimMetadata[]
  /** Of the type, or of the nearest that it extends which has one. */
  readonly display: readonly JsonObject[]
}

/**
 * @throws SdJwtVcError `sd-jwt-vc.type-metadata.…`; ResolveError `core.resolve.not-found` when the type has no metadata,
 *   `core.resolve.unavailable` when that is unknown
 */
export type ResolveTypeMetadata = (vct: string, integrity?: string) => Promise<TypeMetadata>
