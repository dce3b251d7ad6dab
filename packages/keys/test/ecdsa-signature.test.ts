import { createPrivateKey, sign } from 'node:crypto'
import { utf8 } from '@ekkasan/core/bytes'
import { derToJose, generateJwk, joseToDer, publicJwkOf, verifySignature } from '@ekkasan/keys'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const lengths = { ES256: 64, ES384: 96, ES512: 132, ES256K: 64 } as const
const algorithms = Object.keys(lengths) as (keyof typeof lengths)[]
const refused = { name: 'KeysError', code: 'keys.signature.malformed' }

describe.each(algorithms)('DER and JOSE signatures of %s [C4]', (alg) => {
  it('turns what a KMS returns into a signature that verifies', async () => {
    const jwk = await generateJwk(alg)
    const key = createPrivateKey({ key: { ...jwk }, format: 'jwk' })
    const hash = `sha${alg === 'ES256K' ? '256' : alg.slice(2)}`
    for (let round = 0; round < 50; round++) {
      const data = utf8(`message ${round}`)
      const signature = derToJose(sign(hash, data, key), alg)
      expect(signature).toHaveLength(lengths[alg])
      expect(await verifySignature(alg, publicJwkOf(jwk), data, signature)).toBe(true)
    }
  })

  it('is the reverse of joseToDer, for numbers of any length', () => {
    const half = lengths[alg] / 2
    const number = fc
      .uint8Array({ minLength: 1, maxLength: half })
      .map((bytes) => [...new Uint8Array(half - bytes.length), ...bytes])
    fc.assert(
      fc.property(number, number, (r, s) => {
        const raw = Uint8Array.from([...r, ...s])
        expect(derToJose(joseToDer(raw), alg)).toEqual(raw)
      }),
    )
  })

  it('refuses what is not DER of two positive integers that fit the curve (RFC 3279 2.2.3)', () => {
    const half = lengths[alg] / 2
    const der = joseToDer(new Uint8Array(lengths[alg]).fill(0x7f))
    const head = der[1] === 0x81 ? 3 : 2
    const wrong = [
      new Uint8Array(),
      der.subarray(0, -1),
      Uint8Array.from([...der, 0]),
      // Tag, length and first number.
      ...[0, head - 1, head, head + 1].map((at) =>
        Uint8Array.from(der, (byte, n) => (n === at ? byte + 1 : byte)),
      ),
      // Negative.
      Uint8Array.from(der, (byte, n) => (n === head + 2 ? 0x80 : byte)),
      // With a needless zero.
      Uint8Array.from([0x30, 7, 2, 2, 0, 1, 2, 1, 1]),
      // Too long for the curve, and one number alone.
      Uint8Array.from([0x30, 6 + half, 2, half + 1, ...new Uint8Array(half + 1).fill(1), 2, 1, 1]),
      Uint8Array.from([0x30, 3, 2, 1, 1]),
    ]
    for (const bytes of wrong) expect(() => derToJose(bytes, alg)).toThrow(expect.objectContaining(refused))
  })

  it('throws nothing but KeysError on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 150 }), (bytes) => {
        try {
          expect(joseToDer(derToJose(bytes, alg))).toEqual(bytes)
        } catch (error) {
          expect(error).toMatchObject(refused)
        }
      }),
    )
  })
})

it('says that an algorithm has no signatures in DER [C4]', () => {
  expect(() => derToJose(new Uint8Array(64), 'EdDSA')).toThrow(/expected ES256, ES384, ES512 or ES256K/)
})
