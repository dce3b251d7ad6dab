/** Names of the JOSE registry of elliptic curves, and that of the BBS scheme of @ekkasan/data-integrity. */
export type Curve = 'P-256' | 'P-384' | 'P-521' | 'secp256k1' | 'Ed25519' | 'X25519' | 'BLS12381G2'

/** One row a curve: everything the house knows about it. A curve without one of these does not compile. */
export interface CurveRow {
  readonly kty: 'EC' | 'OKP'
  /** Of a coordinate, in bytes. */
  readonly length: number
  /** Whether signatures are made with its keys. */
  readonly signs: boolean
  /** Whether two of its keys agree on a secret. */
  readonly agrees: boolean
  /** Whether JOSE has it for ECDH-ES (RFC 7518 section 6.2.1.1, RFC 8037 section 3.2). */
  readonly ecdhEs: boolean
  /** By which kind of key Node generates it; null where no algorithm of this package signs with it. */
  readonly node: 'ec' | 'ed25519' | null
  /** WebCrypto's name of the algorithm that signs with it; null where it has none. */
  readonly web: 'ECDSA' | 'Ed25519' | null
  /** SubjectPublicKeyInfo up to the key's own bytes (RFC 5480, RFC 8410) in whole groups of base64: the fast way in. */
  readonly keyInfoHead: string | null
}

export const curves: Readonly<Record<Curve, CurveRow>> = {
  'P-256': {
    kty: 'EC',
    length: 32,
    signs: true,
    agrees: true,
    ecdhEs: true,
    node: 'ec',
    web: 'ECDSA',
    keyInfoHead: 'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE',
  },
  'P-384': {
    kty: 'EC',
    length: 48,
    signs: true,
    agrees: true,
    ecdhEs: true,
    node: 'ec',
    web: 'ECDSA',
    keyInfoHead: null,
  },
  'P-521': {
    kty: 'EC',
    length: 66,
    signs: true,
    agrees: true,
    ecdhEs: true,
    node: 'ec',
    web: 'ECDSA',
    keyInfoHead: null,
  },
  secp256k1: {
    kty: 'EC',
    length: 32,
    signs: true,
    agrees: true,
    ecdhEs: false,
    node: 'ec',
    web: null,
    keyInfoHead: null,
  },
  Ed25519: {
    kty: 'OKP',
    length: 32,
    signs: true,
    agrees: false,
    ecdhEs: false,
    node: 'ed25519',
    web: 'Ed25519',
    keyInfoHead: 'MCowBQYDK2VwAyEA',
  },
  X25519: {
    kty: 'OKP',
    length: 32,
    signs: false,
    agrees: true,
    ecdhEs: true,
    node: null,
    web: null,
    keyInfoHead: null,
  },
  // Compressed, for the BBS scheme of @ekkasan/data-integrity; no algorithm of this package signs with it.
  BLS12381G2: {
    kty: 'OKP',
    length: 96,
    signs: true,
    agrees: false,
    ecdhEs: false,
    node: null,
    web: null,
    keyInfoHead: null,
  },
}

/** The row of a curve by the name that came from outside; undefined for one that the house does not know. */
export function curveOf(crv: unknown): CurveRow | undefined {
  return typeof crv === 'string' && Object.hasOwn(curves, crv) ? curves[crv as Curve] : undefined
}
