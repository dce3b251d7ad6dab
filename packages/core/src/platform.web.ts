import { isCanonicalBase64url } from './base64url-alphabet.ts'
import type { HashAlgorithm } from './ports.ts'
import { sha256, sha384, sha512 } from './sha2.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

const digests = { 'sha-256': sha256, 'sha-384': sha384, 'sha-512': sha512 }

export function hash(algorithm: HashAlgorithm, data: string | Uint8Array): Uint8Array<ArrayBuffer> {
  return digests[algorithm](typeof data === 'string' ? encoder.encode(data) : data)
}

export function hashBase64url(algorithm: HashAlgorithm, data: string | Uint8Array): string {
  return base64url(hash(algorithm, data))
}

export function base64url(data: string | Uint8Array): string {
  const bytes = typeof data === 'string' ? encoder.encode(data) : data
  let binary = ''
  for (let at = 0; at < bytes.length; at += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000))
  }
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** Throws a TypeError when the text is not canonical base64url without padding. */
export function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  if (!isCanonicalBase64url(text)) throw new TypeError('not base64url')
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  const bytes = new Uint8Array(binary.length)
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i)
  return bytes
}

export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text)
}

/** Throws a TypeError when the text is not canonical base64url of UTF-8. */
export function textFromBase64url(text: string): string {
  return decoder.decode(fromBase64url(text))
}
