import { hex } from './hex.ts'

const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
const digits = new Map([...alphabet].map((character, digit) => [character, digit]))

// The most digits that fit a number exactly: arithmetic on great integers is done once for so many of them.
const chunkLength = 9
const chunk = BigInt(58 ** chunkLength)

/** base58btc of Multibase. Quadratic in the length, as is `fromBase58`: callers bound it before they come here. */
export function base58(bytes: Uint8Array): string {
  let zeros = 0
  while (zeros < bytes.length && bytes[zeros] === 0) zeros += 1
  let text = ''
  for (let number = BigInt(`0x0${hex(bytes)}`); number > 0n; number /= chunk) {
    let rest = Number(number % chunk)
    for (let count = 0; count < chunkLength; count++) {
      text = alphabet.charAt(rest % 58) + text
      rest = Math.floor(rest / 58)
    }
  }
  return '1'.repeat(zeros) + text.replace(/^1+/, '')
}

/** Throws a TypeError when a character is not of the alphabet. */
export function fromBase58(text: string): Uint8Array<ArrayBuffer> {
  let zeros = 0
  while (text.charAt(zeros) === '1') zeros += 1
  // Digits of 16 bits, the lowest first.
  const units: number[] = []
  for (let at = zeros; at < text.length; at++) {
    const digit = digits.get(text.charAt(at))
    if (digit === undefined) throw new TypeError('not base58')
    let carry = digit
    for (let place = 0; place < units.length; place++) {
      carry += (units[place] as number) * 58
      units[place] = carry & 0xffff
      carry >>>= 16
    }
    if (carry > 0) units.push(carry)
  }
  const top = units.at(-1) ?? 0
  const length = units.length * 2 - (units.length > 0 && top < 256 ? 1 : 0)
  const bytes = new Uint8Array(zeros + length)
  for (let at = 0; at < length; at++) {
    bytes[bytes.length - 1 - at] = (units[at >> 1] as number) >> (at % 2 === 0 ? 0 : 8)
  }
  return bytes
}
