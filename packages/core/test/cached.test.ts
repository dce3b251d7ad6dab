import { cached } from '@ekkasan/core'
import { describe, expect, it } from 'vitest'

describe('cached', () => {
  function counting(options: object = {}) {
    let asked = 0
    let now = 0
    const resolve = cached(
      async (name: string) => {
        asked += 1
        if (name === 'bad') throw new Error('no')
        return { name }
      },
      { lifetime: 1000, clock: () => new Date(now), ...options },
    )
    return { resolve, asked: () => asked, pass: (milliseconds: number) => (now += milliseconds) }
  }

  it('gives the same object until its lifetime is over', async () => {
    const { resolve, asked, pass } = counting()
    const first = await resolve('a')
    pass(999)
    expect(await resolve('a')).toBe(first)
    pass(1)
    expect(await resolve('a')).not.toBe(first)
    expect(asked()).toBe(2)
  })

  it('asks once for questions that come together', async () => {
    const { resolve, asked } = counting()
    await Promise.all([resolve('a'), resolve('a'), resolve('a')])
    expect(asked()).toBe(1)
  })

  it('never remembers a failure', async () => {
    const { resolve, asked } = counting()
    await expect(resolve('bad')).rejects.toThrow('no')
    await expect(resolve('bad')).rejects.toThrow('no')
    expect(asked()).toBe(2)
  })

  it('drops what was asked for longest ago when it is full', async () => {
    const { resolve, asked } = counting({ maxEntries: 2 })
    for (const name of ['a', 'b', 'a', 'c', 'a']) await resolve(name)
    expect(asked()).toBe(3)
    await resolve('b')
    expect(asked()).toBe(4)
  })

  it('is refused without a lifetime', () => {
    expect(() => counting({ lifetime: 0 })).toThrow(TypeError)
  })
})
