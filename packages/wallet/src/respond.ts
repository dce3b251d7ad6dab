import type { Fetch } from '@ekkasan/core'
import { parseJsonObject } from '@ekkasan/core/json'
import {
  type AuthorizationRequest,
  type AuthorizationResponse,
  buildResponseForm,
  PresentationRequestError,
  responseEncryption,
} from '@ekkasan/openid4vc'
import { WalletError } from './errors.ts'
import { fetchText, isRedirectRefused } from './fetch-text.ts'

/**
 * Posts an answer to `response_uri`, with the request's `state`, encrypted where the request asks for it.
 * @throws WalletError `wallet.present.refused`, `wallet.present.unavailable`, `wallet.fetch.…`
 */
export async function respond(
  fetch: Fetch,
  request: AuthorizationRequest,
  answer: AuthorizationResponse,
): Promise<{ readonly redirectUri?: string }> {
  const response = { ...answer, ...(request.state !== undefined && { state: request.state }) }
  const body = await buildResponseForm(response, encryptionFor(request, answer))
  const { status, text } = await post(fetch, request.response_uri, body, 'error' in answer)
  const redirectUri = redirectUriOf(text)
  // An error is told, not accepted: a verifier may answer 400 to `access_denied`, and has heard it all the same.
  const isHeard = 'error' in answer && status < 500
  if (status === 200 || isHeard) return redirectUri === undefined ? {} : { redirectUri }
  const code = status >= 500 ? 'wallet.present.unavailable' : 'wallet.present.refused'
  throw new WalletError(code, `the verifier did not accept the answer: status ${status}`, {
    ...(redirectUri !== undefined && { redirectUri }),
  })
}

async function post(fetch: Fetch, uri: string, body: URLSearchParams, isError: boolean) {
  try {
    return await fetchText(fetch, uri, { method: 'POST', body }, 65_536)
  } catch (error) {
    // The verifier answered; to an error that is told nothing more is needed.
    if (isError && error instanceof WalletError && error.code === 'wallet.fetch.invalid') {
      return { status: 200, text: '' }
    }
    // Errata of OpenID4VP: no HTTP redirects. A verifier that answers with one did not take the answer.
    if (isRedirectRefused(error)) return { status: 302, text: '' }
    throw error
  }
}

/** An error may go without encryption where there is no means for it (OpenID4VP section 8.3.1). */
function encryptionFor(request: AuthorizationRequest, answer: AuthorizationResponse) {
  try {
    return responseEncryption(request)
  } catch (error) {
    if ('error' in answer && error instanceof PresentationRequestError) return undefined
    throw error
  }
}

/** Where the person is to be sent; an https URL or an app's own scheme, nothing that runs in the wallet. */
function redirectUriOf(text: string): string | undefined {
  try {
    const { redirect_uri } = parseJsonObject(text, { maxLength: 65_536 })
    if (typeof redirect_uri !== 'string' || !URL.canParse(redirect_uri)) return undefined
    return ['javascript:', 'data:', 'blob:', 'file:', 'vbscript:'].includes(new URL(redirect_uri).protocol)
      ? undefined
      : redirect_uri
  } catch {
    return undefined
  }
}
