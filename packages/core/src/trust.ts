import { trustRoleRule } from './option-ports.ts'
import { listRule, type OptionRules, optional, optionsRule, textRule, unexpected } from './option-rules.ts'
import type { CheckStatus, IssuerIdentity, IsTrusted, TrustRole } from './ports.ts'

/** One line of an allow-list. */
export interface TrustedParty {
  readonly role: TrustRole
  /** The exact issuer id or client identifier. */
  readonly id: string
  /**
   * With `credential-issuer`: trusted for these types only; all when absent. A credential of several types needs
   * trust for each, beside the `VerifiableCredential` that every W3C credential is.
   */
  readonly types?: readonly string[]
  /** With `status-issuer`: trusted for the statuses of these issuers; only its own when absent. */
  readonly onBehalfOf?: readonly string[]
}

// A misspelt `types` would trust for all of them.
const partyRules: OptionRules<TrustedParty> = {
  role: trustRoleRule,
  id: textRule,
  types: optional(listRule(textRule)),
  onBehalfOf: optional(listRule(textRule)),
}

/**
 * Trusts exactly the parties named. An issuer's statuses are signed by the issuer itself or by a party named
 * as `status-issuer` on its behalf.
 *
 * It goes by the id. One that a certificate's name gives (a URL) is as good as each authority that the resolver of keys
 * accepts; one made of its subject holds the authority's key too (`subjectIdentifier` of @ekkasan/x509 makes it). Where
 * an authority may certify some types only, `trustIssuerCertificates` of @ekkasan/x509 holds it to them.
 *
 * Asked without `issuer` about a URL, as a wallet does of the server that an offer names, it answers `unknown` where only
 * DIDs or certificates are listed: the server may issue under one of them.
 *
 * @throws TypeError when an entry has another member than these, or one that is malformed
 */
export function trustOnly(parties: readonly TrustedParty[]): IsTrusted {
  listRule(optionsRule(partyRules))(parties, 'trustOnly')
  return async ({ role, id, issuer, types, onBehalfOf }) => {
    if (role === 'status-issuer' && onBehalfOf?.id === id && isSameLeaf(issuer, onBehalfOf)) {
      return { trusted: true, detail: 'the issuer itself' }
    }
    const known = parties.filter((party) => party.role === role && party.id === id)
    if (known.length === 0) {
      if (role === 'credential-issuer' && !issuer && mayBeNamedOtherwise(id, parties)) {
        const detail = `${id} may issue under a DID or a certificate, and only such are listed`
        return { trusted: 'unknown', code: 'core.trust.named-otherwise', detail }
      }
      return { trusted: false, code: 'core.trust.not-listed', detail: `${id} is not listed as ${role}` }
    }
    const fits =
      role === 'credential-issuer'
        ? isTrustedForAll(known, types ?? [])
        : role !== 'status-issuer' ||
          known.some((party) => onBehalfOf !== undefined && party.onBehalfOf?.includes(onBehalfOf.id))
    if (fits) return { trusted: true }
    const what = role === 'status-issuer' ? `for ${onBehalfOf?.id}` : `for all of ${types?.join(', ')}`
    const detail = `${id} is listed as ${role}, but not ${what}`
    return { trusted: false, code: 'core.trust.not-for-this-type', detail }
  }
}

/**
 * Whether a server that is not listed by its URL may issue under one of the names that are: a did:web of its host, or
 * any name where all that are listed are of no host.
 */
function mayBeNamedOtherwise(url: string, parties: readonly TrustedParty[]): boolean {
  const host = /^https?:/.test(url) && URL.canParse(url) ? new URL(url).host : undefined
  const issuers = parties.filter(({ role }) => role === 'credential-issuer')
  if (host === undefined || issuers.length === 0) return false
  const hosts = issuers.map(({ id }) => hostOf(id)).filter((named) => named !== undefined)
  return hosts.length === 0 || hosts.includes(`did:web:${host}`)
}

/** As `did:web:<host>` where a DID names a host, the URL where that does. */
function hostOf(id: string): string | undefined {
  if (/^https?:/.test(id)) return id
  const host = /^did:web:([^:]+)/.exec(id)?.[1]
  return host && `did:web:${host.replace(/%3A/i, ':').toLowerCase()}`
}

/** Another certificate under the same name: who certified it for statuses, a list of names cannot tell. */
function isSameLeaf(signer: IssuerIdentity | undefined, issuer: IssuerIdentity): boolean {
  return signer?.method !== 'x5c' || signer.x5c?.[0] === issuer.x5c?.[0]
}

function isTrustedForAll(known: readonly TrustedParty[], types: readonly string[]): boolean {
  if (known.some((party) => party.types === undefined)) return true
  const special = types.filter((type) => type !== 'VerifiableCredential')
  const claimed = special.length > 0 ? special : types
  return claimed.length > 0 && claimed.every((type) => known.some((party) => party.types?.includes(type)))
}

/** Trusts everyone, for the reason given; the report repeats it. */
export function trustAnyone(why: string): IsTrusted {
  requireReason(why, 'trustAnyone')
  return async () => ({ trusted: true, detail: `everyone is trusted: ${why}` })
}

/** Looks up no status, for the reason given; the report shows the check as skipped with it. */
export function ignoreStatus(why: string): CheckStatus {
  requireReason(why, 'ignoreStatus')
  return Object.assign(async () => ({ status: 'ignored' as const, why }), { ignored: why })
}

function requireReason(why: unknown, what: string): void {
  if (typeof why === 'string' && why.trim() !== '') return
  throw unexpected(what, 'a reason, which reports repeat', why)
}
