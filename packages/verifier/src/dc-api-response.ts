import { type DcApiResponse, EkkasanError, type JsonObject, type PresentationBinding } from '@ekkasan/core'
import { isJsonObject, parseJsonObject } from '@ekkasan/core/json'
import { decrypterFromJwk } from '@ekkasan/keys'
import {
  type AuthorizationResponse,
  type DcApiResponseMode,
  PresentationError,
  parseDcApiResponse,
  responseError,
  responseLimits,
} from '@ekkasan/openid4vc'
import type { Context } from './context.ts'
import { judge, record, requireAnswerable } from './response.ts'
import { type AskedByDcApi, type AskedRequest, type Found, type Outcome, readSession } from './session.ts'

export interface CompletedDcApi {
  readonly asked: AskedRequest
  readonly outcome: Outcome
  readonly at: Date
}

/**
 * Takes what a page got through the Digital Credentials API. As with every answer: what cannot be read changes
 * nothing, and the first to be recorded is the only one.
 * @throws PresentationError
 */
export async function completeDcApi(
  context: Context,
  requestId: string,
  response: DcApiResponse & { readonly origin: string },
): Promise<CompletedDcApi> {
  const { asked, dcApi, found } = await requireDcApiOpen(context, requestId, response.origin)
  if (!dcApi.protocols.includes(response.protocol)) throw responseError('the protocol was not offered')
  const data = strict(response.data)
  const { answer, to, query = asked.query } = await open(context, asked, dcApi, { ...response, data })
  const outcome = await judge(context, { ...asked, query }, answer, to)
  await record(context, requestId, found, outcome)
  return { asked, outcome, at: context.clock() }
}

/**
 * What was asked of pages of this origin. Asked before the answer is read, as of every other answer.
 * @throws PresentationError
 */
export async function requireDcApiOpen(
  context: Context,
  requestId: string,
  origin: string,
): Promise<{ readonly asked: AskedRequest; readonly dcApi: AskedByDcApi; readonly found: Found }> {
  const found = await readSession(context.store, requestId)
  const { asked } = requireAnswerable(context, found?.session)
  const { dcApi } = asked
  if (!found || !dcApi) throw responseError('the request was not made through the Digital Credentials API')
  if (!dcApi.origins.includes(origin))
    throw responseError('the request was not made for the origin of this page')
  return { asked, dcApi, found }
}

/** The body that a page posts. @throws PresentationError */
export function parseDcApiAnswer(body: string): DcApiResponse {
  const { protocol, data } = strictObject(body)
  if (typeof protocol !== 'string' || !isJsonObject(data)) throw responseError('not protocol and data')
  return { protocol, data }
}

/** What was parsed by others keeps the bounds of what is parsed here. */
function strict(data: unknown): JsonObject {
  let text: string | undefined
  try {
    text = JSON.stringify(data)
  } catch (cause) {
    throw responseError('the response is not JSON', { cause })
  }
  return strictObject(text ?? '')
}

function strictObject(text: string): JsonObject {
  try {
    return parseJsonObject(text, responseLimits)
  } catch (cause) {
    throw responseError(
      `the response is not acceptable: ${cause instanceof SyntaxError ? cause.message : ''}`,
    )
  }
}

interface Opened {
  readonly answer: AuthorizationResponse
  readonly to: Pick<PresentationBinding, 'clientId' | 'origin' | 'sessionTranscript'>
  /** In place of the query as it was asked. */
  readonly query?: JsonObject
}

async function open(
  { dcApiProtocols = [] }: Context,
  asked: AskedRequest,
  { others }: AskedByDcApi,
  { protocol, data, origin }: DcApiResponse & { readonly origin: string },
): Promise<Opened> {
  // The audience is the origin, also of a signed request (Appendix A.4).
  const to = { clientId: `origin:${origin}`, origin }
  const other = Object.hasOwn(others, protocol) ? others[protocol] : undefined
  if (!other) {
    const { encryptionJwk } = asked
    const answer = await parseDcApiResponse(data, {
      mode: asked.responseMode as DcApiResponseMode,
      ...(encryptionJwk && { decrypter: await decrypterFromJwk(encryptionJwk) }),
    })
    return { answer, to }
  }
  const opener = dcApiProtocols.find((known) => known.protocol === protocol)
  if (!opener) throw new TypeError(`the protocol ${protocol} is no longer given`)
  try {
    const opened = await opener.open(data, { ...other, origin, query: asked.query })
    const { vpToken, sessionTranscript, query } = opened
    return { answer: { vp_token: vpToken }, to: { ...to, sessionTranscript }, ...(query && { query }) }
  } catch (cause) {
    if (!(cause instanceof EkkasanError) || cause instanceof PresentationError) throw cause
    throw responseError('the response is none to this request', { cause })
  }
}
