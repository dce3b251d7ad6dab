import { cached, type Fetch, ResolveError, requireFound, resolveErrorOf } from '@ekkasan/core'
import { utf8 } from '@ekkasan/core/bytes'
import { isUrl } from './url.ts'

/**
 * The bytes that a URL stands for: a JSON Schema, a context, a picture.
 * @throws ResolveError; `core.resolve.not-configured` for a URL that is deliberately not looked up
 */
export type ResolveResource = (url: string) => Promise<Uint8Array>

export interface ResolveResourcesOptions {
  /** Resources at hand, by their URLs; they are never fetched. */
  readonly known?: Readonly<Record<string, string | Uint8Array>>
  /** Guarded: the URLs come from credentials. Without it only known resources are found. */
  readonly fetch?: Fetch
  /** How long a fetched resource is kept, in milliseconds; default: 10 minutes. */
  readonly lifetime?: number
  /** How many are kept; default: 100. */
  readonly maxEntries?: number
}

/**
 * Finds resources in what is at hand, and by https where a guarded fetch is given; its bounds are the fetch's own.
 * @example
 * const content = { resolveSchema: resolveResources({ known: { 'https://issuer.example/schema.json': text } }) }
 */
export function resolveResources(options: ResolveResourcesOptions): ResolveResource {
  const { known = {}, fetch, lifetime = 600_000, maxEntries = 100 } = options
  const atHand = new Map(
    Object.entries(known).map(([url, resource]) => [
      url,
      typeof resource === 'string' ? utf8(resource) : resource,
    ]),
  )
  const fetched = fetch && cached((url: string) => fetchResource(fetch, url), { lifetime, maxEntries })
  return async (url) => {
    const resource = atHand.get(url)
    if (resource) return resource
    if (!fetched || !url.startsWith('http') || !isUrl(url)) {
      throw new ResolveError('core.resolve.not-configured', 'the resource is neither known nor fetched')
    }
    const at = url.indexOf('#')
    return fetched(at < 0 ? url : url.slice(0, at))
  }
}

async function fetchResource(fetch: Fetch, url: string): Promise<Uint8Array> {
  try {
    const response = await fetch(url)
    requireFound(response, 'the resource')
    return new Uint8Array(await response.arrayBuffer())
  } catch (cause) {
    throw resolveErrorOf(cause, 'the resource')
  }
}
