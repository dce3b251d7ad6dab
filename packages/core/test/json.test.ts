import { parseJson, parseJsonObject } from '@ekkasan/core/json'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

describe('strict JSON', () => {
  it.each([
    ['a member named twice', '{"a":1,"a":2}'],
    ['a member named twice by an escape', '{"a":1,"\\u0061":2}'],
    ['a member named twice deep inside', '[{"b":{"a":1,"a":1}}]'],
    ['a member named twice beside text with colons and quotes', '{"x":"a\\":\\"b","a":1,"a":2}'],
    ['a member named __proto__', '{"__proto__":{"isAdmin":true}}'],
    ['a member named __proto__ by an escape', '{"\\u005f_proto__":1}'],
    ['a member named __proto__ inside', '{"a":{"__proto__":1}}'],
    ['an integer beyond 2^53-1', '9007199254740993'],
    ['an integer beyond -(2^53-1)', '{"a":-9007199254740993}'],
    ['a number that overflows', '[1e400]'],
    ['text that is not JSON', '{a:1}'],
    ['trailing text', '{} {}'],
    ['a comment', '{"a":1}//'],
    ['an empty text', ''],
    ['a byte order mark', '\ufeff{}'],
    ['nesting beyond 32', '['.repeat(33) + ']'.repeat(33)],
    ['nesting that would overflow the stack', '['.repeat(400_000) + ']'.repeat(400_000)],
    ['more than a mebibyte', `"${'a'.repeat(1_048_576)}"`],
  ])('refuses %s', (_name, text) => {
    expect(() => parseJson(text)).toThrow(SyntaxError)
  })

  it('takes nesting of 32 and keeps lone surrogates as they are', () => {
    expect(() => parseJson('['.repeat(32) + ']'.repeat(32))).not.toThrow()
    expect(parseJson('"\\ud800"')).toBe('\ud800')
  })

  it('has limits that can be set', () => {
    expect(() => parseJson('[[1]]', { maxDepth: 1 })).toThrow('nested')
    expect(() => parseJson('"abc"', { maxLength: 4 })).toThrow('too long')
  })

  it('never quotes the text in its message', () => {
    expect(() => parseJson('{"secret":1,"secret":2}')).toThrow(expect.not.stringContaining('secret'))
    expect(() => parseJson('{"secret"')).toThrow(/^not JSON$/)
  })

  it('takes only an object where one is asked for', () => {
    for (const text of ['[]', 'null', '"a"', '1']) expect(() => parseJsonObject(text)).toThrow(SyntaxError)
  })

  it('reads whatever JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.boolean(), (value, isPretty) => {
        const text = JSON.stringify(value, null, isPretty ? 2 : undefined)
        fc.pre(!text.includes('__proto__') && !hasWideInteger(value))
        expect(parseJson(text)).toEqual(JSON.parse(text))
      }),
    )
  })

  it('reads no text otherwise than JSON.parse does, and throws nothing but SyntaxError', () => {
    const signs = fc.string({ unit: fc.constantFrom(...'{}[]",:\\/ \n0123456789.eE+-truefalsn_p') })
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), signs, fc.json()), (text) => {
        try {
          expect(parseJson(text)).toEqual(JSON.parse(text))
        } catch (error) {
          expect(error).toBeInstanceOf(SyntaxError)
        }
      }),
      { numRuns: 2000 },
    )
  })

  it('refuses every object with one member repeated', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }),
        fc.jsonValue(),
        (object, other) => {
          const [name] = Object.keys(object) as [string]
          const text = `${JSON.stringify(object).slice(0, -1)},${JSON.stringify(name)}:${JSON.stringify(other)}}`
          expect(() => parseJson(text)).toThrow(SyntaxError)
        },
      ),
    )
  })
})

function hasWideInteger(value: unknown): boolean {
  if (typeof value === 'number') return Number.isInteger(value) && !Number.isSafeInteger(value)
  return typeof value === 'object' && value !== null && Object.values(value).some(hasWideInteger)
}
