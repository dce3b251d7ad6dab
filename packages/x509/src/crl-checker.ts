import { type Fetch, ResolveError, withinTime } from '@ekkasan/core'
import { hashBase64url, readAtMost } from '@ekkasan/core/bytes'
import { checkOptions, functionRule, numberRule, type OptionRules, optional } from '@ekkasan/core/options'
import type { Certificate } from './certificate.ts'
import { type Crl, parseCrl, verifyCrl } from './crl.ts'
import { X509Error } from './errors.ts'
import type { CheckRevocation, RevocationAnswer, RevocationQuestion } from './revocation.ts'

export interface CreateCrlCheckerOptions {
  /** `createGuardedFetch()`: lists are fetched from where certificates say. */
  readonly fetch: Fetch
  /** A list is used until its nextUpdate, but no longer than this without asking anew, in milliseconds; default: a day. */
  readonly maxAge?: number
  /** Longest list in bytes; default: 1 MiB, which `fetch` must let through. */
  readonly maxBytes?: number
  /** Most entries of a list; default: 100,000. */
  readonly maxEntries?: number
  /** Most lists remembered; default: 100. */
  readonly maxLists?: number
}

const rules: OptionRules<CreateCrlCheckerOptions> = {
  fetch: functionRule,
  maxAge: optional(numberRule(0)),
  maxBytes: optional(numberRule(1)),
  maxEntries: optional(numberRule(0)),
  maxLists: optional(numberRule(0)),
}

interface Remembered {
  readonly crl: Promise<Crl>
  /** When it was asked for, in milliseconds since 1970: one of a time still to come, by a clock set back since, is stale. */
  readonly from: number
  until: number
}

/** A verification keeps the time at which it began; milliseconds. */
const tolerance = 60_000
// A certificate of honest make names one or two places.
const maxUrls = 3

/**
 * Looks up revocation in the lists (CRL, RFC 5280 section 5) that the certificates' issuers publish where the
 * certificates say. A list that cannot be fetched, is not its issuer's or not the one of now says nothing: the answer
 * is `unknown`. A certificate that names no place is one that its issuer does not revoke.
 */
export function createCrlChecker(options: CreateCrlCheckerOptions): CheckRevocation {
  checkOptions(options, 'createCrlChecker', rules)
  const { maxAge = 86_400_000, maxLists = 100 } = options
  if (!(maxAge > 0 && maxLists >= 1)) throw new TypeError('a list is remembered for some time')
  // In the order of their last use.
  const lists = new Map<string, Remembered>()

  const remembered = (question: RevocationQuestion, url: string): Promise<Crl> => {
    const { certificate, issuer, at } = question
    // By whom it is verified belongs to what is remembered: no other may put a list in its place.
    const key = `${url} ${hashBase64url('sha-256', issuer.der)} ${certificate.isCa}`
    const known = lists.get(key)
    lists.delete(key)
    if (known && known.from <= at.getTime() + tolerance && at.getTime() < known.until) {
      lists.set(key, known)
      return known.crl
    }
    const fetched = fetchCrl(url, options).then(async (list) => {
      await verifyCrl(list, { certificate, issuer, url, at })
      return list
    })
    const crl = withinTime(fetched).catch((cause: unknown) => {
      if (!(cause instanceof ResolveError)) throw cause
      throw new X509Error('x509.crl.unavailable', 'the list did not come in time', { cause })
    })
    const entry: Remembered = { crl, from: at.getTime(), until: Number.POSITIVE_INFINITY }
    lists.set(key, entry)
    if (lists.size > maxLists) lists.delete(lists.keys().next().value as string)
    crl.then(
      ({ nextUpdate }) => {
        entry.until = Math.min(nextUpdate?.getTime() ?? 0, at.getTime() + maxAge)
      },
      () => {
        if (lists.get(key) === entry) lists.delete(key)
      },
    )
    return crl
  }

  return async (question) => {
    const { crlUrls } = question.certificate
    if (!crlUrls) return { revocation: 'good' }
    let answer: RevocationAnswer = {
      revocation: 'unknown',
      code: 'x509.crl.unsupported',
      detail: 'the certificate names no place from which a list can be fetched',
    }
    for (const url of crlUrls.slice(0, maxUrls)) {
      try {
        return answerOf(await remembered(question, url), question.certificate)
      } catch (error) {
        if (!(error instanceof X509Error)) throw error
        answer = { revocation: 'unknown', code: error.code, detail: error.message }
      }
    }
    return answer
  }
}

function answerOf({ entries, thisUpdate }: Crl, { serialNumber }: Certificate): RevocationAnswer {
  const entry = entries.get(serialNumber)
  return entry ? { revocation: 'revoked', ...entry } : { revocation: 'good', asOf: thisUpdate }
}

async function fetchCrl(url: string, options: CreateCrlCheckerOptions): Promise<Crl> {
  const { fetch, maxBytes = 1_048_576, maxEntries } = options
  let body: Uint8Array | undefined
  try {
    const response = await fetch(url, { headers: { accept: 'application/pkix-crl' } })
    if (response.status !== 200) throw new Error(`the answer is ${response.status}`)
    body = await readAtMost(response.body, maxBytes)
  } catch (cause) {
    throw new X509Error('x509.crl.unavailable', 'the list could not be fetched', { cause })
  }
  if (!body) throw new X509Error('x509.crl.malformed', 'the list is too large')
  return parseCrl(body, { maxBytes, ...(maxEntries !== undefined && { maxEntries }) })
}
