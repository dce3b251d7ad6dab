import type { Claims } from '@ekkasan/core'
import { nationalIdClaims, ThaiError } from '@ekkasan/thai'
import type { Citizen } from './registry.ts'

/** What would be issued to a citizen now, or why nothing can be. */
export type Issuable =
  | { readonly claims: Claims; readonly validUntil: Date }
  | { readonly refused: 'not-thai-national' | 'card-expired' | 'record-faulty' }

/** The claims for a citizen's record, and the end of validity: `validDays` from now, or the card's end before. */
export function issuableFor(citizen: Citizen, at: Date, validDays: number): Issuable {
  let claims: Claims
  try {
    claims = nationalIdClaims(citizen.record, at)
  } catch (error) {
    if (!(error instanceof ThaiError)) throw error
    return { refused: error.code === 'thai.record.not-thai-national' ? 'not-thai-national' : 'record-faulty' }
  }
  const end = new Date(at.getTime() + validDays * 86_400_000)
  const cardEnd = claims.date_of_expiry
  if (typeof cardEnd !== 'string') return { claims, validUntil: end }
  // A card is valid through its last day, in Thailand.
  const cardUntil = new Date(Date.parse(`${cardEnd}T00:00:00+07:00`) + 86_400_000)
  if (cardUntil <= at) return { refused: 'card-expired' }
  return { claims, validUntil: cardUntil < end ? cardUntil : end }
}
