import type { PublicJwk } from '@ekkasan/core'
import { hashBase64url } from '@ekkasan/core/bytes'
import { derOfBase64 } from './base64.ts'
import { parseCertificate } from './certificate.ts'

// What a client identifier says of a certificate, OpenID4VP section 5.9.3; each takes base64 DER as in `x5c`.

/** SHA-256 of the DER, base64url: the part of a client identifier after `x509_hash:`. */
export function x509HashOf(certificate: string): string {
  return hashBase64url('sha-256', derOfBase64(certificate))
}

/** The dNSName entries of the subject alternative name, in lower case: for `x509_san_dns:`. */
export function dnsNamesOf(certificate: string): readonly string[] {
  return parseCertificate(certificate).dnsNames
}

/** The key that the certificate is about. */
export function publicJwkOf(certificate: string): PublicJwk {
  return parseCertificate(certificate).publicJwk
}

/** All that a wallet reads of a verifier's leaf certificate: the `readCertificate` of @ekkasan/wallet. */
export async function readClientCertificate(
  der: Uint8Array,
): Promise<{ readonly publicJwk: PublicJwk; readonly dnsNames: readonly string[]; readonly name: string }> {
  const { publicJwk, dnsNames, subject } = parseCertificate(der)
  return { publicJwk, dnsNames, name: subject }
}
