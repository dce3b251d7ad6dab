import { fromUtf8 } from '@ekkasan/core/bytes'
import { ProtocolError, temporarilyUnavailable } from './protocol-error.ts'

/**
 * What a Node framework has already made of a request: `@hono/node-server` hands it to a `fetch` as second argument,
 * `incoming` being Node's request. Where a body parser ran before (`express.json()`), the body stands in
 * `incoming.body` and cannot be read again.
 */
export interface NodeRequestContext {
  readonly incoming?: { readonly body?: unknown; readonly readableDidRead?: boolean }
}

export interface ReadBodyOptions {
  /** The media type that the endpoint wants; parameters of it do not matter. */
  readonly contentType: 'application/json' | 'application/x-www-form-urlencoded'
  readonly maxBytes: number
  /** Turns what is wrong with the body into the error that the endpoint answers. */
  readonly refuse: (what: string) => Error
  /** For whom the body is: all bodies in flight of one key have a bound of their own, below that of the sum. */
  readonly key?: string
  readonly context?: NodeRequestContext | undefined
}

export interface BodyReaderOptions {
  /** Bytes of all bodies that were received and not yet answered; 67108864. */
  readonly maxInFlight?: number
  /** Bytes of those with one `key`; 16777216. */
  readonly maxInFlightOfKey?: number
}

/** A body that is read whole at once: a server's own buffers hold as much of each connection. */
const smallBody = 65_536

/**
 * Reads bodies as text: of the type the endpoint wants, UTF-8, no further than their bound, and no more at a time than
 * all of them together may hold. `read` hands the body to `use` and counts its bytes until that has answered.
 */
export function createBodyReader({
  maxInFlight = 67_108_864,
  maxInFlightOfKey = 16_777_216,
}: BodyReaderOptions = {}) {
  const ofKeys = new Map<string, number>()
  let inFlight = 0

  const count = (key: string | undefined, bytes: number) => {
    inFlight += bytes
    if (key === undefined) return
    const sum = (ofKeys.get(key) ?? 0) + bytes
    if (sum > 0) ofKeys.set(key, sum)
    else ofKeys.delete(key)
  }
  const isTooMuch = (key: string | undefined) =>
    inFlight > maxInFlight || (key !== undefined && (ofKeys.get(key) ?? 0) > maxInFlightOfKey)

  return async function read<T>(
    request: Request,
    options: ReadBodyOptions,
    use: (body: string) => Promise<T>,
  ): Promise<T> {
    const { contentType, maxBytes, refuse, key, context } = options
    const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
    if (type !== contentType) throw refuse(`the body is not ${contentType}`)
    const length = lengthOf(request)
    if (length !== undefined && !(length <= maxBytes)) throw refuse('the body is too long')
    let counted = 0
    const release = () => {
      count(key, -counted)
      counted = 0
    }
    const take = (bytes: number) => {
      counted += bytes
      count(key, bytes)
      const fault = counted > maxBytes ? refuse('the body is too long') : isTooMuch(key) && overloaded()
      if (!fault) return
      // At once, so that one body less is enough for the others to go on.
      release()
      throw fault
    }
    try {
      const parsed = parsedBefore(context, contentType)
      if (parsed !== undefined) {
        take(parsed.length)
        return await use(parsed)
      }
      const bytes = await bytesOf(request, length, take).catch((cause) => {
        throw cause instanceof ProtocolError ? cause : readFault(request, length, cause, refuse)
      })
      if (bytes.length === 0 && length) throw readFault(request, length, undefined, refuse)
      return await use(textOf(bytes, refuse))
    } finally {
      release()
    }
  }
}

/** What `createBodyReader` makes. */
export type BodyReader = ReturnType<typeof createBodyReader>

function lengthOf(request: Request): number | undefined {
  const length = request.headers.get('content-length')
  return length === null ? undefined : Number(length)
}

async function bytesOf(
  request: Request,
  length: number | undefined,
  take: (bytes: number) => void,
): Promise<Uint8Array> {
  if (length !== undefined && length <= smallBody) {
    // A server that was told the length reads no more than it.
    const bytes = new Uint8Array(await request.arrayBuffer())
    take(bytes.length)
    return bytes
  }
  const reader = (request.body as ReadableStream<Uint8Array> | null)?.getReader()
  const parts: Uint8Array[] = []
  try {
    for (;;) {
      const next = await reader?.read()
      if (!next || next.done) break
      take(next.value.length)
      parts.push(next.value)
    }
  } catch (error) {
    await reader?.cancel().catch(() => {})
    throw error
  }
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

function textOf(bytes: Uint8Array, refuse: (what: string) => Error): string {
  try {
    return fromUtf8(bytes)
  } catch {
    throw refuse('the body is not UTF-8')
  }
}

/** A body that did not come is the sender's fault; one that another part of the program has read is the program's. */
function readFault(
  request: Request,
  length: number | undefined,
  cause: unknown,
  refuse: (what: string) => Error,
): Error {
  const isRead = /unusable|already been (used|read)|locked|disturbed/i.test(
    cause instanceof Error ? cause.message : '',
  )
  if (!request.signal.aborted && (isRead || (cause === undefined && length))) {
    return new TypeError(
      'the body of the request was read before it came here: mount this before body parsers such as express.json(), ' +
        'or hand on what they read as `body` of the Node request (docs/mounting.md)',
      { cause },
    )
  }
  return refuse('the body did not arrive in full')
}

/** What a body parser of the framework has read, as the text that it was made of. */
function parsedBefore(
  { incoming }: NodeRequestContext = {},
  contentType: ReadBodyOptions['contentType'],
): string | undefined {
  if (!incoming?.readableDidRead) return undefined
  const { body } = incoming
  if (typeof body === 'string') return body
  if (body instanceof Uint8Array) return new TextDecoder('utf-8', { fatal: true }).decode(body)
  if (typeof body !== 'object' || body === null) return undefined
  if (contentType === 'application/json') return JSON.stringify(body)
  const pairs = Object.entries(body).flatMap(([name, value]) =>
    [value].flat().map((item) => [name, String(item)] as [string, string]),
  )
  return new URLSearchParams(pairs).toString()
}

function overloaded(): ProtocolError {
  const what = 'too much is being received at once'
  return new ProtocolError('openid4vc.overloaded', temporarilyUnavailable(), what)
}
