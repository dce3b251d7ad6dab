import type { PublicJwk } from '@ekkasan/core'
import { KeysError, type PrivateJwk, publicJwkOf } from '@ekkasan/keys'

/** Agrees on a secret with another's key: what a device's MAC needs. A KMS or HSM fits. */
export interface KeyAgreement {
  readonly publicJwk: PublicJwk
  /**
   * The shared secret of ECDH: the x coordinate.
   * @throws KeysError `keys.jwk.malformed` when the other's key is not a point of the same curve
   */
  agree(other: PublicJwk): Promise<Uint8Array>
}

const secretBits: Readonly<Record<string, number>> = { 'P-256': 256, 'P-384': 384, 'P-521': 528 }

/**
 * A KeyAgreement over a private JWK in this process: P-256, P-384 or P-521.
 * @throws TypeError when the key is of another kind
 */
export async function keyAgreementFromJwk(jwk: PrivateJwk): Promise<KeyAgreement> {
  const { kty, crv = '', x = '', y = '', d } = jwk
  const bits = secretBits[crv]
  if (kty !== 'EC' || bits === undefined) throw new TypeError('a MAC needs a key of P-256, P-384 or P-521')
  const algorithm = { name: 'ECDH', namedCurve: crv }
  const key = await crypto.subtle.importKey('jwk', { kty, crv, x, y, d }, algorithm, false, ['deriveBits'])
  return {
    publicJwk: publicJwkOf(jwk),
    async agree(other) {
      if (other.kty !== 'EC' || other.crv !== crv) throw notAPoint()
      let peer: CryptoKey
      try {
        const { x = '', y = '' } = other
        peer = await crypto.subtle.importKey('jwk', { kty, crv, x, y }, algorithm, false, [])
      } catch (cause) {
        throw notAPoint(cause)
      }
      return new Uint8Array(await crypto.subtle.deriveBits({ name: 'ECDH', public: peer }, key, bits))
    },
  }
}

function notAPoint(cause?: unknown): KeysError {
  return new KeysError('keys.jwk.malformed', 'not an acceptable public JWK: not a point on this curve', {
    cause,
  })
}
