// Who removes a key from circulation leaves it in his document, for what was signed before, and writes there when it ended.

const dateTimeStamp = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/

/**
 * Whether a verification method may be used at a time: not from its `expires` or its `revoked` on (Controlled Identifiers
 * 1.0 section 2.2). A time that cannot be read ends it too; an explicit null says nothing.
 */
export function isMethodInUse(method: object, at: Date): boolean {
  const { expires, revoked } = method as { readonly expires?: unknown; readonly revoked?: unknown }
  return [expires, revoked].every((end) => end === undefined || end === null || at < timeOf(end))
}

/** An invalid date is later than none. */
function timeOf(value: unknown): Date {
  return new Date(typeof value === 'string' && dateTimeStamp.test(value) ? value : Number.NaN)
}
