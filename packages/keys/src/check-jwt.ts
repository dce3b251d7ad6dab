import {
  type Checks,
  type Clock,
  checkIssuer,
  type HolderKey,
  type IssuerKey,
  type IsTrusted,
  issuerKeyQuestion,
  type PresentationBinding,
  type PublicJwk,
  type ResolveDid,
  type ResolveIssuerKey,
  recordResolveError,
} from '@ekkasan/core'
import { type JsonObject, listOf } from '@ekkasan/core/json'
import { isDidOfKey, jwkOfDid, keyUrlOf } from './did-of-key.ts'
import { KeysError } from './errors.ts'
import { isSameKey, parsePublicJwk } from './jwk.ts'
import { type Jws, verifyJws } from './jws.ts'
import { didOfKid, parseConfirmationKey, parseNumericDate } from './jwt-claims.ts'

// What the formats that are plain JWTs check alike, and those whose claims are signed in another way.

/** The claims of a JWT, or the same claims under another signature. */
export type SignedClaims =
  | Jws
  | (Pick<Jws, 'header' | 'payload'> & {
      /** As `verifyJws`. */
      verify(jwk: PublicJwk): Promise<boolean>
    })

export interface CheckJwtIssuerOptions {
  /** As the credential names him. */
  readonly issuer: string
  readonly types: readonly string[]
  readonly resolveIssuerKey: ResolveIssuerKey
  readonly isTrusted: IsTrusted
}

/** Records `issuer-key`, `issuer-signature` and `issuer-trust` of a credential; gives the issuer's key if it was found. */
export async function checkJwtIssuer(
  checks: Checks,
  jws: SignedClaims,
  { issuer, types, resolveIssuerKey, isTrusted }: CheckJwtIssuerOptions,
): Promise<IssuerKey | undefined> {
  return checkIssuer(checks, {
    question: issuerKeyQuestion(jws.header, issuer),
    types,
    resolveIssuerKey,
    isTrusted,
    noKey: 'keys.jws.signature',
    async checkSignature({ jwk }) {
      if (await isSignedBy(jws, jwk)) checks.pass('issuer-signature', jws.header.alg)
      else checks.fail('issuer-signature', 'keys.jws.signature')
    },
  })
}

/** The holder as a credential names him: by a key, or by a DID. */
export type NamedHolder = { readonly jwk: PublicJwk } | { readonly did: string }

/**
 * Whom a credential names as its holder: the key of `cnf`, or where it has none the DID of its subject. A `cnf` without
 * an acceptable key names nobody.
 * @throws KeysError `keys.jwt.claims`
 */
export function namedHolder(claims: JsonObject, subjectDid: string | undefined): NamedHolder | undefined {
  const jwk = parseConfirmationKey(claims)
  if (jwk) return { jwk }
  return claims.cnf === undefined && subjectDid !== undefined ? { did: subjectDid } : undefined
}

/** Whether a credential was made for the holder's key, by whichever of its names it names it. */
export function isMadeFor(named: NamedHolder, { jwk, kid }: HolderKey): boolean {
  if ('jwk' in named) return isSameKey(named.jwk, jwk)
  if (!isDidOfKey(named.did)) return named.did === didOfKid(kid)
  try {
    return isSameKey(jwkOfDid(named.did), jwk)
  } catch (error) {
    if (error instanceof KeysError) return false
    throw error
  }
}

export interface CheckJwtHolderOptions {
  readonly named: NamedHolder | undefined
  /** Who the presentation says made it. */
  readonly presenter: string | undefined
  readonly binding: PresentationBinding
  readonly resolveDid: ResolveDid
  /** Whether all is well so far with the credential; a holder's DID is fetched only then. Default: `checks.isSound`. */
  readonly isSound?: boolean
  readonly clock: Clock
}

/** How far a presentation's time may lie back, and how far ahead a holder's clock may be, in milliseconds. */
const window = { back: 300_000, ahead: 60_000 }
const maxKeys = 8

/**
 * Records the holder's checks of a presentation that is a JWT (OpenID4VP Appendix B.1.3.1.5); gives the key that
 * made it if all is well with the signature.
 */
export async function checkJwtHolder(
  checks: Checks,
  jws: SignedClaims,
  options: CheckJwtHolderOptions,
): Promise<HolderKey | undefined> {
  const { binding, clock } = options
  const { payload } = jws
  const holder = await checkHolderSignature(checks, jws, options)
  const [iat, nbf, exp] = ['iat', 'nbf', 'exp'].map((name) => parseNumericDate(payload, name))
  const audiences = listOf(payload.aud)
  const said = { audiences, nonce: payload.nonce, made: iat ?? nbf, from: nbf, until: exp }
  checkHolderAnswer(checks, said, binding, clock())
  return holder
}

/** What a presentation says of itself, in whichever way it is signed. */
export interface HolderAnswer {
  readonly audiences: readonly unknown[]
  readonly nonce: unknown
  readonly made: Date | undefined
  readonly from?: Date | undefined
  readonly until: Date | undefined
}

/**
 * Records `holder-audience`, `holder-nonce`, `holder-time`, and `holder-transaction` where such data was asked for, which
 * formats that use this have no place for.
 */
export function checkHolderAnswer(
  checks: Checks,
  { audiences, nonce, made, from, until }: HolderAnswer,
  binding: PresentationBinding,
  now: Date,
): void {
  if (audiences.length === 1 && audiences[0] === audienceOf(binding)) checks.pass('holder-audience')
  else checks.fail('holder-audience', 'keys.holder.audience-mismatch')
  if (nonce === binding.nonce) checks.pass('holder-nonce')
  else checks.fail('holder-nonce', 'keys.holder.nonce-mismatch')
  const earliest = new Date(now.getTime() - window.back)
  const latest = new Date(now.getTime() + window.ahead)
  const isPast = until !== undefined && until.getTime() <= now.getTime() - window.ahead
  if (isPast || (made && (made < earliest || made > latest || (from ?? made) > latest))) {
    checks.fail('holder-time', 'keys.holder.time-out-of-range')
  } else if (!made) {
    // OpenID4VP Appendix B.1 asks for no time: the nonce shows that it was made for this request.
    checks.skip('holder-time', 'keys.holder.time-missing')
  } else checks.pass('holder-time')
  if (binding.transactionData?.length) {
    checks.fail('holder-transaction', 'keys.holder.transaction-unsupported')
  }
}

/** Whom a presentation is for: the client identifier, or with the DC API the origin (OpenID4VP Appendices A.4, B.3.6). */
export function audienceOf({ clientId, origin }: PresentationBinding): string {
  return origin === undefined ? clientId : `origin:${origin}`
}

async function checkHolderSignature(
  checks: Checks,
  jws: SignedClaims,
  { named, presenter, resolveDid, isSound = checks.isSound }: CheckJwtHolderOptions,
): Promise<HolderKey | undefined> {
  const fail = (code: string) => {
    checks.fail('holder-signature', code)
    return undefined
  }
  if (!named) return fail('keys.holder.unbound')
  if ('did' in named && presenter !== named.did) return fail('keys.holder.mismatch')
  if ('did' in named && !isSound && isFetchedDid(named.did)) {
    checks.skip('holder-signature', 'keys.holder.not-asked')
    return undefined
  }
  let keys: readonly HolderKey[]
  try {
    keys = 'jwk' in named ? [named] : await authenticationKeys(resolveDid, named.did, jws)
  } catch (error) {
    recordResolveError(checks, 'holder-signature', error)
    return undefined
  }
  if (keys.length === 0) return fail('keys.holder.key-not-found')
  for (const key of keys) {
    if (await isSignedBy(jws, key.jwk)) {
      checks.pass('holder-signature', jws.header.alg)
      return key
    }
  }
  return fail('keys.holder.signature')
}

/** Whether it takes a fetch to resolve a DID: for a credential that is refused already, none is made. */
export function isFetchedDid(did: string): boolean {
  return !/^did:(key|jwk):/.test(did)
}

/** The keys of a DID for authentication; the one that `kid` names, where it names one. */
async function authenticationKeys(
  resolveDid: ResolveDid,
  did: string,
  jws: SignedClaims,
): Promise<readonly HolderKey[]> {
  const { kid } = jws.header
  const absolute = (id: string) => (id.startsWith('#') ? `${did}${id}` : keyUrlOf(id))
  const document = await resolveDid(did)
  const found: HolderKey[] = []
  for (const entry of (document.authentication ?? []).slice(0, maxKeys)) {
    const id = absolute(typeof entry === 'string' ? entry : entry.id)
    if (kid !== undefined && (typeof kid !== 'string' || absolute(kid) !== id)) continue
    const method =
      typeof entry === 'string'
        ? document.verificationMethod?.find((candidate) => absolute(candidate.id) === id)
        : entry
    try {
      found.push({ jwk: parsePublicJwk(method?.publicKeyJwk), kid: id })
    } catch (error) {
      if (!(error instanceof KeysError)) throw error
    }
  }
  return found
}

/** Whether a key made the signature; a key that does not fit the algorithm did not. */
export async function isSignedBy(jws: SignedClaims, jwk: PublicJwk): Promise<boolean> {
  try {
    return await ('verify' in jws ? jws.verify(jwk) : verifyJws(jws, jwk))
  } catch (error) {
    if (error instanceof KeysError) return false
    throw error
  }
}
