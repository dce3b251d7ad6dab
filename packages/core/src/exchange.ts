import { FetchError } from './failing-host.ts'

/**
 * Runs an exchange with a signal that ends it after `timeout` milliseconds, or when the caller gives up, and settles then
 * whatever the platform does: what does not stop is left behind.
 * @throws FetchError `core.fetch.timeout`, `core.fetch.failed`; TypeError, which is a programmer's mistake
 */
export async function boundedExchange<T>(
  { timeout, caller }: { readonly timeout: number; readonly caller?: AbortSignal | null | undefined },
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  // Not AbortSignal.timeout and .any: what only they hold may be collected before it fires.
  const controller = new AbortController()
  const { signal } = controller
  const stop = () => controller.abort(caller?.reason)
  const timer = setTimeout(() => controller.abort(), timeout)
  caller?.addEventListener('abort', stop, { once: true })
  if (caller?.aborted) stop()
  try {
    return await untilAborted(run(signal), signal)
  } catch (cause) {
    if (cause instanceof FetchError || (cause instanceof TypeError && !signal.aborted)) throw cause
    if (signal.aborted) throw new FetchError('core.fetch.timeout', 'no answer in time', { cause })
    throw new FetchError('core.fetch.failed', 'the host could not be asked', { cause })
  } finally {
    clearTimeout(timer)
    caller?.removeEventListener('abort', stop)
  }
}

function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const aborted = () => reject(signal.reason)
    if (signal.aborted) aborted()
    signal.addEventListener('abort', aborted, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', aborted))
  })
}
