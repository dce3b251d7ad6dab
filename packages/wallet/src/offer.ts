import { askTrustFirst, type Fetch, type IsTrusted, type LanguageMap } from '@ekkasan/core'
import {
  type CredentialOffer,
  namesFromDisplay,
  type PreAuthorizedCodeOffer,
  parseCredentialOffer,
  parseCredentialOfferUri,
  preAuthorizedCodeGrant,
  type ReadCredentialIssuerMetadata,
} from '@ekkasan/openid4vc'
import { chooseConfigurations, configurationOf, type Wanted } from './choose-configuration.ts'
import type { ReceivingContext } from './context.ts'
import { WalletError } from './errors.ts'
import { fetchJson } from './fetch-text.ts'
import { fetchIssuerMetadata } from './issuer-metadata.ts'
import type { ReceivedOffer } from './types.ts'

/** What a read offer stands for: too secret and too long to be shown. */
export interface OpenOffer {
  readonly offer: CredentialOffer
  /** Where the offer was fetched, if it did not stand in the link. */
  readonly reference?: string
  /** How many transaction codes were refused for it. */
  wrongCodes: number
  readonly grant: PreAuthorizedCodeOffer
  readonly metadata: ReadCredentialIssuerMetadata
  /** Issuer identifiers of the authorization servers that may redeem the code, the issuer's first choice first. */
  readonly authorizationServers: readonly string[]
  /** What is taken by default. */
  readonly chosen: readonly Wanted[]
}

export interface ReadOffer {
  readonly shown: ReceivedOffer
  readonly open: OpenOffer
}

/**
 * Reads an offer, by value or by reference, and the metadata of the issuer it names, unless that one is not trusted.
 * @throws IssuanceMessageError, WalletError
 */
export async function readOffer(context: ReceivingContext, uri: string): Promise<ReadOffer> {
  const { fetch, isTrusted } = context
  const link = parseCredentialOfferUri(uri)
  const offer = 'offer' in link ? link.offer : await fetchOffer(fetch, link.reference)
  const grant = offer.grants?.[preAuthorizedCodeGrant]
  if (!grant) {
    throw new WalletError('wallet.offer.unsupported', 'the offer has no pre-authorized code')
  }
  const issuer = offer.credential_issuer
  await requireNotRefused(isTrusted, issuer)
  const metadata = await fetchIssuerMetadata(fetch, issuer)
  const authorizationServers = authorizationServersOf(grant, metadata)
  await requireTrustedWithToken(isTrusted, issuer, authorizationServers[0] as string)
  const { chosen, supported } = chooseConfigurations(context, metadata, offer.credential_configuration_ids)
  const reference = 'reference' in link && { reference: link.reference }
  const open = { offer, ...reference, wrongCodes: 0, grant, metadata, authorizationServers, chosen }
  return { shown: show(open, supported), open }
}

async function fetchOffer(fetch: Fetch, reference: string): Promise<CredentialOffer> {
  return parseCredentialOffer(await fetchJson(fetch, reference, { ended: 'wallet.offer.ended' }))
}

/**
 * What a refused code means: that the offer is dead, where it was fetched and its issuer says so now; else that the code
 * was wrong, or whatever else its issuer does not tell apart.
 */
export async function explainRefusedGrant(
  { fetch }: ReceivingContext,
  open: OpenOffer,
  refused: WalletError,
): Promise<WalletError> {
  if (open.reference !== undefined) {
    // A reference that is not there any more may be one that is served once.
    const now = await fetchOffer(fetch, open.reference).catch((error: unknown) => error)
    if (now instanceof WalletError && now.code === 'wallet.offer.ended' && now.status === 410) return now
  }
  if (!open.grant.tx_code) return refused
  open.wrongCodes += 1
  return new WalletError(refused.code as 'wallet.receive.grant-refused', refused.message, {
    cause: refused,
    ...(refused.issuerError !== undefined && { issuerError: refused.issuerError }),
    ...(refused.status !== undefined && { status: refused.status }),
    wrongCodes: open.wrongCodes,
  })
}

function authorizationServersOf(
  grant: PreAuthorizedCodeOffer,
  metadata: ReadCredentialIssuerMetadata,
): readonly string[] {
  const named = grant.authorization_server
  if (named !== undefined && !metadata.authorization_servers?.includes(named)) {
    throw new WalletError('wallet.offer.inconsistent', 'the offer names a foreign authorization server')
  }
  if (named !== undefined) return [named]
  return metadata.authorization_servers ?? [metadata.credential_issuer]
}

/**
 * Before anything of the issuer is fetched, and so before a person types a transaction code for it. Which DID or
 * certificate its credentials will carry is not known yet: that a trust policy goes by those alone is no refusal, and
 * the credential shows it.
 * @throws WalletError
 */
async function requireNotRefused(isTrusted: IsTrusted, issuer: string): Promise<void> {
  const answer = await askTrustFirst(isTrusted, { role: 'credential-issuer', id: issuer })
  if (answer.trusted === false) {
    const why = answer.detail ?? answer.code
    throw new WalletError(
      'wallet.offer.untrusted',
      `the issuer is not trusted, nothing was asked of it: ${why}`,
    )
  }
  if (answer.trusted === 'unknown' && answer.code !== 'core.trust.named-otherwise') {
    const message =
      'whether the issuer is trusted could not be found out, nothing was asked of it; try again later'
    throw new WalletError('wallet.offer.trust-unknown', `${message}: ${answer.detail ?? answer.code}`)
  }
}

/**
 * Anybody can name another's authorization server in his metadata: with a code that he saw he would have the wallet
 * redeem it there, transaction code and all, and bring him the token.
 */
export async function requireTrustedWithToken(
  isTrusted: IsTrusted,
  issuer: string,
  authorizationServer: string,
): Promise<void> {
  if (authorizationServer === issuer) return
  const { trusted } = await isTrusted({ role: 'credential-issuer', id: issuer })
  if (trusted === true) return
  throw new WalletError(
    'wallet.offer.untrusted',
    'the issuer names the authorization server of another and is not trusted itself',
  )
}

function show({ offer, grant, metadata, chosen }: OpenOffer, supported: readonly Wanted[]): ReceivedOffer {
  const { tx_code } = grant
  const isAmong = (some: readonly Wanted[], id: string) => some.some((one) => one.configurationId === id)
  const offered = offer.credential_configuration_ids.map((configurationId) => {
    const configuration = configurationOf(metadata, configurationId)
    const names: LanguageMap = namesFromDisplay(configuration?.credential_metadata?.display)
    return { configurationId, format: configuration?.format ?? '', names }
  })
  return {
    issuer: { id: offer.credential_issuer, names: namesFromDisplay(metadata.display) },
    credentials: offered.filter(({ configurationId }) => isAmong(chosen, configurationId)),
    others: offered
      .filter(({ configurationId }) => !isAmong(chosen, configurationId))
      .map((other) => ({ ...other, supported: isAmong(supported, other.configurationId) })),
    ...(metadata.diagnosis.length > 0 && { diagnosis: metadata.diagnosis }),
    ...(tx_code && {
      txCode: {
        ...(tx_code.length !== undefined && { length: tx_code.length }),
        inputMode: tx_code.input_mode ?? 'numeric',
        ...(tx_code.description !== undefined && { description: tx_code.description }),
      },
    }),
  }
}
