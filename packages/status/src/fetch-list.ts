import { type Fetch, ResolveError, requireFound, resolveErrorOf } from '@ekkasan/core'
import { readAtMost } from '@ekkasan/core/bytes'
import { CoseError } from '@ekkasan/cose'
import { KeysError } from '@ekkasan/keys'
import { StatusError, type StatusErrorCode } from './errors.ts'

export interface FetchedList {
  readonly body: Uint8Array
  /** Lower case, without parameters; empty when the answer names none. */
  readonly contentType: string
}

/** @throws ResolveError */
export async function fetchList(
  uri: string,
  {
    fetch,
    accept,
    maxLength,
  }: { readonly fetch: Fetch; readonly accept: string; readonly maxLength: number },
): Promise<FetchedList> {
  const url = URL.canParse(uri) ? new URL(uri) : undefined
  const isHttp = url?.protocol === 'https:' || url?.protocol === 'http:'
  if (!isHttp || url.username !== '' || url.password !== '') {
    throw new ResolveError('core.resolve.invalid', 'the URI of the status list is not an https URL')
  }
  let body: Uint8Array | undefined
  let contentType: string
  try {
    const response = await fetch(uri, { headers: { accept } })
    // Not waited for: it may be somebody else's too.
    if (response.status !== 200) response.body?.cancel().catch(() => {})
    requireFound(response, 'the status list')
    contentType = response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? ''
    body = await readAtMost(response.body, maxLength)
  } catch (cause) {
    throw resolveErrorOf(cause, 'the status list')
  }
  if (!body) throw invalid('status.list.too-large', 'the status list is longer than is accepted')
  return { body, contentType }
}

/** What is wrong with a list as the port says it; a programmer's mistake stays one. */
export function refused(cause: unknown): unknown {
  const isRefusal = cause instanceof StatusError || cause instanceof KeysError || cause instanceof CoseError
  return isRefusal ? new ResolveError('core.resolve.invalid', cause.message, { cause }) : cause
}

export function invalid(code: StatusErrorCode, message: string, options?: { cause: unknown }): ResolveError {
  return new ResolveError('core.resolve.invalid', message, { cause: new StatusError(code, message, options) })
}

/** A list of the future, beyond what clocks may differ: the status is not known. */
export function notYet(code: StatusErrorCode): ResolveError {
  const message =
    'the status list was issued in the future: the clock of its publisher or of this machine is wrong'
  return new ResolveError('core.resolve.unavailable', message, { cause: new StatusError(code, message) })
}
