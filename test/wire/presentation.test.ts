import {
  createCipheriv,
  createHash,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  verify,
  X509Certificate,
} from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readVector } from '../vectors.ts'
import { type RunningVerifier, startVerifier } from './start-verifier.ts'

// Knows nothing but the texts of OpenID4VP 1.0, RFC 9901, JOSE and HTTP: no library of the protocol, ours or
// another's.

const vct = 'https://issuer.example/types/id'
const query = {
  credentials: [
    {
      id: 'my_credential',
      format: 'dc+sd-jwt',
      meta: { vct_values: [vct] },
      claims: [{ path: ['given_name'] }],
    },
  ],
}
const issuerKeys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const holderKeys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const otherKeys = generateKeyPairSync('ec', { namedCurve: 'P-256' })

let verifier: RunningVerifier
beforeAll(async () => {
  verifier = await startVerifier(issuerKeys.publicKey.export({ format: 'jwk' }), '/tenant')
})
afterAll(() => verifier?.stop())

const b64 = (data: string | Uint8Array) => Buffer.from(data).toString('base64url')
const json = (part: string | undefined) => JSON.parse(Buffer.from(part ?? '', 'base64url').toString())
const now = () => Math.floor(Date.now() / 1000)

function jws(header: object, payload: object, key: KeyObject): string {
  const input = `${b64(JSON.stringify({ alg: 'ES256', ...header }))}.${b64(JSON.stringify(payload))}`
  return `${input}.${b64(sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }))}`
}

interface RequestObject {
  readonly compact: string
  readonly header: { readonly typ: string; readonly alg: string; readonly x5c: readonly string[] }
  readonly payload: {
    readonly client_id: string
    readonly nonce: string
    readonly state: string
    readonly response_uri: string
    readonly aud: string
    readonly exp: number
    readonly iat: number
    readonly wallet_nonce?: string
    readonly client_metadata: {
      readonly jwks: { readonly keys: readonly (JsonWebKey & { readonly kid: string })[] }
      readonly encrypted_response_enc_values_supported: readonly string[]
    }
  }
}

interface Started {
  readonly id: string
  readonly requestUri: string
  readonly browserSecret?: string
}

const start = (input: object = {}) =>
  verifier.ask<Started>('start', { query, responseMode: 'direct_post', ...input })

const parametersOf = (requestUri: string) => {
  expect(requestUri.startsWith('openid4vp://?')).toBe(true)
  return new URLSearchParams(requestUri.slice('openid4vp://?'.length))
}

async function fetchRequest(requestUri: string, init: RequestInit = {}): Promise<RequestObject> {
  const response = await fetch(parametersOf(requestUri).get('request_uri') as string, init)
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('application/oauth-authz-req+jwt')
  const compact = await response.text()
  const [header, payload] = compact.split('.')
  return { compact, header: json(header), payload: json(payload) }
}

interface Presenting {
  readonly issuerKey?: KeyObject
  readonly holderKey?: KeyObject
  readonly cnf?: object
  readonly binding?: object
  readonly claims?: object
  readonly disclosed?: boolean
}

/** An SD-JWT VC with one disclosure and a key binding JWT, RFC 9901 sections 4.1 and 4.3. */
function present(request: RequestObject, how: Presenting = {}): string {
  const disclosure = b64(JSON.stringify(['2GLC42sKQveCfGfryNRN9w', 'given_name', 'สมชาย']))
  const { kty, crv, x, y } = holderKeys.publicKey.export({ format: 'jwk' })
  const credential = jws(
    { typ: 'dc+sd-jwt' },
    {
      iss: 'https://issuer.example',
      vct,
      iat: now() - 60,
      exp: now() + 3600,
      cnf: how.cnf ?? { jwk: { kty, crv, x, y } },
      _sd: [b64(createHash('sha256').update(disclosure).digest())],
      _sd_alg: 'sha-256',
      ...how.claims,
    },
    how.issuerKey ?? issuerKeys.privateKey,
  )
  const presented = how.disclosed === false ? `${credential}~` : `${credential}~${disclosure}~`
  const binding = {
    iat: now(),
    aud: request.payload.client_id,
    nonce: request.payload.nonce,
    sd_hash: b64(createHash('sha256').update(presented).digest()),
    ...how.binding,
  }
  return `${presented}${jws({ typ: 'kb+jwt' }, binding, how.holderKey ?? holderKeys.privateKey)}`
}

interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: { readonly redirect_uri?: string; readonly error?: string }
}

async function post(
  uri: string,
  body: string | Record<string, string>,
  type = 'application/x-www-form-urlencoded',
): Promise<Answer> {
  const text = typeof body === 'string' ? body : new URLSearchParams(body).toString()
  const response = await fetch(uri, {
    method: 'POST',
    body: text,
    headers: { 'Content-Type': type },
    redirect: 'manual',
  })
  expect(response.headers.get('content-type')).toBe('application/json')
  expect(response.headers.get('cache-control')).toBe('no-store')
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Answer['body'],
  }
}

/** Posts an answer to a request with the request's `state`. */
const answerTo = ({ payload: { response_uri, state } }: RequestObject, body: Record<string, string>) =>
  post(response_uri, { ...body, state })

const tokenOf = (...presentations: readonly string[]) => JSON.stringify({ my_credential: presentations })

interface Result {
  readonly state: string
  readonly error?: string
  readonly presentations?: { readonly my_credential: readonly { readonly claims: object }[] }
  readonly report?: readonly {
    readonly checks: readonly { readonly name: string; readonly outcome: string }[]
  }[]
}
const result = (id: string, proof?: object) => verifier.ask<Result>('result', { id, proof })
const failedOf = ({ report = [] }: Result) =>
  report.flatMap(({ checks }) => checks.filter(({ outcome }) => outcome === 'failed').map(({ name }) => name))

/** ECDH-ES with the content encryption A128GCM or A256GCM, RFC 7518 section 4.6, RFC 7516 section 5.1. */
function encrypt(
  payload: object,
  recipient: JsonWebKey & { readonly kid: string },
  enc = 'A256GCM',
  more: object = {},
): string {
  const ephemeral = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { kty, crv, x, y } = ephemeral.publicKey.export({ format: 'jwk' })
  const publicKey = createPublicKey({ key: recipient as never, format: 'jwk' })
  const secret = diffieHellman({ privateKey: ephemeral.privateKey, publicKey })
  const bits = Number(enc.slice(1, 4))
  const word = (value: number) => Buffer.from([0, 0, value >> 8, value & 255])
  const named = Buffer.concat([word(enc.length), Buffer.from(enc)])
  const info = Buffer.concat([named, word(0), word(0), word(bits)])
  const derived = createHash('sha256')
    .update(Buffer.concat([word(1), secret, info]))
    .digest()
    .subarray(0, bits / 8)
  const header = b64(
    JSON.stringify({ alg: 'ECDH-ES', enc, kid: recipient.kid, epk: { kty, crv, x, y }, ...more }),
  )
  const iv = randomBytes(12)
  const cipher = createCipheriv(bits === 128 ? 'aes-128-gcm' : 'aes-256-gcm', derived, iv)
  cipher.setAAD(Buffer.from(header))
  const sealed = Buffer.concat([cipher.update(JSON.stringify(payload)), cipher.final()])
  return `${header}..${b64(iv)}.${b64(sealed)}.${b64(cipher.getAuthTag())}`
}

describe('the request', () => {
  it('is a reference that a QR can hold (section 5.7)', async () => {
    const { requestUri } = await start()
    const parameters = parametersOf(requestUri)
    expect([...parameters.keys()]).toEqual(['client_id', 'request_uri'])
    expect(parameters.get('request_uri')).toContain('/tenant/request/')
    expect(requestUri.length).toBeLessThan(300)
    const post = await start({ requestUriMethod: 'post' })
    expect(parametersOf(post.requestUri).get('request_uri_method')).toBe('post')
  })

  it('is signed by the certificate whose hash is the client identifier (5.9.3, x509_hash; RFC 9101)', async () => {
    const { requestUri } = await start()
    const { compact, header, payload } = await fetchRequest(requestUri)
    expect(header.typ).toBe('oauth-authz-req+jwt')
    const leaf = new X509Certificate(Buffer.from(header.x5c[0] as string, 'base64'))
    const root = new X509Certificate(Buffer.from(verifier.root, 'base64'))
    expect(leaf.verify(root.publicKey)).toBe(true)
    expect(header.x5c).not.toContain(verifier.root)
    expect(payload.client_id).toBe(`x509_hash:${b64(createHash('sha256').update(leaf.raw).digest())}`)
    expect(parametersOf(requestUri).get('client_id')).toBe(payload.client_id)
    const [head, body, signature] = compact.split('.') as [string, string, string]
    const key = { key: leaf.publicKey, dsaEncoding: 'ieee-p1363' } as const
    expect(verify('sha256', Buffer.from(`${head}.${body}`), key, Buffer.from(signature, 'base64url'))).toBe(
      true,
    )
  })

  it('has what section 5 wants in it', async () => {
    const seconds = () => Math.floor(Date.now() / 1000)
    const before = seconds()
    const { payload } = await fetchRequest((await start()).requestUri)
    const after = seconds()
    expect(payload).toEqual({
      client_id: expect.any(String),
      response_type: 'vp_token',
      response_mode: 'direct_post',
      response_uri: expect.stringContaining(`${verifier.url}/response/`),
      nonce: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
      state: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
      dcql_query: query,
      client_metadata: {
        client_name: 'กรม',
        'client_name#th': 'กรม',
        'client_name#en': 'Department',
        vp_formats_supported: {
          'dc+sd-jwt': {
            'sd-jwt_alg_values': expect.arrayContaining(['ES256', 'EdDSA']),
            'kb-jwt_alg_values': expect.arrayContaining(['ES256', 'EdDSA']),
          },
        },
      },
      aud: 'https://self-issued.me/v2',
      iat: expect.any(Number),
      exp: expect.any(Number),
    })
    // It ends with the session, five minutes after its start; it is issued when it is fetched.
    expect(payload.exp).toBeGreaterThanOrEqual(before + 300)
    expect(payload.exp).toBeLessThanOrEqual(after + 300)
    expect(payload.iat).toBeGreaterThanOrEqual(before)
    expect(payload.iat).toBeLessThanOrEqual(after)
  })

  it('asked for by the POST of the standard has its wallet_nonce (5.10)', async () => {
    const { requestUri } = await start({ requestUriMethod: 'post' })
    const body =
      'wallet_metadata=%7B%22vp_formats_supported%22%3A%7B%22dc%2Bsd-jwt%22%3A%7B%22sd-jwt_alg_values%22%3A%20%5B%22ES256%22%5D%2C%22kb-jwt_alg_values%22%3A%20%5B%22ES256%22%5D%7D%7D%7D&wallet_nonce=qPmxiNFCR3QTm19POc8u'
    const headers = {
      'Content-Type': 'application/x-www-form-urlencoded',
      Accept: 'application/oauth-authz-req+jwt',
    }
    const { payload } = await fetchRequest(requestUri, { method: 'POST', body, headers })
    expect(payload.wallet_nonce).toBe('qPmxiNFCR3QTm19POc8u')
    const again = await fetchRequest(requestUri)
    expect(again.payload).not.toHaveProperty('wallet_nonce')
    expect(again.payload.nonce).toBe(payload.nonce)
  })

  it.each([
    ['wallet_metadata=x', 'invalid_request'],
    ['wallet_metadata=%7B%22a%22%3A1%2C%22a%22%3A2%7D', 'invalid_request'],
    ['wallet_nonce=a&wallet_nonce=b', 'invalid_request'],
    [
      'wallet_metadata=%7B%22vp_formats_supported%22%3A%7B%22mso_mdoc%22%3A%7B%7D%7D%7D',
      'vp_formats_not_supported',
    ],
  ])('asked for by the POST %s is refused with %s', async (body, error) => {
    const { requestUri } = await start({ requestUriMethod: 'post' })
    const answer = await post(parametersOf(requestUri).get('request_uri') as string, body)
    expect([answer.status, answer.body.error]).toEqual([400, error])
  })

  it('that was never made is not there', async () => {
    const response = await fetch(`${verifier.url}/request/${'a'.repeat(32)}`)
    expect(response.status).toBe(404)
  })
})

describe('the answer', () => {
  it('by direct_post is verified, and the verifier has what was asked (8.2)', async () => {
    const { id, requestUri } = await start()
    const request = await fetchRequest(requestUri)
    const answer = await answerTo(request, { vp_token: tokenOf(present(request)) })
    expect([answer.status, answer.body]).toEqual([200, {}])
    expect(await result(id)).toMatchObject({
      state: 'verified',
      presentations: { my_credential: [{ claims: { given_name: 'สมชาย' } }] },
    })
  })

  it.each(['A128GCM', 'A256GCM'])('by direct_post.jwt is decrypted: ECDH-ES with %s (8.3)', async (enc) => {
    const { id, requestUri } = await start({ responseMode: 'direct_post.jwt' })
    const request = await fetchRequest(requestUri)
    const { jwks, encrypted_response_enc_values_supported } = request.payload.client_metadata
    expect(encrypted_response_enc_values_supported).toContain(enc)
    const [key] = jwks.keys
    expect(key).toMatchObject({
      kty: 'EC',
      crv: 'P-256',
      use: 'enc',
      alg: 'ECDH-ES',
      kid: expect.any(String),
    })
    const { state } = request.payload
    const response = encrypt({ vp_token: { my_credential: [present(request)] }, state }, key!, enc)
    expect((await post(request.payload.response_uri, { response })).status).toBe(200)
    expect(await result(id)).toMatchObject({ state: 'verified' })
  })

  it.each<[string, object, number]>([
    ['the kid of the key that the request named', {}, 200],
    ['no kid', { kid: undefined }, 400],
    ['another kid', { kid: 'other' }, 400],
    ['a kid that is no text', { kid: 7 }, 400],
    ['compression (zip)', { zip: 'DEF' }, 400],
    ['compression of a kind unknown', { zip: 'x' }, 400],
    ['a zip that says nothing', { zip: null }, 400],
  ])('in a JWE with %s (VP 8.3, RFC 7516 4.1.3) [F15]', async (_what, header, status) => {
    const { id, requestUri } = await start({ responseMode: 'direct_post.jwt' })
    const request = await fetchRequest(requestUri)
    const [key] = request.payload.client_metadata.jwks.keys
    const good = { vp_token: { my_credential: [present(request)] }, state: request.payload.state }
    const response = encrypt(good, key!, 'A256GCM', header)
    expect((await post(request.payload.response_uri, { response })).status).toBe(status)
    expect((await result(id)).state).toBe(status === 200 ? 'verified' : 'request-fetched')
    // What was refused changed nothing.
    const again = await post(request.payload.response_uri, { response: encrypt(good, key!) })
    expect(again.status).toBe(status === 200 ? 400 : 200)
  })

  it('with a minimal cnf JWK is verified, and the request may be fetched twice', async () => {
    const { id, requestUri } = await start()
    await fetchRequest(requestUri)
    const request = await fetchRequest(requestUri)
    expect((await answerTo(request, { vp_token: tokenOf(present(request)) })).status).toBe(200)
    expect(await result(id)).toMatchObject({ state: 'verified' })
  })

  it('on the same device leads back with a code, and only both secrets open the result (14.2)', async () => {
    const { id, requestUri, browserSecret } = await start({ redirectUri: 'https://client.example.org/cb' })
    const request = await fetchRequest(requestUri)
    const { body } = await answerTo(request, { vp_token: tokenOf(present(request)) })
    const back = new URL(body.redirect_uri as string)
    expect(back.origin + back.pathname).toBe('https://client.example.org/cb')
    const responseCode = back.searchParams.get('response_code')
    expect(responseCode).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(await result(id, { browserSecret, responseCode })).toMatchObject({ state: 'verified' })
  })

  it('may be an error of the standard (8.5)', async () => {
    const { id, requestUri } = await start()
    const request = await fetchRequest(requestUri)
    const body = { error: 'access_denied', error_description: 'no consent' }
    expect((await answerTo(request, body)).status).toBe(200)
    expect(await result(id)).toMatchObject({ state: 'refused', error: 'access_denied' })
  })

  it('is taken once', async () => {
    const { requestUri } = await start()
    const request = await fetchRequest(requestUri)
    const body = { vp_token: tokenOf(present(request)) }
    const answers = await Promise.all([1, 2, 3, 4].map(() => answerTo(request, body)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400])
    expect((await answerTo(request, body)).body.error).toBe('invalid_request')
  })

  it('after the time of the request is refused', async () => {
    const late = await startVerifier(issuerKeys.publicKey.export({ format: 'jwk' }))
    try {
      const { id, requestUri } = await late.ask<Started>('start', { query, responseMode: 'direct_post' })
      const request = await fetchRequest(requestUri)
      await late.ask('advance', 301)
      const answer = await answerTo(request, { vp_token: tokenOf(present(request)) })
      expect([answer.status, answer.body.error]).toEqual([400, 'invalid_request'])
      expect(await late.ask('result', { id })).toEqual({ state: 'expired' })
    } finally {
      late.stop()
    }
  })
})

describe('a presentation is refused, and exactly the check at fault says so', () => {
  const past = () => now() - 3600
  it.each<[string, string, (request: RequestObject) => string]>([
    [
      'another key signed the credential',
      'issuer-signature',
      (r) => present(r, { issuerKey: otherKeys.privateKey }),
    ],
    [
      'another key signed the KB-JWT',
      'holder-signature',
      (r) => present(r, { holderKey: otherKeys.privateKey }),
    ],
    [
      'the KB-JWT is for another audience',
      'holder-audience',
      (r) => present(r, { binding: { aud: 'x509_hash:other' } }),
    ],
    [
      'the audience lacks its prefix',
      'holder-audience',
      (r) => present(r, { binding: { aud: r.payload.client_id.slice(10) } }),
    ],
    ['the KB-JWT has another nonce', 'holder-nonce', (r) => present(r, { binding: { nonce: 'other' } })],
    [
      'the KB-JWT has another sd_hash',
      'holder-content',
      (r) => present(r, { binding: { sd_hash: b64(randomBytes(32)) } }),
    ],
    ['the KB-JWT is of the past', 'holder-time', (r) => present(r, { binding: { iat: past() } })],
    ['the KB-JWT is of the future', 'holder-time', (r) => present(r, { binding: { iat: now() + 3600 } })],
    ['the credential has expired', 'validity-end', (r) => present(r, { claims: { exp: past() } })],
    [
      'the credential is not yet valid',
      'validity-start',
      (r) => present(r, { claims: { nbf: now() + 3600 } }),
    ],
    [
      'the credential is of another type',
      'query',
      (r) => present(r, { claims: { vct: 'https://issuer.example/other' } }),
    ],
    ['the claim asked for was left out', 'query', (r) => present(r, { disclosed: false })],
  ])('%s', async (_what, check, make) => {
    const { id, requestUri } = await start()
    const request = await fetchRequest(requestUri)
    const answer = await answerTo(request, { vp_token: tokenOf(make(request)) })
    expect([answer.status, answer.body.error]).toEqual([400, 'invalid_request'])
    expect(JSON.stringify(answer.body)).not.toContain('สมชาย')
    const rejected = await result(id)
    expect(rejected.state).toBe('rejected')
    expect(failedOf(rejected)).toEqual([check])
  })

  it('there is no KB-JWT at all', async () => {
    const { id, requestUri } = await start()
    const request = await fetchRequest(requestUri)
    const bare = present(request).replace(/[^~]*$/, '')
    expect((await answerTo(request, { vp_token: tokenOf(bare) })).status).toBe(400)
    expect(failedOf(await result(id)).every((name) => name.startsWith('holder-'))).toBe(true)
    expect(failedOf(await result(id))).not.toEqual([])
  })

  it('the presentation of the standard, made for another verifier', async () => {
    const path = 'openid4vp/1.0/examples/sd_jwt_vcld/01/sd_jwt_presentation.txt'
    const presentation = readVector(path).replace(/\s/g, '')
    const { id, requestUri } = await start()
    const request = await fetchRequest(requestUri)
    expect((await answerTo(request, { vp_token: tokenOf(presentation) })).status).toBe(400)
    expect(failedOf(await result(id))).not.toEqual([])
  })

  it.each<[string, (good: string) => object]>([
    ['what was not asked', (good) => ({ my_credential: [good], another: [good] })],
    ['two where one was asked', (good) => ({ my_credential: [good, good] })],
    ['nothing', () => ({})],
  ])('the VP Token holds %s', async (_what, make) => {
    const { id, requestUri } = await start()
    const request = await fetchRequest(requestUri)
    const vp_token = JSON.stringify(make(present(request)))
    expect((await answerTo(request, { vp_token })).status).toBe(400)
    expect(failedOf(await result(id))).toEqual(['query'])
  })
})

describe('garbage is refused, changes nothing, and can be followed by a right answer', () => {
  const right = async (id: string, request: RequestObject) => {
    expect(await result(id)).toEqual({ state: 'request-fetched' })
    expect((await answerTo(request, { vp_token: tokenOf(present(request)) })).status).toBe(200)
  }

  it.each<[string, (good: string) => string]>([
    ['an empty body', () => ''],
    ['a vp_token that is the presentation itself', (good) => `vp_token=${good}`],
    ['a vp_token of an earlier draft, without a list', (good) => `vp_token={"my_credential":"${good}"}`],
    ['a member named twice', (good) => `vp_token={"my_credential":["x"],"my_credential":["${good}"]}`],
    ['__proto__', (good) => `vp_token={"__proto__":["${good}"]}`],
    ['a number out of range', () => 'vp_token={"my_credential":[{"a":1e400}]}'],
    ['deep nesting', () => `vp_token={"my_credential":[{"a":${'['.repeat(5000)}${']'.repeat(5000)}}]}`],
    ['a parameter twice', (good) => `vp_token=${tokenOf(good)}&vp_token=${tokenOf(good)}`],
    ['a state that is not that of the request', (good) => `vp_token=${tokenOf(good)}&state=x`],
    ['an error that is not one', () => 'error=%22'],
    ['a JWE where none was asked for', () => 'response=a..b.c.d'],
  ])('%s', async (_what, make) => {
    const { id, requestUri } = await start()
    const request = await fetchRequest(requestUri)
    const garbage = make(present(request))
    const body = garbage.includes('&state=') ? garbage : `${garbage}&state=${request.payload.state}`
    const answer = await post(request.payload.response_uri, body)
    expect([answer.status, answer.body.error]).toEqual([400, 'invalid_request'])
    await right(id, request)
  })

  it('another media type, or a body without end', async () => {
    const { id, requestUri } = await start()
    const request = await fetchRequest(requestUri)
    const uri = request.payload.response_uri
    expect((await post(uri, JSON.stringify({ vp_token: {} }), 'application/json')).status).toBe(400)
    expect((await post(uri, `vp_token=${'a'.repeat(5_000_000)}`)).status).toBe(400)
    await right(id, request)
  })

  it('a response that is not encrypted as it was asked to be', async () => {
    const { id, requestUri } = await start({ responseMode: 'direct_post.jwt' })
    const request = await fetchRequest(requestUri)
    const uri = request.payload.response_uri
    const key = request.payload.client_metadata.jwks.keys[0]!
    const good = { vp_token: { my_credential: [present(request)] }, state: request.payload.state }
    const { kty, crv, x, y } = otherKeys.publicKey.export({ format: 'jwk' }) as JsonWebKey
    const jwe = encrypt(good, key)
    const wrong = [
      { vp_token: JSON.stringify(good.vp_token), state: good.state },
      { response: encrypt(good, { kty: kty!, crv: crv!, x: x!, y: y!, kid: key.kid }) },
      { response: encrypt(good, key, 'A256GCM', { zip: 'DEF' }) },
      { response: encrypt(good, key, 'A256GCM', { alg: 'dir' }) },
      { response: `${jwe.slice(0, -4)}AAAA` },
      { response: jws({}, good, otherKeys.privateKey) },
    ]
    for (const body of wrong) {
      const answer = await post(uri, body)
      expect([answer.status, answer.body.error]).toEqual([400, 'invalid_request'])
    }
    expect(await result(id)).toEqual({ state: 'request-fetched' })
    expect((await post(uri, { response: jwe })).status).toBe(200)
  })
})
