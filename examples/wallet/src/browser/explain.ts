import { EkkasanError, RejectedError } from '@ekkasan/core'
import { WalletError } from '@ekkasan/wallet'
import type { Bilingual } from '@ekkasan-examples/ui/parts'
import { askOwnServer, type DeviceClock } from './device-clock.ts'
import { recallLink } from './link-memory.ts'
import {
  anyIssuer,
  anyVerifier,
  clockProblem,
  endedOfferProblem,
  endedRequest,
  offline,
  type Problem,
  perhapsSent,
  problemOf,
} from './problems.ts'

export interface Attempt {
  /** What was under way; `send`: the person's data were on their way. */
  readonly step: 'receive' | 'read-request' | 'send'
  readonly link: string
  /** The other side's name, once it is known. */
  readonly name?: Bilingual
  readonly clock: DeviceClock
}

/** Refusals that a wrong clock of this device makes. */
const bornOfTime =
  /^(wallet\.receive\.refused|wallet\.present\.(refused|unavailable)|openid4vc\.request\.expired)$/

/** What a failure means for the person: an end, no connection, a wrong clock, or what its code says. */
export async function explain(error: unknown, attempt: Attempt): Promise<Problem> {
  const code = error instanceof EkkasanError ? error.code : undefined
  if (code !== undefined && (error instanceof RejectedError || bornOfTime.test(code))) {
    const fault = await attempt.clock.fault()
    if (fault) return { ...clockProblem(fault), code }
  }
  if (error instanceof WalletError) {
    const { status, issuerError } = error
    const isOver = status === 404 || status === 410
    if (error.code === 'wallet.offer.ended') {
      return { ...endedOfferProblem(issuerError, await recallLink(attempt.link)), code: error.code }
    }
    if (isOver && attempt.step === 'read-request') {
      const { answered = false } = await recallLink(attempt.link)
      return { ...endedRequest(issuerError, answered), code: error.code }
    }
    if (error.code === 'wallet.fetch.unavailable') {
      if (attempt.step === 'send') return { ...perhapsSent, code: error.code }
      if (!navigator.onLine || !(await askOwnServer())) return { ...offline, code: error.code }
    }
  }
  return problemOf(error, attempt.name ?? (attempt.step === 'receive' ? anyIssuer : anyVerifier))
}
