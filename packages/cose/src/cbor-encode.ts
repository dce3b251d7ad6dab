import { utf8 } from '@ekkasan/core/bytes'
import { type CborInput, CborTag, EmbeddedCbor } from './cbor-value.ts'

/**
 * Encodes deterministically, RFC 8949 section 4.2.1: shortest heads and floats, keys in the order of their encodings.
 * @throws TypeError for what has no form here: numbers that are not finite, undefined
 */
export function encodeCbor(value: CborInput): Uint8Array<ArrayBuffer> {
  writer.start()
  writer.write(value)
  return writer.finish()
}

/** Encodes a data item into a byte string under tag 24. */
export function embedCbor(value: CborInput): EmbeddedCbor {
  writer.start(longestTagHead)
  writer.write(value)
  const whole = writer.finish()
  const content = whole.subarray(longestTagHead)
  const head = encodedTagHead(content.length)
  const encoded = whole.subarray(longestTagHead - head.length)
  encoded.set(head)
  return new EmbeddedCbor(encoded, content)
}

/** Tag 24 and the head of a byte string of 4 GiB. */
const longestTagHead = 7

function encodedTagHead(length: number): Uint8Array {
  writer.start()
  writer.head(6, 24)
  writer.head(2, length)
  return writer.finish()
}

/** Puts encoded CBOR into a byte string under tag 24. */
export function embed(content: Uint8Array): EmbeddedCbor {
  writer.start()
  writer.head(6, 24)
  writer.write(content)
  const encoded = writer.finish()
  return new EmbeddedCbor(encoded, encoded.subarray(encoded.length - content.length))
}

/** And no `Date` or other object of a class, whose members are not what it says. */
function isPlainObject(value: unknown): value is Readonly<Record<string, CborInput>> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

type Entry = readonly [string | number, CborInput]

const slabSize = 65_536

// Writes into slabs of which each result is a part: a buffer of its own for each small item would cost more than
// the item.
class Writer {
  private bytes = new Uint8Array(slabSize)
  private begin = 0
  private at = 0

  start(reserved = 0): void {
    this.begin = this.at
    this.room(reserved)
    this.at += reserved
  }

  finish(): Uint8Array<ArrayBuffer> {
    return this.bytes.subarray(this.begin, this.at)
  }

  write(value: CborInput): void {
    if (typeof value === 'string') this.text(value)
    else if (typeof value === 'number') this.number(value)
    else if (typeof value === 'boolean') this.head(7, value ? 21 : 20)
    else if (value === null) this.head(7, 22)
    else if (value instanceof Uint8Array) this.bytesOf(value)
    else if (Array.isArray(value)) {
      this.head(4, value.length)
      for (const item of value as readonly CborInput[]) this.write(item)
    } else if (value instanceof EmbeddedCbor) this.append(value.encoded)
    else if (value instanceof CborTag) {
      this.head(6, value.tag)
      this.write(value.value)
    } else if (value instanceof Map) this.map([...value])
    else if (isPlainObject(value)) this.map(Object.entries(value))
    else throw new TypeError('CBOR has no form for this value')
  }

  head(major: number, argument: number): void {
    const room = this.room(9)
    const type = major << 5
    if (argument < 24) {
      room[this.at++] = type | argument
    } else if (argument < 0x100) {
      room[this.at++] = type | 24
      room[this.at++] = argument
    } else if (argument < 0x1_0000) {
      room[this.at++] = type | 25
      room[this.at++] = argument >> 8
      room[this.at++] = argument
    } else {
      const length = argument < 0x1_0000_0000 ? 4 : 8
      room[this.at++] = type | (length === 4 ? 26 : 27)
      for (let i = length - 1; i >= 0; i--) room[this.at++] = Math.floor(argument / 2 ** (8 * i))
    }
  }

  private bytesOf(bytes: Uint8Array): void {
    this.head(2, bytes.length)
    this.append(bytes)
  }

  private append(bytes: Uint8Array): void {
    this.room(bytes.length).set(bytes, this.at)
    this.at += bytes.length
  }

  private text(text: string): void {
    if (text.length < 24 && this.shortAscii(text)) return
    const bytes = utf8(text)
    this.head(3, bytes.length)
    this.append(bytes)
  }

  private shortAscii(text: string): boolean {
    const room = this.room(24)
    let at = this.at
    room[at++] = 0x60 | text.length
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i)
      if (code > 127) return false
      room[at++] = code
    }
    this.at = at
    return true
  }

  private number(value: number): void {
    if (Number.isSafeInteger(value)) this.head(value < 0 ? 1 : 0, value < 0 ? -1 - value : value)
    else if (Number.isFinite(value)) this.float(value)
    else throw new TypeError('numbers that are not finite are not encoded')
  }

  private float(value: number): void {
    const room = this.room(9)
    const view = new DataView(room.buffer)
    const half = halfBits(value)
    if (half !== undefined) {
      room[this.at] = 0xf9
      view.setUint16(this.at + 1, half)
      this.at += 3
    } else if (Math.fround(value) === value) {
      room[this.at] = 0xfa
      view.setFloat32(this.at + 1, value)
      this.at += 5
    } else {
      room[this.at] = 0xfb
      view.setFloat64(this.at + 1, value)
      this.at += 9
    }
  }

  private map(entries: readonly Entry[]): void {
    this.head(5, entries.length)
    const isSorted = entries.every(
      ([key], i) => i === 0 || compareKeys((entries[i - 1] as Entry)[0], key) < 0,
    )
    for (const [key, value] of isSorted ? entries : [...entries].sort(([a], [b]) => compareKeys(a, b))) {
      this.write(key)
      this.write(value)
    }
  }

  private room(length: number): Uint8Array<ArrayBuffer> {
    if (this.at + length > this.bytes.length) {
      const written = this.finish()
      this.bytes = new Uint8Array(Math.max(slabSize, 2 * (written.length + length)))
      this.bytes.set(written)
      this.at -= this.begin
      this.begin = 0
    }
    return this.bytes
  }
}

// One for all: encoding is synchronous.
const writer = new Writer()

/** The bits of a half-precision float that has exactly this value, if one has. */
function halfBits(value: number): number | undefined {
  const size = Math.abs(value)
  if (size >= 65_536 || size < 2 ** -24) return undefined
  const exponent = Math.max(Math.floor(Math.log2(size)), -14)
  const fraction = size / 2 ** (exponent - 10)
  if (!Number.isInteger(fraction) || fraction > 2047) return undefined
  const bits = fraction < 1024 ? fraction : ((exponent + 15) << 10) | (fraction - 1024)
  return bits | (value < 0 ? 0x8000 : 0)
}

/** Order of the encodings: unsigned, negative, text; each the shorter first, then by bytes. */
function compareKeys(a: string | number, b: string | number): number {
  if (typeof a === 'number') {
    if (typeof b !== 'number') return -1
    return a < 0 === b < 0 ? Math.abs(a) - Math.abs(b) : a < 0 ? 1 : -1
  }
  if (typeof b === 'number') return 1
  if (isAscii(a) && isAscii(b)) return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0)
  const [x, y] = [utf8(a), utf8(b)]
  if (x.length !== y.length) return x.length - y.length
  for (let i = 0; i < x.length; i++) if (x[i] !== y[i]) return (x[i] as number) - (y[i] as number)
  return 0
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false
  return true
}
