import { createMemoryStore, type JsonObject, trustAnyone } from '@ekkasan/core'
import { createDidResolver } from '@ekkasan/did'
import { createMemoryHolderKeys, createWallet } from '@ekkasan/wallet'
import { readClientCertificate } from '@ekkasan/x509'
import { Openid4vpClient, Openid4vpVerifier } from '@openid4vc/openid4vp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { issueSlip, slipHolder } from '../../packages/verifier/test/slip.ts'
import { createCallbacks, createPeerKey } from './openid4vc-callbacks.ts'
import { createOpenid4vcHolder } from './openid4vc-holder.ts'
import { type OurIssuer, type OurVerifier, startOurIssuer, startOurVerifier } from './ours.ts'

// Requests and responses of the Digital Credentials API between us and @openid4vc/openid4vp 0.4.6, both ways; the
// browser between them is in test/e2e/dc-api.test.ts.

let issuer: OurIssuer
let ours: OurVerifier
let origin: string
beforeAll(async () => {
  issuer = await startOurIssuer()
  ours = await startOurVerifier({ hosts: [new URL(issuer.url).host] })
})
afterAll(async () => {
  await issuer?.close()
  await ours?.close()
})

const serverMetadata = {
  authorization_signing_alg_values_supported: ['ES256'],
  authorization_encryption_alg_values_supported: ['ECDH-ES'],
  authorization_encryption_enc_values_supported: ['A256GCM'],
}

describe('@openid4vc as wallet answers our verifier', () => {
  it.each([
    { protocol: 'openid4vp-v1-unsigned', responseMode: 'dc_api' },
    { protocol: 'openid4vp-v1-unsigned', responseMode: 'dc_api.jwt' },
    { protocol: 'openid4vp-v1-signed', responseMode: 'dc_api' },
    { protocol: 'openid4vp-v1-signed', responseMode: 'dc_api.jwt' },
  ] as const)('$protocol, $responseMode', async ({ protocol, responseMode }) => {
    const holder = await createOpenid4vcHolder()
    const offer = await issuer.issuer.createOffer({
      credentials: ['ThaiNationalID-sd-jwt-vc-plain'],
      subject: 'one',
      txCode: true,
    })
    const taken = await holder.receive(offer.uriByReference, {
      txCode: offer.txCode as string,
      binding: 'jwk',
    })
    const meta = { vct_values: [`${issuer.url}/vct/ThaiNationalIDCredential/v1/plain`] }
    const query = {
      credentials: [{ id: 'id', format: 'dc+sd-jwt', meta, claims: [{ path: ['name_th'] }] }],
    }
    const started = await ours.verifier.startDcApi({ query, responseMode, protocols: [protocol] })
    origin = new URL(started.responseUri).origin
    const vp = new Openid4vpClient({ callbacks: holder.callbacks })
    const { authorizationRequestPayload: asked, client } = await vp.resolveOpenId4vpAuthorizationRequest({
      authorizationRequestPayload: started.requests[0]?.data as never,
      origin,
    })
    const isSigned = protocol === 'openid4vp-v1-signed'
    expect(client.effective).toBe(isSigned ? ours.verifier.clientId : `origin:${origin}`)
    const binding = { aud: `origin:${origin}`, nonce: asked.nonce }
    const presentation = await holder.presentSdJwt(taken.credentials[0] as string, { name_th: true }, binding)
    const { authorizationResponsePayload, jarm } = await vp.createOpenid4vpAuthorizationResponse({
      authorizationRequestPayload: asked as never,
      authorizationResponsePayload: { vp_token: { id: [presentation] } as never },
      origin,
      ...(responseMode === 'dc_api.jwt' && { jarm: { encryption: { nonce: '' }, serverMetadata } }),
    })
    const data = (jarm ? { response: jarm.responseJwt } : authorizationResponsePayload) as JsonObject
    expect(await ours.verifier.completeDcApi(started.id, { protocol, data, origin })).toMatchObject({
      state: 'verified',
      presentations: { id: [{ claims: { name_th: expect.any(String) } }] },
    })
  })
})

describe('@openid4vc as verifier asks our wallet', () => {
  it.each([
    { protocol: 'openid4vp-v1-unsigned', response_mode: 'dc_api' },
    { protocol: 'openid4vp-v1-signed', response_mode: 'dc_api.jwt' },
  ] as const)('$protocol, $response_mode', async ({ protocol, response_mode }) => {
    const page = 'https://verifier.example'
    const key = await createPeerKey()
    const callbacks = createCallbacks(key)
    const verifier = new Openid4vpVerifier({ callbacks })
    const isSigned = protocol === 'openid4vp-v1-signed'
    const encryption = await createPeerKey()
    const authorizationRequestPayload = {
      response_type: 'vp_token',
      response_mode,
      nonce: 'nonce-of-the-peer',
      dcql_query: {
        credentials: [
          {
            id: 'slip',
            format: 'dc+sd-jwt',
            meta: { vct_values: ['Slip'] },
            claims: [{ path: ['given_name'] }],
          },
        ],
      },
      client_metadata: {
        vp_formats_supported: { 'dc+sd-jwt': {} },
        jwks: { keys: [{ ...encryption.publicJwk, use: 'enc', alg: 'ECDH-ES', kid: 'enc' }] },
        encrypted_response_enc_values_supported: ['A256GCM'],
      },
      ...(isSigned && {
        client_id: `decentralized_identifier:${did(key.publicJwk)}`,
        expected_origins: [page],
      }),
    }
    const { authorizationRequestObject } = await verifier.createOpenId4vpAuthorizationRequest({
      authorizationRequestPayload: authorizationRequestPayload as never,
      ...(isSigned && {
        jar: {
          jwtSigner: { method: 'did', didUrl: `${did(key.publicJwk)}#0`, alg: 'ES256' },
          additionalJwtPayload: { aud: 'https://self-issued.me/v2' },
          expiresInSeconds: 300,
        } as never,
      }),
    })
    const keys = createMemoryHolderKeys()
    const store = createMemoryStore()
    const holder = await keys.create('ES256')
    const credential = await issueSlip({ issuer: holder, holder: holder.key.publicJwk })
    const view = slipHolder().view(credential)
    const kept = { id: 'one', format: 'dc+sd-jwt', credential, holder: { jwk: holder.key.publicJwk }, view }
    await store.put('credential/one', kept as never)
    const wallet = createWallet({
      formats: [slipHolder()],
      keys,
      store,
      isTrusted: trustAnyone('an interop test'),
      readCertificate: readClientCertificate,
      resolveDid: createDidResolver(),
    })
    const data = authorizationRequestObject as unknown as JsonObject
    const request = await wallet.openDcApiRequest({ protocol, data, origin: page })
    expect(request.verifier.clientId).toBe(
      isSigned ? authorizationRequestPayload.client_id : `origin:${page}`,
    )
    const { dcApiResponse } = await wallet.present(request, { slip: ['one'] })
    const parsed = await verifier.parseOpenid4vpAuthorizationResponse({
      authorizationResponse: dcApiResponse?.data as never,
      authorizationRequestPayload: authorizationRequestPayload as never,
      callbacks: createCallbacks(encryption),
      origin: page,
    })
    expect(parsed.jarm !== undefined).toBe(isSigned)
    expect(parsed.type === 'dcql' && Object.keys(parsed.dcql.presentations)).toEqual(['slip'])
  })
})

const did = (jwk: object) => `did:jwk:${Buffer.from(JSON.stringify(jwk)).toString('base64url')}`
