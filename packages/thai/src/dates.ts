import { ThaiError } from './errors.ts'
import { toArabicDigits, toThaiDigits } from './thai-text.ts'

/** Gregorian, ISO 8601, as precise as it is known: `1990-01-15`, `1958-07`, `1958`. */
export type PartialDate = string

/**
 * How years before B.E. 2484 are read. Until then the Thai year began on 1 April, so that January to March of
 * B.E. 2480 lay in 1938. Registers mostly subtract 543 throughout (`subtract-543`); `historical` is right by the
 * calendar of the time.
 */
export type YearReckoning = 'subtract-543' | 'historical'

export interface ParsedDate {
  readonly date: PartialDate
  /** The year of the Gregorian date may be one too early (or, read historically, too late): see YearReckoning. */
  readonly calendar_note?: 'year-began-in-april'
}

export interface ParseDateOptions {
  readonly reckoning?: YearReckoning
}

/**
 * Reads the register's and the card's form: Buddhist era `yyyymmdd`, as text or number, with `00` for an unknown
 * month or day. A 29 February that only the historical reckoning knows is read by it.
 * @throws ThaiError `thai.date.malformed`, `thai.date.no-such-day`
 */
export function parseRegistryDate(raw: string | number, options: ParseDateOptions = {}): ParsedDate {
  const parts = /^(\d{4})(\d{2})(\d{2})$/.exec(toArabicDigits(String(raw).slice(0, 16).trim()))
  if (parts === null) throw new ThaiError('thai.date.malformed', 'a register date has eight digits: yyyymmdd')
  const [year, month, day] = parts.slice(1).map(Number) as [number, number, number]
  return fromBuddhistEra(year, month, day, options.reckoning ?? 'subtract-543')
}

/** As `parseRegistryDate`, for the end of validity: `99999999` is a card for life. */
export function parseRegistryExpiry(
  raw: string | number,
  options: ParseDateOptions = {},
): ParsedDate | 'lifelong' {
  return toArabicDigits(String(raw).slice(0, 16).trim()) === '99999999'
    ? 'lifelong'
    : parseRegistryDate(raw, options)
}

export const thaiMonths: readonly string[] = [
  'มกราคม',
  'กุมภาพันธ์',
  'มีนาคม',
  'เมษายน',
  'พฤษภาคม',
  'มิถุนายน',
  'กรกฎาคม',
  'สิงหาคม',
  'กันยายน',
  'ตุลาคม',
  'พฤศจิกายน',
  'ธันวาคม',
]
export const thaiMonthsShort: readonly string[] = [
  'ม.ค.',
  'ก.พ.',
  'มี.ค.',
  'เม.ย.',
  'พ.ค.',
  'มิ.ย.',
  'ก.ค.',
  'ส.ค.',
  'ก.ย.',
  'ต.ค.',
  'พ.ย.',
  'ธ.ค.',
]
/**
 * Reads what people write: `15 มกราคม พ.ศ. 2533`, `15 ม.ค. 2533`, `15/1/2533`, `กรกฎาคม 2501`, `พ.ศ. 2501`, in
 * ASCII or Thai digits, and the ISO form. A year needs four digits and is of the Buddhist era unless `ค.ศ.` stands
 * before it; one below 2300 without that sign is refused, because it would be a guess.
 * @throws ThaiError `thai.date.malformed`, `thai.date.no-such-day`
 */
export function parseThaiDate(text: string, options: ParseDateOptions = {}): ParsedDate {
  const written = typeof text === 'string' && text.length <= 64 ? toArabicDigits(text).trim() : ''
  if (/^\d{4}(-\d{2}){0,2}$/.test(written) && Number(written.slice(0, 4)) < 2300) {
    return { date: parsePartialDate(written) }
  }
  const slashes = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(written)
  const words = /^(?:(\d{1,2})\s+)?(?:((?!พ\.ศ\.|ค\.ศ\.)[ก-๙.]+?)\s*)?(?:(พ\.ศ\.|ค\.ศ\.)\s*)?(\d{4})$/.exec(
    written,
  )
  const found = slashes
    ? { day: slashes[1], month: Number(slashes[2]), era: undefined, year: slashes[3] }
    : words && { day: words[1], month: monthNumber(words[2]), era: words[3], year: words[4] }
  const complete = found && found.month !== undefined && (found.day === undefined || found.month > 0)
  if (!complete || (found.day !== undefined && Number(found.day) === 0) || (slashes && found.month === 0)) {
    throw new ThaiError('thai.date.malformed', 'write a date as 15 มกราคม 2533 or 15/01/2533')
  }
  const year = Number(found.year)
  const day = Number(found.day ?? 0)
  const month = found.month as number
  if (found.era === 'ค.ศ.') return { date: gregorian(year, month, day) }
  if (year < 2300)
    throw new ThaiError('thai.date.malformed', 'write the year in the Buddhist era, or with ค.ศ.')
  return fromBuddhistEra(year, month, day, options.reckoning ?? 'subtract-543')
}

/**
 * Holds an ISO date of any precision to the calendar.
 * @throws ThaiError `thai.date.malformed`, `thai.date.no-such-day`
 */
export function parsePartialDate(text: string): PartialDate {
  const parts = typeof text === 'string' ? /^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?$/.exec(text) : null
  if (parts === null)
    throw new ThaiError('thai.date.malformed', 'a date is written 1990-01-15, 1958-07 or 1958')
  const month = parts[2] === undefined ? 0 : Number(parts[2])
  const day = parts[3] === undefined ? 0 : Number(parts[3])
  if ((parts[2] !== undefined && month === 0) || (parts[3] !== undefined && day === 0)) {
    throw new ThaiError('thai.date.no-such-day', 'leave an unknown month or day out')
  }
  return gregorian(Number(parts[1]), month, day)
}

export interface FormatDateOptions {
  /** Default: `full`, `15 มกราคม พ.ศ. 2533`; `short`: `15 ม.ค. พ.ศ. 2533`. */
  readonly style?: 'full' | 'short'
  readonly digits?: 'arabic' | 'thai'
  readonly reckoning?: YearReckoning
}

/** In Thai, in the Buddhist era, as precise as the date is. */
export function formatThaiDate(date: PartialDate, options: FormatDateOptions = {}): string {
  const { style = 'full', digits = 'arabic', reckoning = 'subtract-543' } = options
  const [year, month, day] = partsOf(date)
  const early = reckoning === 'historical' && year <= 1940 && month > 0 && month < 4
  const names = style === 'full' ? thaiMonths : thaiMonthsShort
  const shown = [
    ...(day ? [day] : []),
    ...(month ? [names[month - 1]] : []),
    'พ.ศ.',
    year + (early ? 542 : 543),
  ]
  return digits === 'thai' ? toThaiDigits(shown.join(' ')) : shown.join(' ')
}

/** The register's form of a date: Buddhist era `yyyymmdd`, `00` for what is unknown. */
export function formatRegistryDate(date: PartialDate): string {
  const [year, month, day] = partsOf(date)
  return `${year + 543}${String(month).padStart(2, '0')}${String(day).padStart(2, '0')}`
}

/** The calendar day in Thailand (UTC+7 throughout the year) at an instant. */
export function bangkokDay(at: Date): PartialDate {
  return new Date(at.getTime() + 7 * 3_600_000).toISOString().slice(0, 10)
}

/** Year, month and day of a date; 0 for what is unknown. */
export function partsOf(date: PartialDate): [year: number, month: number, day: number] {
  const [year, month, day] = parsePartialDate(date).split('-').map(Number)
  return [year as number, month ?? 0, day ?? 0]
}

function fromBuddhistEra(year: number, month: number, day: number, reckoning: YearReckoning): ParsedDate {
  const uncertain = year <= 2483 && month < 4
  const shift = uncertain && reckoning === 'historical' && month > 0 ? 542 : 543
  const leapDayOfTheTime = uncertain && month === 2 && day === 29 && isLeapYear(year - 542)
  return {
    date: gregorian(year - (leapDayOfTheTime ? 542 : shift), month, day),
    ...(uncertain && { calendar_note: 'year-began-in-april' as const }),
  }
}

function gregorian(year: number, month: number, day: number): PartialDate {
  if (year < 1800 || year > 2199 || month > 12 || (month === 0 && day !== 0) || day > daysIn(year, month)) {
    throw new ThaiError('thai.date.no-such-day', 'no such day is in the calendar')
  }
  const pad = (number: number) => String(number).padStart(2, '0')
  return [String(year), ...(month ? [pad(month)] : []), ...(day ? [pad(day)] : [])].join('-')
}

export function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
}

function daysIn(year: number, month: number): number {
  return month === 2 ? (isLeapYear(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31
}

function monthNumber(word: string | undefined): number | undefined {
  if (word === undefined) return 0
  const at = Math.max(thaiMonths.indexOf(word), thaiMonthsShort.indexOf(word))
  return at < 0 ? undefined : at + 1
}
