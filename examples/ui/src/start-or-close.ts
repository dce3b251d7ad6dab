import type { Program } from './serve.ts'

/** Says what to close of something that was just opened. */
export type OnStop = (close: () => unknown) => void

/**
 * Starts a program that opens things on its way. They are closed in the opposite order, each whatever becomes of the
 * others: when the program ends, and when it could not start.
 * @throws what `start` throws; when the program ends, what the first of the closings threw
 */
export async function startOrClose(
  start: (onStop: OnStop) => Promise<Omit<Program, 'stop'>>,
): Promise<Program> {
  const opened: (() => unknown)[] = []
  const stop = async () => {
    let fault: { readonly error: unknown } | undefined
    for (const close of opened.splice(0).reverse()) {
      try {
        await close()
      } catch (error) {
        fault ??= { error }
      }
    }
    if (fault) throw fault.error
  }
  try {
    return { ...(await start((close) => opened.push(close))), stop }
  } catch (error) {
    await stop().catch(() => undefined)
    throw error
  }
}
