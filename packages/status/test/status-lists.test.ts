import { createMemoryStore, type Store } from '@ekkasan/core'
import { generateJwk, signerFromJwk } from '@ekkasan/keys'
import {
  createStatusLists,
  decodeStatusList,
  parseStatusListToken,
  readStatus,
  statusListSize,
} from '@ekkasan/status'
import { beforeEach, describe, expect, it } from 'vitest'

const signer = await signerFromJwk(await generateJwk('ES256'), { kid: 'k1' })
const url = 'https://issuer.example/status'
let store: Store
let time: number
const clock = () => new Date(time)

const open = (more: Partial<Parameters<typeof createStatusLists>[0]> = {}) =>
  createStatusLists({ url, signer, store, clock, size: 1000, ...more })

async function published(lists: ReturnType<typeof open>, uri: string) {
  const response = (await lists.fetch(new Request(uri))) as Response
  expect(response.status).toBe(200)
  const token = parseStatusListToken(await response.text())
  return { response, token, list: await decodeStatusList(token.statusList) }
}

beforeEach(() => {
  store = createMemoryStore({ clock: () => new Date(time) })
  time = Date.parse('2026-06-01T00:00:00Z')
})

describe('allocating', () => {
  it('gives no index twice to concurrent callers of two authorities on one store', async () => {
    const [one, two] = [open({ size: 300 }), open({ size: 300 })]
    const taken = await Promise.all(Array.from({ length: 1000 }, (_, i) => (i % 2 ? one : two).allocate()))
    expect(new Set(taken.map(({ uri, index }) => `${uri}#${index}`)).size).toBe(1000)
    for (const { index } of taken) expect(index).toBeLessThan(300)
    expect(new Set(taken.map(({ uri }) => uri)).size).toBe(4)
  })

  it('asks the store once for the numbers of thirty-two entries, and gives none twice over processes', async () => {
    let asked = 0
    const next = (name: string) => {
      asked++
      return store.next(name)
    }
    const size = 131_072
    const [one, two] = [open({ size, store: { ...store, next } }), open({ size, store: { ...store, next } })]
    const taken = await Promise.all(Array.from({ length: 640 }, (_, i) => (i % 2 ? one : two).allocate()))
    expect(asked).toBe(20)
    taken.push(await one.allocate())
    // What `one` did not give is lost with it.
    const restarted = open({ size })
    for (let i = 0; i < 64; i++) taken.push(await restarted.allocate(), await two.allocate())
    expect(new Set(taken.map(({ uri, index }) => `${uri}#${index}`)).size).toBe(taken.length)
    expect(new Set(taken.map(({ uri }) => uri)).size).toBe(1)
  })

  it('gives no number twice when the store fails between, and goes on', async () => {
    let asked = 0
    const next = async (name: string) => {
      const number = await store.next(name)
      if (++asked % 2 === 1) throw new Error('the connection was lost')
      return number
    }
    const lists = open({ size: 131_072, store: { ...store, next } })
    const settled = await Promise.allSettled(Array.from({ length: 10 }, () => lists.allocate()))
    expect(settled.every(({ status }) => status === 'rejected')).toBe(true)
    const taken = await Promise.all(Array.from({ length: 32 }, () => lists.allocate()))
    expect(new Set(taken.map(({ index }) => index)).size).toBe(32)
  })

  it('fills a list wholly before it begins the next', async () => {
    const lists = open({ size: 7 })
    const taken: { uri: string; index: number }[] = []
    for (let i = 0; i < 15; i++) taken.push(await lists.allocate())
    const uris = [...new Set(taken.map(({ uri }) => uri))]
    const of = (n: number) => taken.filter(({ uri }) => uri === uris[n]).map(({ index }) => index)
    expect(of(0).sort()).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(of(1).sort()).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(of(2)).toHaveLength(1)
  })

  it('goes on after a restart where it stopped, without asking every full list', async () => {
    const before = open({ size: 5 })
    let last = ''
    for (let i = 0; i < 52; i++) last = (await before.allocate()).uri
    const asked: string[] = []
    const counting = {
      ...store,
      next(name: string) {
        asked.push(name)
        return store.next(name)
      },
    }
    const entry = await open({ size: 5, store: counting }).allocate()
    expect(entry.uri).toBe(last)
    expect(asked).toHaveLength(1)
  })

  it('keeps the size of a list that was begun when the configured size changes', async () => {
    const small = open({ size: 10 })
    let uri = ''
    for (let i = 0; i < 3; i++) uri = (await small.allocate()).uri
    const large = open({ size: 1000 })
    const taken = await Promise.all(Array.from({ length: 20 }, () => large.allocate()))
    expect(taken.filter((entry) => entry.uri === uri)).toHaveLength(7)
    expect((await published(large, uri)).list.bytes).toHaveLength(3)
  })

  it('keeps lists of different URLs in one store apart', async () => {
    const other = open({ url: 'https://issuer.example/other' })
    const mine = await open().allocate()
    await open().set(mine, 'revoked')
    const theirs = { uri: (await other.allocate()).uri, index: mine.index }
    expect(await other.get(theirs)).toBe('valid')
  })

  it('takes indices in another order each time a list is begun', async () => {
    const order = async () => {
      store = createMemoryStore()
      const lists = open()
      return Promise.all(Array.from({ length: 50 }, async () => (await lists.allocate()).index))
    }
    const [first, second] = [await order(), await order()]
    expect(first).not.toEqual(second)
    expect(first).not.toEqual([...first].sort((a, b) => a - b))
  })
})

describe('changing a status', () => {
  it('revokes, suspends and restores', async () => {
    const lists = open()
    const entry = await lists.allocate()
    expect(await lists.get(entry)).toBe('valid')
    for (const status of ['suspended', 'valid', 'suspended', 'revoked'] as const) {
      await lists.set(entry, status)
      expect(await lists.get(entry)).toBe(status)
    }
  })

  it('holds a revocation final, and repeats it without complaint', async () => {
    const lists = open()
    const entry = await lists.allocate()
    await lists.set(entry, 'revoked')
    for (const status of ['valid', 'suspended'] as const) {
      await expect(lists.set(entry, status)).rejects.toMatchObject({ code: 'status.entry.revoked' })
    }
    await lists.set(entry, 'revoked')
    expect(await lists.get(entry)).toBe('revoked')
  })

  it('loses none of many concurrent changes, made by two authorities in one chunk', async () => {
    const [one, two] = [open({ size: 2000 }), open({ size: 2000 })]
    const entries = await Promise.all(Array.from({ length: 400 }, () => one.allocate()))
    await Promise.all(
      entries.map((entry, i) => (i % 2 ? one : two).set(entry, i % 3 ? 'revoked' : 'suspended')),
    )
    const { list } = await published(two, entries[0]!.uri)
    for (const [i, { index }] of entries.entries()) expect(readStatus(list, index)).toBe(i % 3 ? 1 : 2)
    expect(list.bytes.reduce((n, b) => n + [0, 2, 4, 6].filter((s) => (b >> s) & 3).length, 0)).toBe(400)
  })

  it('lets one of a revocation and a restoration at the same moment end as revoked, always', async () => {
    const [one, two] = [open(), open()]
    for (let i = 0; i < 30; i++) {
      const entry = await one.allocate()
      await one.set(entry, 'suspended')
      await Promise.allSettled([one.set(entry, 'revoked'), two.set(entry, 'valid')])
      expect(await two.get(entry)).toBe('revoked')
    }
  })

  it('refuses a reference that is none of its own', async () => {
    const lists = open()
    const { uri } = await lists.allocate()
    const foreign = [
      { uri, index: 1000 },
      { uri, index: -1 },
      { uri, index: 1.5 },
      { uri: `${url}/1`, index: 0 },
      { uri: `${url}/00`, index: 0 },
      { uri: `${url}x/0`, index: 0 },
      { uri: 'https://other.example/status/0', index: 0 },
    ]
    for (const entry of foreign) {
      await expect(lists.set(entry, 'revoked')).rejects.toMatchObject({ code: 'status.entry.unknown' })
      await expect(lists.get(entry)).rejects.toMatchObject({ code: 'status.entry.unknown' })
    }
    await expect(lists.set({ uri, index: 0 }, 'gone' as never)).rejects.toThrow(TypeError)
  })

  it('reaches entries in every chunk of a large list', async () => {
    const lists = open({ size: 100_003 })
    const { uri } = await lists.allocate()
    const indices = [0, 16_383, 16_384, 50_000, 98_304, 100_002]
    for (const index of indices) await lists.set({ uri, index }, 'revoked')
    const { list } = await published(lists, uri)
    expect(statusListSize(list)).toBeGreaterThanOrEqual(100_003)
    const found = Array.from({ length: 100_003 }, (_, i) => i).filter((i) => readStatus(list, i) === 1)
    expect(found).toEqual(indices)
  })
})

describe('publishing', () => {
  it('serves a token of the type, claims and headers that the standard asks for (sections 5.1, 8.2)', async () => {
    const lists = open({ ttl: 60, lifetime: 3600, issuer: 'https://issuer.example' })
    const { uri } = await lists.allocate()
    const { response, token } = await published(lists, uri)
    expect(response.headers.get('content-type')).toBe('application/statuslist+jwt')
    expect(response.headers.get('cache-control')).toBe('public, max-age=60')
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    expect(token.jws.header).toEqual({ alg: 'ES256', typ: 'statuslist+jwt', kid: 'k1' })
    const { status_list, ...claims } = token.jws.payload
    const iat = time / 1000
    expect(claims).toEqual({ iss: 'https://issuer.example', sub: uri, iat, exp: iat + 3600, ttl: 60 })
    expect(status_list).toEqual({ bits: 2, lst: expect.stringMatching(/^[A-Za-z0-9_-]+$/) })
  })

  it('puts the certificate chain into the header where the key has one', async () => {
    const withChain = { ...signer, key: { publicJwk: signer.key.publicJwk, x5c: ['MIIB'] } }
    const lists = open({ signer: withChain })
    const { token } = await published(lists, (await lists.allocate()).uri)
    expect(token.jws.header).toEqual({ alg: 'ES256', typ: 'statuslist+jwt', x5c: ['MIIB'] })
  })

  it('answers 304 to who has it already', async () => {
    const lists = open()
    const { uri } = await lists.allocate()
    const etag = (await published(lists, uri)).response.headers.get('etag') as string
    const ask = (tag: string) => lists.fetch(new Request(uri, { headers: { 'if-none-match': tag } }))
    for (const tag of [etag, `"x", W/${etag}`, '*']) {
      const response = (await ask(tag)) as Response
      expect(response.status).toBe(304)
      expect(response.headers.get('etag')).toBe(etag)
      expect(await response.text()).toBe('')
    }
    expect((await ask('"x"'))?.status).toBe(200)
    await lists.set({ uri, index: 1 }, 'revoked')
    expect((await ask(etag))?.status).toBe(200)
  })

  it('shows a change at once in the process that made it', async () => {
    const lists = open()
    const { uri } = await lists.allocate()
    for (let index = 0; index < 20; index++) {
      await published(lists, uri)
      await lists.set({ uri, index }, 'revoked')
      expect(readStatus((await published(lists, uri)).list, index)).toBe(1)
    }
  })

  it('shows a change that was made while the list was being signed', async () => {
    let release = () => {}
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    let isSlow = true
    const slow = {
      ...signer,
      async sign(data: Uint8Array) {
        if (isSlow) await gate
        return signer.sign(data)
      },
    }
    const lists = open({ signer: slow })
    const { uri } = await lists.allocate()
    const early = lists.fetch(new Request(uri))
    await new Promise((resolve) => setTimeout(resolve, 20))
    await lists.set({ uri, index: 3 }, 'revoked')
    isSlow = false
    expect(readStatus((await published(lists, uri)).list, 3)).toBe(1)
    release()
    await early
    expect(readStatus((await published(lists, uri)).list, 3)).toBe(1)
  })

  it('shows a change made by another process within two seconds', async () => {
    const [one, two] = [open(), open()]
    const { uri } = await one.allocate()
    await published(two, uri)
    await one.set({ uri, index: 5 }, 'revoked')
    time += 1100
    expect(readStatus((await published(two, uri)).list, 5)).toBe(1)
  })

  it('signs anew when the list is older than its ttl, and not before', async () => {
    const lists = open({ ttl: 60 })
    const { uri } = await lists.allocate()
    const first = (await published(lists, uri)).token
    time += 59_000
    const same = await published(lists, uri)
    expect(same.token.issuedAt).toEqual(first.issuedAt)
    expect(same.response.headers.get('cache-control')).toBe('public, max-age=1')
    time += 1000
    expect((await published(lists, uri)).token.issuedAt.getTime()).toBe(time)
  })

  it('signs anew at once when a clock that was fast is set right, and lets nobody keep it for longer than its ttl [L5]', async () => {
    const lists = open({ ttl: 60 })
    const { uri } = await lists.allocate()
    const right = time
    time += 86_400_000
    await published(lists, uri)
    time = right
    const { response, token } = await published(lists, uri)
    expect(token.issuedAt.getTime()).toBe(right)
    expect(response.headers.get('cache-control')).toBe('public, max-age=60')
    // Set back by less than the ttl, and while the list is being looked at.
    time += 30_000
    await published(lists, uri)
    time -= 40_000
    expect((await published(lists, uri)).token.issuedAt.getTime()).toBe(time)
    // Ahead again: of no list more is kept than its ttl, and never less than nothing.
    for (const step of [59_999, 1, 3_600_000, -3_600_000, 86_400_000]) {
      time += step
      const { response, token } = await published(lists, uri)
      const maxAge = Number(/^public, max-age=(\d+)$/.exec(response.headers.get('cache-control') ?? '')?.[1])
      expect(maxAge).toBeLessThanOrEqual(60)
      expect(maxAge).toBeGreaterThanOrEqual(0)
      expect(token.issuedAt.getTime()).toBeLessThanOrEqual(time)
    }
  })

  it('shows what another process changed though the clock was set back since it looked [L5]', async () => {
    const [one, two] = [open(), open()]
    const { uri } = await one.allocate()
    time += 3_600_000
    await published(two, uri)
    time -= 3_600_000
    await one.set({ uri, index: 5 }, 'revoked')
    expect(readStatus((await published(two, uri)).list, 5)).toBe(1)
  })

  it('reads the store once for many requests at the same moment', async () => {
    let reads = 0
    const counted = {
      ...store,
      list(...args: Parameters<Store['list']>) {
        reads += 1
        return store.list(...args)
      },
    }
    const lists = open({ store: counted })
    const { uri } = await lists.allocate()
    await Promise.all(Array.from({ length: 50 }, () => published(lists, uri)))
    expect(reads).toBe(1)
  })

  it('says nothing for what is none of its lists', async () => {
    const lists = open()
    const { uri } = await lists.allocate()
    const id = uri.slice(url.length)
    for (const path of [
      `${id}/x`,
      `${id}x`,
      `/x${id}`,
      '/0',
      '/1',
      '',
      '/',
      '/00',
      '/-1',
      '/0/x',
      '/0x',
      '/99999999999',
      '/%30',
      'x/0',
    ]) {
      expect(await lists.fetch(new Request(url + path))).toBeUndefined()
    }
    expect(await lists.fetch(new Request(`https://issuer.example${id}`))).toBeUndefined()
  })

  it('answers behind a proxy that changed the host', async () => {
    const lists = open()
    const { pathname } = new URL((await lists.allocate()).uri)
    expect((await lists.fetch(new Request(`http://10.0.0.1:3000${pathname}`)))?.status).toBe(200)
  })

  it('answers HEAD without a body, other methods, media types and times with their codes', async () => {
    const lists = open()
    const { uri } = await lists.allocate()
    const status = async (init: RequestInit, query = '') =>
      (await lists.fetch(new Request(uri + query, init)))?.status
    const head = await lists.fetch(new Request(uri, { method: 'HEAD' }))
    expect([head?.status, await head?.text()]).toEqual([200, ''])
    expect(await status({ method: 'POST', body: 'x' })).toBe(405)
    expect(await status({ method: 'DELETE' })).toBe(405)
    expect(await status({ headers: { accept: '*/*, application/statuslist+jwt;q=0' } })).toBe(200)
    expect(await status({ headers: { accept: 'text/html, application/statuslist+jwt;q=0.5' } })).toBe(200)
    expect(await status({ headers: { accept: '*/*' } })).toBe(200)
    expect(await status({}, '?time=1686925000')).toBe(501)
  })

  it.each([
    'application/json',
    'application/jwt',
    'text/html',
    'application/statuslist+jwt;q=0, application/statuslist+cwt;q=0',
    'application/json;q=0.9, text/plain',
    'nonsense',
  ])('answers Accept: %s with its own type [F17]', async (accept) => {
    const lists = open()
    const { uri } = await lists.allocate()
    for (const method of ['GET', 'HEAD']) {
      const response = await lists.fetch(new Request(uri, { method, headers: { accept } }))
      expect(response?.status).toBe(200)
      expect(response?.headers.get('content-type')).toBe('application/statuslist+jwt')
      const text = (await response?.text()) ?? ''
      if (method === 'GET') expect(text.split('.')).toHaveLength(3)
      else expect(text).toBe('')
    }
  })

  it('refuses what it cannot be built of', () => {
    for (const wrong of [
      { url: 'https://a.example/s/' },
      { url: 'https://a.example/s?x' },
      { url: 'no url' },
      { size: 0 },
      { size: 1.5 },
      { ttl: 0 },
      { ttl: 100, lifetime: 99 },
    ]) {
      expect(() => open(wrong)).toThrow(TypeError)
    }
  })
})
