import { createGuardedFetch } from '@ekkasan/core'
import { platformRandomBytes } from '@ekkasan/core/bytes'
import {
  anyRule,
  booleanRule,
  checkOptions,
  functionRule,
  holderFormatRule,
  integerRule,
  isTrustedRule,
  listRule,
  type OptionRules,
  objectRule,
  optional,
  portRule,
  storeRule,
  textRule,
  unexpected,
} from '@ekkasan/core/options'
import type { PresentingContext } from './context.ts'
import { forgetStatus, lastStatus, lookUpStatus } from './credential-status.ts'
import { openDcApiRequest } from './dc-api.ts'
import { describeKeptCredential, listKeptCredentials, removeKeptCredential } from './kept-credential.ts'
import { type OpenOffer, readOffer } from './offer.ts'
import { decline, present } from './present.ts'
import { receive } from './receive.ts'
import { type OpenRequest, readRequest } from './request.ts'
import type { CreateWalletOptions, ReceivedOffer, ReceivedRequest, ReceiveOptions, Wallet } from './types.ts'

/**
 * A wallet: receives credentials over OpenID4VCI 1.0 (pre-authorized code), keeps them, and presents them over
 * OpenID4VP 1.0. What goes out goes through a guarded fetch unless another is given: an issuer or verifier on this
 * machine is reached with `fetch: createGuardedFetch({ allowHosts: ['127.0.0.1:8080'] })`.
 *
 * @throws TypeError when the options do not fit together
 */
export function createWallet(options: CreateWalletOptions): Wallet {
  const context = createContext(options)
  // What stands behind the objects that are shown is too secret to be in them.
  const openOffers = new WeakMap<ReceivedOffer, OpenOffer>()
  const openRequests = new WeakMap<ReceivedRequest, OpenRequest>()
  const openRequest = (request: ReceivedRequest): OpenRequest => {
    const open = openRequests.get(request)
    if (!open) throw unexpected('request', 'what readRequest of this wallet resolved to', request)
    return open
  }
  return {
    async readOffer(uri) {
      textRule(uri, 'readOffer')
      const { shown, open } = await readOffer(context, uri)
      openOffers.set(shown, open)
      return shown
    },
    async receive(offer, receiveOptions = {}) {
      const open = openOffers.get(offer)
      if (!open) throw unexpected('receive', 'what readOffer of this wallet resolved to', offer)
      checkOptions(receiveOptions, 'receive', receiveRules)
      return receive(context, open, receiveOptions)
    },
    async credentials() {
      const all = await listKeptCredentials(context.store)
      return Promise.all(
        all.map(async (kept) => describeKeptCredential(kept, await lastStatus(context.store, kept.id))),
      )
    },
    async remove(id) {
      await removeKeptCredential(context.store, context.keys, id)
      await forgetStatus(context.store, id)
    },
    async checkStatus(id) {
      const { checkStatus } = options
      if (!checkStatus) throw new TypeError('checkStatus is missing: give createWallet a status checker')
      return lookUpStatus(context, checkStatus, id)
    },
    async readRequest(uri) {
      textRule(uri, 'readRequest')
      const { shown, open } = await readRequest(context, uri)
      openRequests.set(shown, open)
      return shown
    },
    async openDcApiRequest(request) {
      const { shown, open } = await openDcApiRequest(context, request)
      openRequests.set(shown, open)
      return shown
    },
    present: async (request, choice) => present(context, request, openRequest(request), choice),
    decline: async (request) => decline(openRequest(request)),
  }
}

const receiveRules: OptionRules<ReceiveOptions> = {
  txCode: optional(anyRule),
  configurationIds: optional(listRule(textRule)),
  batchSize: optional(integerRule(1)),
}

const rules: OptionRules<CreateWalletOptions> = {
  formats: listRule(holderFormatRule, { least: 1 }),
  keys: portRule('HolderKeys, as createBrowserHolderKeys() makes them', ['create', 'find', 'delete']),
  store: storeRule,
  clientId: optional(textRule),
  isTrusted: isTrustedRule,
  checkStatus: optional(functionRule),
  readCertificate: optional(functionRule),
  resolveDid: optional(functionRule),
  transactionDataTypes: optional(objectRule),
  trustedAuthorities: optional(objectRule),
  dcApiProtocols: optional(
    listRule(portRule('a protocol, as isoMdocHolder() makes one', ['read', 'answer'])),
  ),
  acceptRequestUriAudience: optional(booleanRule),
  fetch: optional(functionRule),
  clock: optional(functionRule),
  randomBytes: optional(functionRule),
}

function createContext(options: CreateWalletOptions): PresentingContext {
  checkOptions(options, 'createWallet', rules)
  const { formats } = options
  if (new Set(formats.map(({ format }) => format)).size !== formats.length) {
    throw new TypeError('two formats have one identifier')
  }
  if (options.clientId === '') throw new TypeError('clientId is empty: leave it out for an anonymous wallet')
  return {
    ...options,
    fetch: options.fetch ?? createGuardedFetch({ timeout: 15_000, maxBytes: 8_388_608 }),
    clock: options.clock ?? (() => new Date()),
    randomBytes: options.randomBytes ?? platformRandomBytes,
  }
}
