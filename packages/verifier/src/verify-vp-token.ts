import {
  type Check,
  type CheckStatus,
  type Clock,
  createChecks,
  createWorkBudget,
  type IsTrusted,
  type JsonValue,
  type PresentationBinding,
  RejectedError,
  ResolveError,
  statementsOfAnAnswer,
  type TrustedAuthorities,
  UnavailableError,
  type VerifiedCredential,
  type VerifierFormat,
  type WorkBudget,
} from '@ekkasan/core'
import {
  anyRule,
  bindingRule,
  checkOptions,
  functionRule,
  isTrustedRule,
  listRule,
  type OptionRules,
  objectRule,
  optional,
  textRule,
  verifierFormatRule,
} from '@ekkasan/core/options'
import {
  type CredentialQuery,
  type DcqlQuery,
  isOfTrustedAuthority,
  matchCredential,
  missingCredentials,
  parseVpToken,
  type VpToken,
} from '@ekkasan/openid4vc'
import { type VpTokenCheckCode, VpTokenRejectedError, VpTokenUnavailableError } from './errors.ts'
import { forgetUnasked } from './forget-unasked.ts'
import { parseQuery, requireTransactionData } from './query.ts'
import type { CredentialReport } from './types.ts'

export interface VerifyVpTokenOptions {
  /** The DCQL query that was asked. */
  readonly query: unknown
  readonly formats: readonly VerifierFormat[]
  readonly isTrusted: IsTrusted
  /** Without it a credential that carries a status is `unknown`. */
  readonly checkStatus?: CheckStatus
  /** For `trusted_authorities` of the query: how each type of them is told. */
  readonly trustedAuthorities?: TrustedAuthorities
  /** As in `CreateVerifierOptions`. */
  readonly queryExtensions?: readonly string[]
  /** What the presentations have to be bound to: this verifier's identifier and the nonce of this request. */
  readonly binding: PresentationBinding
  readonly clock?: Clock
}

export interface VerifiedVpToken {
  /** Query id -> verified credentials, each with its checks. */
  readonly presentations: Readonly<Record<string, readonly VerifiedCredential[]>>
  /** The check of the answer as a whole: `query`. */
  readonly checks: readonly Check[]
}

const rules: OptionRules<VerifyVpTokenOptions> = {
  query: anyRule,
  formats: listRule(verifierFormatRule, { least: 1 }),
  isTrusted: isTrustedRule,
  checkStatus: optional(functionRule),
  trustedAuthorities: optional(objectRule),
  queryExtensions: optional(listRule(textRule)),
  binding: bindingRule,
  clock: optional(functionRule),
}

/**
 * Verifies a VP token as OpenID4VP section 8.6 says: every presentation in itself, each against its query, and all
 * of them against what is required. One presentation that is not acceptable makes the whole so.
 * @param vpToken query id -> presentations, as it came
 * @throws VpTokenRejectedError, VpTokenUnavailableError; PresentationError when it is no VP token; TypeError when
 *   the query is none
 */
export async function verifyVpToken(
  vpToken: unknown,
  options: VerifyVpTokenOptions,
): Promise<VerifiedVpToken> {
  checkOptions(options, 'verifyVpToken', rules)
  const query = parseQuery(options.query, options)
  const token = parseVpToken(vpToken)
  const transactions = transactionsOf(query, options)
  const whole = checkWhole(token, query, transactions)
  // What does not answer the query is not looked at further: nothing is fetched for it.
  if (whole.outcome('query') === 'failed') throw new VpTokenRejectedError([{ checks: whole.list }])
  const budget = createWorkBudget(statementsOfAnAnswer)
  const verified = await Promise.all(
    query.credentials.flatMap((asked) =>
      presentationsOf(token, asked.id).map((presentation, index) =>
        verifyOne(presentation, index, asked, transactions, { ...options, budget }),
      ),
    ),
  )
  const report: CredentialReport[] = [
    { checks: whole.list },
    ...verified.map(({ queryId, index, checks }) => ({ queryId, index, checks })),
  ]
  const outcomes = report.flatMap(({ checks }) => checks.map(({ outcome }) => outcome))
  if (outcomes.includes('failed')) throw new VpTokenRejectedError(report)
  if (outcomes.includes('unknown')) throw new VpTokenUnavailableError(report)
  const presentations = new Map<string, VerifiedCredential[]>()
  for (const { queryId, credential, checks } of verified) {
    if (!credential) throw new TypeError('a format neither verified nor refused a presentation')
    presentations.set(queryId, [...(presentations.get(queryId) ?? []), { ...credential, checks }])
  }
  return { presentations: Object.fromEntries(presentations), checks: whole.list }
}

/** An id may be the name of something that every object inherits. */
function presentationsOf(token: VpToken, queryId: string): readonly JsonValue[] {
  return Object.hasOwn(token, queryId) ? (token[queryId] ?? []) : []
}

function checkWhole(token: VpToken, query: DcqlQuery, transactions: readonly Transaction[]) {
  const checks = createChecks()
  const answered = Object.keys(token)
  const asked = new Map(query.credentials.map((credential) => [credential.id, credential]))
  const missing = missingCredentials(query, answered)
  const unauthorised = transactions.filter(({ queryId }) => !answered.includes(queryId))
  if (!answered.every((id) => asked.has(id))) checks.fail('query', 'verifier.vp-token.not-asked')
  else if (answered.some((id) => presentationsOf(token, id).length > 1 && asked.get(id)?.multiple !== true)) {
    checks.fail('query', 'verifier.vp-token.too-many')
  } else if (missing.length > 0) {
    checks.fail('query', 'verifier.vp-token.incomplete', `missing: ${missing.join(', ')}`)
  } else if (unauthorised.length > 0) checks.fail('query', 'verifier.vp-token.transaction')
  else checks.pass('query')
  return checks
}

interface VerifiedOne {
  readonly queryId: string
  readonly index: number
  readonly checks: readonly Check[]
  readonly credential?: VerifiedCredential
}

async function verifyOne(
  presentation: JsonValue,
  index: number,
  asked: CredentialQuery,
  transactions: readonly Transaction[],
  options: VerifyVpTokenOptions & { readonly budget: WorkBudget },
): Promise<VerifiedOne> {
  const { formats, isTrusted, checkStatus, clock, budget } = options
  const format = formats.find((known) => known.format === asked.format)
  if (!format) throw new TypeError(`no format ${asked.format} was given`)
  const binding = bindingOf(asked, transactions, options.binding)
  try {
    const credential = await format.verify(presentation, {
      isTrusted,
      ...(binding && { binding }),
      ...(checkStatus && { checkStatus }),
      ...(clock && { clock }),
      budget,
    })
    const match = matchCredential(asked, credential.view, format.disclosesAllAt === undefined)
    if (!match.matches) {
      const check: Check = { name: 'query', outcome: 'failed', code: match.code }
      return { queryId: asked.id, index, checks: [...credential.checks, check] }
    }
    const kept = forgetUnasked(credential, asked, match.disclose, format)
    // A presentation that proves a transaction is kept whole by whoever has to prove it: it holds nothing unasked.
    const isProof = binding?.transactionData !== undefined
    const check =
      isProof && kept.unasked > 0
        ? failedUnasked(kept.unasked)
        : withUnasked(await checkAuthority(asked, credential, options.trustedAuthorities), kept.unasked)
    return { queryId: asked.id, index, checks: [...credential.checks, check], credential: kept.credential }
  } catch (error) {
    if (!(error instanceof RejectedError || error instanceof UnavailableError)) throw error
    const check: Check = { name: 'query', outcome: 'skipped', code: 'verifier.query.not-checked' }
    return { queryId: asked.id, index, checks: [...error.checks, check] }
  }
}

async function checkAuthority(
  asked: CredentialQuery,
  { view }: VerifiedCredential,
  trustedAuthorities: TrustedAuthorities | undefined,
): Promise<Check> {
  try {
    return (await isOfTrustedAuthority(asked, view, trustedAuthorities))
      ? { name: 'query', outcome: 'passed' }
      : { name: 'query', outcome: 'failed', code: 'openid4vc.query.authority' }
  } catch (error) {
    if (!(error instanceof ResolveError)) throw error
    const outcome = error.code === 'core.resolve.unavailable' ? 'unknown' : 'failed'
    return { name: 'query', outcome, code: error.code }
  }
}

function failedUnasked(count: number): Check {
  const code: VpTokenCheckCode = 'verifier.query.unasked'
  return { name: 'query', outcome: 'failed', code, detail: `claims that were not asked for: ${count}` }
}

function withUnasked(check: Check, count: number): Check {
  if (count === 0 || check.outcome !== 'passed') return check
  return { ...check, detail: `forgotten, since nobody asked for them: ${count}` }
}

function bindingOf(
  asked: CredentialQuery,
  transactions: readonly Transaction[],
  binding: PresentationBinding,
): PresentationBinding | undefined {
  if (asked.require_cryptographic_holder_binding === false) return undefined
  const { transactionData: _all, ...rest } = binding
  const transactionData = transactions
    .filter(({ queryId }) => queryId === asked.id)
    .map(({ encoded }) => encoded)
  return { ...rest, ...(transactionData.length > 0 && { transactionData }) }
}

interface Transaction {
  readonly encoded: string
  readonly queryId: string
}

function transactionsOf(
  query: DcqlQuery,
  { binding, formats }: VerifyVpTokenOptions,
): readonly Transaction[] {
  const { transactionData } = binding
  if (!transactionData) return []
  return requireTransactionData(transactionData, query, formats).map(({ encoded, credentialIds }) => ({
    encoded,
    queryId: credentialIds[0] as string,
  }))
}
