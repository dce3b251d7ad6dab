import { type ClaimPath, type ClaimsError, type DocumentType, requireClaims } from '@ekkasan/core'
import type { JsonObject } from '@ekkasan/core/json'
import { describe, expect, it } from 'vitest'

const documentOf = (path: ClaimPath, schema: JsonObject, mandatory = true): DocumentType => ({
  ...{ id: 'Card', type: 'CardCredential', version: '1.0', names: {}, description: {} },
  claims: [{ path, names: {}, disclosure: 'selective', mandatory }],
  schema,
  display: { backgroundColor: '#000000', textColor: '#ffffff' },
})
const outcome = (document: DocumentType, claims: JsonObject) => {
  try {
    requireClaims(document, claims)
    return 'issued'
  } catch (error) {
    const { code, path } = error as ClaimsError
    return `${code} ${path.join('.')}`
  }
}

describe('a mandatory claim that is null [B3]', () => {
  const of = (schema: JsonObject) => documentOf(['name'], { properties: { name: schema } })

  it.each<[string, JsonObject]>([
    ['type', { type: ['string', 'null'] }],
    ['type alone', { type: 'null' }],
    ['const', { const: null }],
    ['enum', { enum: ['a', null] }],
    ['an alternative', { anyOf: [{ type: 'string' }, { type: 'null' }] }],
  ])('is a value where the schema names null by %s', (_what, schema) => {
    expect(outcome(of(schema), { name: null })).toBe('issued')
  })

  it('is a value where a reference of the schema names null', () => {
    const $defs = { none: { type: ['string', 'null'] } }
    const document = documentOf(['name'], { $defs, properties: { name: { $ref: '#/$defs/none' } } })
    expect(outcome(document, { name: null })).toBe('issued')
  })

  it.each<[string, JsonObject]>([
    ['nothing', {}],
    ['only what a text has to be', { minLength: 1 }],
    ['what it must not be', { not: { type: 'number' } }],
  ])('is missing where the schema says %s', (_what, schema) => {
    expect(outcome(of(schema), { name: null })).toBe('core.claims.missing name')
    expect(outcome(of(schema), { name: 'x' })).toBe('issued')
  })

  it('is missing where no schema describes it at all', () => {
    expect(outcome(documentOf(['name'], {}), { name: null })).toBe('core.claims.missing name')
  })

  it('does not fit a schema that excludes null, which says more', () => {
    expect(outcome(of({ type: 'string' }), { name: null })).toBe('core.claims.schema name')
  })

  it('is missing below other claims, and in one item of a list', () => {
    const inner = documentOf(['address', 'city'], {})
    expect(outcome(inner, { address: { city: null } })).toBe('core.claims.missing address.city')
    expect(outcome(inner, { address: null })).not.toBe('issued')
    const items = documentOf(['boats', null, 'no'], {})
    expect(outcome(items, { boats: [{ no: 1 }, { no: null }] })).toBe('core.claims.missing boats..no')
    expect(outcome(items, { boats: [{ no: 1 }, { no: 2 }] })).toBe('issued')
    const schema = { properties: { boats: { items: { properties: { no: { type: ['integer', 'null'] } } } } } }
    expect(outcome(documentOf(['boats', null, 'no'], schema), { boats: [{ no: null }] })).toBe('issued')
  })

  it('that is not mandatory is for the schema to say', () => {
    expect(outcome(documentOf(['name'], {}, false), { name: null })).toBe('issued')
  })
})
