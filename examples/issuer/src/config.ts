import { resolve } from 'node:path'
import { createEnvironmentReader, type Environment } from '@ekkasan-examples/ui'
import { type FormatName, formatNames } from './formats.ts'

/** What the environment says; every name is explained in README.md. */
export interface Config {
  /** Credential Issuer Identifier; undefined: the address listened on. */
  readonly url: string | undefined
  readonly host: string
  readonly port: number
  readonly dataDir: string
  /** `sqlite`, or a `postgres://` URL. */
  readonly store: string
  readonly keys: 'files' | 'veramo'
  /** In which every document is offered, best first. */
  readonly formats: readonly FormatName[]
  /** How credentials name their issuer. */
  readonly issuerId: 'url' | 'did'
  /** Days for which a credential is valid; never longer than the card itself. */
  readonly validDays: number
  /** Days for which an issuance's record is kept after the credential has ended. */
  readonly retentionDays: number
  /** Days for which the audit log is kept. */
  readonly auditDays: number
  /** Seconds for which an offer can be claimed. */
  readonly offerSeconds: number
  /** Seconds after which a verifier must fetch the status list again. */
  readonly statusSeconds: number
  readonly officerPassword: string | undefined
}

/** @throws Error that names the variable and says what it must be */
export function readConfig(environment: Environment): Config {
  const { text, number, one, store } = createEnvironmentReader(environment)
  const officerPassword = environment.ISSUER_OFFICER_PASSWORD
  if (officerPassword !== undefined && officerPassword.length < 12) {
    throw new Error('ISSUER_OFFICER_PASSWORD must have at least 12 characters')
  }
  const url = readUrl(environment.ISSUER_URL)
  const host = text('HOST', '127.0.0.1')
  if (url === undefined && !/^(localhost|127\.0\.0\.1|::1)$/.test(host)) {
    throw new Error('ISSUER_URL must be set where HOST is not this machine alone')
  }
  return {
    url,
    host,
    port: number('PORT', 0, 0, 65_535),
    dataDir: resolve(text('DATA_DIR', '.data/issuer')),
    store: store(),
    keys: one('KEYS', ['files', 'veramo']),
    formats: readFormats(text('FORMATS', formatNames.join(','))),
    issuerId: one('ISSUER_ID', ['url', 'did']),
    validDays: number('VALID_DAYS', 365, 1, 3650),
    retentionDays: number('RETENTION_DAYS', 90, 0, 3650),
    auditDays: number('AUDIT_DAYS', 365, 1, 3650),
    offerSeconds: number('OFFER_SECONDS', 300, 30, 86_400),
    statusSeconds: number('STATUS_SECONDS', 300, 1, 86_400),
    officerPassword,
  }
}

function readUrl(text: string | undefined): string | undefined {
  const url = text?.trim().replace(/\/$/, '')
  if (!url) return undefined
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  const loopback = parsed && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(parsed.hostname)
  if (!parsed || (parsed.protocol !== 'https:' && !(loopback && parsed.protocol === 'http:'))) {
    throw new Error('ISSUER_URL must be an https URL (http only on this machine)')
  }
  if (parsed.search || parsed.hash || parsed.username) {
    throw new Error('ISSUER_URL must have no query, no fragment and no user')
  }
  return url
}

function readFormats(text: string): readonly FormatName[] {
  const names = [...new Set(text.split(/[\s,]+/).filter((name) => name !== ''))]
  return names.map((name) => {
    const known = formatNames.find((format) => format === name)
    if (known === undefined) throw new Error(`FORMATS must list some of: ${formatNames.join(', ')}`)
    return known
  })
}
