import { KeysError, parseConfirmationKey, parseNumericDate, parseStatusClaim } from '@ekkasan/keys'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const malformed = expect.objectContaining({ code: 'keys.jwt.claims' })

describe('claims that every credential in a JWT has', () => {
  it('a NumericDate is a number within the years that a Date has (RFC 7519 section 2)', () => {
    expect(parseNumericDate({ exp: 0.5 }, 'exp')).toEqual(new Date(500))
    expect(parseNumericDate({}, 'exp')).toBeUndefined()
    for (const exp of [-1, 253_402_300_800, '1', null, {}]) {
      expect(() => parseNumericDate({ exp }, 'exp')).toThrow(malformed)
    }
  })

  it('a status reference has an index and a URI (Token Status List section 6.1)', () => {
    expect(parseStatusClaim({ status: { status_list: { idx: 0, uri: 'u' } } })).toEqual({
      uri: 'u',
      index: 0,
    })
    expect(parseStatusClaim({ status: { other: {} } })).toBe('unsupported')
    for (const idx of [-1, 0.5, '1', 2 ** 53]) {
      expect(() => parseStatusClaim({ status: { status_list: { idx, uri: 'u' } } })).toThrow(malformed)
    }
  })

  it('any value of them is read or refused, never with another error', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (value, inner) => {
        for (const read of [
          () => {
            const date = parseNumericDate({ exp: value as never }, 'exp')
            expect(Number.isNaN(date?.getTime())).toBe(false)
          },
          () => parseStatusClaim({ status: value as never }),
          () => parseStatusClaim({ status: { status_list: value as never } }),
          () => parseStatusClaim({ status: { status_list: { idx: value, uri: inner } as never } }),
          () => parseConfirmationKey({ cnf: value as never }),
          () => parseConfirmationKey({ cnf: { jwk: value as never } }),
        ]) {
          try {
            read()
          } catch (error) {
            if (!(error instanceof KeysError)) throw error
            expect(error.code).toBe('keys.jwt.claims')
          }
        }
      }),
    )
  })
})
