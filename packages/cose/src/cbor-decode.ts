import { fromUtf8 } from '@ekkasan/core/bytes'
import { CborTag, type CborValue, EmbeddedCbor } from './cbor-value.ts'
import { CoseError } from './errors.ts'

const maxLength = 4 * 1024 * 1024
const maxDepth = 16
const maxItems = 65_536
// Engines keep integers in a Map by a hash that anyone can foresee: chosen to fall together, thousands of them take
// seconds. Honest large maps number their members from 0.
const manyKeys = 256
const largestOfMany = 16_383

/**
 * Decodes one data item of RFC 8949 that came from outside. Refuses what two readers could read differently
 * (repeated keys, bytes after the end) and what could exhaust one: indefinite lengths, and lengths, depth and numbers
 * of items out of bounds, before memory is taken for them, and large integers as keys of a map of more than 256. Heads
 * longer than needed are read: issuers write them.
 * @throws CoseError `cose.cbor.…`
 */
export function decodeCbor(bytes: Uint8Array): CborValue {
  if (bytes.length > maxLength) throw new CoseError('cose.cbor.too-large', 'the CBOR is too long')
  const reader = new Reader(bytes)
  const value = reader.read(maxDepth)
  if (reader.at !== bytes.length) throw malformed('bytes after the end')
  return value
}

const shortText = 24

class Reader {
  at = 0
  private items = 0
  private readonly bytes: Uint8Array

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  read(depth: number): CborValue {
    if (depth === 0 || ++this.items > maxItems) {
      throw new CoseError('cose.cbor.too-large', 'the CBOR is too deep or has too many items')
    }
    const start = this.at
    const initial = this.byte()
    const info = initial & 31
    switch (initial >> 5) {
      case 0:
        return safe(this.argument(info))
      case 1:
        return safe(-1 - this.argument(info))
      case 2:
        return this.take(this.argument(info))
      case 3:
        return this.text(this.argument(info))
      case 4:
        return this.array(this.argument(info), depth)
      case 5:
        return this.map(this.argument(info), depth)
      case 6:
        return this.tagged(safe(this.argument(info)), start, depth)
      default:
        return this.simple(info)
    }
  }

  private byte(): number {
    const byte = this.bytes[this.at++]
    if (byte === undefined) throw malformed('truncated')
    return byte
  }

  private take(length: number): Uint8Array {
    if (length > this.bytes.length - this.at) throw malformed('truncated')
    const from = this.at
    this.at += length
    return this.bytes.subarray(from, this.at)
  }

  private argument(info: number): number {
    if (info < 24) return info
    if (info === 31) throw new CoseError('cose.cbor.indefinite', 'an indefinite length')
    if (info > 27) throw malformed('reserved additional information')
    let value = 0
    for (let left = 1 << (info - 24); left > 0; left--) value = value * 256 + this.byte()
    return value
  }

  private text(length: number): string {
    const bytes = this.take(length)
    if (length <= shortText) {
      let text = ''
      for (const byte of bytes) {
        if (byte > 127) return utf8Of(bytes)
        text += String.fromCharCode(byte)
      }
      return text
    }
    return utf8Of(bytes)
  }

  private array(length: number, depth: number): readonly CborValue[] {
    this.requireRoom(length)
    const items: CborValue[] = []
    for (let i = 0; i < length; i++) items.push(this.read(depth - 1))
    return items
  }

  private map(length: number, depth: number): ReadonlyMap<string | number, CborValue> {
    this.requireRoom(length * 2)
    const map = new Map<string | number, CborValue>()
    for (let i = 0; i < length; i++) {
      const key = this.key(depth)
      if (length > manyKeys && typeof key === 'number' && Math.abs(key) > largestOfMany) {
        throw new CoseError('cose.cbor.too-large', 'a large map has large integers as keys')
      }
      if (map.has(key)) throw new CoseError('cose.cbor.duplicate-key', 'a key stands twice in a map')
      map.set(key, this.read(depth - 1))
    }
    return map
  }

  private key(depth: number): string | number {
    const major = (this.bytes[this.at] ?? 0) >> 5
    if (major !== 0 && major !== 1 && major !== 3) throw unsupported('a key of another kind')
    return this.read(depth - 1) as string | number
  }

  /** Each item takes a byte at least. */
  private requireRoom(items: number): void {
    if (items > this.bytes.length - this.at) throw malformed('truncated')
  }

  private tagged(tag: number, start: number, depth: number): CborValue {
    const value = this.read(depth - 1)
    if (tag === 24 && value instanceof Uint8Array) {
      return new EmbeddedCbor(this.bytes.subarray(start, this.at), value)
    }
    return new CborTag(tag, value) as CborTag & { readonly value: CborValue }
  }

  private simple(info: number): CborValue {
    if (info === 20) return false
    if (info === 21) return true
    // Undefined, which software in the field writes into headers for what it has not, is read as null.
    if (info === 22 || info === 23) return null
    if (info === 31) throw new CoseError('cose.cbor.indefinite', 'a break without a beginning')
    if (info < 25 || info > 27) throw unsupported('a simple value')
    const bytes = this.take(1 << (info - 24))
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    const float =
      info === 25 ? halfFloat(view.getUint16(0)) : info === 26 ? view.getFloat32(0) : view.getFloat64(0)
    if (!Number.isFinite(float)) throw unsupported('a number that is not finite')
    return float
  }
}

/** RFC 8949 appendix D. */
function halfFloat(bits: number): number {
  const exponent = (bits >> 10) & 31
  const fraction = bits & 1023
  const sign = bits & 0x8000 ? -1 : 1
  if (exponent === 31) return Number.NaN
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (fraction + 1024) * 2 ** (exponent - 25))
}

function safe(value: number): number {
  if (!Number.isSafeInteger(value)) throw unsupported('an integer beyond 2^53-1')
  return value
}

function utf8Of(bytes: Uint8Array): string {
  try {
    return fromUtf8(bytes)
  } catch {
    throw malformed('a text is not UTF-8')
  }
}

function malformed(what: string): CoseError {
  return new CoseError('cose.cbor.malformed', `not acceptable CBOR: ${what}`)
}

function unsupported(what: string): CoseError {
  return new CoseError('cose.cbor.unsupported', `not acceptable CBOR: ${what}`)
}
