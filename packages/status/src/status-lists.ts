import type {
  Clock,
  CredentialStatus,
  RandomBytes,
  Signer,
  StatusAuthority,
  Store,
  TokenStatusReference,
} from '@ekkasan/core'
import { hashBase64url, platformRandomBytes } from '@ekkasan/core/bytes'
import { StatusError } from './errors.ts'
import { createListStorage, type ListRecord } from './list-storage.ts'
import { issueStatusListToken } from './token.ts'

export interface CreateStatusListsOptions {
  /** Below which the lists are served: the first is `<url>/0`. Part of every credential; never change it. */
  readonly url: string
  /** The newest key; the `kid` or `x5c` that it names goes into the header. */
  readonly signer: Signer
  /**
   * The `iss` claim of the lists: the URL or DID of the issuer. Without it verifiers look for the key named by
   * `kid` or `x5c` where they found the credential issuer's.
   */
  readonly issuer?: string
  readonly store: Store
  /** Entries of a list that is begun from now on; 131072 unless told. */
  readonly size?: number
  /** Seconds for which verifiers may keep a list: how late a revocation may reach them; 300 unless told. */
  readonly ttl?: number
  /** Seconds for which a signed list is valid; 86400 unless told. */
  readonly lifetime?: number
  readonly clock?: Clock
  readonly randomBytes?: RandomBytes
}

interface Published {
  readonly token: string
  readonly etag: string
  readonly mark: number
  readonly issuedAt: number
}

/** Milliseconds for which one process serves a list without asking the store whether another changed it. */
const markInterval = 1000

const values: Readonly<Record<CredentialStatus, number>> = { valid: 0, revoked: 1, suspended: 2 }
const names: readonly (CredentialStatus | undefined)[] = ['valid', 'revoked', 'suspended']

/**
 * The issuer's status lists (IETF Token Status List, JWT form, 2 bits), kept in a store that several processes
 * may share. An index is a counter's number sent through a keyed permutation: never given twice, and of no order
 * that the list's readers could tell. A list that is full is followed by the next.
 */
export function createStatusLists(options: CreateStatusListsOptions): StatusAuthority<TokenStatusReference> {
  const { signer, issuer, store, size = 131_072, ttl = 300, lifetime = 86_400 } = options
  const { clock = () => new Date(), randomBytes = platformRandomBytes } = options
  const url = new URL(options.url)
  if (url.search !== '' || url.hash !== '' || options.url.endsWith('/')) {
    throw new TypeError('url must have no query, no fragment and no slash at its end')
  }
  if (!Number.isSafeInteger(size) || size < 1 || size > 2 ** 24) {
    throw new TypeError('size must be an integer from 1 to 16777216')
  }
  if (!(ttl > 0) || !(lifetime >= ttl)) {
    throw new TypeError('ttl must be positive and lifetime not shorter than it')
  }
  const storage = createListStorage({ store, url: options.url, size, randomBytes })
  const published = new Map<number, Published>()
  const markedAt = new Map<number, number>()
  const underWay = new Map<number, Promise<Published>>()
  let current: number | undefined

  const uriOf = (number: number) => `${options.url}/${number}`

  const find = async ({ uri, index }: TokenStatusReference): Promise<ListRecord> => {
    const number = uri.startsWith(`${options.url}/`) ? listNumber(uri.slice(options.url.length)) : undefined
    const record = number === undefined ? undefined : await storage.record(number)
    if (!record || !Number.isSafeInteger(index) || index < 0 || index >= record.size) {
      throw new StatusError('status.entry.unknown', 'the reference is to none of these status lists')
    }
    return record
  }

  const publish = async (record: ListRecord): Promise<Published> => {
    const now = clock()
    const before = published.get(record.number)
    const young = before !== undefined && now.getTime() - before.issuedAt < ttl * 1000
    const mark = await storage.mark(record.number)
    if (before && young && before.mark === mark) return before
    const list = await storage.whole(record)
    const token = await issueStatusListToken({
      signer,
      list,
      uri: uriOf(record.number),
      ...(issuer !== undefined && { issuer }),
      issuedAt: now,
      expiresAt: new Date(now.getTime() + lifetime * 1000),
      ttl,
    })
    const etag = `"${hashBase64url('sha-256', token).slice(0, 27)}"`
    return { token, etag, mark, issuedAt: now.getTime() }
  }

  const latest = async (record: ListRecord): Promise<Published> => {
    const { number } = record
    const known = published.get(number)
    const isMarked = performance.now() - (markedAt.get(number) ?? -Infinity) < markInterval
    if (known && isMarked && clock().getTime() - known.issuedAt < ttl * 1000) return known
    const running = underWay.get(number)
    if (running) return running
    const askedAt = performance.now()
    const fresh = publish(record)
      .then((after) => {
        // A change made meanwhile has put this build aside.
        if (underWay.get(number) !== fresh) return after
        published.set(number, after)
        markedAt.set(number, askedAt)
        return after
      })
      .finally(() => {
        if (underWay.get(number) === fresh) underWay.delete(number)
      })
    underWay.set(number, fresh)
    return fresh
  }

  return {
    kind: 'token',
    async allocate() {
      current ??= await storage.current()
      for (;;) {
        const number = current
        const record = (await storage.record(number)) ?? (await storage.begin(number))
        const count = await storage.take(record)
        if (count < record.size) return { uri: uriOf(number), index: record.place(count) }
        current = Math.max(current, number + 1)
        await storage.advance(current)
      }
    },
    async set(entry, status) {
      const value = values[status]
      if (value === undefined) throw new TypeError('status must be valid, revoked or suspended')
      const record = await find(entry)
      await storage.write(record, entry.index, (before) => {
        if (before === values.revoked && value !== before) {
          throw new StatusError('status.entry.revoked', 'the entry is revoked, which is final')
        }
        return value
      })
      // What is being built now may have read the list before this change.
      underWay.delete(record.number)
      markedAt.delete(record.number)
    },
    async get(entry) {
      const name = names[await storage.read(await find(entry), entry.index)]
      if (!name) throw new StatusError('status.entry.value', 'the list holds a value that is no status')
      return name
    },
    async fetch(request) {
      const { pathname, searchParams } = new URL(request.url)
      const below = pathname.startsWith(url.pathname.replace(/\/$/, ''))
        ? pathname.slice(url.pathname.replace(/\/$/, '').length)
        : ''
      const number = listNumber(below)
      const record = number === undefined ? undefined : await storage.record(number)
      if (!record) return undefined
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        return answer(405, { allow: 'GET, HEAD' })
      }
      if (searchParams.has('time')) return answer(501)
      if (!acceptsJwt(request.headers.get('accept'))) return answer(406)
      const { token, etag, issuedAt } = await latest(record)
      const maxAge = Math.max(0, Math.floor(ttl - (clock().getTime() - issuedAt) / 1000))
      const headers = {
        'content-type': 'application/statuslist+jwt',
        'cache-control': `public, max-age=${maxAge}`,
        etag,
        vary: 'accept',
      }
      const tags = request.headers.get('if-none-match')
      if (tags !== null && isSameTag(tags, etag)) return answer(304, headers)
      return answer(200, headers, request.method === 'HEAD' ? null : token)
    },
  }
}

function answer(status: number, headers: Record<string, string> = {}, body: string | null = null): Response {
  return new Response(body, { status, headers: { 'access-control-allow-origin': '*', ...headers } })
}

function listNumber(path: string): number | undefined {
  return /^\/(0|[1-9][0-9]{0,8})$/.test(path) ? Number(path.slice(1)) : undefined
}

function acceptsJwt(accept: string | null): boolean {
  if (accept === null || accept.trim() === '') return true
  return accept.split(',').some((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
    const refused = parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))
    return !refused && ['application/statuslist+jwt', 'application/*', '*/*'].includes(type)
  })
}

// RFC 9110 section 13.1.2: weak comparison, a list of tags, or any.
function isSameTag(tags: string, etag: string): boolean {
  return tags.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag)
}
