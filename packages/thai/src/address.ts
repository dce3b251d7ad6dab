import { ThaiError } from './errors.ts'
import { parseThaiText, toArabicDigits } from './thai-text.ts'

/** An address as the claim `address` carries it. Codes are the official ones: 2, 4 and 6 digits. */
export interface ThaiAddress {
  readonly house_no?: string
  /** หมู่ที่ */
  readonly village_no?: string
  /** ตรอก */
  readonly alley?: string
  /** ซอย */
  readonly lane?: string
  /** ถนน */
  readonly road?: string
  /** ตำบล, แขวง in Bangkok */
  readonly sub_district?: string
  readonly sub_district_code?: string
  /** อำเภอ, เขต in Bangkok */
  readonly district?: string
  readonly district_code?: string
  readonly province?: string
  readonly province_code?: string
  readonly postal_code?: string
  readonly country?: 'TH'
  /** Eleven digits: the code of the house in the register. */
  readonly house_id?: string
}

/** Names in Latin letters as an official source gives them. Nothing here makes them up. */
export interface LatinAddressNames {
  readonly alley?: string
  readonly lane?: string
  readonly road?: string
  readonly sub_district?: string
  readonly district?: string
  readonly province: string
}

const prefixes = {
  village_no: /^(?:หมู่ที่|หมู่|ม\.)\s*/,
  alley: /^(?:ตรอก|ต\.รอก)\s*/,
  lane: /^(?:ซอย|ซ\.)\s*/,
  road: /^(?:ถนน|ถ\.)\s*/,
  sub_district: /^(?:ตำบล|แขวง|ต\.)\s*/,
  district: /^(?:อำเภอ|เขต|อ\.)\s*/,
  province: /^(?:จังหวัด|จ\.)\s*/,
} as const

/**
 * Reads the form of the card's chip: `house#village#alley or lane#road#…#sub-district#district#province`, whose
 * parts carry their prefix words. The card holds names only: codes come from `@ekkasan/thai/addresses`.
 * @throws ThaiError `thai.address.malformed`, `thai.text.invisible`
 */
export function parseCardAddress(text: string): ThaiAddress {
  const parts = typeof text === 'string' ? text.replace(/\0+$/, '').split('#') : []
  if (parts.length !== 8)
    throw new ThaiError('thai.address.malformed', 'the address of a card has eight parts')
  const texts = parts.map((part) => (part.trim() === '' ? '' : parseThaiText(part)))
  const [
    house = '',
    village = '',
    first = '',
    second = '',
    third = '',
    subDistrict = '',
    district = '',
    province = '',
  ] = texts
  const streets: { alley?: string; lane?: string; road?: string } = {}
  const usual = ['lane', 'road', 'alley'] as const
  for (const [at, street] of [first, second, third].entries()) {
    if (street === '') continue
    const kind =
      (['alley', 'lane', 'road'] as const).find((kind) => prefixes[kind].test(street)) ?? usual[at] ?? 'lane'
    const name = street.replace(prefixes[kind], '')
    streets[kind] = streets[kind] === undefined ? name : `${streets[kind]} ${street}`
  }
  const address = {
    house_no: house,
    village_no: toArabicDigits(village.replace(prefixes.village_no, '')),
    ...streets,
    sub_district: subDistrict.replace(prefixes.sub_district, ''),
    district: district.replace(prefixes.district, ''),
    province: province.replace(prefixes.province, ''),
  }
  return {
    ...(Object.fromEntries(Object.entries(address).filter(([, part]) => part !== '')) as ThaiAddress),
    country: 'TH',
  }
}

/** In Thai, one line, the prefix words written out; `แขวง` and `เขต` in Bangkok. */
export function formatThaiAddress(address: ThaiAddress): string {
  const bangkok = address.province_code === '10' || address.province === 'กรุงเทพมหานคร'
  return [
    address.house_no,
    address.village_no && `หมู่ที่ ${address.village_no}`,
    address.alley && `ตรอก${address.alley}`,
    address.lane && `ซอย${address.lane}`,
    address.road && `ถนน${address.road}`,
    address.sub_district && `${bangkok ? 'แขวง' : 'ตำบล'}${address.sub_district}`,
    address.district && `${bangkok ? 'เขต' : 'อำเภอ'}${address.district}`,
    address.province && `${bangkok ? '' : 'จังหวัด'}${address.province}`,
    address.postal_code,
  ]
    .filter((part) => part !== undefined && part !== '')
    .join(' ')
}

/** In English, one line, with the Latin names handed in; parts without one are left out. */
export function formatEnglishAddress(address: ThaiAddress, latin: LatinAddressNames): string {
  const bangkok = address.province_code === '10'
  return [
    address.house_no,
    address.village_no && `Moo ${address.village_no}`,
    latin.alley && `Trok ${latin.alley}`,
    latin.lane && `Soi ${latin.lane}`,
    latin.road && `${latin.road} Road`,
    latin.sub_district && (bangkok ? `${latin.sub_district} Sub-district` : `Tambon ${latin.sub_district}`),
    latin.district && (bangkok ? `${latin.district} District` : `Amphoe ${latin.district}`),
    `${latin.province}${address.postal_code ? ` ${address.postal_code}` : ''}`,
    'Thailand',
  ]
    .filter((part) => part !== undefined && part !== '')
    .join(', ')
}
