import { ThaiError } from './errors.ts'

const thaiDigits = '๐๑๒๓๔๕๖๗๘๙'

// Controls, format characters (zero-width, bidirectional, soft hyphen), lone surrogates, private use, unassigned.
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\u2028\u2029\u115f\u1160\u3164\uffa0]/u
const looseMark = /(^|[\s.\-(])\p{M}/u

/** Thai digits as ASCII digits; everything else stays. */
export function toArabicDigits(text: string): string {
  return text.replace(/[๐-๙]/g, (digit) => String(thaiDigits.indexOf(digit)))
}

/** ASCII digits as Thai digits; everything else stays. */
export function toThaiDigits(text: string): string {
  return text.replace(/[0-9]/g, (digit) => thaiDigits.charAt(Number(digit)))
}

/**
 * One spelling for one text, so that names can be compared: Unicode NFC (never NFKC, which takes ำ apart), a
 * nikhahit and sara aa typed separately become ำ, two sara e become แ, runs of blanks become one space.
 * @throws ThaiError `thai.text.invisible` for characters nobody can see: two names that look alike must be alike
 * @throws ThaiError `thai.text.malformed` when empty, longer than `maxLength` units (default: 200), or when a
 * vowel or tone mark stands on nothing
 */
export function parseThaiText(
  text: string,
  { maxLength = 200 }: { readonly maxLength?: number } = {},
): string {
  if (typeof text !== 'string' || text.length > maxLength * 2) {
    throw new ThaiError('thai.text.malformed', 'not a text, or too long')
  }
  const blanks = text.replace(/[\t\n\r\u00a0\u2000-\u200a\u202f\u205f\u3000 ]+/g, ' ').trim()
  if (invisible.test(blanks)) {
    throw new ThaiError('thai.text.invisible', 'holds characters that cannot be seen: type it again')
  }
  const whole = blanks
    .normalize('NFC')
    .replace(/\u0e4d([\u0e48-\u0e4b]?)\u0e32/g, '$1\u0e33')
    .replaceAll('\u0e40\u0e40', '\u0e41')
  if (whole === '' || whole.length > maxLength) {
    throw new ThaiError('thai.text.malformed', 'empty or too long')
  }
  if (looseMark.test(whole)) {
    throw new ThaiError('thai.text.malformed', 'a vowel or tone mark stands on nothing')
  }
  return whole
}
