import { requireReceived } from '@ekkasan/wallet'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCredoHolder, startCredoIssuer, startCredoVerifier } from './credo-parties.ts'
import {
  createOurWallet,
  type OurIssuer,
  type OurVerifier,
  startOurIssuer,
  startOurVerifier,
} from './ours.ts'

// Credo 0.6.3 as the other side. What it shares with us: @peculiar/asn1-* under its certificates and ours, and the shape
// of did-resolver. Its OpenID4VC is @openid4vc, its DCQL the dcql library, its SD-JWT @sd-jwt; we use none of the three.

const host = (url: string) => new URL(url).host

let issuer: OurIssuer
let verifier: OurVerifier
beforeAll(async () => {
  issuer = await startOurIssuer({ withCertificate: true })
  verifier = await startOurVerifier({ hosts: [host(issuer.url)], issuerCertificates: [issuer.certificate] })
})
afterAll(async () => {
  await issuer?.close()
  await verifier?.close()
})

const nameQuery = (vct: string) => ({
  credentials: [
    { id: 'id', format: 'dc+sd-jwt', meta: { vct_values: [vct] }, claims: [{ path: ['name_th'] }] },
  ],
})

describe('Credo as wallet', () => {
  it.each(['ThaiNationalID-sd-jwt-vc-plain', 'ThaiNationalID-sd-jwt-vc'])(
    'receives %s with a transaction code',
    async (id) => {
      const credo = await createCredoHolder([issuer.certificate])
      const offer = await issuer.issuer.createOffer({ credentials: [id], subject: 'one', txCode: true })
      const credentials = await credo.receive(offer.uriByReference, { txCode: offer.txCode as string })
      expect(credentials).toHaveLength(1)
      const record = await issuer.issuer.offer(offer.id)
      expect(record?.state).toMatchObject({ state: 'issued', confirmed: true })
      await credo.agent.shutdown()
    },
  )

  it('receives jwt_vc_json bound to a did:key', async () => {
    const credo = await createCredoHolder([issuer.certificate])
    const offer = await issuer.issuer.createOffer({
      credentials: ['ThaiNationalID-jwt-vc'],
      subject: 'one',
      txCode: true,
    })
    const credentials = await credo.receive(offer.uri, { txCode: offer.txCode as string, binding: 'did:key' })
    expect(credentials).toHaveLength(1)
    await credo.agent.shutdown()
  })

  it.each(['jwk', 'did:jwk', 'did:key'] as const)(
    'takes the binding method %s as announced, keeps the credential, and presents it to our verifier [K1]',
    async (binding) => {
      const id = 'ThaiNationalID-sd-jwt-vc-plain'
      const metadata = await fetch(`${issuer.url}/.well-known/openid-credential-issuer`)
      const { credential_configurations_supported: configurations } = (await metadata.json()) as never
      expect(configurations[id]).toMatchObject({
        cryptographic_binding_methods_supported: ['jwk', 'did:jwk', 'did:key'],
      })
      const credo = await createCredoHolder([issuer.certificate, verifier.certificate])
      const offer = await issuer.issuer.createOffer({ credentials: [id], subject: 'one', txCode: true })
      await credo.receive(offer.uriByReference, { txCode: offer.txCode as string, binding })
      const vct = `${issuer.url}/vct/ThaiNationalIDCredential/v1/plain`
      const started = await verifier.verifier.start({ query: nameQuery(vct) })
      await credo.present(started.requestUri)
      expect(await verifier.verifier.result(started.id)).toMatchObject({ state: 'verified' })
      await credo.agent.shutdown()
    },
  )

  it('presents to our verifier only what is asked, encrypted', async () => {
    const credo = await createCredoHolder([issuer.certificate, verifier.certificate])
    const offer = await issuer.issuer.createOffer({
      credentials: ['ThaiNationalID-sd-jwt-vc-plain'],
      subject: 'one',
      txCode: true,
    })
    await credo.receive(offer.uriByReference, { txCode: offer.txCode as string })
    const vct = `${issuer.url}/vct/ThaiNationalIDCredential/v1/plain`
    const started = await verifier.verifier.start({ query: nameQuery(vct) })
    const answer = await credo.present(started.requestUri)
    expect(answer.serverResponse?.status).toBe(200)
    const result = await verifier.verifier.result(started.id)
    const shown = result.state === 'verified' ? result.presentations.id?.[0] : undefined
    expect(shown?.claims).toEqual({
      name_th: 'นาย สมมุติ ตัวอย่างดี',
      issuing_authority: 'กรมการปกครอง',
      issuing_country: 'TH',
    })
    await credo.agent.shutdown()
  })
})

describe('Credo as issuer and verifier', () => {
  it('serves our wallet: a credential by x5c, presented back encrypted', async () => {
    const vct = 'https://interop.example/vct'
    const credoIssuer = await startCredoIssuer(vct, { name: 'สมชาย ใจดี', age: 20 })
    const credoVerifier = await startCredoVerifier([credoIssuer.certificate])
    const asked = await credoVerifier.ask({
      credentials: [
        { id: 'id', format: 'dc+sd-jwt', meta: { vct_values: [vct] }, claims: [{ path: ['name'] }] },
      ],
    })
    const requestHost = host(new URL(asked.uri).searchParams.get('request_uri') as string)
    const wallet = createOurWallet({
      hosts: [host(credoIssuer.url), requestHost],
      issuerCertificates: [credoIssuer.certificate],
    })
    const offer = await credoIssuer.createOffer()
    const [credential] = requireReceived(
      await wallet.receive(await wallet.readOffer(offer.uri), { txCode: offer.txCode }),
    )
    expect(credential?.view.claims).toMatchObject({ name: 'สมชาย ใจดี', age: 20 })

    const request = await wallet.readRequest(asked.uri)
    expect(request.options[0]?.candidates).toMatchObject([
      { credentialId: credential?.id, disclose: [['name']] },
    ])
    await wallet.present(request, { id: [credential?.id as string] })
    expect(await credoVerifier.state(asked.id)).toBe('ResponseVerified')
    await credoIssuer.close()
    await credoVerifier.close()
  })

  it('hears that the person said no, though it answers 400 [K6]', async () => {
    const vct = 'https://interop.example/vct'
    const credoIssuer = await startCredoIssuer(vct, { name: 'สมชาย ใจดี', age: 20 })
    const credoVerifier = await startCredoVerifier([credoIssuer.certificate])
    const asked = await credoVerifier.ask({
      credentials: [
        { id: 'id', format: 'dc+sd-jwt', meta: { vct_values: [vct] }, claims: [{ path: ['name'] }] },
      ],
    })
    const requestHost = host(new URL(asked.uri).searchParams.get('request_uri') as string)
    const wallet = createOurWallet({
      hosts: [host(credoIssuer.url), requestHost],
      issuerCertificates: [credoIssuer.certificate],
    })
    expect(await wallet.decline(await wallet.readRequest(asked.uri))).toEqual({})
    expect(await credoVerifier.state(asked.id)).toBe('Error')
    await credoIssuer.close()
    await credoVerifier.close()
  })
})
