import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import type { Readable, Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { boundedExchange } from './exchange.ts'
import { FetchError } from './failing-host.ts'
import type { CreateGuardedFetch, GuardedFetchOptions } from './guarded-fetch.ts'
import {
  type FetchLimits,
  fetchLimits,
  hostAndPort,
  requireMethod,
  requireUrl,
  tooLarge,
} from './guarded-url.ts'
import { createLookup, createSystemLookup } from './lookup.node.ts'
import type { Fetch } from './ports.ts'
import { isPublicAddress } from './public-address.node.ts'

export const createGuardedFetch: CreateGuardedFetch = (options = {}) => {
  const { nameServers } = options
  return guardedFetchOver(createLookup(nameServers ? { nameServers } : {}), options, createSystemLookup())
}

/** With the resolvers of names as arguments: of any host, and of those that `allowHosts` names. */
export function guardedFetchOver(
  lookup: LookupFunction,
  options: GuardedFetchOptions,
  allowedLookup: LookupFunction = lookup,
): Fetch {
  const limits = fetchLimits(options)
  return (input, init = {}) =>
    boundedExchange({ timeout: limits.timeout, caller: init.signal }, (signal) =>
      follow(input, init, { limits, lookup, allowedLookup, signal }),
    )
}

interface Exchange {
  readonly limits: FetchLimits
  readonly lookup: LookupFunction
  readonly allowedLookup: LookupFunction
  readonly signal: AbortSignal
}

async function follow(input: string | URL, init: RequestInit, exchange: Exchange): Promise<Response> {
  let method = requireMethod(init)
  let url = requireUrl(input, exchange.limits)
  const headers = new Headers(init.headers)
  for (const name of ['host', 'connection', 'transfer-encoding', 'content-length']) headers.delete(name)
  const request = new Response(method === 'POST' ? (init.body ?? null) : null)
  const contentType = request.headers.get('content-type')
  if (contentType !== null && !headers.has('content-type')) headers.set('content-type', contentType)
  let body = new Uint8Array(await request.arrayBuffer())

  for (let redirects = 0; ; redirects++) {
    const answer = await ask(url, method, headers, body, exchange)
    const status = answer.statusCode as number
    const { location } = answer.headers
    if (![301, 302, 303, 307, 308].includes(status) || init.redirect === 'manual') {
      return await read(answer, url, exchange)
    }
    answer.destroy()
    if (redirects >= exchange.limits.maxRedirects || init.redirect === 'error' || location === undefined) {
      throw new FetchError('core.fetch.redirect-refused', 'the host redirects, which is not followed')
    }
    const next = requireUrl(
      URL.canParse(location, url.href) ? new URL(location, url) : location,
      exchange.limits,
    )
    if (next.origin !== url.origin) {
      for (const name of ['authorization', 'cookie', 'dpop', 'proxy-authorization']) headers.delete(name)
    }
    if (status <= 303) {
      method = 'GET'
      body = new Uint8Array()
      headers.delete('content-type')
    }
    url = next
  }
}

function ask(
  url: URL,
  method: string,
  headers: Headers,
  body: Uint8Array,
  { limits, lookup, allowedLookup, signal }: Exchange,
): Promise<IncomingMessage> {
  const isAllowed = limits.isAllowedHost(url)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  // The lookup is not consulted for an address that stands in the URL itself.
  if (isIP(host) !== 0 && !isAllowed && !isPublicAddress(host)) throw addressRefused(url)
  const options = {
    method,
    headers: {
      ...Object.fromEntries(headers),
      'accept-encoding': 'gzip, deflate, br',
      ...(method === 'POST' && { 'content-length': body.length }),
    },
    lookup: isAllowed ? allowedLookup : publicOnly(lookup, url),
    signal,
    agent: false,
    maxHeaderSize: 16_384,
  } as const
  return new Promise((resolve, reject) => {
    const request: ClientRequest =
      url.protocol === 'https:'
        ? httpsRequest(url, { ...options, rejectUnauthorized: true, minVersion: 'TLSv1.2' })
        : httpRequest(url, options)
    // A connection that was switched to another protocol (101) ends in neither an answer nor an error.
    const closed = () => reject(new Error('the connection was closed without an answer'))
    request.once('response', resolve).on('error', reject).once('close', closed).end(body)
  })
}

/** Refuses a name of which any address is not public: which of them is connected to is not ours to say. */
function publicOnly(lookup: LookupFunction, url: URL): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, '')
      const addresses = Array.isArray(found) ? found : [{ address: found, family: isIP(found) }]
      const [first] = addresses
      if (!first || !addresses.every(({ address }) => isPublicAddress(address))) {
        return callback(addressRefused(url), '')
      }
      return options.all ? callback(null, addresses) : callback(null, first.address, first.family)
    })
  }
}

const decoders: Readonly<Record<string, (() => Transform) | undefined>> = {
  identity: undefined,
  gzip: createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
}

async function read(answer: IncomingMessage, url: URL, { limits, signal }: Exchange): Promise<Response> {
  const { maxBytes } = limits
  const encoding = (answer.headers['content-encoding'] || 'identity').trim().toLowerCase()
  if (Number(answer.headers['content-length'] ?? 0) > maxBytes) {
    answer.destroy()
    throw tooLarge(maxBytes)
  }
  if (!Object.hasOwn(decoders, encoding)) {
    answer.destroy()
    throw new FetchError('core.fetch.body-refused', 'the answer has an encoding that is not understood')
  }
  const parts = await collect(answer, decoders[encoding]?.(), { maxBytes, signal })
  const headers = new Headers()
  for (const [name, value] of Object.entries(answer.headersDistinct)) {
    if (['content-encoding', 'content-length', 'transfer-encoding', 'set-cookie'].includes(name)) continue
    for (const item of value ?? []) headers.append(name, item)
  }
  const status = answer.statusCode as number
  const hasBody = status !== 204 && status !== 205 && status !== 304
  const response = new Response(hasBody ? new Blob(parts as Uint8Array<ArrayBuffer>[]) : null, {
    status,
    headers,
  })
  Object.defineProperty(response, 'url', { value: url.href })
  return response
}

/**
 * The parts of a body, decoded. Whatever ends it, both streams are destroyed and it settles at once: a decoder that is
 * told to stop within a part need not come to its end.
 */
function collect(
  answer: IncomingMessage,
  decoder: Transform | undefined,
  { maxBytes, signal }: { readonly maxBytes: number; readonly signal: AbortSignal },
): Promise<readonly Uint8Array[]> {
  return new Promise((resolve, reject) => {
    const parts: Uint8Array[] = []
    let length = 0
    const source: Readable = decoder ?? answer
    const finish = (settle: () => void) => {
      signal.removeEventListener('abort', aborted)
      source.off('data', take)
      answer.unpipe()
      answer.destroy()
      decoder?.destroy()
      settle()
    }
    const fail = (cause: unknown) => finish(() => reject(cause))
    const aborted = () => fail(signal.reason)
    const take = (part: Uint8Array) => {
      length += part.length
      if (length > maxBytes) fail(tooLarge(maxBytes))
      else parts.push(part)
    }
    answer.on('error', fail).once('close', () => {
      if (!answer.complete) fail(new Error('the answer was cut off'))
    })
    decoder?.on('error', fail)
    source.on('data', take).once('end', () => finish(() => resolve(parts)))
    signal.addEventListener('abort', aborted, { once: true })
    if (signal.aborted) aborted()
    else if (decoder) answer.pipe(decoder)
  })
}

function addressRefused(url: URL): FetchError {
  return new FetchError(
    'core.fetch.address-refused',
    `the host has an address that is not public; allowHosts: ['${hostAndPort(url)}'] would allow it`,
  )
}
