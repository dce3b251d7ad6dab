import {
  type Checks,
  type ClaimPath,
  type Clock,
  checkCredentialStatus,
  checkIssuer,
  checkParsed,
  checkTrustFirst,
  checkValidity,
  createChecks,
  createWorkBudget,
  type HolderKey,
  type IssuerKey,
  type PublicJwk,
  type ResolveDid,
  ResolveError,
  recordResolveError,
  statementsOfAnAnswer,
  type WorkBudget,
} from '@ekkasan/core'
import type { JsonObject } from '@ekkasan/core/json'
import { checkOptions } from '@ekkasan/core/options'
import { DidError, findVerificationKey } from '@ekkasan/did'
import { checkHolderAnswer, isFetchedDid } from '@ekkasan/keys'
import { type CredentialContentOptions, checkContent, checkDataModel, subjectClaims } from '@ekkasan/vcdm'
import { type ContextRegistry, standardContexts } from './contexts.ts'
import { checkShowing, showingOf } from './internal/bbs-showing.ts'
import { canonicalFormsOf } from './internal/canonical-forms.ts'
import {
  coveredDocument,
  inForm,
  isPartial,
  type ParsedCredential,
  type ParsedPresentation,
  parseCredential,
  parsePresentation,
} from './internal/credential.ts'
import { requireTypes } from './internal/expand-types.ts'
import { unorderedOf } from './internal/form.ts'
import { hashData } from './internal/hash-data.ts'
import { type HashedProof, hashedProof, isMadeBy, isSignedBy } from './internal/hashed-proof.ts'
import { verifyPresentationRules, verifyRules } from './internal/option-rules.ts'
import type { ParsedProof } from './internal/proof.ts'
import type { VerifiedLdpVc, VerifiedLdpVp, VerifyLdpVcOptions, VerifyLdpVpOptions } from './types.ts'

const systemClock: Clock = () => new Date()

/**
 * Verifies a credential with Data Integrity proofs (W3C Data Integrity sections 4.4 and 4.5): every proof it carries,
 * at least one of them its issuer's; what the data model asks for; validity of data and proofs, trust, status.
 * @throws RejectedError, UnavailableError; TypeError for an option that is none or malformed
 */
export async function verifyLdpVc(secured: unknown, options: VerifyLdpVcOptions): Promise<VerifiedLdpVc> {
  checkOptions(options, 'verifyLdpVc', verifyRules)
  const checks = createChecks()
  const shape = parsedOrRefused(checks, () => parseCredential(secured))
  await requireAsked(checks, shape, options)
  const parsed = checkParsed(checks, () => hashed(shape, options))
  const key = await checkIssued(checks, parsed, options)
  checkShowing(checks, showingOf(ofIssuer(parsed).first), options.showing)
  const read = await checkPublished(checks, parsed, key, options)
  checks.conclude()
  return verified(checks, parsed, key, read)
}

/**
 * Verifies a presentation of one credential: the credential, and that its holder signed the presentation for this
 * verifier, in answer to this request, just now (OpenID4VP Appendix B.1.3.2).
 * @throws RejectedError, UnavailableError; TypeError for an option that is none or malformed
 */
export async function verifyLdpVp(presented: unknown, options: VerifyLdpVpOptions): Promise<VerifiedLdpVp> {
  checkOptions(options, 'verifyLdpVp', verifyPresentationRules)
  const checks = createChecks()
  const presentation = parsedOrRefused(checks, () => parsePresentation(presented))
  const { contexts = standardContexts, budget = createWorkBudget(statementsOfAnAnswer) } = options
  await requireAsked(checks, presentation.credential, options)
  const { parsed, data } = checkParsed(checks, () => {
    const { document, proof } = presentation
    return {
      parsed: hashed(presentation.credential, { contexts, budget }),
      data: hashData({ ...proof, forms: canonicalFormsOf(document, { contexts, budget }) }),
    }
  })
  const key = await checkIssued(checks, parsed, { ...options, presentation: presentation.document })
  const holder = await checkHolderSignature(checks, presentation, data, options.resolveDid)
  const { domains: audiences, challenge: nonce, created: made, expires: until } = presentation.proof
  const now = (options.clock ?? systemClock)()
  checkHolderAnswer(checks, { audiences, nonce, made, until }, options.binding, now)
  const read = await checkPublished(checks, parsed, key, options)
  checks.conclude()
  if (!holder) throw new TypeError('a holder who was not found passed')
  return { ...verified(checks, parsed, key, read), holder }
}

/** As `checkParsed`, but that `structure` passes only when what it says could be put in canonical form too. */
export function parsedOrRefused<T>(checks: Checks, parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    return checkParsed(checks, () => {
      throw error
    })
  }
}

/**
 * Refuses the credential of an issuer who is not trusted before its statements are put in canonical form, which takes
 * long where somebody wants it to.
 * @throws RejectedError, UnavailableError
 */
export async function requireAsked(
  checks: Checks,
  parsed: ParsedCredential,
  options: Pick<VerifyLdpVcOptions, 'resolveIssuerKey' | 'isTrusted' | 'clock'>,
): Promise<void> {
  const first = createChecks()
  if (await checkTrustFirst(first, { ...askedIssuer(parsed), ...options })) return
  checks.pass('structure')
  checkDataModel(checks, parsed.written, { partial: isPartial(parsed) })
  checkValidity(checks, parsed.validity, (options.clock ?? systemClock)())
  for (const check of first.list) checks.record(check)
  checks.conclude()
}

function askedIssuer(parsed: Pick<ParsedCredential, 'issuer' | 'proofs' | 'types'>) {
  const { issuer, types } = parsed
  const { verificationMethod: kid, alg } = ofIssuer(parsed).first
  return { question: { iss: issuer, kid, alg }, types }
}

export interface HashedCredential extends Omit<ParsedCredential, 'proofs'> {
  readonly proofs: readonly HashedProof[]
}

/**
 * That what it says can be put in canonical form belongs to its structure: unknown contexts, undefined terms. What is
 * read from then on is the form in which it is handed on.
 */
export function hashed(
  parsed: ParsedCredential,
  options: { readonly contexts?: ContextRegistry; readonly budget?: WorkBudget },
  kind: 'derived' | 'base' = 'derived',
): HashedCredential {
  const { contexts = standardContexts, budget } = options
  const forms = canonicalFormsOf(parsed.document, { contexts, budget })
  const proofs = parsed.proofs.map((proof) => hashedProof(forms, proof, { contexts, kind }))
  const read = inForm(parsed, forms)
  requireTypes(coveredDocument(read), contexts)
  return { ...read, proofs }
}

/** What a credential says of itself, and that its issuer says it. */
export async function checkIssued(
  checks: Checks,
  parsed: HashedCredential,
  options: VerifyLdpVcOptions & { readonly presentation?: JsonObject },
): Promise<IssuerKey | undefined> {
  const { resolveIssuerKey, isTrusted, clock = systemClock, presentation } = options
  const partial = isPartial(parsed)
  checkDataModel(checks, parsed.written, { partial, ...(presentation && { presentation }) })
  checkValidity(checks, parsed.validity, clock())
  const { issuer, proofs } = parsed
  const { first, more } = ofIssuer(parsed)
  return checkIssuer(checks, {
    ...askedIssuer(parsed),
    resolveIssuerKey,
    isTrusted,
    noKey: 'data-integrity.proof.signature',
    async checkSignature(key) {
      const fault =
        (await faultOf(first, key.jwk)) ??
        (await faultOfOthers(
          proofs.filter((proof) => proof !== first),
          { issuer, more, resolveIssuerKey },
        ))
      if (fault === undefined)
        checks.pass('issuer-signature', proofs.map(({ cryptosuite }) => cryptosuite).join(', '))
      else if (fault === 'core.resolve.unavailable') checks.unknown('issuer-signature', fault)
      else checks.fail('issuer-signature', fault)
    },
  })
}

/** A credential in the one form in which it is matched with queries and handed on. */
export interface ReadCredential {
  readonly credential: JsonObject
  /** Where in it lists stand whose order is not signed. */
  readonly unordered: readonly ClaimPath[]
}

/** What others publish about it: schemas, related resources, status. */
async function checkPublished(
  checks: Checks,
  parsed: HashedCredential,
  key: IssuerKey | undefined,
  { content, checkStatus }: VerifyLdpVcOptions,
): Promise<ReadCredential> {
  const read = await checkSchemas(checks, parsed, content)
  await checkCredentialStatus(checks, {
    checkStatus,
    entry: parsed.status,
    issuer: key?.identity,
    jwk: key?.jwk,
  })
  return read
}

/**
 * Its schemas and related resources. Where its statements are what is signed, a schema that was found also says what is
 * an array: a single value there is read as a list of one, whose order means nothing. Verifier and wallet read it so.
 */
export async function checkSchemas(
  checks: Checks,
  parsed: HashedCredential,
  content: CredentialContentOptions | undefined,
): Promise<ReadCredential> {
  const covered = coveredDocument(parsed)
  const { unordered } = parsed
  let credential = covered
  await checkContent(checks, covered, {
    ...content,
    partial: isPartial(parsed),
    ...(unordered && {
      onLists(lists: JsonObject) {
        credential = lists
      },
    }),
  })
  if (!unordered || credential === covered) return { credential, unordered: unordered ?? [] }
  return { credential, unordered: unorderedOf(covered, credential, unordered) }
}

/** A DID's keys are named by DID URLs of it; how an issuer of another kind names his is for the resolver to judge. */
function isOfIssuer({ verificationMethod }: ParsedProof, issuer: string): boolean {
  return !issuer.startsWith('did:') || verificationMethod.startsWith(`${issuer}#`)
}

/** The proof that is verified as the issuer's, and further ones of his. */
function ofIssuer<Proof extends ParsedProof>({
  issuer,
  proofs,
}: {
  readonly issuer: string
  readonly proofs: readonly Proof[]
}): { readonly first: Proof; readonly more: readonly Proof[] } {
  const own = proofs.filter((proof) => isOfIssuer(proof, issuer))
  // Where none is his, the resolver is asked all the same, and says why the first is not.
  const [first, ...more] = own.length > 0 ? own : proofs
  if (!first) throw new TypeError('a credential without a proof was parsed')
  return { first, more }
}

/** The other proofs of a set or chain: the issuer's further ones, and those of other parties. */
async function faultOfOthers(
  proofs: readonly HashedProof[],
  {
    issuer,
    more,
    resolveIssuerKey,
  }: Pick<VerifyLdpVcOptions, 'resolveIssuerKey'> & { issuer: string; more: readonly HashedProof[] },
): Promise<string | undefined> {
  for (const proof of proofs) {
    const { verificationMethod: kid, alg } = proof
    const isOwn = more.includes(proof) && !kid.startsWith('did:')
    const iss = isOwn ? issuer : (kid.split('#')[0] as string)
    try {
      const { jwk } = await resolveIssuerKey({ iss, kid, alg })
      const fault = await faultOf(proof, jwk)
      if (fault !== undefined) return fault
    } catch (error) {
      if (!(error instanceof ResolveError)) throw error
      return error.code
    }
  }
  return undefined
}

async function faultOf(proof: HashedProof, jwk: PublicJwk): Promise<string | undefined> {
  if (proof.purpose !== 'assertionMethod') return 'data-integrity.proof.purpose'
  return (await isMadeBy(proof, jwk)) ? undefined : 'data-integrity.proof.signature'
}

async function checkHolderSignature(
  checks: Checks,
  { proof, holder, credential }: ParsedPresentation,
  data: Uint8Array,
  resolveDid: ResolveDid,
): Promise<HolderKey | undefined> {
  const fail = (code: string) => {
    checks.fail('holder-signature', code)
    return undefined
  }
  const did = credential.holderDid
  if (did === undefined) return fail('keys.holder.unbound')
  if ((holder !== undefined && holder !== did) || !proof.verificationMethod.startsWith(`${did}#`)) {
    return fail('keys.holder.mismatch')
  }
  if (proof.purpose !== 'authentication') return fail('data-integrity.proof.purpose')
  if (!checks.isSound && isFetchedDid(did)) {
    checks.skip('holder-signature', 'keys.holder.not-asked')
    return undefined
  }
  try {
    const jwk = findVerificationKey(await resolveDid(did), proof.verificationMethod, 'authentication')
    if (!(await isSignedBy(proof, data, jwk))) return fail('keys.holder.signature')
    checks.pass('holder-signature', proof.cryptosuite)
    return { jwk, kid: proof.verificationMethod }
  } catch (error) {
    if (error instanceof DidError) return fail('keys.holder.key-not-found')
    recordResolveError(checks, 'holder-signature', error)
    return undefined
  }
}

function verified(
  checks: Checks,
  parsed: HashedCredential,
  key: IssuerKey | undefined,
  { credential, unordered }: ReadCredential,
): VerifiedLdpVc {
  if (!key)
    throw new TypeError('expected a check to have failed, because there is no key of the issuer; all passed')
  const { types, validity, status } = parsed
  const showing = showingOf(ofIssuer(parsed).first)
  return {
    credential,
    issuer: key.identity,
    types,
    claims: subjectClaims(credential),
    unordered,
    validity,
    ...(typeof status === 'object' && { status }),
    ...(showing && { showing }),
    checks: checks.list,
  }
}
