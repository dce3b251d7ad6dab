import { lookup as systemLookup } from 'node:dns'
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { FetchError } from './fetch-error.ts'
import type { CreateGuardedFetch, GuardedFetchOptions } from './guarded-fetch.ts'
import { type FetchLimits, fetchLimits, requireMethod, requireUrl, tooLarge } from './guarded-url.ts'
import type { Fetch } from './ports.ts'
import { isPublicAddress } from './public-address.node.ts'

export const createGuardedFetch: CreateGuardedFetch = (options = {}) =>
  guardedFetchOver(systemLookup, options)

/** With the resolver of names as an argument. */
export function guardedFetchOver(lookup: LookupFunction, options: GuardedFetchOptions): Fetch {
  const limits = fetchLimits(options)
  return async (input, init = {}) => {
    const timeout = AbortSignal.timeout(limits.timeout)
    const signal = init.signal ? AbortSignal.any([timeout, init.signal]) : timeout
    try {
      return await follow(input, init, { limits, lookup, signal })
    } catch (cause) {
      if (cause instanceof TypeError || cause instanceof FetchError) throw cause
      if (signal.aborted) throw new FetchError('core.fetch.timeout', 'no answer in time', { cause })
      throw new FetchError('core.fetch.failed', 'the host could not be asked', { cause })
    }
  }
}

interface Exchange {
  readonly limits: FetchLimits
  readonly lookup: LookupFunction
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
  { limits, lookup, signal }: Exchange,
): Promise<IncomingMessage> {
  const isAllowed = limits.isAllowedHost(url)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  // The lookup is not consulted for an address that stands in the URL itself.
  if (isIP(host) !== 0 && !isAllowed && !isPublicAddress(host)) throw addressRefused()
  const options = {
    method,
    headers: {
      ...Object.fromEntries(headers),
      'accept-encoding': 'gzip, deflate, br',
      ...(method === 'POST' && { 'content-length': body.length }),
    },
    lookup: isAllowed ? lookup : publicOnly(lookup),
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
function publicOnly(lookup: LookupFunction): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, '')
      const addresses = Array.isArray(found) ? found : [{ address: found, family: isIP(found) }]
      const [first] = addresses
      if (!first || !addresses.every(({ address }) => isPublicAddress(address))) {
        return callback(addressRefused(), '')
      }
      return options.all ? callback(null, addresses) : callback(null, first.address, first.family)
    })
  }
}

const decoders = { gzip: createGunzip, deflate: createInflate, br: createBrotliDecompress }

async function read(answer: IncomingMessage, url: URL, { limits, signal }: Exchange): Promise<Response> {
  const { maxBytes } = limits
  const encoding = (answer.headers['content-encoding'] ?? 'identity').trim().toLowerCase()
  if (Number(answer.headers['content-length'] ?? 0) > maxBytes) {
    answer.destroy()
    throw tooLarge(maxBytes)
  }
  const parts: Uint8Array[] = []
  let length = 0
  const collect = async (source: AsyncIterable<Uint8Array>) => {
    for await (const part of source) {
      length += part.length
      if (length > maxBytes) throw tooLarge(maxBytes)
      parts.push(part)
    }
  }
  if (encoding === 'identity' || encoding === '') {
    await pipeline(answer, collect, { signal })
  } else if (encoding === 'gzip' || encoding === 'deflate' || encoding === 'br') {
    await pipeline(answer, decoders[encoding](), collect, { signal })
  } else {
    answer.destroy()
    throw new FetchError('core.fetch.body-refused', 'the answer has an encoding that is not understood')
  }
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

function addressRefused(): FetchError {
  return new FetchError(
    'core.fetch.address-refused',
    'the host has an address that is not public; allowHosts names exceptions',
  )
}
