import {
  type PublicJwk,
  requireTokenStatus,
  type StatusReference,
  type TokenStatusReference,
} from '@ekkasan/core'
import { isJsonObject, type JsonObject } from '@ekkasan/core/json'
import { KeysError } from './errors.ts'
import { parsePublicJwk } from './jwk.ts'

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

/**
 * The key of `cnf.jwk`, RFC 7800 section 3.2.
 * @throws KeysError `keys.jwt.claims`
 */
export function parseConfirmationKey({ cnf }: JsonObject): PublicJwk | undefined {
  if (cnf === undefined) return undefined
  try {
    return parsePublicJwk(isJsonObject(cnf) ? cnf.jwk : undefined)
  } catch (cause) {
    throw new KeysError('keys.jwt.claims', 'cnf holds no acceptable public key', { cause })
  }
}

function malformed(name: string): KeysError {
  return new KeysError('keys.jwt.claims', `${name} is not what it must be`)
}
