import {
  isEndpointUrl,
  parseGrantedIdentifiers,
  preAuthorizedCodeGrant,
  wellKnownUrl,
} from '@ekkasan/openid4vc'
import {
  type AuthorizationServer,
  allowInsecureRequests,
  customFetch,
  genericTokenEndpointRequest,
  None,
  processDiscoveryResponse,
  processGenericTokenEndpointResponse,
  ResponseBodyError,
} from 'oauth4webapi'
import type { ReceivingContext } from './context.ts'
import { foreignCode, WalletError } from './errors.ts'
import { fetchText } from './fetch-text.ts'
import type { OpenOffer } from './offer.ts'

export interface AccessToken {
  readonly text: string
  /** Credential identifiers by credential configuration, where the server named them. */
  readonly identifiers: ReadonlyMap<string, readonly string[]>
}

/**
 * Redeems the code of an offer (OpenID4VCI section 6) as an anonymous client.
 * @throws WalletError
 */
export async function fetchAccessToken(
  context: ReceivingContext,
  { authorizationServer, grant }: OpenOffer,
  txCode: string | undefined,
): Promise<AccessToken> {
  const server = await fetchServerMetadata(context, authorizationServer)
  const parameters = {
    'pre-authorized_code': grant['pre-authorized_code'],
    ...(txCode !== undefined && { tx_code: txCode }),
  }
  // An anonymous client has no id; oauth4webapi wants one, which is taken out of the form again.
  const client = { client_id: 'anonymous' }
  const anonymous: ReturnType<typeof None> = (as, named, body, headers) => {
    None()(as, named, body, headers)
    body.delete('client_id')
  }
  try {
    const response = await genericTokenEndpointRequest(
      server,
      client,
      anonymous,
      preAuthorizedCodeGrant,
      parameters,
      { ...insecureOnLoopback(server.token_endpoint ?? ''), [customFetch]: boundedFetch(context) },
    )
    const token = await processGenericTokenEndpointResponse(server, client, response)
    if (token.token_type !== 'bearer') {
      throw new WalletError('wallet.offer.unsupported', 'the access token is not a bearer token')
    }
    return { text: token.access_token, identifiers: parseGrantedIdentifiers(token) }
  } catch (error) {
    if (!(error instanceof ResponseBodyError)) throw asWalletError(error)
    const code = error.error === 'invalid_grant' ? 'wallet.receive.grant-refused' : 'wallet.receive.refused'
    const issuerError = foreignCode(error.error, String(error.status))
    throw new WalletError(code, `the authorization server refused: ${issuerError}`, { issuerError })
  }
}

async function fetchServerMetadata(context: ReceivingContext, issuer: string): Promise<AuthorizationServer> {
  const { status, contentType, text } = await fetchText(
    context.fetch,
    wellKnownUrl(issuer, 'oauth-authorization-server'),
  )
  try {
    const response = new Response(text, { status, headers: { 'Content-Type': contentType } })
    const server = await processDiscoveryResponse(new URL(issuer), response)
    if (server.issuer !== issuer) throw new TypeError('the issuer is spelled otherwise')
    return server
  } catch (cause) {
    throw new WalletError('wallet.fetch.invalid', 'not acceptable authorization server metadata', { cause })
  }
}

function boundedFetch(context: ReceivingContext) {
  return async (url: string, init: object): Promise<Response> => {
    const answer = await fetchText(context.fetch, url, init as RequestInit)
    return new Response(answer.text, {
      status: answer.status,
      headers: { 'Content-Type': answer.contentType },
    })
  }
}

function insecureOnLoopback(url: string): { [allowInsecureRequests]?: true } {
  return url.startsWith('http:') && isEndpointUrl(url) ? { [allowInsecureRequests]: true } : {}
}

function asWalletError(error: unknown): unknown {
  if (error instanceof WalletError) return error
  return new WalletError('wallet.fetch.invalid', 'the token response is not acceptable', { cause: error })
}
