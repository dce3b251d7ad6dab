import { item, type QueryPreset } from './query-preset.ts'

export const nationalIdPresets = {
  age20: {
    id: 'age20',
    names: { th: 'อายุครบ 20 ปี', en: 'Aged 20 or over' },
    purpose_th: 'ตรวจสอบว่าอายุครบ 20 ปีบริบูรณ์ โดยไม่ขอวันเกิดและชื่อ',
    purpose_en: 'To check that you are 20 or over, without asking for your date of birth or name',
    replaces: { th: 'การขอดูบัตรประชาชนเพื่อตรวจอายุ', en: 'Showing the identity card to prove age' },
    claims: [item(['age_equal_or_over', '20'], [true])],
  },
  nameAndPhoto: {
    id: 'nameAndPhoto',
    names: { th: 'ชื่อและภาพถ่าย', en: 'Name and photograph' },
    purpose_th: 'ตรวจสอบว่าผู้มาติดต่อเป็นเจ้าของชื่อ โดยเทียบกับภาพถ่าย',
    purpose_en: 'To check that the person present bears the name, by the photograph',
    replaces: { th: 'การแลกบัตรหรือขอดูบัตรประชาชน', en: 'Leaving or showing the identity card' },
    claims: [item(['name_th']), item(['picture'])],
  },
  houseRegistrationAddress: {
    id: 'houseRegistrationAddress',
    names: { th: 'ชื่อและที่อยู่ตามทะเบียนบ้าน', en: 'Name and registered address' },
    purpose_th: 'ตรวจสอบที่อยู่ตามทะเบียนบ้าน',
    purpose_en: 'To check your registered address',
    replaces: { th: 'สำเนาทะเบียนบ้าน (เฉพาะที่อยู่)', en: 'A copy of the house registration, for the address' },
    claims: [item(['name_th']), item(['address', 'formatted_th']), item(['address', 'sub_district_code'])],
  },
  fullId: {
    id: 'fullId',
    names: { th: 'ข้อมูลบัตรประชาชน', en: 'Identity card data' },
    purpose_th: 'พิสูจน์ตัวตนแทนสำเนาบัตรประจำตัวประชาชน',
    purpose_en: 'To identify you in place of a photocopy of the identity card',
    replaces: { th: 'สำเนาบัตรประจำตัวประชาชน', en: 'A photocopy of the identity card' },
    claims: [
      item(['citizen_id']),
      item(['name_th']),
      item(['birthdate']),
      item(['address', 'formatted_th']),
      item(['date_of_issuance']),
      item(['date_of_expiry']),
      item(['lifelong'], [true]),
    ],
    claimSets: [
      ['citizen_id', 'name_th', 'birthdate', 'address_formatted_th', 'date_of_issuance', 'date_of_expiry'],
      ['citizen_id', 'name_th', 'birthdate', 'address_formatted_th', 'date_of_issuance', 'lifelong'],
    ],
  },
} as const satisfies Record<string, QueryPreset>
