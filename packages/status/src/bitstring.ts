import { base64url, fromBase64url } from '@ekkasan/core/bytes'
import { compress, expand } from '#deflate'
import { StatusError } from './errors.ts'

export interface DecodeBitstringOptions {
  /** Longest bitstring accepted, in bytes after unpacking; default: 4 MiB (33 million entries of one bit). */
  readonly maxLength?: number
}

/** `encodedList`: GZIP, base64url without padding, multibase prefix `u` (Bitstring Status List section 2.2). */
export async function encodeBitstring(bytes: Uint8Array): Promise<string> {
  return `u${base64url(await compress('gzip', bytes))}`
}

/**
 * Reads `encodedList` (section 3.4).
 * @throws StatusError `status.list.malformed`, `status.list.too-large`
 */
export async function decodeBitstring(
  encodedList: string,
  options: DecodeBitstringOptions = {},
): Promise<Uint8Array> {
  let packed: Uint8Array | undefined
  try {
    packed = encodedList.startsWith('u') ? fromBase64url(encodedList.slice(1)) : undefined
  } catch {}
  if (!packed) {
    throw new StatusError('status.list.malformed', 'encodedList is not multibase base64url without padding')
  }
  return expand('gzip', packed, options.maxLength ?? 4_194_304)
}

/**
 * The value at an index, entries of `size` bits counted from the left-most bit (section 7.1).
 * @throws StatusError `status.entry.out-of-range`
 */
export function readBitstring(bytes: Uint8Array, index: number, size = 1): number {
  const start = index * size
  if (!Number.isSafeInteger(start) || start < 0 || start + size > bytes.length * 8) {
    throw new StatusError('status.entry.out-of-range', 'the index is outside of the status list')
  }
  let value = 0
  for (let at = start; at < start + size; at++) {
    value = value * 2 + (((bytes[at >> 3] as number) >> (7 - (at & 7))) & 1)
  }
  return value
}
