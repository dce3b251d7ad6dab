import {
  type Clock,
  createParts,
  type Fetch,
  fetchJsonObject,
  type IssuerIdentity,
  type IssuerKey,
  type IssuerKeyQuestion,
  type PublicJwk,
  ResolveError,
  type ResolveIssuerKey,
  withinTime,
} from '@ekkasan/core'
import { isJsonObject } from '@ekkasan/core/json'
import {
  booleanRule,
  checkOptions,
  functionRule,
  integerRule,
  numberRule,
  type OptionRules,
  optional,
} from '@ekkasan/core/options'
import { fitsAlgorithm, isAlgorithm, isForSignatures, parsePublicJwk } from '@ekkasan/keys'

export interface ResolveJwtVcIssuerOptions {
  /** Guarded: `iss` comes from outside. */
  readonly fetch: Fetch
  readonly clock?: Clock
  /** Seconds that an issuer's keys are kept: so long a key that was withdrawn may still verify; default: 300. */
  readonly maxAge?: number
  /** Seconds between two fetches for one issuer because of a `kid` that is not known; default: 10. */
  readonly minRefresh?: number
  /** Issuers whose keys are kept, default: 1000; a quarter as many of whom nothing trusted has come yet. */
  readonly maxIssuers?: number
  /** Also asks issuers whose `iss` is http, for work on one machine. */
  readonly allowHttp?: boolean
}

const rules: OptionRules<ResolveJwtVcIssuerOptions> = {
  fetch: functionRule,
  clock: optional(functionRule),
  maxAge: optional(numberRule(0)),
  minRefresh: optional(numberRule(0)),
  maxIssuers: optional(integerRule(1)),
  allowHttp: optional(booleanRule),
}

/** Anybody may name an issuer and have his keys kept, so that a thousand of them must fit. */
const maxKeys = 64

interface Keys {
  readonly fetchedAt: number
  readonly keys: readonly IssuerKey[]
}

/**
 * Finds an issuer's key in its JWT VC Issuer Metadata (SD-JWT VC section 3): `/.well-known/jwt-vc-issuer` between host
 * and path of `iss`, keys by `jwks` or `jwks_uri`. Keys are cached as the same objects; one that is not known is looked
 * for once more, so that a new key is found at once.
 */
export function resolveJwtVcIssuer(options: ResolveJwtVcIssuerOptions): ResolveIssuerKey {
  checkOptions(options, 'resolveJwtVcIssuer', rules)
  const { fetch, clock = () => new Date(), allowHttp = false } = options
  const { maxAge = 300, minRefresh = 10, maxIssuers = 1000 } = options
  const cache = createParts<Promise<Keys>>(maxIssuers)

  // Those who ask while another asks for what they have `seen` to be too old share his answer.
  const load = (iss: string, seen: Promise<Keys> | undefined): Promise<Keys> => {
    const underWay = cache.get(iss)
    if (underWay && underWay !== seen) return underWay
    const loading = withinTime(
      fetchKeys(fetch, iss, allowHttp).then((keys) => ({ fetchedAt: clock().getTime(), keys })),
    )
    cache.set(iss, loading, underWay === undefined)
    loading.catch(() => cache.delete(iss, loading))
    return loading
  }

  const resolve: ResolveIssuerKey = async (question) => {
    const { iss } = question
    if (iss === undefined) throw new ResolveError('core.resolve.invalid', 'the credential names no issuer')
    if (question.x5c) {
      throw new ResolveError('core.resolve.invalid', 'with x5c the key is found by certificate alone')
    }
    const cachedKeys = cache.get(iss)
    const known = cachedKeys && (await cachedKeys)
    const age = known ? (clock().getTime() - known.fetchedAt) / 1000 : Number.POSITIVE_INFINITY
    // An age below zero: the clock was set back since.
    const current = known && age >= 0 && age < maxAge ? known : await load(iss, cachedKeys)
    const found = chooseKey(current.keys, question)
    if (found) return found
    if (current === known && age >= minRefresh) {
      const again = chooseKey((await load(iss, cachedKeys)).keys, question)
      if (again) return again
    }
    const { kid, alg } = question
    const sought =
      kid === undefined ? `one key for ${alg}` : `a key for ${alg} with the kid ${kid.slice(0, 200)}`
    throw new ResolveError('core.resolve.not-found', `the issuer does not publish ${sought}`)
  }
  return Object.assign(resolve, {
    async identify({ iss }: IssuerKeyQuestion) {
      return iss === undefined ? undefined : { identity: identityOf(iss) }
    },
    keep({ id, method }: IssuerIdentity) {
      if (method !== 'jwt-vc-issuer') return
      const known = cache.get(id)
      if (known) cache.keep((entry) => entry === known)
    },
  })
}

const identityOf = (iss: string): IssuerIdentity => ({ id: iss, method: 'jwt-vc-issuer' })

/** The well-known address of an issuer's metadata; the path of `iss` comes after the well-known part. */
export function jwtVcIssuerUrl(iss: string, allowHttp = false): string {
  const url = URL.canParse(iss) ? new URL(iss) : undefined
  const isSchemeAllowed = url?.protocol === 'https:' || (allowHttp && url?.protocol === 'http:')
  if (!url || !isSchemeAllowed || /[?#]/.test(iss) || url.username !== '' || url.password !== '') {
    const isHttp = url?.protocol === 'http:' && !allowHttp
    const advice = isHttp
      ? `; it is http, which \`allowHttp\` of resolveJwtVcIssuer allows on one machine`
      : ''
    throw new ResolveError(
      'core.resolve.invalid',
      `iss is not an https URL without query and fragment${advice}`,
    )
  }
  return `${url.origin}/.well-known/jwt-vc-issuer${url.pathname.replace(/\/$/, '')}`
}

// With a kid the key of that name alone; without one, the only key that the algorithm fits. A Data Integrity proof names
// the key by the issuer's URL with the kid as its fragment.
function chooseKey(keys: readonly IssuerKey[], { iss, kid, alg }: IssuerKeyQuestion): IssuerKey | undefined {
  const fitting = keys.filter(({ jwk }) => isAlgorithm(alg) && fitsAlgorithm(jwk, alg))
  const own = kid?.startsWith(`${iss}#`) ? kid.slice(`${iss}#`.length) : kid
  const named = kid === undefined ? fitting : fitting.filter(({ jwk }) => jwk.kid === kid || jwk.kid === own)
  return named.length === 1 ? named[0] : undefined
}

async function fetchKeys(fetch: Fetch, iss: string, allowHttp: boolean): Promise<readonly IssuerKey[]> {
  const metadata = await fetchJsonObject(fetch, jwtVcIssuerUrl(iss, allowHttp), "the issuer's metadata")
  // In unsigned metadata an explicit null is an absent member.
  const [jwks, jwksUri] = [metadata.jwks ?? undefined, metadata.jwks_uri ?? undefined]
  const { issuer } = metadata
  if (issuer !== iss) throw new ResolveError('core.resolve.invalid', 'the metadata is that of another issuer')
  if ((jwks === undefined) === (jwksUri === undefined)) {
    throw new ResolveError('core.resolve.invalid', 'the metadata has not exactly one of jwks and jwks_uri')
  }
  let set = jwks
  if (jwksUri !== undefined) {
    if (
      typeof jwksUri !== 'string' ||
      !/^https?:\/\//.test(jwksUri) ||
      (!allowHttp && !/^https:/.test(jwksUri))
    ) {
      throw new ResolveError('core.resolve.invalid', 'jwks_uri is not an https URL')
    }
    set = await fetchJsonObject(fetch, jwksUri, "the issuer's key set")
  }
  if (!isJsonObject(set) || !Array.isArray(set.keys)) {
    throw new ResolveError('core.resolve.invalid', 'the key set is malformed')
  }
  if (set.keys.length > maxKeys) throw new ResolveError('core.resolve.invalid', 'the key set is too long')
  const identity = identityOf(iss)
  return (set.keys as readonly unknown[])
    .map(readKey)
    .filter((jwk) => jwk !== undefined)
    .map((jwk) => ({ jwk, identity }))
}

// A key of a kind that is not known here is passed over (RFC 7517 section 5); so is one for encryption.
function readKey(value: unknown): PublicJwk | undefined {
  try {
    const jwk = parsePublicJwk(value)
    return isForSignatures(jwk) ? jwk : undefined
  } catch {
    return undefined
  }
}
