import { issuedTimes, startOfDay } from '@ekkasan/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const at = (text: string) => new Date(text)
const hour = 3_600_000
const day = 24 * hour

describe('the beginning of a day', () => {
  it.each([
    ['2026-11-30T03:12:59Z', undefined, '2026-11-29T17:00:00Z'],
    ['2026-11-29T17:00:00Z', undefined, '2026-11-29T17:00:00Z'],
    ['2026-11-29T16:59:59.999Z', undefined, '2026-11-28T17:00:00Z'],
    ['2026-11-30T03:12:59Z', 'UTC', '2026-11-30T00:00:00Z'],
    ['2026-11-30T03:12:59Z', 'Asia/Kathmandu', '2026-11-29T18:15:00Z'],
    // Clocks go forward at 02:00, and back at 03:00.
    ['2026-03-29T12:00:00Z', 'Europe/Paris', '2026-03-28T23:00:00Z'],
    ['2026-10-25T12:00:00Z', 'Europe/Paris', '2026-10-24T22:00:00Z'],
    // A day that begins at one o'clock: clocks go forward at midnight.
    ['2026-03-29T12:00:00Z', 'Asia/Beirut', '2026-03-28T22:00:00Z'],
  ])('%s in %s is %s [I]', (time, zone, begin) => {
    expect(startOfDay(at(time), zone)).toEqual(at(begin))
  })

  it('is the same for every time of a day, and never later than it [I]', () => {
    const zones = fc.constantFrom('Asia/Bangkok', 'UTC', 'Europe/Paris', 'Asia/Beirut', 'America/St_Johns')
    const times = fc.integer({ min: Date.parse('2020-01-01'), max: Date.parse('2040-01-01') })
    fc.assert(
      fc.property(zones, times, (zone, time) => {
        const begin = startOfDay(new Date(time), zone)
        expect(begin.getTime()).toBeLessThanOrEqual(time)
        expect(time - begin.getTime()).toBeLessThan(25 * hour + 1)
        expect(startOfDay(begin, zone)).toEqual(begin)
      }),
    )
  })
})

describe('days on which clocks change', () => {
  it.each([
    ['Asia/Beirut', '2026-03-27', '2026-03-31'],
    ['America/St_Johns', '2006-10-27', '2006-11-01'],
    ['Australia/Lord_Howe', '2026-04-03', '2026-04-07'],
    ['Pacific/Apia', '2011-12-28', '2012-01-02'],
  ])('are no others’ days: %s, forwards and backwards [I]', (timeZone, first, last) => {
    const inZone = new Intl.DateTimeFormat('en', { timeZone, dateStyle: 'short' })
    const times: number[] = []
    for (let time = Date.parse(first); time < Date.parse(last); time += hour / 2) times.push(time)
    for (const time of [...times, ...times.toReversed()]) {
      const begin = startOfDay(new Date(time), timeZone).getTime()
      expect(begin).toBeLessThanOrEqual(time)
      expect(inZone.format(begin)).toBe(inZone.format(time))
      expect(inZone.format(begin - 1)).not.toBe(inZone.format(time))
    }
  })
})

describe('the times of a credential', () => {
  const now = at('2026-11-30T03:12:59.123Z')
  const untilOf = (until: Date, zone?: string) => issuedTimes(now, { from: now, until }, zone).until

  it('cuts ends to the day, or with less than two days left to the hour [I]', () => {
    expect(issuedTimes(now, { from: now })).toMatchObject({
      issued: at('2026-11-29T17:00:00Z'),
      from: at('2026-11-29T17:00:00Z'),
    })
    expect(untilOf(new Date(now.getTime() + 30 * day))).toEqual(at('2026-12-29T17:00:00Z'))
    expect(untilOf(new Date(now.getTime() + 2 * day))).toEqual(at('2026-12-01T17:00:00Z'))
    expect(untilOf(new Date(now.getTime() + 2 * day - 1))).toEqual(at('2026-12-02T03:00:00Z'))
    expect(untilOf(new Date(now.getTime() + 5 * hour))).toEqual(at('2026-11-30T08:00:00Z'))
    // The document's own end is midnight in Bangkok, and stays so.
    expect(untilOf(at('2030-01-14T17:00:00Z'))).toEqual(at('2030-01-14T17:00:00Z'))
    expect(untilOf(at('2030-01-14T17:00:00Z'), 'UTC')).toEqual(at('2030-01-14T00:00:00Z'))
  })

  it('an end is never later than it was, and never before the start [I]', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 * day }), fc.integer({ min: 0, max: day }), (left, into) => {
        const start = new Date(now.getTime() + into)
        const until = new Date(start.getTime() + left)
        const cut = issuedTimes(start, { from: start, until }).until as Date
        expect(cut.getTime()).toBeLessThanOrEqual(until.getTime())
        expect(cut.getTime()).toBeGreaterThan(start.getTime())
      }),
    )
    // Too short for an hour: a minute still does not say which second it was issued in. Too short for that: it stays.
    expect(untilOf(at('2026-11-30T03:42:59.123Z'))).toEqual(at('2026-11-30T03:42:00Z'))
    const short = new Date(now.getTime() + 500)
    expect(untilOf(short)).toEqual(short)
  })

  it('are not cut twice, whoever is handed them [I]', () => {
    const times = issuedTimes(now, { from: now, until: new Date(now.getTime() + 1.9 * day) }, 'UTC')
    expect(issuedTimes(new Date(now.getTime() + day), times, 'Asia/Bangkok')).toBe(times)
  })

  it.each([
    ['an end before the start', { from: now, until: new Date(0) }, undefined],
    ['an end at the start', { from: now, until: now }, undefined],
    ['no date', { from: new Date(Number.NaN) }, undefined],
    ['a text', { from: '2026-11-30' as never }, undefined],
    ['a time zone that is none', { from: now }, 'Asia/Bankok'],
  ])('%s is misuse [I] [B3]', (_what, period, zone) => {
    expect(() => issuedTimes(now, period, zone)).toThrow(TypeError)
  })
})
