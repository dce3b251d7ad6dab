import type { Clock, JsonValue, Store } from '@ekkasan/core'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

export interface StoreUnderTest {
  readonly store: Store
  /** A second store over the same data, as another process would open it; the same one where there is none. */
  readonly other: Store
  close(): Promise<void>
}

/** The promises of the Store port, which every implementation runs. */
export function describeStore(name: string, open: (clock: Clock) => Promise<StoreUnderTest>): void {
  describe(`${name}: the Store port`, () => {
    let under: StoreUnderTest
    let store: Store
    let time = Date.parse('2026-01-01T00:00:00Z')
    let serial = 0
    const clock = () => new Date(time)
    const fresh = (kind = 'k') => `${kind}/${serial++}`
    const soon = () => new Date(time + 1000)

    beforeAll(async () => {
      under = await open(clock)
      store = under.store
    })
    afterAll(() => under?.close())

    it('gives back what was put, and undefined for what was not', async () => {
      const key = fresh()
      expect(await store.get(key)).toBeUndefined()
      await store.put(key, { a: [1, 'ก', null, true] })
      expect((await store.get(key))?.value).toEqual({ a: [1, 'ก', null, true] })
      await store.put(key, 'other')
      expect((await store.get(key))?.value).toBe('other')
    })

    it('keeps any JSON value as it is, NUL, DEL and lone surrogates included', async () => {
      const key = fresh()
      const text = fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((c) => String.fromCharCode(c)) })
      await fc.assert(
        fc.asyncProperty(fc.oneof(fc.jsonValue(), text), async (value) => {
          const json = JSON.parse(JSON.stringify(value)) as JsonValue
          await store.put(key, json)
          expect((await store.get(key))?.value).toEqual(json)
        }),
        { numRuns: 60, examples: [['\u0000'], ['\ud800'], [{ '\u0000': '\udfff\u007f' }], [''], [null]] },
      )
    })

    it('keeps a value of one megabyte', async () => {
      const key = fresh()
      const value = { text: 'บ'.repeat(1_048_576) }
      await store.put(key, value)
      expect((await store.get(key))?.value).toEqual(value)
    })

    it('keeps no tie to the object that was put or was given out', async () => {
      const key = fresh()
      const value = { list: [1] }
      const written = store.put(key, value)
      value.list.push(2)
      await written
      const first = (await store.get(key))?.value as { list: number[] }
      expect(first.list).toEqual([1])
      first.list.push(3)
      expect((await store.get(key))?.value).toEqual({ list: [1] })
    })

    it.each([
      ['empty', ''],
      ['not ASCII', 'ก/1'],
      ['a control character', 'a\u0000b'],
      ['a line break', 'a\n'],
      ['DEL', 'a\u007f'],
      ['longer than 256', 'k'.repeat(257)],
      ['not a string', 7 as unknown as string],
    ])('refuses a key that is %s with a TypeError, everywhere', async (_what, key) => {
      await expect(store.get(key)).rejects.toThrow(TypeError)
      await expect(store.put(key, 1)).rejects.toThrow(TypeError)
      await expect(store.swap(key, undefined, 1)).rejects.toThrow(TypeError)
      await expect(store.delete(key)).rejects.toThrow(TypeError)
      await expect(store.next(key)).rejects.toThrow(TypeError)
      await expect(store.count(key)).rejects.toThrow(TypeError)
      if (key !== '') await expect(store.list(key)).rejects.toThrow(TypeError)
      if (key !== '') await expect(store.list('k/', { after: key })).rejects.toThrow(TypeError)
    })

    it('takes a key of 256 characters with every printable ASCII character', async () => {
      const key = ` !"#$%&'()*+,-./0:;<=>?@AZ[\\]^_\`az{|}~`.padEnd(256, '%')
      await store.put(key, 1)
      expect((await store.get(key))?.value).toBe(1)
      expect((await store.list(key)).entries).toHaveLength(1)
      await store.delete(key)
    })

    it('refuses what is no JSON value, an oversized one, an invalid date or limit with a TypeError', async () => {
      const key = fresh()
      await expect(store.put(key, undefined as unknown as JsonValue)).rejects.toThrow(TypeError)
      await expect(store.put(key, (() => 1) as unknown as JsonValue)).rejects.toThrow(TypeError)
      await expect(store.put(key, 'x'.repeat(8_388_608))).rejects.toThrow(TypeError)
      await expect(store.put(key, 1, { expiresAt: new Date('no') })).rejects.toThrow(TypeError)
      await expect(store.swap(key, undefined, 1, { expiresAt: new Date('no') })).rejects.toThrow(TypeError)
      for (const expiresIn of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
        await expect(store.put(key, 1, { expiresIn })).rejects.toThrow(TypeError)
      }
      const both = { expiresIn: 1, expiresAt: soon() }
      await expect(store.put(key, 1, both)).rejects.toThrow(TypeError)
      await expect(store.swap(key, undefined, 1, both)).rejects.toThrow(TypeError)
      await expect(store.list('k/', { limit: 0 })).rejects.toThrow(TypeError)
      await expect(store.list('k/', { limit: 1.5 })).rejects.toThrow(TypeError)
      expect(await store.get(key)).toBeUndefined()
    })

    it('swaps only where the version is the expected one', async () => {
      const key = fresh()
      expect(await store.swap(key, 1, 'x')).toBe(false)
      expect(await store.swap(key, undefined, 'a')).toBe(true)
      expect(await store.swap(key, undefined, 'b')).toBe(false)
      const first = await store.get(key)
      expect(first?.value).toBe('a')
      expect(await store.swap(key, first?.version, 'b')).toBe(true)
      expect(await store.swap(key, first?.version, 'c')).toBe(false)
      expect((await store.get(key))?.value).toBe('b')
    })

    it('deletes by a swap to undefined, only where the version is the expected one', async () => {
      const key = fresh()
      expect(await store.swap(key, undefined, undefined)).toBe(true)
      await store.put(key, 1)
      const version = (await store.get(key))?.version as number
      expect(await store.swap(key, version + 1, undefined)).toBe(false)
      expect(await store.swap(key, undefined, undefined)).toBe(false)
      expect(await store.swap(key, version, undefined)).toBe(true)
      expect(await store.get(key)).toBeUndefined()
      expect(await store.swap(key, version, undefined)).toBe(false)
    })

    it('never gives a key the same version twice, though it was deleted, swapped away or expired between', async () => {
      const key = fresh()
      const seen: number[] = []
      const note = async () => seen.push((await store.get(key))?.version as number)
      await store.put(key, 1)
      await note()
      await store.delete(key)
      await store.put(key, 1)
      await note()
      await store.swap(key, seen.at(-1), undefined)
      await store.swap(key, undefined, 1, { expiresAt: soon() })
      await note()
      time += 1000
      expect(await store.swap(key, seen.at(-1), 2)).toBe(false)
      expect(await store.swap(key, undefined, 1)).toBe(true)
      await note()
      await store.put(key, 1)
      await note()
      expect(new Set(seen).size).toBe(5)
      expect(seen.every(Number.isSafeInteger)).toBe(true)
    })

    it('lets exactly one of a hundred racing swaps win, over two connections', async () => {
      for (let round = 0; round < 5; round++) {
        const key = fresh('race')
        const race = (expected: number | undefined) =>
          Promise.all(
            Array.from({ length: 100 }, (_, i) => (i % 2 ? under.other : store).swap(key, expected, { i })),
          )
        for (let step = 0; step < 3; step++) {
          const before = await store.get(key)
          const won = await race(before?.version)
          expect(won.filter(Boolean)).toHaveLength(1)
          expect((await under.other.get(key))?.value).toEqual({ i: won.indexOf(true) })
        }
      }
    })

    it('lets exactly one of many racers take what expired, and one delete by swap', async () => {
      const key = fresh('race')
      await store.put(key, 0, { expiresAt: soon() })
      time += 1000
      const taken = await Promise.all(
        Array.from({ length: 40 }, (_, i) => (i % 2 ? under.other : store).swap(key, undefined, i)),
      )
      expect(taken.filter(Boolean)).toHaveLength(1)
      const version = (await store.get(key))?.version
      const removed = await Promise.all(
        Array.from({ length: 40 }, (_, i) => (i % 2 ? under.other : store).swap(key, version, undefined)),
      )
      expect(removed.filter(Boolean)).toHaveLength(1)
    })

    it('counts each attempt that swapped, none lost', async () => {
      const key = fresh('attempts')
      const add = async (by: Store): Promise<void> => {
        const before = await by.get(key)
        if (!(await by.swap(key, before?.version, ((before?.value as number) ?? 0) + 1))) await add(by)
      }
      await Promise.all(Array.from({ length: 24 }, (_, i) => add(i % 2 ? under.other : store)))
      expect((await store.get(key))?.value).toBe(24)
    })

    it('reads as absent from the moment of expiry, not before', async () => {
      const key = fresh('gone')
      await store.put(key, 1, { expiresAt: soon() })
      time += 999
      expect((await store.get(key))?.value).toBe(1)
      expect((await store.list(key)).entries).toHaveLength(1)
      time += 1
      expect(await store.get(key)).toBeUndefined()
      expect((await store.list(key)).entries).toHaveLength(0)
      await store.put(key, 2)
      time += 10_000_000
      expect((await store.get(key))?.value).toBe(2)
    })

    it('counts an expiry in seconds by its own clock, whatever the clock of the writer says [L7]', async () => {
      const [put, swapped, replaced] = [fresh('in'), fresh('in'), fresh('in')]
      await store.put(put, 1, { expiresIn: 1 })
      expect(await store.swap(swapped, undefined, 1, { expiresIn: 1 })).toBe(true)
      await store.put(replaced, 1)
      const version = (await store.get(replaced))?.version
      expect(await store.swap(replaced, version, 2, { expiresIn: 1 })).toBe(true)
      time += 999
      for (const key of [put, swapped, replaced]) expect(await store.get(key)).toBeDefined()
      time += 1
      for (const key of [put, swapped, replaced]) expect(await store.get(key)).toBeUndefined()
    })

    it('tells the time by which it decides what has expired [L7]', async () => {
      expect((await store.now()).getTime()).toBe(time)
      time += 1000
      expect((await store.now()).getTime()).toBe(time)
    })

    it('sets the expiry anew with every write, also to none', async () => {
      const key = fresh()
      await store.put(key, 1, { expiresAt: soon() })
      const version = (await store.get(key))?.version
      expect(await store.swap(key, version, 2)).toBe(true)
      time += 5000
      expect((await store.get(key))?.value).toBe(2)
      await store.put(key, 3, { expiresAt: new Date(time) })
      expect(await store.get(key)).toBeUndefined()
    })

    it('deletes, and deleting what is not there is no error', async () => {
      const key = fresh()
      await store.put(key, 1)
      await store.delete(key)
      await store.delete(key)
      expect(await store.get(key)).toBeUndefined()
    })

    it('lists by prefix in the order of the bytes, in pages', async () => {
      const root = `${fresh('list')}/`
      const names = [
        'a',
        'B',
        'a-',
        'a/1',
        'a/10',
        'a/2',
        'a_',
        'Z',
        '~',
        ' ',
        '%',
        '_',
        'aB',
        'ab',
        'é'.slice(1),
      ]
      const keys = [...new Set(names.filter((n) => n !== ''))].map((n) => root + n)
      for (const key of keys) await store.put(key, { key })
      await store.put(root.slice(0, -1), 'not below')
      await store.put(`${root.slice(0, -1)}0`, 'not below')
      const found: string[] = []
      let after: string | undefined
      let pages = 0
      do {
        const page = await store.list(root, { limit: 4, ...(after !== undefined && { after }) })
        expect(page.entries.length).toBeLessThanOrEqual(4)
        for (const entry of page.entries) {
          expect(entry.value).toEqual({ key: entry.key })
          expect(entry.version).toBe((await store.get(entry.key))?.version)
          found.push(entry.key)
        }
        after = page.cursor
        pages += 1
      } while (after !== undefined)
      expect(found).toEqual([...keys].sort())
      expect(pages).toBe(Math.ceil(keys.length / 4))
      expect((await store.list(`${root}a/`)).entries.map((e) => e.key.slice(root.length))).toEqual([
        'a/1',
        'a/10',
        'a/2',
      ])
    })

    it('takes %, _ and backslash in a prefix for themselves', async () => {
      const root = `${fresh('like')}/`
      for (const name of ['%x', '_x', '\\x', 'ax']) await store.put(root + name, 1)
      for (const name of ['%', '_', '\\']) {
        expect((await store.list(root + name)).entries.map((e) => e.key)).toEqual([`${root}${name}x`])
      }
    })

    it('gives 100 entries a page unless told, and 1000 at most', async () => {
      const root = `${fresh('many')}/`
      const keys = Array.from({ length: 1005 }, (_, i) => root + String(i).padStart(5, '0'))
      await Promise.all(keys.map((key) => store.put(key, 1)))
      expect((await store.list(root)).entries).toHaveLength(100)
      const page = await store.list(root, { limit: 5000 })
      expect(page.entries).toHaveLength(1000)
      const rest = await store.list(root, { after: page.cursor as string })
      expect(rest.entries).toHaveLength(5)
      expect(rest.cursor).toBeUndefined()
    })

    it('pages on while others write: what stood all the time is given exactly once', async () => {
      const root = `${fresh('moving')}/`
      const key = (i: number) => root + String(i).padStart(4, '0')
      await Promise.all(Array.from({ length: 200 }, (_, i) => store.put(key(i * 2), i)))
      let writing = true
      const writer = (async () => {
        for (let i = 1; writing; i = (i + 2) % 400) {
          await under.other.put(key(i), 'new')
          if (i % 10 === 1) await under.other.delete(key(i))
          await new Promise((resolve) => setTimeout(resolve, 0))
        }
      })()
      const found: string[] = []
      let after: string | undefined
      do {
        const page = await store.list(root, { limit: 7, ...(after !== undefined && { after }) })
        found.push(...page.entries.map((entry) => entry.key))
        after = page.cursor
      } while (after !== undefined)
      writing = false
      await writer
      expect(found).toEqual([...found].sort())
      expect(new Set(found).size).toBe(found.length)
      expect(found.filter((k) => Number(k.slice(-4)) % 2 === 0)).toHaveLength(200)
    })

    it('counts from 0 by one, each counter by itself', async () => {
      const counter = fresh('counter')
      expect(await store.next(counter)).toBe(0)
      expect(await store.next(counter)).toBe(1)
      expect(await under.other.next(counter)).toBe(2)
      expect(await store.next(fresh('counter'))).toBe(0)
    })

    it('tells how many numbers of a counter it gave, and takes none [L1]', async () => {
      const counter = fresh('counter')
      expect(await store.count(counter)).toBe(0)
      expect(await store.next(counter)).toBe(0)
      await store.next(counter)
      expect(await store.count(counter)).toBe(2)
      expect(await under.other.count(counter)).toBe(2)
      expect(await store.next(counter)).toBe(2)
    })

    it("keeps counters and values apart: a value under a counter's name changes nothing", async () => {
      const name = fresh('counter')
      await store.next(name)
      expect(await store.get(name)).toBeUndefined()
      await store.put(name, 'value')
      expect(await store.next(name)).toBe(1)
      await store.delete(name)
      expect(await store.next(name)).toBe(2)
    })

    it('gives each number once to three hundred callers at once, over two connections', async () => {
      const counter = fresh('counter')
      const numbers = await Promise.all(
        Array.from({ length: 300 }, (_, i) => (i % 2 ? under.other : store).next(counter)),
      )
      expect([...numbers].sort((a, b) => a - b)).toEqual(Array.from({ length: 300 }, (_, i) => i))
    })

    it('shows a write to every later read, of any connection', async () => {
      const key = fresh()
      for (let i = 0; i < 20; i++) {
        await store.put(key, i)
        expect((await under.other.get(key))?.value).toBe(i)
        expect((await store.list(key)).entries[0]?.value).toBe(i)
      }
    })
  })
}
