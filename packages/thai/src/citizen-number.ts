import { ThaiError } from './errors.ts'
import { toArabicDigits, toThaiDigits } from './thai-text.ts'

/**
 * Reads a thirteen-digit number of a person, or of a juristic person or taxpayer (they share the rule): plain,
 * or as `x-xxxx-xxxxx-xx-x` with hyphens or spaces, in ASCII or Thai digits. Returns the thirteen ASCII digits.
 *
 * That a number obeys the rule does not mean that it was ever given to anyone. Its first digit tells how the
 * person entered the register, not the nationality; a juristic number begins with 0, and so do some persons'.
 * @throws ThaiError `thai.citizen-number.malformed`, `thai.citizen-number.check-digit`
 */
export function parseCitizenNumber(text: string): string {
  const written = typeof text === 'string' && text.length <= 64 ? toArabicDigits(text.trim()) : ''
  const groups = /^(\d)([- ]?)(\d{4})\2(\d{5})\2(\d{2})\2(\d)$/.exec(written)
  if (groups === null) {
    throw new ThaiError('thai.citizen-number.malformed', 'a citizen number has thirteen digits')
  }
  const number = written.replace(/[- ]/g, '')
  if (citizenNumberCheckDigit(number.slice(0, 12)) !== number.charAt(12)) {
    throw new ThaiError(
      'thai.citizen-number.check-digit',
      'the last digit does not fit the others: a typing error',
    )
  }
  return number
}

export function isCitizenNumber(text: string): boolean {
  try {
    parseCitizenNumber(text)
    return true
  } catch {
    return false
  }
}

/** The thirteenth digit for the first twelve: (11 - sum of digit times weight 13 to 2, modulo 11) modulo 10. */
export function citizenNumberCheckDigit(twelveDigits: string): string {
  if (!/^\d{12}$/.test(twelveDigits)) throw new TypeError('citizenNumberCheckDigit takes twelve digits')
  let sum = 0
  for (let i = 0; i < 12; i++) sum += Number(twelveDigits.charAt(i)) * (13 - i)
  return String((11 - (sum % 11)) % 10)
}

export interface FormatDigitsOptions {
  /** Default: `arabic`. */
  readonly digits?: 'arabic' | 'thai'
}

/** `1101700203451` as `1-1017-00203-45-1`. */
export function formatCitizenNumber(number: string, { digits = 'arabic' }: FormatDigitsOptions = {}): string {
  const parsed = parseCitizenNumber(number)
  const shown = [
    [0, 1],
    [1, 5],
    [5, 10],
    [10, 12],
    [12, 13],
  ]
    .map(([from, to]) => parsed.slice(from, to))
    .join('-')
  return digits === 'thai' ? toThaiDigits(shown) : shown
}
