// base58btc of Multibase. Quadratic in the length: callers bound it before they come here.

const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
const digits = new Map([...alphabet].map((character, digit) => [character, digit]))

export function encodeBase58(bytes: Uint8Array): string {
  let zeros = 0
  while (zeros < bytes.length && bytes[zeros] === 0) zeros += 1
  let number = 0n
  for (const byte of bytes) number = number * 256n + BigInt(byte)
  let text = ''
  for (; number > 0n; number /= 58n) text = alphabet.charAt(Number(number % 58n)) + text
  return '1'.repeat(zeros) + text
}

/** Throws a TypeError when a character is not of the alphabet. */
export function decodeBase58(text: string): Uint8Array<ArrayBuffer> {
  let zeros = 0
  while (text.charAt(zeros) === '1') zeros += 1
  let number = 0n
  for (const character of text) {
    const digit = digits.get(character)
    if (digit === undefined) throw new TypeError('not base58')
    number = number * 58n + BigInt(digit)
  }
  const tail: number[] = []
  for (; number > 0n; number /= 256n) tail.push(Number(number % 256n))
  const bytes = new Uint8Array(zeros + tail.length)
  bytes.set(tail.reverse(), zeros)
  return bytes
}
