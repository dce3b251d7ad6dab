import { randomBytes } from 'node:crypto'
import type { Store } from '@ekkasan/core'
import type { JsonObject } from '@ekkasan/core/json'
import type { Offer } from '@ekkasan/issuer'

// What the officer's screens keep beside the issuer's own records: links shown as QR, offers of the day, reasons.

export interface DeskOffer {
  readonly offerId: string
  readonly citizen: string
  readonly officer: string
  /** Id of the document offered. */
  readonly document: string
  readonly createdAt: string
}

export interface Reason {
  readonly verb: 'revoke' | 'suspend' | 'restore'
  /** One of the codes of the screen's list. */
  readonly code: string
  readonly note: string
  readonly officer: string
  readonly at: string
}

export interface Desk {
  keepOffer(offer: Offer, about: Omit<DeskOffer, 'offerId' | 'createdAt'>): Promise<void>
  /** The link of an offer that can still be claimed. */
  link(offerId: string): Promise<string | undefined>
  about(offerId: string): Promise<DeskOffer | undefined>
  /** Newest first, those of the last day. */
  recentOffers(limit: number): Promise<readonly DeskOffer[]>
  keepReason(issuanceId: string, reason: Omit<Reason, 'at'>, expiresAt: Date | undefined): Promise<void>
  reasons(issuanceId: string): Promise<readonly Reason[]>
  keepSearch(session: string, text: string): Promise<void>
  search(session: string): Promise<string | undefined>
}

const day = 86_400_000

export function createDesk(store: Store, clock: () => Date = () => new Date()): Desk {
  return {
    async keepOffer(offer, about) {
      const createdAt = clock()
      const falling = (2 ** 48 - 1 - createdAt.getTime()).toString(16).padStart(12, '0')
      const expiresAt = new Date(createdAt.getTime() + day)
      const entry = { ...about, offerId: offer.id, createdAt: createdAt.toISOString() }
      await Promise.all([
        // Only a link by reference; without the transaction code it gives nothing, and it ends with the offer.
        store.put(`desk-link/${offer.id}`, offer.uriByReference, { expiresAt: offer.expiresAt }),
        store.put(`desk-offer/${offer.id}`, entry, { expiresAt }),
        store.put(`desk-recent/${falling}-${randomBytes(4).toString('hex')}`, entry, { expiresAt }),
      ])
    },
    async link(offerId) {
      return (await store.get(`desk-link/${offerId}`))?.value as string | undefined
    },
    async about(offerId) {
      return (await store.get(`desk-offer/${offerId}`))?.value as DeskOffer | undefined
    },
    async recentOffers(limit) {
      const { entries } = await store.list('desk-recent/', { limit })
      return entries.map(({ value }) => value as unknown as DeskOffer)
    },
    async keepReason(issuanceId, reason, expiresAt) {
      const at = clock().toISOString()
      const key = `desk-reason/${issuanceId}/${at}-${randomBytes(4).toString('hex')}`
      await store.put(key, { ...reason, at } as unknown as JsonObject, expiresAt ? { expiresAt } : {})
    },
    async reasons(issuanceId) {
      const { entries } = await store.list(`desk-reason/${issuanceId}/`)
      return entries.map(({ value }) => value as unknown as Reason)
    },
    async keepSearch(session, text) {
      await store.put(`desk-search/${session}`, text, { expiresAt: new Date(clock().getTime() + 900_000) })
    },
    async search(session) {
      return (await store.get(`desk-search/${session}`))?.value as string | undefined
    },
  }
}
