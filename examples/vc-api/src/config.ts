import { resolve } from 'node:path'
import { createEnvironmentReader, type Environment } from '@ekkasan-examples/ui'
import { isThisMachine } from './this-machine.ts'

/** What the environment says; every name is explained in README.md. */
export interface Config {
  /** Where it is reached from outside; undefined: the address listened on. */
  readonly url: string | undefined
  readonly host: string
  readonly port: number
  readonly dataDir: string
  /** Who may issue, derive and present: `none` means whoever reaches the port, on this machine alone. */
  readonly authorization: 'token' | 'none'
  /** DIDs whose credentials are accepted, beside the program's own; `any` for trials. */
  readonly trustedIssuers: readonly string[] | 'any'
  /** Whether documents may bring contexts of their own: for trials (Data Integrity section 4.6). */
  readonly inlineContexts: 'refused' | 'accepted'
  /** Hosts that may be reached by http and at private addresses: for trials on one machine only. */
  readonly allowHosts: readonly string[]
  /** Seconds for which verifiers may keep a status list: how late a revocation may reach them. */
  readonly statusSeconds: number
}

/** @throws Error that names the variable and what it must be */
export function readConfig(environment: Environment): Config {
  const { text, number, one, list } = createEnvironmentReader(environment)
  const host = text('HOST', '127.0.0.1')
  const url = readUrl(environment.VC_API_URL)
  const authorization = one('AUTHORIZATION', ['token', 'none'])
  if (!isThisMachine(host)) {
    if (authorization === 'none')
      throw new Error('AUTHORIZATION must be token where HOST is not this machine')
    if (url === undefined) throw new Error('VC_API_URL must be set where HOST is not this machine')
  }
  const trusted = list('TRUSTED_ISSUERS')
  return {
    url,
    host,
    port: number('PORT', 0, 0, 65_535),
    dataDir: resolve(text('DATA_DIR', '.data/vc-api')),
    authorization,
    trustedIssuers: trusted.length === 1 && trusted[0] === 'any' ? 'any' : trusted,
    inlineContexts: one('INLINE_CONTEXTS', ['refused', 'accepted']),
    allowHosts: list('ALLOW_HOSTS'),
    statusSeconds: number('STATUS_SECONDS', 300, 1, 86_400),
  }
}

function readUrl(text: string | undefined): string | undefined {
  const given = text?.trim()
  if (!given) return undefined
  const url = URL.canParse(given) ? new URL(given) : undefined
  if (!url || (url.protocol !== 'https:' && !(url.protocol === 'http:' && isThisMachine(url.hostname)))) {
    throw new Error('VC_API_URL must be an https URL (http only on this machine)')
  }
  if (url.href !== `${url.origin}/`) throw new Error('VC_API_URL must have no path, query, fragment or user')
  return url.origin
}
