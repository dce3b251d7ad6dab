import { fromBase64 } from '@ekkasan/core/bytes'
import { X509Error } from './errors.ts'

/** Honest certificates take 1 to 4 KiB. */
export const maxBytes = 16_384
// As PEM, with its lines.
const maxLength = 24_576

export function derOfBase64(text: string): Uint8Array<ArrayBuffer> {
  if (text.length > maxLength) throw malformed('too long')
  const [, pem] =
    /^\s*-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----\s*$/.exec(text) ?? []
  const base64 = pem === undefined ? text : pem.replaceAll(/\s/g, '')
  if (base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) throw malformed('not base64')
  try {
    return fromBase64(base64)
  } catch {
    throw malformed('not base64')
  }
}

/** PEM of a certificate given as base64 DER, for files and other software. */
export function pemOf(base64: string): string {
  const lines = base64.match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}

function malformed(what: string): X509Error {
  return new X509Error('x509.certificate.malformed', `not an acceptable certificate: ${what}`)
}
