import { EkkasanError, ResolveError, UnavailableError } from './errors.ts'
import { FetchError } from './fetch-error.ts'
import type { Store } from './ports.ts'

/**
 * A Store could not carry an operation out: no room, no connection, no right to write. Nothing of it was written, or it
 * is not known whether it was. Stores throw it, with the driver's own error as `cause`.
 */
export class StoreError<Code extends string = string> extends EkkasanError<Code> {}

export type UnknownStoreErrorCode =
  /** A store threw an error that is no StoreError; it is the `cause`. */
  'core.store.failed'

/**
 * The same store, of which every fault is a StoreError, whoever wrote it. Misuse (a TypeError) stays what it is.
 */
export function withStoreErrors(store: Store): Store {
  const told =
    <Given extends unknown[], Result>(run: (...given: Given) => Promise<Result>) =>
    async (...given: Given): Promise<Result> => {
      try {
        return await run.apply(store, given)
      } catch (cause) {
        if (cause instanceof StoreError || (cause instanceof TypeError && !isOutage(cause))) throw cause
        throw new StoreError<UnknownStoreErrorCode>(
          'core.store.failed',
          'the store could not carry the operation out',
          { cause },
        )
      }
    }
  return {
    get: told(store.get),
    put: told(store.put),
    swap: told(store.swap),
    delete: told(store.delete),
    list: told(store.list),
    next: told(store.next),
  }
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
  if (typeof (error as { syscall?: unknown }).syscall === 'string') return true
  const gathered = error instanceof AggregateError ? (error.errors as unknown[]) : []
  return [error.cause, ...gathered].some((inner) => isOutage(inner, depth - 1))
}

/** Seconds after which a service that answers 503 asks to be tried again: the value of `Retry-After`. */
export const retryAfterSeconds = 5
