import type { Algorithm, PublicJwk } from '@ekkasan/core'
import { type Curve, type CurveRow, curveOf } from './curves.ts'

/** One row an algorithm: with the row of its curve everything the house knows about it. */
export type AlgorithmRow = (
  | {
      readonly kty: CurveRow['kty']
      readonly crv: Curve
      /** Length of an ECDSA or EdDSA signature in bytes. */
      readonly signatureLength: number
      readonly padding?: undefined
    }
  | {
      readonly kty: 'RSA'
      readonly crv?: undefined
      readonly signatureLength?: undefined
      readonly padding: 'pss' | 'pkcs1'
    }
) & {
  /** Node's digest name; null where the scheme hashes by itself. */
  readonly hash: 'sha256' | 'sha384' | 'sha512' | null
  /** Only for verifying what others signed. */
  readonly verifyOnly?: true
  /** WebCrypto has it. */
  readonly web: boolean
}

export const algorithms: Readonly<Record<Algorithm, AlgorithmRow>> = {
  ES256: { kty: 'EC', crv: 'P-256', hash: 'sha256', signatureLength: 64, web: true },
  ES384: { kty: 'EC', crv: 'P-384', hash: 'sha384', signatureLength: 96, web: true },
  ES512: { kty: 'EC', crv: 'P-521', hash: 'sha512', signatureLength: 132, web: true },
  ES256K: { kty: 'EC', crv: 'secp256k1', hash: 'sha256', signatureLength: 64, web: false },
  EdDSA: { kty: 'OKP', crv: 'Ed25519', hash: null, signatureLength: 64, web: true },
  Ed25519: { kty: 'OKP', crv: 'Ed25519', hash: null, signatureLength: 64, web: true },
  PS256: { kty: 'RSA', hash: 'sha256', padding: 'pss', web: true },
  PS384: { kty: 'RSA', hash: 'sha384', padding: 'pss', web: true },
  PS512: { kty: 'RSA', hash: 'sha512', padding: 'pss', web: true },
  RS256: { kty: 'RSA', hash: 'sha256', padding: 'pkcs1', verifyOnly: true, web: true },
}

/** Whether the name is a row of the table: `none`, HMACs and names unknown are not. */
export function isAlgorithm(name: unknown): name is Algorithm {
  return typeof name === 'string' && Object.hasOwn(algorithms, name)
}

/** Whether a key of this shape, by what it says of its use, can make or check signatures of this algorithm. */
export function fitsAlgorithm(jwk: PublicJwk, alg: Algorithm): boolean {
  const { kty, crv } = algorithms[alg]
  const isOfKind = jwk.kty === kty && jwk.crv === crv
  return isOfKind && (jwk.alg === undefined || jwk.alg === alg) && isForSignatures(jwk)
}

/**
 * Whether a key is meant for signatures by `use` and `key_ops` (RFC 7517 sections 4.2 and 4.3), where it says so. `sign`
 * is as good as `verify`: WebCrypto writes it into public halves too.
 */
export function isForSignatures({ use, key_ops: operations }: PublicJwk): boolean {
  const isOfUse = use === undefined || use === 'sig'
  return isOfUse && (operations === undefined || operations.includes('verify') || operations.includes('sign'))
}

const agreementOperations = ['deriveKey', 'deriveBits', 'encrypt', 'wrapKey']

/**
 * Whether a JWE can be encrypted to a key with ECDH-ES: its curve agrees, and `use`, `key_ops` and `alg` (RFC 7517
 * sections 4.2 to 4.4) say nothing else. WebCrypto writes an empty `key_ops` into public halves.
 */
export function isForEncryption({ crv, use, key_ops: operations = [], alg }: PublicJwk): boolean {
  const isOfUse = (use === undefined || use === 'enc') && (alg === undefined || alg === 'ECDH-ES')
  const agrees = operations.length === 0 || operations.some((name) => agreementOperations.includes(name))
  return isOfUse && agrees && curveOf(crv)?.ecdhEs === true
}
