import { withinTime } from '@ekkasan/core'

/** A list that was fetched and verified. Milliseconds since 1970. */
export interface KeptList {
  readonly fetchedAt: number
  /** From then on it must be fetched again. */
  readonly staleAt: number
}

export interface ListCache<List extends KeptList> {
  /**
   * The list that is kept, or the promise of the one that `load` brings; several asking at once share it, for a bounded
   * time.
   */
  find(key: string, now: number, load: () => Promise<List>): List | Promise<List>
}

/**
 * Keeps lists while they are fresh, at most `maxEntries` of them: the one used longest ago goes first. What was fetched
 * at a time that is still to come, by a clock that was set back since, is stale.
 */
export function createListCache<List extends KeptList>(maxEntries: number): ListCache<List> {
  const kept = new Map<string, { readonly list: List; usedAt: number }>()
  const underWay = new Map<string, Promise<List>>()
  let uses = 0

  const keep = (key: string, list: List) => {
    kept.set(key, { list, usedAt: ++uses })
    while (kept.size > maxEntries) {
      const [oldest = key] = [...kept].reduce((a, b) => (b[1].usedAt < a[1].usedAt ? b : a))
      kept.delete(oldest)
    }
  }

  return {
    find(key, now, load) {
      const known = kept.get(key)
      if (known && known.list.fetchedAt <= now && now < known.list.staleAt) {
        known.usedAt = ++uses
        return known.list
      }
      kept.delete(key)
      const running = underWay.get(key)
      if (running) return running
      const fresh = withinTime(load())
        .then((list) => {
          keep(key, list)
          return list
        })
        .finally(() => underWay.delete(key))
      underWay.set(key, fresh)
      return fresh
    },
  }
}
