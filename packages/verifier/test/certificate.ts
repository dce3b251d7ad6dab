import type { PublicJwk } from '@ekkasan/core'
import { base64url, fromUtf8, utf8 } from '@ekkasan/core/bytes'
import type { ReadCertificate } from '@ekkasan/openid4vc'

/** Stands for a certificate where only the port matters: base64 of JSON, read by `readPaperCertificate`. */
export function paperCertificate(
  publicJwk: PublicJwk,
  dnsNames: readonly string[] = [],
  name?: string,
): string {
  const text = JSON.stringify({ publicJwk, dnsNames, ...(name !== undefined && { name }) })
  const base64 = base64url(utf8(text)).replaceAll('-', '+').replaceAll('_', '/')
  return base64.padEnd(Math.ceil(base64.length / 4) * 4, '=')
}

export const readPaperCertificate: ReadCertificate = async (der) => JSON.parse(fromUtf8(der))
