import { join } from 'node:path'
import { createMemoryStore, credentialConfiguration, type PublicJwk } from '@ekkasan/core'
import { createIssuer, type Issuer } from '@ekkasan/issuer'
import { generateJwk, signerFromJwk } from '@ekkasan/keys'
import { requireReceived, type StoredCredential, type Wallet } from '@ekkasan/wallet'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { paper, paperDocument } from '../../packages/issuer/test/paper.ts'
import { serve } from '../serve.ts'
import { bundle, type RunningBrowser, startBrowser } from '../store-contract/browser.ts'

interface InPage {
  createTestWallet(issuerKey: PublicJwk): Wallet
  tryKey(alg: string): Promise<object>
}

let browser: RunningBrowser
let script: string
let page: Page
beforeAll(async () => {
  browser = await startBrowser()
  script = await bundle(join(import.meta.dirname, 'wallet-page.ts'))
  page = await browser.open(script)
})
afterAll(() => browser?.close())

it.each(['ES256', 'EdDSA'])(
  'keys of %s in a browser sign, are found again and cannot be taken out',
  async (alg) => {
    const tried = await page.evaluate((name) => (globalThis as unknown as InPage).tryKey(name), alg)
    expect(tried).toEqual({ isRight: true, taken: 'InvalidAccessError', isGone: true })
  },
)

it('a wallet in a browser receives from an issuer of another origin, and still has it in the next tab', async () => {
  const signer = await signerFromJwk(await generateJwk('ES256'))
  let issuer: Issuer | undefined
  const { close } = await serve((at) => {
    issuer = createIssuer({
      url: `${at}/tenant`,
      names: { en: 'Department' },
      credentials: [credentialConfiguration(paperDocument, paper({ signer }))],
      store: createMemoryStore(),
      getClaims: async (subject) => ({ claims: { name: subject } }),
    })
    return issuer.fetch
  })
  const offer = await issuer?.createOffer({ credentials: ['Paper-paper+jwt'], subject: 'ใจดี', txCode: true })
  const issuerKey = signer.key.publicJwk
  const outcomes = await page.evaluate(
    async ([key, uri, txCode]) => {
      const wallet = (globalThis as unknown as InPage).createTestWallet(key)
      return wallet.receive(await wallet.readOffer(uri), { txCode })
    },
    [issuerKey, offer?.uriByReference ?? '', offer?.txCode ?? ''] as const,
  )
  const received = requireReceived(outcomes)
  expect(received).toMatchObject([{ view: { claims: { name: 'ใจดี' } } }])
  expect((await issuer?.offer(offer?.id ?? ''))?.state).toMatchObject({ state: 'issued', confirmed: true })
  await close()

  const later = await browser.open(script)
  const kept = await later.evaluate(
    (key): Promise<readonly StoredCredential[]> =>
      (globalThis as unknown as InPage).createTestWallet(key).credentials(),
    issuerKey,
  )
  expect(kept).toEqual(received)
})
