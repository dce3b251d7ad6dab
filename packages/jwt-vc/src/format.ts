import {
  type Clock,
  type CredentialView,
  checkParsed,
  createChecks,
  type HolderFormat,
  type IssueRequest,
  type IssuerFormat,
  type IssuerIdentity,
  issuedTimes,
  type JsonObject,
  leavesOf,
  type ResolveDid,
  type ResolveIssuerKey,
  requireClaims,
  requireTimeZone,
  type ShownClaim,
  type Signer,
  textCredential,
  type VerifiedCredential,
  type VerifierFormat,
} from '@ekkasan/core'
import {
  booleanRule,
  checkOptions,
  functionRule,
  type OptionRules,
  optional,
  signerRule,
  textRule,
} from '@ekkasan/core/options'
import { didOfKid, isMadeFor, publishedKeyOf, supportedAlgorithms } from '@ekkasan/keys'
import {
  baseContextV1,
  type CredentialContentOptions,
  contentRule,
  dateTimeStamp,
  documentSchema,
  extendCredential,
  requireSubjectClaims,
} from '@ekkasan/vcdm'
import { type ParsedCredential, parseCredential } from './internal/parse.ts'
import { issueJwtVc } from './issue.ts'
import { presentJwtVp } from './present.ts'
import type { VerifiedJwtVc, VerifiedJwtVp } from './types.ts'
import { checkIssued, verifyJwtVc, verifyJwtVp } from './verify.ts'

const format = 'jwt_vc_json'

export interface JwtVcOptions {
  readonly signer: Signer
  /** The issuer as the credential names it, a DID or an https URL; default: the issuer's own URL. */
  readonly issuer?: string
  /** Further members of each credential: `evidence`, `termsOfUse`, `refreshService`, … */
  readonly extend?: (request: IssueRequest) => JsonObject
  /** Each credential names the JSON Schema of its document, and the issuer serves it. */
  readonly schema?: boolean
  /** Where the days begin to which times are rounded, where the issuer has not done so; default: Asia/Bangkok. */
  readonly timeZone?: string
  readonly clock?: Clock
}

const issuerRules: OptionRules<JwtVcOptions> = {
  signer: signerRule,
  issuer: optional(textRule),
  extend: optional(functionRule),
  schema: optional(booleanRule),
  timeZone: optional(textRule),
  clock: optional(functionRule),
}

/** The issuer's plug: OpenID4VCI Appendix A.1.1. @throws TypeError when the options do not fit together */
export function jwtVc(options: JwtVcOptions): IssuerFormat {
  checkOptions(options, 'jwtVc', issuerRules)
  const { signer, issuer, extend, schema = false, timeZone, clock = () => new Date() } = options
  if (timeZone !== undefined) requireTimeZone(timeZone)
  return {
    format,
    bindingMethods: ['did:jwk', 'did:key', 'jwk'],
    signingAlgorithms: [signer.alg],
    statusKinds: ['token', 'bitstring'],
    configurationId(document) {
      requireSubjectClaims(document)
      return `${document.id}-jwt-vc`
    },
    configuration: (document) => ({
      credential_definition: { type: ['VerifiableCredential', document.type] },
    }),
    claimsAt: ['credentialSubject'],
    publishedKey: (url) => publishedKeyOf(signer.key, issuer ?? url, url),
    async issue(request) {
      const { document, issuer: url, holder, status, id } = request
      const claims = requireClaims(document, request.claims)
      const validity = issuedTimes(clock(), request.validity, request.validity.timeZone ?? timeZone)
      requireSubjectClaims(document)
      const did = didOfKid(holder?.kid)
      return issueJwtVc({
        signer,
        credential: extendCredential(
          {
            '@context': [baseContextV1],
            id,
            type: ['VerifiableCredential', document.type],
            issuer: issuer ?? url,
            issuanceDate: dateTimeStamp(validity.from),
            ...(validity.until && { expirationDate: dateTimeStamp(validity.until) }),
            credentialSubject: { ...(did !== undefined && { id: did }), ...claims },
            ...(schema && { credentialSchema: documentSchema(document, url).credentialSchema }),
          },
          extend?.(request),
        ),
        ...(status && { status }),
        ...(holder && did === undefined && { holderJwk: holder.jwk }),
      })
    },
    served: (document, url) => (schema ? [documentSchema(document, url).served] : []),
  }
}

export interface JwtVcVerifierOptions {
  readonly resolveIssuerKey: ResolveIssuerKey
  /** Resolves holders' DIDs: did:jwk and did:key at least. */
  readonly resolveDid: ResolveDid
  /** What the credential is held against: its schemas, its related resources. */
  readonly content?: CredentialContentOptions
}

const verifierRules: OptionRules<JwtVcVerifierOptions> = {
  resolveIssuerKey: functionRule,
  resolveDid: functionRule,
  content: optional(contentRule),
}

/** The verifier's plug: OpenID4VP Appendix B.1.3.1. @throws TypeError when the options do not fit together */
export function jwtVcVerifier(collaborators: JwtVcVerifierOptions): VerifierFormat {
  checkOptions(collaborators, 'jwtVcVerifier', verifierRules)
  return {
    format,
    metadata: { alg_values: supportedAlgorithms() },
    disclosesAllAt: ['credentialSubject'],
    async verify(presentation, { binding, ...options }) {
      if (!binding) return asVerified(await verifyJwtVc(presentation, { ...collaborators, ...options }))
      return asVerified(await verifyJwtVp(presentation, { ...collaborators, ...options, binding }))
    },
  }
}

export interface JwtVcHolderOptions {
  readonly resolveIssuerKey: ResolveIssuerKey
}

/** The wallet's plug. A credential of this format is presented whole. */
export function jwtVcHolder(options: JwtVcHolderOptions): HolderFormat {
  checkOptions<JwtVcHolderOptions>(options, 'jwtVcHolder', { resolveIssuerKey: functionRule })
  const { resolveIssuerKey } = options
  return {
    format,
    metadata: { alg_values: supportedAlgorithms() },
    shown: (credential) => shownClaims(parseCredential(credential)),
    async accept(credential, { holder, isTrusted, clock }) {
      const checks = createChecks()
      const parsed = checkParsed(checks, () => parseCredential(credential))
      const key = await checkIssued(checks, parsed, {
        resolveIssuerKey,
        isTrusted,
        ...(clock && { clock }),
      })
      const named = parsed.holder
      if (named && isMadeFor(named, holder)) checks.pass('holder-signature', 'made for the key asked for')
      else checks.fail('holder-signature', named ? 'jwt-vc.holder.mismatch' : 'keys.holder.unbound')
      const list = checks.conclude()
      if (!key)
        throw new TypeError(
          'expected a check to have failed, because there is no key of the issuer; all passed',
        )
      return {
        checks: list,
        issuer: key.identity,
        validity: parsed.validity,
        view: viewOf(parsed.credential, parsed.types, named !== undefined, key.identity),
        ...(typeof parsed.status === 'object' && { status: parsed.status }),
      }
    },
    view(credential) {
      const parsed = parseCredential(credential)
      return viewOf(parsed.credential, parsed.types, parsed.holder !== undefined)
    },
    present: (credential, { holder, binding, clock }) =>
      presentJwtVp({ credential: textCredential(credential), holder, binding, ...(clock && { clock }) }),
  }
}

/** All that the JWT says: the credential that it stands for, and the JWT's claims that are not in it. */
function shownClaims({ jws, credential }: ParsedCredential): readonly ShownClaim[] {
  const { iss: _iss, sub: _sub, jti: _jti, nbf: _nbf, exp: _exp, vc: _vc, ...others } = jws.payload
  return [...leavesOf(credential, true), ...leavesOf(others, true)]
}

function asVerified(verified: VerifiedJwtVc | VerifiedJwtVp): VerifiedCredential {
  const { credential, ...rest } = verified
  return { ...rest, format, view: viewOf(credential, verified.types, 'holder' in verified, verified.issuer) }
}

// OpenID4VP Appendix B.1.1: the base type is asked for by its full IRI; the others are in no context and stay as
// they are. Many verifiers write the base type short.
function viewOf(
  claims: CredentialView['claims'],
  types: readonly string[],
  holderBound: boolean,
  issuer?: IssuerIdentity,
): CredentialView {
  const base = 'https://www.w3.org/2018/credentials#VerifiableCredential'
  const x5c = issuer?.x5c
  return { format, types: [...types, base], claims, holderBound, ...(x5c && { x5c }) }
}
