import type { RandomBytes, Store } from '@ekkasan/core'
import { base64url, fromBase64url, hashBase64url } from '@ekkasan/core/bytes'
import { isJsonObject, type JsonValue } from '@ekkasan/core/json'
import { StatusError } from './errors.ts'
import { createPermutation } from './permutation.ts'
import { createStatusList, readStatus, type StatusList, writeStatus } from './status-list.ts'

/** Bits of a status in the lists published here. */
const bits = 2
/** Bytes of a list that stand under one key: changes to different ones never meet. */
const chunkLength = 4096
const chunkEntries = (chunkLength * 8) / bits
const maxAttempts = 200
const maxBlock = 32
/** A process that ends loses at most this part of a list. */
const blocksOfList = 1024

/** What is fixed of a list when it is begun. */
export interface ListRecord {
  readonly number: number
  readonly size: number
  /** How many entries a process takes from the counter at once; what it did not give when it ended, none gives. */
  readonly block: number
  readonly place: (count: number) => number
}

/** The lists as they stand in the store: for each its record, its counter, its bytes in chunks, and a mark. */
export interface ListStorage {
  record(number: number): Promise<ListRecord | undefined>
  begin(number: number): Promise<ListRecord>
  /** The list that takes entries now; the store may lag behind. */
  current(): Promise<number>
  advance(to: number): Promise<void>
  /** A number that no other call gives of this list, in this process or another; not below its size when it is full. */
  take(record: ListRecord): Promise<number>
  read(record: ListRecord, index: number): Promise<number>
  /** `change` gets the value that stands there and returns the new one; it may run again, and may throw. */
  write(record: ListRecord, index: number, change: (before: number) => number): Promise<void>
  /** Changes with every write. */
  mark(number: number): Promise<number>
  whole(record: ListRecord): Promise<StatusList>
}

export function createListStorage(options: {
  readonly store: Store
  readonly url: string
  readonly size: number
  readonly randomBytes: RandomBytes
}): ListStorage {
  const { store, size, randomBytes } = options
  const root = `status-list/${hashBase64url('sha-256', options.url).slice(0, 16)}`
  const keys = {
    current: `${root}/current`,
    record: (number: number) => `${root}/record/${number}`,
    taken: (number: number) => `${root}/taken/${number}`,
    mark: (number: number) => `${root}/mark/${number}`,
    chunks: (number: number) => `${root}/bytes/${number}/`,
    chunk: (number: number, index: number) =>
      `${root}/bytes/${number}/${String(Math.floor(index / chunkEntries)).padStart(6, '0')}`,
  }
  const records = new Map<number, ListRecord>()
  const turns = new Map<string, Promise<void>>()
  const open = new Map<number, { next: number; readonly end: number }>()
  const opening = new Map<number, Promise<void>>()

  const record = async (number: number): Promise<ListRecord | undefined> => {
    const known = records.get(number)
    if (known) return known
    const value = (await store.get(keys.record(number)))?.value
    if (value === undefined) return undefined
    const found = parseRecord(number, value)
    records.set(number, found)
    return found
  }

  const openBlock = async ({ number, block }: ListRecord) => {
    try {
      const start = (await store.next(keys.taken(number))) * block
      open.set(number, { next: start, end: start + block })
    } finally {
      opening.delete(number)
    }
  }

  const chunkOf = (value: JsonValue | undefined): StatusList => {
    const chunk = createStatusList(chunkEntries, bits)
    if (typeof value === 'string') chunk.bytes.set(fromBase64url(value))
    return chunk
  }

  const writeOnce = async (key: string, index: number, change: (before: number) => number) => {
    for (let attempt = 1; attempt <= maxAttempts; attempt++) {
      const stored = await store.get(key)
      const chunk = chunkOf(stored?.value)
      const before = readStatus(chunk, index)
      const after = change(before)
      if (after === before) return
      writeStatus(chunk, index, after)
      if (await store.swap(key, stored?.version, base64url(chunk.bytes))) return
      await new Promise((resolve) => setTimeout(resolve, Math.random() * attempt))
    }
    throw new StatusError('status.entry.contended', 'the status list is being changed by others; try again')
  }

  return {
    record,
    async begin(number) {
      const block = Math.min(maxBlock, Math.max(1, Math.floor(size / blocksOfList)))
      const seed = { key: base64url(randomBytes(32)), size, block }
      await store.swap(keys.record(number), undefined, seed)
      return (await record(number)) as ListRecord
    },
    async current() {
      const value = (await store.get(keys.current))?.value
      return typeof value === 'number' ? value : 0
    },
    async advance(to) {
      const stored = await store.get(keys.current)
      if (stored === undefined || (stored.value as number) < to) {
        await store.swap(keys.current, stored?.version, to)
      }
    },
    async take(record) {
      const { number } = record
      for (;;) {
        const numbers = open.get(number)
        if (numbers && numbers.next < numbers.end) return numbers.next++
        const running = opening.get(number) ?? openBlock(record)
        opening.set(number, running)
        await running
      }
    },
    async read({ number }, index) {
      const stored = await store.get(keys.chunk(number, index))
      return readStatus(chunkOf(stored?.value), index % chunkEntries)
    },
    async write({ number }, index, change) {
      const key = keys.chunk(number, index)
      // Writers of this process take turns, so that only other processes can get between.
      const turn = (turns.get(key) ?? Promise.resolve()).then(() =>
        writeOnce(key, index % chunkEntries, change),
      )
      const settled = turn.catch(() => {})
      turns.set(key, settled)
      try {
        await turn
      } finally {
        if (turns.get(key) === settled) turns.delete(key)
      }
      await store.put(keys.mark(number), index)
    },
    async mark(number) {
      return (await store.get(keys.mark(number)))?.version ?? 0
    },
    async whole({ number, size }) {
      const list = createStatusList(size, bits)
      let after: string | undefined
      do {
        const page = await store.list(keys.chunks(number), {
          limit: 64,
          ...(after !== undefined && { after }),
        })
        for (const { key, value } of page.entries) {
          const offset = Number(key.slice(-6)) * chunkLength
          list.bytes.set(chunkOf(value).bytes.subarray(0, list.bytes.length - offset), offset)
        }
        after = page.cursor
      } while (after !== undefined)
      return list
    },
  }
}

function parseRecord(number: number, value: JsonValue): ListRecord {
  const { key, size, block = 1 } = isJsonObject(value) ? value : {}
  if (typeof key !== 'string' || typeof size !== 'number' || typeof block !== 'number') {
    throw new TypeError('the record of a status list in the store is damaged')
  }
  return { number, size, block, place: createPermutation(fromBase64url(key), size) }
}
