import { createGuardedFetch, type PublicJwk, trustAnyone } from '@ekkasan/core'
import { jwkThumbprint, parsePublicJwk, verifySignature } from '@ekkasan/keys'
import { createBrowserHolderKeys, createIndexedDbStore, createWallet } from '@ekkasan/wallet'
import { paperHolder } from '../../packages/issuer/test/paper.ts'

// A wallet in a page: its keys and its store are those of the browser.

const keys = createBrowserHolderKeys()

Object.assign(globalThis, {
  createTestWallet(issuerKey: PublicJwk) {
    return createWallet({
      formats: [
        paperHolder({ alg: 'ES256', key: { publicJwk: issuerKey }, sign: async () => new Uint8Array() }),
      ],
      keys,
      store: createIndexedDbStore(),
      isTrusted: trustAnyone('a test'),
      fetch: createGuardedFetch({ allowHosts: ['127.0.0.1:*'] }),
    })
  },
  keys,
  jwkThumbprint,
  /** Whether a key made here is found again, signs rightly, and cannot be taken out. */
  async tryKey(alg: 'ES256' | 'EdDSA') {
    const { key } = await keys.create(alg)
    const thumbprint = jwkThumbprint(key.publicJwk)
    const found = await keys.find(thumbprint)
    const data = new TextEncoder().encode('signed')
    const signature = (await found?.sign(data)) ?? new Uint8Array()
    const isRight = await verifySignature(alg, parsePublicJwk({ ...key.publicJwk }), data, signature)
    const kept = await new Promise<{ privateKey: CryptoKey }>((resolve) => {
      indexedDB.open('ekkasan-wallet-keys').onsuccess = (event) => {
        const database = (event.target as IDBOpenDBRequest).result
        const request = database.transaction('entries').objectStore('entries').get(thumbprint)
        request.onsuccess = () => resolve(request.result)
      }
    })
    const taken = await crypto.subtle.exportKey('jwk', kept.privateKey).catch((error) => error.name)
    await keys.delete(thumbprint)
    return { isRight, taken, isGone: (await keys.find(thumbprint)) === undefined }
  },
})
