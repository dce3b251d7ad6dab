import type { PublicJwk } from '@ekkasan/core'
import { type Jws, KeysError, verifyJws } from '@ekkasan/keys'

/** Whether a key made a signature; a key that does not fit the algorithm did not. */
export async function checkSignature(jws: Jws, jwk: PublicJwk): Promise<boolean> {
  try {
    return await verifyJws(jws, jwk)
  } catch (error) {
    if (error instanceof KeysError) return false
    throw error
  }
}
