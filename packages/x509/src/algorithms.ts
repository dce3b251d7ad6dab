import type { Algorithm } from '@ekkasan/core'
import { equalBytes } from '@ekkasan/core/bytes'

/** A signature algorithm of certificates that is accepted. */
export interface SignatureAlgorithm {
  readonly name: 'ECDSA' | 'Ed25519' | 'RSASSA-PKCS1-v1_5' | 'RSA-PSS'
  readonly hash?: 'SHA-256' | 'SHA-384' | 'SHA-512'
  /** Bytes; with RSA-PSS. */
  readonly saltLength?: number
}

/** By object identifier: RFC 5758, RFC 8410, RFC 4055. */
export const signatureAlgorithms: Readonly<Record<string, SignatureAlgorithm>> = {
  '1.2.840.10045.4.3.2': { name: 'ECDSA', hash: 'SHA-256' },
  '1.2.840.10045.4.3.3': { name: 'ECDSA', hash: 'SHA-384' },
  '1.2.840.10045.4.3.4': { name: 'ECDSA', hash: 'SHA-512' },
  '1.3.101.112': { name: 'Ed25519' },
  '1.2.840.113549.1.1.11': { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  '1.2.840.113549.1.1.12': { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-384' },
  '1.2.840.113549.1.1.13': { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-512' },
}

/** Its AlgorithmIdentifier says more: RFC 4055 section 3.1. */
export const rsaPssOid = '1.2.840.113549.1.1.10'
export const mgf1Oid = '1.2.840.113549.1.1.8'

export const hashOids: Readonly<Record<string, 'SHA-256' | 'SHA-384' | 'SHA-512'>> = {
  '2.16.840.1.101.3.4.2.1': 'SHA-256',
  '2.16.840.1.101.3.4.2.2': 'SHA-384',
  '2.16.840.1.101.3.4.2.3': 'SHA-512',
}

/** Object identifiers with which a Signer's algorithm signs certificates. */
export const signatureOids: Readonly<Record<string, string>> = {
  ES256: '1.2.840.10045.4.3.2',
  ES384: '1.2.840.10045.4.3.3',
  ES512: '1.2.840.10045.4.3.4',
  EdDSA: '1.3.101.112',
  Ed25519: '1.3.101.112',
}

export const keyOids = {
  ec: '1.2.840.10045.2.1',
  ed25519: '1.3.101.112',
  rsa: '1.2.840.113549.1.1.1',
} as const

export interface EcCurve {
  readonly crv: 'P-256' | 'P-384' | 'P-521'
  /** The object identifier in DER, as it stands in the parameters of a key. */
  readonly der: Uint8Array
  readonly length: number
  /** The algorithm whose signatures are as long as this curve's, whichever hash a certificate names. */
  readonly alg: Algorithm
}

export const ecCurves: readonly EcCurve[] = [
  { crv: 'P-256', der: Uint8Array.of(6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7), length: 32, alg: 'ES256' },
  { crv: 'P-384', der: Uint8Array.of(6, 5, 0x2b, 0x81, 4, 0, 0x22), length: 48, alg: 'ES384' },
  { crv: 'P-521', der: Uint8Array.of(6, 5, 0x2b, 0x81, 4, 0, 0x23), length: 66, alg: 'ES512' },
]

/** Curves that are met in certificates and not supported, by the object identifier in DER (RFC 5639, SEC 2). */
const otherCurves: readonly (readonly [name: string, ...der: number[]])[] = [
  ...(
    [
      ['brainpoolP256r1', 7],
      ['brainpoolP320r1', 9],
      ['brainpoolP384r1', 11],
      ['brainpoolP512r1', 13],
    ] as const
  ).map(([name, last]) => [name, 6, 9, 0x2b, 0x24, 3, 3, 2, 8, 1, 1, last] as const),
  ['secp256k1', 6, 5, 0x2b, 0x81, 4, 0, 0x0a],
]

/** What an error calls the curve of a key that is on none of `ecCurves`. */
export function curveName(parameters: Uint8Array): string {
  const known = otherCurves.find(([, ...der]) => equalBytes(Uint8Array.from(der), parameters))
  return known ? `the curve ${known[0]}` : 'a curve that is not named'
}
