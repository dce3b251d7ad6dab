import type {
  BitstringStatusReference,
  Check,
  CheckStatus,
  ClaimPath,
  Claims,
  Clock,
  HolderKey,
  IssuerIdentity,
  IsTrusted,
  KeyReference,
  Period,
  PresentationBinding,
  RandomBytes,
  ResolveDid,
  ResolveIssuerKey,
  Signer,
  WorkBudget,
} from '@ekkasan/core'
import type { JsonObject } from '@ekkasan/core/json'
import type { CredentialContentOptions } from '@ekkasan/vcdm'
import type { ContextRegistry } from './contexts.ts'
import type { CryptosuiteName } from './cryptosuites.ts'

/**
 * Signs with the BBS scheme (draft-irtf-cfrg-bbs-signatures section 3.5.1, BLS12-381-SHA-256). `bbsSignerFromJwk` of
 * `@ekkasan/data-integrity/bbs` makes one of a key in this process.
 */
export interface BbsSigner {
  readonly alg: 'BBS'
  /** Its `publicJwk` is an OKP key of the curve BLS12381G2: `x` are the 96 bytes of the compressed point. */
  readonly key: KeyReference
  /** Returns the 80 bytes of a signature. */
  sign(header: Uint8Array, messages: readonly Uint8Array[]): Promise<Uint8Array>
  /** The same, over what the holder committed to as well; for the optional features of bbs-2023 alone. */
  blindSign?(
    header: Uint8Array,
    messages: readonly Uint8Array[],
    commitment: BbsCommitted,
  ): Promise<Uint8Array>
}

/** The features of bbs-2023, by the names of vc-di-bbs (section 4). All but `baseline` are optional there. */
export type BbsFeatureOption =
  | 'baseline'
  /** Only who knows the holder's secret can derive a proof. */
  | 'anonymous_holder_binding'
  /** A showing carries a pseudonym, the same for the same `nymDomain` and unlinkable between two of them. */
  | 'pseudonym'
  | 'holder_binding_pseudonym'

/** What an issuer signs of the holder's without seeing it. */
export interface BbsCommitted {
  readonly featureOption: Exclude<BbsFeatureOption, 'baseline'>
  readonly commitmentWithProof: Uint8Array
  /** The issuer's part of the secret of pseudonyms: a scalar in 32 bytes. */
  readonly signerNymEntropy?: Uint8Array
}

/** What a holder keeps for as long as the credential, and tells nobody. `createBbsCommitment` makes it. */
export interface BbsHolderSecrets {
  /** Random, 32 bytes or more; one may serve several credentials. */
  readonly holderSecret?: Uint8Array
  /** The holder's part of the secret of pseudonyms: a scalar in 32 bytes; one may serve several credentials. */
  readonly proverNym?: Uint8Array
  /** A scalar in 32 bytes, of one commitment alone. */
  readonly secretProverBlind: Uint8Array
}

/** What a derived proof of bbs-2023 shows beside the claims. */
export interface BbsShowing {
  readonly featureOption: BbsFeatureOption
  readonly presentationHeader: Uint8Array
  /** With pseudonyms: for whom, or for what. */
  readonly nymDomain?: string
  /** With pseudonyms: 48 bytes, the same in every showing for `nymDomain`. */
  readonly pseudonym?: Uint8Array
}

export interface AddProofOptions {
  /** Any JSON object; with an rdfc cryptosuite, JSON-LD whose contexts are registered. */
  readonly document: JsonObject
  readonly signer: Signer | BbsSigner
  /** Default: the rdfc cryptosuite of the signer's key. */
  readonly cryptosuite?: CryptosuiteName
  /** Absolute URL of the verification method; default: the signer's `kid`. */
  readonly verificationMethod?: string
  /** Default: `assertionMethod`. */
  readonly proofPurpose?: string
  /** Default: now; whole seconds are written. */
  readonly created?: Date | 'omitted'
  readonly expires?: Date
  readonly domain?: string | readonly string[]
  readonly challenge?: string
  readonly nonce?: string
  /** Of the proof itself, a URL: a later proof can name it as `previousProof`. */
  readonly id?: string
  /** Ids of the proofs that this one signs too. */
  readonly previousProof?: string | readonly string[]
  /** With ecdsa-sd-2023 and bbs-2023: JSON pointers (RFC 6901) to what is in every presentation. */
  readonly mandatoryPointers?: readonly string[]
  /** With bbs-2023; default: `baseline`. The others sign what a holder committed to. */
  readonly featureOption?: BbsFeatureOption
  /** The holder's, of `createBbsCommitment`; every feature but `baseline` asks for it. */
  readonly commitmentWithProof?: Uint8Array
  /**
   * With pseudonyms: a scalar in 32 bytes. Default: fresh; the one of an earlier credential gives a holder who keeps
   * his `proverNym` the same pseudonyms again.
   */
  readonly signerNymEntropy?: Uint8Array
  /** Default: the bundled contexts of the W3C. */
  readonly contexts?: ContextRegistry
  readonly clock?: Clock
  readonly randomBytes?: RandomBytes
}

export interface IssueLdpVcOptions extends Omit<AddProofOptions, 'document' | 'proofPurpose'> {
  /** A credential of the data model 2.0 or 1.1, without or with other proofs. */
  readonly credential: JsonObject
  /** Holders cannot hide it. Default: all that the credential says of itself (issuer, validity, status, schema …). */
  readonly mandatoryPointers?: readonly string[]
  /**
   * Where the day begins that `created` is rounded down to, so that it does not tell one credential from another; default:
   * Asia/Bangkok. A `created` that is given stands as it is.
   */
  readonly timeZone?: string
}

export interface VerifyLdpVcOptions {
  /** Told `iss`: the `issuer` of the credential, and `kid`: the verification method. */
  readonly resolveIssuerKey: ResolveIssuerKey
  readonly isTrusted: IsTrusted
  /** Finds the schemas and the related resources that a credential names. */
  readonly content?: CredentialContentOptions
  /** Without it a credential that carries a status is `unknown`. */
  readonly checkStatus?: CheckStatus
  /** What the issuer's proof, a derived one of bbs-2023, must show; what is not named may be anything. */
  readonly showing?: Partial<Omit<BbsShowing, 'pseudonym'>>
  readonly contexts?: ContextRegistry
  /** Of statements that are put in canonical form, one for a whole answer; one of its own where it is absent. */
  readonly budget?: WorkBudget
  readonly clock?: Clock
}

export interface VerifiedLdpVc {
  /**
   * The credential as it was signed, without its proofs. Rdfc proofs cover what it states and not how it is written: it
   * stands in the one form of its statements. A list of one is a single value unless its context has it as a list or a
   * set, and under xsd:boolean, integer and double stands the native value.
   */
  readonly credential: JsonObject
  readonly issuer: IssuerIdentity
  /** As the credential writes them. */
  readonly types: readonly string[]
  /** The subject's claims without its `id`. */
  readonly claims: Claims
  /** Where in `credential` lists stand whose order is not signed: those that are not `@list` under an rdfc proof. */
  readonly unordered: readonly ClaimPath[]
  /** Of data and proof together. */
  readonly validity: Period
  readonly status?: BitstringStatusReference
  /** Of the issuer's proof, where it is a derived one of bbs-2023. */
  readonly showing?: BbsShowing
  readonly checks: readonly Check[]
}

export interface DeriveProofOptions {
  /** With a base proof of ecdsa-sd-2023 or bbs-2023, an object or its JSON text. */
  readonly credential: JsonObject | string
  /** JSON pointers (RFC 6901) to what is shown beside what always is. */
  readonly pointers: readonly string[]
  /** With bbs-2023: what the proof is bound to, up to 4096 bytes; default: nothing. */
  readonly presentationHeader?: Uint8Array
  /** The holder's secrets, where the credential was issued to a commitment. */
  readonly secrets?: BbsHolderSecrets
  /** With pseudonyms: for whom, or for what, the pseudonym is. */
  readonly nymDomain?: string
  readonly contexts?: ContextRegistry
  readonly randomBytes?: RandomBytes
}

export interface PresentLdpVpOptions {
  /** The credential as it was issued, an object or its JSON text. */
  readonly credential: JsonObject | string
  /** Its `kid` is the DID URL of the subject's key. */
  readonly holder: Signer
  readonly binding: PresentationBinding
  /** With a base proof of ecdsa-sd-2023 or bbs-2023: JSON pointers to what is shown beside what always is. */
  readonly pointers?: readonly string[]
  readonly contexts?: ContextRegistry
  readonly clock?: Clock
}

export interface VerifyLdpVpOptions extends Omit<VerifyLdpVcOptions, 'showing'> {
  /** Resolves the holder's DID. */
  readonly resolveDid: ResolveDid
  readonly binding: PresentationBinding
}

export interface VerifiedLdpVp extends VerifiedLdpVc {
  readonly holder: HolderKey
}
