const pattern =
  /^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]|24(?=:00:00(?:\.0+)?(?:Z|[+-]|$))):([0-5]\d):([0-5]\d)(\.\d+)?(?:Z|([+-])(0\d|1[0-3]|14(?=:00)):([0-5]\d))?$/

/**
 * Reads an XML Schema 1.1 dateTimeStamp with a year of four digits, to the millisecond; undefined for anything
 * else, days that do not exist (30 February) among it. VCDM 2.0 sections 4.9 and 5.8.
 */
export function parseDateTimeStamp(value: unknown): Date | undefined {
  return typeof value === 'string' && /(?:Z|[+-]\d\d:\d\d)$/.test(value) ? parseDateTime(value) : undefined
}

/** As `parseDateTimeStamp`; a time without an offset is one in UTC (VCDM 1.1 section 4.6, VCDM 2.0 section 5.8). */
export function parseDateTime(value: unknown): Date | undefined {
  const parts = typeof value === 'string' && value.length < 64 ? pattern.exec(value) : null
  if (!parts) return undefined
  const [, year, month, day, hour, minute, second, fraction = '', sign, offsetHour, offsetMinute] = parts
  const date = new Date(0)
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day))
  if (date.getUTCDate() !== Number(day)) return undefined
  const milliseconds = Number(`${fraction.slice(1, 4)}000`.slice(0, 3))
  const offset = (Number(offsetHour ?? 0) * 60 + Number(offsetMinute ?? 0)) * (sign === '-' ? -1 : 1)
  date.setUTCHours(Number(hour), Number(minute) - offset, Number(second), milliseconds)
  return date
}
