// Compressed points of short Weierstrass curves (SEC 1 section 2.3): did:key and Multikey carry only these, certificates
// may (RFC 5480 section 2.2); a JWK wants both coordinates. Public data only, so time may depend on it.

interface Curve {
  readonly p: bigint
  readonly a: bigint
  readonly b: bigint
  /** Of a coordinate, in bytes. */
  readonly length: number
}

const p256 = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn
const p384 =
  0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffffn
const p521 = 2n ** 521n - 1n

/** Curves by JWK `crv`; each p is 3 modulo 4, so that a square root is one power. */
const curves: Readonly<Record<string, Curve>> = {
  'P-256': {
    p: p256,
    a: p256 - 3n,
    b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
    length: 32,
  },
  'P-384': {
    p: p384,
    a: p384 - 3n,
    b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
    length: 48,
  },
  'P-521': {
    p: p521,
    a: p521 - 3n,
    b: 0x0051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00n,
    length: 66,
  },
  secp256k1: {
    p: 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2fn,
    a: 0n,
    b: 7n,
    length: 32,
  },
}

/** Both coordinates of a compressed point, or undefined when it is not one of the curve. */
export function decompressPoint(
  crv: string,
  point: Uint8Array,
): { readonly x: Uint8Array; readonly y: Uint8Array } | undefined {
  const curve = curves[crv]
  if (!curve || point.length !== curve.length + 1 || (point[0] !== 2 && point[0] !== 3)) return undefined
  const { p, a, b } = curve
  const x = toNumber(point.subarray(1))
  if (x >= p) return undefined
  const square = (x * x * x + a * x + b) % p
  let y = power(square, (p + 1n) / 4n, p)
  if ((y * y) % p !== square) return undefined
  if ((y & 1n) !== BigInt(point[0] & 1)) y = p - y
  return { x: point.slice(1), y: toBytes(y, curve.length) }
}

/** The compressed form of a point given by its coordinates. */
export function compressPoint(x: Uint8Array, y: Uint8Array): Uint8Array {
  const point = new Uint8Array(x.length + 1)
  point[0] = 2 | ((y.at(-1) as number) & 1)
  point.set(x, 1)
  return point
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n
  let square = base
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % modulus
    square = (square * square) % modulus
  }
  return result
}

function toNumber(bytes: Uint8Array): bigint {
  let number = 0n
  for (const byte of bytes) number = (number << 8n) | BigInt(byte)
  return number
}

function toBytes(number: bigint, length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  let left = number
  for (let at = length - 1; at >= 0; at--) {
    bytes[at] = Number(left & 255n)
    left >>= 8n
  }
  return bytes
}
