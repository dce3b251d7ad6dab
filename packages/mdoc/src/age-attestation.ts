import { fullDate, type MdocNamespaces } from './issue.ts'

// The age attestations of the driving licence, ISO/IEC 18013-5 section 7.2.5.

/** The namespace of which the rules are. */
export const ageNamespace = 'org.iso.18013.5.1'

const pattern = /^age_over_(\d\d)$/

export interface AgeAttestationsOptions {
  /** `yyyy-mm-dd` */
  readonly birthDate: string
  /** The day on which it is issued where it is issued, `yyyy-mm-dd`: what is false by then may be true tomorrow. */
  readonly on: string
  /** Of which ages something is said, 0 to 99. */
  readonly ages: readonly number[]
}

/**
 * The elements `age_over_NN`: whether somebody has reached each age on that day, exactly. Who was born on the 29th of
 * February reaches an age on the 1st of March of a year without that day.
 * @throws TypeError when a day is none, or an age is not a whole number from 0 to 99
 */
export function ageAttestations({ birthDate, on, ages }: AgeAttestationsOptions): MdocNamespaces[string] {
  const [birth, today] = [dayOf(birthDate), dayOf(on)]
  const hadBirthday = today.monthAndDay >= birth.monthAndDay
  const age = today.year - birth.year - (hadBirthday ? 0 : 1)
  return Object.fromEntries(
    ages.map((asked) => {
      if (!Number.isInteger(asked) || asked < 0 || asked > 99) throw new TypeError('an age is 0 to 99')
      return [`age_over_${String(asked).padStart(2, '0')}`, age >= asked]
    }),
  )
}

function dayOf(day: string): { readonly year: number; readonly monthAndDay: string } {
  fullDate(day)
  return { year: Number(day.slice(0, 4)), monthAndDay: day.slice(5) }
}

/**
 * What a licence says to the question `age_over_NN` that it does not hold itself: the nearest age above that was
 * reached, else the nearest below that was not. Undefined when neither says anything about NN, or another element is
 * asked for.
 */
export function nearestAgeAttestation(
  held: Readonly<Record<string, unknown>>,
  element: string,
): string | undefined {
  const asked = ageOf(element)
  if (asked === undefined) return undefined
  if (Object.hasOwn(held, element)) return element
  const known = Object.entries(held).flatMap(([name, value]) => {
    const age = ageOf(name)
    return age !== undefined && typeof value === 'boolean' ? [{ name, age, value }] : []
  })
  const above = known.filter(({ age, value }) => value && age > asked).sort((a, b) => a.age - b.age)
  const below = known.filter(({ age, value }) => !value && age < asked).sort((a, b) => b.age - a.age)
  return (above[0] ?? below[0])?.name
}

/** The element that answers for the one asked, of one of these documents; the one asked where none does. */
export function answeringElement(
  held: readonly Readonly<Record<string, unknown>>[],
  namespace: string,
  element: string,
): string {
  if (namespace !== ageNamespace || held.some((elements) => Object.hasOwn(elements, element))) return element
  const answers = held.map((elements) => nearestAgeAttestation(elements, element))
  return answers.find((answer) => answer !== undefined) ?? element
}

function ageOf(element: string): number | undefined {
  const [, digits] = pattern.exec(element) ?? []
  return digits === undefined ? undefined : Number(digits)
}
