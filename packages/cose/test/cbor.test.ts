import {
  type CborInput,
  type CborMap,
  CborTag,
  decodeCbor,
  EmbeddedCbor,
  embedCbor,
  encodeCbor,
} from '@ekkasan/cose'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'))
const hex = (value: Uint8Array) => Buffer.from(value).toString('hex')
const codeOf = (encoded: string) => {
  try {
    return decodeCbor(bytes(encoded))
  } catch (error) {
    return (error as { code?: string }).code
  }
}

describe('RFC 8949 Appendix A', () => {
  it.each<[CborInput, string]>([
    [0, '00'],
    [23, '17'],
    [24, '1818'],
    [100, '1864'],
    [1000, '1903e8'],
    [1_000_000, '1a000f4240'],
    [1_000_000_000_000, '1b000000e8d4a51000'],
    [-1, '20'],
    [-1000, '3903e7'],
    [1.1, 'fb3ff199999999999a'],
    [1.5, 'f93e00'],
    [2 ** -24, 'f90001'],
    [0.00006103515625, 'f90400'],
    [-4.1, 'fbc010666666666666'],
    [1e300, 'fb7e37e43c8800759c'],
    [2 ** 53, 'fa5a000000'],
    [0.5 + 2 ** -20, 'fa3f000010'],
    [false, 'f4'],
    [true, 'f5'],
    [null, 'f6'],
    ['', '60'],
    ['IETF', '6449455446'],
    ['"\\', '62225c'],
    ['\u00fc', '62c3bc'],
    ['\u6c34', '63e6b0b4'],
    [bytes('01020304'), '4401020304'],
    [[], '80'],
    [[1, [2, 3], [4, 5]], '8301820203820405'],
    [
      new Map([
        [1, 2],
        [3, 4],
      ]),
      'a201020304',
    ],
    [
      new Map<string, CborInput>([
        ['a', 1],
        ['b', [2, 3]],
      ]),
      'a26161016162820203',
    ],
  ])('%j', (value, encoded) => {
    expect(hex(encodeCbor(value))).toBe(encoded)
    expect(decodeCbor(bytes(encoded))).toEqual(value)
  })

  it('tags: a date and time, encoded CBOR', () => {
    const date = 'c074323031332d30332d32315432303a30343a30305a'
    expect(hex(encodeCbor(new CborTag(0, '2013-03-21T20:04:00Z')))).toBe(date)
    expect(decodeCbor(bytes(date))).toEqual(new CborTag(0, '2013-03-21T20:04:00Z'))
    expect(decodeCbor(bytes('d818456449455446'))).toEqual(
      new EmbeddedCbor(bytes('d818456449455446'), bytes('6449455446')),
    )
    expect(hex(embedCbor('IETF').encoded)).toBe('d818456449455446')
  })

  it.each([
    ['f7', null],
    ['f93c00', 1],
    ['f97bff', 65504],
    ['fa47c35000', 100000],
    ['f9c400', -4],
    ['1800', 0],
    ['590001ff', bytes('ff')],
  ])('reads %s, which is not the shortest form', (encoded, value) => {
    expect(decodeCbor(bytes(encoded))).toEqual(value)
  })
})

describe('deterministic encoding (RFC 8949 section 4.2.1)', () => {
  it('sorts keys by their encodings, not by their order', () => {
    const keys: (string | number)[] = ['aa', 'b', 100, -1, 10, 'ก', '']
    const map = new Map<string | number, number>(keys.map((key, i) => [key, i]))
    expect([...(decodeCbor(encodeCbor(map)) as Map<string | number, number>).keys()]).toEqual([
      10,
      100,
      -1,
      '',
      'b',
      'aa',
      'ก',
    ])
    expect(encodeCbor({ b: 1, a: 2 })).toEqual(encodeCbor({ a: 2, b: 1 }))
  })

  it('refuses what has no form', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, undefined, 1n, () => 1]) {
      expect(() => encodeCbor(value as CborInput)).toThrow(TypeError)
    }
  })
})

const hashInV8 = (key: number) => {
  let hash = ~key + (key << 15)
  hash ^= hash >>> 12
  hash = (hash + (hash << 2)) | 0
  hash ^= hash >>> 4
  hash = Math.imul(hash, 2057)
  return hash ^ (hash >>> 16)
}

describe('refuses', () => {
  it.each([
    ['nothing', '', 'malformed'],
    ['a truncated head', '19ff', 'malformed'],
    ['a truncated text', '6361', 'malformed'],
    ['bytes after the end', '0000', 'malformed'],
    ['reserved additional information', '1c', 'malformed'],
    ['text that is not UTF-8', '62c328', 'malformed'],
    ['long text that is not UTF-8', `781e${'61'.repeat(29)}ff`, 'malformed'],
    ['bytes of 2^63 announced', '5b8000000000000000', 'malformed'],
    ['an array of 2^32 announced', '9affffffff', 'malformed'],
    ['a map of 2^32 announced', 'baffffffff', 'malformed'],
    ['indefinite bytes', '5f4101ff', 'indefinite'],
    ['indefinite text', '7f6161ff', 'indefinite'],
    ['an indefinite array', '9f01ff', 'indefinite'],
    ['an indefinite map', 'bf0102ff', 'indefinite'],
    ['a lone break', 'ff', 'indefinite'],
    ['a key twice', 'a2616101616102', 'duplicate-key'],
    ['a key twice, once in a longer form', 'a20101180102', 'duplicate-key'],
    ['a number with a fraction as key', 'a1f93c0001', 'unsupported'],
    ['an array as key', 'a18001', 'unsupported'],
    ['an integer beyond 2^53-1', '1b0020000000000000', 'unsupported'],
    ['a negative integer beyond it', '3b0020000000000000', 'unsupported'],
    ['a simple value', 'f0', 'unsupported'],
    ['not a number', 'f97e00', 'unsupported'],
    ['infinity', 'fa7f800000', 'unsupported'],
    ['arrays 17 deep', `${'81'.repeat(16)}80`, 'too-large'],
    ['tags 100,000 deep', `${'c1'.repeat(100_000)}00`, 'too-large'],
    ['100,000 items', `9a000186a0${'00'.repeat(100_000)}`, 'too-large'],
    ['more than 4 MiB', `5a00400000${'00'.repeat(4_194_304)}`, 'too-large'],
  ])('%s', (_what, encoded, code) => {
    expect(codeOf(encoded)).toBe(`cose.cbor.${code}`)
  })

  it('integers as keys that an engine would look for one after the other', () => {
    const mapOf = (keys: readonly number[]) => encodeCbor(new Map(keys.map((key) => [key, 0])))
    const fallingTogether: number[] = []
    for (let key = 0; fallingTogether.length < 300; key++) {
      if ((hashInV8(key) & 16_383) === 0) fallingTogether.push(key)
    }
    const tooLarge = expect.objectContaining({ code: 'cose.cbor.too-large' })
    expect(() => decodeCbor(mapOf(fallingTogether))).toThrow(tooLarge)
    expect(() => decodeCbor(mapOf(fallingTogether.map((key) => -key - 1)))).toThrow(tooLarge)
    expect((decodeCbor(mapOf(fallingTogether.slice(0, 256))) as CborMap).size).toBe(256)
    const numbered = Array.from({ length: 4000 }, (_, at) => at)
    expect((decodeCbor(mapOf(numbered)) as CborMap).size).toBe(4000)
  })

  it('any bytes but in bounded ways', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (input) => {
        const result = codeOf(hex(input))
        if (typeof result !== 'string' || !result.startsWith('cose.cbor.'))
          encodeCbor(decodeCbor(input) as CborInput)
      }),
      { numRuns: 2000 },
    )
  })
})

it('reads what it writes, and writes it again alike', () => {
  const leaf = fc.oneof(
    fc.maxSafeInteger(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Number.isInteger(value)),
    fc.float({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Number.isInteger(value)),
    fc.string({ unit: 'grapheme', maxLength: 80 }),
    fc.boolean(),
    fc.constant(null),
    fc.uint8Array({ maxLength: 300 }),
  )
  const { value: values } = fc.letrec<{ value: CborInput }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      leaf,
      fc.array(tie('value'), { maxLength: 5 }),
      fc
        .array(fc.tuple(fc.oneof(fc.string({ maxLength: 40 }), fc.maxSafeInteger()), tie('value')), {
          maxLength: 5,
        })
        .map((entries) => new Map(entries)),
      tie('value').map((inside) => new CborTag(1004, inside)),
      tie('value').map(embedCbor),
    ),
  }))
  fc.assert(
    fc.property(values, (value) => {
      const encoded = encodeCbor(value)
      const decoded = decodeCbor(encoded)
      expect(decoded).toEqual(value)
      expect(encodeCbor(decoded as CborInput)).toEqual(encoded)
    }),
    { numRuns: 500 },
  )
})
