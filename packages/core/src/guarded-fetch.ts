import type { Fetch } from './ports.ts'

export { createGuardedFetch } from '#guarded-fetch'
export * from './failing-host.ts'
export { isHostAllowed } from './guarded-url.ts'

export interface GuardedFetchOptions {
  /**
   * Hosts that may be reached though their address is loopback or private, and by http: `name:port`; `name` for the
   * default port alone; `name:*` for every port, for work on one machine.
   */
  readonly allowHosts?: readonly string[]
  /** Longest body, in bytes after decompression; default: 1 MiB. */
  readonly maxBytes?: number
  /** For the whole exchange, in milliseconds; default: 5000. */
  readonly timeout?: number
  /** Default: 0. */
  readonly maxRedirects?: number
  /**
   * Addresses of the name servers to ask, with a port where it is not 53; default: those of the machine. On Node only,
   * and not for hosts in `allowHosts`, which the system looks up.
   */
  readonly nameServers?: readonly string[]
}

/**
 * Makes the fetch that every outgoing request of the house goes through: GET and POST, https only, no user in the
 * URL, bounded size, time and redirects; each hop is checked anew. On Node the address is checked when connecting,
 * so that a name cannot lead to a loopback, private, link-local or otherwise special address, whatever it resolved
 * to before; other platforms offer no means for that. The body has arrived in full when the promise resolves.
 * The fetch made throws FetchError.
 */
export type CreateGuardedFetch = (options?: GuardedFetchOptions) => Fetch
