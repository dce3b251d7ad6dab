import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createPermutation } from '../src/permutation.ts'

describe('the order in which a list is filled', () => {
  it.each([1, 2, 3, 5, 16, 17, 100, 1000, 4096, 10_007])('reaches each of %i places once', (size) => {
    const place = createPermutation(randomBytes(32), size)
    const places = Array.from({ length: size }, (_, i) => place(i))
    expect([...places].sort((a, b) => a - b)).toEqual(Array.from({ length: size }, (_, i) => i))
  })

  it('is another for each key, and the same for one', () => {
    const key = randomBytes(32)
    const order = (k: Uint8Array) => Array.from({ length: 1000 }, (_, i) => createPermutation(k, 4096)(i))
    expect(order(key)).toEqual(order(key))
    const other = order(randomBytes(32))
    expect(order(key).filter((place, i) => place === other[i]).length).toBeLessThan(20)
  })

  it('shows no neighbourhood: two credentials issued one after the other stand far apart as a rule', () => {
    const size = 2 ** 17
    const place = createPermutation(randomBytes(32), size)
    let near = 0
    let total = 0
    for (let i = 0; i < 2000; i++) {
      const distance = Math.abs(place(i) - place(i + 1))
      if (distance < size / 100) near += 1
      total += distance
    }
    expect(near).toBeLessThan(2000 * 0.05)
    expect(total / 2000 / size).toBeGreaterThan(0.25)
    expect(total / 2000 / size).toBeLessThan(0.42)
  })
})
