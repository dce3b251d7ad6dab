import { equalBytes, utf8 } from '@ekkasan/core/bytes'
import { parseTokenRequest, type TokenRequest, type TokenResponse, tokenError } from '@ekkasan/openid4vc'
import { createBearerCode, idOfBearerCode, isBearerCode } from './code.ts'
import { after, type Context } from './context.ts'
import { createNonce } from './nonce.ts'
import { isOpen, macTxCode } from './offer.ts'
import { readOffer, type StoredOffer, writeOffer } from './offer-record.ts'

/** Identifier of the one credential dataset that a token of ours grants of a configuration. */
export const identifierOf = (configurationId: string) => `${configurationId}.1`

/**
 * The token step, OpenID4VCI section 6. The code is spent by the swap, so that one of several racers wins; a
 * wrong transaction code is counted by a swap before it is answered, so that racing does not give more guesses.
 * @throws IssuanceError
 */
export async function redeemCode(context: Context, form: URLSearchParams): Promise<TokenResponse> {
  const request = parseTokenRequest(form, context.url)
  const id = idOfBearerCode(request.preAuthorizedCode)
  if (id === undefined) throw unknownCode()
  const guess = request.txCode === undefined ? undefined : await macTxCode(context, id, request.txCode)
  for (let round = 0; round < 50; round++) {
    const read = await readOffer(context, id)
    if (!read || !isBearerCode(request.preAuthorizedCode, read.offer.codeHash)) throw unknownCode()
    const { offer, version } = read
    if (!isOpen(context, offer)) throw unknownCode()
    const granted = grantedOf(offer, request)
    if (isWrongGuess(offer, request, guess)) {
      if (await writeOffer(context, id, countGuess(context, offer), version)) throw wrongTxCode()
      continue
    }
    const token = createBearerCode(id, context.randomBytes)
    const tokenExpiresAt = after(context.now(), context.lifetimes.accessToken).getTime()
    const redeemed: StoredOffer = {
      ...offer,
      state: {
        name: 'redeemed',
        tokenHash: token.hash,
        tokenExpiresAt,
        ...(request.clientId !== undefined && { clientId: request.clientId }),
        granted,
        byIdentifier: request.configurationIds !== undefined,
        issued: [],
      },
    }
    if (!(await writeOffer(context, id, redeemed, version))) continue
    return {
      access_token: token.text,
      token_type: 'Bearer',
      expires_in: context.lifetimes.accessToken,
      ...(context.options.compatibility === 'etda-draft-2026' && {
        c_nonce: await createNonce(context),
        c_nonce_expires_in: context.lifetimes.nonce,
      }),
      ...(request.configurationIds && {
        authorization_details: granted.map((configurationId) => ({
          type: 'openid_credential' as const,
          credential_configuration_id: configurationId,
          credential_identifiers: [identifierOf(configurationId)],
        })),
      }),
    }
  }
  throw unknownCode()
}

function grantedOf(offer: StoredOffer, { configurationIds }: TokenRequest): readonly string[] {
  if (configurationIds?.some((id) => !offer.credentials.includes(id))) {
    throw tokenError('invalid_authorization_details', 'a credential configuration was not offered')
  }
  return configurationIds ?? offer.credentials
}

function isWrongGuess(offer: StoredOffer, request: TokenRequest, guess: string | undefined): boolean {
  if (!offer.txCode) {
    if (guess !== undefined) throw tokenError('invalid_request', 'no tx_code is expected')
    return false
  }
  if (request.txCode === undefined || guess === undefined) {
    throw tokenError('invalid_request', 'tx_code is missing')
  }
  // What cannot be a code of ours tells its sender nothing, and so costs no attempt.
  if (!/^[0-9]{6}$/.test(request.txCode)) throw wrongTxCode()
  return !equalBytes(utf8(guess), utf8(offer.txCode.mac))
}

function countGuess({ txCodeAttempts }: Context, offer: StoredOffer): StoredOffer {
  const attempts = (offer.txCode?.attempts ?? 0) + 1
  return {
    ...offer,
    ...(offer.txCode && { txCode: { ...offer.txCode, attempts } }),
    ...(attempts >= txCodeAttempts && { state: { name: 'locked' as const } }),
  }
}

const unknownCode = () => tokenError('invalid_grant', 'the pre-authorized code is not or no longer valid')
const wrongTxCode = () => tokenError('invalid_grant', 'the tx_code is wrong')
