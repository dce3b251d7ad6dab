import { isEndpointUrl, preAuthorizedCodeGrant, wellKnownUrl } from '@ekkasan/openid4vc'
import { type AuthorizationServer, processDiscoveryResponse } from 'oauth4webapi'
import type { ReceivingContext } from './context.ts'
import { WalletError } from './errors.ts'
import { fetchText } from './fetch-text.ts'
import { type OpenOffer, requireTrustedWithToken } from './offer.ts'

const anonymousAccess = 'pre-authorized_grant_anonymous_access_supported'

/**
 * The first authorization server of an offer that this wallet can redeem a code at (OpenID4VCI section 12.2.4 lets a
 * wallet choose by `grant_types_supported`). What it announces is held against what this wallet has before it is asked
 * for anything, for a code works once.
 * @throws WalletError what is wrong with the first server, where none will do
 */
export async function chooseServer(context: ReceivingContext, open: OpenOffer): Promise<AuthorizationServer> {
  let first: WalletError | undefined
  for (const issuer of open.authorizationServers) {
    try {
      await requireTrustedWithToken(context.isTrusted, open.offer.credential_issuer, issuer)
      const server = await fetchServerMetadata(context, issuer)
      const missing = missingFor(server, context.clientId)
      if (missing === undefined) return server
      throw new WalletError('wallet.offer.unsupported', `the authorization server: ${missing}`)
    } catch (error) {
      if (!(error instanceof WalletError)) throw error
      first ??= error
    }
  }
  throw first ?? new WalletError('wallet.offer.inconsistent', 'the offer leads to no authorization server')
}

/** Whether a server says of itself that it takes wallets that do not name themselves; absent means false (section 12.3). */
export function takesAnonymous(server: AuthorizationServer): boolean {
  return server[anonymousAccess] === true
}

async function fetchServerMetadata(context: ReceivingContext, issuer: string): Promise<AuthorizationServer> {
  const { status, contentType, text } = await fetchText(
    context.fetch,
    wellKnownUrl(issuer, 'oauth-authorization-server'),
    { headers: { Accept: 'application/json' } },
  )
  try {
    const response = new Response(text, { status, headers: { 'Content-Type': contentType } })
    const server = withoutNulls(await processDiscoveryResponse(new URL(issuer), response))
    if (server.issuer !== issuer)
      throw new TypeError('issuer must equal the URL asked for, character by character')
    if (!isEndpointUrl(server.token_endpoint ?? '')) throw new TypeError('token_endpoint is not an https URL')
    for (const name of ['grant_types_supported', 'token_endpoint_auth_methods_supported']) {
      if (!isAbsentOrTexts(server[name])) throw new TypeError(`${name} is not a list of texts`)
    }
    return server
  } catch (cause) {
    throw new WalletError('wallet.fetch.invalid', 'not acceptable authorization server metadata', { cause })
  }
}

/** What the server asks for that this wallet does not have; what it says nothing of is tried. */
function missingFor(server: AuthorizationServer, clientId: string | undefined): string | undefined {
  const { grant_types_supported: grants, token_endpoint_auth_methods_supported: methods } = server
  if (grants && !grants.includes(preAuthorizedCodeGrant)) {
    return `grant_types_supported lacks ${preAuthorizedCodeGrant}, which the offer needs`
  }
  if (clientId === undefined && server[anonymousAccess] === false) {
    return `${anonymousAccess} is false, and this wallet has no clientId`
  }
  if (!methods || methods.includes('none')) return undefined
  // Attestations are how wallets authenticate themselves; other methods may be those of other clients, beside which the
  // server says that it takes wallets that do not.
  const isForOthers = !methods.every((method) => method.startsWith('attest_'))
  if (clientId === undefined && isForOthers && takesAnonymous(server)) return undefined
  const known = methods.filter((method) => /^[A-Za-z0-9_.-]{1,64}$/.test(method)).slice(0, 8)
  return `token_endpoint_auth_methods_supported has ${known.join(', ') || 'nothing known'}, and this wallet does not authenticate itself (none)`
}

function isAbsentOrTexts(value: unknown): boolean {
  return value === undefined || (Array.isArray(value) && value.every((item) => typeof item === 'string'))
}

/** In unsigned metadata an explicit null is an absent member. */
function withoutNulls(server: AuthorizationServer): AuthorizationServer {
  const present = Object.entries(server).filter(([, value]) => (value as unknown) !== null)
  return Object.fromEntries(present) as unknown as AuthorizationServer
}
