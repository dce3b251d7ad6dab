import type { Fetch } from './ports.ts'

export { createGuardedFetch } from '#guarded-fetch'
export * from './fetch-error.ts'

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
