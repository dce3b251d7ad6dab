import { ECDH } from 'node:crypto'
import type * as jose from 'jose'

// did:jwk and did:key of P-256 keys by their own texts, for parties that leave DIDs to others. Nothing of ours.

export interface PeerKey {
  readonly privateJwk: jose.JWK
  readonly publicJwk: jose.JWK & { kty: string }
}

/** How a wallet's proof names its key: a value of `cryptographic_binding_methods_supported`. */
export type PeerBinding = 'jwk' | 'did:jwk' | 'did:key' | 'cose_key'

/** did:jwk: the base64url of the key. */
export const didJwk = ({ publicJwk }: Pick<PeerKey, 'publicJwk'>) =>
  `did:jwk:${Buffer.from(JSON.stringify(publicJwk)).toString('base64url')}`

const base58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
const p256 = Buffer.from([0x80, 0x24])

/** did:key: multicodec 0x1200 before the compressed point, in base58btc. */
export function didKey({ publicJwk: { x = '', y = '' } }: Pick<PeerKey, 'publicJwk'>): string {
  const parity = (Buffer.from(y, 'base64url').at(-1) as number) & 1
  const bytes = Buffer.concat([p256, Buffer.from([2 + parity]), Buffer.from(x, 'base64url')])
  let number = BigInt(`0x${bytes.toString('hex')}`)
  let text = ''
  for (; number > 0n; number /= 58n) text = `${base58[Number(number % 58n)]}${text}`
  return `did:key:z${text}`
}

/** The DID URL of a key by a binding method; undefined where proofs carry the key itself. */
export function didUrlOf(key: PeerKey, binding: PeerBinding): string | undefined {
  if (binding === 'did:jwk') return `${didJwk(key)}#0`
  if (binding !== 'did:key') return undefined
  const did = didKey(key)
  return `${did}#${did.slice('did:key:'.length)}`
}

/** The key of a did:jwk or a did:key. */
export function jwkOfDid(did: string): jose.JWK & { kty: string } {
  const [, method, id = ''] = did.split(':')
  if (method === 'jwk') return JSON.parse(Buffer.from(id, 'base64url').toString())
  if (method !== 'key' || !id.startsWith('z')) throw new Error(`neither did:jwk nor did:key: ${did}`)
  let number = 0n
  for (const letter of id.slice(1)) number = number * 58n + BigInt(base58.indexOf(letter))
  const bytes = Buffer.from(number.toString(16), 'hex')
  if (!bytes.subarray(0, 2).equals(p256)) throw new Error(`not a P-256 key: ${did}`)
  const point = ECDH.convertKey(
    bytes.subarray(2),
    'prime256v1',
    undefined,
    undefined,
    'uncompressed',
  ) as Buffer
  const part = (from: number) => point.subarray(from, from + 32).toString('base64url')
  return { kty: 'EC', crv: 'P-256', x: part(1), y: part(33) }
}
