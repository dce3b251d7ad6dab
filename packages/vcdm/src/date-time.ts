const pattern =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?|24:00:00(?:\.0+)?)(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))?$/

/**
 * Reads an XML Schema 1.1 dateTimeStamp with a year of four digits, to the millisecond; undefined for anything
 * else, days that do not exist (30 February) among it. VCDM 2.0 sections 4.9 and 5.8.
 */
export function parseDateTimeStamp(value: unknown): Date | undefined {
  return typeof value === 'string' && hasOffset(value) ? parseDateTime(value) : undefined
}

/** As `parseDateTimeStamp`; a time without an offset is one in UTC (VCDM 1.1 section 4.6, VCDM 2.0 section 5.8). */
export function parseDateTime(value: unknown): Date | undefined {
  if (typeof value !== 'string' || value.length > 64 || !pattern.test(value)) return undefined
  const day = Number(value.slice(8, 10))
  if (day > 28 && day > daysInMonth(Number(value.slice(0, 4)), Number(value.slice(5, 7)))) return undefined
  return new Date(hasOffset(value) ? value : `${value}Z`)
}

/** A date as the data model writes it, in whole seconds of UTC. */
export function dateTimeStamp(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`
}

function hasOffset(value: string): boolean {
  return value.endsWith('Z') || value.lastIndexOf('+') > 10 || value.lastIndexOf('-') > 10
}

function daysInMonth(year: number, month: number): number {
  const last = new Date(0)
  last.setUTCFullYear(year, month, 0)
  return last.getUTCDate()
}
