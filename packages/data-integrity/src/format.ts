import {
  type ClaimPath,
  type Clock,
  type Credential,
  type CredentialView,
  checkParsed,
  createChecks,
  type DocumentType,
  type HolderFormat,
  type IssueRequest,
  type IssuerFormat,
  issuedTimes,
  leavesOf,
  type ResolveDid,
  type ResolveIssuerKey,
  requireClaims,
  requireTimeZone,
  type ShownClaim,
  type Signer,
  type VerifiedCredential,
  type VerifierFormat,
} from '@ekkasan/core'
import { isJsonObject, type JsonObject, type JsonValue } from '@ekkasan/core/json'
import {
  booleanRule,
  checkOptions,
  functionRule,
  type OptionRules,
  oneOfRule,
  optional,
  signerRule,
  textRule,
} from '@ekkasan/core/options'
import { didOfKid, isMadeFor, publishedKeyOf } from '@ekkasan/keys'
import {
  baseContextV2,
  type CredentialContentOptions,
  contentRule,
  credentialStatusOf,
  dateTimeStamp,
  documentSchema,
  extendCredential,
  requireSubjectClaims,
  subjectDid,
  typesOf,
} from '@ekkasan/vcdm'
import {
  type ContextRegistry,
  createContextRegistry,
  type RegisteredContext,
  standardContexts,
} from './contexts.ts'
import { type CryptosuiteName, cryptosuiteFor, cryptosuites } from './cryptosuites.ts'
import { documentContext } from './document-context.ts'
import { canonicalFormsOf } from './internal/canonical-forms.ts'
import {
  coveredDocument,
  envelopePointers,
  inForm,
  type ParsedCredential,
  parseCredential,
} from './internal/credential.ts'
import { expandTypes } from './internal/expand-types.ts'
import { registryRule } from './internal/option-rules.ts'
import { pointerOf, selectJsonLd } from './internal/select.ts'
import { issueLdpVc } from './issue.ts'
import { presentLdpVp } from './present.ts'
import type { BbsSigner, VerifiedLdpVc, VerifiedLdpVp } from './types.ts'
import {
  checkIssued,
  checkSchemas,
  hashed,
  parsedOrRefused,
  type ReadCredential,
  requireAsked,
  verifyLdpVc,
  verifyLdpVp,
} from './verify.ts'

const format = 'ldp_vc'
const metadata = {
  proof_type_values: ['DataIntegrityProof'],
  cryptosuite_values: Object.keys(cryptosuites),
}

export interface LdpVcOptions {
  /** Its `kid` is the DID URL of the issuer's key. */
  readonly signer: Signer | BbsSigner
  /** The issuer as the credential names it, a DID or an https URL; default: the DID of the signer's `kid`. */
  readonly issuer?: string
  /** Default: the rdfc cryptosuite of the signer's key. */
  readonly cryptosuite?: CryptosuiteName
  /** Further members of each credential: `evidence`, `termsOfUse`, `refreshService`, `renderMethod`, … */
  readonly extend?: (request: IssueRequest) => JsonObject
  /** With the contexts that those members name, the document's own or not; default: the bundled ones alone. */
  readonly contexts?: ContextRegistry
  /** Each credential names the JSON Schema of its document, and the issuer serves it. */
  readonly schema?: boolean
  /** Where the days begin to which times are rounded, where the issuer has not done so; default: Asia/Bangkok. */
  readonly timeZone?: string
  readonly clock?: Clock
}

const issuerRules: OptionRules<LdpVcOptions> = {
  signer: signerRule,
  issuer: optional(textRule),
  cryptosuite: optional(oneOfRule(Object.keys(cryptosuites))),
  extend: optional(functionRule),
  contexts: optional(registryRule),
  schema: optional(booleanRule),
  timeZone: optional(textRule),
  clock: optional(functionRule),
}

interface DocumentContexts {
  readonly own: ReturnType<typeof documentContext>
  readonly registry: ContextRegistry
}

/**
 * The issuer's plug: OpenID4VCI Appendix A.1.2. The credential is a JSON object. Holders are bound by their DIDs; a
 * status is a W3C Bitstring one.
 */
export function ldpVc(options: LdpVcOptions): IssuerFormat {
  checkOptions(options, 'ldpVc', issuerRules)
  const { signer, extend, contexts: others = standardContexts, schema = false, timeZone } = options
  const { clock = () => new Date() } = options
  if (timeZone !== undefined) requireTimeZone(timeZone)
  const cryptosuite = options.cryptosuite ?? cryptosuiteFor(signer.alg, 'rdfc')
  if (!cryptosuite) throw new TypeError(`no cryptosuite signs with ${signer.alg}`)
  const issuer = options.issuer ?? didOfKid(signer.key.kid)
  if (issuer === undefined)
    throw new TypeError('the issuer is not named: give it, or the signer a DID URL as kid')
  const typeOf = (type: string) => ['VerifiableCredential', type]
  // A registry remembers what its contexts mean: one for each document, not one for each credential.
  const known = new WeakMap<DocumentType, Map<string, DocumentContexts>>()
  const contextsOf = (document: DocumentType, url: string): DocumentContexts => {
    const ofDocument = known.get(document) ?? new Map<string, DocumentContexts>()
    known.set(document, ofDocument)
    let contexts = ofDocument.get(url)
    if (!contexts) {
      const own = documentContext(document, url)
      contexts = { own, registry: withOwn(own, others) }
      ofDocument.set(url, contexts)
    }
    return contexts
  }
  return {
    format,
    bindingMethods: ['did:jwk', 'did:key'],
    // BBS has no JWS algorithm; the configuration names the cryptosuite in their place.
    signingAlgorithms: signer.alg === 'BBS' ? [] : [signer.alg],
    statusKinds: ['bitstring'],
    configurationId(document) {
      requireSubjectClaims(document)
      if (cryptosuites[cryptosuite].selective) requireSeparable(document)
      return `${document.id}-ldp-vc`
    },
    configuration: (document, url) => ({
      credential_signing_alg_values_supported: [cryptosuite],
      credential_definition: {
        '@context': [baseContextV2, contextsOf(document, url).own.url],
        type: typeOf(document.type),
      },
    }),
    claimsAt: ['credentialSubject'],
    publishedKey: (url) => publishedKeyOf(signer.key, issuer, url),
    async issue(request) {
      const { document, issuer: url, holder, status, id } = request
      if (cryptosuites[cryptosuite].selective) requireSeparable(document)
      const claims = requireClaims(document, request.claims)
      const validity = issuedTimes(clock(), request.validity, request.validity.timeZone ?? timeZone)
      const credentialStatus = status && credentialStatusOf(status)
      requireSubjectClaims(document)
      const { own, registry } = contextsOf(document, url)
      const subject = didOfKid(holder?.kid)
      if (holder && subject === undefined) throw new TypeError('a holder is bound by a DID in this format')
      const body = {
        '@context': [baseContextV2, own.url],
        id,
        type: typeOf(document.type),
        issuer,
        validFrom: dateTimeStamp(validity.from),
        ...(validity.until && { validUntil: dateTimeStamp(validity.until) }),
        ...(credentialStatus !== undefined && { credentialStatus }),
        ...(schema && { credentialSchema: documentSchema(document, url).credentialSchema }),
        credentialSubject: { ...(subject !== undefined && { id: subject }), ...claims },
      }
      const credential = extendCredential(body, extend?.(request))
      return issueLdpVc({
        signer,
        mandatoryPointers: mandatoryPointers(document, credential),
        cryptosuite,
        contexts: registry,
        created: validity.from,
        credential,
      })
    },
    served: (document, url) => {
      const { url: contextUrl, document: body } = contextsOf(document, url).own
      return [
        { path: contextUrl.slice(url.replace(/\/$/, '').length), contentType: 'application/ld+json', body },
        ...(schema ? [documentSchema(document, url).served] : []),
      ]
    },
  }
}

function withOwn(own: RegisteredContext, others: ContextRegistry): ContextRegistry {
  const { inline } = others
  const alone = createContextRegistry([own])
  return { ...(inline && { inline }), find: (url) => (url === own.url ? alone : others).find(url) }
}

export interface LdpVcVerifierOptions {
  readonly resolveIssuerKey: ResolveIssuerKey
  /** Resolves holders' DIDs: did:jwk and did:key at least. */
  readonly resolveDid: ResolveDid
  /** With the contexts of the documents that are asked for; default: the bundled ones alone. */
  readonly contexts?: ContextRegistry
  /** Finds the schemas and the related resources that a credential names. */
  readonly content?: CredentialContentOptions
}

const verifierRules: OptionRules<LdpVcVerifierOptions> = {
  resolveIssuerKey: functionRule,
  resolveDid: functionRule,
  contexts: optional(registryRule),
  content: optional(contentRule),
}

/** The verifier's plug: OpenID4VP Appendix B.1.3.2. Takes a presentation as an object or as its JSON text. */
export function ldpVcVerifier(collaborators: LdpVcVerifierOptions): VerifierFormat {
  checkOptions(collaborators, 'ldpVcVerifier', verifierRules)
  const { contexts = standardContexts } = collaborators
  return {
    format,
    metadata,
    disclosesAllAt: ['credentialSubject'],
    async verify(presentation, { binding, ...options }) {
      const verified = binding
        ? await verifyLdpVp(presentation, { ...collaborators, ...options, binding })
        : await verifyLdpVc(presentation, { ...collaborators, ...options })
      return asVerified(verified, contexts)
    },
  }
}

export interface LdpVcHolderOptions {
  readonly resolveIssuerKey: ResolveIssuerKey
  /** With the contexts of the documents that are held; default: the bundled ones alone. */
  readonly contexts?: ContextRegistry
  /**
   * Finds the schemas that a credential names, when it is received (default: none is looked for). A schema says of a
   * single value that it is a list of one: verifiers that look for schemas match their queries with that.
   */
  readonly content?: CredentialContentOptions
}

/** The wallet's plug. A credential is presented whole, unless it has a base proof of ecdsa-sd-2023 or bbs-2023. */
export function ldpVcHolder(options: LdpVcHolderOptions): HolderFormat {
  checkOptions<LdpVcHolderOptions>(options, 'ldpVcHolder', {
    resolveIssuerKey: functionRule,
    contexts: optional(registryRule),
    content: optional(contentRule),
  })
  const { resolveIssuerKey, contexts = standardContexts, content } = options
  return {
    format,
    metadata,
    shown: (credential, disclose) => shownClaims(credential, disclose, contexts),
    async accept(credential, { holder, isTrusted, clock }) {
      const checks = createChecks()
      const shape = parsedOrRefused(checks, () => parseCredential(credential))
      await requireAsked(checks, shape, { resolveIssuerKey, isTrusted, ...(clock && { clock }) })
      const parsed = checkParsed(checks, () => hashed(shape, { contexts }, 'base'))
      const key = await checkIssued(checks, parsed, {
        resolveIssuerKey,
        isTrusted,
        ...(clock && { clock }),
      })
      const { holderDid } = parsed
      if (holderDid !== undefined && isMadeFor({ did: holderDid }, holder)) {
        checks.pass('holder-signature', 'made for the key asked for')
      } else {
        checks.fail(
          'holder-signature',
          holderDid === undefined ? 'keys.holder.unbound' : 'keys.holder.mismatch',
        )
      }
      const read = content ? await checkSchemas(checks, parsed, content) : undefined
      const list = checks.conclude()
      if (!key)
        throw new TypeError(
          'expected a check to have failed, because there is no key of the issuer; all passed',
        )
      return {
        checks: list,
        issuer: key.identity,
        validity: parsed.validity,
        ...(typeof parsed.status === 'object' && { status: parsed.status }),
        view: heldView(parsed, contexts, read),
      }
    },
    view: (credential) => heldView(readIn(credential, contexts), contexts),
    present: async (credential, { disclose, holder, binding, clock }) => {
      const pointers = pointersOf(disclose)
      const options = { credential, holder, binding, contexts, pointers, ...(clock && { clock }) }
      return presentLdpVp(options)
    },
  }
}

function asVerified(verified: VerifiedLdpVc | VerifiedLdpVp, contexts: ContextRegistry): VerifiedCredential {
  const { credential, showing: _showing, unordered, ...rest } = verified
  return { ...rest, format, view: viewOf(credential, contexts, unordered) }
}

// OpenID4VP Appendix B.1.1: types are asked for by their full IRIs; many verifiers write them short.
function viewOf(
  credential: JsonObject,
  contexts: ContextRegistry,
  unordered: readonly ClaimPath[] = [],
): CredentialView {
  return {
    format,
    types: [...new Set([...typesOf(credential), ...expandTypes(credential, contexts)])],
    claims: credential,
    ...(unordered.length > 0 && { unordered }),
    holderBound: subjectDid(credential) !== undefined,
  }
}

/** With what every showing has, where the credential has a base proof; else it is shown whole. */
function heldView(
  parsed: ParsedCredential,
  contexts: ContextRegistry,
  { credential, unordered }: Partial<ReadCredential> = {},
): CredentialView {
  const view = viewOf(credential ?? coveredDocument(parsed), contexts, unordered ?? parsed.unordered)
  const base = baseProofOf(parsed)
  if (!base) return view
  return { ...view, alwaysDisclosed: selectedForm(parsed, base.mandatoryPointers, contexts) }
}

/** All of it; of a base proof what every showing has, and what is pointed to. */
function shownClaims(
  credential: Credential,
  disclose: readonly ClaimPath[],
  contexts: ContextRegistry,
): readonly ShownClaim[] {
  const parsed = readIn(credential, contexts)
  const base = baseProofOf(parsed)
  if (!base) return leavesOf(coveredDocument(parsed), true)
  const { mandatoryPointers } = base
  const always = new Set(
    leavesOf(selectedForm(parsed, mandatoryPointers, contexts), true).map((leaf) => JSON.stringify(leaf)),
  )
  const all = selectedForm(parsed, [...mandatoryPointers, ...pointersOf(disclose)], contexts)
  return leavesOf(all, true).map((leaf) => ({ ...leaf, always: always.has(JSON.stringify(leaf)) }))
}

/** What pointers select, as it is handed on. */
function selectedForm(
  { written }: ParsedCredential,
  pointers: readonly string[],
  contexts: ContextRegistry,
): JsonObject {
  const selection = selectJsonLd(written, pointers)
  return selection ? canonicalFormsOf(selection, { contexts }).read().form : {}
}

/** A credential held, in the form in which a verifier hands it on. */
function readIn(credential: Credential, contexts: ContextRegistry): ParsedCredential {
  const parsed = parseCredential(credential)
  return inForm(parsed, canonicalFormsOf(parsed.written, { contexts }))
}

/** The base proof that is presented, where there is one. */
function baseProofOf({
  proofs,
}: ParsedCredential): { readonly mandatoryPointers: readonly string[] } | undefined {
  const base = proofs.find(({ sd }) => sd?.kind === 'base')?.sd
  return base?.kind === 'base' ? base : undefined
}

/** A list is shown whole: where its order is signed, no item of it can be shown alone. */
const pointersOf = (disclose: readonly ClaimPath[]) => disclose.map((path) => pointerOf(namesOf(path)))

/** A path as far as it goes by names. */
function namesOf(path: ClaimPath): readonly string[] {
  const end = path.findIndex((step) => typeof step !== 'string')
  return (end === -1 ? path : path.slice(0, end)) as readonly string[]
}

/**
 * What every presentation shows: the envelope, the holder, and the claims that the document always discloses. A list is
 * shown whole.
 * @throws TypeError when what is always disclosed would take a selective claim with it
 */
function mandatoryPointers(document: DocumentType, credential: JsonObject): readonly string[] {
  const { credentialSubject: subject } = credential
  const always = document.claims
    .filter(({ disclosure }) => disclosure === 'always')
    .map(({ path }) => namesOf(path))
    .filter((names) => isThere(subject as JsonObject, names))
  return [
    ...envelopePointers(credential),
    ...(Object.hasOwn(subject as JsonObject, 'id') ? [pointerOf(['credentialSubject', 'id'])] : []),
    ...new Set(always.map((names) => pointerOf(['credentialSubject', ...names]))),
  ]
}

/** @throws TypeError, see `mandatoryPointers` */
function requireSeparable({ id, claims }: DocumentType): void {
  for (const { path } of claims.filter(({ disclosure }) => disclosure === 'always')) {
    const shown = namesOf(path)
    const taken = claims.find(
      (claim) => claim.disclosure === 'selective' && shown.every((name, at) => claim.path[at] === name),
    )
    if (!taken) continue
    throw new TypeError(
      `the claim ${path.join('.')} of the document ${id} is always disclosed, and would take ${taken.path.join('.')} with it, which is selective`,
    )
  }
}

function isThere(value: JsonValue | undefined, [name, ...rest]: readonly string[]): boolean {
  if (name === undefined) return value !== undefined
  return isJsonObject(value) && Object.hasOwn(value, name) && isThere(value[name], rest)
}
