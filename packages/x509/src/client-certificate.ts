import type { PublicJwk } from '@ekkasan/core'
import { hashBase64url } from '@ekkasan/core/bytes'
import { derOfBase64 } from './base64.ts'
import { parseCertificate } from './certificate.ts'

// What client identifiers say of a certificate, OpenID4VP section 5.9.3.

/** SHA-256 of a certificate given as base64 DER: the part of a client identifier after `x509_hash:`. */
export function x509HashOf(certificate: string): string {
  return hashBase64url('sha-256', derOfBase64(certificate))
}

/** All that a wallet reads of a verifier's leaf certificate: the `readCertificate` of @ekkasan/wallet. */
export async function readClientCertificate(
  der: Uint8Array,
): Promise<{ readonly publicJwk: PublicJwk; readonly dnsNames: readonly string[]; readonly name: string }> {
  const { publicJwk, dnsNames, subject } = parseCertificate(der)
  return { publicJwk, dnsNames, name: subject }
}
