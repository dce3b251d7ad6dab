import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Context, MiddlewareHandler } from 'hono'
import { type CookieOptions, createCookie } from './cookie.ts'

export interface Csrf {
  /** The token for a form of this page; makes the cookie it is bound to where there is none. */
  token(c: Context): string
  /** Before every route that posts a form: refuses it with 403 unless it came from a page of ours. */
  readonly guard: MiddlewareHandler
  /** A new binding: call it when somebody signs in or out. */
  renew(c: Context): void
}

/**
 * Forms that only our own pages can send: a token bound to an HttpOnly cookie, and the browser's own word
 * (Sec-Fetch-Site, Origin) where it gives one.
 */
export function createCsrf(
  options: CookieOptions & { readonly refused: (c: Context) => Response | Promise<Response> },
): Csrf {
  const cookie = createCookie('form', options)
  const tokenOf = (secret: string) => createHash('sha256').update(`form\0${secret}`).digest('base64url')
  const issue = (c: Context) => {
    const secret = randomBytes(32).toString('base64url')
    cookie.write(c, secret)
    return secret
  }
  return {
    token(c) {
      return tokenOf(cookie.read(c) ?? issue(c))
    },
    async guard(c, next) {
      if (c.req.method === 'GET' || c.req.method === 'HEAD') return next()
      const site = c.req.header('sec-fetch-site')
      if (site !== undefined && site !== 'same-origin') return options.refused(c)
      const secret = cookie.read(c)
      const given = (await c.req.parseBody().catch(() => ({}) as Record<string, unknown>)).csrf
      if (secret === undefined || typeof given !== 'string' || !isSame(given, tokenOf(secret))) {
        return options.refused(c)
      }
      return next()
    },
    renew(c) {
      issue(c)
    },
  }
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
