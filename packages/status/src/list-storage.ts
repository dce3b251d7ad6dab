import { type RandomBytes, type Store, withStoreErrors } from '@ekkasan/core'
import { base64url, fromBase64url, hashBase64url } from '@ekkasan/core/bytes'
import { isJsonObject, type JsonValue } from '@ekkasan/core/json'
import { StatusError } from './errors.ts'
import { createPermutation } from './permutation.ts'
import { createStatusList, readStatus, type StatusBits, type StatusList, writeStatus } from './status-list.ts'

/** Bytes of a list that stand under one key: changes to different ones never meet. */
const chunkLength = 4096
const maxAttempts = 200
const maxBlock = 32
/** A process that ends loses at most this part of a list. */
const blocksOfList = 1024

/** What is fixed of a list when it is begun. */
export interface ListRecord {
  readonly number: number
  readonly size: number
  /** Of one entry's value. */
  readonly bits: StatusBits
  /** What else its authority fixed. */
  readonly about?: JsonValue
  /** How many entries a process takes from the counter at once; what it did not give when it ended, none gives. */
  readonly block: number
  readonly place: (count: number) => number
}

/** The lists as they stand in the store: for each its record, its counter, its bytes in chunks, and a mark. */
export interface ListStorage {
  record(number: number): Promise<ListRecord | undefined>
  /** A place that no other call gives, in this process or another; a list that is full is followed by the next. */
  allocate(): Promise<{ readonly record: ListRecord; readonly place: number }>
  read(record: ListRecord, index: number): Promise<number>
  /** `change` gets the value that stands there and returns the new one; it may run again, and may throw. */
  write(record: ListRecord, index: number, change: (before: number) => number): Promise<void>
  /** Changes with every write. */
  mark(number: number): Promise<number>
  whole(record: ListRecord): Promise<StatusList>
}

export function createListStorage(options: {
  readonly store: Store
  /** Which authority's lists they are; two never have the same. */
  readonly name: string
  readonly size: number
  readonly bits: StatusBits
  readonly about?: JsonValue
  readonly randomBytes: RandomBytes
}): ListStorage {
  const { size, bits, about, randomBytes } = options
  const store = withStoreErrors(options.store)
  const root = `status-list/${hashBase64url('sha-256', options.name).slice(0, 16)}`
  const keys = {
    current: `${root}/current`,
    record: (number: number) => `${root}/record/${number}`,
    taken: (number: number) => `${root}/taken/${number}`,
    mark: (number: number) => `${root}/mark/${number}`,
    chunks: (number: number) => `${root}/bytes/${number}/`,
    chunk: ({ number, bits }: ListRecord, index: number) =>
      `${root}/bytes/${number}/${String(Math.floor(index / chunkEntries(bits))).padStart(6, '0')}`,
  }
  const records = new Map<number, ListRecord>()
  const turns = new Map<string, Promise<void>>()
  const open = new Map<number, { next: number; readonly end: number }>()
  const opening = new Map<number, Promise<void>>()
  /** Chunks as they were read last: a publication unpacks those that changed. */
  const unpacked = new Map<string, { readonly version: number; readonly bytes: Uint8Array }>()
  let current: number | undefined

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

  const chunkOf = ({ bits }: ListRecord, value: JsonValue | undefined): StatusList => {
    const chunk = createStatusList(chunkEntries(bits), bits)
    if (typeof value === 'string') chunk.bytes.set(fromBase64url(value))
    return chunk
  }

  const writeOnce = async (record: ListRecord, index: number, change: (before: number) => number) => {
    const key = keys.chunk(record, index)
    const at = index % chunkEntries(record.bits)
    for (let attempt = 1; attempt <= maxAttempts; attempt++) {
      const stored = await store.get(key)
      const chunk = chunkOf(record, stored?.value)
      const before = readStatus(chunk, at)
      const after = change(before)
      if (after === before) return
      writeStatus(chunk, at, after)
      if (await store.swap(key, stored?.version, base64url(chunk.bytes))) return
      await new Promise((resolve) => setTimeout(resolve, Math.random() * attempt))
    }
    throw new StatusError('status.entry.contended', 'the status list is being changed by others; try again')
  }

  const begin = async (number: number): Promise<ListRecord> => {
    const block = Math.min(maxBlock, Math.max(1, Math.floor(size / blocksOfList)))
    const seed = {
      key: base64url(randomBytes(32)),
      size,
      bits,
      block,
      ...(about !== undefined && { about }),
    }
    await store.swap(keys.record(number), undefined, seed)
    return (await record(number)) as ListRecord
  }

  const storedCurrent = async (): Promise<number> => {
    const value = (await store.get(keys.current))?.value
    return typeof value === 'number' ? value : 0
  }

  /** The store may lag behind. */
  const advance = async (to: number) => {
    const stored = await store.get(keys.current)
    if (stored === undefined || (stored.value as number) < to) {
      await store.swap(keys.current, stored?.version, to)
    }
  }

  /** A number of this list that no other call gives; not below its size when it is full. */
  const take = async (record: ListRecord): Promise<number> => {
    const { number } = record
    for (;;) {
      const numbers = open.get(number)
      if (numbers && numbers.next < numbers.end) return numbers.next++
      const running = opening.get(number) ?? openBlock(record)
      opening.set(number, running)
      await running
    }
  }

  return {
    record,
    async allocate() {
      current ??= await storedCurrent()
      for (;;) {
        const number = current
        const found = (await record(number)) ?? (await begin(number))
        const count = await take(found)
        if (count < found.size) return { record: found, place: found.place(count) }
        current = Math.max(current, number + 1)
        await advance(current)
      }
    },
    async read(record, index) {
      const stored = await store.get(keys.chunk(record, index))
      return readStatus(chunkOf(record, stored?.value), index % chunkEntries(record.bits))
    },
    async write(record, index, change) {
      const key = keys.chunk(record, index)
      // Writers of this process take turns, so that only other processes can get between.
      const turn = (turns.get(key) ?? Promise.resolve()).then(() => writeOnce(record, index, change))
      const settled = turn.catch(() => {})
      turns.set(key, settled)
      try {
        await turn
      } finally {
        if (turns.get(key) === settled) turns.delete(key)
      }
      await store.put(keys.mark(record.number), index)
    },
    async mark(number) {
      return (await store.get(keys.mark(number)))?.version ?? 0
    },
    async whole({ number, size, bits }) {
      const list = createStatusList(size, bits)
      let after: string | undefined
      do {
        const page = await store.list(keys.chunks(number), {
          limit: 64,
          ...(after !== undefined && { after }),
        })
        for (const { key, value, version } of page.entries) {
          const offset = Number(key.slice(-6)) * chunkLength
          const known = unpacked.get(key)
          const bytes = known?.version === version ? known.bytes : fromBase64url(value as string)
          unpacked.set(key, { version, bytes })
          list.bytes.set(bytes.subarray(0, list.bytes.length - offset), offset)
        }
        after = page.cursor
      } while (after !== undefined)
      return list
    },
  }
}

function chunkEntries(bits: StatusBits): number {
  return (chunkLength * 8) / bits
}

function parseRecord(number: number, value: JsonValue): ListRecord {
  // Lists begun by earlier versions say no bits: they have 2.
  const { key, size, bits = 2, block = 1, about } = isJsonObject(value) ? value : {}
  const isRead = typeof key === 'string' && typeof size === 'number' && typeof block === 'number'
  if (!isRead || !(bits === 1 || bits === 2 || bits === 4 || bits === 8)) {
    throw new TypeError('the record of a status list in the store is damaged')
  }
  const place = createPermutation(fromBase64url(key), size)
  return { number, size, bits, block, place, ...(about !== undefined && { about }) }
}
