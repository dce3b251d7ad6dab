import { isOutage, type ServedDocument } from '@ekkasan/core'
import {
  createBodyReader,
  credentialError,
  mountedUrls,
  type NodeRequestContext,
  notificationError,
  type ProtocolAnswer,
  ProtocolError,
  temporarilyUnavailable,
  tokenError,
  wellKnownUrl,
} from '@ekkasan/openid4vc'
import { checkAccessToken } from './access-token.ts'
import type { Context } from './context.ts'
import { issueCredentials } from './credential.ts'
import { issuerMetadata, keyMetadata, serverMetadata } from './metadata.ts'
import { createNonce } from './nonce.ts'
import { receiveNotification } from './notification.ts'
import { deadOffer, findOfferByReference } from './offer.ts'
import { redeemCode } from './token.ts'
import { createTurns } from './turns.ts'

type Answer = (request: Request, url: URL, node?: NodeRequestContext) => Promise<Response>

interface Route {
  readonly GET?: Answer
  readonly POST?: Answer
}

const crossOrigin = {
  'Access-Control-Allow-Origin': '*',
  // Date: wallets compare it with their own clock, by which their proofs are dated.
  'Access-Control-Expose-Headers': 'WWW-Authenticate, Date, Retry-After',
}
const noStore = { 'Cache-Control': 'no-store' }
const plainHeaders = { ...noStore, ...crossOrigin }
const jsonHeaders = { 'Content-Type': 'application/json', ...plainHeaders }

/** The only part of the issuer that knows HTTP: paths, methods, content types, bounds, CORS, error answers. */
export function createRoutes(
  context: Context,
): (request: Request, node?: NodeRequestContext) => Promise<Response> {
  const routes = new Map<string, Route>()
  const readBody = createBodyReader()
  const pathOf = (url: string) => new URL(url).pathname
  const { endpoints, url: issuer } = context
  const serve = (path: string, contentType: string, body: string) => {
    if (routes.has(path)) throw sharedPath(path)
    const headers = { 'Content-Type': contentType, 'Cache-Control': 'public, max-age=300', ...crossOrigin }
    routes.set(path, { GET: async () => new Response(body, { headers }) })
  }
  const serveJson = (name: string, value: object | undefined) => {
    if (value) serve(pathOf(wellKnownUrl(issuer, name)), 'application/json', JSON.stringify(value))
  }
  serveJson('openid-credential-issuer', issuerMetadata(context))
  // OpenID4VCI section 12.2.2 inserts the well-known segment and removes nothing: a slash at the end stays. Wallets look
  // in either place.
  if (issuer.endsWith('/')) {
    const path = `${pathOf(wellKnownUrl(issuer, 'openid-credential-issuer'))}/`
    serve(path, 'application/json', JSON.stringify(issuerMetadata(context)))
  }
  serveJson('oauth-authorization-server', serverMetadata(context))
  serveJson('jwt-vc-issuer', keyMetadata(context))
  const base = pathOf(issuer).replace(/\/$/, '')
  for (const document of servedDocuments(context)) {
    serve(`${base}${document.path}`, document.contentType, document.body)
  }
  routes.set(pathOf(endpoints.token), {
    async POST(request, _url, node) {
      const refuse = (what: string) => tokenError('invalid_request', what)
      if (request.headers.has('authorization')) {
        throw tokenError('invalid_client', 'client authentication is not supported')
      }
      const contentType = 'application/x-www-form-urlencoded'
      return readBody(request, { contentType, maxBytes: 16_384, refuse, context: node }, async (body) =>
        json(await redeemCode(context, new URLSearchParams(body))),
      )
    },
  })
  routes.set(pathOf(endpoints.nonce), {
    async POST() {
      return json({ c_nonce: await createNonce(context) })
    },
  })
  const takeTurn = createTurns()
  const authorize = (request: Request, url: URL) =>
    checkAccessToken(context, {
      authorization: request.headers.get('authorization'),
      query: url.searchParams,
    })
  routes.set(pathOf(endpoints.credential), {
    async POST(request, url, node) {
      const authorized = await authorize(request, url)
      const refuse = (what: string) => credentialError('invalid_credential_request', what)
      const bounds = { maxBytes: 262_144, key: authorized.id }
      const contentType = 'application/json'
      return readBody(request, { contentType, ...bounds, refuse, context: node }, (body) =>
        takeTurn(authorized.id, async ({ waited }) => {
          const current = waited ? await authorize(request, url) : authorized
          return json(await issueCredentials(context, current, body))
        }),
      )
    },
  })
  routes.set(pathOf(endpoints.notification), {
    async POST(request, url, node) {
      const authorized = await authorize(request, url)
      const refuse = (what: string) => notificationError('invalid_notification_request', what)
      const bounds = { maxBytes: 16_384, key: authorized.id }
      const contentType = 'application/json'
      return readBody(request, { contentType, ...bounds, refuse, context: node }, async (body) => {
        await receiveNotification(context, authorized, body)
        return plain(204)
      })
    },
  })

  const offersPath = `${pathOf(endpoints.offers)}/`
  const offerRoute: Route = {
    async GET(_request, url) {
      const found = await findOfferByReference(context, url.pathname.slice(offersPath.length))
      if (!found) return plain(404)
      return 'dead' in found ? json(deadOffer(found.dead), 410) : json(found.offer)
    },
  }
  const find = (path: string) => routes.get(path) ?? (path.startsWith(offersPath) ? offerRoute : undefined)

  return async (request, node) => {
    const response = await answer(request, node).catch((error) => answerError(context, error))
    return request.method === 'HEAD' ? new Response(null, response) : response
  }

  async function answer(request: Request, node?: NodeRequestContext): Promise<Response> {
    const asked = new URL(request.url)
    const method = request.method === 'HEAD' ? 'GET' : request.method
    for (const url of mountedUrls(asked, base)) {
      const route = find(url.pathname)
      if (route) return answerRoute(route, method, request, url, node)
      if (method !== 'GET') continue
      const status = await context.statuses.fetch(url === asked ? request : new Request(url, request))
      if (status) return readable(status)
    }
    return plain(404)
  }
}

async function answerRoute(
  route: Route,
  method: string,
  request: Request,
  url: URL,
  node: NodeRequestContext | undefined,
): Promise<Response> {
  const allowed = route.GET ? 'GET, HEAD, OPTIONS' : 'POST, OPTIONS'
  if (method === 'OPTIONS') return preflight(allowed)
  const handler = method === 'GET' || method === 'POST' ? route[method] : undefined
  return handler ? handler(request, url, node) : plain(405, { Allow: allowed })
}

function servedDocuments({ configurations, url }: Context): readonly ServedDocument[] {
  const documents = new Map<string, ServedDocument>()
  for (const { format, document } of configurations.values()) {
    for (const served of format.served(document, url)) {
      const other = documents.get(served.path)
      if (other && other.body !== served.body) throw sharedPath(served.path)
      documents.set(served.path, served)
    }
  }
  return [...documents.values()]
}

// Headers are handed over as an object and never changed afterwards: servers then need not build `Headers`.
function json(value: object, status = 200, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(value), { status, headers: { ...jsonHeaders, ...headers } })
}

function plain(status: number, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(null, { status, headers: { ...plainHeaders, ...headers } })
}

function readable(response: Response): Response {
  const copy = new Response(response.body, response)
  for (const [name, value] of Object.entries(crossOrigin)) copy.headers.set(name, value)
  return copy
}

function preflight(allowed: string): Response {
  return plain(204, {
    Allow: allowed,
    'Access-Control-Allow-Methods': allowed,
    'Access-Control-Allow-Headers': 'Authorization, Content-Type',
    'Access-Control-Max-Age': '600',
  })
}

function answerError({ options }: Context, error: unknown): Response {
  if (error instanceof ProtocolError) return fromAnswer(error.answer)
  options.onError?.(error)
  return isOutage(error) ? fromAnswer(temporarilyUnavailable()) : json({ error: 'server_error' }, 500)
}

function fromAnswer({ status, headers, body }: ProtocolAnswer): Response {
  return json(body, status, headers)
}

function sharedPath(path: string): TypeError {
  return new TypeError(
    `createIssuer: credentials: two documents are served at ${path}; give one of them another type or version`,
  )
}
