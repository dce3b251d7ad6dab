import { EkkasanError, ResolveError, UnavailableError } from './errors.ts'
import { FetchError } from './failing-host.ts'
import type { Store } from './ports.ts'
import { sharedWait, withinTime } from './within-time.ts'

/**
 * A Store could not carry an operation out: no room, no connection, no right to write. Nothing of it was written, or it
 * is not known whether it was. Stores throw it, with the driver's own error as `cause`.
 */
export class StoreError<Code extends string = string> extends EkkasanError<Code> {}

export type UnknownStoreErrorCode =
  /** A store threw an error that is no StoreError; it is the `cause`. */
  'core.store.failed'

/**
 * The same store, of which every fault is a StoreError, whoever wrote it; so is an operation that comes to no end within
 * 30 seconds. Misuse (a TypeError) stays what it is.
 */
export function withStoreErrors<Kind extends Store>(store: Kind): Kind {
  const wrapped = new Map<string | symbol, unknown>()
  return new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name)
      if (typeof member !== 'function') return member
      const told =
        wrapped.get(name) ??
        ((...given: unknown[]) => {
          const result: unknown = Reflect.apply(member, target, given)
          return result instanceof Promise ? withinTime(result, sharedWait, toldAsStoreError) : result
        })
      wrapped.set(name, told)
      return told
    },
  })
}

function toldAsStoreError(cause: unknown): unknown {
  if (cause instanceof StoreError || (cause instanceof TypeError && !isOutage(cause))) return cause
  const code: UnknownStoreErrorCode = 'core.store.failed'
  return new StoreError(code, 'the store could not carry the operation out', { cause })
}

/**
 * Whether a fault is one that goes away by itself or by an operator's hand: a store, a disk, a network or another host
 * that does not do its part. Services answer it with 503 and `Retry-After`; everything else that was not foreseen is
 * a mistake in the program, and 500. Looks at the error, at its causes, and at the errors that it gathers.
 */
export function isOutage(error: unknown, depth = 8): boolean {
  if (!(error instanceof Error) || depth === 0) return false
  if (error instanceof StoreError || error instanceof UnavailableError) return true
  if (error instanceof ResolveError) return error.code === 'core.resolve.unavailable'
  if (error instanceof FetchError) {
    return error.code === 'core.fetch.timeout' || error.code === 'core.fetch.failed'
  }
  // What Node makes of an error of the operating system names the call that failed.
  const { syscall, code } = error as { syscall?: unknown; code?: unknown }
  if (typeof syscall === 'string' || error.name === 'TimeoutError') return true
  if (typeof code === 'string' && outageCode.test(code)) return true
  const gathered = error instanceof AggregateError ? (error.errors as unknown[]) : []
  return [error.cause, ...gathered].some((inner) => isOutage(inner, depth - 1))
}

/**
 * What says without a system call that the other side is not there: of Node's sockets and its `fetch`, and PostgreSQL's
 * classes 08 (connection), 53 (resources) and 57P (shut down), as an agency's own queries meet them.
 */
const outageCode =
  /^(?:ECONNRESET|ECONNREFUSED|ETIMEDOUT|EPIPE|EAI_AGAIN|UND_ERR_(?:SOCKET|CLOSED|(?:CONNECT|HEADERS|BODY)_TIMEOUT)|(?:08|53)[0-9A-Z]{3}|57P[0-9A-Z]{2})$/

/** Seconds after which a service that answers 503 asks to be tried again: the value of `Retry-After`. */
export const retryAfterSeconds = 5
