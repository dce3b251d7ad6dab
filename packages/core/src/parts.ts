/**
 * What is remembered under names, in two parts: what is there for good reason, and what anybody can have put there. Each
 * drops what was used longest ago, so that nothing of the second pushes out anything of the first.
 */
export interface Parts<Entry> {
  get(name: string): Entry | undefined
  set(name: string, entry: Entry, isProvisional: boolean): void
  /** Only if this entry still stands there. */
  delete(name: string, entry: Entry): void
  /** Moves what fits out of the provisional part. */
  keep(fits: (entry: Entry) => boolean): void
}

/** @param maxEntries of the first part; the second has a quarter of it, one at least */
export function createParts<Entry>(maxEntries: number): Parts<Entry> {
  // Each in the order of last use.
  const kept = new Map<string, Entry>()
  const provisional = new Map<string, Entry>()
  const maxProvisional = Math.max(1, Math.floor(maxEntries / 4))
  const put = (part: Map<string, Entry>, name: string, entry: Entry) => {
    part.delete(name)
    part.set(name, entry)
    if (part.size > (part === kept ? maxEntries : maxProvisional)) {
      part.delete(part.keys().next().value as string)
    }
  }
  return {
    get(name) {
      for (const part of [kept, provisional]) {
        const entry = part.get(name)
        if (entry === undefined) continue
        put(part, name, entry)
        return entry
      }
      return undefined
    },
    set(name, entry, isProvisional) {
      put(kept.has(name) || !isProvisional ? kept : provisional, name, entry)
    },
    delete(name, entry) {
      for (const part of [kept, provisional]) if (part.get(name) === entry) part.delete(name)
    },
    keep(fits) {
      for (const [name, entry] of provisional) {
        if (!fits(entry)) continue
        provisional.delete(name)
        put(kept, name, entry)
      }
    },
  }
}
