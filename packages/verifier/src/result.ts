import type { VerifiedCredential } from '@ekkasan/core'
import { equalBytes, utf8 } from '@ekkasan/core/bytes'
import type { Context } from './context.ts'
import { VerifierError } from './errors.ts'
import {
  deleteSession,
  type Entitlement,
  type Outcome,
  readSession,
  requestIdOf,
  secretHash,
} from './session.ts'
import type { SessionState } from './types.ts'

export interface ResultProof {
  readonly browserSecret: string
  readonly responseCode: string
}

/** @throws VerifierError */
export async function result(context: Context, id: string, proof?: ResultProof): Promise<SessionState> {
  const found = await readSession(context.store, requestIdOf(id))
  if (!found) throw new VerifierError('verifier.session.unknown', 'no session has this id, or it is over')
  const { session } = found
  if (!('outcome' in session)) {
    const isOver = session.asked.expiresAt <= context.clock().getTime()
    return { state: isOver ? 'expired' : session.state }
  }
  if (session.for && !isEntitled(session.for, proof)) {
    throw new VerifierError(
      'verifier.result.not-entitled',
      'the result is for the browser that asked, with the response code that came back to it',
    )
  }
  return toState(session.outcome, new Date(session.at))
}

export async function forget(context: Context, id: string): Promise<void> {
  await deleteSession(context.store, requestIdOf(id))
}

function isEntitled({ browserSecretHash, responseCodeHash }: Entitlement, proof?: ResultProof): boolean {
  if (!proof || responseCodeHash === undefined) return false
  const isBrowser = equalBytes(utf8(secretHash(proof.browserSecret)), utf8(browserSecretHash))
  const isCode = equalBytes(utf8(secretHash(proof.responseCode)), utf8(responseCodeHash))
  return isBrowser && isCode
}

export function toState(outcome: Outcome, at: Date): SessionState {
  if (outcome.kind === 'refused') return { state: 'refused', error: outcome.error, at }
  if (outcome.kind !== 'verified') return { state: outcome.kind, report: outcome.report, at }
  const stored = outcome.presentations as unknown as Readonly<Record<string, readonly VerifiedCredential[]>>
  const presentations = Object.fromEntries(
    Object.entries(stored).map(([queryId, credentials]) => [queryId, credentials.map(withDates)]),
  )
  return { state: 'verified', presentations, checks: outcome.checks, at }
}

/** The store holds JSON: its dates come back as texts. */
function withDates(credential: VerifiedCredential): VerifiedCredential {
  const { from, until } = credential.validity
  return {
    ...credential,
    validity: { ...(from && { from: new Date(from) }), ...(until && { until: new Date(until) }) },
  }
}
