import { nationalIdMdoc, thaiNationalId } from '@ekkasan/thai'
import { expect, it } from 'vitest'

const docType = 'example.agency.nationalid.1'
const { elements } = nationalIdMdoc(docType)
const names = elements.map(({ element }) => element)

it('has every claim of the card once, part by part where it has parts', () => {
  expect(new Set(names).size).toBe(names.length)
  const parts = thaiNationalId.claims.filter(
    ({ path }) =>
      !thaiNationalId.claims.some((other) => other.path.length > path.length && other.path[0] === path[0]),
  )
  expect(elements.map(({ path }) => path)).toEqual(parts.map(({ path }) => path))
  expect(names).toEqual(
    expect.arrayContaining(['citizen_id', 'address_province', 'issuing_office_code', 'age_over_20']),
  )
  expect(names).not.toContain('address')
})

it('has the names and forms of ISO/IEC 18013-5 where it has some', () => {
  expect(elements.filter(({ as }) => as).map(({ element, as }) => `${element} ${as}`)).toEqual([
    'birth_date known-date',
    'portrait bytes',
    'issue_date full-date',
    'expiry_date full-date',
  ])
})

it('stands in the namespace of its document type unless told', () => {
  expect(new Set(elements.map(({ namespace }) => namespace))).toEqual(new Set([docType]))
  expect(nationalIdMdoc(docType, 'n').elements[0]?.namespace).toBe('n')
})
