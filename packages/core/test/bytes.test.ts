import {
  base58,
  base64,
  base64url,
  concatBytes,
  equalBytes,
  fromBase58,
  fromBase64,
  fromBase64url,
  fromUtf8,
  hash,
  hashBase64url,
  platformRandomBytes,
  readAtMost,
  textFromBase64url,
  utf8,
} from '@ekkasan/core/bytes'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as node from '../src/platform.node.ts'
import * as web from '../src/platform.web.ts'

describe.each([
  ['node', node],
  ['web', web],
])('base64url on %s', (_name, platform) => {
  it.each(['A', 'AA==', 'AB', 'AAB', 'A+', 'A/', 'AA A', 'AA\n', 'ก', 'AAAAA'])(
    'refuses %j, which is not canonical (RFC 7515 section 2)',
    (text) => {
      expect(() => platform.fromBase64url(text)).toThrow(TypeError)
      expect(() => platform.textFromBase64url(text)).toThrow(TypeError)
    },
  )

  it('gives back what was encoded, in its only spelling', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const text = platform.base64url(bytes)
        expect(text).toBe(Buffer.from(bytes).toString('base64url'))
        expect([...platform.fromBase64url(text)]).toEqual([...bytes])
      }),
    )
  })

  it('accepts a text only if encoding gives it again', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ABQgwz019-_=+/ '), maxLength: 9 }), (text) => {
        let bytes: Uint8Array
        try {
          bytes = platform.fromBase64url(text)
        } catch {
          return
        }
        expect(platform.base64url(bytes)).toBe(text)
      }),
    )
  })

  it('refuses bytes that are not UTF-8 and keeps a byte order mark', () => {
    expect(() => platform.textFromBase64url(platform.base64url(Uint8Array.of(0xc3, 0x28)))).toThrow(TypeError)
    expect(platform.textFromBase64url(platform.base64url('\ufeffa'))).toBe('\ufeffa')
  })

  it('hashes alike', () => {
    for (const algorithm of ['sha-256', 'sha-384', 'sha-512'] as const) {
      expect([...platform.hash(algorithm, 'ทดสอบ')]).toEqual([...hash(algorithm, utf8('ทดสอบ'))])
      expect(platform.hashBase64url(algorithm, 'ทดสอบ')).toBe(hashBase64url(algorithm, 'ทดสอบ'))
    }
  })
})

it('encodes and decodes UTF-8 strictly', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => fromUtf8(utf8(text)) === text))
  expect(() => fromUtf8(Uint8Array.of(0xff))).toThrow(TypeError)
  expect(textFromBase64url(base64url('ก'))).toBe('ก')
})

it('writes base64 with padding (RFC 4648 section 4)', () => {
  expect(['', 'f', 'fo', 'foo'].map((text) => base64(utf8(text)))).toEqual(['', 'Zg==', 'Zm8=', 'Zm9v'])
  expect(base64(Uint8Array.of(251, 255, 191))).toBe('+/+/')
  expect(fromBase64('Zg==')).toEqual(fromBase64('Zg'))
  expect(() => fromBase64('Z===')).toThrow(TypeError)
})

it('compares and joins bytes', () => {
  expect(equalBytes(utf8('a'), utf8('a'))).toBe(true)
  expect(equalBytes(utf8('a'), utf8('b'))).toBe(false)
  expect(equalBytes(utf8('a'), utf8('aa'))).toBe(false)
  expect(fromUtf8(concatBytes(utf8('a'), utf8(''), utf8('bc')))).toBe('abc')
  expect(fromBase64url('')).toHaveLength(0)
})

describe('a stream', () => {
  const endless = (length: number) => {
    let sent = 0
    const stream = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          sent += length
          controller.enqueue(new Uint8Array(length))
        },
      },
      { highWaterMark: 0 },
    )
    return { stream, sent: () => sent }
  }

  it('is read to its end, in however many parts it comes', async () => {
    const parts = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let i = 0; i < 200_000; i++) controller.enqueue(Uint8Array.of(i))
        controller.close()
      },
    })
    expect(await readAtMost(parts, 200_000)).toHaveLength(200_000)
    expect(await readAtMost(null, 0)).toHaveLength(0)
  })

  it('that is too long is read no further than its bound', async () => {
    const { stream, sent } = endless(10)
    expect(await readAtMost(stream, 25)).toBeUndefined()
    expect(sent()).toBe(30)
  })
})

describe('base58', () => {
  it('writes and reads any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        expect(fromBase58(base58(bytes))).toEqual(new Uint8Array(bytes))
        expect(fromBase64(base64(bytes))).toEqual(new Uint8Array(bytes))
      }),
    )
  })

  // draft-msporny-base58 section 5
  it.each([
    ['2NEpo7TZRRrLZSi2U', 'Hello World!'],
    [
      'USm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z',
      'The quick brown fox jumps over the lazy dog.',
    ],
  ])('writes %s for its text', (text, bytes) => {
    expect(base58(utf8(bytes))).toBe(text)
  })

  it.each(['0', 'O', 'I', 'l', 'ก', '1 1'])('refuses %j, which is not of the alphabet', (text) => {
    expect(() => fromBase58(text)).toThrow(TypeError)
  })
})

describe('the randomness of the platform', () => {
  it('gives no bytes twice, of whatever length they are asked for', () => {
    const seen = new Set<string>()
    for (let i = 0; i < 2000; i++) {
      const bytes = platformRandomBytes(16 + (i % 100))
      expect(bytes.length).toBe(16 + (i % 100))
      expect(bytes.buffer.byteLength).toBe(bytes.length)
      for (let at = 0; at + 8 <= bytes.length; at += 8) {
        const part = base64url(bytes.subarray(at, at + 8))
        expect(seen.has(part)).toBe(false)
        seen.add(part)
      }
    }
  })
})
