import { StoreError } from '@ekkasan/core'

/** What went wrong at a start, for the operator: the message with those of its causes, which name files and hosts. */
export function faultText(error: unknown, depth = 6): string {
  if (!(error instanceof Error)) return String(error)
  const gathered = error instanceof AggregateError ? (error.errors as unknown[]) : []
  const causes = [error.cause, ...gathered]
    .filter((cause) => cause !== undefined && depth > 0)
    .map((cause) => faultText(cause, depth - 1))
  const texts = [error.message, ...causes].filter((text) => text !== '')
  // A cause that was told already is not told again.
  return [...new Set(texts)]
    .filter((text, at) => !texts.slice(0, at).some((told) => told.includes(text)))
    .join(': ')
}

/** Runs a step of a start; what goes wrong in it is told with the file or host that it is about. */
export async function naming<T>(what: string, run: () => T | Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (cause) {
    throw new Error(what, { cause })
  }
}

/** The same for what a store throws; all else is thrown as it is. */
export async function namingStore<T>(storeName: string, run: () => T | Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (cause) {
    throw cause instanceof StoreError ? new Error(storeName, { cause }) : cause
  }
}

/** A store as `STORE` names it, without user and password. */
export function nameOfStore(store: string): string {
  if (!URL.canParse(store)) return store
  const { protocol, host, pathname } = new URL(store)
  return `${protocol}//${host}${pathname}`
}
