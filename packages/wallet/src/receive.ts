import type { Credential, HolderKey, JsonObject, Signer } from '@ekkasan/core'
import { base64url } from '@ekkasan/core/bytes'
import { parseJsonObject } from '@ekkasan/core/json'
import { didJwkUrlOf, didKeyUrlOf, jwkThumbprint } from '@ekkasan/keys'
import {
  type CredentialIssuerMetadata,
  createProof,
  namesFromDisplay,
  parseCredentialResponse,
  parseNonceResponse,
} from '@ekkasan/openid4vc'
import { type AccessToken, fetchAccessToken } from './access-token.ts'
import { type Binding, chooseConfiguration, type Wanted } from './choose-configuration.ts'
import type { ReceivingContext } from './context.ts'
import { foreignCode, WalletError } from './errors.ts'
import { fetchJson, fetchText } from './fetch-text.ts'
import { type KeptCredential, keepCredential } from './kept-credential.ts'
import { explainRefusedGrant, type OpenOffer } from './offer.ts'

export interface ReceiveOptions {
  readonly txCode?: string
  /** Of all that is offered, what is wanted; unless told, `credentials` of the offer as it was read. */
  readonly configurationIds?: readonly string[]
}

/**
 * Redeems an offer and keeps what comes, after the format's own checks of it. Of several credentials those that came
 * before a fault stay.
 * @throws WalletError, IssuanceMessageError, RejectedError, UnavailableError
 */
export async function receive(
  context: ReceivingContext,
  open: OpenOffer,
  options: ReceiveOptions,
): Promise<readonly KeptCredential[]> {
  const offered = open.offer.credential_configuration_ids
  const ids = options.configurationIds ?? open.chosen.map(({ configurationId }) => configurationId)
  if (ids.some((id) => !offered.includes(id))) throw new TypeError('a configuration that was not offered')
  if (open.grant.tx_code && !options.txCode) {
    throw new WalletError('wallet.receive.tx-code-missing', 'the offer asks for a transaction code')
  }
  // All that this wallet can find wrong is found before the code, which works once, is spent.
  const wanted = ids.map((id) => chooseConfiguration(context, open.metadata, id))
  // Names what is lacking for the first, where nothing of the offer is supported.
  if (wanted.length === 0) chooseConfiguration(context, open.metadata, offered[0] as string)
  const token = await redeem(context, open, options.txCode)
  const kept: KeptCredential[] = []
  for (const one of wanted) kept.push(...(await receiveOne(context, open.metadata, token, one)))
  return kept
}

async function redeem(context: ReceivingContext, open: OpenOffer, txCode?: string): Promise<AccessToken> {
  try {
    return await fetchAccessToken(context, open, open.grant.tx_code && txCode)
  } catch (error) {
    const isRefused = error instanceof WalletError && error.code === 'wallet.receive.grant-refused'
    throw isRefused ? await explainRefusedGrant(context, open, error) : error
  }
}

async function receiveOne(
  context: ReceivingContext,
  metadata: CredentialIssuerMetadata,
  token: AccessToken,
  wanted: Wanted,
): Promise<readonly KeptCredential[]> {
  const holder = await createHolder(context, wanted.binding)
  try {
    const proof = await proveHolder(context, metadata, holder)
    const response = await requestCredential(context, metadata, token, wanted, proof)
    const { notification_id: notificationId } = response
    try {
      const kept = await keepAll(context, metadata, wanted, holder, response.credentials)
      await notify(context, metadata, token, notificationId, 'credential_accepted')
      return kept
    } catch (error) {
      await notify(context, metadata, token, notificationId, 'credential_failure')
      throw error
    }
  } catch (error) {
    await context.keys.delete(jwkThumbprint(holder.key.jwk))
    throw error
  }
}

interface Holder {
  readonly signer: Signer
  readonly key: HolderKey
}

async function createHolder({ keys }: ReceivingContext, { method, alg }: Binding): Promise<Holder> {
  const signer = await keys.create(alg)
  const jwk = signer.key.publicJwk
  if (method === 'jwk') return { signer, key: { jwk } }
  const kid = method === 'did:jwk' ? didJwkUrlOf(jwk) : didKeyUrlOf(jwk)
  return { signer: { ...signer, key: { ...signer.key, kid } }, key: { jwk, kid } }
}

async function proveHolder(
  { fetch, clock }: ReceivingContext,
  metadata: CredentialIssuerMetadata,
  { signer, key }: Holder,
): Promise<string> {
  const { nonce_endpoint: endpoint, credential_issuer: issuer } = metadata
  const nonce =
    endpoint === undefined
      ? undefined
      : parseNonceResponse(await fetchJson(fetch, endpoint, { init: { method: 'POST' } })).c_nonce
  return createProof({
    signer,
    issuer,
    ...(nonce !== undefined && { nonce }),
    binding: key.kid === undefined ? 'jwk' : 'kid',
    now: clock(),
  })
}

async function requestCredential(
  context: ReceivingContext,
  metadata: CredentialIssuerMetadata,
  token: AccessToken,
  { configurationId }: Wanted,
  proof: string,
) {
  const identifier = token.identifiers.get(configurationId)?.[0]
  const answer = await postJson(context, metadata.credential_endpoint, token, {
    ...(identifier === undefined
      ? { credential_configuration_id: configurationId }
      : { credential_identifier: identifier }),
    proofs: { jwt: [proof] },
  })
  if (answer.status !== 200 && answer.status !== 202) throw refusal(answer.status, answer.text)
  const response = parseCredentialResponse(answer.text)
  if ('transaction_id' in response) {
    throw new WalletError('wallet.receive.deferred', 'the credential is not ready yet')
  }
  // Section 8.3: each key is bound to at most one credential, and one key was proven.
  if (response.credentials.length > 1) {
    throw new WalletError('wallet.fetch.invalid', 'more credentials than keys were proven')
  }
  return response
}

function refusal(status: number, text: string): WalletError {
  let issuerError = String(status)
  try {
    issuerError = foreignCode(parseJsonObject(text).error, issuerError)
  } catch {
    // An answer that is not JSON is known by its status.
  }
  return new WalletError('wallet.receive.refused', `the issuer refused: ${issuerError}`, { issuerError })
}

async function keepAll(
  context: ReceivingContext,
  metadata: CredentialIssuerMetadata,
  { configuration, format }: Wanted,
  holder: Holder,
  credentials: readonly { readonly credential: Credential }[],
): Promise<readonly KeptCredential[]> {
  const { isTrusted, clock, randomBytes, store } = context
  const kept: KeptCredential[] = []
  for (const { credential } of credentials) {
    const held = await format.accept(credential, {
      holder: holder.key,
      issuer: metadata.credential_issuer,
      isTrusted,
      clock,
    })
    // A key was proven: a credential that names none would be anybody's who sees it.
    if (!held.view.holderBound) {
      throw new WalletError('wallet.fetch.invalid', 'the credential is bound to no key')
    }
    kept.push({
      id: base64url(randomBytes(16)),
      format: format.format,
      credential,
      holder: holder.key,
      issuer: held.issuer,
      issuerNames: namesFromDisplay(metadata.display),
      metadata: (configuration.credential_metadata ?? {}) as unknown as JsonObject,
      view: held.view,
      checks: held.checks,
      ...(held.status && { status: held.status }),
      validity: {
        ...(held.validity.from && { from: held.validity.from.getTime() }),
        ...(held.validity.until && { until: held.validity.until.getTime() }),
      },
      receivedAt: clock().getTime(),
    })
  }
  await Promise.all(kept.map((one) => keepCredential(store, one)))
  return kept
}

/** Best effort: the issuer may never hear of it, and what was kept stays kept. */
async function notify(
  context: ReceivingContext,
  { notification_endpoint: endpoint }: CredentialIssuerMetadata,
  token: AccessToken,
  notificationId: string | undefined,
  event: 'credential_accepted' | 'credential_failure',
): Promise<void> {
  if (endpoint === undefined || notificationId === undefined) return
  await postJson(context, endpoint, token, { notification_id: notificationId, event }).catch(() => undefined)
}

function postJson(context: ReceivingContext, url: string, token: AccessToken, body: JsonObject) {
  const headers = { Authorization: `Bearer ${token.text}`, 'Content-Type': 'application/json' }
  return fetchText(context.fetch, url, { method: 'POST', headers, body: JSON.stringify(body) }, 8_388_608)
}
