import { isOutage, retryAfterSeconds } from '@ekkasan/core'
import type { Context, MiddlewareHandler } from 'hono'
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

/** Logs a fault's kind, place and causes; never a message, which may hold what a person sent. */
export function logError(log: Log, error: unknown): void {
  logFault(log, 'error', error)
}

export function logFault(log: Log, event: string, error: unknown): void {
  const { name, code, stack } = error instanceof Error ? (error as Error & { code?: unknown }) : {}
  log(event, {
    name: name ?? typeof error,
    code: code === undefined ? undefined : String(code),
    cause: causesOf(error),
    where: stack
      ?.split('\n')
      .find((line) => /^ {4}at .+:\d+:\d+\)?$/.test(line))
      ?.trim(),
  })
}

/** What systems, databases and libraries say of their own: codes, the call and the address, no text that they wrote. */
const facts = ['code', 'errcode', 'errstr', 'syscall', 'hostname', 'address', 'port', 'routine'] as const

/** The causes of an error, each by its kind and its facts: `Error code=ECONNREFUSED syscall=connect port=5432`. */
function causesOf(error: unknown): string | undefined {
  const causes: string[] = []
  const visit = (one: unknown, depth: number) => {
    if (!(one instanceof Error) || depth > 6) return
    const said = one as Error & Partial<Record<(typeof facts)[number], unknown>>
    const values = facts
      .filter((name) => ['string', 'number'].includes(typeof said[name]))
      .map((name) => `${name}=${said[name]}`)
    if (depth > 0 || values.some((value) => !value.startsWith('code=')))
      causes.push([one.name, ...values].join(' '))
    visit(one.cause, depth + 1)
    if (one instanceof AggregateError) for (const inner of one.errors.slice(0, 4)) visit(inner, depth + 1)
  }
  visit(error, 0)
  return causes.length === 0 ? undefined : causes.join(' < ')
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

/**
 * How a fault that nobody foresaw is answered: 503 with `Retry-After` where it goes away by itself or by an operator's
 * hand, else 500. It is logged with its cause, unless the client broke off, which is no fault.
 */
export function faultStatus(log: Log, error: unknown, c: Context): 400 | 500 | 503 {
  c.header('cache-control', 'no-store')
  if (c.req.raw.signal.aborted) {
    log('aborted', { method: c.req.method, route: routePath(c) })
    return 400
  }
  logError(log, error)
  if (!isOutage(error)) return 500
  c.header('retry-after', String(retryAfterSeconds))
  return 503
}

/** The same as the JSON of an API. */
export function answerFault(log: Log, error: unknown, c: Context): Response {
  const status = faultStatus(log, error, c)
  const codes = { 400: 'aborted', 500: 'server_error', 503: 'temporarily_unavailable' } as const
  return c.json({ error: codes[status] }, status)
}
