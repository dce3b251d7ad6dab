/** How much work may be done for something that came from outside, before anybody vouches for it. */
export interface WorkBudget {
  /** Takes so much of it. False where less is left; from then on nothing is. */
  take(units: number): boolean
}

export function createWorkBudget(units: number): WorkBudget {
  let left = units
  return {
    take(wanted) {
      left = wanted > left ? -1 : left - wanted
      return left >= 0
    },
  }
}

/** Statements of linked data that are put in canonical form for one answer, all its presentations together. */
export const statementsOfAnAnswer = 50_000
