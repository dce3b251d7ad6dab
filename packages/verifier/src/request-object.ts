import { distinctLanguages } from '@ekkasan/core'
import { utf8 } from '@ekkasan/core/bytes'
import { encryptJwe, isForEncryption, publicJwkOf } from '@ekkasan/keys'
import {
  type AuthorizationRequest,
  PresentationError,
  type RequestUriPost,
  type ResponseMode,
  requestUriError,
  signRequestObject,
  type WalletMetadata,
} from '@ekkasan/openid4vc'
import { type Context, keptUntil, responseUri } from './context.ts'
import { type AskedRequest, readSession, type Session, writeSession } from './session.ts'

/** Content encryption offered for responses: both, as HAIP section 5 wants. */
const contentEncryption = ['A128GCM', 'A256GCM']

/**
 * The request object of a session, signed anew for each wallet that asks, always with the same nonce.
 * @throws PresentationError
 */
export async function requestObject(
  context: Context,
  requestId: string,
  post: RequestUriPost = {},
): Promise<string> {
  const { store, clock, identity } = context
  const { session, version } = await requireServed(context, requestId)
  const { asked } = session
  const encs = requireServable(context, asked, post.wallet_metadata)
  if (session.state === 'requested') {
    const fetched: Session = { ...session, state: 'request-fetched' }
    // Who loses this swap raced another fetch or the answer; the same request is served all the same.
    await writeSession(store, requestId, version, fetched, keptUntil(context, asked.expiresAt))
  }
  const signed = await signRequestObject({
    request: requestOf(context, requestId, asked, encs, post.wallet_nonce),
    signer: identity.signer,
    issuedAt: clock(),
    expiresAt: new Date(asked.expiresAt),
  })
  return encryptForWallet(signed, post.wallet_metadata)
}

/**
 * The session whose request object can be served. Asked before a wallet's POST is read.
 * @throws PresentationError
 */
export async function requireServed({ store, clock }: Context, requestId: string) {
  const found = await readSession(store, requestId)
  if (!found || found.session.state === 'answered' || found.session.asked.expiresAt <= clock().getTime()) {
    throw gone()
  }
  if (found.session.asked.dcApi) throw gone()
  return { session: found.session, version: found.version }
}

function requestOf(
  context: Context,
  requestId: string,
  asked: AskedRequest,
  encs: readonly string[],
  walletNonce: string | undefined,
) {
  return {
    client_id: context.clientId,
    ...presentationRequest(context, asked, encs),
    response_mode: asked.responseMode as ResponseMode,
    response_uri: responseUri(context, requestId),
    ...(asked.state !== undefined && { state: asked.state }),
    ...(walletNonce !== undefined && { wallet_nonce: walletNonce }),
  }
}

/** What a request says whichever way it goes. */
export function presentationRequest(
  { formats, names }: Context,
  asked: AskedRequest,
  encs: readonly string[] = contentEncryption,
) {
  const asks = new Set(
    (asked.query as unknown as AuthorizationRequest['dcql_query']).credentials.map(({ format }) => format),
  )
  const used = formats.filter(({ format }) => asks.has(format))
  return {
    response_type: 'vp_token' as const,
    response_mode: asked.responseMode,
    nonce: asked.nonce,
    dcql_query: asked.query,
    client_metadata: {
      ...clientNames(names),
      vp_formats_supported: Object.fromEntries(used.map(({ format, metadata }) => [format, metadata])),
      ...(asked.encryptionJwk && {
        jwks: { keys: [{ ...publicJwkOf(asked.encryptionJwk) }] },
        encrypted_response_enc_values_supported: encs,
      }),
    },
    ...(asked.transactionData && { transaction_data: asked.transactionData }),
  }
}

/** `client_name` by language, RFC 7591 section 2.2. */
function clientNames(names: Context['names']): Record<string, string> {
  const [first] = Object.values(names)
  const tagged = distinctLanguages(names).map(([tag, name]) => [`client_name#${tag}`, name])
  return { ...(first !== undefined && { client_name: first }), ...Object.fromEntries(tagged) }
}

/** Holds the request to what the wallet says it can do; gives the content encryptions that both know. */
function requireServable(
  { identity }: Context,
  asked: AskedRequest,
  wallet: WalletMetadata = {},
): readonly string[] {
  const lacks = (list: readonly string[] | undefined, value: string) => list && !list.includes(value)
  const asks = (asked.query as unknown as AuthorizationRequest['dcql_query']).credentials
  const known = wallet.vp_formats_supported
  if (known && !asks.some(({ format }) => Object.hasOwn(known, format))) {
    throw requestUriError('vp_formats_not_supported', 'the wallet has none of the formats asked for')
  }
  if (lacks(wallet.client_id_prefixes_supported, identity.prefix)) {
    throw requestUriError('invalid_request', 'the wallet does not support this client identifier prefix')
  }
  if (lacks(wallet.request_object_signing_alg_values_supported, identity.signer.alg)) {
    throw requestUriError('invalid_request', 'the wallet does not support the algorithm of the signature')
  }
  if (lacks(wallet.response_modes_supported, asked.responseMode)) {
    throw requestUriError('invalid_request', 'the wallet does not support the response mode')
  }
  if (!asked.encryptionJwk) return []
  if (lacks(wallet.authorization_encryption_alg_values_supported, 'ECDH-ES')) {
    throw requestUriError('invalid_request', 'the wallet does not encrypt responses with ECDH-ES')
  }
  const walletEncs = wallet.authorization_encryption_enc_values_supported
  const encs = contentEncryption.filter((enc) => !lacks(walletEncs, enc))
  if (encs.length === 0) {
    throw requestUriError('invalid_request', 'the wallet has none of the content encryptions offered')
  }
  return encs
}

/** Encrypted where the wallet hands in a key to do so, OpenID4VP section 5.10. */
async function encryptForWallet(signed: string, wallet: WalletMetadata = {}): Promise<string> {
  if (!wallet.jwks) return signed
  const recipient = wallet.jwks.keys.find(isForEncryption)
  if (recipient) {
    try {
      return await encryptJwe(utf8(signed), { recipient, enc: 'A128GCM', cty: 'JWT' })
    } catch {
      // Not a point on its curve: as good as no key.
    }
  }
  throw requestUriError(
    'invalid_request',
    'the wallet has no key that the request object can be encrypted to',
  )
}

function gone(): PresentationError {
  const body = { error: 'invalid_request', error_description: 'no such request, or it is over' }
  const answer = { status: 404, headers: { 'Cache-Control': 'no-store' }, body }
  return new PresentationError(
    'openid4vc.request-uri.invalid_request',
    answer,
    'no such request, or it is over',
  )
}
