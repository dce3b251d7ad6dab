import type { Fetch } from './ports.ts'

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

export type CreateGuardedFetch = (options?: GuardedFetchOptions) => Fetch
