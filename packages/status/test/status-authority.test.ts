import { createMemoryStore, type StatusAuthority, type StatusReference, type Store } from '@ekkasan/core'
import { generateJwk, signerFromJwk } from '@ekkasan/keys'
import {
  createBitstringStatusLists,
  createStatusLists,
  decodeBitstring,
  decodeStatusList,
  decodeStatusListCbor,
  parseStatusListCwt,
  parseStatusListToken,
  readBitstring,
  readStatus,
} from '@ekkasan/status'
import { beforeEach, describe, expect, it } from 'vitest'

// What every authority holds to, whichever kind of list it keeps.

const signer = await signerFromJwk(await generateJwk('ES256'), { kid: 'k1' })
const url = 'https://issuer.example/status'
const size = 131_072
let time = Date.now()
const clock = () => new Date(time)
type Authority = StatusAuthority<never> & Pick<StatusAuthority, 'allocate'>

interface Kind {
  readonly open: (store: Store) => Authority
  /** What the list that is served says of an entry. */
  readonly published: (authority: Authority, entry: StatusReference) => Promise<string>
  readonly listOf: (entry: StatusReference) => string
}

const get = async (authority: Authority, uri: string, accept?: string) => {
  const response = await authority.fetch(new Request(uri, accept ? { headers: { accept } } : {}))
  expect(response?.status).toBe(200)
  return response as Response
}
const names = ['valid', 'revoked', 'suspended']

const tokens = (form: 'jwt' | 'cwt'): Kind => ({
  open: (store) => createStatusLists({ url, signer, store, size, clock }) as unknown as Authority,
  async published(authority, entry) {
    if ('credentialStatus' in entry) throw new Error('another kind')
    const response = await get(authority, entry.uri, `application/statuslist+${form}`)
    const list =
      form === 'jwt'
        ? await decodeStatusList(parseStatusListToken(await response.text()).statusList)
        : await decodeStatusListCbor(
            parseStatusListCwt(new Uint8Array(await response.arrayBuffer())).statusList,
          )
    return names[readStatus(list, entry.index)] as string
  },
  listOf: (entry) => ('uri' in entry ? entry.uri : ''),
})

const bitstrings = (more: object): Kind => ({
  open: (store) =>
    createBitstringStatusLists({
      url,
      issuer: 'https://issuer.example',
      store,
      size,
      clock,
      issueCredential: async (credential) => ({
        contentType: 'application/vc',
        body: JSON.stringify(credential),
      }),
      ...more,
    }) as unknown as Authority,
  async published(authority, entry) {
    if (!('credentialStatus' in entry)) throw new Error('another kind')
    const set: string[] = []
    for (const { statusPurpose, statusListCredential, statusListIndex } of entry.credentialStatus) {
      const { credentialSubject } = await (await get(authority, statusListCredential)).json()
      expect([credentialSubject.statusPurpose].flat()).toContain(statusPurpose)
      const bytes = await decodeBitstring(credentialSubject.encodedList)
      if (readBitstring(bytes, Number(statusListIndex)) === 1) set.push(statusPurpose)
    }
    return set.includes('revocation') ? 'revoked' : set.includes('suspension') ? 'suspended' : 'valid'
  },
  listOf: (entry) =>
    'credentialStatus' in entry ? (entry.credentialStatus[0]?.statusListCredential as string) : '',
})

const kinds: [string, Kind][] = [
  ['token lists as JWT', tokens('jwt')],
  ['token lists as CWT', tokens('cwt')],
  ['bitstring lists, one for each purpose', bitstrings({})],
  ['a bitstring list of several purposes', bitstrings({ multiPurpose: true })],
]

describe.each(kinds)('an authority of %s', (_name, { open, published, listOf }) => {
  let store: Store
  let lists: Authority
  beforeEach(() => {
    store = createMemoryStore()
    lists = open(store)
  })
  const set = (authority: Authority, entry: StatusReference, status: 'valid' | 'revoked' | 'suspended') =>
    authority.set(entry as never, status)
  const stands = (authority: Authority, entry: StatusReference) => authority.get(entry as never)

  it('gives no reference twice to concurrent callers of two processes', async () => {
    const other = open(store)
    const taken = await Promise.all(Array.from({ length: 500 }, (_, i) => (i % 2 ? lists : other).allocate()))
    expect(new Set(taken.map((entry) => JSON.stringify(entry))).size).toBe(500)
    expect(new Set(taken.map(listOf)).size).toBe(1)
  })

  it('begins the next list when one is full, for all processes', async () => {
    let counter = ''
    const next = (name: string) => {
      counter = name
      return store.next(name)
    }
    const filling = open({ ...store, next })
    const first = listOf(await filling.allocate())
    // The numbers in between went to processes that are no more, thirty-two at a time.
    for (let block = 1; block < size / 32 - 1; block++) await store.next(counter)
    const rest = await Promise.all(Array.from({ length: 63 }, () => filling.allocate()))
    expect(new Set(rest.map(listOf))).toEqual(new Set([first]))
    const following = listOf(await filling.allocate())
    expect(following).not.toBe(first)
    expect(following.replace(/[^/]+$/, '')).toBe(first.replace(/[^/]+$/, ''))
    expect(listOf(await open(store).allocate())).toBe(following)
  })

  it('revokes, suspends and restores, and serves what it says', async () => {
    const entry = await lists.allocate()
    const neighbours = await Promise.all(Array.from({ length: 20 }, () => lists.allocate()))
    expect(await stands(lists, entry)).toBe('valid')
    for (const status of ['suspended', 'valid', 'suspended', 'revoked'] as const) {
      await set(lists, entry, status)
      expect(await stands(lists, entry)).toBe(status)
      expect(await published(lists, entry)).toBe(status)
    }
    for (const other of neighbours) expect(await published(lists, other)).toBe('valid')
  })

  it('holds a revocation final, and repeats it without complaint', async () => {
    const entry = await lists.allocate()
    await set(lists, entry, 'revoked')
    for (const status of ['valid', 'suspended'] as const) {
      await expect(set(lists, entry, status)).rejects.toMatchObject({ code: 'status.entry.revoked' })
    }
    await set(lists, entry, 'revoked')
    expect(await published(lists, entry)).toBe('revoked')
  })

  it('loses none of many concurrent changes by two processes', async () => {
    const other = open(store)
    const entries = await Promise.all(Array.from({ length: 200 }, () => lists.allocate()))
    await Promise.all(
      entries.map((entry, i) => set(i % 2 ? lists : other, entry, i % 3 ? 'revoked' : 'suspended')),
    )
    for (const [i, entry] of entries.entries()) {
      expect(await stands(lists, entry)).toBe(i % 3 ? 'revoked' : 'suspended')
    }
    for (const entry of entries.slice(0, 5)) {
      expect(await published(other, entry)).toBe(await stands(other, entry))
    }
  })

  it('lets a revocation and a restoration at the same moment end as revoked, always', async () => {
    const other = open(store)
    for (let i = 0; i < 20; i++) {
      const entry = await lists.allocate()
      await set(lists, entry, 'suspended')
      await Promise.allSettled([set(lists, entry, 'revoked'), set(other, entry, 'valid')])
      expect(await stands(other, entry)).toBe('revoked')
    }
  })

  it('shows a change of another process within two seconds', async () => {
    const other = open(store)
    const entry = await lists.allocate()
    await published(other, entry)
    await set(lists, entry, 'revoked')
    time += 1100
    expect(await published(other, entry)).toBe('revoked')
  })

  it('refuses what is no status, and a reference of another URL', async () => {
    const entry = await lists.allocate()
    await expect(set(lists, entry, 'gone' as never)).rejects.toThrow(TypeError)
    const foreign = JSON.parse(JSON.stringify(entry).replaceAll('issuer.example', 'other.example'))
    await expect(set(lists, foreign, 'revoked')).rejects.toMatchObject({ code: 'status.entry.unknown' })
    await expect(stands(lists, foreign)).rejects.toMatchObject({ code: 'status.entry.unknown' })
  })

  it('answers HEAD, a tag that is still good, and what is none of its lists', async () => {
    const uri = listOf(await lists.allocate())
    const ask = (init: RequestInit, where = uri) => lists.fetch(new Request(where, init))
    const etag = (await ask({}))?.headers.get('etag') as string
    const head = await ask({ method: 'HEAD' })
    expect([head?.status, await head?.text()]).toEqual([200, ''])
    expect((await ask({ headers: { 'if-none-match': etag } }))?.status).toBe(304)
    expect((await ask({ method: 'POST', body: 'x' }))?.status).toBe(405)
    expect((await ask({}))?.headers.get('cache-control')).toMatch(/^public, max-age=(300|299)$/)
    const { pathname } = new URL(uri)
    const elsewhere = `https://issuer.example/x${pathname}`
    for (const where of [`${url}/x`, `${url}/9`, url, `${uri}/x`, elsewhere]) {
      expect(await ask({}, where)).toBeUndefined()
    }
  })
})
