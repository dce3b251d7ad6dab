import { isOutage, type JsonValue } from '@ekkasan/core'
import {
  type BodyReader,
  createBodyReader,
  mountedUrls,
  type NodeRequestContext,
  type ProtocolAnswer,
  ProtocolError,
  parseRequestUriPost,
  requestObjectType,
  requestUriError,
  responseError,
  temporarilyUnavailable,
} from '@ekkasan/openid4vc'
import type { Context } from './context.ts'
import { completeDcApi, parseDcApiAnswer, requireDcApiOpen } from './dc-api-response.ts'
import { didDocumentPath } from './did-document.ts'
import { requestObject, requireServed } from './request-object.ts'
import { requireOpen, response, toWallet } from './response.ts'

/** Longest bodies: a response holds presentations, perhaps with a portrait; a request for a request object little. */
const maxResponseBytes = 4_194_304
const maxRequestUriBytes = 65_536

/** Wallets in browsers call from their own origin; nothing here depends on cookies. Their clock is compared with Date. */
const cors = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': 'Date, Retry-After',
}

/** A request to one of the endpoints, with the id of the session that its path names. */
interface Asked {
  readonly context: Context
  readonly requestId: string
  readonly request: Request
  readonly node: NodeRequestContext | undefined
  readonly readBody: BodyReader
}

export function createRoutes(
  context: Context,
): (request: Request, node?: NodeRequestContext) => Promise<Response> {
  const base = new URL(context.url).pathname.replace(/\/$/, '')
  const documentPath = didDocumentPath(context)
  const readBody = createBodyReader()
  const steps: Readonly<Record<string, (asked: Asked) => Promise<Response>>> = {
    request: requestRoute,
    'dc-api': dcApiRoute,
    response: responseRoute,
  }
  const answer = async (request: Request, node?: NodeRequestContext): Promise<Response> => {
    for (const { pathname } of mountedUrls(new URL(request.url), base)) {
      if (pathname === documentPath) return didDocument(context, request)
      if (!pathname.startsWith(`${base}/`)) continue
      const [name = '', requestId, ...rest] = pathname.slice(base.length + 1).split('/')
      const step = Object.hasOwn(steps, name) ? steps[name] : undefined
      if (step && requestId !== undefined && rest.length === 0) {
        return step({ context, requestId, request, node, readBody })
      }
    }
    return notFound()
  }
  return async (request, node) => {
    const response = await answer(request, node).catch((error) => {
      if (error instanceof ProtocolError) return toResponse(error.answer)
      context.onError?.(error)
      if (isOutage(error)) return toResponse(temporarilyUnavailable())
      return json(500, { error: 'server_error' }, { 'Cache-Control': 'no-store' })
    })
    return request.method === 'HEAD' ? new Response(null, response) : response
  }
}

async function requestRoute(asked: Asked): Promise<Response> {
  const { context, requestId, request } = asked
  const { method } = request
  if (method === 'OPTIONS') return preflight('GET, POST')
  if (method !== 'GET' && method !== 'HEAD' && method !== 'POST') {
    return methodNotAllowed('GET, HEAD, POST, OPTIONS')
  }
  const headers = {
    ...cors,
    'Content-Type': `application/${requestObjectType}`,
    'Cache-Control': 'no-store',
  }
  // A preview of the link asks so: it is no wallet, and has not fetched the request.
  if (method === 'HEAD') {
    await requireServed(context, requestId)
    return new Response(null, { headers })
  }
  const answer = async (post?: ReturnType<typeof parseRequestUriPost>) =>
    new Response(await requestObject(context, requestId, post), { headers })
  if (method === 'GET') return answer()
  await requireServed(context, requestId)
  const refuse = (what: string) => requestUriError('invalid_request', what)
  return readForm(asked, maxRequestUriBytes, refuse, (body) => answer(parseRequestUriPost(body)))
}

async function responseRoute(asked: Asked): Promise<Response> {
  const { context, requestId, request } = asked
  if (request.method === 'OPTIONS') return preflight('POST')
  if (request.method !== 'POST') return methodNotAllowed('POST, OPTIONS')
  const found = await requireOpen(context, requestId)
  return readForm(asked, maxResponseBytes, responseError, async (body) =>
    toResponse(await response(context, requestId, found, body)),
  )
}

/** A page's answer. A browser says of which origin a page is, and lets no page say otherwise. */
async function dcApiRoute({ context, requestId, request, node, readBody }: Asked): Promise<Response> {
  if (request.method === 'OPTIONS') return preflight('POST')
  if (request.method !== 'POST') return methodNotAllowed('POST, OPTIONS')
  const origin = request.headers.get('origin')
  if (origin === null) throw responseError('the browser does not say of which origin the page is')
  await requireDcApiOpen(context, requestId, origin)
  const bounds = { maxBytes: maxResponseBytes, key: requestId }
  const options = {
    contentType: 'application/json',
    ...bounds,
    refuse: responseError,
    context: node,
  } as const
  return readBody(request, options, async (body) => {
    const completed = await completeDcApi(context, requestId, { ...parseDcApiAnswer(body), origin })
    return toResponse(toWallet(completed.outcome, completed.asked))
  })
}

function readForm(
  { request, requestId, node, readBody }: Asked,
  maxBytes: number,
  refuse: (what: string) => Error,
  use: (body: string) => Promise<Response>,
): Promise<Response> {
  const contentType = 'application/x-www-form-urlencoded'
  return readBody(request, { contentType, maxBytes, refuse, key: requestId, context: node }, use)
}

function didDocument({ identity }: Context, request: Request): Response {
  if (request.method !== 'GET' && request.method !== 'HEAD') return methodNotAllowed('GET, HEAD')
  const document = identity.prefix === 'decentralized_identifier' ? identity.document : undefined
  const headers = { ...cors, 'Content-Type': 'application/did+json', 'Cache-Control': 'max-age=300' }
  return new Response(JSON.stringify(document), { headers })
}

function toResponse({ status, headers, body }: ProtocolAnswer): Response {
  return json(status, body, headers)
}

function json(status: number, body: JsonValue, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { ...cors, 'Content-Type': 'application/json', ...headers },
  })
}

function notFound(): Response {
  return json(404, { error: 'invalid_request', error_description: 'nothing is served here' })
}

function methodNotAllowed(allow: string): Response {
  const body = { error: 'invalid_request', error_description: 'the method is not allowed here' }
  return json(405, body, { Allow: allow })
}

function preflight(methods: string): Response {
  const allowed = { 'Access-Control-Allow-Methods': methods, 'Access-Control-Allow-Headers': 'Content-Type' }
  return new Response(null, {
    status: 204,
    headers: { ...cors, ...allowed, 'Access-Control-Max-Age': '600' },
  })
}
