import type { PublicJwk } from '@ekkasan/core'
import { jwkThumbprint } from '@ekkasan/keys'
import { parseCertificate } from '@ekkasan/x509'

/** The certificates of a PEM text as `x5c`, base64 DER each. */
export function certificatesOf(pem: string): readonly string[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  return blocks.map((block) => block.replace(/-----[A-Z ]+-----|\s/g, ''))
}

/**
 * The chain that an authority issued for a key, leaf first.
 * @throws Error that names the file and what is wrong with it
 */
export function readCertificateChain(pem: string, key: PublicJwk, file: string): readonly string[] {
  const x5c = certificatesOf(pem)
  const [leaf] = x5c
  if (leaf === undefined) throw new Error(`${file} holds no certificate`)
  if (jwkThumbprint(parseCertificate(leaf).publicJwk) !== jwkThumbprint(key)) {
    throw new Error(`the first certificate of ${file} is not for the key that signs`)
  }
  return x5c
}
