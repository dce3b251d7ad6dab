import { watchReadiness } from '@ekkasan-examples/ui'
import { afterEach, expect, it, vi } from 'vitest'

afterEach(() => {
  vi.useRealTimers()
})

it('a check that never ends is given up, and the program ready again with the next [L6]', async () => {
  vi.useFakeTimers()
  let checks = 0
  const events: unknown[] = []
  // A store whose connection has died without a word answers nothing; the next connection does.
  const isReady = watchReadiness(
    () => (++checks === 1 ? new Promise(() => {}) : Promise.resolve()),
    (event) => events.push(event),
  )
  const seen: boolean[] = []
  for (let second = 0; second < 14; second++) {
    const answer = isReady()
    await vi.advanceTimersByTimeAsync(1000)
    seen.push(await answer)
    if (second === 8) expect(checks).toBe(1)
  }
  expect([seen[0], seen.at(-1)]).toEqual([false, true])
  expect(events).toEqual(['not-ready', 'ready-again'])
})
