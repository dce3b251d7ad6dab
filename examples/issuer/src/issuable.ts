import type { Claims } from '@ekkasan/core'
import { ThaiError } from '@ekkasan/thai'
import type { ProgramDocument } from '@ekkasan-examples/documents'
import type { Citizen } from './registry.ts'

/** What would be issued to a citizen now, or why nothing can be. */
export type Issuable = { readonly claims: Claims; readonly validUntil: Date } | { readonly refused: Refusal }

export type Refusal = 'not-thai-national' | 'no-licence' | 'document-expired' | 'record-faulty'

const refusals: Readonly<Record<string, Refusal>> = {
  'thai.record.not-thai-national': 'not-thai-national',
  'thai.record.no-licence': 'no-licence',
}

/** The claims for a citizen's record, and the end of validity: `validDays` from now, or the document's end before. */
export function issuableFor(
  document: ProgramDocument,
  citizen: Citizen,
  at: Date,
  validDays: number,
): Issuable {
  let claims: Claims
  try {
    claims = document.claims(citizen.record, at)
  } catch (error) {
    if (!(error instanceof ThaiError)) throw error
    return { refused: refusals[error.code] ?? 'record-faulty' }
  }
  const end = new Date(at.getTime() + validDays * 86_400_000)
  const lastDay = claims[document.endsOn]
  if (typeof lastDay !== 'string') return { claims, validUntil: end }
  // A document is valid through its last day, in Thailand.
  const until = new Date(Date.parse(`${lastDay}T00:00:00+07:00`) + 86_400_000)
  if (until <= at) return { refused: 'document-expired' }
  return { claims, validUntil: until < end ? until : end }
}
