import type { Checks } from './check.ts'
import { EkkasanError } from './errors.ts'
import { recordResolveError } from './failing-host.ts'
import type { Period } from './period.ts'
import type { CheckStatus, IssuerIdentity, PublicJwk, StatusReference } from './ports.ts'

// What every format asks of the ports, and how an answer becomes a check.

/** Codes of the checks that are alike in all formats. */
export type CredentialCheckCode =
  /** The allow-list does not have the party. */
  | 'core.trust.not-listed'
  /** The allow-list has it, for other types or other issuers. */
  | 'core.trust.not-for-this-type'
  /** A URL that may issue under another name: those that are listed are DIDs or certificates alone. */
  | 'core.trust.named-otherwise'
  /** Skipped: the issuer is not trusted, or that is not known, so that nothing of it is fetched. */
  | 'core.issuer.not-asked'
  /** Skipped: the issuer is not trusted, or that is not known, or it has no key. */
  | 'core.issuer.signature-not-checked'
  /** Skipped: nothing acceptable names the issuer. */
  | 'core.issuer.not-known'
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

/** Records `validity-start` and `validity-end`; clocks may differ by `leeway` seconds (default: 60). */
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
  /** The key that signed the credential: who signs the status list with it is the issuer. */
  readonly jwk?: PublicJwk | undefined
}

/**
 * Records `status`. Call it last: nothing is fetched for a credential of which another check has failed or could
 * not be made.
 */
export async function checkCredentialStatus(
  checks: Checks,
  options: CheckCredentialStatusOptions,
): Promise<void> {
  const { checkStatus, entry, issuer, jwk } = options
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
    const answer = await checkStatus(entry, { issuer, ...(jwk && { jwk }) })
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
