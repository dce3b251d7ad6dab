import type { Clock } from '@ekkasan/core'
import { hashBase64url } from '@ekkasan/core/bytes'
import type { ListRecord, ListStorage } from './list-storage.ts'

/** A list as it is served. */
export interface PublishedList {
  readonly contentType: string
  readonly body: string | Uint8Array
}

interface Publication extends PublishedList {
  readonly etag: string
  readonly mark: number
  readonly issuedAt: number
  /** As the list itself says. */
  readonly expiresAt: number
}

export interface Publications {
  /** Answers a GET or HEAD for the list, built anew where it changed or is older than `ttl`. */
  answer(request: Request, record: ListRecord, variant: string): Promise<Response>
  /** What is being built now may have read the list before this change. */
  changed(number: number): void
}

/** Milliseconds for which one process serves a list without asking the store whether another changed it. */
const markInterval = 1000

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
  readonly build: (record: ListRecord, variant: string, now: Date) => Promise<PublishedList>
}): Publications {
  const { storage, ttl, lifetime, clock, build } = options
  interface State {
    published?: Publication
    markedAt: number
    /** A change was made that is not in what was published. */
    isOutdated?: boolean
    underWay?: Promise<Publication>
  }
  const states = new Map<number, Map<string, State>>()

  const stateOf = (number: number, variant: string): State => {
    const variants = states.get(number) ?? new Map<string, State>()
    states.set(number, variants)
    const state = variants.get(variant) ?? { markedAt: -Infinity }
    variants.set(variant, state)
    return state
  }

  const publish = async (record: ListRecord, variant: string, state: State): Promise<Publication> => {
    const before = state.published
    const now = clock()
    const young = before !== undefined && now.getTime() - before.issuedAt < ttl * 1000
    const mark = await storage.mark(record.number)
    if (before && young && before.mark === mark) return before
    if (before && before.mark !== mark) state.isOutdated = true
    const list = await build(record, variant, now)
    const etag = `"${hashBase64url('sha-256', list.body).slice(0, 27)}"`
    const issuedAt = now.getTime()
    return { ...list, etag, mark, issuedAt, expiresAt: issuedAt + lifetime * 1000 }
  }

  /** What is served in place of a list that cannot be built now. @throws the error where there is nothing to serve */
  const lastOf = ({ published, isOutdated }: State, error: unknown): Publication => {
    if (!published || isOutdated || published.expiresAt <= clock().getTime()) throw error
    options.onError?.(error)
    return published
  }

  const latest = async (record: ListRecord, variant: string): Promise<Publication> => {
    const state = stateOf(record.number, variant)
    const { published: known } = state
    const isMarked = performance.now() - state.markedAt < markInterval
    if (known && isMarked && clock().getTime() - known.issuedAt < ttl * 1000) return known
    if (state.underWay) return state.underWay
    const askedAt = performance.now()
    const fresh = publish(record, variant, state)
      .then(
        (after) => {
          // A change made meanwhile has put this build aside.
          if (state.underWay !== fresh) return after
          state.published = after
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
      const { contentType, body, etag, issuedAt } = await latest(record, variant)
      const maxAge = Math.max(0, Math.floor(ttl - (clock().getTime() - issuedAt) / 1000))
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
    changed(number) {
      for (const state of states.get(number)?.values() ?? []) {
        delete state.underWay
        state.markedAt = -Infinity
        state.isOutdated = true
      }
    },
  }
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

/** `/0` is the first list. */
export function listNumber(path: string | undefined): number | undefined {
  return path !== undefined && /^\/(0|[1-9][0-9]{0,8})$/.test(path) ? Number(path.slice(1)) : undefined
}

/** Of the media types offered, best first, the one that the client likes best (RFC 9110 section 12.5.1). */
export function acceptedType<T extends string>(accept: string | null, types: readonly T[]): T | undefined {
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
  return types
    .map((type) => ({ type, quality: qualityOf(type) }))
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality)[0]?.type
}

// RFC 9110 section 13.1.2: weak comparison, a list of tags, or any.
function isSameTag(tags: string, etag: string): boolean {
  return tags.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag)
}
