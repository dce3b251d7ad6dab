import { createMemoryStore, type Store, StoreError } from '@ekkasan/core'
import { generateJwk, signerFromJwk } from '@ekkasan/keys'
import { createStatusLists } from '@ekkasan/status'
import { beforeEach, expect, it, vi } from 'vitest'

const signer = await signerFromJwk(await generateJwk('ES256'), { kid: 'k1' })
const url = 'https://issuer.example/status'

let time: number
let isAway: boolean
let signerIsAway: boolean
let isSilent: boolean
let told: unknown[]
let lists: ReturnType<typeof createStatusLists>
let entry: { readonly uri: string; readonly index: number }
let store: Store
const open = () =>
  createStatusLists({
    url,
    signer: {
      ...signer,
      sign: async (data) =>
        signerIsAway ? Promise.reject(new Error('the module is away')) : signer.sign(data),
    },
    store,
    clock: () => new Date(time),
    size: 1000,
    ttl: 300,
    lifetime: 3600,
    onError: (error) => told.push(error),
  })
beforeEach(async () => {
  time = Date.parse('2026-06-01T00:00:00Z')
  isAway = signerIsAway = false
  told = []
  const memory = createMemoryStore({ clock: () => new Date(time) })
  store = Object.fromEntries(
    Object.entries(memory).map(([name, run]) => [
      name,
      async (...given: unknown[]) => {
        if (isAway) throw Object.assign(new Error('terminating connection'), { code: '57P01' })
        if (isSilent) return new Promise(() => {})
        return (run as (...given: unknown[]) => Promise<unknown>)(...given)
      },
    ]),
  ) as { [Name in keyof Store]: Store[Name] }
  lists = open()
  entry = await lists.allocate()
})
const list = async () => (await lists.fetch(new Request(entry.uri))) as Response

it.each(['store', 'signer'])(
  'the last signed list is served while it lives, though the %s is away [L6]',
  async (what) => {
    const body = await (await list()).text()
    if (what === 'store') isAway = true
    else signerIsAway = true
    // Past its ttl, so that it would be signed anew; with minutes of life left.
    time += 3_300_000
    const response = await list()
    expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'public, max-age=0'])
    expect(await response.text()).toBe(body)
    expect(told).toHaveLength(1)
    time += 300_000
    await expect(list()).rejects.toThrow(what === 'store' ? StoreError : 'the module is away')
    isAway = signerIsAway = false
    expect(await (await list()).text()).not.toBe(body)
  },
)

it('nor does a store that answers nothing hold it up for longer than five seconds [L6]', async () => {
  const body = await (await list()).text()
  time += 3_300_000
  isSilent = true
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const asked = Promise.all([list(), list()])
  await vi.advanceTimersByTimeAsync(5000)
  vi.useRealTimers()
  for (const response of await asked) expect(await response.text()).toBe(body)
  isSilent = false
  expect(await (await list()).text()).not.toBe(body)
})

it('a list that is known to lack a change is not served while it cannot be signed anew [L6]', async () => {
  expect((await list()).status).toBe(200)
  await lists.set(entry, 'revoked')
  isAway = true
  await expect(list()).rejects.toThrow(StoreError)
  isAway = false
  expect((await list()).status).toBe(200)
  isAway = true
  time += 600_000
  expect((await list()).status).toBe(200)
})

it('nor where another process made the change [L6]', async () => {
  expect((await list()).status).toBe(200)
  await open().set(entry, 'revoked')
  time += 600_000
  signerIsAway = true
  await expect(list()).rejects.toThrow('the module is away')
})

it('a revocation that the store did not take can be made again, and is then in the list [L6]', async () => {
  isAway = true
  await expect(lists.set(entry, 'revoked')).rejects.toThrow(StoreError)
  isAway = false
  await lists.set(entry, 'revoked')
  expect(await lists.get(entry)).toBe('revoked')
})
