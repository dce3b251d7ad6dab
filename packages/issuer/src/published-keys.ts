import type { KeyReference, PublicJwk } from '@ekkasan/core'
import type { OptionRule } from '@ekkasan/core/options'
import { isSameKey, parsePublicJwk } from '@ekkasan/keys'
import type { CreateIssuerOptions } from './types.ts'

/** They are published: a private key has the type of a public one, and must be found before that. */
export const publicJwkRule: OptionRule = (value, path) => {
  try {
    parsePublicJwk(value)
  } catch (cause) {
    const message = `${path}: ${(cause as Error).message}; publicJwkOf of @ekkasan/keys gives a public key`
    throw new TypeError(message, { cause })
  }
}

/**
 * Whatever is signed under the issuer's URL is verified by a key that the issuer publishes there: a key that is missing,
 * or published under another name, would show at a verifier.
 * @throws TypeError
 */
export function checkPublishedKeys({ url, keys = [], credentials, status }: CreateIssuerOptions): void {
  for (const { id, format } of credentials) checkKey(`the signer of ${id}`, format.publishedKey?.(url), keys)
  const authorities = status === undefined ? [] : [status].flat()
  for (const authority of authorities) {
    checkKey(`the signer of the ${authority.kind} status lists`, authority.publishedKey?.(url), keys)
  }
  const named = keys.flatMap(({ kid, kty, crv }) =>
    kid === undefined ? [] : [JSON.stringify([kid, kty, crv])],
  )
  if (new Set(named).size !== named.length) {
    throw new TypeError('createIssuer: keys: two keys have one kid; expected a kid of its own for each')
  }

  function checkKey(whose: string, key: KeyReference | undefined, published: readonly PublicJwk[]): void {
    if (!key) return
    const kid = key.kid?.startsWith(`${url}#`) ? key.kid.slice(`${url}#`.length) : key.kid
    const same = published.filter((jwk) => isSameKey(jwk, key.publicJwk))
    if (same.some((jwk) => jwk.kid === key.kid || jwk.kid === kid || kid === undefined)) {
      // Without a kid verifiers take the only key of its kind.
      const { kty, crv } = key.publicJwk
      const alike = published.filter((jwk) => jwk.kty === kty && jwk.crv === crv)
      if (kid !== undefined || alike.length === 1) return
      throw refused(
        `keys: expected ${whose} to have a kid, as ${alike.length} keys are of its kind; it has none`,
      )
    }
    const expected = `expected the public key of ${whose}${kid === undefined ? '' : ` with the kid ${JSON.stringify(kid)}`}`
    const [other] = same
    if (other) throw refused(`keys: ${expected}; got that key with ${kidOf(other)}`)
    const got = published.length === 0 ? 'no key' : `other keys, with ${published.map(kidOf).join(', ')}`
    throw refused(`keys: ${expected}; got ${got}`)
  }
}

function kidOf({ kid }: PublicJwk): string {
  return kid === undefined ? 'no kid' : `the kid ${JSON.stringify(kid)}`
}

function refused(what: string): TypeError {
  const advice = 'verifiers look for it at /.well-known/jwt-vc-issuer: { ...publicJwkOf(jwk), kid }'
  return new TypeError(`createIssuer: ${what}; ${advice}`)
}
