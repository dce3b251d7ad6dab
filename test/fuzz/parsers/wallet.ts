import { createMemoryStore, type Fetch, ResolveError, trustAnyone } from '@ekkasan/core'
import { isJsonObject, parseJson } from '@ekkasan/core/json'
import { createDidResolver, didJwkOf, didJwkUrlOf } from '@ekkasan/did'
import { publicJwkOf, signJws } from '@ekkasan/keys'
import {
  buildRequestReference,
  credentialOfferUri,
  IssuanceMessageError,
  PresentationRequestError,
  preAuthorizedCodeGrant,
  requestObjectType,
  staticDiscoveryAudience,
} from '@ekkasan/openid4vc'
import { issueSdJwtVc, sdJwtVcHolder } from '@ekkasan/sd-jwt-vc'
import { createMemoryHolderKeys, createWallet, type Wallet, WalletError } from '@ekkasan/wallet'
import { readClientCertificate } from '@ekkasan/x509'
import { fuzzKey, fuzzSigner } from '../keys.ts'
import { type FuzzTarget, insist, linesOf, tryParse, tryVerify } from '../target.ts'

const issuer = 'https://issuer.example'
const vct = 'https://issuer.example/vct'
const verifierJwk = publicJwkOf(fuzzKey('verifier'))
const clientId = `decentralized_identifier:${didJwkOf(verifierJwk)}`
const kid = didJwkUrlOf(verifierJwk)
const json = (body: string) => new Response(body, { headers: { 'content-type': 'application/json' } })

export const target: FuzzTarget = {
  reads:
    'all that a wallet is sent: what was scanned, metadata of issuer and authorization server, answers of the issuer, requests (@ekkasan/wallet)',
  async seeds() {
    const offer = {
      credential_issuer: issuer,
      credential_configuration_ids: ['A'],
      grants: { [preAuthorizedCodeGrant]: { 'pre-authorized_code': 'c' } },
    }
    const credential = await issueSdJwtVc({
      signer: await fuzzSigner('issuer'),
      vct,
      issuer,
      claims: { name: 'A' },
      holderJwk: publicJwkOf(fuzzKey('holder')),
    })
    const metadata = {
      credential_issuer: issuer,
      credential_endpoint: `${issuer}/credential`,
      nonce_endpoint: `${issuer}/nonce`,
      notification_endpoint: `${issuer}/notification`,
      batch_credential_issuance: { batch_size: 3 },
      display: [{ name: 'กรม', locale: 'th' }],
      credential_configurations_supported: {
        A: {
          format: 'dc+sd-jwt',
          vct,
          cryptographic_binding_methods_supported: ['jwk'],
          proof_types_supported: { jwt: { proof_signing_alg_values_supported: ['ES256'] } },
          credential_metadata: { display: [{ name: 'บัตร', locale: 'th' }], claims: [{ path: ['name'] }] },
        },
      },
    }
    const server = {
      issuer,
      token_endpoint: `${issuer}/token`,
      'pre-authorized_grant_anonymous_access_supported': true,
      grant_types_supported: [preAuthorizedCodeGrant],
    }
    const answers = [
      metadata,
      server,
      { access_token: 'a', token_type: 'Bearer', expires_in: 60 },
      { c_nonce: 'n' },
      { credentials: [{ credential }], notification_id: 'n' },
    ].map((answer) => JSON.stringify(answer))
    const reference = {
      client_id: clientId,
      request_uri: 'https://v.example/r',
      request_uri_method: 'post',
    } as const
    const request = {
      client_id: clientId,
      response_type: 'vp_token',
      response_mode: 'direct_post',
      response_uri: 'https://v.example/a',
      nonce: 'n',
      state: 's',
      aud: staticDiscoveryAudience,
      dcql_query: { credentials: [{ id: 'a', format: 'dc+sd-jwt', meta: { vct_values: [vct] } }] },
    }
    return [
      [credentialOfferUri(offer), ...answers].join('\n'),
      [
        buildRequestReference(reference),
        JSON.stringify(request),
        '{"redirect_uri":"https://v.example/end"}',
      ].join('\n'),
    ]
  },
  async read(input) {
    const [scanned = '', ...answers] = linesOf(input)
    await receive(createWalletOver(issuerFetch(answers)), scanned)
    const request = tryParse(() => parseJson(answers[0] ?? ''), SyntaxError)
    if (isJsonObject(request))
      await present(createWalletOver(verifierFetch(request, answers[1] ?? '')), scanned)
  },
}

const refusals = [WalletError, IssuanceMessageError, PresentationRequestError, ResolveError]

async function receive(wallet: Wallet, scanned: string): Promise<void> {
  const offer = await tryVerify(() => wallet.readOffer(scanned), ...refusals)
  if (!offer) return
  const outcomes = await tryVerify(() => wallet.receive(offer), ...refusals)
  for (const outcome of outcomes ?? [])
    if ('error' in outcome) insist(isRefusal(outcome.error), String(outcome.error))
  await wallet.credentials()
}

async function present(wallet: Wallet, scanned: string): Promise<void> {
  const request = await tryVerify(() => wallet.readRequest(scanned), ...refusals)
  if (request) await tryVerify(() => wallet.decline(request), ...refusals)
}

const isRefusal = (error: unknown) => error instanceof Error && !(error instanceof RangeError)

/** The documents of an issuer and its answers, in the order in which a wallet asks for them. */
function issuerFetch([
  metadata = '',
  server = '',
  token = '',
  nonce = '',
  credential = '',
]: readonly string[]) {
  return async (input: string | URL) => {
    const url = String(input)
    if (url.includes('/openid-credential-issuer')) return json(metadata)
    if (url.includes('/oauth-authorization-server')) return json(server)
    if (url.endsWith('/token')) return json(token)
    if (url.endsWith('/nonce')) return json(nonce)
    return json(credential)
  }
}

/** A verifier that signs whatever it asks. */
function verifierFetch(request: Record<string, unknown> | object, answer: string) {
  return async (_input: string | URL, init: RequestInit = {}) => {
    const nonce = init.body instanceof URLSearchParams ? init.body.get('wallet_nonce') : null
    if (init.body instanceof URLSearchParams && nonce === null) return json(answer)
    const payload = { ...request, ...(nonce !== null && { wallet_nonce: nonce }) }
    const header = { typ: requestObjectType, kid }
    const compact = await signJws({ signer: await fuzzSigner('verifier'), header, payload: payload as never })
    return new Response(compact, { headers: { 'content-type': `application/${requestObjectType}` } })
  }
}

function createWalletOver(fetch: Fetch): Wallet {
  const key = {
    jwk: publicJwkOf(fuzzKey('issuer')),
    identity: { id: issuer, method: 'jwt-vc-issuer' } as const,
  }
  return createWallet({
    formats: [sdJwtVcHolder({ resolveIssuerKey: async () => key })],
    keys: createMemoryHolderKeys(),
    store: createMemoryStore(),
    isTrusted: trustAnyone('the fuzzer'),
    readCertificate: readClientCertificate,
    resolveDid: createDidResolver({ fetch: async () => new Response('', { status: 404 }) }),
    fetch,
  })
}
