// @ts-expect-error: the package has no types
import { oid4vp } from '@digitalbazaar/oid4-client'
import { createMemoryStore, ignoreStatus, type Signer, textCredential, trustOnly } from '@ekkasan/core'
import { generateJwk, publicJwkOf, signerFromJwk } from '@ekkasan/keys'
import { presentSdJwtVc, sdJwtVc, sdJwtVcVerifier } from '@ekkasan/sd-jwt-vc'
import { createVerifier, type Verifier } from '@ekkasan/verifier'
import { createCertificateAuthority, pemOf } from '@ekkasan/x509'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { paperDocument } from '../../packages/issuer/test/paper.ts'
import { serve } from '../serve.ts'

// @digitalbazaar/oid4-client 5.10.0 as the wallet's side of OpenID4VP. What it shares with us: jose, under our
// `keys` for JWE alone, under it for the request's signature too. Its certificates (pkijs), HTTP client and all of
// the protocol are its own. It makes no SD-JWT: the presentation inside is ours, so that this proves the protocol.

const issuerUrl = 'https://issuer.example'
let verifiers: Readonly<Record<'x509_san_dns' | 'x509_hash', Verifier>>
let root: string
let issuer: Signer
let holder: Signer
let close: () => Promise<void>

beforeAll(async () => {
  issuer = await signerFromJwk(await generateJwk('ES256'))
  holder = await signerFromJwk(await generateJwk('ES256'))
  const authority = await createCertificateAuthority({
    signer: await signerFromJwk(await generateJwk('ES256')),
    subject: { commonName: 'Test Root' },
  })
  root = pemOf(authority.certificate)
  const jwk = await generateJwk('ES256')
  const x5c = await authority.issue({
    subject: { commonName: 'Verifier' },
    publicJwk: publicJwkOf(jwk),
    dnsNames: ['verifier.example'],
  })
  const signer = await signerFromJwk(jwk, { x5c })
  const served = await serve((origin) => {
    const options = {
      names: { en: 'Department' },
      formats: [
        sdJwtVcVerifier({
          resolveIssuerKey: async () => ({
            jwk: issuer.key.publicJwk,
            identity: { id: issuerUrl, method: 'jwt-vc-issuer' as const },
          }),
        }),
      ],
      store: createMemoryStore(),
      isTrusted: trustOnly([{ role: 'credential-issuer', id: issuerUrl }]),
      checkStatus: ignoreStatus('a test of the protocol'),
    }
    verifiers = {
      x509_san_dns: createVerifier({
        ...options,
        url: `${origin}/san`,
        identity: { prefix: 'x509_san_dns', dnsName: 'verifier.example', signer },
      }),
      x509_hash: createVerifier({
        ...options,
        url: `${origin}/hash`,
        identity: { prefix: 'x509_hash', signer },
      }),
    }
    return (request) =>
      (request.url.includes('/san/') ? verifiers.x509_san_dns : verifiers.x509_hash).fetch(request)
  })
  close = served.close
})
afterAll(() => close())

const query = {
  credentials: [
    {
      id: 'paper',
      format: 'dc+sd-jwt',
      meta: { vct_values: [`${issuerUrl}/types/Paper`] },
      claims: [{ path: ['name'] }],
    },
  ],
}

const get = (url: string, trusted = [root]) =>
  oid4vp.authzRequest.get({ url, getTrustedCertificates: async () => trusted })

async function present({ client_id, nonce }: { readonly client_id: string; readonly nonce: string }) {
  const format = sdJwtVc({ signer: issuer, typeUrl: () => `${issuerUrl}/types/Paper` })
  const credential = await format.issue({
    document: paperDocument,
    issuer: issuerUrl,
    claims: { name: 'สมชาย', born: '2540' },
    holder: { jwk: holder.key.publicJwk },
    validity: { from: new Date(Date.now() - 60_000) },
    id: 'urn:uuid:00000000-0000-4000-8000-000000000000',
  })
  return presentSdJwtVc({
    credential: textCredential(credential),
    disclose: [['name']],
    binding: { clientId: client_id, nonce },
    holder,
  })
}

describe('@digitalbazaar/oid4-client presents to our verifier', () => {
  it.each(['get', 'post'] as const)(
    'by x509_san_dns, request by %s, direct_post',
    async (requestUriMethod) => {
      const verifier = verifiers.x509_san_dns
      const started = await verifier.start({
        query,
        responseMode: 'direct_post',
        requestUriMethod,
        omitState: true,
      })
      const { authorizationRequest } = await get(started.requestUri)
      expect(authorizationRequest.dcql_query).toEqual(query)
      const { result } = await oid4vp.sendAuthorizationResponse({
        authorizationRequest,
        vpToken: JSON.stringify({ paper: [await present(authorizationRequest)] }),
        vpTokenMediaType: 'application/json',
      })
      expect(result).toEqual({})
      const state = await verifier.result(started.id)
      expect(state.state === 'verified' && state.presentations.paper?.[0]?.claims).toEqual({ name: 'สมชาย' })
    },
  )

  it('not by x509_hash: this version of it calls what its own certificates do not have', async () => {
    const { requestUri } = await verifiers.x509_hash.start({ query, responseMode: 'direct_post' })
    await expect(get(requestUri)).rejects.toThrow('chain[0].toBER is not a function')
  })

  it('not unless our switch `omitState` is set: it does not send `state` back [N1]', async () => {
    const verifier = verifiers.x509_san_dns
    const started = await verifier.start({ query, responseMode: 'direct_post' })
    const { authorizationRequest } = await get(started.requestUri)
    expect(authorizationRequest.state).toEqual(expect.any(String))
    const vpToken = JSON.stringify({ paper: [await present(authorizationRequest)] })
    const sent = oid4vp.sendAuthorizationResponse({
      authorizationRequest,
      vpToken,
      vpTokenMediaType: 'application/json',
    })
    await expect(sent).rejects.toThrow('state is missing')
  })

  it('its response encrypted for direct_post.jwt is decrypted', async () => {
    const verifier = verifiers.x509_san_dns
    const started = await verifier.start({ query, omitState: true })
    const { authorizationRequest } = await get(started.requestUri)
    await oid4vp.sendAuthorizationResponse({
      authorizationRequest,
      vpToken: { paper: [await present(authorizationRequest)] },
      vpTokenMediaType: 'application/json',
      encryptionOptions: { keyManagementParameters: {} },
    })
    expect(await verifier.result(started.id)).toMatchObject({ state: 'verified' })
  })

  it('it is told when its presentation is not accepted', async () => {
    const verifier = verifiers.x509_san_dns
    const started = await verifier.start({ query, responseMode: 'direct_post', omitState: true })
    const { authorizationRequest } = await get(started.requestUri)
    const vpToken = JSON.stringify({ paper: [await present({ ...authorizationRequest, nonce: 'other' })] })
    const sent = oid4vp.sendAuthorizationResponse({
      authorizationRequest,
      vpToken,
      vpTokenMediaType: 'application/json',
    })
    await expect(sent).rejects.toThrow('the presentation was not accepted')
    expect(await verifier.result(started.id)).toMatchObject({ state: 'rejected' })
  })

  it('it refuses our request when it does not trust the root of our certificate', async () => {
    const other = await createCertificateAuthority({
      signer: await signerFromJwk(await generateJwk('ES256')),
      subject: { commonName: 'Other Root' },
    })
    const { requestUri } = await verifiers.x509_san_dns.start({ query, responseMode: 'direct_post' })
    await expect(get(requestUri, [pemOf(other.certificate)])).rejects.toThrow('certificate chain is invalid')
  })
})
