import type { JsonValue, StatusReference } from '@ekkasan/core'
import type { Context } from './context.ts'
import { IssuerError } from './errors.ts'

/** What the store holds of an offer and of all that follows from it; dates in milliseconds, secrets hashed. */
export interface StoredOffer {
  readonly subject: string
  readonly credentials: readonly string[]
  readonly createdAt: number
  readonly expiresAt: number
  readonly codeHash: string
  readonly txCode?: { readonly mac: string; readonly attempts: number }
  readonly state: StoredOfferState
}

export type StoredOfferState =
  | { readonly name: 'offered' }
  | { readonly name: 'locked' }
  | { readonly name: 'withdrawn'; readonly replaced?: true }
  | ({ readonly name: 'redeemed' } & RedeemedOffer)

export interface RedeemedOffer {
  readonly tokenHash: string
  readonly tokenExpiresAt: number
  readonly clientId?: string
  /** What the token is good for. */
  readonly granted: readonly string[]
  /** Whether the token response named credential identifiers, which the wallet then has to use. */
  readonly byIdentifier: boolean
  /** Withdrawn afterwards: the token is good for nothing any more. */
  readonly withdrawn?: true
  /** Withdrawn because another offer was made in its place. */
  readonly replaced?: true
  readonly issued: readonly IssuedUnderOffer[]
}

/** The credentials of one credential response. */
export interface IssuedUnderOffer {
  readonly configurationId: string
  readonly notificationId: string
  readonly issuances: readonly { readonly id: string; readonly status?: StatusReference }[]
}

export interface VersionedOffer {
  readonly offer: StoredOffer
  readonly version: number
}

export const offerPrefix = 'offer/'
const keyOf = (id: string) => `${offerPrefix}${id}`

export async function readOffer({ store }: Context, id: string): Promise<VersionedOffer | undefined> {
  const entry = await store.get(keyOf(id))
  return entry && { offer: entry.value as unknown as StoredOffer, version: entry.version }
}

/** Compare and set; an absent version creates. */
export function writeOffer(
  { store, lifetimes, now }: Context,
  id: string,
  offer: StoredOffer,
  version?: number,
): Promise<boolean> {
  const end = offer.state.name === 'redeemed' ? offer.state.tokenExpiresAt : offer.expiresAt
  // For so long by the store's own clock, which need not be that of this process.
  const left = Math.max(0, Math.max(end, offer.expiresAt) - now().getTime()) / 1000
  const options = { expiresIn: left + lifetimes.closedOffer }
  return store.swap(keyOf(id), version, offer as unknown as JsonValue, options)
}

/**
 * Reads, decides, and writes what was decided until the write wins. `decide` throws to refuse.
 * @throws IssuerError `issuer.offer.unknown`, `issuer.offer.busy`
 */
export async function changeOffer(
  context: Context,
  id: string,
  decide: (offer: StoredOffer) => StoredOffer,
): Promise<StoredOffer> {
  for (let round = 0; round < 50; round++) {
    const read = await readOffer(context, id)
    if (!read) throw new IssuerError('issuer.offer.unknown', 'no offer of this id')
    const next = decide(read.offer)
    if (next === read.offer || (await writeOffer(context, id, next, read.version))) return next
  }
  throw new IssuerError('issuer.offer.busy', 'the offer is being changed by others')
}
