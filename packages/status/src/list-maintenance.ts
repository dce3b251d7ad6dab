import {
  type StatusJournal,
  type StatusJournalEvent,
  type StatusJournalLine,
  type StatusJournalRecord,
  type Store,
  StoreError,
} from '@ekkasan/core'
import { isJsonObject, type JsonValue } from '@ekkasan/core/json'
import { StatusError } from './errors.ts'
import { type JournaledChange, type ListRecord, type ListStorage, parseRecord } from './list-storage.ts'

/** One list, as those who run the issuer see it. */
export interface StatusListState {
  /** Of a Bitstring list with a bitstring for each purpose: the first of them. */
  readonly list: string
  readonly size: number
  /** How many indices processes have taken; some of them were never given. */
  readonly taken: number
  /** Why it is not published; absent while it is. */
  readonly closed?: 'journal-missing'
}

export interface Reconciliation {
  /** How many statuses stood in a journal only. */
  readonly applied: number
  /** Lists that the store did not know and that the journals hold from their beginning. */
  readonly rebuilt: readonly string[]
  /** Replicas whose journal was not handed in. */
  readonly missing: readonly string[]
  /** Lists that are not published until somebody confirmed them or all of their credentials were revoked. */
  readonly closed: readonly string[]
}

/** For those who run an issuer: what a restored, lost or exchanged store needs before it is used again. */
export interface StatusListMaintenance {
  /**
   * Compares the store with the journals, and applies statuses that stand in a journal only. `store` is another view of
   * the same store, where the own one waits for the answer; then statuses are applied at the next use.
   * @throws StatusError `status.store.behind`, `status.journal.damaged`
   */
  check(store?: Store): Promise<void>
  /** Whether the store lacks what these journals say. @throws StatusError `status.journal.damaged` */
  isBehind(journals: readonly StatusJournalRecord[]): Promise<boolean>
  /**
   * Brings the store into line with the journals of all replicas: applies their statuses, rebuilds lists
   * that were begun since, and ends the list that gives entries, so that a new one is begun. Where the journal of a
   * replica is missing (but for those in `without`), all lists are closed: what it changed cannot be known.
   */
  reconcile(
    journals: readonly StatusJournalRecord[],
    options?: {
      /** Replicas that had ended before: nothing of theirs is missing. */
      readonly without?: readonly string[]
      /** When the backup was taken. */
      readonly since?: Date
    },
  ): Promise<Reconciliation>
  lists(): Promise<readonly StatusListState[]>
  /** Publishes a closed list again: somebody has looked at what was changed. @throws StatusError `status.entry.unknown` */
  confirm(list: string): Promise<void>
  /**
   * Revokes all entries of a list, given or not, and publishes it. It stands in the journal, where the lists have one.
   * @throws StatusError `status.entry.unknown`, `status.journal.failed`, `status.store.behind`
   */
  revokeAll(list: string): Promise<void>
  /** To be called when a process ends in order: its journal then has nothing that a later backup lacks. */
  leave(): Promise<void>
}

interface Options {
  readonly store: Store
  readonly storage: ListStorage
  readonly journal: StatusJournal | undefined
  /** The id in a list's URI; undefined for one that is not of this authority. */
  readonly idOf: (list: string) => string | undefined
}

interface Guard {
  /** Resolves once the store was found to be whole. */
  ready(): Promise<void>
}

export function createListMaintenance(options: Options): StatusListMaintenance & Guard {
  const { store, storage, journal, idOf } = options
  const { keys } = storage
  let checked: Promise<void> | undefined

  const journals = async (): Promise<readonly StatusJournalRecord[]> =>
    journal ? [journal, ...((await journal.others?.()) ?? [])] : []

  const settledOf = async (view: Store, replica: string): Promise<number> => {
    const value = (await view.get(keys.journal(replica)))?.value
    return isJsonObject(value) && typeof value.settled === 'number' ? value.settled : 0
  }

  /** @throws StatusError `status.store.behind` */
  const requireWhole = async (view: Store, records: readonly StatusJournalRecord[]) => {
    for (const one of records) {
      const settled = await settledOf(view, one.replica)
      for (const [id, { list, count }] of await highest(one, settled, idOf)) {
        const value = (await view.get(keys.record(id)))?.value
        if (value === undefined) throw behind(one.replica, `it does not know the list ${list}`)
        if (count === undefined) continue
        const { block } = parseRecord(id, value)
        const taken = (await view.count(keys.taken(id))) * block
        if (count >= taken) throw behind(one.replica, `its counter of ${list} stands at ${taken}`)
      }
    }
  }

  const applyJournals = async (records: readonly StatusJournalRecord[]): Promise<number> => {
    const changes = new Map<string, (JournaledChange & { readonly time: number })[]>()
    for (const line of await changesOf(records)) {
      const id = idOf(line.list)
      if (id === undefined) continue
      const of = changes.get(id) ?? []
      const { number, time, replica } = line
      const where = { number, replica, time }
      if (line.event === 'set') of.push({ index: line.index, change: changeOf(line), ...where })
      else {
        const record = await storage.record(id)
        if (record) for (const all of revocations(record)) of.push({ ...all, ...where })
      }
      changes.set(id, of)
    }
    let applied = 0
    for (const [id, of] of changes) {
      const record = await storage.record(id)
      of.sort((a, b) => a.time - b.time)
      if (record) applied += await storage.replay(record, of)
    }
    return applied
  }

  const checkFully = async () => {
    if (!journal) return
    const records = await journals()
    await requireWhole(store, records)
    await applyJournals(records)
    const settled = await settledOf(store, journal.replica)
    await store.put(keys.journal(journal.replica), { settled })
  }
  const ready = (): Promise<void> => {
    checked ??= checkFully().catch((error) => {
      checked = undefined
      throw error
    })
    return checked
  }

  const knownLists = async (): Promise<readonly string[]> =>
    (await listAll(store, keys.records)).map(({ key }) => key.slice(keys.records.length))
  const uriOf = async (id: string): Promise<string> => {
    const record = await storage.record(id)
    return record ? storage.uriOf(record) : id
  }
  const find = async (list: string) => {
    const id = idOf(list)
    const record = id === undefined ? undefined : await storage.record(id)
    if (!record)
      throw new StatusError(
        'status.entry.unknown',
        `unknown status list: ${list}; expected one that lists() names`,
      )
    return record
  }
  const publishAgain = async (id: string) => {
    await store.delete(keys.closed(id))
    await store.put(keys.mark(id), 0)
  }

  /** Puts back the lists that the store does not know; those whose beginning no journal holds are closed. */
  const rebuild = async (lines: ReadonlyMap<string, StatusJournalEvent | undefined>) => {
    const rebuilt: string[] = []
    for (const [id, begun] of lines) {
      if (await storage.record(id)) continue
      if (begun?.event !== 'begun') {
        await store.put(keys.closed(id), { why: 'journal-missing' })
        continue
      }
      const { size, bits, about } = begun
      const seed = { size, bits, block: 1, ...(about !== undefined && { about }) }
      await store.swap(keys.record(id), undefined, seed)
      rebuilt.push(begun.list)
    }
    return rebuilt
  }

  const endCurrent = async () => {
    const current = await store.get(keys.current)
    if (current) await store.swap(keys.current, current.version, null)
  }

  return {
    ready,
    async check(view) {
      checked = undefined
      if (view) await requireWhole(view, await journals())
      else await ready()
    },
    async isBehind(records) {
      try {
        await requireWhole(store, records)
        return false
      } catch (error) {
        if (error instanceof StatusError && error.code === 'status.store.behind') return true
        throw error
      }
    },
    async reconcile(records, { without = [], since } = {}) {
      checked = undefined
      await endCurrent()
      const handed = new Map(records.map((record) => [record.replica, record]))
      const survey = await surveyOf(records, idOf)
      const rebuilt = await rebuild(survey.lists)
      const applied = await applyJournals(records)
      const registered = await listAll(store, keys.journals)
      const nameOf = ({ key }: { readonly key: string }) => key.slice(keys.journals.length)
      const having = (member: 'left' | 'missing') =>
        new Set(registered.filter(({ value }) => isJsonObject(value) && value[member] === true).map(nameOf))
      const [left, done] = [having('left'), having('missing')]
      const names = registered.map(nameOf)
      // Who had ended in order, but was seen again after the backup, has a journal that counts.
      const isBack = (replica: string) => {
        const seenAt = survey.peers.get(replica)
        return since !== undefined && seenAt !== undefined && seenAt >= since.getTime() - clockTolerance
      }
      const needed = [...names, ...survey.peers.keys()].filter(
        (replica) => !left.has(replica) || isBack(replica),
      )
      const missing = [...new Set(needed)].filter(
        (replica) => !handed.has(replica) && !without.includes(replica) && !done.has(replica),
      )
      if (missing.length > 0 || (records.length === 0 && registered.length === 0)) {
        for (const id of await knownLists()) await store.put(keys.closed(id), { why: 'journal-missing' })
        await store.put(keys.unsure, true)
      } else if ([...done].every((replica) => handed.has(replica))) {
        for (const id of await knownLists()) await publishAgain(id)
        await store.delete(keys.unsure)
      }
      for (const replica of missing) await store.put(keys.journal(replica), { settled: 0, missing: true })
      for (const { replica } of records) {
        await store.put(keys.journal(replica), { settled: survey.last.get(replica) ?? 0 })
      }
      const closed = (await listAll(store, keys.closedLists)).map(({ key }) =>
        uriOf(key.slice(keys.closedLists.length)),
      )
      return { applied, rebuilt, missing, closed: await Promise.all(closed) }
    },
    async lists() {
      const ids = await knownLists()
      return Promise.all(
        ids.map(async (id) => {
          const list = await uriOf(id)
          const { size, block } = (await storage.record(id)) as { size: number; block: number }
          const { isClosed } = await storage.mark(id)
          const taken = Math.min(size, (await store.count(keys.taken(id))) * block)
          return { list, size, taken, ...(isClosed && { closed: 'journal-missing' as const }) }
        }),
      )
    },
    async confirm(list) {
      await publishAgain((await find(list)).id)
    },
    async revokeAll(list) {
      const record = await find(list)
      // Into the journal first: a restore of a backup that was taken before must not undo it.
      if (journal) await ready()
      const number = await journal?.append({ event: 'revoked-all', list: storage.uriOf(record) })
      const where = journal && number !== undefined ? { replica: journal.replica, number } : {}
      await storage.replay(
        record,
        revocations(record).map((all) => ({ ...all, ...where })),
      )
      await publishAgain(record.id)
    },
    async leave() {
      if (!journal) return
      const settled = await settledOf(store, journal.replica)
      await store.put(keys.journal(journal.replica), { settled, left: true })
    },
  }
}

/** By how much the clocks of replicas may differ; milliseconds. */
const clockTolerance = 300_000

type ListId = (list: string) => string | undefined

/** Of each list in a journal the highest count after the line up to which the store was reconciled with it. */
async function highest({ read }: StatusJournalRecord, settled: number, idOf: ListId) {
  const lists = new Map<string, { readonly list: string; readonly count?: number }>()
  for await (const line of read()) {
    if (line.number <= settled || line.event === 'peer') continue
    const id = idOf(line.list)
    if (id === undefined) continue
    const before = lists.get(id)?.count ?? -1
    const count = line.event === 'given' ? Math.max(before, line.count) : before
    lists.set(id, { list: line.list, ...(count >= 0 && { count }) })
  }
  return lists
}

type ChangeLine = StatusJournalLine & { readonly event: 'set' | 'revoked-all' } & { readonly replica: string }

/**
 * The changes of statuses in journals. Those of one replica stay in the order in which they were made, whatever its
 * clock did: the time of a line is never after that of a later one, so a clock that was fast and was set back does not
 * put what was done under it behind what was done since.
 */
async function changesOf(records: readonly StatusJournalRecord[]): Promise<readonly ChangeLine[]> {
  const byReplica = new Map<string, { last: number; readonly lines: ChangeLine[] }>()
  for (const { replica, read } of records) {
    const known = byReplica.get(replica) ?? { last: 0, lines: [] }
    byReplica.set(replica, known)
    for await (const line of read()) {
      // Of a journal that was handed in twice, as it is and as an older copy, each line counts once.
      if (line.number <= known.last) continue
      known.last = line.number
      if (line.event === 'set' || line.event === 'revoked-all') known.lines.push({ ...line, replica })
    }
  }
  for (const { lines } of byReplica.values()) {
    let latest = Number.POSITIVE_INFINITY
    for (let at = lines.length - 1; at >= 0; at--) {
      const line = lines[at] as ChangeLine
      latest = Math.min(latest, line.time)
      lines[at] = { ...line, time: latest }
    }
  }
  return [...byReplica.values()].flatMap(({ lines }) => lines)
}

/** What the journals know of: lists, with their beginning where one holds it; other replicas; their last lines. */
async function surveyOf(records: readonly StatusJournalRecord[], idOf: ListId) {
  const lists = new Map<string, StatusJournalEvent | undefined>()
  /** When each was seen last by another; milliseconds since 1970. */
  const peers = new Map<string, number>()
  const last = new Map<string, number>()
  for (const { replica, read } of records) {
    for await (const line of read()) {
      last.set(replica, Math.max(line.number, last.get(replica) ?? 0))
      if (line.event === 'peer') peers.set(line.replica, Math.max(line.time, peers.get(line.replica) ?? 0))
      else {
        const id = idOf(line.list)
        if (id !== undefined) lists.set(id, line.event === 'begun' ? line : lists.get(id))
      }
    }
  }
  return { lists, peers, last }
}

function revocations({ size }: ListRecord): readonly JournaledChange[] {
  return Array.from({ length: size }, (_, index) => ({ index, change: { status: 'revoked' } as const }))
}

function changeOf(line: StatusJournalLine & { readonly event: 'set' }) {
  if ('status' in line) return { status: line.status }
  return 'message' in line ? { message: line.message } : { refresh: line.refresh }
}

async function listAll(store: Store, prefix: string) {
  const all: { readonly key: string; readonly value: JsonValue }[] = []
  let after: string | undefined
  do {
    const page = await store.list(prefix, { limit: 1000, ...(after !== undefined && { after }) })
    all.push(...page.entries)
    after = page.cursor
  } while (after !== undefined)
  return all
}

function behind(replica: string, what: string): StatusError {
  const message = `the store lacks what the journal ${replica} says: ${what}. It was restored or lost, or it is another store`
  // For those who answer: an outage, which an operator ends.
  const cause = new StoreError<'status.store.behind'>('status.store.behind', message)
  return new StatusError('status.store.behind', message, { cause })
}
