import {
  type BitstringStatusListEntry,
  type BitstringStatusReference,
  type CheckName,
  type CredentialStatus,
  EkkasanError,
  type IssuerIdentity,
  type IsTrusted,
  RejectedError,
  ResolveError,
  type StatusAnswer,
  type StatusSubject,
  UnavailableError,
} from '@ekkasan/core'
import { decodeBitstring, readBitstring } from './bitstring.ts'
import { type BitstringCredential, parseBitstringCredential } from './bitstring-credential.ts'
import { StatusError } from './errors.ts'
import { type FetchedList, fetchList, invalid, notYet, refused } from './fetch-list.ts'
import { createListCache, type KeptList } from './list-cache.ts'
import type { Checking, VerifiedListCredential, VerifyListCredential } from './status-checker.ts'
import { requireTrusted, trustQuestion } from './trust.ts'

interface VerifiedList extends KeptList {
  readonly bytes: Uint8Array
  readonly purposes: readonly string[]
  readonly statusSize?: number
  readonly signer: IssuerIdentity
  readonly asOf: Date
}

interface Finding {
  readonly status: CredentialStatus
  readonly detail?: string
}

const leeway = 60_000
const accept =
  'application/vc, application/vc+jwt, application/vc+cose, application/vc+sd-jwt, application/jwt;q=0.9, */*;q=0.1'

export function createBitstringCheck(checking: Checking) {
  const { isTrusted, clock, minEntries } = checking
  const cache = createListCache<VerifiedList>(checking.maxEntries)

  const load = async (uri: string, of: IssuerIdentity): Promise<VerifiedList> => {
    const { maxTokenLength: maxLength, maxListLength, maxAge, verifyListCredential } = checking
    if (!verifyListCredential) {
      throw new ResolveError('core.resolve.unavailable', 'no means to verify a status list credential')
    }
    const fetched = await fetchList(uri, { fetch: checking.fetch, accept, maxLength })
    const { credential, issuer } = await verifyList(
      verifyListCredential,
      fetched,
      asStatusIssuer(isTrusted, of),
    )
    try {
      const parsed = parseBitstringCredential(credential)
      const now = clock().getTime()
      requireTime(parsed, uri, now)
      const bytes = await decodeBitstring(parsed.encodedList, { maxLength: maxListLength })
      const kept = now + Math.min(parsed.ttl ?? Infinity, maxAge * 1000)
      return {
        bytes,
        purposes: parsed.purposes,
        ...(parsed.statusSize !== undefined && { statusSize: parsed.statusSize }),
        signer: issuer,
        asOf: parsed.validFrom ?? new Date(now),
        fetchedAt: now,
        staleAt: Math.min(kept, parsed.validUntil?.getTime() ?? kept),
      }
    } catch (cause) {
      throw refused(cause)
    }
  }

  return async (
    { credentialStatus: entries }: BitstringStatusReference,
    { issuer }: StatusSubject,
  ): Promise<StatusAnswer> => {
    if (entries.length === 0) throw invalid('status.entry.unknown', 'a credentialStatus without an entry')
    const now = clock().getTime()
    const found = entries.map(({ statusListCredential: uri }) =>
      // Whose list is looked at before it is verified depends on the issuer.
      cache.find(`${uri} ${issuer.id} ${issuer.method} ${issuer.x5c?.[0] ?? ''}`, now, () =>
        load(uri, issuer),
      ),
    )
    const results = found.some((list) => list instanceof Promise) ? await settled(found) : (found as Found[])
    const failures: unknown[] = []
    let worst: CredentialStatus = 'valid'
    let asOf: Date | undefined
    let details: string | undefined
    let trusted: IssuerIdentity | undefined
    for (let at = 0; at < results.length; at++) {
      const list = results[at] as Found
      if ('cause' in list) {
        failures.push(list.cause)
        continue
      }
      try {
        if (!trusted || !isSameIdentity(trusted, list.signer)) {
          requireTrusted(await isTrusted(trustQuestion(list.signer, issuer)), 'status.credential.untrusted')
          trusted = list.signer
        }
        const { status, detail } = read(entries[at] as BitstringStatusListEntry, list, minEntries)
        if (weight[status] > weight[worst]) worst = status
        if (asOf === undefined || list.asOf < asOf) asOf = list.asOf
        if (detail !== undefined) details = details === undefined ? detail : `${details}; ${detail}`
      } catch (cause) {
        failures.push(refused(cause))
      }
    }
    // What one list says for good stands, whatever became of the others; else none of them may be missing.
    // One that is refused for good comes before one that is merely not known.
    if (failures.length > 0 && worst !== 'revoked') {
      throw failures.find((cause) => !isUnknown(cause)) ?? failures[0]
    }
    return { status: worst, asOf: asOf as Date, ...(details !== undefined && { detail: details }) }
  }
}

/** A list, or why there is none. */
type Found = VerifiedList | { readonly cause: unknown }

function settled(lists: readonly (VerifiedList | Promise<VerifiedList>)[]): Promise<readonly Found[]> {
  return Promise.all(lists.map((list) => Promise.resolve(list).catch((cause: unknown): Found => ({ cause }))))
}

function isSameIdentity(one: IssuerIdentity, other: IssuerIdentity): boolean {
  return one.id === other.id && one.method === other.method && one.x5c?.[0] === other.x5c?.[0]
}

const weight: Readonly<Record<CredentialStatus, number>> = { valid: 0, suspended: 1, revoked: 2 }

function isUnknown(cause: unknown): boolean {
  return cause instanceof ResolveError && cause.code === 'core.resolve.unavailable'
}

/** Section 3.2, from the purpose on. */
function read(entry: BitstringStatusListEntry, list: VerifiedList, minEntries: number): Finding {
  const { statusPurpose: purpose, statusSize: size = 1 } = entry
  const { bytes } = list
  if (!list.purposes.includes(purpose)) {
    throw new StatusError('status.entry.purpose', 'the status list is for another purpose')
  }
  if (purpose === 'message' && list.statusSize !== undefined && list.statusSize !== size) {
    throw new StatusError('status.entry.size', 'the status list has entries of another size')
  }
  if ((bytes.length * 8) / size < minEntries) {
    throw new StatusError('status.list.too-short', `the status list has fewer than ${minEntries} entries`)
  }
  const value = readBitstring(bytes, Number(entry.statusListIndex), size)
  switch (purpose) {
    case 'revocation':
      return { status: value === 0 ? 'valid' : 'revoked' }
    case 'suspension':
      return { status: value === 0 ? 'valid' : 'suspended' }
    case 'refresh':
      return { status: 'valid', ...(value !== 0 && { detail: 'an updated credential is to be had' }) }
    case 'message':
      return { status: 'valid', detail: messageOf(entry, value) }
    default:
      if (value !== 0) {
        throw new StatusError('status.entry.value', 'something is set for a purpose that is not known here')
      }
      return { status: 'valid', detail: `nothing is set for the purpose ${shortened(purpose)}` }
  }
}

function messageOf({ statusMessage }: BitstringStatusListEntry, value: number): string {
  const found = statusMessage?.find(({ status }) => Number(status) === value)
  const message = found?.message ?? (value === 0 ? 'unset' : 'set')
  return `message 0x${value.toString(16)}: ${shortened(message)}`
}

function shortened(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}

/**
 * What a verifier of the list credential asks for trust: the signer is asked for as one of statuses on behalf of the
 * credential's issuer, before anything of the signer is fetched and again on the verified key.
 */
function asStatusIssuer(isTrusted: IsTrusted, issuer: IssuerIdentity): IsTrusted {
  return (question) =>
    question.role === 'credential-issuer' && question.issuer
      ? isTrusted(trustQuestion(question.issuer, issuer))
      : isTrusted(question)
}

async function verifyList(
  verifyListCredential: VerifyListCredential,
  { body, contentType }: FetchedList,
  isTrusted: IsTrusted,
): Promise<VerifiedListCredential> {
  try {
    return await verifyListCredential(body, contentType, { isTrusted })
  } catch (cause) {
    if (cause instanceof ResolveError || !(cause instanceof EkkasanError)) throw cause
    if (cause instanceof UnavailableError) {
      const message = 'the status list credential could not be verified'
      throw new ResolveError('core.resolve.unavailable', message, { cause })
    }
    // Its publisher's clock is wrong, or ours: what secures a list says so as a refusal.
    if (isFailedFor(cause, 'validity-start')) throw notYet('status.credential.not-yet')
    if (isFailedFor(cause, 'issuer-trust')) {
      throw invalid('status.credential.untrusted', 'the status list is signed by another party', { cause })
    }
    throw invalid('status.credential.unverified', 'the status list credential is not acceptable', { cause })
  }
}

/** Refused for this reason alone. */
function isFailedFor(cause: unknown, reason: CheckName): boolean {
  const failed =
    cause instanceof RejectedError ? cause.checks.filter(({ outcome }) => outcome === 'failed') : []
  return failed.length > 0 && failed.every(({ name }) => name === reason)
}

function requireTime({ id, validFrom, validUntil }: BitstringCredential, uri: string, now: number): void {
  if (id !== undefined && id !== uri) {
    throw new StatusError('status.credential.id', 'id is not the URL of the status list')
  }
  if (validFrom && validFrom.getTime() > now + leeway) {
    throw notYet('status.credential.not-yet')
  }
  if (validUntil && validUntil.getTime() <= now) {
    throw new StatusError('status.credential.expired', 'the status list has expired')
  }
}
