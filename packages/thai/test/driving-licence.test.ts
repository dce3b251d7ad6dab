import {
  drivingLicenceClaims,
  drivingLicencePresets,
  nationalIdMdoc,
  nationalIdPresets,
  presetCredentialQuery,
  type QueryPreset,
  type RegistryRecord,
  thaiDrivingLicence,
  thaiDrivingLicenceElements,
  thaiNationalId,
} from '@ekkasan/thai'
import { describe, expect, it } from 'vitest'

const at = new Date('2026-06-01T00:00:00Z')
const record: RegistryRecord = {
  person: {
    pid: '1999900000013',
    titleDesc: 'นาย',
    firstName: 'สมมุติ',
    lastName: 'ตัวอย่างดี',
    englishTitleDesc: 'Mr.',
    englishFirstName: 'Sommut',
    englishLastName: 'Tuayangdee',
    genderCode: '1',
    dateOfBirth: '25510601',
    nationalityCode: '099',
  },
  card: { issueDate: '25670110', expireDate: '25750114' },
  licence: {
    licenceNo: '99000001',
    issueDate: '25680601',
    expireDate: '25730601',
    officeDesc: 'สำนักงานขนส่งสมมุติ',
    privileges: [{ vehicleCategoryCode: 'B', typeDesc: 'รถยนต์ส่วนบุคคล' }],
  },
}
const names = thaiDrivingLicence.claims.map(({ path }) => String(path[0]))

describe('the driving licence', () => {
  it('labels every claim of its schema in Thai and English, and says of the same ones that they are required', () => {
    const { properties, required } = thaiDrivingLicence.schema as { properties: object; required: string[] }
    expect(Object.keys(properties).sort()).toEqual([...names].sort())
    for (const { names: labels } of thaiDrivingLicence.claims) expect(labels.th && labels.en).toBeTruthy()
    const mandatory = thaiDrivingLicence.claims.filter((claim) => claim.mandatory).map(({ path }) => path[0])
    expect([...mandatory].sort()).toEqual([...required].sort())
  })

  it('says what the register says, ages by the day in Bangkok, and nothing that the schema lacks', () => {
    const claims = drivingLicenceClaims(record, at)
    expect(Object.keys(claims).filter((name) => !names.includes(name))).toEqual([])
    expect(claims).toMatchObject({
      given_name: 'Sommut',
      family_name_national_character: 'ตัวอย่างดี',
      birth_date: '2008-06-01',
      age_over_18: true,
      age_over_20: false,
      expiry_date: '2030-06-01',
      licence_types: ['รถยนต์ส่วนบุคคล'],
      driving_privileges: [
        { vehicle_category_code: 'B', issue_date: '2025-06-01', expiry_date: '2030-06-01' },
      ],
    })
  })

  it('has no end where it is for life, no family name where there is none, no country where it is not known', () => {
    const { lastName, englishLastName, ...person } = record.person
    const { licence } = record
    if (!licence) throw new Error('the record has a licence')
    const claims = drivingLicenceClaims(
      {
        ...record,
        person: { ...person, nationalityCode: '044' },
        licence: { ...licence, expireDate: '99999999' },
      },
      at,
    )
    expect(claims.lifelong).toBe(true)
    for (const name of ['expiry_date', 'family_name', 'family_name_national_character', 'nationality'])
      expect(claims).not.toHaveProperty(name)
    expect(claims.driving_privileges).toEqual([{ vehicle_category_code: 'B', issue_date: '2025-06-01' }])
  })

  it('is not issued to whom the register knows no licence of', () => {
    const { licence, ...without } = record
    expect(() => drivingLicenceClaims(without, at)).toThrow(
      expect.objectContaining({ code: 'thai.record.no-licence' }),
    )
  })

  it('stands in the namespace of the country where the standard has no element', () => {
    expect(thaiDrivingLicenceElements.map(({ element }) => element)).toEqual([
      'name_th',
      'citizen_id',
      'licence_types',
      'lifelong',
    ])
  })
})

describe('a preset', () => {
  it('asks an mdoc for what the document always discloses elsewhere, in every alternative [B6]', () => {
    for (const [document, { elements }, presets] of [
      [thaiNationalId, nationalIdMdoc('n'), nationalIdPresets],
      [
        thaiDrivingLicence,
        {
          elements: thaiDrivingLicence.claims.map(({ path }) => ({
            namespace: 'n',
            element: String(path[0]),
            path,
          })),
        },
        drivingLicencePresets,
      ],
    ] as const) {
      const always = document.claims.filter(({ disclosure }) => disclosure === 'always')
      const names = always.map(({ path }) => path[0] as string)
      expect(names.length).toBeGreaterThan(1)
      expect(always.every(({ selectiveIn }) => selectiveIn?.includes('mso_mdoc'))).toBe(true)
      for (const preset of Object.values(presets) as readonly QueryPreset[]) {
        const mdoc = presetCredentialQuery(preset, 'id', { format: 'mso_mdoc', doctype: 'd', elements })
        const asked = mdoc.claims as readonly { readonly id: string; readonly path: readonly string[] }[]
        expect(asked.map(({ path }) => path[1])).toEqual(expect.arrayContaining(names))
        expect(asked).toHaveLength(new Set(asked.map(({ id }) => id)).size)
        for (const set of (mdoc.claim_sets ?? []) as readonly string[][]) {
          expect(set).toEqual(expect.arrayContaining(names))
        }
        const elsewhere = presetCredentialQuery(preset, 'id', { format: 'dc+sd-jwt', vctValues: ['v'] })
        expect(elsewhere.claims).toHaveLength(preset.claims.length)
      }
    }
  })

  it('is asked for as an mdoc by namespace and element, and only by what the mdoc has', () => {
    const elements = [{ namespace: 'n', element: 'age_over_18', path: ['age_over_18'] }]
    const as = { format: 'mso_mdoc', doctype: 'org.iso.18013.5.1.mDL', elements } as const
    expect(presetCredentialQuery(drivingLicencePresets.driverAge, 'id', as)).toEqual({
      id: 'id',
      format: 'mso_mdoc',
      meta: { doctype_value: 'org.iso.18013.5.1.mDL' },
      claims: [{ id: 'age_over_18', path: ['n', 'age_over_18'], values: [true] }],
    })
    expect(() => presetCredentialQuery(drivingLicencePresets.mayDrive, 'id', as)).toThrow(TypeError)
  })

  it('is asked for as JSON-LD by the full names of types', () => {
    const typeValues = [['https://www.w3.org/2018/credentials#VerifiableCredential', 'https://a.example/c#T']]
    expect(
      presetCredentialQuery(drivingLicencePresets.driverAge, 'id', { format: 'ldp_vc', typeValues }),
    ).toMatchObject({
      meta: { type_values: typeValues },
      claims: [{ path: ['credentialSubject', 'age_over_18'] }],
    })
  })

  it('names claims that the document has', () => {
    for (const { claims } of Object.values(drivingLicencePresets))
      for (const { path } of claims) expect(names).toContain(path[0])
  })
})
