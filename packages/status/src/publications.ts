import { type Clock, withinTime } from '@ekkasan/core'
import { hashBase64url } from '@ekkasan/core/bytes'
import { StatusError } from './errors.ts'
import type { ListRecord, ListStorage } from './list-storage.ts'

/** A list as it is served. */
export interface PublishedList {
  readonly contentType: string
  readonly body: string | Uint8Array
}

interface Publication extends PublishedList {
  readonly etag: string
  readonly version: number
  readonly issuedAt: number
}

export interface Publications {
  /**
   * Answers a GET or HEAD for the list, built anew where it changed, is older than `ttl`, or is of a later time than the
   * clock says: the clock was fast and was set right. A list that is closed is answered with 503.
   */
  answer(request: Request, record: ListRecord, variant: string): Promise<Response>
  /** What is being built now may have read the list before this change. */
  changed(id: string): void
}

/** Milliseconds for which one process serves a list without asking the store whether another changed it. */
const markInterval = 1000
/** Milliseconds after which a store or signer that does not answer is away: who fetches a list waits little longer. */
const buildWithin = 5000

/**
 * The lists of an authority as others fetch them; `build` makes one, of which a list may have several variants. While the
 * store or the signer is away the last list is served, as long as it is valid and is not known to be out of date.
 */
export function createPublications(options: {
  readonly storage: ListStorage
  /** Seconds. */
  readonly ttl: number
  /** Seconds for which a list that was built is valid. */
  readonly lifetime: number
  readonly clock: Clock
  readonly onError?: ((error: unknown) => void) | undefined
  /** Resolves when the store has all that the journal says; nothing is built before. */
  readonly ready: () => Promise<void>
  readonly build: (record: ListRecord, variant: string, now: Date) => Promise<PublishedList>
}): Publications {
  const { storage, ttl, lifetime, clock, build } = options
  interface State {
    published?: Publication
    markedAt: number
    /** A change was made that is not in what was published. */
    isOutdated?: boolean
    underWay?: Promise<Publication | undefined>
  }
  const states = new Map<string, Map<string, State>>()

  const stateOf = (id: string, variant: string): State => {
    const variants = states.get(id) ?? new Map<string, State>()
    states.set(id, variants)
    const state = variants.get(variant) ?? { markedAt: -Infinity }
    variants.set(variant, state)
    return state
  }
  /** Whether less than so many milliseconds have passed; a time that is yet to come is one of a wrong clock. */
  const isWithin = (since: number, milliseconds: number): boolean => {
    const age = clock().getTime() - since
    return age >= 0 && age < milliseconds
  }

  /** Undefined when the list is closed. */
  const publish = async (
    record: ListRecord,
    variant: string,
    state: State,
  ): Promise<Publication | undefined> => {
    const before = state.published
    const now = clock()
    await options.ready()
    const { version, isClosed } = await storage.mark(record.id)
    if (isClosed) return undefined
    if (before && before.version === version && isWithin(before.issuedAt, ttl * 1000)) return before
    if (before && before.version !== version) state.isOutdated = true
    const list = await build(record, variant, now)
    const etag = `"${hashBase64url('sha-256', list.body).slice(0, 27)}"`
    const issuedAt = now.getTime()
    return { ...list, etag, version, issuedAt }
  }

  /** What is served in place of a list that cannot be built now. @throws the error where there is nothing to serve */
  const lastOf = ({ published, isOutdated }: State, error: unknown): Publication => {
    if (!published || isOutdated || isBehind(error)) throw error
    // One of a clock that was fast would be refused.
    if (!isWithin(published.issuedAt, lifetime * 1000)) throw error
    options.onError?.(error)
    return published
  }

  const latest = async (record: ListRecord, variant: string): Promise<Publication | undefined> => {
    const state = stateOf(record.id, variant)
    const { published: known } = state
    if (known && isWithin(state.markedAt, markInterval) && isWithin(known.issuedAt, ttl * 1000)) return known
    if (state.underWay) return state.underWay
    const askedAt = clock().getTime()
    const fresh = withinTime(publish(record, variant, state), buildWithin)
      .then(
        (after) => {
          // A change made meanwhile has put this build aside.
          if (state.underWay !== fresh) return after
          if (after) state.published = after
          else delete state.published
          state.markedAt = askedAt
          state.isOutdated = false
          return after
        },
        (error) => lastOf(state, error),
      )
      .finally(() => {
        if (state.underWay === fresh) delete state.underWay
      })
    state.underWay = fresh
    return fresh
  }

  return {
    async answer(request, record, variant) {
      const published = await latest(record, variant)
      if (!published) return unavailable()
      const { contentType, body, etag, issuedAt } = published
      const left = Math.floor(ttl - (clock().getTime() - issuedAt) / 1000)
      const maxAge = Math.min(Math.floor(ttl), Math.max(0, left))
      const headers = {
        'content-type': contentType,
        'cache-control': `public, max-age=${maxAge}`,
        etag,
        vary: 'accept',
      }
      const tags = request.headers.get('if-none-match')
      if (tags !== null && isSameTag(tags, etag)) return listAnswer(304, headers)
      return listAnswer(200, headers, request.method === 'HEAD' ? null : body)
    },
    changed(id) {
      for (const state of states.get(id)?.values() ?? []) {
        delete state.underWay
        state.markedAt = -Infinity
        state.isOutdated = true
      }
    },
  }
}

/** Verifiers then say `unknown`: what the list would say cannot be known now. */
export function unavailable(): Response {
  return listAnswer(503, { 'retry-after': '60', 'cache-control': 'no-store' })
}

/** What `answer` gives; 503 where the store lacks what a journal says. */
export async function whileWhole(answer: () => Promise<Response | undefined>): Promise<Response | undefined> {
  try {
    return await answer()
  } catch (error) {
    if (isBehind(error)) return unavailable()
    throw error
  }
}

function isBehind(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return (error instanceof StatusError && error.code === 'status.store.behind') || isBehind(error.cause)
}

export function listAnswer(
  status: number,
  headers: Record<string, string> = {},
  body: string | Uint8Array | null = null,
): Response {
  return new Response(body as BodyInit | null, {
    status,
    headers: { 'access-control-allow-origin': '*', ...headers },
  })
}

export function isRead({ method }: Request): boolean {
  return method === 'GET' || method === 'HEAD'
}

/**
 * The URL below which lists are served.
 * @throws TypeError when the options of an authority cannot be those of lists with so many entries at least
 */
export function requireListOptions(
  { url: text, size, ttl, lifetime }: Record<'size' | 'ttl' | 'lifetime', number> & { readonly url: string },
  leastSize: number,
): URL {
  const url = new URL(text)
  if (url.search !== '' || url.hash !== '' || text.endsWith('/')) {
    throw new TypeError('url must have no query, no fragment and no slash at its end')
  }
  if (!Number.isSafeInteger(size) || size < leastSize || size > 2 ** 24) {
    throw new TypeError(`size must be an integer from ${leastSize} to 16777216`)
  }
  if (!(ttl > 0) || !(lifetime >= ttl)) {
    throw new TypeError('ttl must be positive and lifetime not shorter than it')
  }
  return url
}

/** What of the request's path stands below the URL of the lists; the host may be a proxy's. */
export function pathBelow(url: URL, request: Request): string | undefined {
  const { pathname } = new URL(request.url)
  const base = url.pathname.replace(/\/$/, '')
  return pathname.startsWith(`${base}/`) ? pathname.slice(base.length) : undefined
}

/** The id in a path `/<id>`: 16 random characters, or the number that lists of earlier versions had. */
export function listId(path: string | undefined): string | undefined {
  return path !== undefined && /^\/([A-Za-z0-9_-]{16}|0|[1-9][0-9]{0,8})$/.test(path)
    ? path.slice(1)
    : undefined
}

/**
 * Of the media types offered, best first, the one that the client likes best (RFC 9110 section 12.5.1). Where it likes
 * none of them, the first: many clients say `application/json` and mean whatever there is, and the answer names its type.
 */
export function acceptedType<T extends string>(
  accept: string | null,
  types: readonly [T, ...(readonly T[])],
): T {
  if (accept === null || accept.trim() === '') return types[0]
  const ranges = accept.split(',').map((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
    const q = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1'
    return { type, quality: /^(?:0(?:\.\d*)?|1(?:\.0*)?)$/.test(q) ? Number(q) : 0 }
  })
  const qualityOf = (type: string) =>
    [type, `${type.split('/')[0]}/*`, '*/*']
      .map((name) => ranges.find((range) => range.type === name))
      .find((range) => range !== undefined)?.quality ?? 0
  const liked = types
    .map((type) => ({ type, quality: qualityOf(type) }))
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality)
  return liked[0]?.type ?? types[0]
}

// RFC 9110 section 13.1.2: weak comparison, a list of tags, or any.
function isSameTag(tags: string, etag: string): boolean {
  return tags.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag)
}
