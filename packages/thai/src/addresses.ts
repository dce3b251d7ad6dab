import type { ThaiAddress } from './address.ts'
import { ThaiError } from './errors.ts'
import { addressLines } from './generated/addresses.ts'

// A path of its own (`@ekkasan/thai/addresses`): 270 kB that only those load who look codes up.

export interface AdministrativeArea {
  /** 2 digits: province, 4: district, 6: sub-district. */
  readonly code: string
  /** In Thai, without its prefix word. */
  readonly name: string
  /** Of a sub-district; most have one. */
  readonly postalCodes?: readonly string[]
}

let table: ReadonlyMap<string, AdministrativeArea> | undefined

function areas(): ReadonlyMap<string, AdministrativeArea> {
  if (table) return table
  const built = new Map<string, AdministrativeArea>()
  let district = ''
  for (const line of addressLines.split('\n')) {
    const space = line.indexOf(' ')
    const digits = line.slice(0, space)
    const name = line.slice(space + 1)
    if (digits.length <= 4) {
      built.set(digits, { code: digits, name })
      district = digits
    } else {
      const code = district + digits.slice(0, 2)
      built.set(code, { code, name, postalCodes: digits.slice(2).split(',') })
    }
  }
  table = built
  return built
}

/** The area with an official code of 2, 4 or 6 digits. */
export function findArea(code: string): AdministrativeArea | undefined {
  return areas().get(code)
}

/** The provinces, or the areas directly below one, in the order of their codes. */
export function listAreas(within = ''): readonly AdministrativeArea[] {
  return [...areas().values()].filter(
    ({ code }) => code.length === within.length + 2 && code.startsWith(within),
  )
}

/**
 * Adds the official codes to an address that has the three names, and the postal code where there is only one.
 * @throws ThaiError `thai.address.malformed` when the names are not found one below the other, or not only once
 */
export function withCodes(address: ThaiAddress): ThaiAddress {
  const one = (within: string, name: string | undefined) => {
    const found = listAreas(within).filter((area) => area.name === name)
    const [area] = found
    if (area === undefined || found.length > 1) {
      throw new ThaiError(
        'thai.address.malformed',
        'the names of sub-district, district and province do not fit',
      )
    }
    return area
  }
  const province = one('', address.province)
  const district = one(province.code, address.district)
  const subDistrict = one(district.code, address.sub_district)
  const [postalCode, ...others] = subDistrict.postalCodes ?? []
  return {
    ...address,
    sub_district_code: subDistrict.code,
    district_code: district.code,
    province_code: province.code,
    ...(address.postal_code === undefined &&
      postalCode !== undefined &&
      others.length === 0 && { postal_code: postalCode }),
  }
}
