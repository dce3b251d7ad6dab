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
  /** Vehicle category and type of each licence. */
  readonly licence?: readonly (readonly [string, string])[]
  readonly licenceExpires?: string
  readonly refused?: Citizen['refused']
}

/** `first` + office 9999, which no registration office has, + the serial + the right check digit. */
export function syntheticNumber(first: string, serial: number): string {
  const twelve = `${first}9999${String(serial).padStart(7, '0')}`
  return twelve + citizenNumberCheckDigit(twelve)
}

/** A drawn head and shoulders, as a JPEG: what an mDL wants. */
export const silhouette = `data:image/jpeg;base64,${[
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERXRTc4UG1RV19i',
  'Z2hnPk1xeXBkeFxlZ2P/2wBDARESEhgVGC8aGi9jQjhCY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2Nj',
  'Y2NjY2NjY2P/wAARCABsAFoDASIAAhEBAxEB/8QAGgABAAMBAQEAAAAAAAAAAAAAAAMFBgQBAv/EADEQAAICAQIEAgkDBQAAAAAA',
  'AAABAgMEBRESITFRImETMkFCUmJykbEUI8FxgaHR4f/EABcBAQEBAQAAAAAAAAAAAAAAAAACAQP/xAAXEQEBAQEAAAAAAAAAAAAA',
  'AAAAAREC/9oADAMBAAIRAxEAPwDWgA6OYAAAAAAAAAAAAAAAAeNqKbk0kurZ6U2sZblZ+ng/DH1vNiTS3EmTrCjJxx4KXzS/0cj1',
  'XLb340vLhRxgvIjVlTrNiaV0Iyj3jyZbUXV31qdct0/8GXOjByni3qW/gfKS8jLGytIAmmk1zTBKgAAAAAMrbN2Wzm+sm2aoy+TW',
  '6siyt+7Jlcp6RgApIAANHp03PBpb7bfbkdJBhVurEqg+qjzJzm6AAAAAAV2q4LvXpqlvNLZruixAGT6A0WTgUZL4pRcZ/FHkcb0R',
  'b8r3t9H/AEvYnFSWGmYMrrI3WLauL3W/vM7aNKoqalPexrv0+x3pbLZGWkgACVAAAAAAQ5GVVjR3tlt2S6sg1DPjix4I+K1rku3m',
  'UM5ysm5zk5SfVs2Rlqyu1mbe1Naiu8ubIHqmW3v6RLy4UcYKyJ2rCvWL4v8AcjGa+zLHF1CjJfCnwT+GXt/oZ4DG61gKnTdS3cab',
  '3v7Izf4ZbEWYrQAACLJuWPRO2Xurp3ZKVGt3PeulPl6z/j+RCqy2yV1krJveUnuz5AOiAABgAABf6XlPIo4Zvxw5PzXcoDq0y505',
  'sOfKfhf9zLGxogAQsM7qc3POt39j2RojM5j3zLvrf5N5Z0hABaAAAAAACbi011XMADVQlxQjLutz6IsV74tL+SP4JTm6P//Z',
].join('')}`

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
      ...(parts.licence && {
        licence: {
          licenceNo: `99${String(serial).padStart(6, '0')}`,
          issueDate: parts.issued ?? '25670110',
          expireDate: parts.licenceExpires ?? '25720110',
          officeDesc: 'สำนักงานขนส่งสมมุติ',
          privileges: parts.licence.map(([vehicleCategoryCode, typeDesc]) => ({
            vehicleCategoryCode,
            typeDesc,
          })),
        },
      }),
    },
  }
}
