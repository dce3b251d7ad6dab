import { createMemoryStore, createPurgeLimit } from '@ekkasan/core'
import { expect, it } from 'vitest'

const hour = 3_600_000
const day = 24 * hour
const start = Date.parse('2026-06-01T00:00:00Z')

it('follows a clock that goes on in steps of an hour at most [L11]', () => {
  const limit = createPurgeLimit(start)
  for (let now = start; now < start + day; now += hour) expect(limit.advance(now)).toBe(now)
})

it('does not follow a jump until the clock has gone on for a day of running time [L11]', () => {
  const limit = createPurgeLimit(start)
  let now = start + 365 * day
  for (let minutes = 0; minutes < 24 * 60; minutes++) {
    expect(limit.advance(now)).toBe(start)
    now += 60_000
  }
  expect(limit.advance(now)).toBe(now)
})

it('follows at once when the clock is set right again [L11]', () => {
  const limit = createPurgeLimit(start)
  limit.advance(start + 365 * day)
  expect(limit.advance(start + 60_000)).toBe(start + 60_000)
})

it('counts running time over restarts, and no time in which nothing ran [L11]', () => {
  let state = createPurgeLimit(start).state
  let now = start
  const run = (hours: number) => {
    const limit = createPurgeLimit(state)
    let reached = limit.advance(now)
    for (let i = 0; i < hours * 60; i++) {
      now += 60_000
      reached = limit.advance(now)
    }
    state = limit.state
    return reached
  }
  // An office that switches its machine off at night.
  for (let days = 0; days < 2; days++) {
    now += 15 * hour
    expect(run(9)).toBe(start)
  }
  now += 15 * hour
  expect(run(9)).toBeGreaterThan(start + 2 * day)
})

it('keeps the entries of a memory store that a jump of the clock calls expired [L11]', async () => {
  let time = start
  const store = createMemoryStore({ clock: () => new Date(time) })
  await store.put('record', 'of a living credential', { expiresAt: new Date(start + 90 * day) })
  time += 365 * day
  for (let i = 0; i < 3000; i++) await store.put(`other/${i}`, i)
  expect(await store.get('record')).toBeUndefined()
  time = start
  expect((await store.get('record'))?.value).toBe('of a living credential')
})
