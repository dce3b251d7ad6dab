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
  let number = 0n
  for (let at = 0; at < text.length; at += chunkLength) {
    const part = text.slice(at, at + chunkLength)
    let value = 0
    for (const character of part) {
      const digit = digits.get(character)
      if (digit === undefined) throw new TypeError('not base58')
      value = value * 58 + digit
    }
    number = number * (part.length === chunkLength ? chunk : BigInt(58 ** part.length)) + BigInt(value)
  }
  const hex = number === 0n ? '' : number.toString(16)
  const padded = hex.length % 2 === 0 ? hex : `0${hex}`
  const bytes = new Uint8Array(zeros + padded.length / 2)
  for (let at = 0; at < padded.length; at += 2) {
    bytes[zeros + at / 2] = Number.parseInt(padded.slice(at, at + 2), 16)
  }
  return bytes
}
