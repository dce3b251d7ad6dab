import { resolve } from 'node:path'

/** What the environment says; every name is explained in README.md. */
export interface Config {
  readonly url: string | undefined
  readonly host: string
  readonly port: number
  readonly dataDir: string
  /** `sqlite`, or a `postgres://` URL. */
  readonly store: string
  readonly identity: 'x509_hash' | 'x509_san_dns' | 'decentralized_identifier'
  /** Issuers whose national IDs are accepted: https URLs or DIDs. */
  readonly trustedIssuers: readonly string[]
  /** Hosts that may be reached by http and at private addresses: for trials on one machine only. */
  readonly allowHosts: readonly string[]
  readonly requestLifetime: number
  readonly resultLifetime: number
}

const identities = ['x509_hash', 'x509_san_dns', 'decentralized_identifier'] as const

/** @throws Error that names the variable and what it must be */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const text = (name: string, otherwise: string) => environment[name]?.trim() || otherwise
  const number = (name: string, otherwise: number, least: number, most: number) => {
    const value = Number(text(name, String(otherwise)))
    if (!Number.isInteger(value) || value < least || value > most) {
      throw new Error(`${name} must be a whole number from ${least} to ${most}`)
    }
    return value
  }
  const list = (name: string) =>
    text(name, '')
      .split(/[\s,]+/)
      .filter((item) => item !== '')

  const identity = text('IDENTITY', 'x509_hash')
  if (!identities.some((known) => known === identity))
    throw new Error(`IDENTITY must be one of: ${identities.join(', ')}`)
  const store = text('STORE', 'sqlite')
  if (store !== 'sqlite' && !/^postgres(ql)?:\/\//.test(store)) {
    throw new Error('STORE must be sqlite or a postgres:// URL')
  }
  const url = readUrl(environment.VERIFIER_URL)
  const host = text('HOST', '127.0.0.1')
  if (url === undefined && !isThisMachine(host)) {
    throw new Error('VERIFIER_URL must be set where HOST is not this machine alone')
  }
  return {
    url,
    host,
    port: number('PORT', 0, 0, 65_535),
    dataDir: resolve(text('DATA_DIR', '.data/verifier')),
    store,
    identity: identity as Config['identity'],
    trustedIssuers: list('TRUSTED_ISSUERS'),
    allowHosts: list('ALLOW_HOSTS'),
    requestLifetime: number('REQUEST_SECONDS', 300, 30, 3600),
    resultLifetime: number('RESULT_SECONDS', 600, 30, 86_400),
  }
}

const isThisMachine = (host: string) => /^(localhost|127\.0\.0\.1|\[?::1\]?)$/.test(host)

function readUrl(text: string | undefined): string | undefined {
  const given = text?.trim()
  if (!given) return undefined
  const url = URL.canParse(given) ? new URL(given) : undefined
  if (!url || (url.protocol !== 'https:' && !(url.protocol === 'http:' && isThisMachine(url.hostname)))) {
    throw new Error('VERIFIER_URL must be an https URL (http only on this machine)')
  }
  if (url.href !== `${url.origin}/`) {
    throw new Error('VERIFIER_URL must have no path, no query, no fragment and no user')
  }
  return url.origin
}
