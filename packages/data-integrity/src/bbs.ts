import type { RandomBytes } from '@ekkasan/core'
import { base64url, fromBase64url, platformRandomBytes } from '@ekkasan/core/bytes'
import { type PrivateJwk, publicJwkOf } from '@ekkasan/keys'
import { generateSecret, publicKeyOf, sign } from './internal/bbs/signature.ts'
import type { BbsSigner } from './types.ts'

export type { BbsSigner } from './types.ts'

const toBigInt = (bytes: Uint8Array) => bytes.reduce((number, byte) => (number << 8n) | BigInt(byte), 0n)
const order = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001n

/** A new private key for bbs-2023: an OKP key of the curve BLS12381G2, `x` the compressed point, `d` the secret. */
export function generateBbsJwk(randomBytes: RandomBytes = platformRandomBytes): PrivateJwk {
  const secret = generateSecret(randomBytes)
  const x = base64url(publicKeyOf(toBigInt(secret)))
  return { kty: 'OKP', crv: 'BLS12381G2', x, d: base64url(secret) }
}

/**
 * A BbsSigner over a private JWK in this process. `kid`, the JWK's own unless told, is the DID URL of the key.
 * @throws TypeError when it is not a private key of BLS12381G2, or its halves do not belong together
 * @throws KeysError `keys.jwk.malformed`
 */
export function bbsSignerFromJwk(jwk: PrivateJwk, options: { readonly kid?: string } = {}): BbsSigner {
  const publicJwk = publicJwkOf(jwk)
  const secret = toBigInt(fromBase64url(jwk.d))
  if (publicJwk.crv !== 'BLS12381G2' || secret === 0n || secret >= order) {
    throw new TypeError('not a private key of the curve BLS12381G2')
  }
  const publicKey = publicKeyOf(secret)
  if (base64url(publicKey) !== publicJwk.x)
    throw new TypeError('the public key is not that of the private one')
  const kid = options.kid ?? publicJwk.kid
  return {
    alg: 'BBS',
    key: { publicJwk, ...(kid !== undefined && { kid }) },
    sign: async (header, messages) => sign(secret, { publicKey, header, messages }),
  }
}
