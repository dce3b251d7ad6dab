import type { PublicJwk } from '@ekkasan/core'
import { base64url, concatBytes, fromBase64url } from '@ekkasan/core/bytes'
import { decompressPoint, KeysError, parsePublicJwk } from '@ekkasan/keys'
import { coseAlgorithms } from './algorithms.ts'
import type { CborInput, CborMap, CborValue } from './cbor-value.ts'
import { CoseError } from './errors.ts'

const kinds = { OKP: 1, EC: 2 } as const
const curves: readonly { readonly crv: string; readonly id: number; readonly kty: keyof typeof kinds }[] = [
  { crv: 'P-256', id: 1, kty: 'EC' },
  { crv: 'P-384', id: 2, kty: 'EC' },
  { crv: 'P-521', id: 3, kty: 'EC' },
  { crv: 'X25519', id: 4, kty: 'OKP' },
  { crv: 'Ed25519', id: 6, kty: 'OKP' },
]

/** Values of `key_ops` by their JOSE names, from 1 on (RFC 9052 table 5). */
const operations = ['sign', 'verify', 'encrypt', 'decrypt', 'wrapKey', 'unwrapKey', 'deriveKey', 'deriveBits']

/** ECDH-ES with HKDF, SHA-256 and SHA-512 (RFC 9053 section 6.3.1). */
const agreements: readonly unknown[] = [-25, -26]

/** RFC 9052 section 7, RFC 9053 section 7: with both coordinates. */
export function coseKeyOf({ crv, x, y }: PublicJwk): ReadonlyMap<number, CborInput> {
  const curve = curves.find((known) => known.crv === crv)
  if (!curve || x === undefined) throw new TypeError('no COSE_Key is made for a key of this kind')
  const key = new Map<number, CborInput>([
    [1, kinds[curve.kty]],
    [-1, curve.id],
    [-2, fromBase64url(x)],
  ])
  if (y !== undefined) key.set(-3, fromBase64url(y))
  return key
}

/**
 * With both coordinates, or with the sign of y (RFC 9053 section 7.1.1). Shape only for the former: whether it is a point
 * of its curve shows when it is used. What the key is for (`alg`, `key_ops`) stays with it: it is refused for anything else.
 * @throws CoseError `cose.key`
 */
export function jwkOfCoseKey(key: CborValue | undefined): PublicJwk {
  if (!(key instanceof Map)) throw notAKey()
  const curve = curves.find(({ id }) => id === key.get(-1))
  const x = key.get(-2)
  const y = typeof key.get(-3) === 'boolean' ? uncompressed(curve?.crv, x, key.get(-3)) : key.get(-3)
  if (!curve || key.get(1) !== kinds[curve.kty] || !(x instanceof Uint8Array)) throw notAKey()
  if (key.has(-4) || (curve.kty === 'EC' && !(y instanceof Uint8Array))) throw notAKey()
  try {
    return parsePublicJwk({
      kty: curve.kty,
      crv: curve.crv,
      x: base64url(x),
      ...(y instanceof Uint8Array && { y: base64url(y) }),
      ...usesOf(key),
    })
  } catch (error) {
    if (error instanceof KeysError) throw notAKey()
    throw error
  }
}

/** An algorithm that has no name here keeps its number, and so fits no signature. */
function usesOf(key: CborMap): { readonly alg?: string; readonly key_ops?: readonly string[] } {
  const [alg, given] = [key.get(3), key.get(4)]
  const isName = (value: CborValue) => typeof value === 'number' || typeof value === 'string'
  if (alg !== undefined && !isName(alg)) throw notAKey()
  if (given !== undefined && !(Array.isArray(given) && given.length > 0 && given.every(isName))) {
    throw notAKey()
  }
  return {
    ...(alg !== undefined && { alg: algorithmName(alg) }),
    ...(given !== undefined && {
      key_ops: (given as readonly (number | string)[]).map((one) =>
        typeof one === 'number' ? (operations[one - 1] ?? `COSE ${one}`) : one,
      ),
    }),
  }
}

function algorithmName(alg: CborValue): string {
  if (agreements.includes(alg)) return 'ECDH-ES'
  const [known] = Object.entries(coseAlgorithms).find(([, { id, full }]) => id === alg || full === alg) ?? []
  return known ?? `COSE ${String(alg)}`
}

function uncompressed(
  crv: string | undefined,
  x: CborValue | undefined,
  isOdd: CborValue | undefined,
): Uint8Array | undefined {
  if (crv === undefined || !(x instanceof Uint8Array)) return undefined
  return decompressPoint(crv, concatBytes(Uint8Array.of(isOdd === true ? 3 : 2), x))?.y
}

function notAKey(): CoseError {
  return new CoseError('cose.key', 'not a public COSE_Key of a point on a supported curve')
}
