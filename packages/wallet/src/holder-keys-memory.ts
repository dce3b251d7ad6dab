import type { Signer } from '@ekkasan/core'
import { generateJwk, jwkThumbprint, signerFromJwk } from '@ekkasan/keys'
import type { HolderKeys } from './types.ts'

/** Keys for tests and for a process that may forget: nothing survives it. */
export function createMemoryHolderKeys(): HolderKeys {
  const signers = new Map<string, Signer>()
  return {
    async create(alg) {
      const signer = await signerFromJwk(await generateJwk(alg))
      signers.set(jwkThumbprint(signer.key.publicJwk), signer)
      return signer
    },
    async find(thumbprint) {
      return signers.get(thumbprint)
    },
    async delete(thumbprint) {
      signers.delete(thumbprint)
    },
  }
}
