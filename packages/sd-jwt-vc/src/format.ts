import {
  type Algorithm,
  type BindingMethod,
  type Clock,
  type DocumentType,
  type HolderFormat,
  type IssueRequest,
  type IssuerFormat,
  issuedTimes,
  type JsonObject,
  periodOf,
  type RandomBytes,
  type ResolveIssuerKey,
  requireClaims,
  requireTimeZone,
  type Signer,
  textCredential,
  type VerifierFormat,
} from '@ekkasan/core'
import {
  booleanRule,
  checkOptions,
  functionRule,
  listRule,
  numberRule,
  type OptionRules,
  oneOfRule,
  optional,
  signerRule,
  textRule,
} from '@ekkasan/core/options'
import { publishedKeyOf } from '@ekkasan/keys'
import { shownClaims } from '@ekkasan/sd-jwt'
import { type CredentialContentOptions, contentRule, requireSubjectClaims } from '@ekkasan/vcdm'
import { acceptSdJwtVc, viewSdJwtVc } from './accept.ts'
import { createType, type SdJwtVcType } from './internal/document-type.ts'
import { issueSdJwtVc } from './issue.ts'
import { presentSdJwtVc } from './present.ts'
import type { ResolveTypeMetadata } from './types.ts'
import { acceptedAlgorithms, requireTypeMetadataSource, verifySdJwtVc } from './verify.ts'

export interface SdJwtVcOptions {
  readonly signer: Signer
  /** The issuer as the credential names it, a DID or an https URL; default: the issuer's own URL. */
  readonly issuer?: string
  /** The issuer's name in the W3C body. */
  readonly issuerName?: string
  /** With a W3C body (VCDM 2.0): the claims stand in `credentialSubject`. */
  readonly vcdm?: boolean
  /** With a W3C body, further members of each: `evidence`, `termsOfUse`, `refreshService`, `renderMethod`, … */
  readonly extend?: (request: IssueRequest) => JsonObject
  /**
   * The forms in which a credential names its holder's key, best first, as the metadata announces them (OpenID4VCI section
   * 12.2.4): with `did:jwk` or `did:key` in `cnf.kid`, else in `cnf.jwk`. Default: `['jwk']` (HAIP section 6.1).
   */
  readonly bindingMethods?: readonly BindingMethod[]
  /** Decoy digests at each place that holds digests; default: 0. */
  readonly decoys?: number
  /** The `vct` of a document, where it does not stand below the issuer's URL; who serves it is then your matter. */
  readonly typeUrl?: (document: DocumentType) => string
  /** Where the days begin to which times are rounded, where the issuer has not done so; default: Asia/Bangkok. */
  readonly timeZone?: string
  readonly clock?: Clock
  readonly randomBytes?: RandomBytes
}

const issuerRules: OptionRules<SdJwtVcOptions> = {
  signer: signerRule,
  issuer: optional(textRule),
  issuerName: optional(textRule),
  vcdm: optional(booleanRule),
  bindingMethods: optional(listRule(oneOfRule(['jwk', 'did:jwk', 'did:key']), { least: 1 })),
  extend: optional(functionRule),
  decoys: optional(numberRule(0)),
  typeUrl: optional(functionRule),
  timeZone: optional(textRule),
  clock: optional(functionRule),
  randomBytes: optional(functionRule),
}

/** The issuer's side of `dc+sd-jwt`. @throws TypeError when the options do not fit together */
export function sdJwtVc(options: SdJwtVcOptions): IssuerFormat {
  checkOptions(options, 'sdJwtVc', issuerRules)
  const { signer, vcdm = false, bindingMethods = ['jwk'] } = options
  if (options.extend && !vcdm) throw new TypeError('only a W3C body is extended')
  if (options.timeZone !== undefined) requireTimeZone(options.timeZone)
  const types = new WeakMap<DocumentType, Map<string, SdJwtVcType>>()
  const typeOf = (document: DocumentType, issuer: string): SdJwtVcType => {
    const known = types.get(document) ?? new Map<string, SdJwtVcType>()
    types.set(document, known)
    const type =
      known.get(issuer) ?? createType(document, { issuer, vcdm, typeUrl: options.typeUrl?.(document) })
    known.set(issuer, type)
    return type
  }
  return {
    format: 'dc+sd-jwt',
    bindingMethods,
    signingAlgorithms: [signer.alg],
    statusKinds: vcdm ? ['token', 'bitstring'] : ['token'],
    ...(vcdm && { claimsAt: ['credentialSubject'] }),
    configurationId(document) {
      if (vcdm) requireSubjectClaims(document)
      else requireNoBody(document)
      return `${document.id}-sd-jwt-vc${vcdm ? '' : '-plain'}`
    },
    configuration: (document, issuer) => ({ vct: typeOf(document, issuer).vct }),
    served: (document, issuer) => typeOf(document, issuer).served,
    publishedKey: (issuer) => publishedKeyOf(signer.key, options.issuer ?? issuer, issuer),
    async issue(request) {
      const claims = requireClaims(request.document, request.claims)
      const type = typeOf(request.document, request.issuer)
      const now = options.clock?.() ?? new Date()
      const validity = issuedTimes(now, request.validity, request.validity.timeZone ?? options.timeZone)
      return issueSdJwtVc({
        signer,
        vct: type.vct,
        vctIntegrity: type.vctIntegrity,
        issuer: options.issuer ?? request.issuer,
        claims,
        frame: type.frame,
        validity: periodOf(validity),
        timeZone: validity.timeZone,
        clock: () => validity.issued,
        id: request.id,
        ...(request.holder && { holderJwk: request.holder.jwk }),
        ...holderKid(request.holder?.kid, bindingMethods),
        ...(request.status && { status: request.status }),
        ...(vcdm && {
          body: {
            types: [request.document.type],
            contexts: [type.contextUrl],
            schema: type.schemaUrl,
            ...(options.extend && { extension: options.extend(request) }),
            ...(options.issuerName !== undefined && { issuerName: options.issuerName }),
          },
        }),
        ...(options.decoys !== undefined && { decoys: options.decoys }),
        ...(options.randomBytes && { randomBytes: options.randomBytes }),
      })
    },
  }
}

/** By `@context` a W3C body is told from plain claims. */
function requireNoBody({ id, claims }: DocumentType): void {
  if (!claims.some(({ path: [name] }) => name === '@context')) return
  throw new TypeError(`the document ${id} has a claim named @context, by which readers know a W3C body`)
}

/** The DID URL under which the key was proven, where credentials name keys so. */
function holderKid(kid: string | undefined, methods: readonly BindingMethod[]): { holderKid?: string } {
  return kid !== undefined && methods.some((method) => kid.startsWith(`${method}:`)) ? { holderKid: kid } : {}
}

export interface SdJwtVcVerifierOptions {
  readonly resolveIssuerKey: ResolveIssuerKey
  /** Given: type metadata is found, and the claims are held to it. */
  readonly typeMetadata?: ResolveTypeMetadata
  /** A credential whose type has no metadata is refused; default: that check is skipped, and the report says so. */
  readonly requireTypeMetadata?: boolean
  /** What a W3C body is held against: its schemas, its related resources. */
  readonly content?: CredentialContentOptions
  /** Compatibility: accepts the `typ` that drafts before November 2024 had, `vc+sd-jwt`. */
  readonly acceptVcSdJwt?: boolean
  readonly algorithms?: readonly Algorithm[]
  /** Seconds that a KB-JWT may be old; default: 300. */
  readonly maxAge?: number
}

const verifierRules: OptionRules<SdJwtVcVerifierOptions> = {
  resolveIssuerKey: functionRule,
  typeMetadata: optional(functionRule),
  requireTypeMetadata: optional(booleanRule),
  content: optional(contentRule),
  acceptVcSdJwt: optional(booleanRule),
  algorithms: optional(listRule(textRule, { least: 1 })),
  maxAge: optional(numberRule(0)),
}

/** The verifier's side of `dc+sd-jwt`. @throws TypeError when the options do not fit together */
export function sdJwtVcVerifier(options: SdJwtVcVerifierOptions): VerifierFormat {
  checkOptions(options, 'sdJwtVcVerifier', verifierRules)
  requireTypeMetadataSource(options, 'sdJwtVcVerifier')
  return {
    format: 'dc+sd-jwt',
    metadata: metadataOf(options.algorithms),
    coversTransactionData: true,
    verify: (presentation, verifying) => verifySdJwtVc(presentation, { ...options, ...verifying }),
  }
}

export interface SdJwtVcHolderOptions {
  readonly resolveIssuerKey: ResolveIssuerKey
  readonly acceptVcSdJwt?: boolean
  readonly algorithms?: readonly Algorithm[]
}

const holderRules: OptionRules<SdJwtVcHolderOptions> = {
  resolveIssuerKey: functionRule,
  acceptVcSdJwt: optional(booleanRule),
  algorithms: optional(listRule(textRule, { least: 1 })),
}

/** The wallet's side of `dc+sd-jwt`. @throws TypeError when the options do not fit together */
export function sdJwtVcHolder(options: SdJwtVcHolderOptions): HolderFormat {
  checkOptions(options, 'sdJwtVcHolder', holderRules)
  return {
    format: 'dc+sd-jwt',
    metadata: metadataOf(options.algorithms),
    coversTransactionData: true,
    accept: (credential, accepting) => acceptSdJwtVc(credential, { ...options, ...accepting }),
    view: viewSdJwtVc,
    shown: (credential, disclose) => shownClaims(textCredential(credential), disclose),
    present: (credential, { disclose, binding, holder, clock }) =>
      presentSdJwtVc({
        credential: textCredential(credential),
        disclose,
        binding,
        holder,
        ...(clock && { clock }),
      }),
  }
}

/** OpenID4VP Appendix B.3.4. */
function metadataOf(algorithms: readonly Algorithm[] = acceptedAlgorithms): JsonObject {
  return { 'sd-jwt_alg_values': algorithms, 'kb-jwt_alg_values': algorithms }
}
