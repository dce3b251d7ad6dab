import type { CheckName, Checks } from './check.ts'
import { EkkasanError, ResolveError } from './errors.ts'
import type { Period } from './period.ts'
import type {
  CheckStatus,
  IssuerIdentity,
  IssuerKey,
  IssuerKeyQuestion,
  IsTrusted,
  ResolveIssuerKey,
  StatusReference,
} from './ports.ts'

// What every format asks of the ports, and how an answer becomes a check.

/** Codes of the checks that are alike in all formats. */
export type CredentialCheckCode =
  /** The allow-list does not have the party. */
  | 'core.trust.not-listed'
  /** The allow-list has it, for other types or other issuers. */
  | 'core.trust.not-for-this-type'
  | 'core.validity.not-yet'
  | 'core.validity.ended'
  | 'core.status.revoked'
  | 'core.status.suspended'
  /** Skipped: the credential carries no status. */
  | 'core.status.none'
  /** Skipped: not looked up on purpose. */
  | 'core.status.ignored'
  /** Skipped: another check failed, so that nothing is fetched for this credential. */
  | 'core.status.not-asked'
  /** Unknown: it carries a status and there is no means to look it up. */
  | 'core.status.not-configured'

/**
 * Records `structure`: whether what came can be parsed.
 * @throws RejectedError when it cannot: there is nothing else to check
 */
export function checkParsed<T>(checks: Checks, parse: () => T): T {
  try {
    const parsed = parse()
    checks.pass('structure')
    return parsed
  } catch (error) {
    if (!(error instanceof EkkasanError)) throw error
    checks.fail('structure', error.code, error.message)
    checks.conclude()
    throw error
  }
}

/**
 * Records `issuer-key`, and gives the key if it was found: for the issuer asked for, unless a certificate names him,
 * which its resolver has held to the name.
 */
export async function checkIssuerKey(
  checks: Checks,
  resolveIssuerKey: ResolveIssuerKey,
  question: IssuerKeyQuestion,
): Promise<IssuerKey | undefined> {
  try {
    const key = await resolveIssuerKey(question)
    if (key.identity.method !== 'x5c' && key.identity.id !== question.iss) {
      throw new ResolveError('core.resolve.invalid', 'the key was found for another issuer')
    }
    checks.pass('issuer-key', key.identity.method)
    return key
  } catch (error) {
    recordResolveError(checks, 'issuer-key', error)
    return undefined
  }
}

/** Records `issuer-trust`: whether the issuer is trusted for credentials of these types. */
export async function checkIssuerTrust(
  checks: Checks,
  isTrusted: IsTrusted,
  issuer: IssuerIdentity,
  types: readonly string[],
): Promise<void> {
  const answer = await isTrusted({ role: 'credential-issuer', id: issuer.id, issuer, types })
  if (answer.trusted === true) checks.pass('issuer-trust', answer.detail)
  else checks[answer.trusted === false ? 'fail' : 'unknown']('issuer-trust', answer.code, answer.detail)
}

/** Records `validity-start` and `validity-end`; clocks may differ by `leeway` seconds, 60 unless told. */
export function checkValidity(checks: Checks, validity: Period, now: Date, leeway = 60): void {
  const { from, until } = validity
  if (from && from.getTime() > now.getTime() + leeway * 1000) {
    checks.fail('validity-start', 'core.validity.not-yet')
  } else checks.pass('validity-start', from ? undefined : 'no start named')
  if (until && until.getTime() <= now.getTime() - leeway * 1000) {
    checks.fail('validity-end', 'core.validity.ended')
  } else checks.pass('validity-end', until ? undefined : 'no end named')
}

export interface CheckCredentialStatusOptions {
  readonly checkStatus?: CheckStatus | undefined
  /** The reference that the credential carries; `unsupported` when it carries a status of a kind unknown here. */
  readonly entry: StatusReference | 'unsupported' | undefined
  readonly issuer: IssuerIdentity | undefined
}

/**
 * Records `status`. Call it last: nothing is fetched for a credential of which another check has failed or could
 * not be made.
 */
export async function checkCredentialStatus(
  checks: Checks,
  options: CheckCredentialStatusOptions,
): Promise<void> {
  const { checkStatus, entry, issuer } = options
  if (entry === undefined) {
    checks.skip('status', 'core.status.none')
    return
  }
  if (checkStatus?.ignored !== undefined) {
    checks.skip('status', 'core.status.ignored', checkStatus.ignored)
    return
  }
  if (!issuer || !checks.isSound) {
    checks.skip('status', 'core.status.not-asked')
    return
  }
  if (!checkStatus || entry === 'unsupported') {
    const why = checkStatus
      ? 'the credential carries a status of a kind unknown here'
      : 'checkStatus is not given'
    checks.unknown('status', 'core.status.not-configured', why)
    return
  }
  try {
    const answer = await checkStatus(entry, { issuer })
    if (answer.status === 'ignored') checks.skip('status', 'core.status.ignored', answer.why)
    else {
      const detail = `as of ${answer.asOf.toISOString()}${answer.detail === undefined ? '' : `: ${answer.detail}`}`
      if (answer.status === 'valid') checks.pass('status', detail)
      else checks.fail('status', `core.status.${answer.status}`, detail)
    }
  } catch (error) {
    recordResolveError(checks, 'status', error)
  }
}

/** Records a ResolveError: unknown when the outside did not answer, else failed. @throws any other error */
export function recordResolveError(checks: Checks, name: CheckName, error: unknown): void {
  if (!(error instanceof ResolveError)) throw error
  const record = error.code === 'core.resolve.unavailable' ? checks.unknown : checks.fail
  record(name, error.code, error.message)
}
