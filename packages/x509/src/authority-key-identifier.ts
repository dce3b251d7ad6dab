import { parseCertificate } from './certificate.ts'
import { X509Error } from './errors.ts'

/**
 * The key identifiers of the authorities that a chain names, base64url: the KeyIdentifier in the
 * AuthorityKeyIdentifier of each certificate that has one, in the chain's order (RFC 5280 section 4.2.1.1). Shape
 * only: the chain may be a lone leaf, a part, or the whole, and nothing of it is verified.
 * @throws X509Error when a certificate does not parse
 */
export function authorityKeyIdentifiers(x5c: readonly string[]): readonly string[] {
  return x5c.flatMap((certificate) => parseCertificate(certificate).authorityKeyIdentifier ?? [])
}

/**
 * Whether a credential with this chain satisfies an entry `{ "type": "aki", "values": [...] }` of
 * `trusted_authorities` (OpenID4VP section 6.1.1.1): one of its certificates names one of these authorities, base64url.
 * A chain that does not parse satisfies none.
 */
export function isIssuedUnderAki(x5c: readonly string[], values: readonly string[]): boolean {
  try {
    return authorityKeyIdentifiers(x5c).some((identifier) => values.includes(identifier))
  } catch (error) {
    if (error instanceof X509Error) return false
    throw error
  }
}
