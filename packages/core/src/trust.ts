import type { CheckStatus, IsTrusted, TrustRole } from './ports.ts'

/** One line of an allow-list. */
export interface TrustedParty {
  readonly role: TrustRole
  /** The exact issuer id or client identifier. */
  readonly id: string
  /** With `credential-issuer`: trusted for these types only; all when absent. */
  readonly types?: readonly string[]
  /** With `status-issuer`: trusted for the statuses of these issuers; only its own when absent. */
  readonly onBehalfOf?: readonly string[]
}

/**
 * Trusts exactly the parties named. An issuer's statuses are signed by the issuer itself or by a party named
 * as `status-issuer` on its behalf.
 */
export function trustOnly(parties: readonly TrustedParty[]): IsTrusted {
  return async ({ role, id, types, onBehalfOf }) => {
    if (role === 'status-issuer' && onBehalfOf?.id === id) {
      return { trusted: true, detail: 'the issuer itself' }
    }
    const known = parties.filter((party) => party.role === role && party.id === id)
    if (known.length === 0) return { trusted: false, code: 'core.trust.not-listed' }
    const fits = known.some((party) => {
      if (role === 'credential-issuer') {
        return party.types === undefined || (types ?? []).some((type) => party.types?.includes(type))
      }
      if (role === 'status-issuer')
        return onBehalfOf !== undefined && (party.onBehalfOf ?? []).includes(onBehalfOf.id)
      return true
    })
    return fits ? { trusted: true } : { trusted: false, code: 'core.trust.not-for-this-type' }
  }
}

/** Trusts everyone, for the reason given; the report repeats it. */
export function trustAnyone(why: string): IsTrusted {
  if (why.trim() === '') throw new TypeError('trustAnyone needs a reason')
  return async () => ({ trusted: true, detail: `everyone is trusted: ${why}` })
}

/** Looks up no status, for the reason given; the report shows the check as skipped with it. */
export function ignoreStatus(why: string): CheckStatus {
  if (why.trim() === '') throw new TypeError('ignoreStatus needs a reason')
  return Object.assign(async () => ({ status: 'ignored' as const, why }), { ignored: why })
}
