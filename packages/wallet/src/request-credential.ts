import type { HolderKey, JsonObject, Signer } from '@ekkasan/core'
import { didJwkUrlOf, didKeyUrlOf } from '@ekkasan/keys'
import {
  type CredentialIssuerMetadata,
  createProof,
  parseCredentialResponse,
  parseNonceResponse,
} from '@ekkasan/openid4vc'
import type { AccessToken } from './access-token.ts'
import type { Binding, Wanted } from './choose-configuration.ts'
import type { ReceivingContext } from './context.ts'
import { WalletError } from './errors.ts'
import { fetchJson, fetchText, type TextAnswer } from './fetch-text.ts'
import { refusal, refusalCode } from './refusal.ts'

// The credential endpoint of OpenID4VCI 1.0 (section 8), as a wallet sees it.

/** A key made for one credential, and how proofs of it name it. */
export interface Holder {
  readonly signer: Signer
  readonly key: HolderKey
}

/** Makes a key of its own for a credential that is yet to be asked for. */
export async function createHolder({ keys }: ReceivingContext, { method, alg }: Binding): Promise<Holder> {
  const signer = await keys.create(alg)
  const jwk = signer.key.publicJwk
  if (method === 'jwk') return { signer, key: { jwk } }
  const kid = method === 'did:jwk' ? didJwkUrlOf(jwk) : didKeyUrlOf(jwk)
  return { signer: { ...signer, key: { ...signer.key, kid } }, key: { jwk, kid } }
}

/** A proof for each key, all with one fresh nonce. */
async function proveHolders(
  { fetch, clock, clientId }: ReceivingContext,
  metadata: CredentialIssuerMetadata,
  holders: readonly Holder[],
): Promise<readonly string[]> {
  const { nonce_endpoint: endpoint, credential_issuer: issuer } = metadata
  const nonce =
    endpoint === undefined
      ? undefined
      : parseNonceResponse(await fetchJson(fetch, endpoint, { init: { method: 'POST' } })).c_nonce
  return Promise.all(
    holders.map(({ signer, key }) =>
      createProof({
        signer,
        issuer,
        ...(nonce !== undefined && { nonce }),
        ...(clientId !== undefined && { clientId }),
        binding: key.kid === undefined ? 'jwk' : 'kid',
        now: clock(),
      }),
    ),
  )
}

/**
 * Asks for a credential for each holder's key, with a proof of each. A nonce that the issuer refuses is replaced once,
 * and every proof made anew with it (section 8.3.1.2).
 * @throws WalletError when the issuer refuses, defers, or answers what is no credential response
 */
export async function requestCredentials(
  context: ReceivingContext,
  metadata: CredentialIssuerMetadata,
  token: AccessToken,
  { configurationId }: Wanted,
  holders: readonly Holder[],
) {
  const identifier = token.identifiers.get(configurationId)?.[0]
  const ask = async () =>
    postJson(context, metadata.credential_endpoint, token, {
      ...(identifier === undefined
        ? { credential_configuration_id: configurationId }
        : { credential_identifier: identifier }),
      proofs: { jwt: await proveHolders(context, metadata, holders) },
    })
  let answer = await ask()
  // Once more, with a fresh nonce and the same keys.
  if (isNonceRefused(answer) && metadata.nonce_endpoint !== undefined) answer = await ask()
  if (answer.status !== 200 && answer.status !== 202) {
    throw refusal(answer, { by: 'the issuer', code: 'wallet.receive.refused' })
  }
  const response = parseCredentialResponse(answer.text)
  if ('transaction_id' in response) {
    throw new WalletError('wallet.receive.deferred', 'the credential is not ready yet')
  }
  // Section 8.3: each key is bound to at most one credential.
  if (response.credentials.length > holders.length) {
    throw new WalletError('wallet.fetch.invalid', 'more credentials than keys were proven')
  }
  return response
}

function isNonceRefused(answer: TextAnswer): boolean {
  return answer.status >= 400 && answer.status < 500 && refusalCode(answer) === 'invalid_nonce'
}

/** Sends JSON to an endpoint of the issuer, with the access token. */
export function postJson(context: ReceivingContext, url: string, token: AccessToken, body: JsonObject) {
  const headers = { Authorization: `Bearer ${token.text}`, 'Content-Type': 'application/json' }
  return fetchText(context.fetch, url, { method: 'POST', headers, body: JSON.stringify(body) }, 8_388_608)
}
