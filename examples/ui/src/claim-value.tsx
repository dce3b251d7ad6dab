import type { JsonObject, JsonValue } from '@ekkasan/core'
import { isPicture, pictureOf } from '@ekkasan-examples/documents/picture'
import { type Bilingual, Text } from './text.tsx'
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
  if (isPicture(value)) return <img class="photo" src={value} alt={`${label.th} ${label.en}`} />
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
  return words ? <Text {...words} inline /> : <span class="said">{textOf(value)}</span>
}

/** A day or a moment as people in Thailand, and elsewhere, write it. */
export function dateWords(date: Date): Bilingual {
  const format = (locale: string) =>
    new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'Asia/Bangkok' }).format(date)
  return { th: format('th-TH'), en: format('en-GB') }
}

// ISO/IEC 5218, which identity documents use everywhere.
const sexes: Readonly<Record<string, Bilingual>> = {
  '0': { th: 'ไม่ทราบ', en: 'not known' },
  '1': { th: 'ชาย', en: 'male' },
  '2': { th: 'หญิง', en: 'female' },
  '9': { th: 'ไม่ระบุ', en: 'not applicable' },
}

function wordsOf(name: string, value: JsonValue): Bilingual | undefined {
  if (typeof value === 'boolean') return value ? { th: 'ใช่', en: 'yes' } : { th: 'ไม่ใช่', en: 'no' }
  if (name === 'sex' && typeof value === 'number') return sexes[String(value)]
  if (/(^|_)country$|^nationalit(y|ies)$/.test(name)) return countriesWords(value)
  if (isDay(value)) return dateWords(new Date(value))
  return /^birth_?date$/.test(name) ? partialDateWords(value) : undefined
}

function countriesWords(value: JsonValue): Bilingual | undefined {
  const countries = [value].flat().map(countryWords)
  const known = countries.filter((country) => country !== undefined)
  if (known.length === 0 || known.length !== countries.length) return undefined
  return { th: known.map(({ th }) => th).join(', '), en: known.map(({ en }) => en).join(', ') }
}

/** A birthday of which the register knows the year, or the month and the year. */
function partialDateWords(value: JsonValue): Bilingual | undefined {
  if (typeof value !== 'string' || !/^\d{4}(-\d{2})?$/.test(value)) return undefined
  const month = value.length > 4 ? ({ month: 'long' } as const) : {}
  const format = (locale: string) =>
    new Intl.DateTimeFormat(locale, { year: 'numeric', ...month, timeZone: 'UTC' }).format(new Date(value))
  return { th: format('th-TH'), en: format('en-GB') }
}

/** What a driving privilege says: its category, then the days between which it holds. */
function wordsOfMembers(value: JsonObject): Bilingual {
  const members = Object.entries(value).sort(
    ([, one], [, other]) => Number(isDay(one)) - Number(isDay(other)),
  )
  const said = members.map(([name, member]): Bilingual => {
    if (!isDay(member)) return { th: textOf(member), en: textOf(member) }
    const day = dateWords(new Date(member))
    return /^(expir|until|end)/.test(name)
      ? { th: `ถึง ${day.th}`, en: `until ${day.en}` }
      : { th: `ตั้งแต่ ${day.th}`, en: `from ${day.en}` }
  })
  return { th: said.map(({ th }) => th).join(' '), en: said.map(({ en }) => en).join(' ') }
}

function textOf(value: JsonValue): string {
  if (value === null) return '–'
  if (Array.isArray(value)) return value.map(textOf).join(', ')
  return isObject(value) ? wordsOfMembers(value).th : String(value)
}

const isDay = (value: JsonValue): value is string =>
  typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value)

const isObject = (value: JsonValue): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
