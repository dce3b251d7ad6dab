import { isJsonObject, type JsonObject, type JsonValue } from '@ekkasan/core/json'
import type { StatusBits, StatusList } from './status-list.ts'

/** The purposes that Bitstring Status List section 2.1 defines. */
export type StatusPurpose = 'revocation' | 'suspension' | 'refresh' | 'message'

const order: readonly StatusPurpose[] = ['revocation', 'suspension', 'refresh', 'message']

/** Where the bits of a purpose stand in an entry's value; lowest first. */
interface Field {
  readonly purpose: StatusPurpose
  readonly offset: number
  readonly size: number
}

/** A bitstring that is served: one purpose of several bits, or one bit for each of some purposes. */
export interface ServedList {
  readonly purposes: readonly StatusPurpose[]
  /** Bits of an entry of one purpose. */
  readonly size: number
  /** Below the URL of the lists. */
  path(id: string): string
}

/** How a list keeps the purposes of an entry in one value, and as which bitstrings it serves them. */
export interface Layout {
  readonly bits: StatusBits
  readonly served: readonly ServedList[]
  field(purpose: StatusPurpose): Field | undefined
  /** As it is kept with the list: what was begun in one way goes on in it. */
  readonly about: JsonObject
}

/** @throws TypeError when they do not fit into eight bits, or there are none */
export function createLayout(options: {
  readonly purposes: readonly StatusPurpose[]
  /** Bits of a message. */
  readonly messageSize: number
  readonly multiPurpose: boolean
}): Layout {
  const { purposes, messageSize, multiPurpose } = options
  if (purposes.length === 0 || purposes.some((purpose) => !order.includes(purpose))) {
    throw new TypeError(`purposes are some of ${order.join(', ')}`)
  }
  const used = order.filter((purpose) => purposes.includes(purpose))
  const fields: Field[] = []
  let width = 0
  for (const purpose of used) {
    const size = purpose === 'message' ? messageSize : 1
    fields.push({ purpose, offset: width, size })
    width += size
  }
  if (width > 8) throw new TypeError('purposes and messages take more than eight bits')
  const flags = used.filter((purpose) => purpose !== 'message')
  const single = (purpose: StatusPurpose, size: number): ServedList => ({
    purposes: [purpose],
    size,
    path: (id) => `/${purpose}/${id}`,
  })
  const shared: ServedList = { purposes: flags, size: 1, path: (id) => `/${id}` }
  return {
    bits: ([1, 2, 4, 8] as const).find((bits) => bits >= width) as StatusBits,
    served: [
      ...(multiPurpose && flags.length > 0 ? [shared] : flags.map((purpose) => single(purpose, 1))),
      ...(used.includes('message') ? [single('message', messageSize)] : []),
    ],
    field: (purpose) => fields.find((field) => field.purpose === purpose),
    about: { purposes: used, messageSize, multiPurpose },
  }
}

/** @throws TypeError */
export function parseLayout(about: JsonValue | undefined): Layout {
  const { purposes, messageSize, multiPurpose } = isJsonObject(about) ? about : {}
  if (!Array.isArray(purposes) || typeof messageSize !== 'number' || typeof multiPurpose !== 'boolean') {
    throw new TypeError('the record of a status list in the store is damaged')
  }
  return createLayout({ purposes: purposes as readonly StatusPurpose[], messageSize, multiPurpose })
}

/** The bits of a served list, of at least 16 KB (section 3.3). */
export function bitstringOf(list: StatusList, size: number, layout: Layout, served: ServedList): Uint8Array {
  const fields = served.purposes.map((purpose) => layout.field(purpose) as Field)
  const width = fields.length * served.size
  const bytes = new Uint8Array(Math.max(16_384, Math.ceil((size * width) / 8)))
  const { bits } = list
  const perByte = 8 / bits
  const mask = fields.reduce((all, { offset, size }) => all | ((2 ** size - 1) << offset), 0)
  for (let at = 0; at < list.bytes.length; at++) {
    const byte = list.bytes[at] as number
    // Most lists are sparse.
    if (byte === 0) continue
    for (let part = 0; part < perByte; part++) {
      const value = (byte >> (part * bits)) & (2 ** bits - 1) & mask
      const index = at * perByte + part
      if (value === 0 || index >= size) continue
      if (width === 1) bytes[index >> 3] = (bytes[index >> 3] as number) | (128 >> (index & 7))
      else writeEntry(bytes, index * width, value, fields)
    }
  }
  return bytes
}

/** The fields one after another, of each the highest bit first, from the left-most bit of a byte on (section 7.1). */
function writeEntry(bytes: Uint8Array, start: number, value: number, fields: readonly Field[]): void {
  let bit = start
  for (const { offset, size } of fields) {
    for (let at = offset + size - 1; at >= offset; at--) {
      if (((value >> at) & 1) === 1) bytes[bit >> 3] = (bytes[bit >> 3] as number) | (128 >> (bit & 7))
      bit++
    }
  }
}
