import { momentText } from '@ekkasan/core/check-texts'
import { type Bilingual, Text } from './text.tsx'

const timeZone = 'Asia/Bangkok'
const inBoth = (options: Intl.DateTimeFormatOptions, at: Date): Bilingual => {
  const format = (locale: string) => new Intl.DateTimeFormat(locale, { timeZone, ...options }).format(at)
  return { th: format('th-TH'), en: format('en-GB') }
}

/** A day as people in Thailand, and elsewhere, write it. */
export function dateWords(at: Date): Bilingual {
  return inBoth({ dateStyle: 'long' }, at)
}

/** The last day of a validity that ends at `until`: the end itself, often midnight, is no longer in it. */
export function lastDayWords(until: Date): Bilingual {
  return dateWords(new Date(until.getTime() - 1))
}

/** The time of day, in Thailand. */
export function timeWords(at: Date): Bilingual {
  const time = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short', timeZone }).format(at)
  return { th: `${time} น.`, en: time }
}

/** A time in people's units: `5 นาที` for 300 seconds, `1 ปี (365 วัน)` for 365 days; under two minutes in seconds. */
export function durationWords(seconds: number): Bilingual {
  const units = [
    [86_400, 'วัน', 'day'],
    [3600, 'ชั่วโมง', 'hour'],
    [60, 'นาที', 'minute'],
  ] as const
  const say = (count: number, th: string, en: string): Bilingual => ({
    th: `${count} ${th}`,
    en: `${count} ${en}${count === 1 ? '' : 's'}`,
  })
  const days = seconds / 86_400
  if (days >= 365 && days % 365 === 0) {
    const [years, all] = [say(days / 365, 'ปี', 'year'), say(days, 'วัน', 'day')]
    return { th: `${years.th} (${all.th})`, en: `${years.en} (${all.en})` }
  }
  const fits = units.find(([size]) => seconds >= Math.max(size, 120) && seconds % size === 0)
  if (fits) return say(seconds / fits[0], fits[1], fits[2])
  if (seconds < 120) return say(seconds, 'วินาที', 'second')
  return { th: `ประมาณ ${Math.round(seconds / 60)} นาที`, en: `about ${Math.round(seconds / 60)} minutes` }
}

/** A moment on a screen, never broken over lines; `short` in tables. */
export function Moment({ at, short }: { readonly at: Date; readonly short?: boolean }) {
  const full = momentText(at)
  const day = inBoth({ dateStyle: 'medium' }, at)
  const time = timeWords(at)
  const words = short ? { th: `${day.th} ${time.th}`, en: `${day.en}, ${time.en}` } : full
  return (
    <time class="moment" datetime={at.toISOString()}>
      <Text th={words.th} en={words.en} inline />
    </time>
  )
}

/** A day on a screen, never broken over lines. `last`: `at` is the end of a validity. */
export function Day({ at, last }: { readonly at: Date; readonly last?: boolean }) {
  const words = last ? lastDayWords(at) : dateWords(at)
  return (
    <time class="moment" datetime={at.toISOString()}>
      <Text {...words} inline />
    </time>
  )
}
