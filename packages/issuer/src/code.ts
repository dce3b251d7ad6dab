import type { RandomBytes } from '@ekkasan/core'
import { base64url, equalBytes, hashBase64url, utf8 } from '@ekkasan/core/bytes'

/** A bearer secret that names what it is for: `<id>.<128 random bits>`. Only its hash is stored. */
export interface BearerCode {
  readonly text: string
  readonly hash: string
}

export function createBearerCode(id: string, randomBytes: RandomBytes): BearerCode {
  const text = `${id}.${base64url(randomBytes(16))}`
  return { text, hash: hashBase64url('sha-256', text) }
}

/** The id in a code that came from outside; undefined where it cannot be one of ours. */
export function idOfBearerCode(text: string): string | undefined {
  return /^([A-Za-z0-9_-]{16})\.[A-Za-z0-9_-]{22}$/.exec(text)?.[1]
}

export function isBearerCode(text: string, hash: string): boolean {
  return equalBytes(utf8(hashBase64url('sha-256', text)), utf8(hash))
}

export function createOfferId(randomBytes: RandomBytes): string {
  return base64url(randomBytes(12))
}

/** Six decimal digits, each value equally likely. */
export function createTxCode(randomBytes: RandomBytes): string {
  for (;;) {
    const bytes = randomBytes(4)
    const number = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
    if (number < 4_294_000_000) return String(number % 1_000_000).padStart(6, '0')
  }
}
