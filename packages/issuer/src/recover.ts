import type { Context } from './context.ts'
import { changeOffer, offerPrefix, type StoredOffer } from './offer-record.ts'
import { nonceSecretKey } from './secret.ts'

/** Ends what was open when a backup was taken: what happened to it since is not known here. */
export async function recover(context: Context): Promise<{ readonly ended: number }> {
  const { store } = context
  await store.delete(nonceSecretKey)
  let ended = 0
  let after: string | undefined
  do {
    const page = await store.list(offerPrefix, { limit: 500, ...(after !== undefined && { after }) })
    for (const { key, value } of page.entries) {
      if (end(value as unknown as StoredOffer) === undefined) continue
      const id = key.slice(offerPrefix.length)
      await changeOffer(context, id, (offer) => end(offer) ?? offer)
      ended += 1
    }
    after = page.cursor
  } while (after !== undefined)
  return { ended }
}

/**
 * Whatever the clock says: it may be what was wrong. What was issued under a token stays as it is, for a wallet may have
 * confirmed it since. Undefined where nothing more can be had.
 */
function end(offer: StoredOffer): StoredOffer | undefined {
  const { state } = offer
  if (state.name === 'offered') return { ...offer, state: { name: 'withdrawn' } }
  const isUsedUp = (id: string) =>
    state.name === 'redeemed' && state.issued.some(({ configurationId }) => configurationId === id)
  if (state.name === 'redeemed' && !state.withdrawn && !state.granted.every(isUsedUp)) {
    return { ...offer, state: { ...state, withdrawn: true } }
  }
  return undefined
}
