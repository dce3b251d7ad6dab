import { Verifier } from '@auth0/mdl'
import { pemOf } from '@ekkasan/x509'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  answerMdl,
  type MdlRequest,
  mdlSessionTranscript,
  presentMdl,
  readMdlRequest,
  wrapIssuerSigned,
} from './mdl-wallet.ts'
import { createPeerKey } from './openid4vc-callbacks.ts'
import { createOpenid4vcHolder } from './openid4vc-holder.ts'
import { createCertificate, startOpenid4vcVerifier } from './openid4vc-servers.ts'
import {
  createOurWallet,
  docType,
  type OurIssuer,
  type OurVerifier,
  startOurIssuer,
  startOurVerifier,
} from './ours.ts'
import { issuePeerMdoc } from './peer-credentials.ts'
import type { PeerKey } from './peer-dids.ts'

// @auth0/mdl 3.0.1 at the other end of OpenID4VP. What it shares with us: nothing in the mdoc (CBOR is cbor-x, COSE
// cose-kit); around it jose, which is under our `keys` for JWE alone. Its own OpenID4VP transcript is that of a draft of
// 2023, so the one of 1.0 is built from Annex B.2.6.1 with its CBOR and handed to its `usingSessionTranscriptBytes`.

const host = (url: string) => new URL(url).host
const name_th = 'นาย สมมุติ ตัวอย่างดี'
const licence = 'org.iso.18013.5.1.mDL'
const namespace = 'org.iso.18013.5.1'
const { publicJwk: encryptionKey } = await createPeerKey()

let issuer: OurIssuer
let verifier: OurVerifier
let signerKey: PeerKey
let certificate: Awaited<ReturnType<typeof createCertificate>>
beforeAll(async () => {
  issuer = await startOurIssuer()
  signerKey = await createPeerKey()
  certificate = await createCertificate(signerKey, 'https://mdl.example')
  verifier = await startOurVerifier({
    hosts: [host(issuer.url)],
    issuerCertificates: [issuer.certificate, certificate.root],
  })
})
afterAll(async () => {
  await issuer?.close()
  await verifier?.close()
})

const queryOf = (type: string, space: string, elements: readonly string[]) => ({
  credentials: [
    {
      id: 'id',
      format: 'mso_mdoc',
      meta: { doctype_value: type },
      claims: elements.map((element) => ({ path: [space, element] })),
    },
  ],
})

/** Our national ID as mdoc, received over OpenID4VCI by @openid4vc's client: @auth0/mdl has no issuance. */
async function receivedOfOurs() {
  const holder = await createOpenid4vcHolder()
  const offer = await issuer.issuer.createOffer({
    credentials: ['ThaiNationalID-mdoc'],
    subject: 'one',
    txCode: true,
  })
  const taken = await holder.receive(offer.uriByReference, { txCode: offer.txCode as string, binding: 'jwk' })
  return {
    mdoc: wrapIssuerSigned(docType, taken.credentials[0] as string),
    deviceJwk: holder.key.privateJwk,
  }
}

/** A licence that @auth0/mdl itself issues. */
async function issuedByMdl() {
  const device = await createPeerKey()
  const claims = {
    family_name: 'ใจดี',
    given_name: 'Somchai',
    birth_date: '2001-02-03',
    age_over_20: true,
  }
  const issued = { claims, holderJwk: device.publicJwk, docType: licence, namespace }
  const credential = await issuePeerMdoc({ key: signerKey, x5c: certificate.x5c }, issued)
  return { mdoc: wrapIssuerSigned(licence, credential), deviceJwk: device.privateJwk }
}

async function outcomeOf(id: string) {
  const result = await verifier.verifier.result(id)
  return result.state === 'verified' ? result.presentations.id?.[0]?.claims : result.state
}

describe.each(['direct_post', 'direct_post.jwt'] as const)(
  '@auth0/mdl as wallet answers our verifier by %s',
  (responseMode) => {
    it('with our national ID, received over OpenID4VCI: what was asked for and no more', async () => {
      const held = await receivedOfOurs()
      const query = queryOf(docType, docType, ['name_th', 'birth_date'])
      const started = await verifier.verifier.start({ query, responseMode })
      const request = await readMdlRequest(started.requestUri)
      const answer = await answerMdl(request, await presentMdl({ request, ...held }))
      expect(answer.status, await answer.text()).toBe(200)
      const claims = (await outcomeOf(started.id)) as Record<string, Record<string, unknown>>
      expect(Object.keys(claims)).toEqual([docType])
      expect(Object.keys(claims[docType] ?? {}).sort()).toEqual(['birth_date', 'name_th'])
      expect(claims[docType]?.name_th).toBe(name_th)
    })

    it('with a licence of its own issuing', async () => {
      const held = await issuedByMdl()
      const query = queryOf(licence, namespace, ['family_name', 'age_over_20'])
      const started = await verifier.verifier.start({ query, responseMode })
      const request = await readMdlRequest(started.requestUri)
      expect((await answerMdl(request, await presentMdl({ request, ...held }))).status).toBe(200)
      expect(await outcomeOf(started.id)).toEqual({
        [namespace]: { family_name: 'ใจดี', age_over_20: true },
      })
    })

    const other = (changed: Partial<MdlRequest>) => (request: MdlRequest) => ({ ...request, ...changed })
    it.each([
      ['another nonce', other({ nonce: 'of-another-request' })],
      ['another response_uri', other({ response_uri: 'https://elsewhere.example/response' })],
      ['another client_id', other({ client_id: 'x509_hash:elsewhere' })],
      [
        'the key of another response mode',
        ({ response_mode, ...rest }: MdlRequest): MdlRequest => ({
          ...rest,
          response_mode: response_mode === 'direct_post' ? 'direct_post.jwt' : 'direct_post',
          client_metadata: { jwks: { keys: [encryptionKey] } },
        }),
      ],
    ])('is refused when its session transcript holds %s', async (_what, change) => {
      const held = await issuedByMdl()
      const query = queryOf(licence, namespace, ['family_name'])
      const started = await verifier.verifier.start({ query, responseMode })
      const request = await readMdlRequest(started.requestUri)
      const presentation = await presentMdl({ request: change(request), ...held })
      expect((await answerMdl(request, presentation)).status).toBe(400)
      expect(await outcomeOf(started.id)).toBe('rejected')
    })

    it('is refused with the transcript of its own `usingSessionTranscriptForOID4VP`, a draft of 2023', async () => {
      const held = await issuedByMdl()
      const query = queryOf(licence, namespace, ['family_name'])
      const started = await verifier.verifier.start({ query, responseMode })
      const request = await readMdlRequest(started.requestUri)
      const { client_id, response_uri, nonce } = request
      const presentation = await presentMdl({ request, ...held }, (response) =>
        response.usingSessionTranscriptForOID4VP('mdoc-generated', client_id, response_uri, nonce),
      )
      expect((await answerMdl(request, presentation)).status).toBe(400)
      expect(await outcomeOf(started.id)).toBe('rejected')
    })
  },
)
describe('@auth0/mdl as verifier of what our wallet sends over OpenID4VP', () => {
  let asking: Awaited<ReturnType<typeof startOpenid4vcVerifier>>
  beforeAll(async () => {
    asking = await startOpenid4vcVerifier()
  })
  afterAll(() => asking?.close())

  async function presented(responseMode: 'direct_post' | 'direct_post.jwt') {
    const wallet = createOurWallet({
      hosts: [host(issuer.url), host(asking.url)],
      issuerCertificates: [issuer.certificate],
    })
    const offer = await issuer.issuer.createOffer({ credentials: ['ThaiNationalID-mdoc'], subject: 'one' })
    const outcome = await wallet.receive(await wallet.readOffer(offer.uri))
    expect(outcome).toHaveLength(1)
    const asked = await asking.ask(queryOf(docType, docType, ['name_th']), { responseMode })
    const request = await wallet.readRequest(asked.uri)
    const [candidate] = request.options[0]?.candidates ?? []
    await wallet.present(request, { id: [candidate?.credentialId as string] })
    const presentation = asking.answer(asked.id)?.presentations.id?.[0] as string
    return { asked, presentation: Buffer.from(presentation, 'base64url') }
  }

  it.each(['direct_post', 'direct_post.jwt'] as const)(
    'by %s: chain, digests, device signature',
    async (mode) => {
      const { asked, presentation } = await presented(mode)
      const request = asked.request as unknown as MdlRequest
      expect(request.client_metadata?.jwks !== undefined).toBe(mode === 'direct_post.jwt')
      const mdl = new Verifier([pemOf(issuer.certificate)])
      const encodedSessionTranscript = await mdlSessionTranscript(request)
      const { documents } = await mdl.verify(presentation, { encodedSessionTranscript })
      expect(documents.map((document) => document.docType)).toEqual([docType])
      expect(documents[0]?.getIssuerNameSpace(docType)).toEqual({ name_th })

      const other = await mdlSessionTranscript({ ...request, nonce: 'of-another-request' })
      await expect(mdl.verify(presentation, { encodedSessionTranscript: other })).rejects.toThrow(
        /signature|deviceAuth/i,
      )
    },
  )
})
