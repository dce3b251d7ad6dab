/** A time that may be open at either end. */
export interface Period {
  readonly from?: Date
  readonly until?: Date
}

/** The time in which all hold: of what a credential says of its data, and of its signature. */
export function commonPeriod(
  ...periods: readonly { readonly [end in keyof Period]?: Date | null | undefined }[]
): Period {
  const starts = periods.flatMap(({ from }) => (from ? [from.getTime()] : []))
  const ends = periods.flatMap(({ until }) => (until ? [until.getTime()] : []))
  return {
    ...(starts.length > 0 && { from: new Date(Math.max(...starts)) }),
    ...(ends.length > 0 && { until: new Date(Math.min(...ends)) }),
  }
}
