import { canonicalizeJson } from '@ekkasan/data-integrity'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

describe('JSON Canonicalization Scheme (RFC 8785)', () => {
  it('writes the example of section 3.2.4', () => {
    const value = JSON.parse(
      '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}',
    )
    expect(canonicalizeJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    )
  })

  it('orders members by UTF-16 code units (section 3.2.3)', () => {
    const value = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\u{1f600}': 5, '\u0080': 6, '\u00f6': 7 }
    expect(Object.values(JSON.parse(canonicalizeJson(value)))).toHaveLength(7)
    expect(canonicalizeJson(value)).toBe(
      '{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\u{1f600}":5,"\ufb33":3}',
    )
  })

  it.each([
    [-0, '0'],
    [Number.MIN_VALUE, '5e-324'],
    [Number.MAX_VALUE, '1.7976931348623157e+308'],
    [9007199254740992, '9007199254740992'],
    [295147905179352830000, '295147905179352830000'],
    [1e21, '1e+21'],
    [1e23, '1e+23'],
    [999999999999999900000, '999999999999999900000'],
    [333333333.3333332, '333333333.3333332'],
  ])('writes %d as %s (appendix B)', (number, text) => {
    expect(canonicalizeJson(number)).toBe(text)
  })

  it.each([[NaN], [Infinity], ['\ud800'], ['\udc00a'], [{ '\ud800': 1 }]])(
    'refuses what is not I-JSON',
    (value) => {
      expect(() => canonicalizeJson(value as never)).toThrow(/not canonicalizable/)
    },
  )

  it('reads back as what it was, and is the same for any order of members', () => {
    const json = fc.jsonValue({ maxDepth: 5 }).filter((value) => !JSON.stringify(value).includes('\\ud'))
    const shuffled = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(shuffled)
        : typeof value === 'object' && value !== null
          ? Object.fromEntries(
              Object.entries(value)
                .reverse()
                .map(([name, item]) => [name, shuffled(item)]),
            )
          : value
    fc.assert(
      fc.property(json, (value) => {
        const text = canonicalizeJson(value as never)
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
        expect(canonicalizeJson(JSON.parse(text))).toBe(text)
        expect(canonicalizeJson(shuffled(value) as never)).toBe(text)
      }),
      { numRuns: 500 },
    )
  })
})
