import { accessTokenError } from '@ekkasan/openid4vc'
import { idOfBearerCode, isBearerCode } from './code.ts'
import type { Context } from './context.ts'
import { type RedeemedOffer, readOffer, type StoredOffer } from './offer-record.ts'

/** The offer that an access token stands for, with what the token allows. */
export interface Authorized {
  readonly id: string
  readonly version: number
  readonly offer: StoredOffer
  readonly redeemed: RedeemedOffer
}

/**
 * Reads and checks the access token of a request, RFC 6750: in the header only, never in the query.
 * @throws IssuanceError
 */
export async function checkAccessToken(
  context: Context,
  request: { readonly authorization: string | null; readonly query: URLSearchParams },
): Promise<Authorized> {
  const { authorization, query } = request
  if (query.has('access_token')) {
    throw accessTokenError('invalid_request', 'an access token does not belong into the query')
  }
  const token = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i.exec(authorization ?? '')?.[1]
  if (token === undefined) throw accessTokenError('missing', 'no Bearer token in the Authorization header')
  const refuse = () => accessTokenError('invalid_token', 'the access token is not or no longer valid')
  const id = idOfBearerCode(token)
  if (id === undefined) throw refuse()
  const read = await readOffer(context, id)
  if (read?.offer.state.name !== 'redeemed') throw refuse()
  const { state } = read.offer
  const isOver = state.withdrawn === true || state.tokenExpiresAt <= context.now().getTime()
  if (isOver || !isBearerCode(token, state.tokenHash)) throw refuse()
  return { id, version: read.version, offer: read.offer, redeemed: state }
}
