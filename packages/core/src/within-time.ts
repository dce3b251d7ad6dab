import { ResolveError } from './errors.ts'

/** For how long, in milliseconds, an answer that several wait for is waited for; then each asks anew. */
export const sharedWait = 30_000

/**
 * Waits for something that comes from outside and that others may wait for too, but never for ever: whatever holds it
 * up, all are told so in time, and the next may ask again.
 * @param told how an error is told, of the promise or of the wait
 * @throws ResolveError `core.resolve.unavailable` after `milliseconds`
 */
export function withinTime<T>(
  promise: Promise<T>,
  milliseconds: number = sharedWait,
  told: (error: unknown) => unknown = (error) => error,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const tooLate = () => {
      const message = `no answer within ${milliseconds} milliseconds`
      reject(told(new ResolveError('core.resolve.unavailable', message)))
    }
    const timer = setTimeout(tooLate, milliseconds)
    promise.then(
      (value) => {
        clearTimeout(timer)
        resolve(value)
      },
      (error: unknown) => {
        clearTimeout(timer)
        reject(told(error))
      },
    )
  })
}
