import {
  drivingLicenceClaims,
  nationalIdClaims,
  ThaiError,
  thaiDrivingLicence,
  thaiNationalId,
} from '@ekkasan/thai'
import { findArea } from '@ekkasan/thai/addresses'
import { citizens, createCitizens, findCitizen } from '@ekkasan-examples/citizens'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'

const at = new Date('2026-11-20T17:00:00Z')
const people = createCitizens(at)
const isValid = new Ajv2020({ allErrors: true, strict: false }).compile(thaiNationalId.schema)
const claimsOf = (name: string) => {
  const found = people.find((citizen) => citizen.case === name)
  if (found === undefined) throw new Error(`no such case: ${name}`)
  return nationalIdClaims(found.record, at)
}

describe('synthetic citizens', () => {
  it('are at least forty, each a case of its own', () => {
    expect(people.length).toBeGreaterThanOrEqual(40)
    expect(new Set(people.map((citizen) => citizen.case)).size).toBe(people.length)
  })
  it('have licences that fit their schema, also without a family name, a known birthday or an end', () => {
    const fits = new Ajv2020({ allErrors: true, strict: false }).compile(thaiDrivingLicence.schema)
    const licences = people.flatMap(({ record }) =>
      record.licence ? [drivingLicenceClaims(record, at)] : [],
    )
    expect(licences.length).toBeGreaterThanOrEqual(5)
    for (const claims of licences) expect(fits(claims), JSON.stringify(fits.errors)).toBe(true)
    expect(licences.some(({ lifelong }) => lifelong)).toBe(true)
    expect(licences.some((claims) => claims.family_name_national_character === undefined)).toBe(true)
    expect(licences.some(({ birth_date: born }) => String(born).length < 10)).toBe(true)
    expect(licences.some(({ nationality }) => nationality === undefined)).toBe(true)
  })
  it('all have numbers of an office that does not exist', () => {
    for (const { record } of people) expect(record.person.pid).toMatch(/^\d9999/)
  })
  it.each(people.map((citizen) => [citizen.case, citizen] as const))('%s', (_, { record, refused }) => {
    if (refused !== undefined) {
      expect(() => nationalIdClaims(record, at)).toThrow(ThaiError)
      expect(() => nationalIdClaims(record, at)).toThrow(expect.objectContaining({ code: refused }))
      return
    }
    const claims = nationalIdClaims(record, at)
    expect(isValid(claims), JSON.stringify(isValid.errors)).toBe(true)
    const paths = thaiNationalId.claims.map(({ path }) => path.join('.'))
    for (const name of Object.keys(claims)) expect(paths).toContain(name)
    for (const { path, mandatory } of thaiNationalId.claims)
      if (mandatory && path.length === 1) expect(claims).toHaveProperty([String(path[0])])
    const address = claims.address as Record<string, string> | undefined
    if (address === undefined) return
    expect(findArea(address.province_code ?? '')?.name).toBe(address.province)
    expect(findArea(address.district_code ?? '')?.name).toBe(address.district)
    // The source of the table numbers the sub-districts of Bueng Kan in its own way.
    if (address.province_code !== '38')
      expect(findArea(address.sub_district_code ?? '')?.name).toBe(address.sub_district)
  })
  it('have their birthdays today in Bangkok', () => {
    expect(claimsOf('20 years old today').age_equal_or_over).toMatchObject({ '20': true, '60': false })
    expect(claimsOf('20 years old tomorrow').age_equal_or_over).toMatchObject({ '18': true, '20': false })
    expect(claimsOf('7 years old today').age_equal_or_over).toMatchObject({ '7': true, '15': false })
  })
  it('show each difficulty in the claims', () => {
    expect(claimsOf('no family name')).not.toHaveProperty('family_name_th')
    expect(claimsOf('unknown day and month of birth').birthdate).toBe('1958')
    expect(claimsOf('card for life')).toMatchObject({ lifelong: true })
    expect(claimsOf('ำ typed as two characters, read as one').given_name_th).toBe('น้ำสมมุติ')
    expect(claimsOf('Bangkok address with Latin names').address).toMatchObject({
      formatted_th: expect.stringContaining('แขวงพระบรมมหาราชวัง เขตพระนคร กรุงเทพมหานคร'),
    })
  })
  it('are found by number, the newest record first', () => {
    const changed = citizens.filter((citizen) => citizen.case.includes('change of name'))
    expect(findCitizen(changed[0]?.record.person.pid ?? '')?.case).toBe(
      'after the change of name: the same number',
    )
  })
})
