/** A time that may be open at either end. */
export interface Period {
  readonly from?: Date
  readonly until?: Date
}

/** The two ends alone, of what says more. */
export function periodOf({ from, until }: Period): Period {
  return { ...(from && { from }), ...(until && { until }) }
}

/** The time in which all hold: of what a credential says of its data, and of its signature. */
export function commonPeriod(
  ...periods: readonly { readonly [end in keyof Period]?: Date | null | undefined }[]
): Period {
  let start: Date | undefined
  let end: Date | undefined
  for (const { from, until } of periods) {
    if (from && !(start && start >= from)) start = from
    if (until && !(end && end <= until)) end = until
  }
  return { ...(start && { from: start }), ...(end && { until: end }) }
}
