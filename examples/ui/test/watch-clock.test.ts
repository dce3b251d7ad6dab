import { createMemoryStore } from '@ekkasan/core'
import { type ClockWatch, watchClock, watchReadiness } from '@ekkasan-examples/ui'
import { afterEach, beforeEach, expect, it } from 'vitest'

const storeTime = Date.parse('2026-06-01T00:00:00Z')
const store = createMemoryStore({ clock: () => new Date(storeTime) })
let ahead: number
let events: unknown[]
let watch: ClockWatch

const open = async (seconds: number) => {
  ahead = seconds
  watch = await watchClock({
    store,
    log: (event, data) => events.push([event, data?.seconds]),
    clock: () => new Date(storeTime + ahead * 1000),
  })
  return watch
}
beforeEach(() => {
  events = []
})
afterEach(() => watch.stop())

it.each([0, 29, 30, -30])('takes %i seconds between the clocks for right [L7]', async (seconds) => {
  await (await open(seconds)).check()
  expect(events).toEqual([])
})

it.each([31, -31, 90_000])(
  'is not ready at %i seconds between the clocks, and says so once [L7]',
  async (seconds) => {
    const { check } = await open(seconds)
    await expect(check()).rejects.toThrow(/clock.*NTP/)
    await expect(check()).rejects.toThrow(`${Math.abs(seconds)} seconds`)
    expect(events).toEqual([['clock-skew', seconds]])
    // What /readyz asks: the check of the clocks is part of it.
    expect(await watchReadiness(check, () => {})()).toBe(false)
  },
)

it('is ready again once the clocks agree [L7]', async () => {
  const { check } = await open(3600)
  ahead = 1
  await check()
  expect(events).toEqual([
    ['clock-skew', 3600],
    ['clock-right', 1],
  ])
})
