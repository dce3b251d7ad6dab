import { describe, expect, it } from 'vitest'
import type { JsonObject, JsonValue } from '../src/json.ts'
import { evaluateSchema } from '../src/json-schema.ts'

/** By which keyword, and where, a value does not fit; undefined where it does. */
function faultOf(schema: JsonObject, value: JsonValue): string | undefined {
  const evaluation = evaluateSchema(schema, value)
  return 'fault' in evaluation
    ? `${evaluation.fault.keyword} ${evaluation.fault.path.join('.')}`.trim()
    : undefined
}

const name = { type: 'string', minLength: 2 }

describe('JSON Schema 2020-12 for documents of one’s own', () => {
  it.each<[JsonObject, JsonValue, JsonValue, string]>([
    [{ type: 'integer' }, 3, 3.5, 'type'],
    [{ type: ['string', 'null'] }, null, true, 'type'],
    [{ const: { a: [1, 2] } }, { a: [1, 2] }, { a: [2, 1] }, 'const'],
    [{ enum: ['TH', 7] }, 7, '7', 'enum'],
    [{ minimum: 1, exclusiveMaximum: 3 }, 1, 3, 'exclusiveMaximum'],
    [{ maximum: 1, exclusiveMinimum: 0 }, 1, 0, 'exclusiveMinimum'],
    [{ multipleOf: 0.1 }, 0.3, 0.35, 'multipleOf'],
    [{ minLength: 2, maxLength: 2 }, '𠮷野', '𠮷', 'minLength'],
    [{ pattern: '^[0-9]{13}$' }, '1999900000013', '19999', 'pattern'],
    [{ minItems: 1, maxItems: 2 }, [1], [1, 2, 3], 'maxItems'],
    [{ uniqueItems: true }, [{ a: 1 }, { a: 2 }], [{ a: 1 }, { a: 1 }], 'uniqueItems'],
    [{ minProperties: 1, maxProperties: 1 }, { a: 1 }, {}, 'minProperties'],
    [{ required: ['a'] }, { a: null }, { toString: 1 }, 'required'],
    [{ dependentRequired: { a: ['b'] } }, { b: 1 }, { a: 1 }, 'dependentRequired'],
    [{ properties: { a: name } }, { a: 'xx' }, { a: 'x' }, 'minLength a'],
    [{ patternProperties: { '^x-': name } }, { 'x-a': 'xx', b: 1 }, { 'x-a': 1 }, 'type x-a'],
    [{ properties: { a: {} }, additionalProperties: false }, { a: 1 }, { b: 1 }, 'additionalProperties b'],
    [
      { properties: {}, additionalProperties: false },
      {},
      { constructor: 1 },
      'additionalProperties constructor',
    ],
    [{ additionalProperties: name }, { a: 'xx' }, { a: 'x' }, 'minLength a'],
    [{ propertyNames: name }, { aa: 1 }, { a: 1 }, 'propertyNames a'],
    [{ items: name }, ['xx'], ['xx', 'x'], 'minLength 1'],
    [{ prefixItems: [name], items: false }, ['xx'], ['xx', 'xx'], 'false 1'],
    [{ contains: name, minContains: 2 }, ['xx', 'yy', 1], ['xx', 1], 'contains'],
    [{ allOf: [name, { maxLength: 3 }] }, 'xxx', 'xxxx', 'maxLength'],
    [{ anyOf: [name, { type: 'null' }] }, null, 7, 'anyOf'],
    [{ oneOf: [{ required: ['a'] }, { required: ['b'] }] }, { a: 1 }, { a: 1, b: 1 }, 'oneOf'],
    [{ not: name }, 'x', 'xx', 'not'],
    [{ dependentSchemas: { a: { required: ['b'] } } }, { b: 1 }, { a: 1 }, 'required'],
    [
      { properties: { a: { $ref: '#/$defs/n' } }, $defs: { n: name } },
      { a: 'xx' },
      { a: 'x' },
      'minLength a',
    ],
    [
      { properties: { a: { $ref: '#n' } }, $defs: { x: { $anchor: 'n', ...name } } },
      { a: 'xx' },
      { a: 1 },
      'type a',
    ],
    [{ $id: 'urn:x', $ref: 'urn:x#/$defs/n', $defs: { n: name } }, 'xx', 'x', 'minLength'],
    [
      { properties: { a: { $ref: '#' } }, additionalProperties: false },
      { a: { a: {} } },
      { a: { b: 1 } },
      'additionalProperties a.b',
    ],
    [
      { allOf: [{ properties: { a: {} } }], unevaluatedProperties: false },
      { a: 1 },
      { b: 1 },
      'unevaluatedProperties b',
    ],
    [{ prefixItems: [{}], unevaluatedItems: false }, [1], [1, 2], 'unevaluatedItems 1'],
  ])('%j takes %j and refuses %j [B3]', (schema, good, bad, fault) => {
    expect(faultOf(schema, good)).toBeUndefined()
    expect(faultOf(schema, bad)).toBe(fault)
  })

  it('if, then and else [B3]', () => {
    const of = Object.fromEntries
    const schema = of([
      ['if', { properties: { kind: { const: 'life' } }, required: ['kind'] }],
      ['then', { not: { required: ['end'] } }],
      ['else', { required: ['end'] }],
    ]) as JsonObject
    expect(faultOf(schema, { kind: 'life' })).toBeUndefined()
    expect(faultOf(schema, { kind: 'life', end: 1 })).toBe('not')
    expect(faultOf(schema, {})).toBe('required')
  })

  it.each([
    ['date', '2028-02-29', '2027-02-29'],
    ['time', '23:59:60Z', '24:00:00Z'],
    ['date-time', '2026-11-30T03:00:00.5+07:00', '2026-11-30'],
    ['duration', 'P1Y2DT3H', 'P'],
    ['email', 'a.b@agency.example', 'a..b@agency.example'],
    ['hostname', 'agency.example', '-agency.example'],
    ['ipv4', '192.0.2.1', '192.0.2.256'],
    ['ipv6', '2001:db8::1', '2001:db8::1::2'],
    ['uri', 'https://agency.example/a?b', 'agency.example'],
    ['uri-reference', '../a', 'a b'],
    ['uuid', '9a1bb0a4-0000-4000-8000-000000000002', '9a1bb0a4'],
    ['json-pointer', '/a~1b', '/a~2'],
  ])('the format %s takes %s and refuses %s [B3]', (format, good, bad) => {
    expect([faultOf({ format }, good), faultOf({ format }, bad)]).toEqual([undefined, 'format'])
    expect(faultOf({ format: 'of-ones-own' }, bad)).toBeUndefined()
  })

  it('a reference that leads nowhere or in a circle, and a pattern that is none, are misuse [B3]', () => {
    for (const schema of [{ $ref: '#/$defs/a' }, { $ref: 'https://elsewhere.example/s' }, { $ref: '#' }]) {
      expect(() => faultOf(schema, 'x')).toThrow(TypeError)
    }
    expect(() => faultOf({ pattern: '(' }, 'x')).toThrow(TypeError)
  })
})
