import type { PublicJwk, Signer } from '@ekkasan/core'
import { jwkThumbprint, parsePublicJwk } from '@ekkasan/keys'
import { openShelf } from './indexed-db.ts'
import type { HolderKeys } from './types.ts'

/** What stands in the database: the browser keeps the private key, and gives it to nobody. */
interface KeptKey {
  readonly alg: 'ES256' | 'EdDSA'
  readonly publicJwk: PublicJwk
  readonly privateKey: CryptoKey
}

const generation = {
  ES256: { name: 'ECDSA', namedCurve: 'P-256' },
  EdDSA: { name: 'Ed25519' },
} as const
const signing = {
  ES256: { name: 'ECDSA', hash: 'SHA-256' },
  EdDSA: { name: 'Ed25519' },
} as const

/**
 * Keys of a wallet in a browser: made by WebCrypto as not extractable, kept in IndexedDB, which stores the handle
 * of such a key and never its bytes.
 */
export function createBrowserHolderKeys(options: { readonly name?: string } = {}): HolderKeys {
  const shelf = openShelf(options.name ?? 'ekkasan-wallet-keys')
  return {
    async create(alg) {
      const pair = (await crypto.subtle.generateKey(generation[alg], false, [
        'sign',
        'verify',
      ])) as CryptoKeyPair
      const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', pair.publicKey)
      const publicJwk = parsePublicJwk({ kty, crv, x, ...(y !== undefined && { y }) })
      const kept: KeptKey = { alg, publicJwk, privateKey: pair.privateKey }
      await shelf.write<void>((keys) => {
        keys.put(kept, jwkThumbprint(publicJwk))
      })
      return signerOf(kept)
    },
    async find(thumbprint) {
      const kept = (await shelf.read((keys) => keys.get(thumbprint))) as KeptKey | undefined
      return kept && signerOf(kept)
    },
    async delete(thumbprint) {
      await shelf.write<void>((keys) => {
        keys.delete(thumbprint)
      })
    },
  }
}

function signerOf({ alg, publicJwk, privateKey }: KeptKey): Signer {
  return {
    alg,
    key: { publicJwk },
    async sign(data) {
      return new Uint8Array(await crypto.subtle.sign(signing[alg], privateKey, Uint8Array.from(data)))
    },
  }
}
