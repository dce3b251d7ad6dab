import type { Credential, HeldCredential, HolderFormat, JsonObject } from '@ekkasan/core'
import { base64url } from '@ekkasan/core/bytes'
import {
  anyRule,
  checkOptions,
  integerRule,
  listRule,
  type OptionRules,
  optional,
  textRule,
} from '@ekkasan/core/options'
import { jwkThumbprint } from '@ekkasan/keys'
import { type CredentialIssuerMetadata, namesFromDisplay } from '@ekkasan/openid4vc'
import { type AccessToken, fetchAccessToken } from './access-token.ts'
import { chooseConfiguration, type Wanted } from './choose-configuration.ts'
import type { ReceivingContext } from './context.ts'
import { WalletError } from './errors.ts'
import { describeKeptCredential, type KeptCredential, keepCredential } from './kept-credential.ts'
import { explainRefusedGrant, type OpenOffer } from './offer.ts'
import { createHolder, type Holder, postJson, requestCredentials } from './request-credential.ts'
import { normalizeTxCode } from './tx-code.ts'
import type { ReceiveOptions, ReceiveOutcome } from './types.ts'

const rules: OptionRules<ReceiveOptions> = {
  txCode: optional(anyRule),
  configurationIds: optional(listRule(textRule)),
  batchSize: optional(integerRule(1)),
}

/**
 * Redeems an offer and keeps what comes, after the format's own checks of it. Each configuration has its own outcome:
 * what is received stays, whatever becomes of the others.
 * @throws WalletError, IssuanceMessageError before a credential was asked for; TypeError for options that fit nothing
 */
export async function receive(
  context: ReceivingContext,
  open: OpenOffer,
  options: ReceiveOptions,
): Promise<readonly ReceiveOutcome[]> {
  checkOptions(options, 'receive', rules)
  const offered = open.offer.credential_configuration_ids
  const ids = options.configurationIds ?? open.chosen.map(({ configurationId }) => configurationId)
  if (ids.some((id) => !offered.includes(id))) throw new TypeError('a configuration that was not offered')
  const { batchSize = 1 } = options
  const count = Math.min(batchSize, open.metadata.batch_credential_issuance?.batch_size ?? 1)
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
  for (const one of wanted) outcomes.push(await outcomeOf(context, open.metadata, token, one, count))
  return outcomes
}

async function outcomeOf(
  context: ReceivingContext,
  metadata: CredentialIssuerMetadata,
  token: AccessToken,
  wanted: Wanted,
  count: number,
): Promise<ReceiveOutcome> {
  const { configurationId } = wanted
  try {
    const kept = await receiveBatch(context, metadata, token, wanted, count)
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

async function receiveBatch(
  context: ReceivingContext,
  metadata: CredentialIssuerMetadata,
  token: AccessToken,
  wanted: Wanted,
  count: number,
): Promise<readonly KeptCredential[]> {
  const holders = await Promise.all(
    Array.from({ length: count }, () => createHolder(context, wanted.binding)),
  )
  const forget = (some: readonly Holder[]) =>
    Promise.all(some.map(({ key }) => context.keys.delete(jwkThumbprint(key.jwk))))
  try {
    const response = await requestCredentials(context, metadata, token, wanted, holders)
    const { notification_id: notificationId } = response
    try {
      const { kept, unused } = await keepAll(context, metadata, wanted, holders, response.credentials)
      // An issuer may give fewer credentials than keys were proven.
      await forget(unused)
      await notify(context, metadata, token, notificationId, 'credential_accepted')
      return kept
    } catch (error) {
      await notify(context, metadata, token, notificationId, 'credential_failure')
      throw error
    }
  } catch (error) {
    await forget(holders)
    throw error
  }
}

async function keepAll(
  context: ReceivingContext,
  metadata: CredentialIssuerMetadata,
  { configuration, format }: Wanted,
  holders: readonly Holder[],
  credentials: readonly { readonly credential: Credential }[],
): Promise<{ readonly kept: readonly KeptCredential[]; readonly unused: readonly Holder[] }> {
  const { clock, randomBytes, store } = context
  let unused = holders
  const kept: KeptCredential[] = []
  for (const { credential } of credentials) {
    const { held, holder } = await acceptForOne(context, metadata, format, unused, credential)
    unused = unused.filter((one) => one !== holder)
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
  return { kept, unused }
}

/**
 * Accepts a credential for the one of these keys that it is bound to. OpenID4VCI says of no order in which the
 * credentials of a batch come: that of the proofs is tried first.
 * @throws what the format says of it for the first key, when it accepts it for none
 */
async function acceptForOne(
  { isTrusted, clock }: ReceivingContext,
  metadata: CredentialIssuerMetadata,
  format: HolderFormat,
  holders: readonly Holder[],
  credential: Credential,
): Promise<{ readonly held: HeldCredential; readonly holder: Holder }> {
  const refusals: unknown[] = []
  for (const holder of holders) {
    try {
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
      return { held, holder }
    } catch (error) {
      refusals.push(error)
    }
  }
  throw refusals[0]
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
