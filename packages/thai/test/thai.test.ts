import {
  citizenNumberCheckDigit,
  formatCardName,
  formatCitizenNumber,
  formatRegistryDate,
  formatThaiDate,
  hasReachedAge,
  nationalIdPresets,
  parseCardAddress,
  parseCardName,
  parseCitizenNumber,
  parseName,
  parsePartialDate,
  parseRegistryDate,
  parseRegistryExpiry,
  parseThaiDate,
  parseThaiText,
  presetCredentialQuery,
  ThaiError,
  thaiNationalId,
  toThaiDigits,
} from '@ekkasan/thai'
import { findArea, listAreas, withCodes } from '@ekkasan/thai/addresses'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const code = (act: () => unknown): string | undefined => {
  try {
    act()
    return undefined
  } catch (error) {
    if (error instanceof ThaiError) return error.code
    throw error
  }
}
const digits = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: length, maxLength: length })

describe('citizen number', () => {
  it('reads every spelling back to the same thirteen digits', () => {
    fc.assert(
      fc.property(digits(12), (twelve) => {
        const number = twelve + citizenNumberCheckDigit(twelve)
        const shown = formatCitizenNumber(number)
        expect(shown).toMatch(/^\d-\d{4}-\d{5}-\d{2}-\d$/)
        for (const spelling of [number, shown, toThaiDigits(shown), ` ${shown.replaceAll('-', ' ')} `]) {
          expect(parseCitizenNumber(spelling)).toBe(number)
        }
      }),
    )
  })
  it('refuses any one digit typed wrongly, but for those that share a check digit', () => {
    expect(code(() => parseCitizenNumber('1999900000014'))).toBe('thai.citizen-number.check-digit')
    expect(code(() => parseCitizenNumber('199990000001'))).toBe('thai.citizen-number.malformed')
    expect(code(() => parseCitizenNumber('1-999900000-01-3'))).toBe('thai.citizen-number.malformed')
  })
})

describe('dates', () => {
  it('keeps unknown day and month unknown', () => {
    expect(parseRegistryDate('25010700')).toEqual({ date: '1958-07' })
    expect(parseRegistryDate(25010000)).toEqual({ date: '1958' })
    expect(formatThaiDate('1958-07')).toBe('กรกฎาคม พ.ศ. 2501')
    expect(formatThaiDate('1958')).toBe('พ.ศ. 2501')
  })
  it('marks January to March before B.E. 2484 and leaves the reckoning to policy', () => {
    expect(parseRegistryDate('24800215')).toEqual({
      date: '1937-02-15',
      calendar_note: 'year-began-in-april',
    })
    expect(parseRegistryDate('24800215', { reckoning: 'historical' }).date).toBe('1938-02-15')
    expect(formatThaiDate('1938-02-15', { reckoning: 'historical' })).toBe('15 กุมภาพันธ์ พ.ศ. 2480')
    expect(parseRegistryDate('24800415')).toEqual({ date: '1937-04-15' })
    expect(parseRegistryDate('24780229').date).toBe('1936-02-29')
  })
  it('knows a card for life', () => expect(parseRegistryExpiry('99999999')).toBe('lifelong'))
  it('reads what people write', () => {
    for (const text of [
      '15 มกราคม พ.ศ. 2533',
      '15 ม.ค. 2533',
      '๑๕/๐๑/๒๕๓๓',
      '15/1/2533',
      '1990-01-15',
      '15 มกราคม ค.ศ. 1990',
    ])
      expect(parseThaiDate(text), text).toEqual({ date: '1990-01-15' })
    expect(code(() => parseThaiDate('15/01/1990'))).toBe('thai.date.malformed')
    expect(code(() => parseThaiDate('15/01/33'))).toBe('thai.date.malformed')
    expect(code(() => parseThaiDate('30/02/2533'))).toBe('thai.date.no-such-day')
    expect(code(() => parsePartialDate('1990-00'))).toBe('thai.date.no-such-day')
  })
  it('round-trips every day through the register and both displays', () => {
    const day = fc.date({ min: new Date('1942-01-01'), max: new Date('2199-12-31'), noInvalidDate: true })
    fc.assert(
      fc.property(day, fc.constantFrom(10, 7, 4), (at, precision) => {
        const date = at.toISOString().slice(0, precision)
        expect(parseRegistryDate(formatRegistryDate(date)).date).toBe(date)
        for (const style of ['full', 'short'] as const)
          expect(parseThaiDate(formatThaiDate(date, { style, digits: 'thai' })).date).toBe(date)
      }),
    )
  })
})

it('any eight digits are a date of the register or refused', () => {
  fc.assert(
    fc.property(digits(8), (text) => {
      for (const parse of [parseRegistryDate, parseRegistryExpiry]) {
        expect([undefined, 'thai.date.malformed', 'thai.date.no-such-day']).toContain(code(() => parse(text)))
      }
    }),
  )
})

describe('age', () => {
  it('is reached at midnight in Bangkok', () => {
    expect(hasReachedAge('2000-06-10', 20, new Date('2020-06-09T16:59:59Z'))).toBe(false)
    expect(hasReachedAge('2000-06-10', 20, new Date('2020-06-09T17:00:00Z'))).toBe(true)
  })
  it('counts unknown parts from the first (Civil and Commercial Code section 16)', () => {
    expect(hasReachedAge('1958-07', 60, new Date('2018-06-30T17:00:00Z'))).toBe(true)
    expect(hasReachedAge('1958-07', 60, new Date('2018-06-30T16:59:59Z'))).toBe(false)
    expect(hasReachedAge('1958', 60, new Date('2017-12-31T17:00:00Z'))).toBe(true)
  })
  it('comes on 1 March for a 29 February in other years', () => {
    expect(hasReachedAge('2004-02-29', 18, new Date('2022-02-28T12:00:00Z'))).toBe(false)
    expect(hasReachedAge('2004-02-29', 18, new Date('2022-03-01T00:00:00Z'))).toBe(true)
  })
})

describe('text and names', () => {
  it('has one spelling for ำ, แ and the order of marks', () => {
    expect(parseThaiText('น\u0e4d\u0e49า')).toBe('น้ำ')
    expect(parseThaiText('เเก้ว')).toBe('แก้ว')
    expect(parseThaiText('ส\u0e48\u0e38')).toBe('ส\u0e38\u0e48')
  })
  it('refuses what cannot be seen', () => {
    for (const sign of ['\u200b', '\u200d', '\ufeff', '\u202e', '\u00ad', '\u0000'])
      expect(code(() => parseThaiText(`สม${sign}มุติ`))).toBe('thai.text.invisible')
  })
  it('is the same after a second reading, and throws nothing but ThaiError', () => {
    const thai = fc.string({
      unit: fc.integer({ min: 0xe01, max: 0xe4f }).map((c) => String.fromCharCode(c)),
    })
    fc.assert(
      fc.property(fc.oneof(thai, fc.string({ unit: 'binary' })), (text) => {
        code(() => parseCardName(text))
        code(() => parseCardAddress(text))
        code(() => parseThaiDate(text))
        code(() => parseRegistryDate(text))
        code(() => parseRegistryExpiry(text))
        code(() => parsePartialDate(text))
        code(() => parseName({ given: text, family: text }))
        code(() => parseCitizenNumber(text))
        if (code(() => parseThaiText(text)) === undefined) {
          const once = parseThaiText(text)
          expect(parseThaiText(once)).toBe(once)
        }
      }),
      { numRuns: 1000 },
    )
  })
  it('reads the # form of the card, and never splits at spaces', () => {
    const name = { title: 'นาย', given: 'มูฮัมหมัด สมมุติ', family: 'สมมุติ ณ อยุธยา' }
    expect(parseCardName(formatCardName(name).padEnd(100))).toEqual(name)
    expect(parseCardName('นาย#สมมุติ##')).toEqual({ title: 'นาย', given: 'สมมุติ' })
    expect(code(() => parseCardName('นาย###ตัวอย่าง'))).toBe('thai.name.malformed')
  })
})

describe('addresses', () => {
  it('reads the # form of the card and finds the codes', () => {
    const address = parseCardAddress('99/1#หมู่ที่ 4####ตำบลบึงกาฬ#อำเภอเมืองบึงกาฬ#จังหวัดบึงกาฬ'.padEnd(160))
    expect(withCodes(address)).toMatchObject({
      house_no: '99/1',
      village_no: '4',
      district_code: '3801',
      postal_code: '38000',
    })
    expect(
      withCodes(parseCardAddress('1##ซอยก#ถนนข##แขวงพระบรมมหาราชวัง#เขตพระนคร#กรุงเทพมหานคร')),
    ).toMatchObject({ lane: 'ก', road: 'ข', sub_district_code: '100101' })
  })
  it('has 77 provinces with Bueng Kan as 38, 928 districts, 7475 sub-districts, each code and sibling name once', () => {
    const provinces = listAreas()
    const districts = provinces.flatMap(({ code }) => listAreas(code))
    expect(provinces.length).toBe(77)
    expect(new Set(provinces.map(({ name }) => name)).size).toBe(77)
    expect(findArea('38')?.name).toBe('บึงกาฬ')
    expect(districts.length).toBe(928)
    expect(new Set(districts.map(({ code, name }) => code.slice(0, 2) + name)).size).toBe(928)
    const subs = districts.flatMap(({ code }) => listAreas(code))
    expect(subs.length).toBe(7475)
    for (const sub of subs) for (const zip of sub.postalCodes ?? ['']) expect(zip).toMatch(/^\d{5}$/)
  })
})

describe('the document', () => {
  it('labels every path of its schema in Thai and English', () => {
    const paths = thaiNationalId.claims.map(({ path }) => path.join('.')).sort()
    const properties = (schema: unknown, at: string[] = []): string[] =>
      Object.entries((schema as { properties?: object }).properties ?? {}).flatMap(([name, below]) => [
        [...at, name].join('.'),
        ...properties(below, [...at, name]),
      ])
    expect(properties(thaiNationalId.schema).sort()).toEqual(paths)
    for (const { names } of thaiNationalId.claims) expect(names.th && names.en).toBeTruthy()
  })
  it('always discloses only who issued it', () => {
    const always = thaiNationalId.claims.filter(({ disclosure }) => disclosure === 'always')
    expect(always.map(({ path }) => path[0])).toEqual(['issuing_authority', 'issuing_country'])
  })
  it('is asked for in both formats by claims that it has', () => {
    for (const preset of Object.values(nationalIdPresets))
      for (const { path } of preset.claims)
        expect(thaiNationalId.claims.map((claim) => claim.path.join('.'))).toContain(path.join('.'))
    expect(presetCredentialQuery(nationalIdPresets.age20, 'id', { format: 'jwt_vc_json' })).toEqual({
      id: 'id',
      format: 'jwt_vc_json',
      meta: { type_values: [['VerifiableCredential', 'ThaiNationalIDCredential']] },
      claims: [
        {
          id: 'age_equal_or_over_20',
          path: ['credentialSubject', 'age_equal_or_over', '20'],
          values: [true],
        },
      ],
    })
  })
})
