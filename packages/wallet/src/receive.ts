import type { Credential, HolderKey, JsonObject, Signer } from '@ekkasan/core'
import { base64url } from '@ekkasan/core/bytes'
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
import { WalletError } from './errors.ts'
import { fetchJson, fetchText, type TextAnswer } from './fetch-text.ts'
import { describeKeptCredential, type KeptCredential, keepCredential } from './kept-credential.ts'
import { explainRefusedGrant, type OpenOffer } from './offer.ts'
import { refusal, refusalCode } from './refusal.ts'
import { normalizeTxCode } from './tx-code.ts'
import type { ReceiveOutcome } from './types.ts'

export interface ReceiveOptions {
  readonly txCode?: string
  /** Of all that is offered, what is wanted (default: `credentials` of the offer as it was read). */
  readonly configurationIds?: readonly string[]
}

/**
 * Redeems an offer and keeps what comes, after the format's own checks of it. Each configuration has its own outcome:
 * what is received stays, whatever becomes of the others.
 * @throws WalletError, IssuanceMessageError before a credential was asked for
 */
export async function receive(
  context: ReceivingContext,
  open: OpenOffer,
  options: ReceiveOptions,
): Promise<readonly ReceiveOutcome[]> {
  const offered = open.offer.credential_configuration_ids
  const ids = options.configurationIds ?? open.chosen.map(({ configurationId }) => configurationId)
  if (ids.some((id) => !offered.includes(id))) throw new TypeError('a configuration that was not offered')
  const { tx_code: asked } = open.grant
  const txCode = asked && normalizeTxCode(options.txCode ?? '', asked.input_mode)
  if (txCode === '') {
    throw new WalletError('wallet.receive.tx-code-missing', 'the offer asks for a transaction code')
  }
  // All that this wallet can find wrong is found before the code, which works once, is spent.
  const wanted = ids.map((id) => chooseConfiguration(context, open.metadata, id))
  // Names what is lacking for the first, where nothing of the offer is supported.
  if (wanted.length === 0) chooseConfiguration(context, open.metadata, offered[0] as string)
  const token = await redeem(context, open, txCode)
  const outcomes: ReceiveOutcome[] = []
  for (const one of wanted) outcomes.push(await outcomeOf(context, open.metadata, token, one))
  return outcomes
}

async function outcomeOf(
  context: ReceivingContext,
  metadata: CredentialIssuerMetadata,
  token: AccessToken,
  wanted: Wanted,
): Promise<ReceiveOutcome> {
  const { configurationId } = wanted
  try {
    const kept = await receiveOne(context, metadata, token, wanted)
    return {
      outcome: 'received',
      configurationId,
      credentials: kept.map((one) => describeKeptCredential(one)),
    }
  } catch (cause) {
    const error = cause instanceof Error ? cause : new Error('the credential was not received', { cause })
    return { outcome: 'failed', configurationId, error }
  }
}

async function redeem(context: ReceivingContext, open: OpenOffer, txCode?: string): Promise<AccessToken> {
  try {
    return await fetchAccessToken(context, open, txCode)
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
    const response = await requestCredential(context, metadata, token, wanted, [holder])
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

async function requestCredential(
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
  // Once more, with a fresh nonce and the same keys (section 8.3.1.2).
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
