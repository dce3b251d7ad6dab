import type { MiddlewareHandler } from 'hono'
import { routePath } from 'hono/route'

type LogValue = string | number | boolean | undefined

export type Log = (event: string, fields?: Readonly<Record<string, LogValue>>) => void

/**
 * One JSON object a line on standard error. Meant for events, routes, counts and codes; what looks like a
 * citizen number, a token or a key is struck out, should it ever get here.
 */
export function createLog(
  program: string,
  write: (line: string) => void = (line) => process.stderr.write(line),
): Log {
  return (event, fields = {}) => {
    const entry: Record<string, LogValue> = { time: new Date().toISOString(), program, event }
    for (const [name, value] of Object.entries(fields)) {
      entry[name] = typeof value === 'string' ? strike(value) : value
    }
    write(`${JSON.stringify(entry)}\n`)
  }
}

function strike(text: string): string {
  return text
    .replace(/\d(?:[ -]?\d){12,}/g, '[number]')
    .replace(/eyJ[\w-]+\.[\w.~-]*/g, '[token]')
    .replace(/[\w-]{40,}/g, '[long]')
    .slice(0, 500)
}

/** Logs a fault's kind and place; its message may hold what a person sent. */
export function logError(log: Log, error: unknown): void {
  const { name, code, stack } = error instanceof Error ? (error as Error & { code?: unknown }) : {}
  log('error', {
    name: name ?? typeof error,
    code: code === undefined ? undefined : String(code),
    where: stack
      ?.split('\n')
      .find((line) => /^ {4}at .+:\d+:\d+\)?$/.test(line))
      ?.trim(),
  })
}

/** Logs every request by its route (never its URL), status and time. */
export function logRequests(log: Log): MiddlewareHandler {
  return async (c, next) => {
    const began = performance.now()
    await next()
    // Of all routes that match, the one that answered.
    const route = routePath(c)
    if (route === '/healthz' || route.startsWith('/ui/')) return
    log('request', {
      method: c.req.method,
      route,
      status: c.res.status,
      ms: Math.round(performance.now() - began),
    })
  }
}
