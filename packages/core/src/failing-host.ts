import type { CheckName, Checks } from './check.ts'
import { EkkasanError, ResolveError } from './errors.ts'
import { type JsonObject, parseJsonObject } from './json.ts'
import type { Fetch } from './ports.ts'

// What a host that fails means, from the exchange to the report: 404 and 410 and what is refused are settled (`failed`),
// silence, 5xx and every other status leave the fact unknown (`unknown`).

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
  const isFetch = cause instanceof FetchError
  const isFinal = isFetch && cause.code !== 'core.fetch.timeout' && cause.code !== 'core.fetch.failed'
  return isFinal
    ? new ResolveError('core.resolve.invalid', `${what} was not fetched: ${cause.message}`, { cause })
    : new ResolveError(
        'core.resolve.unavailable',
        `${what} could not be fetched${isFetch ? `: ${cause.message}` : ''}`,
        { cause },
      )
}

/** @throws ResolveError unless the answer is a success: what is not there, or gone, is settled; all else is unknown */
export function requireFound({ status }: Response, what: string): void {
  if (status === 404 || status === 410)
    throw new ResolveError('core.resolve.not-found', `${what} is not there`)
  if (status !== 200) {
    throw new ResolveError('core.resolve.unavailable', `${what} was answered with HTTP ${status}`)
  }
}

/** Records a ResolveError: unknown when the outside did not answer, else failed. @throws any other error */
export function recordResolveError(checks: Checks, name: CheckName, error: unknown): void {
  if (!(error instanceof ResolveError)) throw error
  const record = error.code === 'core.resolve.unavailable' ? checks.unknown : checks.fail
  record(name, error.code, error.message)
}

/** A JSON object that a `resolve…` port asks for; `what` names it in errors. @throws ResolveError */
export async function fetchJsonObject(
  fetch: Fetch,
  url: string,
  what: string,
  accept = 'application/json',
): Promise<JsonObject> {
  let text: string
  try {
    const response = await fetch(url, { headers: { accept } })
    requireFound(response, what)
    text = await response.text()
  } catch (cause) {
    throw resolveErrorOf(cause, what)
  }
  try {
    return parseJsonObject(text)
  } catch (cause) {
    throw new ResolveError('core.resolve.invalid', `${what} is not a JSON object`, { cause })
  }
}
