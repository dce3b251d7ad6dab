import { citizenNumberCheckDigit, type RegistryRecord } from '@ekkasan/thai'

/** A made-up person. `case` says which difficulty he or she stands for. */
export interface Citizen {
  readonly case: string
  readonly record: RegistryRecord
  /** The code with which `nationalIdClaims` refuses the record; absent for those who get a card. */
  readonly refused?: 'thai.record.not-thai-national' | 'thai.text.invisible'
}

export interface CitizenParts {
  readonly first?: string
  readonly born?: string
  readonly sex?: '1' | '2'
  /** title, given, middle, family */
  readonly th: readonly [string, string, string, string]
  readonly en?: readonly [string, string, string, string]
  readonly nationality?: string
  readonly house?: Partial<RegistryRecord['house'] & object> | null
  readonly issued?: string
  readonly expires?: string
  readonly picture?: string
  readonly refused?: Citizen['refused']
}

/** `first` + office 9999, which no registration office has, + the serial + the right check digit. */
export function syntheticNumber(first: string, serial: number): string {
  const twelve = `${first}9999${String(serial).padStart(7, '0')}`
  return twelve + citizenNumberCheckDigit(twelve)
}

export const silhouette = `data:image/svg+xml;base64,${btoa(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 36"><path fill="#cfdde8" d="M0 0h30v36H0z"/><circle cx="15" cy="13" r="7" fill="#6b87a0"/><path fill="#6b87a0" d="M3 36a12 14 0 0 1 24 0z"/></svg>',
)}`

const bangkok = {
  houseID: '99990000001',
  houseNo: '999/1',
  villageNo: '00',
  alleyWayDesc: 'สมมุติ 9',
  roadDesc: 'ตัวอย่าง',
  subdistrictCode: '100101',
  subdistrictDesc: 'พระบรมมหาราชวัง',
  districtCode: '1001',
  districtDesc: 'พระนคร',
  provinceCode: '10',
  provinceDesc: 'กรุงเทพมหานคร',
  postalCode: '10200',
} as const

export function citizen(name: string, serial: number, parts: CitizenParts): Citizen {
  const [titleDesc, firstName, middleName, lastName] = parts.th
  const en = parts.en
  return {
    case: name,
    ...(parts.refused && { refused: parts.refused }),
    record: {
      person: {
        pid: syntheticNumber(parts.first ?? '1', serial),
        titleDesc,
        firstName,
        middleName,
        lastName,
        ...(en && {
          englishTitleDesc: en[0],
          englishFirstName: en[1],
          englishMiddleName: en[2],
          englishLastName: en[3],
        }),
        genderCode: parts.sex ?? '1',
        dateOfBirth: parts.born ?? '25330115',
        nationalityCode: parts.nationality ?? '099',
      },
      ...(parts.house !== null && { house: { ...bangkok, ...parts.house } }),
      card: {
        documentNumber: `9999-${String(serial).padStart(8, '0')}`,
        smartcardCode: `9999-00-${String(serial).padStart(8, '0')}`,
        issueDate: parts.issued ?? '25670110',
        expireDate: parts.expires ?? '25750114',
        rcodeCode: '9999',
        rcodeDesc: 'ท้องถิ่นสมมุติ',
        rcodeDescEn: 'Imaginary Registration Office',
      },
      ...(parts.picture && { picture: parts.picture }),
    },
  }
}
