import { EkkasanError, ResolveError } from './errors.ts'
import type { Fetch } from './ports.ts'

export { createGuardedFetch } from '#guarded-fetch'

export interface GuardedFetchOptions {
  /** Hosts (name or `name:port`) that may be reached though their address is loopback or private, and by http. */
  readonly allowHosts?: readonly string[]
  /** Longest body, in bytes after decompression; 1 MiB unless told. */
  readonly maxBytes?: number
  /** For the whole exchange, in milliseconds; 5000 unless told. */
  readonly timeout?: number
  /** 0 unless told. */
  readonly maxRedirects?: number
}

/**
 * Makes the fetch that every outgoing request of the house goes through: GET and POST, https only, no user in the
 * URL, bounded size, time and redirects; each hop is checked anew. On Node the address is checked when connecting,
 * so that a name cannot lead to a loopback, private, link-local or otherwise special address, whatever it resolved
 * to before; other platforms offer no means for that. The body has arrived in full when the promise resolves.
 * The fetch made throws FetchError.
 */
export type CreateGuardedFetch = (options?: GuardedFetchOptions) => Fetch

export type FetchErrorCode =
  /** Scheme, user information or port of the URL is not acceptable. */
  | 'core.fetch.url-refused'
  /** The name leads to an address that is not public. */
  | 'core.fetch.address-refused'
  /** A redirect where none, or no more, are followed. */
  | 'core.fetch.redirect-refused'
  /** The answer is longer than accepted, or of an encoding not understood. */
  | 'core.fetch.body-refused'
  /** The exchange took too long, or the caller gave up. */
  | 'core.fetch.timeout'
  /** No connection, no valid certificate, or no HTTP. */
  | 'core.fetch.failed'

export class FetchError extends EkkasanError<FetchErrorCode> {}

/** What a failed fetch means for the fact that was asked for: refused for good, or merely unknown. */
export function resolveErrorOf(cause: unknown, what: string): ResolveError {
  if (cause instanceof ResolveError) return cause
  const isFinal =
    cause instanceof FetchError && cause.code !== 'core.fetch.timeout' && cause.code !== 'core.fetch.failed'
  return isFinal
    ? new ResolveError('core.resolve.invalid', `${what} was not fetched: ${cause.message}`, { cause })
    : new ResolveError('core.resolve.unavailable', `${what} could not be fetched`, { cause })
}
