import type { PublicJwk } from '@ekkasan/core'
import { concatBytes, fromBase64url } from '@ekkasan/core/bytes'
import { curveOf } from './curves.ts'

/**
 * A key that is met once, as holders' and ephemeral keys are: as PEM handed to a verification it costs 5 µs, imported 19,
 * as a JWK 40. Undefined for curves without such a form here.
 * @throws TypeError when a coordinate has the wrong length
 */
export function pemOf({ kty, crv, x, y }: PublicJwk): string | undefined {
  const head = curveOf(crv)?.keyInfoHead ?? null
  if (head === null) return undefined
  const { buffer } = concatBytes(coordinate(x), ...(kty === 'EC' ? [coordinate(y)] : []))
  return `-----BEGIN PUBLIC KEY-----\n${head}${Buffer.from(buffer).toString('base64')}\n-----END PUBLIC KEY-----`
}

function coordinate(text: string | undefined): Uint8Array {
  const bytes = fromBase64url(text ?? '')
  if (bytes.length !== 32) throw new TypeError('a coordinate has the wrong length')
  return bytes
}
