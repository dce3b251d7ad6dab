import type { JsonValue } from '@ekkasan/core'
import { type Bilingual, Text } from '@ekkasan-examples/ui/parts'
import { isPicture, type Leaf } from './claims.ts'

/** A claim's value for people: dates in the Buddhist era, codes in words, pictures as pictures. */
export function Value({ leaf }: { readonly leaf: Leaf }) {
  const { value, label } = leaf
  if (isPicture(value)) return <img class="photo" src={value} alt={`${label.th} ${label.en}`} />
  const words = wordsOf(leaf)
  if (words) return <Text {...words} inline />
  return <span class="said">{textOf(value)}</span>
}

const sexes: Readonly<Record<string, Bilingual>> = {
  '0': { th: 'ไม่ทราบ', en: 'not known' },
  '1': { th: 'ชาย', en: 'male' },
  '2': { th: 'หญิง', en: 'female' },
  '9': { th: 'ไม่ระบุ', en: 'not applicable' },
}

function wordsOf({ path, value }: Leaf): Bilingual | undefined {
  if (typeof value === 'boolean') return value ? { th: 'ใช่', en: 'yes' } : { th: 'ไม่ใช่', en: 'no' }
  // ISO/IEC 5218, which identity documents use everywhere.
  if (path.at(-1) === 'sex' && typeof value === 'number') return sexes[String(value)]
  if (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value)) return dateOf(new Date(value))
  return undefined
}

export function dateOf(date: Date): Bilingual {
  const format = (locale: string) =>
    new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'Asia/Bangkok' }).format(date)
  return { th: format('th-TH'), en: format('en-GB') }
}

function textOf(value: JsonValue): string {
  if (value === null) return '–'
  if (Array.isArray(value)) return value.map(textOf).join(', ')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
