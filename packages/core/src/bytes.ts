// For the packages of the house; not part of the public promise of @ekkasan/core.

import { base64url, fromBase64url } from '#platform'

export { base64url, fromBase64url, hash, hashBase64url, textFromBase64url, utf8 } from '#platform'
export { base58, fromBase58 } from './base58.ts'
export { hex } from './hex.ts'

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Throws a TypeError when the bytes are not UTF-8. */
export function fromUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes)
}

/** Base64 with padding, as certificates and integrity metadata have it. */
export function base64(bytes: Uint8Array): string {
  const text = base64url(bytes).replaceAll('-', '+').replaceAll('_', '/')
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=')
}

/** Base64, with or without padding. Throws a TypeError for anything else. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return fromBase64url(
    text
      .replaceAll('+', '-')
      .replaceAll('/', '_')
      .replace(/={0,2}$/, ''),
  )
}

/** Compares in time that depends on the lengths only. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (let i = 0; i < a.length; i++) difference |= (a[i] as number) ^ (b[i] as number)
  return difference === 0
}

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return join(parts)
}

const pool = new Uint8Array(1024)
let used = pool.length

/**
 * The randomness of the platform: the default of every RandomBytes port. Few bytes come from a pool drawn at once, for
 * each drawing costs 2 µs; what was given is erased in it.
 */
export function platformRandomBytes(length: number): Uint8Array<ArrayBuffer> {
  if (length > 64) return crypto.getRandomValues(new Uint8Array(length))
  if (used + length > pool.length) {
    crypto.getRandomValues(pool)
    used = 0
  }
  const bytes = pool.slice(used, used + length)
  pool.fill(0, used, used + length)
  used += length
  return bytes
}

/** All bytes of a stream; undefined when there are more than `maxBytes`, of which no more is then read. */
export async function readAtMost(
  stream: ReadableStream<Uint8Array> | null,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (!stream) return new Uint8Array()
  const reader = stream.getReader()
  const parts: Uint8Array[] = []
  let length = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return join(parts)
    length += value.length
    if (length > maxBytes) {
      await reader.cancel().catch(() => {})
      return undefined
    }
    parts.push(value)
  }
}

function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
