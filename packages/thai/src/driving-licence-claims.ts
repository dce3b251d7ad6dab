import type { Claims } from '@ekkasan/core'
import { hasReachedAge } from './age.ts'
import { parseCitizenNumber } from './citizen-number.ts'
import { parseRegistryDate, parseRegistryExpiry, type YearReckoning } from './dates.ts'
import { licenceAges } from './driving-licence.ts'
import { ThaiError } from './errors.ts'
import {
  addressClaims,
  filled,
  latinName,
  type RegistryRecord,
  thaiName,
  wholeDay,
} from './registry-record.ts'
import { parseThaiText } from './thai-text.ts'

export interface DrivingLicenceClaimsOptions {
  /** Default: `Department of Land Transport`; the mDL wants Latin letters. */
  readonly issuingAuthority?: string
  readonly reckoning?: YearReckoning
}

/**
 * The claims of `thaiDrivingLicence` for a record, as they are true at an instant. A licence is not for Thai
 * nationals only; of others the record does not say the country's code, and the claim is absent.
 * @throws ThaiError `thai.record.no-licence`, `thai.record.incomplete`, or the code of the faulty field
 */
export function drivingLicenceClaims(
  record: RegistryRecord,
  at: Date,
  options: DrivingLicenceClaimsOptions = {},
): Claims {
  const { person, house, licence, picture } = record
  if (!licence)
    throw new ThaiError('thai.record.no-licence', 'the register has no driving licence of the person')
  const { date: birthDate } = parseRegistryDate(person.dateOfBirth, {
    reckoning: options.reckoning ?? 'subtract-543',
  })
  const sex = Number(person.genderCode)
  const { name_th, given_name_th, family_name_th } = thaiName(person)
  const { given_name, family_name } = latinName(person)
  const address = house && addressClaims(house)
  const period = periodOf(licence)
  return {
    document_number: parseThaiText(licence.licenceNo),
    name_th: name_th as string,
    given_name_national_character: given_name_th as string,
    ...(family_name_th !== undefined && { family_name_national_character: family_name_th }),
    ...(given_name !== undefined && { given_name }),
    ...(family_name !== undefined && { family_name }),
    citizen_id: parseCitizenNumber(person.pid),
    birth_date: birthDate,
    ...Object.fromEntries(licenceAges.map((age) => [`age_over_${age}`, hasReachedAge(birthDate, age, at)])),
    sex: sex === 1 || sex === 2 ? sex : 0,
    ...(person.nationalityCode === '099' && { nationality: 'TH' }),
    ...(picture !== undefined && { portrait: picture }),
    ...(address?.formatted_th !== undefined && { resident_address: address.formatted_th }),
    ...(address?.postal_code !== undefined && { resident_postal_code: address.postal_code }),
    licence_types: licence.privileges.map(({ typeDesc }) => parseThaiText(typeDesc)),
    driving_privileges: licence.privileges.map(({ vehicleCategoryCode }) => ({
      vehicle_category_code: vehicleCategoryCode,
      issue_date: period.issue_date,
      ...(period.expiry_date !== undefined && { expiry_date: period.expiry_date }),
    })),
    ...period,
    ...(filled(licence.officeDesc) && { issuing_jurisdiction: parseThaiText(licence.officeDesc) }),
    issuing_authority: options.issuingAuthority ?? 'Department of Land Transport',
    issuing_country: 'TH',
    un_distinguishing_sign: 'T',
  }
}

function periodOf({ issueDate, expireDate }: NonNullable<RegistryRecord['licence']>): {
  readonly issue_date: string
  readonly expiry_date?: string
  readonly lifelong?: true
} {
  const expiry = parseRegistryExpiry(expireDate)
  return {
    issue_date: wholeDay(parseRegistryDate(issueDate)),
    ...(expiry === 'lifelong' ? { lifelong: true } : { expiry_date: wholeDay(expiry) }),
  }
}
