/** Until when what has expired may be deleted, and how long a jump of the clock has stood. */
export interface PurgeState {
  /** Milliseconds since 1970: what expired before it may go. */
  readonly limit: number
  /** The clock when it was last looked at. */
  readonly seen: number
  /** Milliseconds for which a clock that jumped ahead was seen to go on steadily. */
  readonly held: number
}

export interface PurgeLimit {
  /** Looks at the clock (milliseconds since 1970) and gives the limit of now. */
  advance(now: number): number
  /** To be kept where the store outlives the process. */
  readonly state: PurgeState
}

/** Longest step between two looks that counts as time that has passed; milliseconds. */
const longestStep = 3_600_000
/** For how long a clock that jumped further has to go on before it is believed; milliseconds. */
const holdFor = 86_400_000

/**
 * What a wrong clock calls expired only reads as absent; deleting cannot be undone. So what is deleted goes by a limit
 * that follows the clock in steps of an hour at most: after a longer jump it waits until the clock has gone on for a
 * day of running time. A clock that is set back takes the limit with it at once.
 */
export function createPurgeLimit(start: number | PurgeState): PurgeLimit {
  let state: PurgeState = typeof start === 'number' ? { limit: start, seen: start, held: 0 } : start
  return {
    advance(now) {
      const { limit, seen, held } = state
      if (now - limit <= longestStep) {
        state = { limit: now, seen: now, held: 0 }
      } else {
        // Of a step that is itself a jump nothing counts.
        const step = now - seen
        const isSteady = step >= 0 && step <= longestStep
        const total = held + (isSteady ? step : 0)
        state = total >= holdFor ? { limit: now, seen: now, held: 0 } : { limit, seen: now, held: total }
      }
      return state.limit
    },
    get state() {
      return state
    },
  }
}
