import { requireReceived } from '@ekkasan/wallet'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createOurWallet, type OurIssuer, startOurIssuer } from './ours.ts'
import { createSphereonWallet } from './sphereon-client.ts'
import { asBuilt, startSphereonIssuer } from './sphereon-issuer.ts'

// @sphereon/oid4vci-client and oid4vci-issuer 0.20.1 (Sphereon), which speak draft 15 of OpenID4VCI. What they share with
// us: nothing; their signatures here are jose's, their HTTP is node-fetch.

// It writes every offer and every credential to the console, and cannot be told not to.
for (const method of ['log', 'info', 'warn', 'error'] as const) {
  vi.spyOn(console, method).mockImplementation(() => undefined)
}

let issuer: OurIssuer
beforeAll(async () => {
  issuer = await startOurIssuer()
})
afterAll(() => issuer?.close())

const plain = 'ThaiNationalID-sd-jwt-vc-plain'
const offerOf = (id: string) => issuer.issuer.createOffer({ credentials: [id], subject: 'one', txCode: true })

describe('Sphereon’s client receives from our issuer', () => {
  it.each(['uri', 'uriByReference'] as const)(
    'offer by %s, tx_code, nonce endpoint, notification',
    async (link) => {
      const wallet = await createSphereonWallet()
      const offer = await offerOf(plain)
      const taken = await wallet.receive(offer[link], {
        txCode: offer.txCode as string,
        binding: 'jwk',
        shim: true,
      })
      expect(taken.credentials).toHaveLength(1)
      expect((await issuer.issuer.offer(offer.id))?.state).toMatchObject({
        state: 'issued',
        confirmed: false,
      })
      expect(await taken.notify()).toMatchObject({ error: false })
      expect((await issuer.issuer.offer(offer.id))?.state).toMatchObject({ state: 'issued', confirmed: true })
    },
  )

  it('its own request, with the `proof` of a draft, is told `invalid_proof`, and the grant stays [N8]', async () => {
    const wallet = await createSphereonWallet()
    const offer = await offerOf(plain)
    const txCode = offer.txCode as string
    const taken = await wallet.receive(offer.uri, { txCode, binding: 'jwk', shim: false })
    expect(taken).toMatchObject({ status: 400, error: 'invalid_proof', credentials: [] })
    expect((await issuer.issuer.offer(offer.id))?.state).not.toMatchObject({ state: 'issued' })
  })

  it('reads our refusal of a wrong transaction code, and may try again', async () => {
    const wallet = await createSphereonWallet()
    const offer = await offerOf(plain)
    const txCode = offer.txCode as string
    const wrong = txCode === '000000' ? '000001' : '000000'
    const options = { binding: 'jwk', shim: true } as const
    await expect(wallet.receive(offer.uri, { txCode: wrong, ...options })).rejects.toThrow(
      'failed with status: 400',
    )
    expect((await wallet.receive(offer.uri, { txCode, ...options })).credentials).toHaveLength(1)
  })
})

describe('Sphereon’s issuer', () => {
  const type = 'InteropDocument'
  const claims = { name: 'สมชาย ใจดี', age: 20 }
  let theirs: Awaited<ReturnType<typeof startSphereonIssuer>>
  beforeAll(async () => {
    theirs = await startSphereonIssuer(type, claims)
  })
  afterAll(() => theirs?.close())
  const walletOf = () =>
    createOurWallet({
      hosts: [new URL(theirs.url).host],
      issuerCertificates: [theirs.certificate],
    })

  it.each([
    ['dc+sd-jwt', claims],
    ['dc+sd-jwt by did:jwk', claims],
    ['dc+sd-jwt by did:key', claims],
    ['jwt_vc_json by did:jwk', { credentialSubject: claims }],
    ['jwt_vc_json by did:key', { credentialSubject: claims }],
    ['mso_mdoc', { [type]: claims }],
  ] as const)('our wallet receives %s: tx_code, nonce endpoint, notification', async (id, expected) => {
    const wallet = walletOf()
    const offer = await theirs.createOffer(id)
    const before = theirs.notified.length
    const read = await wallet.readOffer(offer.uri)
    expect(read.issuer).toMatchObject({ id: theirs.url, names: { en: 'Interop' } })
    const [credential] = requireReceived(await wallet.receive(read, { txCode: offer.txCode }))
    expect(credential?.view.claims).toMatchObject(expected)
    expect(theirs.notified.slice(before)).toMatchObject([{ event: 'credential_accepted' }])
  })

  // VCI 12.2.4: with binding methods there have to be proof types.
  it('offers what its own builder makes, without proof types: our wallet says that it cannot take it', async () => {
    const offer = await theirs.createOffer(asBuilt)
    const wallet = walletOf()
    const read = await wallet.readOffer(offer.uri)
    expect(read.credentials).toEqual([])
    expect(read.others).toMatchObject([{ configurationId: asBuilt, supported: false }])
    await expect(wallet.receive(read, { txCode: offer.txCode }).then(requireReceived)).rejects.toMatchObject({
      code: 'wallet.offer.unsupported',
      message: expect.stringContaining('proof_types_supported'),
    })
  })

  it('refuses a wrong transaction code, and our wallet tries again', async () => {
    const wallet = walletOf()
    const offer = await theirs.createOffer('dc+sd-jwt')
    const read = await wallet.readOffer(offer.uri)
    const wrong = offer.txCode === '000000' ? '000001' : '000000'
    await expect(wallet.receive(read, { txCode: wrong }).then(requireReceived)).rejects.toMatchObject({
      code: 'wallet.receive.grant-refused',
      issuerError: 'invalid_grant',
    })
    expect(requireReceived(await wallet.receive(read, { txCode: offer.txCode }))).toHaveLength(1)
  })
})
