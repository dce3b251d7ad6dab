import { requireText, requireUrl } from '../shape.ts'
import { PresentationRequestError } from './errors.ts'

/** An authorization request that points to its request object, RFC 9101 section 5.2. */
export interface RequestReference {
  readonly client_id: string
  readonly request_uri: string
  /** OpenID4VP section 5.1. */
  readonly request_uri_method: 'get' | 'post'
}

/** `openid4vp://?…`, OpenID4VP section 13.1.2: for a link or a QR. */
export function buildRequestReference(reference: RequestReference): string {
  const parameters = new URLSearchParams({
    client_id: reference.client_id,
    request_uri: reference.request_uri,
  })
  if (reference.request_uri_method === 'post') parameters.set('request_uri_method', 'post')
  return `openid4vp://?${parameters}`
}

/**
 * Reads what a QR or link holds; the scheme does not matter, for wallets are also invoked by https links.
 * @throws PresentationRequestError
 */
export function parseRequestReference(uri: string): RequestReference {
  if (uri.length > 8192 || !URL.canParse(uri)) throw malformed('not a URI')
  const parameters = new URL(uri).searchParams
  for (const name of new Set(parameters.keys())) {
    if (parameters.getAll(name).length > 1) throw malformed('a parameter stands twice')
  }
  if (parameters.has('request')) throw malformed('a request by value is not supported')
  const client_id = requireText(parameters.get('client_id'), 'client_id', malformed)
  if (!parameters.has('request_uri')) {
    if (client_id.startsWith('redirect_uri:')) {
      throw new PresentationRequestError(
        'openid4vc.request.prefix',
        'the client identifier prefix redirect_uri is not supported: its requests cannot be signed',
      )
    }
    throw malformed('no request_uri: only signed requests by reference are supported')
  }
  const method = parameters.get('request_uri_method') ?? 'get'
  if (method !== 'get' && method !== 'post') {
    throw new PresentationRequestError(
      'openid4vc.request.uri-method',
      'request_uri_method is neither get nor post',
      { error: 'invalid_request_uri_method' },
    )
  }
  return {
    client_id,
    request_uri: requireUrl(parameters.get('request_uri'), 'request_uri', malformed),
    request_uri_method: method,
  }
}

function malformed(what: string): PresentationRequestError {
  return new PresentationRequestError('openid4vc.request.malformed', `not an acceptable request: ${what}`)
}
