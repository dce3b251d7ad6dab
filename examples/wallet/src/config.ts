import type { WalletConfig } from './wallet-config.ts'

/** What the environment says; every name is explained in README.md. */
export interface Config {
  readonly url: string | undefined
  readonly host: string
  readonly port: number
  readonly wallet: WalletConfig
}

/** @throws Error that names the variable and what it must be */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const text = (name: string, otherwise: string) => environment[name]?.trim() || otherwise
  const list = (name: string) =>
    text(name, '')
      .split(/[\s,]+/)
      .filter((item) => item !== '')
  const port = Number(text('PORT', '0'))
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error('PORT must be a whole number from 0 to 65535')
  }
  const url = environment.WALLET_URL?.trim().replace(/\/$/, '') || undefined
  if (url !== undefined && !isWalletUrl(url)) {
    throw new Error('WALLET_URL must be an https URL without path (http only on this machine)')
  }
  const allowHttp = text('ALLOW_HTTP', '0')
  if (allowHttp !== '0' && allowHttp !== '1') throw new Error('ALLOW_HTTP must be 0 or 1')
  const trustAnyone = text('TRUST_ANYONE', '')
  return {
    url,
    host: text('HOST', '127.0.0.1'),
    port,
    wallet: {
      trustedIssuers: list('TRUSTED_ISSUERS'),
      trustedVerifiers: list('TRUSTED_VERIFIERS'),
      allowHttp: allowHttp === '1',
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
