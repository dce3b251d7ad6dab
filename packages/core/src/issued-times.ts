import type { Period } from './period.ts'

/** Where days begin that nobody said otherwise of. */
export const defaultTimeZone = 'Asia/Bangkok'

/** The times that a credential says: its period, and `iat`, `issuanceDate`, `created` of a proof, `signed` of an mdoc. */
export type IssuedTimes<Given extends Period = Period> = Given & {
  readonly issued: Date
  readonly timeZone: string
}

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** What `issuedTimes` gave: to round it twice would cut an end twice. */
const rounded = new WeakSet<object>()

/**
 * The times of a credential so that they do not tell who it is (RFC 9901 section 10.1): credentials that were issued on
 * one day say the same. Starts are the beginning of their day. An end is cut to the beginning of its day, and where less
 * than two days are left to it, to its hour, or to its minute where the hour is over; it is never later than it was, and
 * left alone where the cut would end the credential before it begins. What this function gave is handed
 * back as it is.
 * @param now when it is issued, exactly: a store may keep that, a credential may not
 * @param timeZone where days and hours begin, by its IANA name; one for an installation
 * @throws TypeError when the end is not after the start, a date is invalid, or the time zone is unknown
 */
export function issuedTimes<Given extends Period>(
  now: Date,
  given: Given,
  timeZone: string = defaultTimeZone,
): IssuedTimes<Given> {
  if (isRounded(given)) return given
  requirePeriod(given)
  const { from, until } = given
  const start = from && from > now ? from : now
  const zone = zoneOf(timeZone)
  const times: IssuedTimes<Given> = Object.freeze({
    ...given,
    timeZone,
    issued: dayIn(zone, now),
    ...(from && { from: dayIn(zone, from) }),
    ...(until && { until: cutEnd(until, start, zone) }),
  })
  rounded.add(times)
  return times
}

/**
 * What an issuer calls before it signs.
 * @throws TypeError when the end is not after the start, or one of them is no date
 */
export function requirePeriod({ from, until }: Period): void {
  for (const [name, date] of Object.entries({ from, until })) {
    if (date !== undefined && !isDate(date)) throw new TypeError(`validity: \`${name}\` is not a date`)
  }
  if (from && until && until <= from) throw new TypeError('validity: `until` is not after `from`')
}

function isRounded<Given extends Period>(given: Given): given is IssuedTimes<Given> {
  return rounded.has(given)
}

/** @throws TypeError when there is no such time zone */
export function startOfDay(at: Date, timeZone: string = defaultTimeZone): Date {
  return dayIn(zoneOf(timeZone), at)
}

function dayIn(zone: Zone, at: Date): Date {
  const time = at.getTime()
  const midnight = floor(time + offsetAt(time, zone), day)
  const begin = midnight - offsetAt(time, zone)
  // On a day that has no midnight, or whose clocks were changed since, the offset was another when it began.
  const other = midnight - offsetAt(begin, zone)
  return new Date(other <= time && floor(other + offsetAt(other, zone), day) === midnight ? other : begin)
}

/** @throws TypeError that says what was expected */
export function requireTimeZone(timeZone: string): void {
  zoneOf(timeZone)
}

function cutEnd(until: Date, start: Date, zone: Zone): Date {
  const left = until.getTime() - start.getTime()
  const offset = offsetAt(until.getTime(), zone)
  const to = (unit: number) => new Date(floor(until.getTime() + offset, unit) - offset)
  const cuts = left < 2 * day ? [to(hour), to(minute)] : [dayIn(zone, until)]
  return cuts.find((cut) => cut > start) ?? until
}

const floor = (time: number, unit: number) => Math.floor(time / unit) * unit

function isDate(value: unknown): value is Date {
  return value instanceof Date && !Number.isNaN(value.getTime())
}

/** Clocks of a time zone: how they write a time, and their offsets on days (of UTC) on which they were not changed. */
interface Zone {
  readonly format: Intl.DateTimeFormat
  readonly offsets: Map<number, number>
}

/** Some thirty years of days. */
const maxOffsets = 10_000

/** Milliseconds by which clocks of the zone are ahead of UTC. */
function offsetAt(time: number, zone: Zone): number {
  const date = Math.floor(time / day)
  const known = zone.offsets.get(date)
  if (known !== undefined) return known
  const offset = readOffset(time, zone)
  if (offset === readOffset(date * day, zone) && offset === readOffset((date + 1) * day - 1, zone)) {
    if (zone.offsets.size >= maxOffsets) zone.offsets.clear()
    zone.offsets.set(date, offset)
  }
  return offset
}

function readOffset(time: number, { format }: Zone): number {
  const parts: Record<string, number> = {}
  for (const { type, value } of format.formatToParts(time)) parts[type] = Number(value)
  const { year = 0, month = 1, day: date = 1, hour: hours = 0, minute = 0, second = 0 } = parts
  return Date.UTC(year, month - 1, date, hours, minute, second) - floor(time, 1000)
}

const zones = new Map<string, Zone>()

function zoneOf(timeZone: string): Zone {
  const known = zones.get(timeZone)
  if (known) return known
  try {
    const format = new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
    const zone = { format, offsets: new Map<number, number>() }
    zones.set(timeZone, zone)
    return zone
  } catch (cause) {
    throw new TypeError(
      `timeZone: ${JSON.stringify(timeZone)} is no IANA time zone such as ${defaultTimeZone}`,
      { cause },
    )
  }
}
