import {
  optionalText,
  parseObject,
  requireObject,
  requireText,
  requireTexts,
  requireUrl,
  withoutNulls,
} from '../shape.ts'
import { shownText } from '../shown-text.ts'
import { IssuanceMessageError } from './errors.ts'

/** The grant type's identifier, and its member in `grants`. */
export const preAuthorizedCodeGrant = 'urn:ietf:params:oauth:grant-type:pre-authorized_code'

/** What a wallet must ask the person for, OpenID4VCI section 4.1.1. */
export interface TxCodeDescription {
  readonly input_mode?: 'numeric' | 'text'
  readonly length?: number
  readonly description?: string
}

export interface PreAuthorizedCodeOffer {
  readonly 'pre-authorized_code': string
  readonly tx_code?: TxCodeDescription
  readonly authorization_server?: string
}

/** OpenID4VCI section 4.1.1. */
export interface CredentialOffer {
  readonly credential_issuer: string
  readonly credential_configuration_ids: readonly string[]
  readonly grants?: {
    readonly [preAuthorizedCodeGrant]?: PreAuthorizedCodeOffer
    readonly authorization_code?: {
      readonly issuer_state?: string
      readonly authorization_server?: string
    }
  }
}

/**
 * Why a reference to an offer leads to none any more. OpenID4VCI has no answer for it: ours is 410 with a DeadOffer, which
 * only who holds the whole reference gets.
 */
export type DeadOfferCode =
  /** It was redeemed. */
  | 'offer_used'
  | 'offer_expired'
  | 'offer_withdrawn'
  /** Another was made in its place. */
  | 'offer_replaced'
  /** Too many wrong transaction codes. */
  | 'offer_locked'

/** The body of that 410. */
export interface DeadOffer {
  readonly error: DeadOfferCode
  readonly error_description: string
}

const malformed = (what: string) =>
  new IssuanceMessageError('openid4vc.offer.malformed', `not an acceptable credential offer: ${what}`)

/** `openid-credential-offer://?credential_offer=…`, OpenID4VCI section 4.1.2. */
export function credentialOfferUri(offer: CredentialOffer): string {
  return `openid-credential-offer://?credential_offer=${encodeURIComponent(JSON.stringify(offer))}`
}

/** `openid-credential-offer://?credential_offer_uri=…`, OpenID4VCI section 4.1.3: short enough for a QR code. */
export function credentialOfferUriByReference(reference: string): string {
  return `openid-credential-offer://?credential_offer_uri=${encodeURIComponent(reference)}`
}

/** What an offer's URI holds: the offer, or where to fetch it. */
export type CredentialOfferLink =
  | { readonly offer: CredentialOffer }
  /** An https URL (http on this machine only): GET it and hand the body to `parseCredentialOffer`. */
  | { readonly reference: string }

/**
 * Reads what was scanned or clicked: any scheme (`openid-credential-offer:`, `haip-vci:`, a claimed https URL),
 * at most 16,384 characters, exactly one of `credential_offer` and `credential_offer_uri`, once.
 * @throws IssuanceMessageError `openid4vc.offer.malformed`
 */
export function parseCredentialOfferUri(uri: string): CredentialOfferLink {
  if (uri.length > 16_384) throw malformed('longer than 16,384 characters')
  const start = uri.indexOf('?')
  if (start < 0 || !/^[a-z][a-z0-9+.-]*:/i.test(uri)) throw malformed('not a URI with a query')
  const query = new URLSearchParams(uri.slice(start + 1).replace(/#.*$/s, ''))
  const values = query.getAll('credential_offer')
  const references = query.getAll('credential_offer_uri')
  if (values.length + references.length !== 1) {
    throw malformed('not exactly one of credential_offer and credential_offer_uri')
  }
  const [value] = values
  return value === undefined
    ? { reference: requireUrl(references[0], 'credential_offer_uri', malformed) }
    : { offer: parseCredentialOffer(value) }
}

/**
 * Reads the JSON of an offer: bounds, no member named twice, members unknown are left out, an explicit null is an absent
 * member. A description that no screen can show is made fit for one.
 * @throws IssuanceMessageError `openid4vc.offer.malformed`
 */
export function parseCredentialOffer(json: string): CredentialOffer {
  const object = withoutNulls(parseObject(json, 'the offer', malformed, 16_384))
  const grants = object.grants === undefined ? undefined : parseGrants(object.grants)
  return {
    credential_issuer: requireIssuer(object.credential_issuer),
    credential_configuration_ids: requireTexts(
      object.credential_configuration_ids,
      'credential_configuration_ids',
      malformed,
    ),
    ...(grants && { grants }),
  }
}

function requireIssuer(value: unknown): string {
  const issuer = requireUrl(value, 'credential_issuer', malformed)
  if (issuer.includes('?')) throw malformed('credential_issuer has a query')
  return issuer
}

function parseGrants(value: unknown): CredentialOffer['grants'] {
  const grants = requireObject(value, 'grants', malformed)
  const code = grants[preAuthorizedCodeGrant]
  const { authorization_code } = grants
  return {
    ...(code !== undefined && { [preAuthorizedCodeGrant]: parsePreAuthorizedCode(code) }),
    ...(authorization_code !== undefined && {
      authorization_code: parseAuthorizationCode(authorization_code),
    }),
  }
}

function parsePreAuthorizedCode(value: unknown): PreAuthorizedCodeOffer {
  const grant = requireObject(value, 'the pre-authorized code grant', malformed)
  const server = optionalText(grant.authorization_server, 'authorization_server', malformed)
  return {
    'pre-authorized_code': requireText(grant['pre-authorized_code'], 'pre-authorized_code', malformed, 4096),
    ...(grant.tx_code !== undefined && { tx_code: parseTxCode(grant.tx_code) }),
    ...(server !== undefined && { authorization_server: server }),
  }
}

function parseAuthorizationCode(value: unknown) {
  const grant = requireObject(value, 'the authorization code grant', malformed)
  const state = optionalText(grant.issuer_state, 'issuer_state', malformed, 4096)
  const server = optionalText(grant.authorization_server, 'authorization_server', malformed)
  return {
    ...(state !== undefined && { issuer_state: state }),
    ...(server !== undefined && { authorization_server: server }),
  }
}

function parseTxCode(value: unknown): TxCodeDescription {
  const txCode = requireObject(value, 'tx_code', malformed)
  const { input_mode, length } = txCode
  if (input_mode !== undefined && input_mode !== 'numeric' && input_mode !== 'text') {
    throw malformed('input_mode is neither numeric nor text')
  }
  if (length !== undefined && !(Number.isInteger(length) && Number(length) > 0 && Number(length) <= 64)) {
    throw malformed('the length of the tx_code is not a number of 1 to 64')
  }
  const { description } = txCode
  // For the eyes only: at most 300 characters (section 4.1.1), and never a reason to refuse an offer.
  const text = typeof description === 'string' ? shownText(description, 300) : ''
  return {
    ...(input_mode !== undefined && { input_mode }),
    ...(typeof length === 'number' && { length }),
    ...(text !== '' && { description: text }),
  }
}
