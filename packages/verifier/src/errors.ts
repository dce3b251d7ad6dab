import { type Check, EkkasanError, RejectedError, UnavailableError } from '@ekkasan/core'
import type { CredentialReport } from './types.ts'

export type VerifierErrorCode =
  /** No session has this id, or it is over and forgotten. */
  | 'verifier.session.unknown'
  /** The result of a same-device session is for who holds the browser's secret and the response code. */
  | 'verifier.result.not-entitled'

export class VerifierError extends EkkasanError<VerifierErrorCode> {}

/** Codes of the check `query` that are the verifier's own; those of one credential are `openid4vc.query.…`. */
export type VpTokenCheckCode =
  /** It answers a query id that was not asked. */
  | 'verifier.vp-token.not-asked'
  /** A credential that the query requires is not there. */
  | 'verifier.vp-token.incomplete'
  /** More than one presentation where `multiple` is not allowed. */
  | 'verifier.vp-token.too-many'
  /** The credential that has to authorise the transaction is not there. */
  | 'verifier.vp-token.transaction'
  /** The presentation that authorises a transaction shows selective claims that nobody asked for. */
  | 'verifier.query.unasked'
  /** Skipped: the credential was not acceptable in itself. */
  | 'verifier.query.not-checked'

/** The answer is not acceptable; `report` has the checks of each credential and of the whole. */
export class VpTokenRejectedError extends RejectedError {
  readonly report: readonly CredentialReport[]

  constructor(report: readonly CredentialReport[]) {
    super(checksOf(report))
    this.report = report
  }
}

/** No check failed, but not all could be made: try again. `report` says which. */
export class VpTokenUnavailableError extends UnavailableError {
  readonly report: readonly CredentialReport[]

  constructor(report: readonly CredentialReport[]) {
    super(checksOf(report))
    this.report = report
  }
}

function checksOf(report: readonly CredentialReport[]): readonly Check[] {
  return report.flatMap(({ checks }) => checks)
}
