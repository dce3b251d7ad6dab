import type { JsonObject, JsonValue, PublicJwk, RejectedError } from '@ekkasan/core'
import { base64url, hashBase64url } from '@ekkasan/core/bytes'
import { type PrivateJwk, publicJwkOf, signerFromJwk, signJws } from '@ekkasan/keys'

// The keys of the standard's examples (RFC 9901 Appendix A.5).
const issuerJwk: PrivateJwk = {
  kty: 'EC',
  d: 'Ur2bNKuBPOrAaxsRnbSH6hIhmNTxSGXshDSUD1a1y7g',
  crv: 'P-256',
  x: 'b28d4MwZMjw8-00CG4xfnn9SLMVMM19SlqZpVb_uNtQ',
  y: 'Xv5zWwuoaTgdS6hV43yI6gBwTnjukmFQQnJ_kCxzqk8',
}
const holderJwk: PrivateJwk = {
  kty: 'EC',
  d: '5K5SCos8zf9zRemGGUl6yfok-_NiiryNZsvANWMhF-I',
  crv: 'P-256',
  x: 'TCAER19Zvu3OHF4j4W4vfSVoHIP1ILilDls7vCeGemc',
  y: 'ZxjiWWbZMQGHVWKVQ4hbSIirsVfuecCE6t4jT9F2HZQ',
}

export const issuer = await signerFromJwk(issuerJwk)
export const issuerKey: PublicJwk = publicJwkOf(issuerJwk)
export const holder = await signerFromJwk(holderJwk)
export const holderKey: PublicJwk = publicJwkOf(holderJwk)
export const cnf = { jwk: holderKey as unknown as JsonObject }

export function disclosure(...contents: readonly JsonValue[]): string {
  return base64url(JSON.stringify(contents))
}

export function digest(encoded: string): string {
  return hashBase64url('sha-256', encoded)
}

/** Signs any payload as it is, and sends any disclosures with it. */
export async function forge(payload: JsonObject, disclosures: readonly string[] = []): Promise<string> {
  const jwt = await signJws({ signer: issuer, header: {}, payload })
  return `${[jwt, ...disclosures].join('~')}~`
}

/** `name:outcome` of every check that did not pass. */
export function faults(error: unknown): readonly string[] {
  return (error as RejectedError).checks
    .filter(({ outcome }) => outcome !== 'passed')
    .map(({ name, code }) => `${name} ${code}`)
}
