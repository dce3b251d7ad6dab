import { randomBytes, randomInt } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import * as jose from 'jose'
import Provider from 'oidc-provider'
import { createPeerKey } from './openid4vc-callbacks.ts'
import { createCertificate } from './openid4vc-servers.ts'
import { issuePeerMdoc, issuePeerSdJwt } from './peer-credentials.ts'

export const walletClient = 'wallet'
export const redirectUri = 'http://127.0.0.1/callback'
const preAuthorized = 'urn:ietf:params:oauth:grant-type:pre-authorized_code'
const accountId = 'one'

export type ProviderConfiguration = 'dc+sd-jwt' | 'mso_mdoc'

/**
 * oidc-provider 9.13.3 as authorization server and credential issuer: pre-authorized code and authorization code with
 * PKCE, credentials by @sd-jwt and @auth0/mdl. Its login page logs everybody in.
 */
export async function startProviderIssuer(type: string, claims: Readonly<Record<string, unknown>>) {
  let callback: (request: IncomingMessage, response: ServerResponse) => void
  const server = createServer((request, response) => callback(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://localhost:${(server.address() as AddressInfo).port}`
  const key = await createPeerKey()
  const { x5c, root } = await createCertificate(key, url)
  const signer = { key, x5c }
  const holders: jose.JWK[] = []

  // Of binding methods it lets `jwk` be announced and nothing else, for mdocs too.
  const shared = {
    scope: 'document',
    cryptographic_binding_methods_supported: ['jwk'],
    proof_types_supported: { jwt: { proof_signing_alg_values_supported: ['ES256'] } },
  }
  const configurations = {
    'dc+sd-jwt': { format: 'dc+sd-jwt', vct: type, ...shared },
    mso_mdoc: { format: 'mso_mdoc', doctype: type, ...shared },
  }

  const provider = new Provider(url, {
    clients: [
      {
        client_id: walletClient,
        token_endpoint_auth_method: 'none',
        application_type: 'native',
        grant_types: [preAuthorized, 'authorization_code'],
        response_types: ['code'],
        redirect_uris: [redirectUri],
        id_token_signed_response_alg: 'ES256',
        authorization_details_types: ['openid_credential'],
      },
    ],
    scopes: ['openid', 'document'],
    cookies: { keys: [randomBytes(16).toString('hex')] },
    jwks: { keys: [{ ...key.privateJwk, use: 'sig', alg: 'ES256' }] },
    findAccount: (_context: unknown, sub: string) => ({ accountId: sub, claims: () => ({ sub }) }),
    ttl: { AccessToken: 60, Grant: 60, Interaction: 60, PreAuthorizedCode: 60, Session: 60 },
    interactions: { url: (_context: unknown, { uid }: { uid: string }) => `/login/${uid}` },
    features: {
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => `${url}/credential`,
        useGrantedResource: () => true,
        getResourceServerInfo: (_context: unknown, resource: string) => ({
          audience: resource,
          scope: 'document',
        }),
      },
      richAuthorizationRequests: {
        enabled: true,
        authorizationDetailsForGrantSource(context: {
          oidc: { params: { authorization_details?: string } }
        }) {
          const { authorization_details: details } = context.oidc.params
          return details === undefined ? undefined : JSON.parse(details)
        },
        authorizationDetailsForAccessToken: (
          _context: unknown,
          _token: unknown,
          source: { rar?: readonly object[] },
        ) => source.rar?.map((detail) => ({ ...detail, credential_identifiers: ['the-one'] })),
      },
      openid4vci: {
        enabled: true,
        ack: 'experimental-01',
        preAuthorizedCodeGrant: true,
        nonceSecret: randomBytes(32),
        metadata: {
          display: [{ name: 'Interop', locale: 'en' }],
          batch_credential_issuance: { batch_size: 3 },
        },
        credentialConfigurationsSupported: configurations,
        async issueCredential(
          _context: unknown,
          asked: { credentialConfigurationId: ProviderConfiguration; proofs: { jwt: readonly string[] } },
        ) {
          const proven = asked.proofs.jwt.map((jwt) => jose.decodeProtectedHeader(jwt).jwk as jose.JWK)
          holders.push(...proven)
          const issue = (holderJwk: jose.JWK) =>
            asked.credentialConfigurationId === 'mso_mdoc'
              ? issuePeerMdoc(signer, { claims, holderJwk, docType: type })
              : issuePeerSdJwt(signer, { claims, cnf: { jwk: holderJwk }, iss: url, vct: type })
          const credentials = await Promise.all(proven.map(issue))
          return { credentials: credentials.map((credential) => ({ credential })) }
        },
      },
    },
  })

  async function login(request: IncomingMessage, response: ServerResponse) {
    const { params } = await provider.interactionDetails(request, response)
    const grant = new provider.Grant({ accountId, clientId: params.client_id })
    grant.addResourceScope(`${url}/credential`, 'document')
    grant.addOIDCScope('document')
    if (params.authorization_details) {
      for (const detail of JSON.parse(params.authorization_details)) grant.addRar(detail)
    }
    const consent = { grantId: await grant.save() }
    await provider.interactionFinished(request, response, { login: { accountId }, consent })
  }
  const protocol = provider.callback()
  callback = (request, response) => {
    if (request.url?.startsWith('/login/')) void login(request, response)
    else protocol(request, response)
  }

  return {
    url,
    certificate: root,
    /** The keys to which it has issued. */
    holders,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
    /** An offer with a pre-authorized code, which oidc-provider makes; the offer's JSON is the application's matter. */
    async createOffer(configurationId: ProviderConfiguration) {
      const resource = `${url}/credential`
      const grant = new provider.Grant({ accountId, clientId: walletClient })
      grant.addResourceScope(resource, 'document')
      const txCode = String(randomInt(100_000, 1_000_000))
      const code = new provider.PreAuthorizedCode({
        accountId,
        clientId: walletClient,
        grantId: await grant.save(),
        resource,
        scope: 'document',
        txCode,
      })
      const grants = {
        [preAuthorized]: {
          'pre-authorized_code': await code.save(),
          tx_code: { input_mode: 'numeric', length: 6 },
        },
      }
      return { uri: offerUri(url, configurationId, grants), txCode }
    },
    createLoginOffer: (configurationId: ProviderConfiguration) =>
      offerUri(url, configurationId, { authorization_code: {} }),
  }
}

function offerUri(issuer: string, configurationId: string, grants: object): string {
  const offer = { credential_issuer: issuer, credential_configuration_ids: [configurationId], grants }
  return `openid-credential-offer://?credential_offer=${encodeURIComponent(JSON.stringify(offer))}`
}

/** Goes through the login in a browser's stead, with its cookies; resolves to where the wallet is sent back. */
export async function followLogin(start: URL): Promise<URL> {
  const cookies = new Map<string, string>()
  let at = start
  for (let steps = 0; steps < 10; steps += 1) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(at, { redirect: 'manual', headers: { cookie } })
    for (const line of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split(/=(.*)/s)
      cookies.set(name, value)
    }
    const location = answer.headers.get('location')
    if (location === null) throw new Error(`${at.pathname} answered ${answer.status}: ${await answer.text()}`)
    at = new URL(location, at)
    if (at.href.startsWith(redirectUri)) return at
  }
  throw new Error('the login does not end')
}
