import {
  type RandomBytes,
  type StatusChange,
  type StatusJournal,
  type Store,
  withStoreErrors,
} from '@ekkasan/core'
import { base64url, fromBase64url, hashBase64url } from '@ekkasan/core/bytes'
import { isJsonObject, type JsonValue } from '@ekkasan/core/json'
import { StatusError } from './errors.ts'
import { chunkEntries, chunkLength, chunkText, type ListChunk, parseChunk } from './list-chunk.ts'
import { createPermutation } from './permutation.ts'
import { createStatusList, readStatus, type StatusBits, type StatusList, writeStatus } from './status-list.ts'

const maxAttempts = 200
const maxBlock = 32
/** A process that ends loses at most this part of a list. */
const blocksOfList = 1024

/** What is fixed of a list when it is begun. */
export interface ListRecord {
  /** The last part of its URI: random, so that no list is begun anew under the URI of another. */
  readonly id: string
  readonly size: number
  /** Of one entry's value. */
  readonly bits: StatusBits
  /** What else its authority fixed. */
  readonly about?: JsonValue
  /** How many entries a process takes from the counter at once; what it did not give when it ended, none gives. */
  readonly block: number
  /** Undefined of a list that was rebuilt from journals: it gives no more entries. */
  readonly place?: (count: number) => number
}

/** A change that stands in a journal, with where it stands there. */
export interface JournaledChange {
  readonly index: number
  readonly change: StatusChange
  readonly replica?: string
  readonly number?: number
}

/** What a publication asks again and again. */
export interface ListMark {
  /** Changes with every write. */
  readonly version: number
  readonly isClosed: boolean
}

/** The lists as they stand in the store: for each its record, its counter, its bytes in chunks, and a mark. */
export interface ListStorage {
  readonly keys: ListKeys
  /** The URI that stands for a list in journals. */
  uriOf(record: ListRecord): string
  record(id: string): Promise<ListRecord | undefined>
  /** A place that no other call gives, in this process or another; a list that is full is followed by the next. */
  allocate(): Promise<{ readonly record: ListRecord; readonly place: number }>
  read(record: ListRecord, index: number): Promise<number>
  /** Into the journal, then into the store. @throws what `apply` throws; nothing is changed then */
  write(record: ListRecord, index: number, change: StatusChange): Promise<void>
  /** Brings what stands in journals into the store, as far as it is not there; resolves to how many changes were. */
  replay(record: ListRecord, changes: readonly JournaledChange[]): Promise<number>
  mark(id: string): Promise<ListMark>
  /** Whether a list that the store does not know may have been begun and lost with it. */
  isUnsure(id: string): Promise<boolean>
  whole(record: ListRecord): Promise<StatusList>
}

export type ListKeys = ReturnType<typeof listKeys>

/** `name` says which authority's lists they are; two never have the same. */
function listKeys(name: string) {
  const root = `status-list/${hashBase64url('sha-256', name).slice(0, 16)}`
  return {
    current: `${root}/current`,
    records: `${root}/record/`,
    record: (id: string) => `${root}/record/${id}`,
    taken: (id: string) => `${root}/taken/${id}`,
    mark: (id: string) => `${root}/mark/${id}`,
    closedLists: `${root}/closed/`,
    /** There while the list must not be published. */
    closed: (id: string) => `${root}/closed/${id}`,
    /** There while there may be lists that nobody here knows. */
    unsure: `${root}/unsure`,
    journals: `${root}/journal/`,
    /** Up to which line the store was reconciled with a journal. */
    journal: (replica: string) => `${root}/journal/${replica}`,
    chunks: (id: string) => `${root}/bytes/${id}/`,
    chunk: ({ id, bits }: ListRecord, index: number) =>
      `${root}/bytes/${id}/${String(Math.floor(index / chunkEntries(bits))).padStart(6, '0')}`,
  }
}

export interface CreateListStorageOptions {
  readonly store: Store
  readonly name: string
  readonly size: number
  readonly bits: StatusBits
  readonly about?: JsonValue
  readonly randomBytes: RandomBytes
  readonly journal?: StatusJournal
  readonly uriOf: (record: ListRecord) => string
  /** The value of an entry after a change; throws where the change is not allowed. May run again. */
  readonly apply: (record: ListRecord, change: StatusChange, before: number) => number
}

export function createListStorage(options: CreateListStorageOptions): ListStorage {
  const { size, bits, about, randomBytes, journal, uriOf, apply } = options
  const store = withStoreErrors(options.store)
  const keys = listKeys(options.name)
  const records = new Map<string, ListRecord>()
  const turns = new Map<string, Promise<unknown>>()
  const open = new Map<string, { next: number; readonly end: number }>()
  const opening = new Map<string, Promise<void>>()
  /** Journaled, but the store failed: they go first when the chunk is written next. */
  const waiting = new Map<string, readonly JournaledChange[]>()
  /** Chunks as they were read last: a publication unpacks those that changed. */
  const unpacked = new Map<string, { readonly version: number; readonly bytes: Uint8Array }>()
  let current: string | undefined
  let advancing: Promise<string> | undefined

  const record = async (id: string): Promise<ListRecord | undefined> => {
    const known = records.get(id)
    if (known) return known
    const value = (await store.get(keys.record(id)))?.value
    if (value === undefined) return undefined
    const found = parseRecord(id, value)
    records.set(id, found)
    return found
  }

  /** Lists of earlier versions had numbers: they are served and changed, but give no more entries. */
  const readCurrent = async () => {
    const stored = await store.get(keys.current)
    return { id: typeof stored?.value === 'string' ? stored.value : undefined, version: stored?.version }
  }

  const openBlock = async ({ id, block }: ListRecord) => {
    try {
      // Somebody may have ended the list since.
      current = (await readCurrent()).id
      if (current !== id) return
      const start = (await store.next(keys.taken(id))) * block
      open.set(id, { next: start, end: start + block })
      await notePeers()
    } finally {
      opening.delete(id)
    }
  }

  const known = new Set<string>()
  const notePeers = async () => {
    if (!journal) return
    const { entries } = await store.list(keys.journals, { limit: 1000 })
    for (const { key, value } of entries) {
      const replica = key.slice(keys.journals.length)
      if (isJsonObject(value) && value.left === true) {
        known.delete(replica)
        continue
      }
      if (replica === journal.replica || known.has(replica)) continue
      await journal.append({ event: 'peer', replica })
      known.add(replica)
    }
  }

  const begin = async (version: number | undefined): Promise<string | undefined> => {
    const id = base64url(randomBytes(12))
    const block = Math.min(maxBlock, Math.max(1, Math.floor(size / blocksOfList)))
    const more = { ...(about !== undefined && { about }) }
    await store.swap(keys.record(id), undefined, {
      key: base64url(randomBytes(32)),
      size,
      bits,
      block,
      ...more,
    })
    const begun = (await record(id)) as ListRecord
    await journal?.append({ event: 'begun', list: uriOf(begun), size, bits, ...more })
    // Of several that begin a list at once one wins; the lists of the others stay empty.
    return (await store.swap(keys.current, version, id)) ? id : undefined
  }

  /** The list that follows one that is full: begun by another meanwhile, or here. */
  const advance = async (full: string | undefined): Promise<string> => {
    for (;;) {
      const { id, version } = await readCurrent()
      if (id !== undefined && id !== full) return id
      const begun = await begin(version)
      if (begun !== undefined) return begun
    }
  }

  /** A number of this list that no other call gives; undefined when it gives no more. */
  const take = async (record: ListRecord): Promise<number | undefined> => {
    const { id, size } = record
    for (;;) {
      const numbers = open.get(id)
      if (numbers && numbers.next < numbers.end) {
        const number = numbers.next++
        return number < size ? number : undefined
      }
      if (current !== id) return undefined
      const running = opening.get(id) ?? openBlock(record)
      opening.set(id, running)
      await running
    }
  }

  const inTurn = async <T>(key: string, work: () => Promise<T>): Promise<T> => {
    // Writers of this process take turns, so that only other processes can get between.
    const turn = (turns.get(key) ?? Promise.resolve()).then(work)
    const settled = turn.catch(() => {})
    turns.set(key, settled)
    try {
      return await turn
    } finally {
      if (turns.get(key) === settled) turns.delete(key)
    }
  }

  /** Writes all that is not there yet in one swap, but for what is not allowed any more. */
  const swapChunk = async (record: ListRecord, key: string, changes: readonly JournaledChange[]) => {
    for (let attempt = 1; attempt <= maxAttempts; attempt++) {
      const stored = await store.get(key)
      const { list, applied } = parseChunk(stored?.value, record.bits)
      const marks = new Map(applied)
      const isOpen = ({ replica = '', number }: JournaledChange) =>
        number === undefined || number > (marks.get(replica) ?? 0)
      let count = 0
      let refused: StatusError | undefined
      for (const change of changes.filter(isOpen)) {
        const at = change.index % chunkEntries(record.bits)
        refused = undefined
        try {
          writeStatus(list, at, apply(record, change.change, readStatus(list, at)))
        } catch (error) {
          // Revoked since: what the journal says beside it is done with.
          if (!(error instanceof StatusError) || error.code !== 'status.entry.revoked') throw error
          refused = error
        }
        if (change.number !== undefined) marks.set(change.replica ?? '', change.number)
        count += 1
      }
      if (count === 0) return { count }
      const chunk: ListChunk = { list, applied: marks }
      if (await store.swap(key, stored?.version, chunkText(chunk))) return { count, refused }
    }
    throw new StatusError('status.entry.contended', 'the status list is being changed by others; try again')
  }

  const writeNow = async (record: ListRecord, index: number, change: StatusChange): Promise<void> => {
    const key = keys.chunk(record, index)
    const { list } = parseChunk((await store.get(key))?.value, record.bits)
    const before = readStatus(list, index % chunkEntries(record.bits))
    // Throws before anything is written anywhere.
    if (apply(record, change, before) === before && !waiting.has(key)) return
    const line = await journal?.append({ event: 'set', list: uriOf(record), index, ...change })
    const where = journal && line !== undefined ? { replica: journal.replica, number: line } : {}
    const changes = [...(waiting.get(key) ?? []), { index, change, ...where }]
    if (journal) waiting.set(key, changes)
    const { refused } = await swapChunk(record, key, changes)
    waiting.delete(key)
    if (refused) throw refused
  }

  return {
    keys,
    uriOf,
    record,
    async allocate() {
      current ??= (await readCurrent()).id
      for (;;) {
        const id = current
        const found = id === undefined ? undefined : await record(id)
        const count = found && (await take(found))
        if (found?.place && count !== undefined) {
          const place = found.place(count)
          await journal?.append({ event: 'given', list: uriOf(found), index: place, count })
          return { record: found, place }
        }
        // Of those who find it full at once, one begins the next.
        advancing ??= advance(id).finally(() => {
          advancing = undefined
        })
        current = await advancing
      }
    },
    async read(record, index) {
      const stored = await store.get(keys.chunk(record, index))
      return readStatus(parseChunk(stored?.value, record.bits).list, index % chunkEntries(record.bits))
    },
    async write(record, index, change) {
      await inTurn(keys.chunk(record, index), () => writeNow(record, index, change))
      // Also where nothing was to be changed: whoever changed it may have ended, or failed, before this.
      await store.put(keys.mark(record.id), index)
    },
    async replay(record, changes) {
      const chunks = new Map<string, JournaledChange[]>()
      for (const change of changes) {
        const key = keys.chunk(record, change.index)
        const of = chunks.get(key) ?? []
        of.push(change)
        chunks.set(key, of)
      }
      let count = 0
      for (const [key, of] of chunks) count += (await inTurn(key, () => swapChunk(record, key, of))).count
      if (count > 0) await store.put(keys.mark(record.id), count)
      return count
    },
    async mark(id) {
      const [mark, closed] = await Promise.all([store.get(keys.mark(id)), store.get(keys.closed(id))])
      return { version: mark?.version ?? 0, isClosed: closed !== undefined }
    },
    async isUnsure(id) {
      const marks = await Promise.all([store.get(keys.unsure), store.get(keys.closed(id))])
      return marks.some((mark) => mark !== undefined)
    },
    async whole({ id, size, bits }) {
      const list = createStatusList(size, bits)
      let after: string | undefined
      do {
        const page = await store.list(keys.chunks(id), {
          limit: 64,
          ...(after !== undefined && { after }),
        })
        for (const { key, value, version } of page.entries) {
          const offset = Number(key.slice(-6)) * chunkLength
          const known = unpacked.get(key)
          const bytes = known?.version === version ? known.bytes : parseChunk(value, bits).list.bytes
          unpacked.set(key, { version, bytes })
          list.bytes.set(bytes.subarray(0, list.bytes.length - offset), offset)
        }
        after = page.cursor
      } while (after !== undefined)
      return list
    },
  }
}

export function parseRecord(id: string, value: JsonValue): ListRecord {
  // Lists begun by earlier versions say no bits: they have 2.
  const { key, size, bits = 2, block = 1, about } = isJsonObject(value) ? value : {}
  const isRead =
    (key === undefined || typeof key === 'string') && typeof size === 'number' && typeof block === 'number'
  if (!isRead || !(bits === 1 || bits === 2 || bits === 4 || bits === 8)) {
    throw new TypeError('the record of a status list in the store is damaged')
  }
  return {
    id,
    size,
    bits,
    block,
    ...(key !== undefined && { place: createPermutation(fromBase64url(key), size) }),
    ...(about !== undefined && { about }),
  }
}
