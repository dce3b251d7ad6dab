import { concatBytes, fromUtf8, utf8 } from '@ekkasan/core/bytes'

// The part of CBOR (RFC 8949) that proof values are made of: integers from zero, byte and text strings, lists, and maps
// whose keys count from zero, as labels do: engines keep integers in a Map by a hash that anyone can foresee, and keys
// that are chosen to fall together take seconds. Read in deterministic encoding only (section 4.2.1): one spelling of each value.

export type Cbor = number | string | Uint8Array | readonly Cbor[] | ReadonlyMap<number, Cbor>

export function encodeCbor(value: Cbor): Uint8Array {
  if (typeof value === 'number') return head(0, value)
  if (typeof value === 'string') {
    const bytes = utf8(value)
    return concatBytes(head(3, bytes.length), bytes)
  }
  if (value instanceof Uint8Array) return concatBytes(head(2, value.length), value)
  if (value instanceof Map) {
    const entries = [...(value as ReadonlyMap<number, Cbor>)].sort(([a], [b]) => a - b)
    return concatBytes(
      head(5, entries.length),
      ...entries.flatMap(([key, item]) => [head(0, key), encodeCbor(item)]),
    )
  }
  const items = value as readonly Cbor[]
  return concatBytes(head(4, items.length), ...items.map(encodeCbor))
}

function head(major: number, value: number): Uint8Array {
  const first = major << 5
  if (value < 24) return Uint8Array.of(first | value)
  if (value < 0x100) return Uint8Array.of(first | 24, value)
  if (value < 0x1_0000) return Uint8Array.of(first | 25, value >> 8, value & 0xff)
  return Uint8Array.of(first | 26, value >>> 24, (value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff)
}

/** Throws a TypeError when the bytes are anything else, or more than one value. */
export function decodeCbor(bytes: Uint8Array): Cbor {
  const reader: Reader = { bytes, at: 0 }
  const value = read(reader, 4)
  if (reader.at !== bytes.length) throw new TypeError('CBOR with bytes behind it')
  return value
}

interface Reader {
  readonly bytes: Uint8Array
  at: number
}

function read(reader: Reader, depthLeft: number): Cbor {
  if (depthLeft === 0) throw new TypeError('CBOR is nested too deeply')
  const { major, value } = readHead(reader)
  if (major === 0) return value
  // A list or map has at least a byte for each of its items.
  if (value > reader.bytes.length - reader.at) throw new TypeError('CBOR is truncated')
  if (major === 2 || major === 3) {
    const content = reader.bytes.slice(reader.at, reader.at + value)
    reader.at += value
    return major === 2 ? content : fromUtf8(content)
  }
  if (major === 4) {
    const items: Cbor[] = []
    while (items.length < value) items.push(read(reader, depthLeft - 1))
    return items
  }
  if (major !== 5) throw new TypeError('CBOR of a kind that has no place here')
  const map = new Map<number, Cbor>()
  while (map.size < value) {
    const key = readHead(reader)
    if (key.major !== 0 || key.value !== map.size)
      throw new TypeError('keys of a CBOR map are not 0, 1, 2, …')
    map.set(key.value, read(reader, depthLeft - 1))
  }
  return map
}

function readHead(reader: Reader): { readonly major: number; readonly value: number } {
  const first = byte(reader)
  const info = first & 0x1f
  if (info > 26) throw new TypeError('CBOR of indefinite or too great a length')
  if (info < 24) return { major: first >> 5, value: info }
  const length = 1 << (info - 24)
  let value = 0
  for (let count = 0; count < length; count++) value = value * 256 + byte(reader)
  if (value < (length === 1 ? 24 : 2 ** (length * 4))) throw new TypeError('CBOR that is longer than need be')
  return { major: first >> 5, value }
}

function byte(reader: Reader): number {
  const value = reader.bytes[reader.at]
  if (value === undefined) throw new TypeError('CBOR is truncated')
  reader.at += 1
  return value
}
