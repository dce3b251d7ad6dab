import type { MiddlewareHandler } from 'hono'

export const isThisMachine = (host: string) => /^(localhost|127\.0\.0\.1|\[?::1\]?)$/.test(host)

/**
 * For who is asked under a name of this machine alone: a page whose own name was made to lead here asks under that,
 * and its browser lets it (DNS rebinding).
 */
export const requireThisMachine: MiddlewareHandler = async (c, next) => {
  if (isThisMachine(new URL(c.req.url).hostname)) return next()
  return c.json({ type: 'about:blank', title: 'not asked under a name of this machine', status: 403 }, 403)
}
