import { requireReceived } from '@ekkasan/wallet'
import { digest, ES256 } from '@sd-jwt/crypto-nodejs'
import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc'
import * as jose from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createOpenid4vcHolder } from './openid4vc-holder.ts'
import { startOpenid4vcIssuer, startOpenid4vcVerifier } from './openid4vc-servers.ts'
import {
  createOurWallet,
  type OurIssuer,
  type OurVerifier,
  startOurIssuer,
  startOurVerifier,
} from './ours.ts'

// The other side: @openid4vc/openid4vci, openid4vp and oauth2 0.4.6, without Credo. What they share with us: jose, which
// makes all their cryptography here and, under our `keys`, JWE alone. Their messages are checked by zod.

const host = (url: string) => new URL(url).host
const name_th = 'นาย สมมุติ ตัวอย่างดี'
const plain = 'ThaiNationalID-sd-jwt-vc-plain'
const jwt = 'ThaiNationalID-jwt-vc'

let issuer: OurIssuer
let verifier: OurVerifier
beforeAll(async () => {
  issuer = await startOurIssuer()
  verifier = await startOurVerifier({ hosts: [host(issuer.url)] })
})
afterAll(async () => {
  await issuer?.close()
  await verifier?.close()
})

const offerOf = (id: string) => issuer.issuer.createOffer({ credentials: [id], subject: 'one', txCode: true })

async function received(id: string, binding: 'jwk' | 'did:jwk') {
  const holder = await createOpenid4vcHolder()
  const offer = await offerOf(id)
  const taken = await holder.receive(offer.uriByReference, { txCode: offer.txCode as string, binding })
  return { holder, taken, credential: taken.credentials[0] as string, offer }
}

const jwtQuery = {
  credentials: [
    {
      id: 'id',
      format: 'jwt_vc_json',
      meta: { type_values: [['VerifiableCredential', 'ThaiNationalIDCredential']] },
      claims: [{ path: ['credentialSubject', 'name_th'] }],
    },
  ],
}

describe('@openid4vc as wallet receives from our issuer', () => {
  it.each([
    { id: plain, binding: 'jwk' as const },
    { id: plain, binding: 'did:jwk' as const },
    { id: 'ThaiNationalID-sd-jwt-vc', binding: 'jwk' as const },
    { id: jwt, binding: 'jwk' as const },
    { id: jwt, binding: 'did:jwk' as const },
  ])(
    '$id, key named by $binding: offer by reference, tx_code, nonce, notification',
    async ({ id, binding }) => {
      const { taken, offer } = await received(id, binding)
      expect(taken.version).toBe('V1')
      expect(taken.txCode).toEqual({ input_mode: 'numeric', length: 6 })
      expect(taken.credentials).toHaveLength(1)
      expect((await issuer.issuer.offer(offer.id))?.state).toMatchObject({
        state: 'issued',
        confirmed: false,
      })
      await taken.notify('credential_accepted')
      expect((await issuer.issuer.offer(offer.id))?.state).toMatchObject({ state: 'issued', confirmed: true })
    },
  )

  it('an offer by value', async () => {
    const holder = await createOpenid4vcHolder()
    const offer = await offerOf(plain)
    const taken = await holder.receive(offer.uri, { txCode: offer.txCode as string, binding: 'jwk' })
    expect(taken.credentials).toHaveLength(1)
  })

  it('reads our error for a wrong transaction code, and may try again', async () => {
    const holder = await createOpenid4vcHolder()
    const offer = await offerOf(plain)
    const txCode = offer.txCode as string
    const wrong = txCode === '000000' ? '000001' : '000000'
    await expect(holder.receive(offer.uri, { txCode: wrong, binding: 'jwk' })).rejects.toMatchObject({
      errorResponse: { error: 'invalid_grant' },
    })
    expect((await holder.receive(offer.uri, { txCode, binding: 'jwk' })).credentials).toHaveLength(1)
  })

  it('reads our type metadata and keys: @sd-jwt verifies what was received', async () => {
    const { credential } = await received(plain, 'jwk')
    const { keys } = (await (await fetch(`${issuer.url}/.well-known/jwt-vc-issuer`)).json()).jwks
    const peer = new SDJwtVcInstance({ hasher: digest, verifier: await ES256.getVerifier(keys[0]) })
    const { payload } = await peer.verify(credential.slice(0, credential.lastIndexOf('~') + 1), {
      disableStatusVerification: true,
    } as never)
    expect(payload).toMatchObject({ name_th, iss: issuer.url })
  })
})

describe('@openid4vc as wallet presents to our verifier (x509_hash)', () => {
  const queryOf = () => {
    const meta = { vct_values: [`${issuer.url}/vct/ThaiNationalIDCredential/v1/plain`] }
    return { credentials: [{ id: 'id', format: 'dc+sd-jwt', meta, claims: [{ path: ['name_th'] }] }] }
  }

  it.each([
    { responseMode: 'direct_post.jwt' as const, requestUriMethod: 'get' as const },
    { responseMode: 'direct_post.jwt' as const, requestUriMethod: 'post' as const },
    { responseMode: 'direct_post' as const, requestUriMethod: 'get' as const },
  ])('dc+sd-jwt by $responseMode, request by $requestUriMethod', async (mode) => {
    const { holder, credential } = await received(plain, 'jwk')
    const started = await verifier.verifier.start({ query: queryOf(), ...mode })
    const request = await holder.readRequest(started.requestUri)
    expect(request.version).toBe(100)
    expect(request.client).toMatchObject({ prefix: 'x509_hash', effective: verifier.verifier.clientId })
    const { client_id, nonce } = request.authorizationRequestPayload
    const binding = { aud: client_id as string, nonce }
    const response = await holder.respond(request, {
      id: [await holder.presentSdJwt(credential, { name_th: true }, binding)],
    })
    expect(response.status, await response.clone().text()).toBe(200)
    const result = await verifier.verifier.result(started.id)
    expect(result).toMatchObject({ state: 'verified' })
    const shown = result.state === 'verified' ? result.presentations.id?.[0] : undefined
    expect(shown?.claims.name_th).toBe(name_th)
    expect(shown?.claims).not.toHaveProperty('citizen_id')
  })

  // It writes its metadata as parameters of their own, without `wallet_metadata`, and never sends `wallet_nonce`.
  it('reads a request by POST, though what it says of itself does not arrive', async () => {
    const holder = await createOpenid4vcHolder()
    const started = await verifier.verifier.start({ query: queryOf(), requestUriMethod: 'post' })
    const metadata = { vp_formats_supported: { 'dc+sd-jwt': {} } }
    const request = await holder.readRequest(started.requestUri, { metadata, nonce: 'wallet-nonce-1' })
    expect(request.authorizationRequestPayload).toMatchObject({ dcql_query: queryOf() })
    expect(request.authorizationRequestPayload).not.toHaveProperty('wallet_nonce')
  })

  it.each(['direct_post.jwt', 'direct_post'] as const)('jwt_vc_json by %s', async (responseMode) => {
    const { holder, credential } = await received(jwt, 'did:jwk')
    const started = await verifier.verifier.start({ query: jwtQuery, responseMode })
    const request = await holder.readRequest(started.requestUri)
    const { client_id, nonce } = request.authorizationRequestPayload
    const response = await holder.respond(request, {
      id: [await holder.presentJwt(credential, { aud: client_id as string, nonce })],
    })
    expect(response.status).toBe(200)
    expect(await verifier.verifier.result(started.id)).toMatchObject({
      state: 'verified',
      presentations: { id: [{ claims: { name_th } }] },
    })
  })

  it('is refused with a presentation made for another nonce', async () => {
    const { holder, credential } = await received(plain, 'jwk')
    const started = await verifier.verifier.start({ query: queryOf() })
    const request = await holder.readRequest(started.requestUri)
    const binding = { aud: verifier.verifier.clientId, nonce: 'of-another-request' }
    const presentation = await holder.presentSdJwt(credential, { name_th: true }, binding)
    expect((await holder.respond(request, { id: [presentation] })).status).toBe(400)
    expect(await verifier.verifier.result(started.id)).toMatchObject({ state: 'rejected' })
  })
})

describe('@openid4vc as issuer and verifier serves our wallet', () => {
  const vct = 'https://interop.example/vct'
  const claims = { name: 'สมชาย ใจดี', age: 20 }
  let theirs: Awaited<ReturnType<typeof startOpenid4vcIssuer>>
  let asking: Awaited<ReturnType<typeof startOpenid4vcVerifier>>
  beforeAll(async () => {
    theirs = await startOpenid4vcIssuer(vct, claims)
    asking = await startOpenid4vcVerifier()
  })
  afterAll(async () => {
    await theirs?.close()
    await asking?.close()
  })
  const walletOf = () =>
    createOurWallet({
      hosts: [host(theirs.url), host(asking.url)],
      issuerCertificates: [theirs.certificate],
    })

  it.each(['dc+sd-jwt', 'jwt_vc_json'] as const)(
    'issues %s with tx_code, nonce, notification',
    async (id) => {
      const wallet = walletOf()
      const offer = await theirs.createOffer(id)
      const before = theirs.notified.length
      const [credential] = requireReceived(
        await wallet.receive(await wallet.readOffer(offer.uri), { txCode: offer.txCode }),
      )
      const held = credential?.view.claims
      expect(id === 'dc+sd-jwt' ? held : held?.credentialSubject).toMatchObject(claims)
      expect(theirs.notified.slice(before)).toMatchObject([{ event: 'credential_accepted' }])
    },
  )

  it('refuses a wrong transaction code, and our wallet tries again', async () => {
    const wallet = walletOf()
    const offer = await theirs.createOffer('dc+sd-jwt')
    const read = await wallet.readOffer(offer.uri)
    await expect(wallet.receive(read, { txCode: '000000' }).then(requireReceived)).rejects.toMatchObject({
      code: 'wallet.receive.grant-refused',
      issuerError: 'invalid_grant',
    })
    expect(requireReceived(await wallet.receive(read, { txCode: offer.txCode }))).toHaveLength(1)
  })

  it.each([
    { responseMode: 'direct_post.jwt' as const },
    { responseMode: 'direct_post' as const },
    // As the standard has it; without, @openid4vc writes the request_uri.
    { responseMode: 'direct_post.jwt' as const, aud: 'https://self-issued.me/v2' },
  ])('asks for dc+sd-jwt, $responseMode, aud $aud', async (options) => {
    const wallet = walletOf()
    const offer = await theirs.createOffer('dc+sd-jwt')
    const [credential] = requireReceived(
      await wallet.receive(await wallet.readOffer(offer.uri), { txCode: offer.txCode }),
    )
    const query = {
      credentials: [
        { id: 'id', format: 'dc+sd-jwt', meta: { vct_values: [vct] }, claims: [{ path: ['name'] }] },
      ],
    }
    const asked = await asking.ask(query, options)
    const request = await wallet.readRequest(asked.uri)
    expect(request.verifier.clientId).toBe(asking.clientId)
    await wallet.present(request, { id: [credential?.id as string] })
    const answer = asking.answer(asked.id)
    expect(answer?.encrypted).toBe(options.responseMode === 'direct_post.jwt')
    const presentation = answer?.presentations.id?.[0] as string
    const { cnf } = jose.decodeJwt<{ cnf: { jwk: object } }>(presentation.split('~')[0] as string)
    const { x5c } = jose.decodeProtectedHeader(presentation.split('~')[0] as string)
    const pem = `-----BEGIN CERTIFICATE-----\n${x5c?.[0]}\n-----END CERTIFICATE-----`
    const issuerKey = await jose.exportJWK(await jose.importX509(pem, 'ES256'))
    const peer = new SDJwtVcInstance({
      hasher: digest,
      verifier: await ES256.getVerifier(issuerKey),
      kbVerifier: await ES256.getVerifier(cnf.jwk),
    })
    const { payload, kb } = await peer.verify(presentation, { keyBindingNonce: asked.nonce })
    expect(kb?.payload).toMatchObject({ aud: asking.clientId })
    expect(payload).toMatchObject({ name: claims.name })
    expect(payload).not.toHaveProperty('age')
  })

  it('asks for jwt_vc_json, encrypted', async () => {
    const wallet = walletOf()
    const offer = await theirs.createOffer('jwt_vc_json')
    const [credential] = requireReceived(
      await wallet.receive(await wallet.readOffer(offer.uri), { txCode: offer.txCode }),
    )
    const meta = { type_values: [['VerifiableCredential', 'InteropCredential']] }
    const asked = await asking.ask(
      { credentials: [{ id: 'id', format: 'jwt_vc_json', meta }] },
      { responseMode: 'direct_post.jwt' },
    )
    await wallet.present(await wallet.readRequest(asked.uri), { id: [credential?.id as string] })
    const presentation = asking.answer(asked.id)?.presentations.id?.[0] as string
    const { kid = '' } = jose.decodeProtectedHeader(presentation)
    const encoded = kid.slice('did:jwk:'.length).split('#')[0] as string
    const jwk = JSON.parse(Buffer.from(encoded, 'base64url').toString())
    const { payload } = await jose.jwtVerify(presentation, await jose.importJWK(jwk, 'ES256'), {
      audience: asking.clientId,
    })
    expect(payload.nonce).toBe(asked.nonce)
    const [inner] = (payload.vp as { verifiableCredential: string[] }).verifiableCredential
    expect(jose.decodeJwt(inner as string)).toMatchObject({ vc: { credentialSubject: claims } })
  })
})
