import { base64url, fromBase64url } from '@ekkasan/core/bytes'
import { isJsonObject, type JsonObject, type JsonValue } from '@ekkasan/core/json'
import type { CborValue } from '@ekkasan/cose'
import { compress, expand } from '#deflate'
import { StatusError } from './errors.ts'

/** Bits of one status: 2 hold valid, revoked and suspended. */
export type StatusBits = 1 | 2 | 4 | 8

/** Statuses packed into bytes, from the least significant bit of each (section 4.1). */
export interface StatusList {
  readonly bits: StatusBits
  readonly bytes: Uint8Array
}

export interface DecodeStatusListOptions {
  /** Longest list accepted, in bytes after unpacking; default: 4 MiB (16 million statuses of 2 bits). */
  readonly maxLength?: number
}

/** A list of at least `size` entries, all 0. */
export function createStatusList(size: number, bits: StatusBits = 2): StatusList {
  if (!Number.isSafeInteger(size) || size < 1) throw new TypeError('size must be a positive integer')
  if (!isStatusBits(bits)) throw new TypeError('bits must be 1, 2, 4 or 8')
  return { bits, bytes: new Uint8Array(Math.ceil((size * bits) / 8)) }
}

/** How many entries the list has room for. */
export function statusListSize({ bits, bytes }: StatusList): number {
  return (bytes.length * 8) / bits
}

/**
 * The value at an index.
 * @throws StatusError `status.entry.out-of-range`
 */
export function readStatus(list: StatusList, index: number): number {
  const { bits, bytes } = list
  const byte = bytes[requireIndex(list, index)] as number
  return (byte >> ((index * bits) % 8)) & (2 ** bits - 1)
}

/**
 * Writes a value at an index, in place.
 * @throws StatusError `status.entry.out-of-range`; TypeError when the value does not fit the bits
 */
export function writeStatus(list: StatusList, index: number, value: number): void {
  const { bits, bytes } = list
  const mask = 2 ** bits - 1
  if (!Number.isInteger(value) || value < 0 || value > mask) {
    throw new TypeError(`a status of ${bits} bits is an integer from 0 to ${mask}`)
  }
  const at = requireIndex(list, index)
  const shift = (index * bits) % 8
  bytes[at] = ((bytes[at] as number) & ~(mask << shift)) | (value << shift)
}

/** The JSON form: `bits` and `lst` (section 4.2). */
export async function encodeStatusList({ bits, bytes }: StatusList): Promise<JsonObject> {
  return { bits, lst: base64url(await compress('zlib', bytes)) }
}

/**
 * Reads the JSON form. Members unknown are ignored.
 * @throws StatusError `status.list.malformed`, `status.list.too-large`
 */
export async function decodeStatusList(
  value: JsonValue | undefined,
  options: DecodeStatusListOptions = {},
): Promise<StatusList> {
  if (!isJsonObject(value) || !isStatusBits(value.bits) || typeof value.lst !== 'string') {
    throw new StatusError('status.list.malformed', 'a status list has bits (1, 2, 4 or 8) and lst')
  }
  let packed: Uint8Array
  try {
    packed = fromBase64url(value.lst)
  } catch {
    throw new StatusError('status.list.malformed', 'lst is not base64url without padding')
  }
  return { bits: value.bits, bytes: await expand('zlib', packed, options.maxLength ?? 4_194_304) }
}

/** The CBOR form: `bits` and `lst` (section 4.3). */
export async function encodeStatusListCbor({
  bits,
  bytes,
}: StatusList): Promise<{ bits: StatusBits; lst: Uint8Array }> {
  return { bits, lst: await compress('zlib', bytes) }
}

/**
 * Reads the CBOR form, decoded. Members unknown are ignored.
 * @throws StatusError `status.list.malformed`, `status.list.too-large`
 */
export async function decodeStatusListCbor(
  value: CborValue | undefined,
  options: DecodeStatusListOptions = {},
): Promise<StatusList> {
  const [bits, lst] = value instanceof Map ? [value.get('bits'), value.get('lst')] : []
  if (!isStatusBits(bits) || !(lst instanceof Uint8Array)) {
    throw new StatusError('status.list.malformed', 'a status list has bits (1, 2, 4 or 8) and lst')
  }
  return { bits, bytes: await expand('zlib', lst, options.maxLength ?? 4_194_304) }
}

function isStatusBits(value: unknown): value is StatusBits {
  return value === 1 || value === 2 || value === 4 || value === 8
}

function requireIndex(list: StatusList, index: number): number {
  if (!Number.isSafeInteger(index) || index < 0 || index >= statusListSize(list)) {
    throw new StatusError('status.entry.out-of-range', 'the index is outside of the status list')
  }
  return Math.floor((index * list.bits) / 8)
}
