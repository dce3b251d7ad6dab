import type { MiddlewareHandler } from 'hono'

export interface SecurityOptions {
  /** Sources beside 'self' that scripts may fetch from: `['https:']` for a wallet. */
  readonly connect?: readonly string[]
  readonly image?: readonly string[]
  /** Targets of forms beside 'self'. */
  readonly formAction?: readonly string[]
  /** Features of the browser that the program uses: `camera`. */
  readonly features?: readonly ('camera' | 'clipboard-write' | 'digital-credentials-get')[]
  /** Whether people reach the program over https: adds HSTS. */
  readonly https?: boolean
}

const closedFeatures = ['camera', 'microphone', 'geolocation', 'payment', 'usb']

/** Headers of every page: no script but our files, no frames, no referrer, nothing kept in shared caches. */
export function securityHeaders(options: SecurityOptions = {}): MiddlewareHandler {
  const sources = (...more: (readonly string[] | undefined)[]) =>
    ["'self'", ...more.flatMap((list) => list ?? [])].join(' ')
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    `img-src ${sources(['data:'], options.image)}`,
    `connect-src ${sources(options.connect)}`,
    `form-action ${sources(options.formAction)}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "manifest-src 'self'",
    "worker-src 'self'",
  ].join('; ')
  const features = closedFeatures.map((name) => {
    const open = (options.features as readonly string[] | undefined)?.includes(name)
    return `${name}=${open ? '(self)' : '()'}`
  })
  return async (c, next) => {
    await next()
    const headers = c.res.headers
    headers.set('content-security-policy', policy)
    headers.set('x-content-type-options', 'nosniff')
    headers.set('x-frame-options', 'DENY')
    headers.set('referrer-policy', 'no-referrer')
    headers.set('permissions-policy', features.join(', '))
    headers.set('cross-origin-opener-policy', 'same-origin')
    if (options.https) headers.set('strict-transport-security', 'max-age=31536000')
    if (!headers.has('cache-control')) headers.set('cache-control', 'no-store')
  }
}
