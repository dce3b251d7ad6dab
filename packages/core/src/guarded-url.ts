import { FetchError } from './failing-host.ts'
import type { GuardedFetchOptions } from './guarded-fetch.ts'
import {
  checkOptions,
  expecting,
  integerRule,
  listRule,
  type OptionRules,
  optional,
  textRule,
} from './option-rules.ts'

export interface FetchLimits {
  readonly maxBytes: number
  readonly timeout: number
  readonly maxRedirects: number
  /** Whether a host was named as one that may be loopback, private and asked by http. */
  isAllowedHost(url: URL): boolean
}

// A URL here would allow nothing, and say nothing of it.
const hostRule = expecting(
  "a host as 'name', 'name:port' or 'name:*', without scheme and path",
  (value) => typeof value === 'string' && value !== '' && !/[/?#@\s]/.test(value),
)

const rules: OptionRules<GuardedFetchOptions> = {
  allowHosts: optional(listRule(hostRule)),
  maxBytes: optional(integerRule(0)),
  timeout: optional(integerRule(0)),
  maxRedirects: optional(integerRule(0)),
  nameServers: optional(listRule(textRule)),
}

export function fetchLimits(options: GuardedFetchOptions): FetchLimits {
  checkOptions(options, 'createGuardedFetch', rules)
  const { allowHosts = [], maxBytes = 1_048_576, timeout = 5000, maxRedirects = 0 } = options
  return {
    maxBytes,
    timeout,
    maxRedirects,
    isAllowedHost: (url) => isHostAllowed(allowHosts, url),
  }
}

/**
 * Whether a setting names the host of a URL: `name:port`, `name` for the default port of its scheme alone, `name:*` for
 * every port.
 */
export function isHostAllowed(allowHosts: readonly string[], url: URL): boolean {
  const { hostname, port } = url
  return allowHosts.some((entry) => {
    const host = entry.toLowerCase()
    return host === hostAndPort(url) || host === `${hostname}:*` || (port === '' && host === hostname)
  })
}

/** Throws FetchError `core.fetch.url-refused`. */
export function requireUrl(input: string | URL, limits: FetchLimits): URL {
  const text = String(input)
  const url = text.length <= 8192 && URL.canParse(text) ? new URL(text) : undefined
  if (!url) throw refused('it is not a URL, or longer than 8192')
  if (url.username !== '' || url.password !== '') throw refused('it holds user information')
  if (limits.isAllowedHost(url)) {
    if (url.protocol !== 'https:' && url.protocol !== 'http:') throw refused('it is neither https nor http')
    return url
  }
  if (url.protocol !== 'https:') {
    throw refused(
      `it is not https; by http only hosts are asked that allowHosts has, as '${hostAndPort(url)}'`,
    )
  }
  const port = portOf(url)
  if (port !== 443 && port < 1024) throw refused('its port belongs to another service')
  return url
}

export function requireMethod(init: RequestInit): 'GET' | 'POST' {
  const method = (init.method ?? 'GET').toUpperCase()
  if (method !== 'GET' && method !== 'POST') throw new TypeError('only GET and POST are fetched')
  return method
}

export function tooLarge(maxBytes: number): FetchError {
  return new FetchError('core.fetch.body-refused', `the answer is longer than ${maxBytes} bytes`)
}

/** As `allowHosts` names it. */
export function hostAndPort(url: URL): string {
  return `${url.hostname}:${portOf(url)}`
}

function portOf(url: URL): number {
  return url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port)
}

function refused(why: string): FetchError {
  return new FetchError('core.fetch.url-refused', `the URL is not fetched: ${why}`)
}
