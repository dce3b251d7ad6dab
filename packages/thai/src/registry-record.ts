import type { Claims } from '@ekkasan/core'
import {
  formatEnglishAddress,
  formatThaiAddress,
  type LatinAddressNames,
  type ThaiAddress,
} from './address.ts'
import type { ParsedDate } from './dates.ts'
import { ThaiError } from './errors.ts'
import { formatFullName, parseName } from './names.ts'
import { parseThaiText, toArabicDigits } from './thai-text.ts'

/** What the registers' linkage answers with, in its own field names; dates are Buddhist era `yyyymmdd`. */
export interface RegistryRecord {
  readonly person: RegistryPerson
  readonly house?: RegistryHouse
  readonly card: RegistryCard
  /** Of those who have one. */
  readonly licence?: RegistryLicence
  /** A data URL: JPEG, PNG or SVG in base64. */
  readonly picture?: string
}

export interface RegistryPerson {
  readonly pid: string
  readonly titleDesc?: string
  readonly firstName: string
  readonly middleName?: string
  readonly lastName?: string
  readonly englishTitleDesc?: string
  readonly englishFirstName?: string
  readonly englishMiddleName?: string
  readonly englishLastName?: string
  /** 1 male, 2 female. */
  readonly genderCode: string | number
  readonly dateOfBirth: string | number
  /** `099` is Thai. Never derived from the citizen number. */
  readonly nationalityCode: string
  readonly nationalityDesc?: string
}

export interface RegistryHouse {
  readonly houseID?: string
  readonly houseNo: string
  readonly villageNo?: string
  readonly alleyDesc?: string
  /** ซอย */
  readonly alleyWayDesc?: string
  readonly roadDesc?: string
  /** Codes with or without those above them in front: `03`, `1003`. */
  readonly subdistrictCode: string
  readonly subdistrictDesc: string
  readonly districtCode: string
  readonly districtDesc: string
  readonly provinceCode: string
  readonly provinceDesc: string
  readonly postalCode?: string
  /** Latin names where an official source has them; never made from the Thai ones. */
  readonly latin?: LatinAddressNames
}

export interface RegistryCard {
  /** หมายเลขคำขอมีบัตร */
  readonly documentNumber?: string
  /** The number under the photograph. */
  readonly smartcardCode?: string
  readonly issueDate: string | number
  /** `99999999`: for life. */
  readonly expireDate: string | number
  readonly rcodeCode?: string
  readonly rcodeDesc?: string
  readonly rcodeDescEn?: string
}

/** A driving licence. The names are ours: those of the department's linkage are not public. */
export interface RegistryLicence {
  readonly licenceNo: string
  readonly issueDate: string | number
  /** `99999999`: for life. */
  readonly expireDate: string | number
  /** The transport office. */
  readonly officeDesc?: string
  readonly privileges: readonly RegistryPrivilege[]
}

export interface RegistryPrivilege {
  /** Of the Convention on Road Traffic, as the department's register has it: `A`, `B`. Never derived from the type. */
  readonly vehicleCategoryCode: string
  /** รถยนต์ส่วนบุคคล */
  readonly typeDesc: string
  readonly typeDescEn?: string
}

export function thaiName(person: RegistryPerson): Claims {
  const name = parseName({
    title: person.titleDesc ?? null,
    given: person.firstName,
    middle: person.middleName ?? null,
    family: person.lastName ?? null,
  })
  return {
    name_th: formatFullName(name),
    ...(name.title !== undefined && { title_th: name.title }),
    given_name_th: name.given,
    ...(name.middle !== undefined && { middle_name_th: name.middle }),
    ...(name.family !== undefined && { family_name_th: name.family }),
  }
}

export function latinName(person: RegistryPerson): Claims {
  if (!filled(person.englishFirstName)) return {}
  const name = parseName({
    title: person.englishTitleDesc ?? null,
    given: person.englishFirstName,
    middle: person.englishMiddleName ?? null,
    family: person.englishLastName ?? null,
  })
  return {
    name_en: formatFullName(name),
    ...(name.title !== undefined && { title_en: name.title }),
    given_name: name.given,
    ...(name.middle !== undefined && { middle_name: name.middle }),
    ...(name.family !== undefined && { family_name: name.family }),
  }
}

export function addressClaims(house: RegistryHouse): Claims {
  const provinceCode = house.provinceCode
  const districtCode = below(provinceCode, house.districtCode, 4)
  const parts: Record<string, string | undefined> = {
    house_no: house.houseNo,
    village_no:
      house.villageNo === undefined ? undefined : toArabicDigits(house.villageNo).replace(/^0+(?=.)/, ''),
    alley: house.alleyDesc,
    lane: house.alleyWayDesc,
    road: house.roadDesc,
    sub_district: house.subdistrictDesc,
    district: house.districtDesc,
    province: house.provinceDesc,
    postal_code: house.postalCode,
  }
  const address: ThaiAddress = {
    ...Object.fromEntries(
      Object.entries(parts).flatMap(([name, part]) =>
        filled(part) && part !== '-' && !(name === 'village_no' && part === '0')
          ? [[name, parseThaiText(part)]]
          : [],
      ),
    ),
    sub_district_code: below(districtCode, house.subdistrictCode, 6),
    district_code: districtCode,
    province_code: provinceCode,
    country: 'TH',
    ...(filled(house.houseID) && { house_id: house.houseID }),
  }
  return {
    formatted_th: formatThaiAddress(address),
    ...(house.latin && { formatted_en: formatEnglishAddress(address, house.latin) }),
    ...address,
  }
}

function below(outer: string, code: string, length: 4 | 6): string {
  const whole = code.length === length ? code : `${outer}${code}`
  if (whole.length !== length || !/^\d+$/.test(whole) || !whole.startsWith(outer)) {
    throw new ThaiError(
      'thai.address.malformed',
      'the codes of province, district and sub-district do not fit',
    )
  }
  return whole
}

export function wholeDay({ date }: ParsedDate): string {
  if (date.length !== 10) throw new ThaiError('thai.record.incomplete', 'the dates of a card name a day')
  return date
}

export function filled(text: string | undefined): text is string {
  return text !== undefined && text.trim() !== ''
}
