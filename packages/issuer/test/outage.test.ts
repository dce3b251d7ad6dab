import {
  createMemoryStore,
  credentialConfiguration,
  isOutage,
  type StatusReference,
  type Store,
  withStoreErrors,
} from '@ekkasan/core'
import { createIssuer, type Issuer } from '@ekkasan/issuer'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { paper, paperDocument } from './paper.ts'
import {
  claim,
  codeOf,
  newSigner,
  paperId,
  postCredential,
  postToken,
  takeToken,
  url,
} from './wallet-side.ts'

const signer = await newSigner('k1')
const diskFull = () => Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR' })

let broken: 'all' | 'writes' | 'silent' | undefined
let errors: unknown[]
let issuer: Issuer
let time: number
beforeEach(() => {
  broken = undefined
  errors = []
  time = Date.now()
  const clock = () => new Date(time)
  const memory = createMemoryStore({ clock })
  const reads = new Set<keyof Store>(['get', 'list'])
  const store = Object.fromEntries(
    Object.entries(memory).map(([name, run]) => [
      name,
      async (...given: unknown[]) => {
        if (broken === 'all' || (broken === 'writes' && !reads.has(name as keyof Store))) throw diskFull()
        if (broken === 'silent') return new Promise(() => {})
        return (run as (...given: unknown[]) => Promise<unknown>)(...given)
      },
    ]),
  ) as { [Name in keyof Store]: Store[Name] }
  const statuses = withStoreErrors(store)
  const keyOf = (entry: StatusReference) => `status/${JSON.stringify(entry).replace(/\W/g, '')}`
  issuer = createIssuer({
    url,
    names: { en: 'Department' },
    credentials: [credentialConfiguration(paperDocument, paper({ signer }))],
    store,
    status: {
      kind: 'token',
      allocate: async () => ({ uri: `${url}/statuses/1`, index: await statuses.next('index') }),
      set: async (entry, status) => statuses.put(keyOf(entry), status),
      get: async (entry) => ((await statuses.get(keyOf(entry)))?.value ?? 'valid') as 'valid',
      fetch: async () => undefined,
    },
    getClaims: async () => ({ claims: { name: 'x' } }),
    onError: (error) => errors.push(error),
    clock,
  })
})
const offered = { credentials: [paperId], subject: '1100000000008', txCode: true }

async function expectOutage(response: Response) {
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5'])
  expect(await response.json()).toMatchObject({ error: 'temporarily_unavailable' })
  expect(errors).toHaveLength(1)
  expect(isOutage(errors.pop())).toBe(true)
}

describe.each(['all', 'writes'] as const)('a store of which %s fail is told as such', (what) => {
  it('at the token endpoint, and nothing is spent [L6]', async () => {
    const offer = await issuer.createOffer(offered)
    broken = what
    await expectOutage(
      await postToken(issuer, { 'pre-authorized_code': codeOf(offer), tx_code: offer.txCode ?? '' }),
    )
    broken = undefined
    expect(await takeToken(issuer, offer)).toBeTypeOf('string')
  })

  it('at the credential endpoint, and the same token is good afterwards [L6]', async () => {
    const token = await takeToken(issuer, await issuer.createOffer(offered))
    const nonce = await (await issuer.fetch(new Request(`${url}/nonce`, { method: 'POST' }))).json()
    broken = what
    await expectOutage(await postCredential(issuer, token, { nonce: nonce.c_nonce }))
    broken = undefined
    expect((await postCredential(issuer, token)).status).toBe(200)
  })

  it('to a program that revokes, which can do it again [L6]', async () => {
    const offer = await issuer.createOffer(offered)
    await claim(issuer, offer)
    const id = (await issuer.issuances()).issuances[0]?.id ?? ''
    broken = what
    const told = await issuer.revoke(id).catch((error: unknown) => error)
    expect(told).toMatchObject({ code: 'core.store.failed', cause: { code: 'ERR_SQLITE_ERROR' } })
    expect(isOutage(told)).toBe(true)
    broken = undefined
    await issuer.revoke(id)
    expect((await issuer.issuance(id))?.status).toBe('revoked')
  })
})

it('an offer behind a reference is unavailable with the store, not gone [L6]', async () => {
  const offer = await issuer.createOffer(offered)
  broken = 'all'
  await expectOutage(await issuer.fetch(new Request(referenceOf(offer.uriByReference))))
})

describe('a store that answers nothing is told as such after half a minute, and holds nothing up afterwards', () => {
  const whileSilent = async (ask: () => Promise<Response>) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    broken = 'silent'
    const answer = ask()
    await vi.advanceTimersByTimeAsync(30_000)
    vi.useRealTimers()
    await expectOutage(await answer)
    broken = undefined
  }

  it('at the token endpoint [L6]', async () => {
    const offer = await issuer.createOffer(offered)
    const code = { 'pre-authorized_code': codeOf(offer), tx_code: offer.txCode ?? '' }
    await whileSilent(() => postToken(issuer, code))
    expect(await takeToken(issuer, offer)).toBeTypeOf('string')
  })

  it('at the nonce endpoint, whose secret is read once for all [L6]', async () => {
    const nonce = () => issuer.fetch(new Request(`${url}/nonce`, { method: 'POST' }))
    await whileSilent(nonce)
    expect((await nonce()).status).toBe(200)
  })

  it('at the credential endpoint [L6]', async () => {
    const token = await takeToken(issuer, await issuer.createOffer(offered))
    const { c_nonce: nonce } = await (
      await issuer.fetch(new Request(`${url}/nonce`, { method: 'POST' }))
    ).json()
    await whileSilent(() => postCredential(issuer, token, { nonce }))
    expect((await postCredential(issuer, token)).status).toBe(200)
  })
})

it('a fault of the program stays a 500 without Retry-After [L6]', async () => {
  const faulty = createIssuer({
    url,
    names: { en: 'Department' },
    credentials: [credentialConfiguration(paperDocument, paper({ signer }))],
    store: createMemoryStore(),
    getClaims: () => Promise.reject(new RangeError('a mistake')),
  })
  const token = await takeToken(faulty, await faulty.createOffer(offered))
  const response = await postCredential(faulty, token)
  expect([response.status, response.headers.get('retry-after')]).toEqual([500, null])
})

it.each([
  ['a register that refuses connections', { code: 'ECONNREFUSED', syscall: 'connect', port: 5432 }],
  ['a name that is not resolved', { code: 'ENOTFOUND', syscall: 'getaddrinfo' }],
  ['one that hangs up', { code: 'ECONNRESET' }],
  ['one that does not answer', { code: 'UND_ERR_HEADERS_TIMEOUT' }],
  ['one whose connection breaks off', { code: 'UND_ERR_SOCKET' }],
  ['one that is given up', { name: 'TimeoutError' }],
  ['a database that shuts down', { code: '57P01' }],
  ['a database with too many connections', { code: '53300' }],
])('%s is an outage too, and the grant stays unspent [L6]', async (_what, system) => {
  let away = true
  const connected = createIssuer({
    url,
    names: { en: 'Department' },
    credentials: [credentialConfiguration(paperDocument, paper({ signer }))],
    store: createMemoryStore(),
    async getClaims() {
      // As fetch tells it.
      if (away) throw new TypeError('fetch failed', { cause: Object.assign(new Error('x'), system) })
      return { claims: { name: 'x' } }
    },
  })
  const token = await takeToken(connected, await connected.createOffer(offered))
  expect((await postCredential(connected, token)).status).toBe(503)
  away = false
  expect((await postCredential(connected, token)).status).toBe(200)
})

describe('an offer that is dead', () => {
  const ask = async (reference: string) => {
    const response = await issuer.fetch(new Request(reference))
    const text = await response.text()
    return [response.status, text === '' ? undefined : JSON.parse(text).error]
  }

  it('is answered by reference with 410 and why; an unknown one with 404 [J12]', async () => {
    const make = () => issuer.createOffer(offered)
    const used = await make()
    await takeToken(issuer, used)
    expect(await ask(referenceOf(used.uriByReference))).toEqual([410, 'offer_used'])
    const withdrawn = await make()
    await issuer.withdrawOffer(withdrawn.id)
    expect(await ask(referenceOf(withdrawn.uriByReference))).toEqual([410, 'offer_withdrawn'])
    const replaced = await make()
    const replacement = await issuer.replaceOffer(replaced.id)
    expect(await ask(referenceOf(replaced.uriByReference))).toEqual([410, 'offer_replaced'])
    expect((await ask(referenceOf(replacement.uriByReference)))[0]).toBe(200)
    const locked = await make()
    const wrong = locked.txCode === '000000' ? '000001' : '000000'
    for (let attempt = 0; attempt < 5; attempt++) {
      await postToken(issuer, { 'pre-authorized_code': codeOf(locked), tx_code: wrong })
    }
    expect(await ask(referenceOf(locked.uriByReference))).toEqual([410, 'offer_locked'])
    const expired = await make()
    time += 301_000
    expect(await ask(referenceOf(expired.uriByReference))).toEqual([410, 'offer_expired'])
    expect(await ask(referenceOf(expired.uriByReference).replace(/.{4}$/, 'AAAA'))).toEqual([404, undefined])
  })

  it('and wallets in browsers may read the time, by which they find their own clock wrong [J11]', async () => {
    const { headers } = await issuer.fetch(new Request(`${url}/nonce`, { method: 'POST' }))
    expect(headers.get('access-control-expose-headers')?.split(', ')).toContain('Date')
    const { headers: refused } = await issuer.fetch(new Request(`${url}/credential`, { method: 'POST' }))
    expect(refused.get('access-control-expose-headers')?.split(', ')).toContain('Date')
  })
})

function referenceOf(uri: string): string {
  return new URL(uri).searchParams.get('credential_offer_uri') as string
}

it.each([
  ['nothing', undefined, 'issuer.claims.none'],
  ['what has ended', { claims: {}, validUntil: new Date(0) }, 'issuer.claims.ended'],
])(
  'where getClaims returns %s the developer is told why the wallet was refused [J8]',
  async (_what, data, code) => {
    const told: unknown[] = []
    const denying = createIssuer({
      url,
      names: { en: 'Department' },
      credentials: [credentialConfiguration(paperDocument, paper({ signer }))],
      store: createMemoryStore(),
      getClaims: async () => data,
      onError: (error) => told.push(error),
    })
    const response = await postCredential(
      denying,
      await takeToken(denying, await denying.createOffer(offered)),
    )
    expect([response.status, (await response.json()).error]).toEqual([400, 'credential_request_denied'])
    expect(told).toMatchObject([{ code, message: expect.stringContaining(paperId) }])
    expect((told[0] as Error).message).not.toContain(offered.subject)
  },
)
