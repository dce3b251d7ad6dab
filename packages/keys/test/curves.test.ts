import type { Algorithm } from '@ekkasan/core'
import {
  type AlgorithmRow,
  algorithms,
  type CurveRow,
  curves,
  didJwkOf,
  generateJwk,
  isForEncryption,
  parsePublicJwk,
  publicJwkOf,
} from '@ekkasan/keys'
import { describe, expect, it } from 'vitest'

describe('one key has one did:jwk', () => {
  it.each(['ES256', 'ES384', 'EdDSA', 'PS256'] as const)(
    'of %s, in whichever order its members stand and whatever else it says [H3]',
    async (alg) => {
      const jwk = publicJwkOf(await generateJwk(alg))
      const did = didJwkOf(jwk)
      const entries = Object.entries(jwk)
      expect(didJwkOf(Object.fromEntries(entries.toReversed()) as unknown as typeof jwk)).toBe(did)
      expect(didJwkOf({ kid: 'k', use: 'sig', key_ops: ['verify'], ...jwk })).toBe(did)
      const members = Buffer.from(did.slice('did:jwk:'.length), 'base64url').toString()
      // RFC 7638 section 3.3: the required members, in lexicographic order.
      expect(Object.keys(JSON.parse(members))).toEqual(Object.keys(JSON.parse(members)).toSorted())
    },
  )
})

describe('the tables of algorithms and curves hold all', () => {
  it.each(Object.keys(algorithms) as Algorithm[])(
    'a generated key of %s is of the curve, length and kind that its rows say [H6]',
    async (alg) => {
      const row = algorithms[alg]
      const jwk = publicJwkOf(await generateJwk(alg))
      expect([jwk.kty, jwk.crv]).toEqual([row.kty, row.crv])
      if (row.crv === undefined) return
      const { kty, length, signs, web } = curves[row.crv]
      expect([kty, signs, web !== null]).toEqual([row.kty, true, row.web])
      expect(Buffer.from(jwk.x ?? '', 'base64url')).toHaveLength(length)
    },
  )

  it.each(Object.entries(curves))('%s: lengths and uses come from its row [H6]', (crv, row) => {
    const coordinate = (bytes: number) => Buffer.alloc(bytes, 1).toString('base64url')
    const key = (bytes: number) => ({
      kty: row.kty,
      crv,
      x: coordinate(bytes),
      ...(row.kty === 'EC' && { y: coordinate(bytes) }),
    })
    expect(parsePublicJwk(key(row.length)).crv).toBe(crv)
    expect(() => parsePublicJwk(key(row.length - 1))).toThrow('wrong length')
    expect(() => parsePublicJwk({ ...key(row.length), kty: row.kty === 'EC' ? 'OKP' : 'EC' })).toThrow(
      'curve',
    )
    expect(isForEncryption(parsePublicJwk(key(row.length)))).toBe(row.ecdhEs)
  })

  it('what is missing does not compile [H6]', () => {
    // @ts-expect-error a curve without its generation, WebCrypto name and uses
    const curve: CurveRow = { kty: 'OKP', length: 57 }
    // @ts-expect-error an algorithm of a curve that has no row
    const unknownCurve: AlgorithmRow['crv'] = 'Ed448'
    // @ts-expect-error an algorithm on a curve without the length of its signatures
    const noLength: AlgorithmRow = { kty: 'EC', crv: 'P-256', hash: 'sha256', web: true }
    // @ts-expect-error a kind of key that nothing generates
    const noGenerator: CurveRow['node'] = 'ed448'
    expect([curve, unknownCurve, noLength, noGenerator]).toHaveLength(4)
  })
})
