import {
  type IssuerIdentity,
  type IssuerKey,
  ResolveError,
  type ResolveIssuerKey,
  type StatusAnswer,
  type TokenStatusReference,
} from '@ekkasan/core'
import { fromUtf8 } from '@ekkasan/core/bytes'
import { algorithmOf } from '@ekkasan/cose'
import { didOfKid, verifyJws } from '@ekkasan/keys'
import { parseStatusListCwt, verifyStatusListCwt } from './cwt.ts'
import { StatusError } from './errors.ts'
import { fetchList, refused } from './fetch-list.ts'
import { createListCache, type KeptList } from './list-cache.ts'
import type { Checking } from './status-checker.ts'
import { decodeStatusList, decodeStatusListCbor, readStatus, type StatusList } from './status-list.ts'
import { parseStatusListToken, type StatusListTokenClaims } from './token.ts'
import { requireTrusted, trustQuestion } from './trust.ts'

interface VerifiedList extends KeptList {
  readonly list: StatusList
  readonly signer: IssuerIdentity
  readonly issuedAt: Date
}

const names = ['valid', 'revoked', 'suspended'] as const
/** Milliseconds by which the clock of the status issuer may be ahead. */
const leeway = 60_000
const accept = 'application/statuslist+jwt, application/statuslist+cwt;q=0.9'
/** How a COSE_Sign1 with its tag begins; no JWT does. */
const taggedSign1 = 0xd2

export function createTokenCheck(checking: Checking) {
  const { resolveIssuerKey, isTrusted, clock } = checking
  const cache = createListCache<VerifiedList>(checking.maxEntries)

  const load = async (uri: string, issuer: IssuerIdentity): Promise<VerifiedList> => {
    const { maxTokenLength: maxLength, maxListLength, maxAge } = checking
    const { body } = await fetchList(uri, { fetch: checking.fetch, accept, maxLength })
    try {
      const now = clock().getTime()
      const token = body[0] === taggedSign1 ? readCwt(body) : readJwt(body, maxLength)
      const { claims } = token
      requireTime(claims, uri, now)
      const { jwk, identity } = await resolveSigner(claims, token.alg, issuer, resolveIssuerKey)
      if (!(await token.isSignedBy(jwk))) {
        throw new StatusError('status.token.signature', 'the signature is not of the status issuer')
      }
      const list = await token.decode(maxListLength)
      const kept = now + Math.min(claims.ttl ?? maxAge, maxAge) * 1000
      const staleAt = Math.min(kept, claims.expiresAt?.getTime() ?? kept)
      return { list, signer: identity, issuedAt: claims.issuedAt, staleAt }
    } catch (cause) {
      throw refused(cause)
    }
  }

  return async ({ uri, index }: TokenStatusReference, issuer: IssuerIdentity): Promise<StatusAnswer> => {
    // Where the token names no signer its key is the credential issuer's: one list may then differ by issuer.
    const key = `${uri} ${issuer.id} ${issuer.method} ${issuer.x5c?.[0] ?? ''}`
    const found = cache.find(key, clock().getTime(), () => load(uri, issuer))
    const { list, signer, issuedAt } = found instanceof Promise ? await found : found
    requireTrusted(await isTrusted(trustQuestion(signer, issuer)), 'status.token.untrusted')
    try {
      const status = names[readStatus(list, index)]
      if (!status) throw new StatusError('status.entry.value', 'the status is of a kind that is not known')
      return { status, asOf: issuedAt }
    } catch (cause) {
      throw refused(cause)
    }
  }
}

/** A token of either form. */
interface ReadToken {
  readonly claims: StatusListTokenClaims
  readonly alg: string
  isSignedBy(jwk: IssuerKey['jwk']): Promise<boolean>
  decode(maxLength: number): Promise<StatusList>
}

function readJwt(body: Uint8Array, maxLength: number): ReadToken {
  let text: string
  try {
    text = fromUtf8(body).trim()
  } catch {
    throw new StatusError('status.token.malformed', 'the status list token is not text')
  }
  const token = parseStatusListToken(text, { maxLength })
  return {
    claims: token,
    alg: token.jws.header.alg,
    isSignedBy: (jwk) => verifyJws(token.jws, jwk),
    decode: (maxLength) => decodeStatusList(token.statusList, { maxLength }),
  }
}

function readCwt(body: Uint8Array): ReadToken {
  const token = parseStatusListCwt(body)
  return {
    claims: token,
    alg: algorithmOf(token.cose.alg),
    isSignedBy: (jwk) => verifyStatusListCwt(token, jwk),
    decode: (maxLength) => decodeStatusListCbor(token.statusList, { maxLength }),
  }
}

function requireTime(token: StatusListTokenClaims, uri: string, now: number): void {
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
  { kid, x5c, iss }: StatusListTokenClaims,
  alg: string,
  issuer: IssuerIdentity,
  resolveIssuerKey: ResolveIssuerKey | undefined,
): Promise<IssuerKey> {
  if (!resolveIssuerKey) {
    throw new ResolveError('core.resolve.unavailable', 'no means to find the key of a status list token')
  }
  const named = { alg, ...(kid !== undefined && { kid }) }
  if (x5c) return resolveIssuerKey({ ...named, x5c, ...(iss !== undefined && { iss }) })
  if (iss !== undefined) return resolveIssuerKey({ ...named, iss })
  const did = didOfKid(kid)
  if (did !== undefined) return resolveIssuerKey({ ...named, iss: did })
  if (issuer.method === 'x5c' && issuer.x5c) {
    // The chain may speak for more than one name: here it is the credential issuer's own.
    const { jwk } = await resolveIssuerKey({ ...named, x5c: issuer.x5c })
    return { jwk, identity: issuer }
  }
  return resolveIssuerKey({ ...named, iss: issuer.id })
}
