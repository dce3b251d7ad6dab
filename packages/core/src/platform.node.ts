import { isUtf8 } from 'node:buffer'
import { hash as nodeHash } from 'node:crypto'
import { isCanonicalBase64url } from './base64url-alphabet.ts'
import type { HashAlgorithm } from './ports.ts'

const nodeNames = { 'sha-256': 'sha256', 'sha-384': 'sha384', 'sha-512': 'sha512' } as const

export function hash(algorithm: HashAlgorithm, data: string | Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(nodeHash(nodeNames[algorithm], data, 'buffer'))
}

export function hashBase64url(algorithm: HashAlgorithm, data: string | Uint8Array): string {
  return nodeHash(nodeNames[algorithm], data, 'base64url')
}

export function base64url(data: string | Uint8Array): string {
  return typeof data === 'string'
    ? Buffer.from(data, 'utf8').toString('base64url')
    : Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64url')
}

/** Throws a TypeError when the text is not canonical base64url without padding. */
export function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  if (!isCanonicalBase64url(text)) throw new TypeError('not base64url')
  const bytes = Buffer.from(text, 'base64url')
  return new Uint8Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength)
}

export function utf8(text: string): Uint8Array<ArrayBuffer> {
  const bytes = Buffer.from(text, 'utf8')
  return new Uint8Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength)
}

/** Throws a TypeError when the text is not canonical base64url of UTF-8. */
export function textFromBase64url(text: string): string {
  if (!isCanonicalBase64url(text)) throw new TypeError('not base64url')
  const bytes = Buffer.from(text, 'base64url')
  if (!isUtf8(bytes)) throw new TypeError('not UTF-8')
  return bytes.toString('utf8')
}
