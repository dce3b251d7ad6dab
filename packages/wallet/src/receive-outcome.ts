import { unexpected } from '@ekkasan/core/options'
import type { ReceiveOutcome, StoredCredential } from './types.ts'

/**
 * The credentials of all outcomes of `receive`, for programs that want all or an error. What was received before an
 * error stays kept.
 * @throws the error of the first configuration that failed
 */
export function requireReceived(outcomes: readonly ReceiveOutcome[]): readonly StoredCredential[] {
  if (!Array.isArray(outcomes)) throw unexpected('requireReceived', 'what receive resolved to', outcomes)
  return outcomes.flatMap((one) => {
    if (one.outcome === 'failed') throw one.error
    return one.credentials
  })
}
