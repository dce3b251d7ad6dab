/** Lets those with one key work one after the other. */
export type TakeTurn = <T>(
  key: string,
  work: (turn: { readonly waited: boolean }) => Promise<T>,
) => Promise<T>

/**
 * Within this process only: what must hold in all of them is decided by the store. It spares the work, and the
 * status entries, of requests that would lose anyway.
 */
export function createTurns(): TakeTurn {
  const last = new Map<string, Promise<unknown>>()
  return async (key, work) => {
    const before = last.get(key)
    const mine = before
      ? before.catch(() => undefined).then(() => work({ waited: true }))
      : work({ waited: false })
    last.set(key, mine)
    try {
      return await mine
    } finally {
      if (last.get(key) === mine) last.delete(key)
    }
  }
}
