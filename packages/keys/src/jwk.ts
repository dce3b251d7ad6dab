import type { PublicJwk } from '@ekkasan/core'
import { fromBase64url, hashBase64url } from '@ekkasan/core/bytes'
import type { JsonObject } from '@ekkasan/core/json'
import { curveOf } from './curves.ts'
import { KeysError } from './errors.ts'

export interface PrivateJwk extends PublicJwk {
  readonly d: string
  readonly p?: string
  readonly q?: string
  readonly dp?: string
  readonly dq?: string
  readonly qi?: string
}

const secretMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']
const keyMembers = { EC: ['crv', 'x', 'y'], OKP: ['crv', 'x'], RSA: ['n', 'e'] } as const
const useMembers = ['kid', 'alg', 'use', 'key_ops'] as const
const maxOperations = 16

/**
 * Takes a JWK from outside: checks kind, curve and lengths, refuses private and symmetric keys, RSA below 2048
 * or above 8192 bits or with an exponent that keeps no secret, and keeps only the members that a public key of
 * its kind has.
 * @throws KeysError `keys.jwk.malformed`, `keys.jwk.private`
 */
export function parsePublicJwk(value: unknown): PublicJwk {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed('not an object')
  if (value instanceof Promise) throw malformed('it is a Promise; await it')
  const jwk = value as Record<string, unknown>
  if (jwk.kty === 'oct' || secretMembers.some((member) => Object.hasOwn(jwk, member))) {
    throw new KeysError('keys.jwk.private', 'a private or symmetric key stands where a public key belongs')
  }
  for (const member of ['kid', 'alg', 'use']) {
    const text = jwk[member]
    if (text !== undefined && (typeof text !== 'string' || text.length > 512))
      throw malformed(`bad ${member}`)
  }
  if (jwk.key_ops !== undefined && !isOperations(jwk.key_ops)) throw malformed('bad key_ops')
  if (jwk.kty === 'RSA') {
    const [modulus, exponent] = [memberBytes(jwk, 'n'), memberBytes(jwk, 'e')]
    const bits = modulus.length * 8
    // A zero in front would count as length of a modulus that is short.
    if (bits < 2048 || bits > 8192 || modulus[0] === 0) throw malformed('RSA modulus out of bounds')
    const isOdd = ((exponent.at(-1) as number) & 1) === 1
    if (exponent.length > 8 || exponent[0] === 0 || !isOdd || jwk.e === 'AQ') {
      throw malformed('RSA exponent out of bounds')
    }
  } else if (jwk.kty === 'EC' || jwk.kty === 'OKP') {
    const curve = curveOf(jwk.crv)
    if (curve?.kty !== jwk.kty) throw malformed('unsupported curve')
    const { length } = curve
    if (memberBytes(jwk, 'x').length !== length) throw malformed('x has the wrong length')
    if (jwk.kty === 'EC' && memberBytes(jwk, 'y').length !== length) throw malformed('y has the wrong length')
  } else {
    throw malformed('unsupported kty')
  }
  const kept: Record<string, unknown> = { kty: jwk.kty }
  for (const member of [...keyMembers[jwk.kty], ...useMembers]) {
    if (jwk[member] !== undefined) kept[member] = jwk[member]
  }
  return kept as unknown as PublicJwk
}

/** The public half, with the members that say how it is used. */
export function publicJwkOf(jwk: PrivateJwk): PublicJwk {
  if (typeof jwk !== 'object' || jwk === null || jwk instanceof Promise) return parsePublicJwk(jwk)
  const { d, p, q, dp, dq, qi, ...rest } = jwk
  return parsePublicJwk(rest)
}

/** The members that make the key, without those that say how somebody uses it. */
export function bareJwk({ kty, crv, x, y, n, e }: PublicJwk): PublicJwk & JsonObject {
  const members = Object.entries({ kty, crv, x, y, n, e }).filter(([, value]) => value !== undefined)
  return Object.fromEntries(members) as unknown as PublicJwk & JsonObject
}

/** RFC 7638 thumbprint with SHA-256, base64url. */
export function jwkThumbprint(jwk: PublicJwk): string {
  const { kty, crv, x, y, n, e } = jwk
  if (kty === 'EC') return hashBase64url('sha-256', `{"crv":"${crv}","kty":"EC","x":"${x}","y":"${y}"}`)
  if (kty === 'OKP') return hashBase64url('sha-256', `{"crv":"${crv}","kty":"OKP","x":"${x}"}`)
  return hashBase64url('sha-256', `{"e":"${e}","kty":"RSA","n":"${n}"}`)
}

/** Whether two JWKs are the same key, whatever else they say. */
export function isSameKey(a: PublicJwk, b: PublicJwk): boolean {
  return a.kty === b.kty && a.crv === b.crv && a.x === b.x && a.y === b.y && a.n === b.n && a.e === b.e
}

function isOperations(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length <= maxOperations &&
    value.every((operation) => typeof operation === 'string' && operation.length <= 64)
  )
}

function memberBytes(jwk: Record<string, unknown>, member: string): Uint8Array {
  const text = jwk[member]
  if (typeof text !== 'string' || text === '' || text.length > 1400) throw malformed(`bad ${member}`)
  try {
    return fromBase64url(text)
  } catch {
    throw malformed(`${member} is not base64url`)
  }
}

function malformed(what: string): KeysError {
  return new KeysError('keys.jwk.malformed', `not an acceptable public JWK: ${what}`)
}
