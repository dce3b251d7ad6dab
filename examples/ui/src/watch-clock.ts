import type { Store } from '@ekkasan/core'
import type { Log } from './log.ts'

/** Seconds by which the clock of the program may differ from that of its store. */
const tolerance = 30
const interval = 60_000

export interface ClockWatch {
  /** Measures. @throws Error when the clocks differ by more than is tolerated */
  check(): Promise<void>
  stop(): void
}

/**
 * Measures at start and once a minute by how much this machine's clock and the store's differ. What expires is settled by
 * the store's clock, but nonces and credentials carry the time of this one.
 */
export async function watchClock(options: {
  readonly store: Store
  readonly log: Log
  readonly clock?: () => Date
}): Promise<ClockWatch> {
  const { store, log, clock = () => new Date() } = options
  let wasOff = false
  const check = async () => {
    const before = clock().getTime()
    const theirs = (await store.now()).getTime()
    const mine = (before + clock().getTime()) / 2
    const skew = Math.round((mine - theirs) / 1000)
    const isOff = Math.abs(skew) > tolerance
    if (isOff !== wasOff) log(isOff ? 'clock-skew' : 'clock-right', { seconds: skew, tolerance })
    wasOff = isOff
    if (isOff) {
      throw new Error(
        `the clock of this machine is ${Math.abs(skew)} seconds ${skew > 0 ? 'ahead of' : 'behind'} that of the store; set them by NTP`,
      )
    }
  }
  await check().catch(() => undefined)
  const timer = setInterval(() => void check().catch(() => undefined), interval)
  timer.unref()
  return { check, stop: () => clearInterval(timer) }
}
