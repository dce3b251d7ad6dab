import { deflateSync } from 'node:zlib'
import {
  createStatusList,
  decodeStatusList,
  encodeStatusList,
  readStatus,
  type StatusBits,
  StatusError,
  statusListSize,
  writeStatus,
} from '@ekkasan/status'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readVector } from '../../../test/vectors.ts'

const vector = (name: string) => {
  const text = readVector(`token-status-list/examples/${name}`)
  return JSON.parse(text.slice(text.indexOf('{')).replaceAll(/\n\s*/g, '')) as { bits: number; lst: string }
}
const lst = (bytes: Uint8Array) => deflateSync(bytes).toString('base64url')

// Appendix "Test vectors for Status List encoding": lists of 2^20 entries, these not 0.
const long: [string, Record<number, number>][] = [
  [
    'status_list_encoding1_long_json.md',
    Object.fromEntries(
      [0, 1993, 25460, 159495, 495669, 554353, 645645, 723232, 854545, 934534, 1000345].map((i) => [i, 1]),
    ),
  ],
  [
    'status_list_encoding2_long_json.md',
    {
      0: 1,
      1993: 2,
      25460: 1,
      159495: 3,
      495669: 1,
      554353: 1,
      645645: 2,
      723232: 1,
      854545: 1,
      934534: 2,
      1000345: 3,
    },
  ],
  [
    'status_list_encoding4_json.md',
    {
      0: 1,
      1993: 2,
      35460: 3,
      459495: 4,
      595669: 5,
      754353: 6,
      845645: 7,
      923232: 8,
      924445: 9,
      934534: 10,
      1004534: 11,
      1000345: 12,
      1030203: 13,
      1030204: 14,
      1030205: 15,
    },
  ],
]

describe('the encoding of status lists', () => {
  it('reads and writes the 1-bit example (section 4.1)', async () => {
    const list = await decodeStatusList(vector('status_list_encoding_json.md'))
    expect([...list.bytes]).toEqual([0xb9, 0xa3])
    const statuses = Array.from({ length: 16 }, (_, i) => readStatus(list, i))
    expect(statuses).toEqual([1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1])
    const own = createStatusList(16, 1)
    statuses.forEach((status, i) => {
      writeStatus(own, i, status)
    })
    expect(own.bytes).toEqual(new Uint8Array(list.bytes))
  })

  it('reads and writes the 2-bit example (section 4.1)', async () => {
    const list = await decodeStatusList(vector('status_list_encoding2_json.md'))
    const statuses = [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3]
    expect([...list.bytes]).toEqual([0xc9, 0x44, 0xf9])
    expect(statuses.map((_, i) => readStatus(list, i))).toEqual(statuses)
    const own = createStatusList(12)
    statuses.forEach((status, i) => {
      writeStatus(own, i, status)
    })
    expect(own.bytes).toEqual(new Uint8Array(list.bytes))
  })

  it.each(long)('reads %s and writes the same bytes', async (name, set) => {
    const list = await decodeStatusList(vector(name))
    expect(statusListSize(list)).toBe(2 ** 20)
    const own = createStatusList(2 ** 20, list.bits)
    for (const [index, value] of Object.entries(set)) {
      expect(readStatus(list, Number(index))).toBe(value)
      writeStatus(own, Number(index), value)
    }
    expect(Buffer.compare(own.bytes, list.bytes)).toBe(0)
    const again = await decodeStatusList(await encodeStatusList(own))
    expect(Buffer.compare(again.bytes, list.bytes)).toBe(0)
  })

  it('reads the 8-bit vector: every value from 0 to 255', async () => {
    const list = await decodeStatusList(vector('status_list_encoding8_json.md'))
    expect(statusListSize(list)).toBe(2 ** 20)
    const seen = new Set(list.bytes)
    expect(seen.size).toBe(256)
    expect(readStatus(list, 233478)).toBe(0)
    expect(list.bytes.filter((byte) => byte !== 0)).toHaveLength(255)
  })

  it('gives back what was written, at any index, value and number of bits, and leaves the neighbours', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom<StatusBits>(1, 2, 4, 8),
        fc.integer({ min: 1, max: 500 }),
        fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 60 }),
        async (bits, size, writes) => {
          const list = createStatusList(size, bits)
          const model = new Array<number>(size).fill(0)
          for (const [i, value] of writes) {
            writeStatus(list, i % size, value % 2 ** bits)
            model[i % size] = value % 2 ** bits
          }
          const read = await decodeStatusList(await encodeStatusList(list))
          expect(model.map((_, i) => readStatus(read, i))).toEqual(model)
        },
      ),
    )
  })

  it('refuses an index outside of the list, and a value that does not fit', () => {
    const list = createStatusList(8)
    for (const index of [8, -1, 0.5, Number.NaN, Infinity, 2 ** 53]) {
      expect(() => readStatus(list, index)).toThrow(
        expect.objectContaining({ code: 'status.entry.out-of-range' }),
      )
    }
    for (const value of [4, -1, 0.5, Number.NaN]) expect(() => writeStatus(list, 0, value)).toThrow(TypeError)
  })

  it.each([
    ['bits of 3', { bits: 3, lst: lst(new Uint8Array(1)) }],
    ['bits as text', { bits: '2', lst: lst(new Uint8Array(1)) }],
    ['no bits', { lst: lst(new Uint8Array(1)) }],
    ['no lst', { bits: 2 }],
    ['padding', { bits: 2, lst: `${lst(new Uint8Array(1))}==` }],
    ['base64 in place of base64url', { bits: 2, lst: 'eNo7+/ITAAPfAgc' }],
    ['raw DEFLATE', { bits: 2, lst: 'Y2AAAA' }],
    ['an empty lst', { bits: 2, lst: '' }],
    ['a truncated list', { bits: 2, lst: lst(new Uint8Array(300)).slice(0, 8) }],
    ['a wrong checksum', { bits: 2, lst: `${lst(new Uint8Array([9])).slice(0, -2)}AA` }],
    [
      'bytes behind the list',
      {
        bits: 2,
        lst: Buffer.concat([deflateSync(new Uint8Array(1)), Buffer.from('x')]).toString('base64url'),
      },
    ],
    [
      'a second list behind the list',
      {
        bits: 2,
        lst: Buffer.concat([deflateSync(new Uint8Array(1)), deflateSync(new Uint8Array(1))]).toString(
          'base64url',
        ),
      },
    ],
    ['an array', [1]],
    ['null', null],
    ['nothing', undefined],
  ])('refuses %s as malformed', async (_what, value) => {
    await expect(decodeStatusList(value as never)).rejects.toMatchObject({ code: 'status.list.malformed' })
  })

  it('refuses a list that unpacks to more than the bound, without unpacking it', async () => {
    const bomb = lst(new Uint8Array(200 * 1024 * 1024))
    const before = process.memoryUsage().arrayBuffers
    const error = decodeStatusList({ bits: 1, lst: bomb }, { maxLength: 100_000 })
    await expect(error).rejects.toMatchObject({ code: 'status.list.too-large' })
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50 * 1024 * 1024)
    const exact = { bits: 1, lst: lst(new Uint8Array(1000)) } as const
    expect((await decodeStatusList(exact, { maxLength: 1000 })).bytes).toHaveLength(1000)
    await expect(decodeStatusList(exact, { maxLength: 999 })).rejects.toMatchObject({
      code: 'status.list.too-large',
    })
  })

  it('throws nothing but StatusError for any input', async () => {
    const value = fc.oneof(
      fc.jsonValue(),
      fc.record({ bits: fc.constantFrom(1, 2, 4, 8, 16), lst: fc.oneof(fc.string(), fc.base64String()) }),
      fc.record({
        bits: fc.constantFrom(1, 2),
        lst: fc.uint8Array().map((b) => Buffer.concat([Buffer.from([0x78, 0xda]), b]).toString('base64url')),
      }),
    )
    await fc.assert(
      fc.asyncProperty(value, async (json) => {
        await decodeStatusList(json as never).catch((error) => expect(error).toBeInstanceOf(StatusError))
      }),
    )
  })
})
