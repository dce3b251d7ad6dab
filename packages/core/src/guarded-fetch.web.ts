import { readAtMost } from './bytes.ts'
import { anonymous, fetchDirectly } from './direct-fetch.ts'
import { boundedExchange } from './exchange.ts'
import { FetchError } from './failing-host.ts'
import type { CreateGuardedFetch } from './guarded-fetch.ts'
import { fetchLimits, requireMethod, requireUrl, tooLarge } from './guarded-url.ts'

/** Over the platform's own fetch, which hides addresses and the hops of a redirect: only its end is checked. */
export const createGuardedFetch: CreateGuardedFetch = (options = {}) => {
  const limits = fetchLimits(options)
  return async (input, init = {}) => {
    const method = requireMethod(init)
    const url = requireUrl(input, limits)
    const redirect = init.redirect ?? (limits.maxRedirects === 0 ? 'error' : 'follow')
    return boundedExchange({ timeout: limits.timeout, caller: init.signal }, async (signal) => {
      const asked = { ...init, method, signal }
      const response =
        redirect === 'error'
          ? await fetchDirectly(ask, url, asked)
          : await ask(url, { ...asked, ...anonymous(), redirect })
      if (response.redirected) requireUrl(response.url, limits)
      return await read(response, limits.maxBytes)
    })
  }
}

/** A platform's fetch tells of a network that failed by a TypeError. */
async function ask(url: string | URL, init: RequestInit = {}): Promise<Response> {
  try {
    return await globalThis.fetch(url, init)
  } catch (cause) {
    if (init.signal?.aborted) throw cause
    throw new FetchError('core.fetch.failed', 'the host could not be asked', { cause })
  }
}

async function read(response: Response, maxBytes: number): Promise<Response> {
  if (!response.body) return response
  const bytes = await readAtMost(response.body, maxBytes)
  if (!bytes) throw tooLarge(maxBytes)
  const { status, headers } = response
  const read = new Response(bytes, { status, headers })
  Object.defineProperty(read, 'url', { value: response.url })
  return read
}
