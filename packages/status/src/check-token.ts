import {
  type IssuerIdentity,
  type IssuerKey,
  type IssuerKeyQuestion,
  identifyIssuer,
  type PublicJwk,
  ResolveError,
  type StatusAnswer,
  type StatusSubject,
  type TokenStatusReference,
} from '@ekkasan/core'
import { fromUtf8 } from '@ekkasan/core/bytes'
import { algorithmOf } from '@ekkasan/cose'
import { didOfKid, isSameKey, KeysError, verifyJws } from '@ekkasan/keys'
import { parseStatusListCwt, verifyStatusListCwt } from './cwt.ts'
import { StatusError } from './errors.ts'
import { fetchList, notYet, refused } from './fetch-list.ts'
import { createListCache, type KeptList } from './list-cache.ts'
import type { Checking } from './status-checker.ts'
import { decodeStatusList, decodeStatusListCbor, readStatus, type StatusList } from './status-list.ts'
import { parseStatusListToken, type StatusListTokenClaims } from './token.ts'
import { requireTrusted, requireTrustedFirst, trustQuestion } from './trust.ts'

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
  const { isTrusted, clock } = checking
  const cache = createListCache<VerifiedList>(checking.maxEntries)

  const load = async (uri: string, subject: StatusSubject): Promise<VerifiedList> => {
    const { maxTokenLength: maxLength, maxListLength, maxAge } = checking
    const { body } = await fetchList(uri, { fetch: checking.fetch, accept, maxLength })
    try {
      const now = clock().getTime()
      const token = body[0] === taggedSign1 ? readCwt(body) : readJwt(body, maxLength)
      const { claims } = token
      requireTime(claims, uri, now)
      const identity = await findSigner(token, subject, checking)
      const list = await token.decode(maxListLength)
      const kept = now + Math.min(claims.ttl ?? maxAge, maxAge) * 1000
      const staleAt = Math.min(kept, claims.expiresAt?.getTime() ?? kept)
      return { list, signer: identity, issuedAt: claims.issuedAt, fetchedAt: now, staleAt }
    } catch (cause) {
      throw refused(cause)
    }
  }

  return async ({ uri, index }: TokenStatusReference, subject: StatusSubject): Promise<StatusAnswer> => {
    const { issuer } = subject
    // Where the token names no signer its key is the credential issuer's: one list may then differ by issuer.
    const key = `${uri} ${issuer.id} ${issuer.method} ${issuer.x5c?.[0] ?? ''}`
    const found = cache.find(key, clock().getTime(), () => load(uri, subject))
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
  // The publisher's clock or ours is wrong: that says nothing of the credential.
  if (Math.max(issuedAt.getTime(), notBefore?.getTime() ?? 0) > now + leeway) {
    throw notYet('status.token.not-yet')
  }
  if (expiresAt && expiresAt.getTime() <= now) {
    throw new StatusError('status.token.expired', 'the status list has expired')
  }
}

/**
 * Who signed a list. The credential's issuer, where the credential's own leaf or key did, whatever `iss` and `kid` say;
 * else the party that the token names, of which nothing is fetched before trust was asked for it.
 * @throws ResolveError, StatusError
 */
async function findSigner(
  token: ReadToken,
  { issuer, jwk: own }: StatusSubject,
  { resolveIssuerKey, isTrusted }: Checking,
): Promise<IssuerIdentity> {
  const { claims, alg } = token
  if (own && (await isSignedWith(token, own))) return issuer
  const isOwnLeaf = claims.x5c !== undefined && claims.x5c[0] === issuer.x5c?.[0]
  if (own && isOwnLeaf) throw otherSignature()
  if (!resolveIssuerKey) {
    throw new ResolveError('core.resolve.unavailable', 'no means to find the key of a status list token')
  }
  const question = signerQuestion(claims, alg, issuer)
  const isUnnamed = question.x5c !== undefined && claims.x5c === undefined
  if (!isOwnLeaf && !isUnnamed) {
    const named = await identifyIssuer(resolveIssuerKey, question)
    const isOwnKey = own !== undefined && named?.jwk !== undefined && isSameKey(named.jwk, own)
    if (named && !isOwnKey) {
      await requireTrustedFirst(isTrusted, named.identity, issuer, 'status.token.untrusted')
    }
  }
  const { jwk, identity } = await resolveIssuerKey(question)
  if (!(await token.isSignedBy(jwk))) throw otherSignature()
  if (claims.x5c && identity.method !== 'x5c') {
    throw new StatusError('status.token.signature', 'a token with x5c has its key by certificate alone')
  }
  // A chain may speak for more than one name: here it is the credential issuer's own.
  return isOwnLeaf || isUnnamed ? issuer : identity
}

function otherSignature(): StatusError {
  return new StatusError('status.token.signature', 'the signature is not of the status issuer')
}

/** A key that does not fit the algorithm did not sign. */
async function isSignedWith(token: ReadToken, jwk: PublicJwk): Promise<boolean> {
  try {
    return await token.isSignedBy(jwk)
  } catch (error) {
    if (error instanceof KeysError) return false
    throw error
  }
}

/** In this order: the header's `x5c`; `iss`; a `kid` that is a DID URL; where the credential issuer's own keys are. */
function signerQuestion(
  { kid, x5c, iss }: StatusListTokenClaims,
  alg: string,
  issuer: IssuerIdentity,
): IssuerKeyQuestion {
  const named = { alg, ...(kid !== undefined && { kid }) }
  if (x5c) return { ...named, x5c, ...(iss !== undefined && { iss }) }
  if (iss !== undefined) return { ...named, iss }
  const did = didOfKid(kid)
  if (did !== undefined) return { ...named, iss: did }
  if (issuer.method === 'x5c' && issuer.x5c) return { ...named, x5c: issuer.x5c }
  return { ...named, iss: issuer.id }
}
