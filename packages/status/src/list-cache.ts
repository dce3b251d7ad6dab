import type { Clock } from '@ekkasan/core'

/** A list that was fetched and verified. */
export interface KeptList {
  /** Milliseconds since 1970 from which it must be fetched again. */
  readonly staleAt: number
}

export interface ListCache<List extends KeptList> {
  /** The list that is kept, or the promise of the one that `load` brings; several asking at once share it. */
  find(key: string, load: () => Promise<List>): List | Promise<List>
}

/** Keeps lists while they are fresh, at most `maxEntries` of them: the one used longest ago goes first. */
export function createListCache<List extends KeptList>(options: {
  readonly maxEntries: number
  readonly clock: Clock
}): ListCache<List> {
  const { maxEntries, clock } = options
  const kept = new Map<string, List>()
  const underWay = new Map<string, Promise<List>>()
  let newest = ''
  return {
    find(key, load) {
      const known = kept.get(key)
      if (known && clock().getTime() < known.staleAt) {
        if (key !== newest) {
          kept.delete(key)
          kept.set(key, known)
          newest = key
        }
        return known
      }
      kept.delete(key)
      const running = underWay.get(key)
      if (running) return running
      const fresh = load()
        .then((list) => {
          kept.set(key, list)
          newest = key
          for (const oldest of kept.keys()) {
            if (kept.size <= maxEntries) break
            kept.delete(oldest)
          }
          return list
        })
        .finally(() => underWay.delete(key))
      underWay.set(key, fresh)
      return fresh
    },
  }
}
