import { createMemoryStore, credentialConfiguration, type Fetch, trustAnyone } from '@ekkasan/core'
import { createIssuer } from '@ekkasan/issuer'
import { generateJwk, signerFromJwk } from '@ekkasan/keys'
import { resolveJwtVcIssuer, sdJwtVc, sdJwtVcHolder } from '@ekkasan/sd-jwt-vc'
import { thaiNationalId } from '@ekkasan/thai'
import { createMemoryHolderKeys, createWallet } from '@ekkasan/wallet'
import { beforeEach, expect, it } from 'vitest'

const url = 'https://issuer.example'
const signer = await signerFromJwk(await generateJwk('ES256'), { kid: 'k1' })
const configuration = credentialConfiguration(thaiNationalId, sdJwtVc({ signer }))
let issuer: ReturnType<typeof createIssuer>
let wallet: ReturnType<typeof createWallet>
beforeEach(() => {
  issuer = createIssuer({
    url,
    names: { en: 'Department' },
    credentials: [configuration],
    store: createMemoryStore(),
    keys: [{ ...signer.key.publicJwk, kid: 'k1' }],
    getClaims: async () => undefined,
  })
  const fetch: Fetch = (input, init) => issuer.fetch(new Request(input, { ...init, referrerPolicy: '' }))
  wallet = createWallet({
    formats: [sdJwtVcHolder({ resolveIssuerKey: resolveJwtVcIssuer({ fetch }) })],
    keys: createMemoryHolderKeys(),
    store: createMemoryStore(),
    isTrusted: trustAnyone('a test'),
    fetch,
  })
})
const offered = { credentials: [configuration.id], subject: 'p', txCode: true }
const wrongOf = (code: string | undefined) => (code === '000000' ? '000001' : '000000')

it('a wallet counts its own wrong codes, and learns that the offer is locked, not that a server is broken [J12]', async () => {
  const made = await issuer.createOffer(offered)
  const offer = await wallet.readOffer(made.uriByReference)
  const txCode = wrongOf(made.txCode)
  for (const wrongCodes of [1, 2, 3, 4]) {
    await expect(wallet.receive(offer, { txCode })).rejects.toMatchObject({
      code: 'wallet.receive.grant-refused',
      wrongCodes,
    })
  }
  const ended = { code: 'wallet.offer.ended', issuerError: 'offer_locked', status: 410 }
  await expect(wallet.receive(offer, { txCode })).rejects.toMatchObject(ended)
  await expect(wallet.readOffer(made.uriByReference)).rejects.toMatchObject(ended)
})

it('an offer that ended while its code was typed is told as such, and costs no wrong code [J12]', async () => {
  const made = await issuer.createOffer(offered)
  const offer = await wallet.readOffer(made.uriByReference)
  await issuer.replaceOffer(made.id)
  await expect(wallet.receive(offer, { txCode: made.txCode ?? '' })).rejects.toMatchObject({
    code: 'wallet.offer.ended',
    issuerError: 'offer_replaced',
  })
})

it('of an offer that stands in the link itself the wallet knows only how many codes were refused [J12]', async () => {
  const made = await issuer.createOffer(offered)
  const offer = await wallet.readOffer(made.uri)
  await issuer.withdrawOffer(made.id)
  await expect(wallet.receive(offer, { txCode: made.txCode ?? '' })).rejects.toMatchObject({
    code: 'wallet.receive.grant-refused',
    wrongCodes: 1,
  })
})

it('a reference that never was is 404, without a reason [J12]', async () => {
  const made = await issuer.createOffer(offered)
  const foreign = made.uriByReference.replace(/.{4}$/, 'AAAA')
  await expect(wallet.readOffer(foreign)).rejects.toMatchObject({ code: 'wallet.offer.ended', status: 404 })
})
