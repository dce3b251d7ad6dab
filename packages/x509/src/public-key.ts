import type { PublicJwk } from '@ekkasan/core'
import { base64url, concatBytes, equalBytes, fromBase64url, hash } from '@ekkasan/core/bytes'
import { decompressPoint, parsePublicJwk } from '@ekkasan/keys'
import { RSAPublicKey } from '@peculiar/asn1-rsa'
import { AsnConvert } from '@peculiar/asn1-schema'
import { AlgorithmIdentifier, SubjectPublicKeyInfo } from '@peculiar/asn1-x509'
import { curveName, ecCurves, keyOids } from './algorithms.ts'
import { X509Error } from './errors.ts'

/** Throws X509Error `x509.certificate.algorithm`, KeysError. */
export function readKeyInfo({ algorithm, subjectPublicKey }: SubjectPublicKeyInfo): PublicJwk {
  const bytes = new Uint8Array(subjectPublicKey)
  if (algorithm.algorithm === keyOids.ed25519) {
    return parsePublicJwk({ kty: 'OKP', crv: 'Ed25519', x: base64url(bytes) })
  }
  if (algorithm.algorithm === keyOids.rsa) {
    const { modulus, publicExponent } = AsnConvert.parse(bytes, RSAPublicKey)
    const [n, e] = [modulus, publicExponent].map((integer) => {
      const number = new Uint8Array(integer)
      return base64url(number[0] === 0 ? number.subarray(1) : number)
    })
    return parsePublicJwk({ kty: 'RSA', n, e })
  }
  const parameters = new Uint8Array(algorithm.parameters ?? new ArrayBuffer())
  const curve = ecCurves.find(({ der }) => equalBytes(der, parameters))
  if (algorithm.algorithm === keyOids.ec && !curve) {
    throw unsupported(`its key is on ${curveName(parameters)}; supported are P-256, P-384 and P-521`)
  }
  if (algorithm.algorithm !== keyOids.ec || !curve)
    throw unsupported('its key is of no kind that is accepted')
  const { crv, length } = curve
  // RFC 5480 section 2.2: uncompressed or compressed. The hybrid form (6, 7) is not.
  if (bytes[0] === 2 || bytes[0] === 3) {
    const point = decompressPoint(crv, bytes)
    if (!point) throw unsupported('its key is not a point of its curve')
    return parsePublicJwk({ kty: 'EC', crv, x: base64url(point.x), y: base64url(point.y) })
  }
  if (bytes[0] !== 4 || bytes.length !== 2 * length + 1)
    throw unsupported('its key is neither an uncompressed nor a compressed point')
  const [x, y] = [bytes.subarray(1, length + 1), bytes.subarray(length + 1)]
  return parsePublicJwk({ kty: 'EC', crv, x: base64url(x), y: base64url(y) })
}

/** @throws TypeError for a key of a kind that certificates are not issued for */
export function keyInfo({ kty, crv, x = '', y = '' }: PublicJwk): SubjectPublicKeyInfo {
  const curve = ecCurves.find((one) => one.crv === crv)
  if (kty === 'EC' && curve) {
    return new SubjectPublicKeyInfo({
      algorithm: new AlgorithmIdentifier({
        algorithm: keyOids.ec,
        parameters: Uint8Array.from(curve.der).buffer,
      }),
      subjectPublicKey: concatBytes(Uint8Array.of(4), fromBase64url(x), fromBase64url(y)).buffer,
    })
  }
  if (crv !== 'Ed25519')
    throw new TypeError('certificates are issued for P-256, P-384, P-521 and Ed25519 keys')
  return new SubjectPublicKeyInfo({
    algorithm: new AlgorithmIdentifier({ algorithm: keyOids.ed25519 }),
    subjectPublicKey: Uint8Array.from(fromBase64url(x)).buffer,
  })
}

/** RFC 7093 method 1. */
export function keyIdentifier(jwk: PublicJwk): Uint8Array<ArrayBuffer> {
  return hash('sha-256', new Uint8Array(keyInfo(jwk).subjectPublicKey)).slice(0, 20)
}

export function unsupported(what: string): X509Error {
  return new X509Error('x509.certificate.algorithm', `not an acceptable certificate: ${what}`)
}
