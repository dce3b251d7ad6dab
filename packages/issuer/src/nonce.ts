import { base64url, concatBytes, equalBytes, fromBase64url } from '@ekkasan/core/bytes'
import type { Context } from './context.ts'

// A c_nonce is 16 random bytes, its time in milliseconds (6 bytes) and 16 bytes of authentication over both:
// nothing is stored until it is used.

/** By how much the clocks of two replicas may differ, in seconds: a nonce of a later time than that is refused. */
const clockTolerance = 60
/** For how much longer than its life a used nonce is remembered, in seconds: a store's clock may jump ahead too. */
const remembered = 3600

export async function createNonce(context: Context): Promise<string> {
  const time = new Uint8Array(8)
  new DataView(time.buffer).setBigUint64(0, BigInt(context.now().getTime()))
  const body = concatBytes(context.randomBytes(16), time.subarray(2))
  return base64url(concatBytes(body, await authenticate(context, body)))
}

/** Whether it is one of ours, neither too old nor of the future. Says nothing of whether it was used. */
export async function isFreshNonce(context: Context, nonce: string): Promise<boolean> {
  if (nonce.length !== 51) return false
  let bytes: Uint8Array
  try {
    bytes = fromBase64url(nonce)
  } catch {
    return false
  }
  const body = bytes.subarray(0, 22)
  if (!equalBytes(bytes.subarray(22), await authenticate(context, body))) return false
  const view = new DataView(body.buffer, body.byteOffset)
  const time = view.getUint16(16) * 2 ** 32 + view.getUint32(18)
  const age = context.now().getTime() - time
  return age < context.lifetimes.nonce * 1000 && age >= -clockTolerance * 1000
}

export async function isNonceUsed({ store }: Context, nonce: string): Promise<boolean> {
  return (await store.get(`nonce/${nonce}`)) !== undefined
}

/**
 * Spends a nonce: of several who try, one wins. The mark stays by the store's own clock, and for longer than any replica
 * takes the nonce for fresh.
 */
export function useNonce({ store, lifetimes }: Context, nonce: string): Promise<boolean> {
  return store.swap(`nonce/${nonce}`, undefined, true, { expiresIn: lifetimes.nonce + remembered })
}

async function authenticate({ nonceSecret }: Context, body: Uint8Array): Promise<Uint8Array> {
  return (await nonceSecret.mac('c_nonce', base64url(body))).subarray(0, 16)
}
