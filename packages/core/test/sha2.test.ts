import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sha256, sha384, sha512 } from '../src/sha2.ts'

describe.each([
  ['sha256', sha256],
  ['sha384', sha384],
  ['sha512', sha512],
] as const)('%s without node:crypto (FIPS 180-4)', (name, digest) => {
  const expected = (data: Uint8Array) => createHash(name).update(data).digest('hex')

  it('agrees with node:crypto at every length around a block', () => {
    for (let length = 0; length <= 300; length++) {
      const data = Uint8Array.from({ length }, (_, i) => (i * 167 + length) & 255)
      expect(Buffer.from(digest(data)).toString('hex')).toBe(expected(data))
    }
  })

  it('agrees with node:crypto on random inputs', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (data) => {
        expect(Buffer.from(digest(data)).toString('hex')).toBe(expected(data))
      }),
    )
  })
})
