import type { ClaimPath, CredentialView, HolderFormat, LanguageMap } from '@ekkasan/core'
import { base64url } from '@ekkasan/core/bytes'
import {
  type AuthorizationRequest,
  buildRequestUriPost,
  type CredentialQuery,
  clientIdPrefixes,
  isCredentialRequired,
  matchCredential,
  missingCredentials,
  PresentationRequestError,
  parseClientId,
  parseRequestReference,
  parseTransactionData,
  type RequestReference,
  requestObjectType,
  requireResponseUriOfClient,
  responseEncryption,
  type VerifiedRequest,
  verifyRequestObject,
} from '@ekkasan/openid4vc'
import type { PresentingContext } from './context.ts'
import { WalletError } from './errors.ts'
import { fetchText } from './fetch-text.ts'
import { type KeptCredential, listKeptCredentials } from './kept-credential.ts'
import { respond } from './respond.ts'
import type { PresentationOption, ReceivedRequest } from './types.ts'

/** What stands behind a ReceivedRequest; only requests that were read here are answered. */
export interface OpenRequest {
  readonly request: AuthorizationRequest
  readonly trusted: boolean
}

/**
 * Reads a request, finds out who sent it, and what could answer it. Of a request that is refused only one who was
 * authenticated and is trusted is told so.
 * @throws PresentationRequestError, WalletError, ResolveError
 */
export async function readRequest(
  context: PresentingContext,
  uri: string,
): Promise<{ readonly shown: ReceivedRequest; readonly open: OpenRequest }> {
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
    responseEncryption(request)
    requireTransactionTypes(context, request)
  } catch (error) {
    if (trust.trusted === true) await tellWhy(context, request, error)
    throw error
  }
  const { options, missing } = matchHeld(context.formats, request, await listKeptCredentials(context.store))
  const names: LanguageMap = client.name === undefined ? {} : { und: client.name }
  return {
    shown: {
      verifier: {
        clientId: request.client_id,
        names,
        trusted: trust.trusted === true,
        ...(trust.trusted !== true && { code: trust.code }),
      },
      options,
      missing,
      ...(request.transaction_data && { transactionData: request.transaction_data }),
    },
    open: { request, trusted: trust.trusted === true },
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
    const code = answer.status >= 500 ? 'wallet.fetch.unavailable' : 'wallet.fetch.invalid'
    throw new WalletError(code, `the verifier gave no request: status ${answer.status}`)
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

function requireTransactionTypes(
  { transactionDataTypes = [] }: PresentingContext,
  request: AuthorizationRequest,
): void {
  for (const { type } of request.transaction_data
    ? parseTransactionData(request.transaction_data, request.dcql_query)
    : []) {
    if (transactionDataTypes.includes(type)) continue
    throw new PresentationRequestError(
      'openid4vc.request.transaction-data',
      'the request has transaction data of a type that this wallet does not know',
      { error: 'invalid_transaction_data' },
    )
  }
}

/** What of the credentials held could answer, each with no more than the claims asked for. */
function matchHeld(
  formats: readonly HolderFormat[],
  { dcql_query: query }: AuthorizationRequest,
  held: readonly KeptCredential[],
): Pick<ReceivedRequest, 'options' | 'missing'> {
  const found = query.credentials.map((asked) => ({ asked, candidates: candidatesFor(formats, asked, held) }))
  const answerable = found.filter(({ candidates }) => candidates.length > 0).map(({ asked }) => asked.id)
  const options = found.flatMap(({ asked, candidates }): PresentationOption[] => {
    if (candidates.length === 0) return []
    const required = isCredentialRequired(query, asked.id, answerable)
    return [{ queryId: asked.id, required, candidates }]
  })
  return { options, missing: missingCredentials(query, answerable) }
}

function candidatesFor(
  formats: readonly HolderFormat[],
  asked: CredentialQuery,
  held: readonly KeptCredential[],
): PresentationOption['candidates'] {
  return held.flatMap(({ id, format: formatId, view }) => {
    const format = formats.find((known) => known.format === formatId)
    const match = matchCredential(asked, view)
    if (!format || !match.matches) return []
    return [{ credentialId: id, disclose: format.disclosesAll ? allClaims(view) : match.disclose }]
  })
}

/** A format that cannot leave out a claim discloses all of them: the person has to see that. */
function allClaims({ claims }: CredentialView): readonly ClaimPath[] {
  return Object.keys(claims).map((name) => [name])
}
