import type { RandomBytes, Store } from '@ekkasan/core'
import { base64url, concatBytes, fromBase64url, hash, utf8 } from '@ekkasan/core/bytes'

/** Authenticates and blinds with a key that all replicas of the issuer share through the store. */
export interface Secret {
  /** HMAC-SHA-256 over a purpose and a text. */
  mac(purpose: string, text: string): Promise<Uint8Array>
}

/** Blinds subjects and transaction codes: kept for as long as there are records. */
export const issuerSecretKey = 'secret/issuer'
/** Authenticates nonces: renewed after a restore, so that what was used before it is used up. */
export const nonceSecretKey = 'secret/nonce'

export function createSecret(store: Store, randomBytes: RandomBytes, key: string): Secret {
  let loaded: Promise<Mac> | undefined
  const load = async () => {
    const read = async () => (await store.get(key))?.value
    let value = await read()
    if (value === undefined) {
      // Of several replicas that start at once one wins, and all use what it wrote.
      await store.swap(key, undefined, base64url(randomBytes(32)))
      value = await read()
    }
    if (typeof value !== 'string') throw new TypeError('the store does not keep the issuer’s secret')
    return hmacSha256(fromBase64url(value))
  }
  return {
    async mac(purpose, text) {
      loaded ??= load().catch((error) => {
        loaded = undefined
        throw error
      })
      return (await loaded)(utf8(`${purpose}\0${text}`))
    },
  }
}

type Mac = (data: Uint8Array) => Uint8Array

/** RFC 2104, for keys of 32 bytes. */
function hmacSha256(secret: Uint8Array): Mac {
  const inner = new Uint8Array(64).fill(0x36)
  const outer = new Uint8Array(64).fill(0x5c)
  for (let i = 0; i < secret.length; i++) {
    inner[i] = (secret[i] as number) ^ 0x36
    outer[i] = (secret[i] as number) ^ 0x5c
  }
  return (data) => hash('sha-256', concatBytes(outer, hash('sha-256', concatBytes(inner, data))))
}
