import type { JsonValue } from '@ekkasan/core'
import {
  PresentationError,
  type ProtocolAnswer,
  parseRequestUriPost,
  readBody,
  requestObjectType,
  requestUriError,
  responseError,
} from '@ekkasan/openid4vc'
import type { Context } from './context.ts'
import { completeDcApi, parseDcApiAnswer } from './dc-api-response.ts'
import { didDocumentPath } from './did-document.ts'
import { requestObject } from './request-object.ts'
import { response, toWallet } from './response.ts'

/** Longest bodies: a response holds presentations, perhaps with a portrait; a request for a request object little. */
const maxResponseBytes = 4_194_304
const maxRequestUriBytes = 65_536

/** Wallets in browsers call from their own origin; nothing here depends on cookies. */
const cors = { 'Access-Control-Allow-Origin': '*' }

export function createRoutes(context: Context): (request: Request) => Promise<Response> {
  const base = new URL(context.url).pathname.replace(/\/$/, '')
  const documentPath = didDocumentPath(context)
  return async (request) => {
    const { pathname } = new URL(request.url)
    try {
      if (pathname === documentPath) return didDocument(context, request)
      const [step, requestId, ...rest] = pathname.startsWith(`${base}/`)
        ? pathname.slice(base.length + 1).split('/')
        : []
      if (requestId === undefined || rest.length > 0) return notFound()
      if (step === 'request') return await requestRoute(context, requestId, request)
      if (step === 'dc-api') return await dcApiRoute(context, requestId, request)
      if (step === 'response') return await responseRoute(context, requestId, request)
      return notFound()
    } catch (error) {
      if (error instanceof PresentationError) return toResponse(error.answer)
      context.onError?.(error)
      return json(500, { error: 'server_error' }, { 'Cache-Control': 'no-store' })
    }
  }
}

async function requestRoute(context: Context, requestId: string, request: Request): Promise<Response> {
  if (request.method === 'OPTIONS') return preflight('GET, POST')
  if (request.method !== 'GET' && request.method !== 'POST') return methodNotAllowed('GET, POST, OPTIONS')
  const invalid = (what: string) => requestUriError('invalid_request', what)
  const post =
    request.method === 'POST'
      ? parseRequestUriPost(await readForm(request, maxRequestUriBytes, invalid))
      : undefined
  return new Response(await requestObject(context, requestId, post), {
    headers: { ...cors, 'Content-Type': `application/${requestObjectType}`, 'Cache-Control': 'no-store' },
  })
}

async function responseRoute(context: Context, requestId: string, request: Request): Promise<Response> {
  if (request.method === 'OPTIONS') return preflight('POST')
  if (request.method !== 'POST') return methodNotAllowed('POST, OPTIONS')
  const body = await readForm(request, maxResponseBytes, responseError)
  return toResponse(await response(context, requestId, body))
}

/** A page's answer. A browser says of which origin a page is, and lets no page say otherwise. */
async function dcApiRoute(context: Context, requestId: string, request: Request): Promise<Response> {
  if (request.method === 'OPTIONS') return preflight('POST')
  if (request.method !== 'POST') return methodNotAllowed('POST, OPTIONS')
  const origin = request.headers.get('origin')
  if (origin === null) throw responseError('the browser does not say of which origin the page is')
  const contentType = 'application/json'
  const body = await readBody(request, { contentType, maxBytes: maxResponseBytes, refuse: responseError })
  const completed = await completeDcApi(context, requestId, { ...parseDcApiAnswer(body), origin })
  return toResponse(toWallet(completed.outcome, completed.asked))
}

function readForm(request: Request, maxBytes: number, refuse: (what: string) => Error): Promise<string> {
  return readBody(request, { contentType: 'application/x-www-form-urlencoded', maxBytes, refuse })
}

function didDocument({ identity }: Context, request: Request): Response {
  if (request.method !== 'GET') return methodNotAllowed('GET')
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
