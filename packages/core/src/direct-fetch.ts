import { FetchError } from './failing-host.ts'
import type { Fetch } from './ports.ts'

/**
 * One exchange over any fetch in which no redirect is followed and nothing of the person's browser goes along, on every
 * platform alike. Redirects are asked for as they come (`manual`) and refused here: `redirect: 'error'` is not known to
 * all platforms (workerd throws at it), and a browser shows of a redirect nothing but that it is one.
 * @throws FetchError `core.fetch.redirect-refused`; what the fetch throws
 */
export async function fetchDirectly(
  fetch: Fetch,
  url: string | URL,
  init: RequestInit = {},
): Promise<Response> {
  const response = await fetch(url, { ...init, ...anonymous(), redirect: 'manual' })
  if (!isRedirect(response)) return response
  response.body?.cancel().catch(() => undefined)
  throw new FetchError('core.fetch.redirect-refused', 'the host redirects, which is not followed')
}

/** A redirect, as a server writes it or as a browser hides it (Fetch Standard, "opaque-redirect"), or one followed all the same. */
function isRedirect({ status, type, redirected }: Response): boolean {
  return type === 'opaqueredirect' || redirected || [301, 302, 303, 307, 308].includes(status)
}

let init: RequestInit | undefined

/** No cookies and no referrer, where the platform has such; others throw at the very words (workerd). */
export function anonymous(): RequestInit {
  if (init) return init
  const whole: RequestInit = { credentials: 'omit', referrerPolicy: 'no-referrer' }
  try {
    new Request('https://platform.invalid/', whole)
    init = whole
  } catch {
    init = {}
  }
  return init
}
