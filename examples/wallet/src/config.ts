import { readFileSync } from 'node:fs'
import { clientIds, createEnvironmentReader, type Environment, issuerIds } from '@ekkasan-examples/ui'
import type { WalletConfig } from './wallet-config.ts'

/** What the environment says; every name is explained in README.md. */
export interface Config {
  readonly url: string | undefined
  readonly host: string
  readonly port: number
  readonly wallet: WalletConfig
}

/** @throws Error that names the variable and what it must be, or the file that cannot be read */
export function readConfig(environment: Environment): Config {
  const { text, number, one, list, files } = createEnvironmentReader(environment)
  const url = environment.WALLET_URL?.trim().replace(/\/$/, '') || undefined
  if (url !== undefined && !isWalletUrl(url)) {
    throw new Error('WALLET_URL must be an https URL without path (http only on this machine)')
  }
  const trustAnyone = text('TRUST_ANYONE', '')
  return {
    url,
    host: text('HOST', '127.0.0.1'),
    port: number('PORT', 0, 0, 65_535),
    wallet: {
      trustedIssuers: list('TRUSTED_ISSUERS', issuerIds),
      trustedCertificates: files('TRUSTED_CERTIFICATES').map((file) => readFileSync(file, 'utf8')),
      trustedVerifiers: list('TRUSTED_VERIFIERS', clientIds),
      allowHttp: one('ALLOW_HTTP', ['0', '1']) === '1',
      ...(trustAnyone !== '' && { trustAnyone }),
    },
  }
}

// Keys in IndexedDB and WebCrypto exist in secure contexts only.
function isWalletUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, origin } = new URL(text)
  const isLoopback = /^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname)
  return origin === text && (protocol === 'https:' || (protocol === 'http:' && isLoopback))
}
