import { base64url, concatBytes, equalBytes, fromBase64url } from '@ekkasan/core/bytes'
import { after, type Context } from './context.ts'

// A c_nonce is 16 random bytes, its time in milliseconds (6 bytes) and 16 bytes of authentication over both:
// nothing is stored until it is used.

export async function createNonce(context: Context): Promise<string> {
  const time = new Uint8Array(8)
  new DataView(time.buffer).setBigUint64(0, BigInt(context.now().getTime()))
  const body = concatBytes(context.randomBytes(16), time.subarray(2))
  return base64url(concatBytes(body, await authenticate(context, body)))
}

/** Whether it is one of ours and not too old; when it ends. Says nothing of whether it was used. */
export async function checkNonce(context: Context, nonce: string): Promise<Date | undefined> {
  if (nonce.length !== 51) return undefined
  let bytes: Uint8Array
  try {
    bytes = fromBase64url(nonce)
  } catch {
    return undefined
  }
  const body = bytes.subarray(0, 22)
  if (!equalBytes(bytes.subarray(22), await authenticate(context, body))) return undefined
  const view = new DataView(body.buffer, body.byteOffset)
  const time = view.getUint16(16) * 2 ** 32 + view.getUint32(18)
  const end = after(new Date(time), context.lifetimes.nonce)
  return end.getTime() > context.now().getTime() ? end : undefined
}

export async function isNonceUsed({ store }: Context, nonce: string): Promise<boolean> {
  return (await store.get(`nonce/${nonce}`)) !== undefined
}

/** Spends a nonce: of several who try, one wins. */
export function useNonce({ store }: Context, nonce: string, end: Date): Promise<boolean> {
  return store.swap(`nonce/${nonce}`, undefined, true, { expiresAt: end })
}

async function authenticate({ secret }: Context, body: Uint8Array): Promise<Uint8Array> {
  return (await secret.mac('c_nonce', base64url(body))).subarray(0, 16)
}
