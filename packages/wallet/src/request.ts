import {
  type CredentialView,
  type HolderFormat,
  type JsonValue,
  type LanguageMap,
  type PresentationBinding,
  ResolveError,
  type TrustAnswer,
} from '@ekkasan/core'
import { base64url } from '@ekkasan/core/bytes'
import { jwkThumbprint } from '@ekkasan/keys'
import {
  type AuthorizationRequest,
  type AuthorizationResponse,
  answerableSets,
  buildRequestUriPost,
  type CredentialQuery,
  clientIdPrefixes,
  type DcqlQuery,
  isOfTrustedAuthority,
  isShownText,
  matchCredential,
  missingCredentials,
  type PresentationRequest,
  PresentationRequestError,
  parseClientId,
  parseRequestReference,
  parseTransactionData,
  type QueryMismatchCode,
  type RequestReference,
  requestObjectType,
  requireResponseUriOfClient,
  responseEncryption,
  type TransactionData,
  type VerifiedRequest,
  verifyRequestObject,
} from '@ekkasan/openid4vc'
import type { PresentingContext } from './context.ts'
import { WalletError } from './errors.ts'
import { fetchText, unexpectedAnswer } from './fetch-text.ts'
import { type KeptCredential, listKeptCredentials } from './kept-credential.ts'
import { respond } from './respond.ts'
import type { Answered, PresentationOption, ReceivedRequest, UnansweredQuery } from './types.ts'

/** What stands behind a ReceivedRequest; only requests that were read here are answered. */
export interface OpenRequest {
  readonly query: DcqlQuery
  readonly trusted: boolean
  readonly transactions: readonly TransactionData[]
  /** What presentations are bound to, but for transaction data. */
  readonly binding: PresentationBinding
  /** Brings an answer to the one who asked. */
  answer(response: AuthorizationResponse): Promise<Answered>
}

export interface ReadRequest {
  readonly shown: ReceivedRequest
  readonly open: OpenRequest
}

/**
 * Reads a request, finds out who sent it, and what could answer it. Of a request that is refused only one who was
 * authenticated and is trusted is told so.
 * @throws PresentationRequestError, WalletError, ResolveError
 */
export async function readRequest(context: PresentingContext, uri: string): Promise<ReadRequest> {
  const reference = parseRequestReference(uri)
  parseClientId(reference.client_id)
  const verified = await fetchRequestObject(context, reference)
  const { request, client } = verified
  const trust = await context.isTrusted({
    role: 'verifier',
    id: request.client_id,
    ...(client.x5c && { x5c: client.x5c }),
  })
  if (trust.trusted !== true) requireResponseUriOfClient(verified)
  try {
    const encryption = responseEncryption(request)
    return await consider(context, {
      verifier: { clientId: request.client_id, names: shownNames(client.name), ...shownTrust(trust) },
      query: request.dcql_query,
      transactions: requestedTransactions(context, request),
      binding: {
        clientId: request.client_id,
        nonce: request.nonce,
        responseUri: request.response_uri,
        ...(encryption && { encryptionKeyThumbprint: jwkThumbprint(encryption.recipient) }),
      },
      answer: (response) => respond(context.fetch, request, response),
    })
  } catch (error) {
    if (trust.trusted === true) await tellWhy(context, request, error)
    throw error
  }
}

/** The name that somebody's certificate says, if a screen can show it. */
export function shownNames(name: string | undefined): LanguageMap {
  return isShownText(name) ? { und: name } : {}
}

export function shownTrust(trust: TrustAnswer): Pick<ReceivedRequest['verifier'], 'trusted' | 'code'> {
  return trust.trusted === true ? { trusted: true } : { trusted: false, code: trust.code }
}

export interface ConsideredRequest extends Omit<OpenRequest, 'trusted'> {
  readonly verifier: ReceivedRequest['verifier']
}

/** What the person sees of a request, whichever way it came, and what stands behind that. */
export async function consider(
  context: PresentingContext,
  { verifier, ...open }: ConsideredRequest,
): Promise<ReadRequest> {
  const held = await matchHeld(context, open.query)
  const transactionData = open.transactions.map(({ type, credentialIds, content }) => ({
    type,
    queryIds: credentialIds,
    content,
  }))
  return {
    shown: { verifier, ...held, ...(transactionData.length > 0 && { transactionData }) },
    open: { ...open, trusted: verifier.trusted },
  }
}

/** One who is known and trusted is told what is wrong with his request (OpenID4VP section 8.5). */
async function tellWhy(
  { fetch }: PresentingContext,
  request: AuthorizationRequest,
  reason: unknown,
): Promise<void> {
  if (!(reason instanceof PresentationRequestError)) return
  try {
    await respond(fetch, request, { error: reason.error })
  } catch (error) {
    // That he could not be told does not matter to the person, who learns what is wrong.
    if (!(error instanceof WalletError)) throw error
  }
}

async function fetchRequestObject(
  context: PresentingContext,
  reference: RequestReference,
): Promise<VerifiedRequest> {
  const { client_id, request_uri, request_uri_method } = reference
  const accept = { Accept: `application/${requestObjectType}` }
  const walletNonce = request_uri_method === 'post' ? base64url(context.randomBytes(16)) : undefined
  const post = walletNonce !== undefined && {
    method: 'POST',
    body: buildRequestUriPost({ wallet_metadata: walletMetadata(context), wallet_nonce: walletNonce }),
  }
  const answer = await fetchText(context.fetch, request_uri, { headers: accept, ...post }, 262_144)
  if (answer.status !== 200 || answer.contentType !== accept.Accept) {
    throw unexpectedAnswer(answer, 'wallet.request.ended')
  }
  const { readCertificate, resolveDid, clock } = context
  return verifyRequestObject(answer.text, {
    clientId: client_id,
    clock,
    ...(context.acceptRequestUriAudience && { otherAudience: request_uri }),
    ...(walletNonce !== undefined && { walletNonce }),
    ...(readCertificate && { readCertificate }),
    ...(resolveDid && { resolveDid }),
  })
}

function walletMetadata({ formats, readCertificate, resolveDid }: PresentingContext) {
  return {
    vp_formats_supported: Object.fromEntries(formats.map(({ format, metadata }) => [format, metadata])),
    client_id_prefixes_supported: clientIdPrefixes.filter((prefix) =>
      prefix === 'decentralized_identifier' ? resolveDid : readCertificate,
    ),
    response_modes_supported: ['direct_post', 'direct_post.jwt'],
    authorization_encryption_alg_values_supported: ['ECDH-ES'],
    authorization_encryption_enc_values_supported: ['A128GCM', 'A256GCM'],
  }
}

/**
 * The transaction data of a request, of types that are known here, saying what their types allow, each to be authorised
 * by a credential of a format that can.
 * @throws PresentationRequestError `openid4vc.request.transaction-data`
 */
export function requestedTransactions(
  { transactionDataTypes = {}, formats }: PresentingContext,
  request: PresentationRequest,
): readonly TransactionData[] {
  if (!request.transaction_data) return []
  const transactions = parseTransactionData(request.transaction_data, request.dcql_query)
  for (const { type, content, credentialIds } of transactions) {
    const isAllowed = Object.hasOwn(transactionDataTypes, type) ? transactionDataTypes[type] : undefined
    if (!isAllowed) throw unsupportedTransaction('of a type that this wallet does not know')
    if (!isAllowed(content)) throw unsupportedTransaction('that its type does not allow')
    const isCovered = credentialIds.some((id) =>
      coversTransactionData(
        formats,
        request.dcql_query.credentials.find((asked) => asked.id === id),
      ),
    )
    if (!isCovered) throw unsupportedTransaction('for credentials whose format has no place for it')
  }
  return transactions
}

export function coversTransactionData(
  formats: readonly HolderFormat[],
  asked: CredentialQuery | undefined,
): boolean {
  return formats.find(({ format }) => format === asked?.format)?.coversTransactionData === true
}

function unsupportedTransaction(what: string): PresentationRequestError {
  return new PresentationRequestError(
    'openid4vc.request.transaction-data',
    `the request has transaction data ${what}`,
    { error: 'invalid_transaction_data' },
  )
}

/** What of the credentials held could answer, each with no more than the claims asked for. */
async function matchHeld(
  context: PresentingContext,
  query: DcqlQuery,
): Promise<Pick<ReceivedRequest, 'options' | 'sets' | 'missing' | 'unanswered'>> {
  const held = await listKeptCredentials(context.store)
  const found = await Promise.all(
    query.credentials.map(
      async (asked): Promise<PresentationOption> => ({
        queryId: asked.id,
        candidates: await candidatesFor(context, asked, held),
      }),
    ),
  )
  const options = found.filter(({ candidates }) => candidates.length > 0)
  const answerable = options.map(({ queryId }) => queryId)
  const unanswered = query.credentials
    .filter(({ id }) => !answerable.includes(id))
    .map((asked) => whyUnanswered(asked, held))
  return {
    options,
    sets: answerableSets(query, answerable),
    missing: missingCredentials(query, answerable),
    ...(unanswered.length > 0 && { unanswered }),
  }
}

/** A credential of the kind that says otherwise comes closer than one that does not say it, or than none. */
function whyUnanswered(asked: CredentialQuery, held: readonly KeptCredential[]): UnansweredQuery {
  const {
    vct_values = [],
    doctype_value,
    type_values = [],
  } = asked.meta as Partial<Record<string, JsonValue>>
  const types = [vct_values, doctype_value ?? [], type_values]
    .flat(3)
    .filter((type): type is string => typeof type === 'string')
  const about = { queryId: asked.id, format: asked.format, types }
  const closest = (code: QueryMismatchCode) =>
    held.find(({ view }) => {
      const match = matchCredential(asked, view)
      return !match.matches && match.code === code
    })
  const otherwise = closest('openid4vc.query.claim-value')
  if (otherwise) {
    const conditions = (asked.claims ?? []).flatMap(({ path, values }) => (values ? [path] : []))
    return { ...about, why: 'values', credentialId: otherwise.id, conditions }
  }
  const silent = closest('openid4vc.query.claim-missing')
  return silent ? { ...about, why: 'claims', credentialId: silent.id } : { ...about, why: 'none' }
}

async function candidatesFor(
  context: PresentingContext,
  asked: CredentialQuery,
  held: readonly KeptCredential[],
): Promise<PresentationOption['candidates']> {
  const candidates = await Promise.all(
    held.map(async ({ id, format: formatId, view, credential }) => {
      const format = context.formats.find((known) => known.format === formatId)
      const match = matchCredential(asked, view)
      if (!format || !match.matches || !(await isAuthorityMet(context, asked, view))) return []
      const { disclose } = match
      return [{ credentialId: id, disclose, shown: format.shown(credential, disclose) }]
    }),
  )
  return candidates.flat()
}

/** A credential of which it could not be found out is not offered. */
async function isAuthorityMet(
  { trustedAuthorities }: PresentingContext,
  asked: CredentialQuery,
  view: CredentialView,
): Promise<boolean> {
  try {
    return await isOfTrustedAuthority(asked, view, trustedAuthorities)
  } catch (error) {
    if (error instanceof ResolveError) return false
    throw error
  }
}
