import type { ReceivingContext } from './context.ts'
import { describeKeptCredential, listKeptCredentials, removeKeptCredential } from './kept-credential.ts'
import { type OpenOffer, readOffer } from './offer.ts'
import { receive } from './receive.ts'
import type { CreateWalletOptions, ReceivedOffer, Wallet } from './types.ts'

/**
 * A wallet: receives credentials over OpenID4VCI 1.0 (pre-authorized code) and keeps them.
 * @throws TypeError when the options do not fit together
 */
export function createWallet(options: CreateWalletOptions): Wallet {
  const context = createContext(options)
  const openOffers = new WeakMap<ReceivedOffer, OpenOffer>()
  return {
    async readOffer(uri) {
      const { shown, open } = await readOffer(context, uri)
      openOffers.set(shown, open)
      return shown
    },
    async receive(offer, receiveOptions = {}) {
      const open = openOffers.get(offer)
      if (!open) throw new TypeError('the offer was not read by this wallet')
      return (await receive(context, open, receiveOptions)).map(describeKeptCredential)
    },
    async credentials() {
      return (await listKeptCredentials(context.store)).map(describeKeptCredential)
    },
    remove: (id) => removeKeptCredential(context.store, context.keys, id),
    readRequest: notYet,
    present: notYet,
    decline: notYet,
  }
}

async function notYet(): Promise<never> {
  throw new TypeError('presenting is not there yet')
}

function createContext(options: CreateWalletOptions): ReceivingContext {
  if (options.formats.length === 0) throw new TypeError('formats is empty')
  return {
    ...options,
    fetch: options.fetch ?? ((input, init) => fetch(input, init)),
    clock: options.clock ?? (() => new Date()),
    randomBytes: options.randomBytes ?? ((length) => crypto.getRandomValues(new Uint8Array(length))),
  }
}
