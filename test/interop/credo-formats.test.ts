import { requireReceived } from '@ekkasan/wallet'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type CredoFormat, createCredoHolder, startCredoIssuer, startCredoVerifier } from './credo-parties.ts'
import {
  createOurWallet,
  docType,
  type OurIssuer,
  type OurVerifier,
  startOurIssuer,
  startOurVerifier,
} from './ours.ts'

// Credo 0.6.3 with the formats beside SD-JWT VC. Its mdoc is @owf/mdoc's forerunner, its VCDM 1.1 JWT its own.

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

it('mso_mdoc: Credo receives ours and presents it to our verifier', async () => {
  const credo = await createCredoHolder([issuer.certificate, verifier.certificate])
  const offer = await issuer.issuer.createOffer({
    credentials: ['ThaiNationalID-mdoc'],
    subject: 'one',
    txCode: true,
  })
  await credo.receive(offer.uriByReference, { txCode: offer.txCode as string })
  const started = await verifier.verifier.start({
    query: {
      credentials: [
        {
          id: 'id',
          format: 'mso_mdoc',
          meta: { doctype_value: docType },
          claims: [{ path: [docType, 'name_th'], intent_to_retain: false }],
        },
      ],
    },
  })
  const answer = await credo.present(started.requestUri)
  expect(answer.serverResponse?.status).toBe(200)
  const result = await verifier.verifier.result(started.id)
  expect(result).toMatchObject({
    state: 'verified',
    presentations: { id: [{ claims: { [docType]: { name_th: 'นาย สมมุติ ตัวอย่างดี' } } }] },
  })
  await credo.agent.shutdown()
})
it('jwt_vc_json: Credo receives ours and presents it to our verifier', async () => {
  const credo = await createCredoHolder([issuer.certificate, verifier.certificate])
  const offer = await issuer.issuer.createOffer({
    credentials: ['ThaiNationalID-jwt-vc'],
    subject: 'one',
    txCode: true,
  })
  await credo.receive(offer.uriByReference, { txCode: offer.txCode as string, binding: 'did:key' })
  const started = await verifier.verifier.start({
    query: {
      credentials: [
        {
          id: 'id',
          format: 'jwt_vc_json',
          meta: { type_values: [['VerifiableCredential', 'ThaiNationalIDCredential']] },
          claims: [{ path: ['credentialSubject', 'name_th'] }],
        },
      ],
    },
  })
  const answer = await credo.present(started.requestUri)
  expect(answer.serverResponse).toMatchObject({ status: 200 })
  const result = await verifier.verifier.result(started.id)
  expect(result).toMatchObject({
    state: 'verified',
    presentations: { id: [{ claims: { name_th: 'นาย สมมุติ ตัวอย่างดี' } }] },
  })
  await credo.agent.shutdown()
})

const type = 'InteropDocument'
const queries: readonly (readonly [CredoFormat, object])[] = [
  ['mso_mdoc', { meta: { doctype_value: type }, claims: [{ path: [type, 'name'] }] }],
  [
    'ldp_vc',
    {
      meta: { type_values: [['https://interop.example/#InteropDocument']] },
      claims: [{ path: ['credentialSubject', 'name'] }],
    },
  ],
  [
    'jwt_vc_json',
    {
      meta: { type_values: [['VerifiableCredential', type]] },
      claims: [{ path: ['credentialSubject', 'name'] }],
    },
  ],
]
it.each(queries)(
  '%s: our wallet receives Credo’s and presents it to Credo’s verifier',
  async (format, query) => {
    const credoIssuer = await startCredoIssuer(type, { name: 'สมชาย ใจดี', age: 20 })
    const credoVerifier = await startCredoVerifier([credoIssuer.certificate])
    const asked = await credoVerifier.ask({ credentials: [{ id: 'id', format, ...query }] })
    const requestHost = host(new URL(asked.uri).searchParams.get('request_uri') as string)
    const wallet = createOurWallet({
      hosts: [host(credoIssuer.url), requestHost],
      issuerCertificates: [credoIssuer.certificate],
    })
    const offer = await credoIssuer.createOffer(format)
    const [credential] = requireReceived(
      await wallet.receive(await wallet.readOffer(offer.uri), { txCode: offer.txCode }),
    )
    expect(JSON.stringify(credential?.view.claims)).toContain('สมชาย ใจดี')
    const request = await wallet.readRequest(asked.uri)
    await wallet.present(request, { id: [credential?.id as string] })
    expect(await credoVerifier.state(asked.id)).toBe('ResponseVerified')
    await credoIssuer.close()
    await credoVerifier.close()
  },
)

it('ldp_vc: Credo receives its own and presents it to our verifier', async () => {
  const credoIssuer = await startCredoIssuer(type, { name: 'สมชาย ใจดี', age: 20 })
  const credo = await createCredoHolder([verifier.certificate])
  const offer = await credoIssuer.createOffer('ldp_vc')
  await credo.receive(offer.uri, { txCode: offer.txCode, binding: 'did:key' })
  const query = queries.find(([format]) => format === 'ldp_vc')?.[1]
  const started = await verifier.verifier.start({
    query: { credentials: [{ id: 'id', format: 'ldp_vc', ...query }] },
  })
  const answer = await credo.present(started.requestUri)
  expect(answer.serverResponse?.status).toBe(200)
  expect(await verifier.verifier.result(started.id)).toMatchObject({
    state: 'verified',
    presentations: { id: [{ claims: { name: 'สมชาย ใจดี' } }] },
  })
  await credo.agent.shutdown()
  await credoIssuer.close()
})
