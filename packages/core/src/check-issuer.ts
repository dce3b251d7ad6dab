import type { Checks } from './check.ts'
import type { CredentialCheckCode } from './check-credential.ts'
import { ResolveError } from './errors.ts'
import { recordResolveError } from './failing-host.ts'
import { isTrustedRule } from './option-ports.ts'
import { functionRule, memberOf, unexpected } from './option-rules.ts'
import type {
  IdentifiedIssuer,
  IssuerIdentity,
  IssuerKey,
  IssuerKeyQuestion,
  IsTrusted,
  ResolveIssuerKey,
  TrustAnswer,
  TrustQuestion,
} from './ports.ts'

// Trust before any fetch, then the key, the signature, and trust again: one order for every format.

export interface AskedIssuer {
  /** How the credential names its issuer and its key. */
  readonly question: IssuerKeyQuestion
  /** The credential's types: its `vct`, doctype, or the `type` of a W3C body. */
  readonly types: readonly string[]
  readonly resolveIssuerKey: ResolveIssuerKey
  readonly isTrusted: IsTrusted
}

export interface CheckIssuerOptions extends AskedIssuer {
  /**
   * Set where a certificate alone may name the issuer (SD-JWT VC section 2.5): an `iss` that it does not name then
   * counts for nothing. Elsewhere such a credential is refused, because the name stands in what is handed on.
   */
  readonly isNamedByCertificate?: boolean
  /** Records `issuer-signature`, by this key. */
  checkSignature(key: IssuerKey): Promise<void>
  /** Code of `issuer-signature` and `issuer-trust` where no key was found. */
  readonly noKey: string
}

/**
 * Records `issuer-key`, `issuer-signature` and `issuer-trust`, and gives the key if it was found. First trust is asked
 * by the identity of the mechanism that will be used (`x5c`: the leaf under its anchor; else `iss`, a DID): a no, or
 * not knowing, ends it before anything of the issuer is fetched. On the verified key it is asked again; only that
 * answer makes an issuer trusted.
 */
export async function checkIssuer(
  checks: Checks,
  options: CheckIssuerOptions,
): Promise<IssuerKey | undefined> {
  const { question, types, resolveIssuerKey, isTrusted, isNamedByCertificate = false, noKey } = options
  if (!(await checkTrustFirst(checks, options))) return undefined
  const key = await checkIssuerKey(checks, resolveIssuerKey, question, { isNamedByCertificate })
  if (!key) {
    checks.skip('issuer-signature', noKey, 'no key to check it with')
    checks.skip('issuer-trust', noKey, 'the issuer is not known')
    return undefined
  }
  await options.checkSignature(key)
  await checkIssuerTrust(checks, isTrusted, key.identity, types)
  const isVerified = checks.outcome('issuer-signature') === 'passed'
  if (isVerified && checks.outcome('issuer-trust') === 'passed') resolveIssuerKey.keep?.(key.identity)
  return key
}

/**
 * Whether anything of the issuer may be fetched, and costly work be done. Where not, records `issuer-key` and
 * `issuer-signature` as skipped and `issuer-trust` as failed or unknown. `checkIssuer` begins with it; a format whose
 * signatures are costly to check asks it before as well.
 */
export async function checkTrustFirst(
  checks: Checks,
  { question, types, resolveIssuerKey, isTrusted }: AskedIssuer,
): Promise<boolean> {
  isTrustedRule(isTrusted, 'isTrusted')
  functionRule(resolveIssuerKey, 'resolveIssuerKey')
  let issuer: IdentifiedIssuer | undefined
  try {
    issuer = await identifyIssuer(resolveIssuerKey, question)
  } catch (error) {
    recordResolveError(checks, 'issuer-key', error)
    skipSignature(checks, 'no key to check it with')
    checks.skip(
      'issuer-trust',
      'core.issuer.not-known' satisfies CredentialCheckCode,
      'the issuer is not known',
    )
    return false
  }
  if (!issuer) return true
  const { identity } = issuer
  const answer = await askTrustFirst(isTrusted, {
    role: 'credential-issuer',
    id: identity.id,
    issuer: identity,
    types,
  })
  if (answer.trusted === true) return true
  const why =
    answer.trusted === false ? 'not trusted, signature not checked' : 'whether it is trusted is not known'
  checks.skip('issuer-key', 'core.issuer.not-asked' satisfies CredentialCheckCode, why)
  skipSignature(checks, why)
  recordTrust(checks, answer)
  return false
}

function skipSignature(checks: Checks, why: string): void {
  checks.skip('issuer-signature', 'core.issuer.signature-not-checked' satisfies CredentialCheckCode, why)
}

/**
 * Asks for trust before anything of a party is fetched. Only a refusal counts: `true` means "go on", not "trusted". A
 * party that is listed for other types is known, so that the question of the type waits for its verified key.
 */
export async function askTrustFirst(isTrusted: IsTrusted, question: TrustQuestion): Promise<TrustAnswer> {
  const answer = await askTrust(isTrusted, question)
  const isOfType =
    question.role === 'credential-issuer' &&
    answer.trusted === false &&
    answer.code === 'core.trust.not-for-this-type'
  return isOfType ? { trusted: true } : answer
}

/**
 * Who the issuer is by the mechanism that will be used, without asking anybody outside; undefined where that cannot
 * be told, or nothing names an issuer. @throws ResolveError
 */
export async function identifyIssuer(
  resolveIssuerKey: ResolveIssuerKey,
  question: IssuerKeyQuestion,
): Promise<IdentifiedIssuer | undefined> {
  if (resolveIssuerKey.identify) return resolveIssuerKey.identify(question)
  const { iss, kid, x5c } = question
  if (x5c) return undefined
  const id = iss ?? (kid?.startsWith('did:') ? kid.split('#')[0] : undefined)
  return id === undefined
    ? undefined
    : { identity: { id, method: id.startsWith('did:') ? 'did' : 'jwt-vc-issuer' } }
}

/**
 * Records `issuer-key`, and gives the key if it was found: for the issuer asked for, and by certificate wherever the
 * credential carries `x5c`.
 */
export async function checkIssuerKey(
  checks: Checks,
  resolveIssuerKey: ResolveIssuerKey,
  question: IssuerKeyQuestion,
  { isNamedByCertificate = false }: Pick<CheckIssuerOptions, 'isNamedByCertificate'> = {},
): Promise<IssuerKey | undefined> {
  try {
    const key = await resolveIssuerKey(question)
    requireAnswer(key.identity, question, isNamedByCertificate)
    checks.pass('issuer-key', key.identity.method)
    return key
  } catch (error) {
    recordResolveError(checks, 'issuer-key', error)
    return undefined
  }
}

function requireAnswer(
  { id, method }: IssuerIdentity,
  { iss, x5c }: IssuerKeyQuestion,
  isNamedByCertificate: boolean,
): void {
  if (x5c && method !== 'x5c') {
    throw new ResolveError(
      'core.resolve.invalid',
      `the credential carries x5c, so that its key is found by certificate alone; it was found by ${method}`,
    )
  }
  if (id === iss || (method === 'x5c' && (iss === undefined || isNamedByCertificate))) return
  throw method === 'x5c'
    ? new ResolveError('core.resolve.invalid', 'the certificate does not name the issuer of the credential')
    : new ResolveError('core.resolve.invalid', 'the key was found for another issuer')
}

/** Records `issuer-trust`: whether the issuer is trusted for credentials of these types. */
export async function checkIssuerTrust(
  checks: Checks,
  isTrusted: IsTrusted,
  issuer: IssuerIdentity,
  types: readonly string[],
): Promise<void> {
  recordTrust(checks, await askTrust(isTrusted, { role: 'credential-issuer', id: issuer.id, issuer, types }))
}

// A bare `true` is no answer: it would be told as one that is not known, and nobody would learn why.
async function askTrust(isTrusted: IsTrusted, question: TrustQuestion): Promise<TrustAnswer> {
  const answer: unknown = await isTrusted(question)
  if ([true, false, 'unknown'].includes(memberOf(answer, 'trusted') as never)) return answer as TrustAnswer
  throw unexpected(
    'what isTrusted answered',
    "{ trusted: true }, or { trusted: false or 'unknown', code }",
    answer,
  )
}

function recordTrust(checks: Checks, answer: TrustAnswer): void {
  if (answer.trusted === true) checks.pass('issuer-trust', answer.detail)
  else checks[answer.trusted === false ? 'fail' : 'unknown']('issuer-trust', answer.code, answer.detail)
}

/**
 * The question after an issuer's key, of the header of its signature. A member of the wrong kind is never passed over:
 * an `x5c` that is not a list of texts becomes an empty chain, which every resolver refuses.
 */
export function issuerKeyQuestion(
  header: { readonly alg: string; readonly kid?: unknown; readonly x5c?: unknown },
  iss?: unknown,
): IssuerKeyQuestion {
  const { alg, kid, x5c } = header
  return {
    alg,
    ...(typeof iss === 'string' && { iss }),
    ...(typeof kid === 'string' && { kid }),
    ...(x5c !== undefined && { x5c: isTextList(x5c) ? x5c : [] }),
  }
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}
