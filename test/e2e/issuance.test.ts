import { createGuardedFetch, createMemoryStore, credentialConfiguration, trustAnyone } from '@ekkasan/core'
import { createIssuer, type Issuer } from '@ekkasan/issuer'
import { generateJwk, signerFromJwk } from '@ekkasan/keys'
import { createMemoryHolderKeys, createWallet } from '@ekkasan/wallet'
import { afterEach, expect, it } from 'vitest'
import { paper, paperDocument, paperHolder } from '../../packages/issuer/test/paper.ts'
import { serve } from '../../packages/issuer/test/serve.ts'

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

it.each(['', '/tenant'])(
  'a wallet receives what the issuer offers, over HTTP, issuer path "%s"',
  async (path) => {
    const signer = await signerFromJwk(await generateJwk('ES256'))
    let issuer: Issuer | undefined
    const { origin, close } = await serve((at) => {
      issuer = createIssuer({
        url: `${at}${path}`,
        names: { th: 'กรม', en: 'Department' },
        credentials: [credentialConfiguration(paperDocument, paper({ signer }))],
        store: createMemoryStore(),
        getClaims: async (subject) => ({ claims: { name: subject } }),
      })
      return issuer.fetch
    })
    closers.push(close)
    const wallet = createWallet({
      formats: [paperHolder(signer)],
      keys: createMemoryHolderKeys(),
      store: createMemoryStore(),
      isTrusted: trustAnyone('a test'),
      fetch: createGuardedFetch({ allowHosts: ['127.0.0.1'] }),
    })
    const offer = await issuer!.createOffer({
      credentials: ['Paper-paper+jwt'],
      subject: 'สมชาย',
      txCode: true,
    })
    const received = await wallet.readOffer(offer.uriByReference)
    expect(received).toEqual({
      issuer: { id: `${origin}${path}`, names: { th: 'กรม', en: 'Department' } },
      credentials: [
        { configurationId: 'Paper-paper+jwt', format: 'paper+jwt', names: { th: 'กระดาษ', en: 'Paper' } },
      ],
      txCode: { length: 6, inputMode: 'numeric' },
    })
    const [stored] = await wallet.receive(received, { txCode: offer.txCode! })
    expect(stored?.view.claims).toEqual({ name: 'สมชาย' })
    expect(await wallet.credentials()).toEqual([stored])
    expect((await issuer!.offer(offer.id))?.state).toMatchObject({ state: 'issued', confirmed: true })
    const { issuances } = await issuer!.issuances({ subject: 'สมชาย' })
    expect(issuances).toHaveLength(1)
    expect(issuances[0]).toMatchObject({ offerId: offer.id, confirmed: true, status: 'valid' })
  },
)
