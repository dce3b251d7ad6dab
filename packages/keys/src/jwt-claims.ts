import {
  type PublicJwk,
  requireTokenStatus,
  type StatusReference,
  type TokenStatusReference,
} from '@ekkasan/core'
import { isJsonObject, type JsonObject } from '@ekkasan/core/json'
import { jwkOfDid } from './did-of-key.ts'
import { KeysError } from './errors.ts'
import { isSameKey, jwkThumbprint, parsePublicJwk } from './jwk.ts'

// Claims that mean the same in every JWT that holds a credential.

/** The DID of a DID URL, as `kid` names a key; undefined for any other `kid`. */
export function didOfKid(kid: string | undefined): string | undefined {
  return kid?.startsWith('did:') ? kid.split('#')[0] : undefined
}

/** A date as NumericDate, RFC 7519 section 2, in whole seconds. */
export function numericDate(date: Date): number {
  return Math.floor(date.getTime() / 1000)
}

/**
 * A NumericDate of RFC 7519 within the years that a Date has.
 * @throws KeysError `keys.jwt.claims`
 */
export function parseNumericDate(payload: JsonObject, name: string): Date | undefined {
  const value = payload[name]
  if (value === undefined) return undefined
  if (typeof value !== 'number' || value < 0 || value > 253_402_300_799) throw malformed(name)
  return new Date(value * 1000)
}

/**
 * The reference of Token Status List section 6.1; `unsupported` where there is a `status` of another kind.
 * @throws KeysError `keys.jwt.claims`
 */
export function parseStatusClaim({ status }: JsonObject): TokenStatusReference | 'unsupported' | undefined {
  if (status === undefined) return undefined
  if (!isJsonObject(status)) throw malformed('status')
  const { status_list: list } = status
  if (list === undefined) return 'unsupported'
  const { idx, uri } = isJsonObject(list) ? list : {}
  if (!Number.isSafeInteger(idx) || (idx as number) < 0 || typeof uri !== 'string') throw malformed('status')
  return { uri, index: idx as number }
}

/** The claim `status` that carries a reference, Token Status List section 6.1. @throws TypeError for a Bitstring status */
export function statusClaim(reference: StatusReference): JsonObject {
  const { index, uri } = requireTokenStatus(reference)
  return { status_list: { idx: index, uri } }
}

/** Members of `cnf` that name a key in a way that is not followed here (RFC 7800 sections 3.3, 3.5; RFC 8705). */
const otherNamings = ['jwe', 'jku', 'x5u', 'x5t#S256', 'jkt']

/**
 * The one key that `cnf` names (RFC 7800 section 3.1), whichever credential it stands in: `jwk`, or `kid` where that is a
 * did:key or did:jwk; both only for the same key (a `kid` that is the JWK's own or its thumbprint is that). Nothing is resolved or fetched. Undefined where there is no `cnf`, and
 * where it names no key that is acceptable here: then the credential is bound to nobody that could be checked.
 * @throws KeysError `keys.jwt.claims` when `cnf` is no object or holds a private key
 */
export function parseConfirmationKey({ cnf }: JsonObject): PublicJwk | undefined {
  if (cnf === undefined) return undefined
  if (!isJsonObject(cnf)) throw malformed('cnf')
  if (otherNamings.some((name) => cnf[name] !== undefined)) return undefined
  const { jwk, kid } = cnf
  try {
    const held = jwk === undefined ? undefined : parsePublicJwk(jwk)
    if (held && (kid === undefined || kid === held.kid || kid === jwkThumbprint(held))) return held
    const named = typeof kid === 'string' ? jwkOfDid(kid) : undefined
    return held && named && !isSameKey(held, named) ? undefined : named
  } catch (cause) {
    if (!(cause instanceof KeysError)) throw cause
    if (cause.code === 'keys.jwk.private') throw malformed('cnf')
    return undefined
  }
}

function malformed(name: string): KeysError {
  return new KeysError('keys.jwt.claims', `${name} is not what it must be`)
}
