import type { JsonObject, PresentationBinding } from '@ekkasan/core'
import { base64url } from '@ekkasan/core/bytes'
import { decrypterFromJwk, jwkThumbprint } from '@ekkasan/keys'
import {
  type AuthorizationResponse,
  type ProtocolAnswer,
  parseResponseForm,
  type ResponseMode,
  responseError,
} from '@ekkasan/openid4vc'
import { type Context, keptUntil, responseUri } from './context.ts'
import { VpTokenRejectedError, VpTokenUnavailableError } from './errors.ts'
import {
  type AskedRequest,
  type Found,
  type Outcome,
  readSession,
  type Session,
  secretHash,
  writeSession,
} from './session.ts'
import { verifyVpToken } from './verify-vp-token.ts'

/** Answers to one request that could not be checked: each may have looked up names and hosts of its own. */
const maxAttempts = 10

type Answerable = Exclude<Session, { state: 'answered' }>

/**
 * Takes the answer of a wallet to the session that `requireOpen` found. What cannot be read changes nothing; what can is
 * verified, and the first to be recorded is the only one. An answer that could not be checked leaves the request open,
 * until ten were not.
 * @throws PresentationError
 */
export async function response(
  context: Context,
  requestId: string,
  found: Found,
  body: string,
): Promise<ProtocolAnswer> {
  const session = requireAnswerable(context, found.session)
  const answer = await parseAnswer(session.asked, body)
  const outcome = await judge(context, session.asked, answer, {
    clientId: context.clientId,
    responseUri: responseUri(context, requestId),
  })
  const responseCode = session.for && base64url(context.randomBytes(32))
  await record(context, requestId, found, outcome, responseCode)
  return toWallet(outcome, session.asked, responseCode)
}

/**
 * The session that a wallet's answer is for. Looked up before the answer is read: for an unknown id no body is received.
 * @throws PresentationError
 */
export async function requireOpen(context: Context, requestId: string): Promise<Found> {
  const found = await readSession(context.store, requestId)
  const session = requireAnswerable(context, found?.session)
  if (!found || session.asked.dcApi) {
    throw responseError('the request was made through the Digital Credentials API')
  }
  return found
}

export function requireAnswerable({ clock }: Context, session: Session | undefined): Answerable {
  if (!session) throw responseError('no such request, or it is over')
  if (session.state === 'answered') throw responseError('the request was answered before')
  if (session.asked.expiresAt <= clock().getTime()) throw responseError('the request has expired')
  return session
}

async function parseAnswer(asked: AskedRequest, body: string): Promise<AuthorizationResponse> {
  const { responseMode, state, encryptionJwk } = asked
  return parseResponseForm(body, {
    mode: responseMode as ResponseMode,
    ...(state !== undefined && { state }),
    ...(encryptionJwk && { decrypter: await decrypterFromJwk(encryptionJwk) }),
  })
}

export async function judge(
  context: Context,
  asked: AskedRequest,
  answer: AuthorizationResponse,
  to: Pick<PresentationBinding, 'clientId' | 'responseUri' | 'origin' | 'sessionTranscript'>,
): Promise<Outcome> {
  if ('error' in answer) return { kind: 'refused', error: answer.error }
  const { formats, isTrusted, checkStatus, trustedAuthorities, queryExtensions, clock } = context
  try {
    const { presentations, checks } = await verifyVpToken(answer.vp_token, {
      query: asked.query,
      formats,
      isTrusted,
      clock,
      ...(checkStatus && { checkStatus }),
      ...(trustedAuthorities && { trustedAuthorities }),
      ...(queryExtensions && { queryExtensions }),
      binding: {
        ...to,
        nonce: asked.nonce,
        ...(asked.encryptionJwk && { encryptionKeyThumbprint: jwkThumbprint(asked.encryptionJwk) }),
        ...(asked.transactionData && { transactionData: asked.transactionData }),
      },
    })
    return { kind: 'verified', presentations: presentations as unknown as JsonObject, checks }
  } catch (error) {
    if (error instanceof VpTokenRejectedError) return { kind: 'rejected', report: error.report }
    if (error instanceof VpTokenUnavailableError) return { kind: 'unavailable', report: error.report }
    throw error
  }
}

/**
 * Only the winner of the swap is recorded; a fetch of the request object since it was read is no answer.
 * @param read the session as it was when it was answered
 */
export async function record(
  context: Context,
  requestId: string,
  read: Found,
  outcome: Outcome,
  responseCode?: string,
): Promise<void> {
  const { store, clock, resultLifetime } = context
  let found: Found | undefined = read
  for (;;) {
    const session = requireAnswerable(context, found?.session)
    const at = clock().getTime()
    const entitlement = session.for && {
      for: {
        browserSecretHash: session.for.browserSecretHash,
        ...(responseCode !== undefined && { responseCodeHash: secretHash(responseCode) }),
      },
    }
    const attempts = (session.state === 'unavailable' ? (session.attempts ?? 1) : 0) + 1
    const isOpen = outcome.kind === 'unavailable' && attempts < maxAttempts
    const next: Session = isOpen
      ? { state: 'unavailable', asked: session.asked, outcome, at, attempts, ...entitlement }
      : { state: 'answered', outcome, at, ...entitlement }
    const until = isOpen ? keptUntil(context, session.asked.expiresAt) : at + resultLifetime * 1000
    if (await writeSession(store, requestId, found?.version, next, until)) return
    found = await readSession(store, requestId)
  }
}

export function toWallet(outcome: Outcome, asked: AskedRequest, responseCode?: string): ProtocolAnswer {
  const headers: Record<string, string> = { 'Cache-Control': 'no-store' }
  const back = redirectTo(asked.redirectUri, responseCode)
  if (outcome.kind === 'unavailable') {
    const body = {
      error: 'temporarily_unavailable',
      error_description: 'the presentation could not be checked, try again',
      ...back,
    }
    return { status: 503, headers: { ...headers, 'Retry-After': '5' }, body }
  }
  if (outcome.kind === 'rejected') {
    const body = { error: 'invalid_request', error_description: 'the presentation was not accepted', ...back }
    return { status: 400, headers, body }
  }
  return { status: 200, headers, body: { ...back } }
}

function redirectTo(
  redirectUri: string | undefined,
  responseCode: string | undefined,
): { readonly redirect_uri?: string } {
  if (redirectUri === undefined || responseCode === undefined) return {}
  const url = new URL(redirectUri)
  url.searchParams.set('response_code', responseCode)
  return { redirect_uri: url.href }
}
