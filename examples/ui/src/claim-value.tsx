import type { JsonObject, JsonValue } from '@ekkasan/core'
import { isPicture, pictureOf } from '@ekkasan-examples/documents/picture'
import { dateWords } from './dates.tsx'
import { inOneLanguage } from './screen-language.ts'
import { type Bilingual, languageOf, Text } from './text.tsx'
import { countryWords } from './words.ts'

/** A claim's value for people: dates in the Buddhist era, codes in words, pictures as pictures. */
export function ClaimValue(props: {
  /** The last name of its path. */
  readonly name: string
  readonly label: Bilingual
  readonly value: JsonValue
}) {
  const { name, label } = props
  const value = pictureOf(props.value)
  if (isPicture(value)) return <img class="photo" src={value} alt={inOneLanguage(label)} />
  if (Array.isArray(value) && value.some(isObject)) {
    return (
      <ul class="bare">
        {value.map((item) => (
          <li>{isObject(item) ? <Text {...wordsOfMembers(item)} /> : String(item)}</li>
        ))}
      </ul>
    )
  }
  const words = wordsOf(name, value)
  if (words) return <Text {...words} inline />
  const text = textOf(value)
  return (
    <span class="said" lang={languageOf(text)}>
      {text}
    </span>
  )
}

// ISO/IEC 5218, which identity documents use everywhere.
const sexes: Readonly<Record<string, Bilingual>> = {
  '0': { th: 'ไม่ทราบ', en: 'not known' },
  '1': { th: 'ชาย', en: 'male' },
  '2': { th: 'หญิง', en: 'female' },
  '9': { th: 'ไม่ระบุ', en: 'not applicable' },
}

/** What Thai registers write as codes. */
const codes: Readonly<Record<string, Bilingual>> = {
  'year-began-in-april': {
    th: 'นับปีตามปฏิทินก่อน พ.ศ. 2484 (เดือนมกราคม–มีนาคมอาจคลาดเคลื่อนหนึ่งปี)',
    en: 'Year counted by the calendar before B.E. 2484; January to March may be one year off',
  },
}

/** Authorities that documents name in one language only. */
const authorities: readonly Bilingual[] = [
  { th: 'กรมการปกครอง', en: 'Department of Provincial Administration' },
  { th: 'กรมการขนส่งทางบก', en: 'Department of Land Transport' },
]

/** Categories of ISO/IEC 18013-1 that Thai licences have. */
const vehicles: Readonly<Record<string, Bilingual>> = {
  A: { th: 'รถจักรยานยนต์', en: 'Motorcycle' },
  B: { th: 'รถยนต์', en: 'Car' },
}

function wordsOf(name: string, value: JsonValue): Bilingual | undefined {
  if (typeof value === 'boolean') return booleanWords(name, value)
  if (name === 'issuing_authority') return authorities.find(({ th, en }) => value === th || value === en)
  if (name === 'sex' && typeof value === 'number') return sexes[String(value)]
  if (/^nationalit(y|ies)$/.test(name)) return countriesWords(value, nationalityWords)
  if (/(^|_)country$/.test(name)) return countriesWords(value, countryWords)
  if (isDay(value)) return dateWords(new Date(value))
  if (/^birth_?date_registry$/.test(name)) return registryDateWords(value)
  if (typeof value === 'string' && Object.hasOwn(codes, value)) return codes[value]
  return /^birth_?date$/.test(name) ? partialDateWords(value) : undefined
}

/** Of an age that is reached or not (`age_equal_or_over.20`, `age_over_18`) people do not say yes or no. */
function booleanWords(name: string, value: boolean): Bilingual {
  if (/^(age_over_)?\d{1,3}$/.test(name)) {
    return value ? { th: 'ครบแล้ว', en: 'reached' } : { th: 'ยังไม่ครบ', en: 'not reached' }
  }
  return value ? { th: 'ใช่', en: 'yes' } : { th: 'ไม่ใช่', en: 'no' }
}

function nationalityWords(code: unknown): Bilingual | undefined {
  return code === 'TH' ? { th: 'ไทย', en: 'Thai' } : countryWords(code)
}

function countriesWords(
  value: JsonValue,
  wordsOfOne: (code: unknown) => Bilingual | undefined,
): Bilingual | undefined {
  const countries = [value].flat().map(wordsOfOne)
  const known = countries.filter((country) => country !== undefined)
  if (known.length === 0 || known.length !== countries.length) return undefined
  return { th: known.map(({ th }) => th).join(', '), en: known.map(({ en }) => en).join(', ') }
}

/** A birthday of which the register knows the year, or the month and the year. */
function partialDateWords(value: JsonValue): Bilingual | undefined {
  const [, year, month] = (typeof value === 'string' && /^(\d{4})(?:-(\d{2}))?$/.exec(value)) || []
  return year === undefined ? undefined : partlyKnown(Number(year), month === undefined ? 0 : Number(month))
}

function partlyKnown(year: number, month: number): Bilingual {
  const at = new Date(Date.UTC(year, Math.max(0, month - 1), 1))
  const format = (locale: string, options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' }).format(at)
  if (month === 0) return { th: `ไม่ทราบวันและเดือน พ.ศ. ${year + 543}`, en: `day and month unknown, ${year}` }
  return {
    th: `ไม่ทราบวันที่ ${format('th-TH', { month: 'long' })} ${year + 543}`,
    en: `day unknown, ${format('en-GB', { month: 'long' })} ${year}`,
  }
}

/** As the register writes it: Buddhist era, yyyymmdd, `00` for what is not known. */
function registryDateWords(value: JsonValue): Bilingual | undefined {
  const parts = /^(\d{4})(\d{2})(\d{2})$/.exec(arabicDigits(String(value)))
  if (!parts) return undefined
  const [thaiYear, month, day] = parts.slice(1).map(Number) as [number, number, number]
  if (month > 12 || day > 31) return undefined
  const year = thaiYear - 543
  if (month === 0 || day === 0) return partlyKnown(year, month)
  // As written, without a calendar: until B.E. 2484 the year of January to March is not that of the calendar.
  const monthIn = (locale: string) =>
    new Intl.DateTimeFormat(locale, { month: 'long', timeZone: 'UTC' }).format(Date.UTC(2001, month - 1, 1))
  return {
    th: `${day} ${monthIn('th-TH')} ${thaiYear}`,
    en: `${day} ${monthIn('en-GB')} ${thaiYear < 2484 ? `B.E. ${thaiYear}` : year}`,
  }
}

/** What a driving privilege says: its category, then the days between which it holds. */
function wordsOfMembers(value: JsonObject): Bilingual {
  const members = Object.entries(value).sort(
    ([, one], [, other]) => Number(isDay(one)) - Number(isDay(other)),
  )
  const said = members.map(([name, member]): Bilingual => {
    if (!isDay(member)) return categoryWords(name, member) ?? { th: textOf(member), en: textOf(member) }
    const day = dateWords(new Date(member))
    return /^(expir|until|end)/.test(name)
      ? { th: `ถึงวันที่ ${day.th}`, en: `to ${day.en}` }
      : { th: `ตั้งแต่วันที่ ${day.th}`, en: `from ${day.en}` }
  })
  return { th: said.map(({ th }) => th).join(' '), en: said.map(({ en }) => en).join(' ') }
}

function categoryWords(name: string, value: JsonValue): Bilingual | undefined {
  if (name !== 'vehicle_category_code' || typeof value !== 'string') return undefined
  const known = Object.hasOwn(vehicles, value) ? vehicles[value] : undefined
  return known
    ? { th: `${known.th} (ประเภท ${value})`, en: `${known.en} (category ${value})` }
    : { th: `ประเภท ${value}`, en: `category ${value}` }
}

function textOf(value: JsonValue): string {
  if (value === null) return '–'
  if (Array.isArray(value)) return value.map(textOf).join(', ')
  return isObject(value) ? wordsOfMembers(value).th : arabicDigits(String(value))
}

/** Registers mix Thai and Arabic digits in one address; a screen has one kind. */
export function arabicDigits(text: string): string {
  return text.replace(/[๐-๙]/g, (digit) => String(digit.charCodeAt(0) - 0x0e50))
}

const isDay = (value: JsonValue): value is string =>
  typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value)

const isObject = (value: JsonValue): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
