import type { RandomBytes } from '@ekkasan/core'
import { base64url, platformRandomBytes } from '@ekkasan/core/bytes'

export interface Salts {
  /** 144 random bits as base64url. */
  next(): string
}

const saltBytes = 18
const saltLength = 24
const block = 128

const platformSalts = salts(platformRandomBytes)

/** Salts from the platform's randomness, unless another source is given. */
export function createSalts(randomBytes: RandomBytes | undefined): Salts {
  return randomBytes ? salts(randomBytes) : platformSalts
}

// Drawn and encoded a block at a time: a salt of 18 bytes is a whole number of base64url characters.
function salts(randomBytes: RandomBytes): Salts {
  let text = ''
  let at = 0
  return {
    next() {
      if (at === text.length) {
        text = base64url(randomBytes(saltBytes * block))
        at = 0
      }
      at += saltLength
      return text.slice(at - saltLength, at)
    },
  }
}
