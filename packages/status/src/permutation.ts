import { concatBytes, hash } from '@ekkasan/core/bytes'

const rounds = 8

/**
 * A keyed permutation of 0 … size-1: numbers that were counted up become places in no order that somebody
 * without the key could tell. A Feistel network over the next even power of two, walked until it falls below size.
 */
export function createPermutation(key: Uint8Array, size: number): (number: number) => number {
  const halfBits = Math.max(1, Math.ceil(Math.log2(size) / 2))
  const half = 2 ** halfBits
  // Few inputs, met again and again: 8 hashes for a place that is found, and as many for each that is walked over.
  const mixed = new Int32Array(rounds * half).fill(-1)
  const mix = (round: number, value: number): number => {
    const at = round * half + value
    if (mixed[at] === -1) mixed[at] = mixOnce(round, value)
    return mixed[at] as number
  }
  const mixOnce = (round: number, value: number): number => {
    const block = new Uint8Array([round, value & 255, (value >> 8) & 255, (value >> 16) & 255])
    const digest = hash('sha-256', concatBytes(key, block))
    const [a, b, c] = digest as unknown as [number, number, number]
    return (a | (b << 8) | (c << 16)) % half
  }
  const once = (number: number): number => {
    let left = Math.floor(number / half)
    let right = number % half
    for (let round = 0; round < rounds; round++) {
      const next = left ^ mix(round, right)
      left = right
      right = next
    }
    return left * half + right
  }
  return (number) => {
    let place = once(number)
    while (place >= size) place = once(place)
    return place
  }
}
