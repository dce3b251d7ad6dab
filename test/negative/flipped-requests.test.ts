import { createMemoryStore, credentialConfiguration, type JsonObject, trustAnyone } from '@ekkasan/core'
import { createDidResolver } from '@ekkasan/did'
import { createIssuer } from '@ekkasan/issuer'
import { didKeyUrlOf, generateJwk, publicJwkOf, signerFromJwk } from '@ekkasan/keys'
import { isoMdocHolder, isoMdocVerifier } from '@ekkasan/mdoc'
import {
  certificateHashClientId,
  multiSignDcApiRequest,
  signDcApiRequest,
  signRequestObject,
  verifyDcApiRequest,
  verifyRequestObject,
} from '@ekkasan/openid4vc'
import { createMemoryHolderKeys, createWallet, requireReceived } from '@ekkasan/wallet'
import { createCertificateAuthority, mdocPurposes, readClientCertificate } from '@ekkasan/x509'
import { describe, expect, it } from 'vitest'
import { paper, paperDocument, paperHolder } from '../../packages/issuer/test/paper.ts'
import { flipped, places, recording } from './flipping.ts'

// Every boolean is used: one decoded byte of the signature of a request or a key proof, flipped, makes it refused.

const origin = 'https://verifier.example'
const resolveDid = createDidResolver()
const readCertificate = readClientCertificate
const authority = await createCertificateAuthority({
  signer: await signerFromJwk(await generateJwk('ES256')),
  subject: { commonName: 'Authority', country: 'TH' },
})

/** A verifier whose signatures are remembered, under a client identifier of each kind. */
async function newClient(prefix: 'x509_hash' | 'x509_san_dns' | 'decentralized_identifier') {
  const jwk = await generateJwk('ES256')
  const publicJwk = publicJwkOf(jwk)
  const dnsNames = ['verifier.example']
  const x5c = await authority.issue({ subject: { commonName: 'Verifier' }, publicJwk, dnsNames })
  const kid = didKeyUrlOf(publicJwk)
  const isDid = prefix === 'decentralized_identifier'
  const { signer, made } = recording(await signerFromJwk(jwk, isDid ? { kid } : { x5c }))
  const clientId = {
    x509_hash: certificateHashClientId(x5c),
    x509_san_dns: 'x509_san_dns:verifier.example',
    decentralized_identifier: `${prefix}:${kid.split('#')[0]}`,
  }[prefix]
  return { signer, made, clientId }
}

const prefixes = ['x509_hash', 'x509_san_dns', 'decentralized_identifier'] as const
const asked = {
  response_type: 'vp_token' as const,
  nonce: 'n-0S6_WzA2Mj',
  dcql_query: { credentials: [{ id: 'a', format: 'dc+sd-jwt', meta: { vct_values: ['a'] } }] },
  client_metadata: { vp_formats_supported: { 'dc+sd-jwt': {} } },
}
const times = { issuedAt: new Date(), expiresAt: new Date(Date.now() + 60_000) }

describe.each(prefixes)('a byte of the signature of a request by %s is flipped [M5]', (prefix) => {
  it('in a request object', async () => {
    const { signer, made, clientId } = await newClient(prefix)
    const object = await signRequestObject({
      request: {
        ...asked,
        client_id: clientId,
        response_mode: 'direct_post',
        response_uri: 'https://verifier.example/r',
        state: 's',
      },
      signer,
      ...times,
    })
    const verify = (text: string) => verifyRequestObject(text, { clientId, resolveDid, readCertificate })
    await verify(object)
    const signature = made[0] as Uint8Array
    for (const at of places(signature)) {
      await expect(verify(flipped(object, signature, at))).rejects.toMatchObject({
        code: 'openid4vc.request.signature',
      })
    }
  })

  const options = { request: { ...asked, response_mode: 'dc_api' }, expectedOrigins: [origin], ...times }
  const verify = (protocol: string, data: JsonObject) =>
    verifyDcApiRequest({ protocol, data }, { origin, resolveDid, readCertificate })

  it('in a signed request of the Digital Credentials API', async () => {
    const client = await newClient(prefix)
    const data = await signDcApiRequest(client, options)
    const { clients } = await verify('openid4vp-v1-signed', data)
    expect(clients.map(({ clientId }) => clientId)).toEqual([client.clientId])
    const signature = client.made[0] as Uint8Array
    for (const at of places(signature)) {
      const forged = flipped(data, signature, at)
      await expect(verify('openid4vp-v1-signed', forged)).rejects.toMatchObject({
        code: 'openid4vc.request.signature',
      })
    }
  })

  it('in a request of that kind with several signatures: that client has not signed it, and one must have', async () => {
    const [one, two] = [await newClient(prefix), await newClient('decentralized_identifier')]
    const data = await multiSignDcApiRequest([one, two], options)
    const read = async (of: JsonObject) =>
      (await verify('openid4vp-v1-multisigned', of)).clients.map(({ clientId }) => clientId)
    expect(await read(data)).toEqual([one.clientId, two.clientId])
    const [first, second] = [one.made[0] as Uint8Array, two.made[0] as Uint8Array]
    for (const at of places(first)) {
      const forged = flipped(data, first, at)
      expect(await read(forged)).toEqual([two.clientId])
      await expect(read(flipped(forged, second, at))).rejects.toMatchObject({
        code: 'openid4vc.request.signature',
      })
    }
  })
})

it('a byte of the signature of a reader is flipped (ISO/IEC 18013-5 section 9.1.4) [M5]', async () => {
  const jwk = await generateJwk('ES256')
  const x5c = await authority.issue({
    subject: { commonName: 'Bank', country: 'TH' },
    publicJwk: publicJwkOf(jwk),
    extendedKeyUsage: [mdocPurposes.readerAuthentication],
  })
  const { signer, made } = recording(await signerFromJwk(jwk, { x5c }))
  const sent = await isoMdocVerifier({ reader: { signer, origin } }).ask({
    credentials: [
      {
        id: 'a',
        format: 'mso_mdoc',
        meta: { doctype_value: 'org.iso.18013.5.1.mDL' },
        claims: [{ path: ['org.iso.18013.5.1', 'family_name'], intent_to_retain: false }],
      },
    ],
  })
  const request = sent?.request as JsonObject
  const read = (one: JsonObject) => isoMdocHolder({ readCertificate }).read({ request: one, origin })
  expect((await read(request)).clients).toHaveLength(1)
  const signature = made[0] as Uint8Array
  for (const at of places(signature)) {
    const deviceRequest = flipped(String(request.deviceRequest), signature, at)
    await expect(read({ ...request, deviceRequest })).rejects.toMatchObject({
      code: 'mdoc.reader.authentication',
    })
  }
})

describe.each(['jwk', 'did:jwk', 'did:key'] as const)(
  'a byte of the signature of a key proof by %s is flipped [M5]',
  (method) => {
    const url = 'https://issuer.example'

    it.each([1, 3])(
      'of %i proofs: nothing is issued, and the issuer says which fault it is',
      async (count) => {
        const signer = await signerFromJwk(await generateJwk('ES256'))
        const issuer = createIssuer({
          url,
          names: { en: 'Department' },
          credentials: [credentialConfiguration(paperDocument, paper({ signer, bindingMethods: [method] }))],
          store: createMemoryStore(),
          getClaims: async () => ({ claims: { name: 'x' } }),
          resolveDid,
        })
        let at: number | undefined
        const wallet = createWallet({
          formats: [paperHolder(signer)],
          keys: createMemoryHolderKeys(),
          store: createMemoryStore(),
          isTrusted: trustAnyone('a test'),
          async fetch(input, init) {
            const request = new Request(String(input), init)
            if (at === undefined || new URL(request.url).pathname !== '/credential')
              return issuer.fetch(request)
            const body = JSON.parse(await request.clone().text())
            const last = body.proofs.jwt.pop()
            const signature = Buffer.from(last.split('.')[2], 'base64url')
            body.proofs.jwt.push(flipped(last, signature, at))
            return issuer.fetch(new Request(request, { body: JSON.stringify(body) }))
          },
        })
        const receive = async () => {
          const { uri } = await issuer.createOffer({ credentials: ['Paper-paper+jwt'], subject: 's' })
          return wallet.receive(await wallet.readOffer(uri), { batchSize: count })
        }
        expect(requireReceived(await receive())).toHaveLength(count)
        for (at of places(new Uint8Array(64))) {
          expect(await receive()).toMatchObject([
            { outcome: 'failed', error: { issuerError: 'invalid_proof', status: 400 } },
          ])
        }
        expect(await wallet.credentials()).toHaveLength(count)
      },
    )
  },
)
