import type { Claims } from '@ekkasan/core'
import { deriveAgeEqualOrOver } from './age.ts'
import { parseCitizenNumber } from './citizen-number.ts'
import { parseRegistryDate, parseRegistryExpiry, type YearReckoning } from './dates.ts'
import { ThaiError } from './errors.ts'
import {
  addressClaims,
  filled,
  latinName,
  type RegistryRecord,
  thaiName,
  wholeDay,
} from './registry-record.ts'
import { parseThaiText, toArabicDigits } from './thai-text.ts'

export interface NationalIdClaimsOptions {
  /** Default: `กรมการปกครอง`. */
  readonly issuingAuthority?: string
  readonly reckoning?: YearReckoning
}

/**
 * The claims of `thaiNationalId` for a record, as they are true at an instant.
 * @throws ThaiError `thai.record.not-thai-national`, `thai.record.incomplete`, or the code of the faulty field
 */
export function nationalIdClaims(
  record: RegistryRecord,
  at: Date,
  options: NationalIdClaimsOptions = {},
): Claims {
  const { person, house, card, picture } = record
  if (person.nationalityCode !== '099') {
    throw new ThaiError('thai.record.not-thai-national', 'the national identity card is for Thai nationals')
  }
  const reckoning = { reckoning: options.reckoning ?? 'subtract-543' } as const
  const birth = parseRegistryDate(person.dateOfBirth, reckoning)
  const expiry = parseRegistryExpiry(card.expireDate, reckoning)
  const sex = Number(person.genderCode)
  return {
    citizen_id: parseCitizenNumber(person.pid),
    ...thaiName(person),
    ...latinName(person),
    birthdate: birth.date,
    birthdate_registry: toArabicDigits(String(person.dateOfBirth).trim()),
    ...(birth.calendar_note && { calendar_note: birth.calendar_note }),
    age_equal_or_over: { ...deriveAgeEqualOrOver(birth.date, at) },
    sex: sex === 1 || sex === 2 ? sex : 0,
    nationalities: ['TH'],
    ...(house && { address: addressClaims(house) }),
    ...(picture !== undefined && { picture }),
    ...(filled(card.smartcardCode) && { document_number: parseThaiText(card.smartcardCode) }),
    ...(filled(card.documentNumber) && { request_no: parseThaiText(card.documentNumber) }),
    date_of_issuance: wholeDay(parseRegistryDate(card.issueDate)),
    ...(expiry === 'lifelong' ? { lifelong: true } : { date_of_expiry: wholeDay(expiry) }),
    ...(filled(card.rcodeCode) && {
      issuing_office: {
        code: card.rcodeCode,
        name_th: parseThaiText(card.rcodeDesc ?? ''),
        ...(filled(card.rcodeDescEn) && { name_en: card.rcodeDescEn }),
      },
    }),
    issuing_authority: options.issuingAuthority ?? 'กรมการปกครอง',
    issuing_country: 'TH',
  }
}
