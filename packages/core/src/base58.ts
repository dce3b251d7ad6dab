const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
const pairs = [...alphabet].flatMap((first) => [...alphabet].map((second) => first + second))
const digits = new Map([...alphabet].map((character, digit) => [character, digit]))

// Great numbers are lists of units, the lowest first: so many digits, or 16 bits. A unit of the one times a unit of the
// other is a number that JavaScript has exactly.
const unitLength = 5
const unit = 58 ** unitLength
const bits16 = 0x1_0000

/** base58btc of Multibase. Quadratic in the length, as is `fromBase58`: callers bound it before they come here. */
export function base58(bytes: Uint8Array): string {
  let zeros = 0
  while (zeros < bytes.length && bytes[zeros] === 0) zeros += 1
  const units: number[] = []
  for (let at = zeros - ((bytes.length - zeros) % 2); at < bytes.length; at += 2) {
    multiplyAdd(units, unit, bits16, (bytes[at] ?? 0) * 256 + (bytes[at + 1] as number))
  }
  const text = units.map((number) => {
    const high = pairs[Math.floor(number / 58 ** 3)] as string
    const low = pairs[number % 58 ** 2] as string
    return high + alphabet.charAt(Math.floor(number / 58 ** 2) % 58) + low
  })
  return '1'.repeat(zeros) + text.reverse().join('').replace(/^1+/, '')
}

/** Throws a TypeError when a character is not of the alphabet. */
export function fromBase58(text: string): Uint8Array<ArrayBuffer> {
  let zeros = 0
  while (text.charAt(zeros) === '1') zeros += 1
  const units: number[] = []
  let end = zeros + ((text.length - zeros) % unitLength)
  for (let at = zeros; at < text.length; end += unitLength) {
    let number = 0
    for (; at < end; at++) {
      const digit = digits.get(text.charAt(at))
      if (digit === undefined) throw new TypeError('not base58')
      number = number * 58 + digit
    }
    multiplyAdd(units, bits16, unit, number)
  }
  const top = units.at(-1) ?? 0
  const length = units.length * 2 - (units.length > 0 && top < 256 ? 1 : 0)
  const bytes = new Uint8Array(zeros + length)
  for (let at = 0; at < length; at++) {
    bytes[bytes.length - 1 - at] = (units[at >> 1] as number) >> (at % 2 === 0 ? 0 : 8)
  }
  return bytes
}

/** `units`, of this base, times `factor` plus `carry`. */
function multiplyAdd(units: number[], base: number, factor: number, carry: number): void {
  let rest = carry
  for (let place = 0; place < units.length; place++) {
    const number = (units[place] as number) * factor + rest
    rest = Math.floor(number / base)
    units[place] = number - rest * base
  }
  while (rest > 0) {
    units.push(rest % base)
    rest = Math.floor(rest / base)
  }
}
