import { isEndpointUrl, parseGrantedIdentifiers, preAuthorizedCodeGrant } from '@ekkasan/openid4vc'
import {
  allowInsecureRequests,
  customFetch,
  genericTokenEndpointRequest,
  None,
  processGenericTokenEndpointResponse,
} from 'oauth4webapi'
import type { ReceivingContext } from './context.ts'
import { WalletError } from './errors.ts'
import { fetchText, type TextAnswer } from './fetch-text.ts'
import type { OpenOffer } from './offer.ts'
import { refusal, refusalCode } from './refusal.ts'
import { chooseServer, takesAnonymous } from './server-metadata.ts'

export interface AccessToken {
  readonly text: string
  /** Credential identifiers by credential configuration, where the server named them. */
  readonly identifiers: ReadonlyMap<string, readonly string[]>
}

/**
 * Redeems the code of an offer (OpenID4VCI section 6), as the client of `clientId` or as an anonymous one.
 * @throws WalletError
 */
export async function fetchAccessToken(
  context: ReceivingContext,
  open: OpenOffer,
  txCode: string | undefined,
): Promise<AccessToken> {
  const server = await chooseServer(context, open)
  const parameters = {
    'pre-authorized_code': open.grant['pre-authorized_code'],
    ...(txCode !== undefined && { tx_code: txCode }),
  }
  // An anonymous client has no id; oauth4webapi wants one, which is taken out of the form again.
  const client = { client_id: context.clientId ?? 'anonymous' }
  const authenticate: ReturnType<typeof None> = (as, named, body, headers) => {
    None()(as, named, body, headers)
    if (context.clientId === undefined) body.delete('client_id')
  }
  let refused: TextAnswer | undefined
  try {
    const response = await genericTokenEndpointRequest(
      server,
      client,
      authenticate,
      preAuthorizedCodeGrant,
      parameters,
      {
        ...insecureOnLoopback(server.token_endpoint ?? ''),
        async [customFetch](url: string, init: object) {
          const answer = await fetchText(context.fetch, url, init as RequestInit)
          if (answer.status !== 200) refused = answer
          return new Response(answer.text, {
            status: answer.status,
            headers: { 'Content-Type': answer.contentType },
          })
        },
      },
    )
    if (refused) throw refusedToken(refused, context.clientId === undefined && !takesAnonymous(server))
    const token = await processGenericTokenEndpointResponse(server, client, response)
    if (token.token_type !== 'bearer') {
      throw new WalletError('wallet.offer.unsupported', 'the access token is not a bearer token')
    }
    return { text: token.access_token, identifiers: parseGrantedIdentifiers(token) }
  } catch (error) {
    if (error instanceof WalletError) throw error
    throw new WalletError('wallet.fetch.invalid', 'the token response is not acceptable', { cause: error })
  }
}

/** An anonymous wallet that the server did not announce to take is told that this may be why. */
function refusedToken(answer: TextAnswer, isUnannounced: boolean): WalletError {
  const by = 'the authorization server'
  if (refusalCode(answer) === 'invalid_grant') {
    return refusal(answer, { by, code: 'wallet.receive.grant-refused' })
  }
  const hint =
    '; it does not announce pre-authorized_grant_anonymous_access_supported, and this wallet has no clientId'
  return refusal(answer, { by, code: 'wallet.receive.refused', ...(isUnannounced && { hint }) })
}

function insecureOnLoopback(url: string): { [allowInsecureRequests]?: true } {
  return url.startsWith('http:') && isEndpointUrl(url) ? { [allowInsecureRequests]: true } : {}
}
