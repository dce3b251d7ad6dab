import { createMemoryStore, credentialConfiguration, type Store } from '@ekkasan/core'
import { createIssuer } from '@ekkasan/issuer'
import { expect, it } from 'vitest'
import { paper, paperDocument } from './paper.ts'
import { newSigner, paperId, postCredential, takeToken, url } from './wallet-side.ts'

// What is not right yet: each says how it will be, and why it fails today.

const signer = await newSigner('k1')
const openIssuer = (at: string, store: Store) =>
  createIssuer({
    url: at,
    names: { en: 'Department' },
    credentials: [credentialConfiguration(paperDocument, paper({ signer }))],
    store,
    getClaims: async () => ({ claims: { name: 'x' } }),
  })
const offered = { credentials: [paperId], subject: '1100000000008' }

it.fails('an issuer does not see the offers of another on the same store [H1]', async () => {
  const store = createMemoryStore()
  const mine = await openIssuer(url, store).createOffer(offered)
  expect(await openIssuer('https://other.example', store).offer(mine.id)).toBeUndefined()
})

it.fails('an offer that is replaced six times at once leaves one that can be claimed [G4]', async () => {
  const issuer = openIssuer(url, createMemoryStore())
  const { id } = await issuer.createOffer(offered)
  const settled = await Promise.allSettled(Array.from({ length: 6 }, () => issuer.replaceOffer(id)))
  const states = await Promise.all(
    settled.flatMap((one) => (one.status === 'fulfilled' ? [issuer.offer(one.value.id)] : [])),
  )
  expect(states.filter((offer) => offer?.state.state === 'offered')).toHaveLength(1)
})

it.fails('a write that fails after the release does not strand the holder: the same grant may ask again [L9]', async () => {
  const memory = createMemoryStore()
  let fails = true
  const issuer = openIssuer(url, {
    ...memory,
    async put(key, ...rest) {
      if (fails && key.startsWith('issuance')) throw new Error('the disk is full')
      return memory.put(key, ...rest)
    },
  })
  const token = await takeToken(issuer, await issuer.createOffer(offered))
  if ((await postCredential(issuer, token)).status !== 503) throw new Error('the write did not fail')
  fails = false
  expect((await postCredential(issuer, token)).status).toBe(200)
})
