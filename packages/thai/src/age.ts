import { bangkokDay, isLeapYear, type PartialDate, partsOf } from './dates.ts'

/** Ages that matter in Thailand: 7 card, 15 child, 18 vote, 20 majority, 60 elderly. */
export const significantAges = [7, 15, 18, 20, 60] as const

export type AgeEqualOrOver = Readonly<Record<'7' | '15' | '18' | '20' | '60', boolean>>

/**
 * Whether somebody has reached an age at an instant, by the calendar day in Bangkok. Our policy, after the Civil
 * and Commercial Code section 16: an unknown day counts as the first of the month, an unknown month as the first
 * of the year. Who was born on 29 February reaches an age on 1 March of other years (section 193/5).
 * @throws ThaiError for a birthdate that is no date
 */
export function hasReachedAge(birthdate: PartialDate, years: number, at: Date): boolean {
  const [year, month, day] = partsOf(birthdate)
  const then = year + years
  const birthday =
    month === 2 && day === 29 && !isLeapYear(then)
      ? `${then}-03-01`
      : `${then}-${String(month || 1).padStart(2, '0')}-${String(day || 1).padStart(2, '0')}`
  return bangkokDay(at) >= birthday
}

/** The claim `age_equal_or_over`, true at an instant; it goes stale, so give a credential with it a short life. */
export function deriveAgeEqualOrOver(birthdate: PartialDate, at: Date): AgeEqualOrOver {
  return Object.fromEntries(
    significantAges.map((age) => [String(age), hasReachedAge(birthdate, age, at)]),
  ) as unknown as AgeEqualOrOver
}
