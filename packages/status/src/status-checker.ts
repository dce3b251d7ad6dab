import {
  type CheckStatus,
  type Clock,
  type CredentialStatus,
  type Fetch,
  type IssuerIdentity,
  type IssuerKey,
  type IsTrusted,
  ResolveError,
  type ResolveIssuerKey,
  requireTokenStatus,
  resolveErrorOf,
} from '@ekkasan/core'
import { fromUtf8, readAtMost } from '@ekkasan/core/bytes'
import { KeysError, verifyJws } from '@ekkasan/keys'
import { StatusError, type StatusErrorCode } from './errors.ts'
import { decodeStatusList, readStatus, type StatusList } from './status-list.ts'
import { parseStatusListToken, type StatusListToken } from './token.ts'

export interface CreateStatusCheckerOptions {
  /** A guarded fetch: it decides which addresses may be reached, and whether by http. */
  readonly fetch: Fetch
  readonly resolveIssuerKey: ResolveIssuerKey
  /** Asked with role `status-issuer` for the party that signed the list, on behalf of the credential's issuer. */
  readonly isTrusted: IsTrusted
  /** Lists kept, unpacked; 100 unless told. The one used longest ago goes first. */
  readonly maxEntries?: number
  /** Longest token accepted, in bytes; 4 MiB unless told. */
  readonly maxTokenLength?: number
  /** Longest list accepted, in bytes after unpacking; 4 MiB unless told. */
  readonly maxListLength?: number
  /** Seconds for which a list is kept at most, whatever its `ttl` says, and where it says none; 3600 unless told. */
  readonly maxAge?: number
  readonly clock?: Clock
}

interface VerifiedList {
  readonly list: StatusList
  readonly signer: IssuerIdentity
  readonly issuedAt: Date
  /** Milliseconds since 1970 from which it must be fetched again. */
  readonly staleAt: number
}

const names: readonly (CredentialStatus | undefined)[] = ['valid', 'revoked', 'suspended']
/** Milliseconds by which the clock of the status issuer may be ahead. */
const leeway = 60_000

/**
 * A CheckStatus that reads Token Status Lists (JWT form), verified before use and kept in memory for their `ttl`,
 * never beyond `exp`. Whose key signs a list is found by, in this order: the header's `x5c`; the claim `iss`; a
 * `kid` that is a DID URL; else where the credential issuer's own keys are (section 11.3 of the standard, which
 * leaves key resolution to its profiles).
 *
 * The CheckStatus throws ResolveError: `core.resolve.unavailable` when nobody answered, `core.resolve.not-found`
 * when there is no such list, `core.resolve.invalid` when the list must not be relied on; its `cause` is then a
 * StatusError that says why.
 */
export function createStatusChecker(options: CreateStatusCheckerOptions): CheckStatus {
  const { isTrusted, maxEntries = 100, clock = () => new Date() } = options
  const verified = new Map<string, VerifiedList>()
  const underWay = new Map<string, Promise<VerifiedList>>()

  const find = async (uri: string, issuer: IssuerIdentity): Promise<VerifiedList> => {
    // Where the token names no signer its key is the credential issuer's: one list may then differ by issuer.
    const key = JSON.stringify([uri, issuer.id, issuer.method, issuer.x5c?.[0]])
    const known = verified.get(key)
    if (known && clock().getTime() < known.staleAt) {
      verified.delete(key)
      verified.set(key, known)
      return known
    }
    verified.delete(key)
    const running = underWay.get(key)
    if (running) return running
    const fresh = fetchList(uri, issuer, options)
      .then((list) => {
        verified.set(key, list)
        for (const oldest of verified.keys()) {
          if (verified.size <= maxEntries) break
          verified.delete(oldest)
        }
        return list
      })
      .finally(() => underWay.delete(key))
    underWay.set(key, fresh)
    return fresh
  }

  return async (reference, { issuer }) => {
    const { uri, index } = requireTokenStatus(reference)
    const { list, signer, issuedAt } = await find(uri, issuer)
    const answer = await isTrusted({
      role: 'status-issuer',
      id: signer.id,
      issuer: signer,
      onBehalfOf: issuer,
    })
    if (answer.trusted === 'unknown') {
      throw new ResolveError('core.resolve.unavailable', 'whether the status issuer is trusted is not known')
    }
    if (!answer.trusted) throw invalid('status.token.untrusted', 'the status list is signed by another party')
    try {
      const status = names[readStatus(list, index)]
      if (!status) throw new StatusError('status.entry.value', 'the status is of a kind that is not known')
      return { status, asOf: issuedAt }
    } catch (cause) {
      throw refused(cause)
    }
  }
}

async function fetchList(
  uri: string,
  issuer: IssuerIdentity,
  options: CreateStatusCheckerOptions,
): Promise<VerifiedList> {
  const { maxTokenLength = 4_194_304, maxListLength = 4_194_304, maxAge = 3600 } = options
  const clock = options.clock ?? (() => new Date())
  const text = await get(uri, options.fetch, maxTokenLength)
  try {
    const now = clock().getTime()
    const token = parseStatusListToken(text, { maxLength: maxTokenLength })
    requireTime(token, uri, now)
    const { jwk, identity } = await resolveSigner(token, issuer, options.resolveIssuerKey)
    if (!(await verifyJws(token.jws, jwk))) {
      throw new StatusError('status.token.signature', 'the signature is not of the status issuer')
    }
    const list = await decodeStatusList(token.statusList, { maxLength: maxListLength })
    const kept = now + Math.min(token.ttl ?? maxAge, maxAge) * 1000
    const staleAt = Math.min(kept, token.expiresAt?.getTime() ?? kept)
    return { list, signer: identity, issuedAt: token.issuedAt, staleAt }
  } catch (cause) {
    throw refused(cause)
  }
}

function requireTime(token: StatusListToken, uri: string, now: number): void {
  const { sub, issuedAt, notBefore, expiresAt } = token
  if (sub !== uri) throw new StatusError('status.token.subject', 'sub is not the URI of the status list')
  if (Math.max(issuedAt.getTime(), notBefore?.getTime() ?? 0) > now + leeway) {
    throw new StatusError('status.token.not-yet', 'the status list is of the future')
  }
  if (expiresAt && expiresAt.getTime() <= now) {
    throw new StatusError('status.token.expired', 'the status list has expired')
  }
}

async function resolveSigner(
  token: StatusListToken,
  issuer: IssuerIdentity,
  resolveIssuerKey: ResolveIssuerKey,
): Promise<IssuerKey> {
  const { kid, x5c, iss, jws } = token
  const { alg } = jws.header
  const named = { alg, ...(kid !== undefined && { kid }) }
  if (x5c) return resolveIssuerKey({ ...named, x5c, ...(iss !== undefined && { iss }) })
  if (iss !== undefined) return resolveIssuerKey({ ...named, iss })
  const did = kid?.startsWith('did:') ? kid.split('#')[0] : undefined
  if (did !== undefined) return resolveIssuerKey({ ...named, iss: did })
  if (issuer.method === 'x5c' && issuer.x5c) {
    // The chain may speak for more than one name: here it is the credential issuer's own.
    const { jwk } = await resolveIssuerKey({ ...named, x5c: issuer.x5c })
    return { jwk, identity: issuer }
  }
  return resolveIssuerKey({ ...named, iss: issuer.id })
}

async function get(uri: string, fetch: Fetch, maxLength: number): Promise<string> {
  const { protocol } = parseUrl(uri)
  if (protocol !== 'https:' && protocol !== 'http:') {
    throw new ResolveError('core.resolve.invalid', 'the URI of the status list is not an https URL')
  }
  let body: Uint8Array | undefined
  try {
    const response = await fetch(uri, { headers: { accept: 'application/statuslist+jwt' } })
    if (!response.ok) {
      await response.body?.cancel()
      throw refusal(response.status)
    }
    body = await readAtMost(response.body, maxLength)
  } catch (cause) {
    throw resolveErrorOf(cause, 'the status list')
  }
  if (!body) throw invalid('status.list.too-large', 'the status list token is longer than is accepted')
  try {
    return fromUtf8(body).trim()
  } catch {
    throw invalid('status.token.malformed', 'the status list token is not text')
  }
}

function refusal(status: number): ResolveError {
  if (status === 404 || status === 410) {
    return new ResolveError('core.resolve.not-found', 'there is no status list at the URI')
  }
  return new ResolveError('core.resolve.unavailable', `the status list was answered with HTTP ${status}`)
}

function parseUrl(uri: string): URL {
  try {
    return new URL(uri)
  } catch {
    throw new ResolveError('core.resolve.invalid', 'the URI of the status list is not a URL')
  }
}

/** What is wrong with a list as the port says it; a programmer's mistake stays one. */
function refused(cause: unknown): unknown {
  if (!(cause instanceof StatusError || cause instanceof KeysError)) return cause
  return new ResolveError('core.resolve.invalid', cause.message, { cause })
}

function invalid(code: StatusErrorCode, message: string): ResolveError {
  return new ResolveError('core.resolve.invalid', message, { cause: new StatusError(code, message) })
}
