import { createECDH, createHash } from 'node:crypto'
import type { Signer } from '@ekkasan/core'
import { type PrivateJwk, signerFromJwk } from '@ekkasan/keys'

/**
 * A key of P-256 that is the same in each process: the seeds are signed in one, and read in that of the fuzzer. Everybody
 * can make it, so that it is good for nothing else.
 */
export function fuzzKey(name: string): PrivateJwk {
  const ecdh = createECDH('prime256v1')
  const d = createHash('sha256').update(`ekkasan fuzz ${name}`).digest()
  ecdh.setPrivateKey(d)
  const point = ecdh.getPublicKey()
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((part) => part.toString('base64url'))
  return { kty: 'EC', crv: 'P-256', alg: 'ES256', x: x as string, y: y as string, d: d.toString('base64url') }
}

export function fuzzSigner(
  name: string,
  named: { kid?: string; x5c?: readonly string[] } = {},
): Promise<Signer> {
  return signerFromJwk(fuzzKey(name), named)
}
