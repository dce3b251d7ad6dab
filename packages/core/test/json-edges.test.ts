import { isJsonObject, listOf, parseJson, parseJsonObject } from '@ekkasan/core/json'
import { describe, expect, it } from 'vitest'

// The exact edges of strict JSON, and what an error says.

const faultOf = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    expect(error).toBeInstanceOf(SyntaxError)
    return (error as SyntaxError).message
  }
  return 'none'
}
const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`
const text = (length: number) => `"${'a'.repeat(length - 2)}"`

describe('the bounds of strict JSON', () => {
  it('are 1,048,576 characters and a depth of 32, where no others are given', () => {
    expect(faultOf(() => parseJson(text(1_048_576)))).toBe('none')
    expect(faultOf(() => parseJson(text(1_048_577)))).toBe('JSON is too long')
    expect(faultOf(() => parseJson(nested(32)))).toBe('none')
    expect(faultOf(() => parseJson(nested(33)))).toBe('JSON is nested too deeply')
  })

  it('are exactly those given', () => {
    expect(faultOf(() => parseJson(text(5), { maxLength: 5 }))).toBe('none')
    expect(faultOf(() => parseJson(text(6), { maxLength: 5 }))).toBe('JSON is too long')
    expect(faultOf(() => parseJson('{"a":{}}', { maxDepth: 2 }))).toBe('none')
    expect(faultOf(() => parseJson('{"a":{"b":{}}}', { maxDepth: 2 }))).toBe('JSON is nested too deeply')
    expect(faultOf(() => parseJson('{}', { maxDepth: 0 }))).toBe('JSON is nested too deeply')
    expect(faultOf(() => parseJson('1', { maxDepth: 0 }))).toBe('none')
    expect(faultOf(() => parseJsonObject('{"a":[]}', { maxDepth: 1 }))).toBe('JSON is nested too deeply')
  })

  it('hold for what stands side by side each by itself', () => {
    expect(faultOf(() => parseJson('[[],[],[]]', { maxDepth: 2 }))).toBe('none')
    expect(faultOf(() => parseJson('{"a":{},"b":{},"c":[]}', { maxDepth: 2 }))).toBe('none')
  })

  it.each(['9007199254740991', '-9007199254740991', '0.1', '1e-400', '-0', '1e-7'])('take %s', (number) => {
    for (const json of [number, `[${number}]`, `{"a":${number}}`]) {
      expect(parseJson(json)).toEqual(JSON.parse(json))
    }
  })

  it.each(['9007199254740992', '-9007199254740992', '1e16', '1.5e300', '1e400', '-1e400'])(
    'refuse %s',
    (number) => {
      for (const json of [number, `[${number}]`, `{"a":${number}}`]) {
        expect(
          faultOf(() => parseJson(json)),
          json,
        ).toBe('a JSON number is out of range')
      }
    },
  )
})

describe('a member named twice', () => {
  it.each([
    '{"a":1,"a":1}',
    '{"a":{},"a":1}',
    '{"a":1,"b":2,"a":3}',
    '{"":1,"":1}',
    '[{"a":1},{"b":1,"b":1}]',
    '{"\\\\":1,"\\\\":1}',
    '{"\\"":1,"\\"":1}',
    '{"\\\\\\"":1,"\\\\\\"":1}',
    '{ "a" : ":" , "a" : ":" }',
    '{"a":"\\\\","a":":"}',
    '{"":"","x":"a:b","":""}',
  ])('is refused: %s', (json) => {
    expect(faultOf(() => parseJson(json))).toBe('a JSON member is named twice')
  })

  it.each([
    '{"a:b":":","c":"::"}',
    '{"a\\":":"\\":\\"","b":1}',
    '{"a\\\\":1,"b":"\\\\"}',
    '{"a\\\\\\":":1}',
    '{"":":"}',
    '["a:b",":","\\":\\""]',
    '[{"a":1},{"a":1}]',
    '{"a":{"a":{"a":1}}}',
    '":"',
    '"\\":"',
    '{}',
    '[]',
    'null',
    'true',
  ])('is not taken for one where a colon or a quote stands in a text: %s', (json) => {
    expect(parseJson(json)).toEqual(JSON.parse(json))
  })

  it('is not __proto__, which is refused by its own name', () => {
    for (const json of ['{"__proto__":1}', '[{"a":{"__proto__":{}}}]', '{"__proto__":1,"__proto__":1}']) {
      expect(
        faultOf(() => parseJson(json)),
        json,
      ).toBe('a JSON member is named __proto__')
    }
    expect(parseJson('{"_proto_":1,"proto":"__proto__"}')).toEqual({ _proto_: 1, proto: '__proto__' })
  })
})

it('an object is no list, no null and no text', () => {
  expect(parseJsonObject('{"a":null}')).toEqual({ a: null })
  for (const json of ['[]', 'null', '""', '0', 'false']) {
    expect(
      faultOf(() => parseJsonObject(json)),
      json,
    ).toBe('not a JSON object')
  }
  expect(isJsonObject({})).toBe(true)
  for (const value of [[], null, undefined, 'a', 1, true, () => ({})]) expect(isJsonObject(value)).toBe(false)
})

it('what stands once or several times is a list', () => {
  expect(listOf(undefined)).toEqual([])
  expect(listOf(null)).toEqual([null])
  expect(listOf('a')).toEqual(['a'])
  expect(listOf(['a', 'b'])).toEqual(['a', 'b'])
  expect(listOf([])).toEqual([])
})
