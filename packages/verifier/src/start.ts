import { base64url } from '@ekkasan/core/bytes'
import {
  anyRule,
  booleanRule,
  checkOptions,
  languageMapRule,
  listRule,
  type OptionRules,
  objectRule,
  oneOfRule,
  optional,
  textRule,
} from '@ekkasan/core/options'
import { generateEncryptionJwk } from '@ekkasan/keys'
import { buildRequestReference } from '@ekkasan/openid4vc'
import { type Context, keptUntil, requestUri } from './context.ts'
import { encodeTransactionData, parseQuery, requireTransactionData } from './query.ts'
import { type AskedRequest, requestIdOf, secretHash, writeSession } from './session.ts'
import type { StartedSession, StartOptions } from './types.ts'

const rules: OptionRules<StartOptions> = {
  query: objectRule,
  purpose: optional(languageMapRule),
  responseMode: optional(oneOfRule(['direct_post', 'direct_post.jwt'])),
  requestUriMethod: optional(oneOfRule(['get', 'post'])),
  redirectUri: optional(textRule),
  transactionData: optional(listRule(anyRule, { least: 1 })),
  omitState: optional(booleanRule),
}

export async function start(context: Context, options: StartOptions): Promise<StartedSession> {
  checkOptions(options, 'start', rules)
  const { clock, randomBytes, store, clientId, formats } = context
  const query = parseQuery(options.query, context)
  const transactionData = options.transactionData && encodeTransactionData(options.transactionData)
  if (transactionData) requireTransactionData(transactionData, query, formats)
  if (options.redirectUri !== undefined) requireRedirectUri(options.redirectUri)
  const random = () => base64url(randomBytes(32))
  const id = random()
  const requestId = requestIdOf(id)
  const startedAt = clock().getTime()
  const expiresAt = startedAt + context.requestLifetime * 1000
  const responseMode = options.responseMode ?? 'direct_post.jwt'
  const isUnbound = query.credentials.some((asked) => asked.require_cryptographic_holder_binding === false)
  if (options.omitState && isUnbound) {
    throw new TypeError(
      'omitState does not go together with require_cryptographic_holder_binding: false: without a holder’s proof, state alone ties the answer to the request (OpenID4VP section 5.3)',
    )
  }
  const asked: AskedRequest = {
    query: options.query,
    responseMode,
    nonce: random(),
    startedAt,
    expiresAt,
    ...(!options.omitState && { state: random() }),
    ...(responseMode === 'direct_post.jwt' && { encryptionJwk: await createEncryptionJwk(random()) }),
    ...(options.purpose && { purpose: options.purpose }),
    ...(transactionData && { transactionData }),
    ...(options.redirectUri !== undefined && { redirectUri: options.redirectUri }),
  }
  const browserSecret = options.redirectUri === undefined ? undefined : random()
  const entitlement = browserSecret && { for: { browserSecretHash: secretHash(browserSecret) } }
  const session = { state: 'requested' as const, asked, ...entitlement }
  const isCreated = await writeSession(store, requestId, undefined, session, keptUntil(context, expiresAt))
  if (!isCreated) throw new TypeError('randomBytes gave the same number twice')
  return {
    id,
    requestUri: buildRequestReference({
      client_id: clientId,
      request_uri: requestUri(context, requestId),
      request_uri_method: options.requestUriMethod ?? 'get',
    }),
    expiresAt: new Date(expiresAt),
    ...(browserSecret !== undefined && { browserSecret }),
  }
}

/** The browser is sent there: nothing that runs in the page it comes from. */
function requireRedirectUri(text: string): void {
  const scheme = URL.canParse(text) ? new URL(text).protocol : undefined
  if (scheme === undefined || ['javascript:', 'data:', 'blob:', 'file:', 'vbscript:'].includes(scheme)) {
    throw new TypeError('redirectUri is not an absolute URL that a person can be sent to')
  }
}

/** A key for one response: ECDH-ES on P-256, HAIP section 5. */
export async function createEncryptionJwk(kid: string) {
  return { ...(await generateEncryptionJwk()), kid, use: 'enc', alg: 'ECDH-ES' }
}
