import type { DocumentType } from '@ekkasan/core'
import { CborTag, elementsOf, fullDate, namedAsClaims } from '@ekkasan/mdoc'
import { expect, it } from 'vitest'

const names = { en: 'x' }
const document: DocumentType = {
  id: 'VolunteerCard',
  type: 'VolunteerCardCredential',
  version: '1',
  names,
  description: names,
  claims: [['name'], ['since'], ['seen'], ['address', 'province'], ['address', 'country']].map((path) => ({
    path,
    names,
    disclosure: 'selective',
  })),
  schema: {
    properties: { since: { type: 'string', format: 'date' }, seen: { type: 'string', format: 'date-time' } },
  },
  display: { backgroundColor: '#000000', textColor: '#ffffff' },
}

it('maps each claim at the top to an element of its name, and days and times as the schema has them', () => {
  const type = namedAsClaims('example.card.1')(document)
  expect(type.docType).toBe('example.card.1')
  const address = { province: 'นนทบุรี', country: 'TH' }
  const claims = { name: 'สมชาย', since: '2020-02-29', seen: '2026-01-01T07:00:00+07:00', address, other: 1 }
  expect(elementsOf(type, claims)).toEqual({
    'example.card.1': {
      name: 'สมชาย',
      since: fullDate('2020-02-29'),
      seen: new CborTag(0, '2026-01-01T00:00:00Z'),
      address,
    },
  })
})

it('maps into another namespace than the document type, and a document without a schema of its members', () => {
  const type = namedAsClaims('example.card.1', 'example.names')({ ...document, schema: {} })
  expect(elementsOf(type, { since: '2020-02-29' })).toEqual({ 'example.names': { since: '2020-02-29' } })
})
