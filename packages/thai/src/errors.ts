import { EkkasanError } from '@ekkasan/core'

export type ThaiErrorCode =
  /** Characters that cannot be seen, or that no name or address holds. */
  | 'thai.text.invisible'
  /** Empty, too long, or not a text at all. */
  | 'thai.text.malformed'
  /** Not thirteen digits in one of the accepted spellings. */
  | 'thai.citizen-number.malformed'
  | 'thai.citizen-number.check-digit'
  /** Not a date in one of the accepted spellings. */
  | 'thai.date.malformed'
  /** Well spelt, but no such day is in the calendar. */
  | 'thai.date.no-such-day'
  /** Not the `#` form of the card, or a name without a given name. */
  | 'thai.name.malformed'
  /** Not the `#` form of the card, or codes that do not fit each other. */
  | 'thai.address.malformed'
  /** The register's record lacks what the document needs. */
  | 'thai.record.incomplete'
  /** The document is for Thai nationals, and the record does not say that the person is one. */
  | 'thai.record.not-thai-national'
  /** The person has no such document in the register. */
  | 'thai.record.no-licence'

/** Input that is not what it should be. The message never repeats the input: it is personal data. */
export class ThaiError extends EkkasanError<ThaiErrorCode> {}
