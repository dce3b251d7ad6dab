import { base64url } from '@ekkasan/core/bytes'
import {
  booleanRule,
  checkOptions,
  expecting,
  listRule,
  type OptionRules,
  optional,
  textRule,
} from '@ekkasan/core/options'
import {
  type CredentialOffer,
  credentialOfferUri,
  credentialOfferUriByReference,
  type DeadOffer,
  type DeadOfferCode,
  preAuthorizedCodeGrant,
} from '@ekkasan/openid4vc'
import { createBearerCode, createOfferId, createTxCode, idOfBearerCode, isBearerCode } from './code.ts'
import { after, type Context } from './context.ts'
import { IssuerError } from './errors.ts'
import { isConfirmed, revokeUnconfirmed } from './issuance.ts'
import { changeOffer, readOffer, type StoredOffer, writeOffer } from './offer-record.ts'
import type { CreateOfferOptions, Offer, OfferRecord, OfferState } from './types.ts'

/** Makes an offer, and brings its transaction code on its way. */
export async function createOffer(context: Context, options: CreateOfferOptions): Promise<Offer> {
  checkOfferOptions(context, options)
  const { credentials, subject, txCode: withTxCode = false } = options
  const { randomBytes, lifetimes } = context
  const id = createOfferId(randomBytes)
  const code = createBearerCode(id, randomBytes)
  const txCode = withTxCode ? createTxCode(randomBytes) : undefined
  const now = context.now()
  const expiresAt = after(now, lifetimes.offer)
  const offer: StoredOffer = {
    subject,
    credentials,
    createdAt: now.getTime(),
    expiresAt: expiresAt.getTime(),
    codeHash: code.hash,
    ...(txCode !== undefined && { txCode: { mac: await macTxCode(context, id, txCode), attempts: 0 } }),
    state: { name: 'offered' },
  }
  await writeOffer(context, id, offer)
  const { deliverTxCode } = context.options
  if (txCode !== undefined && deliverTxCode) {
    try {
      await deliverTxCode({ offerId: id, subject, txCode, expiresAt })
    } catch (error) {
      await withdrawOffer(context, id)
      throw error
    }
  }
  return {
    id,
    uri: credentialOfferUri(offerObject(context, offer, code.text)),
    uriByReference: credentialOfferUriByReference(`${context.endpoints.offers}/${code.text}`),
    ...(txCode !== undefined && !deliverTxCode && { txCode }),
    expiresAt,
  }
}

/** The offer object behind a reference while the code in it can be redeemed; afterwards why it cannot. */
export async function findOfferByReference(
  context: Context,
  code: string,
): Promise<{ readonly offer: CredentialOffer } | { readonly dead: DeadOfferCode } | undefined> {
  const id = idOfBearerCode(code)
  const read = id === undefined ? undefined : await readOffer(context, id)
  if (!read || !isBearerCode(code, read.offer.codeHash)) return undefined
  const { state } = read.offer
  if (state.name === 'locked') return { dead: 'offer_locked' }
  if (state.name !== 'offered') {
    if (state.replaced) return { dead: 'offer_replaced' }
    return { dead: state.name === 'redeemed' && !state.withdrawn ? 'offer_used' : 'offer_withdrawn' }
  }
  if (!isOpen(context, read.offer)) return { dead: 'offer_expired' }
  return { offer: offerObject(context, read.offer, code) }
}

const deadOfferTexts: Readonly<Record<DeadOfferCode, string>> = {
  offer_used: 'the offer was used before',
  offer_expired: 'the offer has expired',
  offer_withdrawn: 'the issuer withdrew the offer',
  offer_replaced: 'the issuer made another offer in its place',
  offer_locked: 'the offer is locked after too many wrong transaction codes',
}

/** The body of the 410 with which a reference to a dead offer is answered. */
export function deadOffer(code: DeadOfferCode): DeadOffer {
  return { error: code, error_description: `${deadOfferTexts[code]}; ask the issuer for a new one` }
}

export function isOpen(context: Context, offer: StoredOffer): boolean {
  return offer.state.name === 'offered' && offer.expiresAt > context.now().getTime()
}

/** Bound to its offer, so that two offers with the same digits do not look alike in the store. */
export async function macTxCode(context: Context, offerId: string, txCode: string): Promise<string> {
  return base64url(await context.secret.mac('tx_code', `${offerId}.${txCode}`))
}

export async function describeOffer(context: Context, id: string): Promise<OfferRecord | undefined> {
  const read = await readOffer(context, id)
  if (!read) return undefined
  const { subject, credentials, createdAt, expiresAt } = read.offer
  return {
    id,
    subject,
    credentials,
    createdAt: new Date(createdAt),
    expiresAt: new Date(expiresAt),
    state: await describeState(context, read.offer),
  }
}

async function describeState(context: Context, { state, expiresAt }: StoredOffer): Promise<OfferState> {
  const now = context.now().getTime()
  if (state.name === 'offered') return { state: expiresAt > now ? 'offered' : 'expired' }
  if (state.name !== 'redeemed') return { state: state.name }
  const issuances = state.issued.flatMap((entry) => entry.issuances.map(({ id }) => id))
  if (issuances.length === 0) {
    return { state: state.withdrawn ? 'withdrawn' : state.tokenExpiresAt > now ? 'token-issued' : 'expired' }
  }
  const confirmations = await Promise.all(issuances.map((id) => isConfirmed(context, id)))
  if (state.withdrawn && !confirmations.includes(true)) return { state: 'withdrawn' }
  return { state: 'issued', issuances, confirmed: !confirmations.includes(false) }
}

/**
 * Ends the offer and its token for good, then revokes what was issued under it and no wallet confirmed.
 * @throws IssuerError
 */
export async function withdrawOffer(
  context: Context,
  id: string,
  why: { readonly replaced?: true } = {},
): Promise<void> {
  const { state } = await changeOffer(context, id, (offer) => ({
    ...offer,
    state:
      offer.state.name === 'redeemed'
        ? { ...offer.state, withdrawn: true, ...why }
        : { name: 'withdrawn', ...why },
  }))
  if (state.name !== 'redeemed') return
  const issuances = state.issued.flatMap((entry) => entry.issuances)
  await Promise.all(issuances.map((issuance) => revokeUnconfirmed(context, issuance)))
}

export async function replaceOffer(context: Context, id: string): Promise<Offer> {
  const read = await readOffer(context, id)
  if (!read) throw new IssuerError('issuer.offer.unknown', 'no offer of this id')
  await withdrawOffer(context, id, { replaced: true })
  const { subject, credentials, txCode } = read.offer
  return createOffer(context, { subject, credentials, txCode: txCode !== undefined })
}

function offerObject(context: Context, offer: StoredOffer, code: string): CredentialOffer {
  return {
    credential_issuer: context.url,
    credential_configuration_ids: offer.credentials,
    grants: {
      [preAuthorizedCodeGrant]: {
        'pre-authorized_code': code,
        ...(offer.txCode && { tx_code: { input_mode: 'numeric', length: 6 } }),
      },
    },
  }
}

const rules: OptionRules<CreateOfferOptions> = {
  credentials: listRule(textRule, { least: 1 }),
  subject: expecting(
    'a text of 1 to 256 characters',
    (value) => typeof value === 'string' && value !== '' && value.length <= 256,
  ),
  txCode: optional(booleanRule),
}

function checkOfferOptions(context: Context, options: CreateOfferOptions): void {
  checkOptions(options, 'createOffer', rules)
  const { credentials } = options
  if (new Set(credentials).size !== credentials.length) {
    throw new TypeError('createOffer: credentials: expected each id once; one is there twice')
  }
  for (const id of credentials) {
    if (context.configurations.has(id)) continue
    const known = [...context.configurations.keys()].join(', ')
    throw new TypeError(
      `createOffer: credentials: no credential configuration ${id}; expected one of ${known}`,
    )
  }
}
