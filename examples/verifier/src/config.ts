import { resolve } from 'node:path'
import { createEnvironmentReader, type Environment, issuerIds } from '@ekkasan-examples/ui'
import { type FormatName, formatNames } from './formats.ts'

/** What the environment says; every name is explained in README.md. */
export interface Config {
  readonly url: string | undefined
  readonly host: string
  readonly port: number
  readonly dataDir: string
  /** `sqlite`, or a `postgres://` URL. */
  readonly store: string
  readonly identity: 'x509_hash' | 'x509_san_dns' | 'decentralized_identifier'
  /** In which documents are accepted, best first. */
  readonly formats: readonly FormatName[]
  /** Issuers whose documents are accepted: https URLs or DIDs. */
  readonly trustedIssuers: readonly string[]
  /** PEM files of authorities that certify issuers of mdocs. */
  readonly trustedCertificates: readonly string[]
  /** Whether requests for mdocs name these authorities, so that wallets offer no others. */
  readonly nameAuthorities: boolean
  /** Hosts that may be reached by http and at private addresses: for trials on one machine only. */
  readonly allowHosts: readonly string[]
  readonly requestLifetime: number
  readonly resultLifetime: number
}

/** @throws Error that names the variable and what it must be */
export function readConfig(environment: Environment): Config {
  const { text, number, one, list, files, store } = createEnvironmentReader(environment)
  const url = readUrl(environment.VERIFIER_URL)
  const host = text('HOST', '127.0.0.1')
  if (url === undefined && !isThisMachine(host)) {
    throw new Error('VERIFIER_URL must be set where HOST is not this machine alone')
  }
  const trustedCertificates = files('TRUSTED_CERTIFICATES')
  const nameAuthorities = one('NAME_AUTHORITIES', ['0', '1']) === '1'
  if (nameAuthorities && trustedCertificates.length === 0) {
    throw new Error('NAME_AUTHORITIES needs TRUSTED_CERTIFICATES')
  }
  return {
    url,
    host,
    port: number('PORT', 0, 0, 65_535),
    dataDir: resolve(text('DATA_DIR', '.data/verifier')),
    store: store(),
    identity: one('IDENTITY', ['x509_hash', 'x509_san_dns', 'decentralized_identifier']),
    formats: readFormats(list('FORMATS')),
    trustedIssuers: list('TRUSTED_ISSUERS', issuerIds),
    trustedCertificates,
    nameAuthorities,
    allowHosts: list('ALLOW_HOSTS'),
    requestLifetime: number('REQUEST_SECONDS', 300, 30, 3600),
    resultLifetime: number('RESULT_SECONDS', 600, 30, 86_400),
  }
}

function readFormats(given: readonly string[]): readonly FormatName[] {
  if (given.length === 0) return formatNames
  return given.map((name) => {
    const known = formatNames.find((format) => format === name)
    if (known === undefined) throw new Error(`FORMATS must list some of: ${formatNames.join(', ')}`)
    return known
  })
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
