import { createMemoryStore, credentialConfiguration, type Signer, type Store } from '@ekkasan/core'
import { createIssuer, type Issuer } from '@ekkasan/issuer'
import { beforeAll, describe, expect, it } from 'vitest'
import { paper, paperDocument } from './paper.ts'
import {
  claim,
  codeOf,
  newSigner,
  paperId,
  postCredential,
  postToken,
  takeNonce,
  takeToken,
  url,
} from './wallet-side.ts'

// Clocks that disagree, and stores that went back in time.

let signer: Signer
beforeAll(async () => {
  signer = await newSigner()
})
const start = Date.parse('2026-06-01T00:00:00Z')
const issuerOn = (store: Store, clock?: () => Date): Issuer =>
  createIssuer({
    url,
    names: { en: 'Department' },
    credentials: [credentialConfiguration(paperDocument, paper({ signer }))],
    store,
    getClaims: async () => ({ claims: { name: 'a name' } }),
    ...(clock && { clock }),
  })
const offered = { credentials: [paperId], subject: 'person-1' }
/** Asks for a credential of a new offer with that nonce; the code of the answer's error, or its status. */
async function use(issuer: Issuer, nonce: string, now: Date): Promise<string | number> {
  const token = await takeToken(issuer, await issuer.createOffer(offered))
  const response = await postCredential(issuer, token, { nonce, now })
  return response.status === 200 ? 200 : ((await response.json()) as { error: string }).error
}

describe('a nonce', () => {
  it.each([
    ['an hour behind', -3_600_000],
    ['an hour ahead', 3_600_000],
    ['a day behind', -86_400_000],
    ['a day ahead', 86_400_000],
  ])('is good once where the clock of the store is %s [L7]', async (_what, skew) => {
    let time = start
    const clock = () => new Date(time)
    const issuer = issuerOn(createMemoryStore({ clock: () => new Date(time + skew) }), clock)
    const nonce = await takeNonce(issuer)
    expect(await use(issuer, nonce, clock())).toBe(200)
    for (const step of [0, 1000, 200_000, 98_000, 2000, 600_000]) {
      time += step
      expect(await use(issuer, nonce, clock())).toBe('invalid_nonce')
    }
  })

  it('is good once for replicas whose clocks differ, for as long as one of them takes it for fresh [L7]', async () => {
    let time = start
    const store = createMemoryStore({ clock: () => new Date(time) })
    for (const skew of [-59_000, -30_000, 30_000, 59_000]) {
      const [mine, theirs] = [() => new Date(time), () => new Date(time + skew)]
      const replicas = [issuerOn(store, mine), issuerOn(store, theirs)] as const
      const nonce = await takeNonce(replicas[0])
      time += 200_000
      expect(await use(replicas[1], nonce, theirs())).toBe(200)
      for (let i = 0; i < 12; i++) {
        time += 20_000
        expect(await use(replicas[0], nonce, mine())).toBe('invalid_nonce')
        expect(await use(replicas[1], nonce, theirs())).toBe('invalid_nonce')
      }
    }
  })

  it('of a replica whose clock is far ahead is refused, not kept for later [L7]', async () => {
    const time = start
    const store = createMemoryStore({ clock: () => new Date(time) })
    const fast = issuerOn(store, () => new Date(time + 3_600_000))
    const right = issuerOn(store, () => new Date(time))
    const nonce = await takeNonce(fast)
    expect(await use(right, nonce, new Date(time))).toBe('invalid_nonce')
  })

  it('stays used up when the clock of the store jumps ahead by half an hour [L7]', async () => {
    let skew = 0
    const clock = () => new Date(start)
    const issuer = issuerOn(createMemoryStore({ clock: () => new Date(start + skew) }), clock)
    const nonce = await takeNonce(issuer)
    expect(await use(issuer, nonce, clock())).toBe(200)
    skew = 1_800_000
    expect(await use(issuer, nonce, clock())).toBe('invalid_nonce')
  })
})

describe('an issuer that recovers on a restored store', () => {
  it('ends offers and tokens that were open, knows no nonce of before, and leaves what was issued as it is [L1]', async () => {
    const store = createMemoryStore()
    const before = issuerOn(store)
    const open = await before.createOffer({ ...offered, txCode: true })
    const redeemed = await before.createOffer(offered)
    const token = await takeToken(before, redeemed)
    const done = await before.createOffer(offered)
    await claim(before, done)
    const nonce = await takeNonce(before)

    expect(await issuerOn(store).recover()).toEqual({ ended: 2 })
    expect(await issuerOn(store).recover()).toEqual({ ended: 0 })
    const after = issuerOn(store)
    const again = { 'pre-authorized_code': codeOf(open), tx_code: open.txCode as string }
    expect((await (await postToken(after, again)).json()).error).toBe('invalid_grant')
    expect((await postCredential(after, token)).status).toBe(401)
    expect(await use(after, nonce, new Date())).toBe('invalid_nonce')
    expect((await after.offer(open.id))?.state.state).toBe('withdrawn')
    expect((await after.offer(done.id))?.state.state).toBe('issued')
    const { issuances } = await after.issuances({ subject: 'person-1' })
    expect(issuances.map(({ status }) => status)).toEqual(['valid'])
    await claim(after, await after.createOffer(offered))
  })

  it('ends them whatever the clock says [L1]', async () => {
    let time = start
    const clock = () => new Date(time)
    const store = createMemoryStore({ clock: () => new Date(start) })
    const offer = await issuerOn(store, clock).createOffer(offered)
    time += 86_400_000
    await issuerOn(store, clock).recover()
    time = start
    const answer = await postToken(issuerOn(store, clock), { 'pre-authorized_code': codeOf(offer) })
    expect(answer.status).toBe(400)
  })
})
