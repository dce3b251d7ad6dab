import type { Check } from './check.ts'

/**
 * The root of every error that is not a programmer's mistake (those are TypeErrors). `code` is stable and
 * documented; `message` says what to do and never holds a secret, a token or a claim's value.
 */
export class EkkasanError<Code extends string = string> extends Error {
  readonly code: Code

  constructor(code: Code, message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.name = new.target.name
    this.code = code
  }
}

/** At least one check failed: what was presented is not acceptable. `checks` holds all of them. */
export class RejectedError extends EkkasanError {
  readonly checks: readonly Check[]

  constructor(checks: readonly Check[]) {
    const failed = checks.filter((check) => check.outcome === 'failed')
    super(failed[0]?.code ?? 'core.rejected', `rejected: ${failed.map(describe).join(', ')}`)
    this.checks = checks
  }
}

/** No check failed, but at least one could not be carried out: try again later. `checks` holds all of them. */
export class UnavailableError extends EkkasanError {
  readonly checks: readonly Check[]

  constructor(checks: readonly Check[]) {
    const unknown = checks.filter((check) => check.outcome === 'unknown')
    super(unknown[0]?.code ?? 'core.unavailable', `could not be checked: ${unknown.map(describe).join(', ')}`)
    this.checks = checks
  }
}

function describe({ name, code, detail }: Check): string {
  const why = [code, detail].filter((text) => text !== undefined).join(': ')
  return why === '' ? name : `${name} (${why})`
}

export type ResolveErrorCode =
  /** The outside answered, and its answer does not name what was asked for. */
  | 'core.resolve.not-found'
  /** The outside answered with something that is not acceptable. */
  | 'core.resolve.invalid'
  /** No means to resolve this kind of identifier was configured. */
  | 'core.resolve.not-configured'
  /** The outside did not answer: the fact is unknown. */
  | 'core.resolve.unavailable'

/** A `resolve…` port could not give the fact it was asked for; `core.resolve.unavailable` alone means unknown. */
export class ResolveError extends EkkasanError<ResolveErrorCode> {}
