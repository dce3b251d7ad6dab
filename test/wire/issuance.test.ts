import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningIssuer, startIssuer } from './start-issuer.ts'

// Knows nothing but the text of OpenID4VCI 1.0 and HTTP: no library of the protocol, ours or another's.

const grantType = 'urn:ietf:params:oauth:grant-type:pre-authorized_code'
const paper = 'Paper-paper+jwt'
const other = 'Paper-other+jwt'

let issuer: RunningIssuer
beforeAll(async () => {
  issuer = await startIssuer('/tenant')
})
afterAll(() => issuer?.stop())

interface Offer {
  readonly id: string
  readonly uri: string
  readonly uriByReference: string
  readonly txCode?: string
}

const offerOf = (input: object = {}) =>
  issuer.ask<Offer>('createOffer', { credentials: [paper], subject: 'somchai', ...input })

function codeOf(offer: Offer): string {
  const json = new URL(offer.uri).searchParams.get('credential_offer') ?? ''
  return JSON.parse(json).grants[grantType]['pre-authorized_code']
}

/** What an answer may hold; that it does is for the tests to find out. */
interface Body {
  readonly access_token: string
  readonly c_nonce: string
  readonly credentials: readonly { readonly credential: string }[]
  readonly notification_id: string
  readonly authorization_details: readonly { readonly credential_identifiers: readonly string[] }[]
  readonly error?: string
  readonly error_description?: string
}

interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: Body
  readonly text: string
}

async function send(path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(path.startsWith('http') ? path : `${issuer.url}${path}`, init)
  const text = await response.text()
  let body = {}
  try {
    body = JSON.parse(text)
  } catch {}
  return { status: response.status, headers: response.headers, text, body: body as Body }
}

const postForm = (body: string | URLSearchParams, headers: Record<string, string> = {}) =>
  send('/token', {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
    body: String(body),
  })

const tokenForm = (code: string, more: Record<string, string> = {}) =>
  new URLSearchParams({ grant_type: grantType, 'pre-authorized_code': code, ...more })

async function tokenOf(input: object = {}, more: Record<string, string> = {}): Promise<string> {
  const answer = await postForm(tokenForm(codeOf(await offerOf(input)), more))
  expect(answer.status).toBe(200)
  return answer.body.access_token
}

const nonceOf = async () => (await send('/nonce', { method: 'POST' })).body.c_nonce

const b64 = (value: object | Buffer) =>
  (value instanceof Buffer ? value : Buffer.from(JSON.stringify(value))).toString('base64url')

interface Key {
  readonly privateKey: KeyObject
  readonly jwk: Record<string, unknown>
}

function newKey(): Key {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return { privateKey, jwk: publicKey.export({ format: 'jwk' }) as Record<string, unknown> }
}

interface ProofChange {
  readonly header?: object
  readonly payload?: object
  readonly key?: Key
  /** The key named, where it is not the one that signs. */
  readonly named?: unknown
}

/** Appendix F.1: the example's header and payload, with our values. */
function proofOf(nonce: string, { header, payload, key = newKey(), named = key.jwk }: ProofChange = {}) {
  const input = `${b64({ typ: 'openid4vci-proof+jwt', alg: 'ES256', jwk: named, ...header })}.${b64({
    aud: issuer.url,
    iat: Math.floor(Date.now() / 1000),
    nonce,
    ...payload,
  })}`
  const signature = sign('sha256', Buffer.from(input), { key: key.privateKey, dsaEncoding: 'ieee-p1363' })
  return `${input}.${b64(signature)}`
}

const postCredential = (token: string, body: unknown, headers: Record<string, string> = {}) =>
  send('/credential', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}`, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })

const credentialBody = (proofs: readonly string[], id = paper) => ({
  credential_configuration_id: id,
  proofs: { jwt: proofs },
})

const notify = (token: string, body: unknown) =>
  send('/notification', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  })

function expectError(answer: Answer, status: number, error: string) {
  expect([answer.status, answer.body.error]).toEqual([status, error])
  expect(answer.headers.get('content-type')).toBe('application/json')
  expect(answer.headers.get('cache-control')).toBe('no-store')
  // Section 8.3.1.2: the characters of error_description.
  expect(answer.body.error_description ?? '').toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]*$/)
}

describe('metadata (section 12.2)', () => {
  it('stands where the well-known segment is between host and path, and names this issuer', async () => {
    const { origin } = new URL(issuer.url)
    const answer = await send(`${origin}/.well-known/openid-credential-issuer/tenant`)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('application/json')
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
    expect(answer.body).toMatchObject({
      credential_issuer: issuer.url,
      credential_endpoint: `${issuer.url}/credential`,
      nonce_endpoint: `${issuer.url}/nonce`,
      notification_endpoint: `${issuer.url}/notification`,
      batch_credential_issuance: { batch_size: 3 },
      display: [
        { name: 'กรม', locale: 'th' },
        { name: 'Department', locale: 'en' },
      ],
      credential_configurations_supported: {
        [paper]: {
          format: 'paper+jwt',
          cryptographic_binding_methods_supported: ['jwk'],
          credential_signing_alg_values_supported: ['ES256'],
          proof_types_supported: { jwt: { proof_signing_alg_values_supported: ['ES256', 'EdDSA'] } },
          credential_metadata: {
            display: [
              { name: 'กระดาษ', locale: 'th', background_color: '#ffffff', text_color: '#000000' },
              { name: 'Paper', locale: 'en' },
            ],
            claims: [
              {
                path: ['name'],
                mandatory: true,
                display: [
                  { name: 'ชื่อ', locale: 'th' },
                  { name: 'Name', locale: 'en' },
                ],
              },
              { path: ['born'] },
            ],
          },
        },
      },
    })
    expect((await send('/.well-known/openid-credential-issuer')).status).toBe(404)
  })

  it('of the authorization server says that anonymous clients redeem codes (section 12.3, RFC 8414 section 3.1)', async () => {
    const { origin } = new URL(issuer.url)
    const { body } = await send(`${origin}/.well-known/oauth-authorization-server/tenant`)
    expect(body).toMatchObject({
      issuer: issuer.url,
      token_endpoint: `${issuer.url}/token`,
      grant_types_supported: [grantType],
      'pre-authorized_grant_anonymous_access_supported': true,
    })
  })

  it('of the issuer’s keys, the documents of formats and the status lists are served', async () => {
    const { origin } = new URL(issuer.url)
    const keys = await send(`${origin}/.well-known/jwt-vc-issuer/tenant`)
    expect(keys.body).toMatchObject({ issuer: issuer.url, jwks: { keys: [{ kty: 'EC' }] } })
    expect((await send('/documents/paper+jwt')).body).toEqual({ paper: true })
    const list = await send('/statuses/1')
    expect([list.status, list.text]).toEqual([200, 'a list'])
    expect(list.headers.get('access-control-allow-origin')).toBe('*')
  })
})

describe('the whole way', () => {
  it('offer, token, nonce, credential, notification (sections 4, 6, 7, 8, 11)', async () => {
    const offer = await offerOf({ txCode: true, subject: 'ทดสอบ' })
    expect(offer.txCode).toMatch(/^[0-9]{6}$/)
    const reference = new URL(offer.uriByReference).searchParams.get('credential_offer_uri') ?? ''
    const byReference = await send(reference)
    expect(byReference.headers.get('content-type')).toBe('application/json')
    expect(byReference.body).toEqual(
      JSON.parse(new URL(offer.uri).searchParams.get('credential_offer') ?? ''),
    )
    expect(byReference.body).toEqual({
      credential_issuer: issuer.url,
      credential_configuration_ids: [paper],
      grants: {
        [grantType]: {
          'pre-authorized_code': expect.stringMatching(/^.{38,}$/),
          tx_code: { input_mode: 'numeric', length: 6 },
        },
      },
    })
    const token = await postForm(tokenForm(codeOf(offer), { tx_code: offer.txCode ?? '' }))
    expect(token.body).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 300,
    })
    expect(token.headers.get('cache-control')).toBe('no-store')
    expect((await send(reference)).status).toBe(410)

    const nonce = await send('/nonce', { method: 'POST' })
    expect([nonce.status, nonce.headers.get('cache-control')]).toEqual([200, 'no-store'])
    const key = newKey()
    const access = token.body.access_token
    const answer = await postCredential(access, credentialBody([proofOf(nonce.body.c_nonce, { key })]))
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store'])
    const { credentials, notification_id } = answer.body
    expect(credentials).toHaveLength(1)
    const payload = JSON.parse(
      Buffer.from(credentials[0]?.credential.split('.')[1] ?? '', 'base64url').toString(),
    )
    expect(payload).toMatchObject({
      iss: issuer.url,
      claims: { name: 'ทดสอบ' },
      cnf: { jwk: { kty: 'EC', crv: 'P-256', x: key.jwk.x, y: key.jwk.y } },
      jti: expect.stringMatching(
        /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      ),
    })
    for (let i = 0; i < 2; i++) {
      const told = await notify(access, { notification_id, event: 'credential_accepted' })
      expect([told.status, told.text]).toEqual([204, ''])
    }
    const record = await issuer.ask('offer', offer.id)
    expect(record).toMatchObject({ state: { state: 'issued', confirmed: true } })
  })

  it('issues one credential for each proof, and spends one nonce for all (section 8.2)', async () => {
    const nonce = await nonceOf()
    const keys = [newKey(), newKey(), newKey()]
    const answer = await postCredential(
      await tokenOf(),
      credentialBody(keys.map((key) => proofOf(nonce, { key }))),
    )
    const bound = answer.body.credentials.map(
      ({ credential }) =>
        JSON.parse(Buffer.from(credential.split('.')[1] ?? '', 'base64url').toString()).cnf.jwk.x,
    )
    expect(bound).toEqual(keys.map(({ jwk }) => jwk.x))
  })

  it('names credential identifiers where authorization_details asked for them (sections 6.2, 8.2)', async () => {
    const code = codeOf(await offerOf({ credentials: [paper, other] }))
    const details = [
      { type: 'openid_credential', credential_configuration_id: paper, locations: [issuer.url] },
    ]
    const answer = await postForm(tokenForm(code, { authorization_details: JSON.stringify(details) }))
    const [detail] = answer.body.authorization_details
    expect(answer.body.authorization_details).toMatchObject([
      { type: 'openid_credential', credential_configuration_id: paper },
    ])
    const token = answer.body.access_token
    const identifier = detail?.credential_identifiers[0]
    const proofs = { jwt: [proofOf(await nonceOf())] }
    expectError(
      await postCredential(token, { credential_configuration_id: paper, proofs }),
      400,
      'invalid_credential_request',
    )
    expectError(
      await postCredential(token, { credential_identifier: `${other}.1`, proofs }),
      400,
      'unknown_credential_identifier',
    )
    expect((await postCredential(token, { credential_identifier: identifier, proofs })).status).toBe(200)
  })
})

describe('the token endpoint refuses (section 6.3, RFC 6749 section 5.2)', () => {
  it('the example of the standard, whose code is not ours: invalid_grant', async () => {
    const example =
      'grant_type=urn:ietf:params:oauth:grant-type:pre-authorized_code&pre-authorized_code=SplxlOBeZQQYbYS6WxSbIA&tx_code=493536&authorization_details=%5B%7B%22type%22%3A%20%22openid_credential%22%2C%20%22credential_configuration_id%22%3A%20%22UniversityDegreeCredential%22%7D%5D'
    expectError(await postForm(example), 400, 'invalid_grant')
  })

  it('a second use of a code: invalid_grant', async () => {
    const code = codeOf(await offerOf())
    expect((await postForm(tokenForm(code))).status).toBe(200)
    expectError(await postForm(tokenForm(code)), 400, 'invalid_grant')
  })

  it('an altered code, and one of another offer’s id: invalid_grant', async () => {
    const [code, second] = [codeOf(await offerOf()), codeOf(await offerOf())]
    const mixed = `${code.split('.')[0]}.${second.split('.')[1]}`
    expectError(await postForm(tokenForm(mixed)), 400, 'invalid_grant')
    expectError(await postForm(tokenForm(`${code}A`)), 400, 'invalid_grant')
    expect((await postForm(tokenForm(code))).status).toBe(200)
  })

  it('a missing tx_code and an unexpected one: invalid_request, and the offer still stands', async () => {
    const offer = await offerOf({ txCode: true })
    expectError(await postForm(tokenForm(codeOf(offer))), 400, 'invalid_request')
    expect((await postForm(tokenForm(codeOf(offer), { tx_code: offer.txCode ?? '' }))).status).toBe(200)
    const open = codeOf(await offerOf())
    expectError(await postForm(tokenForm(open, { tx_code: '123456' })), 400, 'invalid_request')
    expect((await postForm(tokenForm(open))).status).toBe(200)
  })

  const wrong = (offer: Offer) => (offer.txCode === '000000' ? '000001' : '000000')

  it('a wrong tx_code: invalid_grant; a typing error does not burn the offer', async () => {
    const offer = await offerOf({ txCode: true })
    for (let i = 0; i < 4; i++) {
      expectError(await postForm(tokenForm(codeOf(offer), { tx_code: wrong(offer) })), 400, 'invalid_grant')
    }
    expect((await postForm(tokenForm(codeOf(offer), { tx_code: offer.txCode ?? '' }))).status).toBe(200)
  })

  it('the right tx_code after five wrong ones: the offer is locked', async () => {
    const offer = await offerOf({ txCode: true })
    for (let i = 0; i < 5; i++) await postForm(tokenForm(codeOf(offer), { tx_code: wrong(offer) }))
    expectError(
      await postForm(tokenForm(codeOf(offer), { tx_code: offer.txCode ?? '' })),
      400,
      'invalid_grant',
    )
    expect(await issuer.ask('offer', offer.id)).toMatchObject({ state: { state: 'locked' } })
  })

  it('all guesses beyond the limit, however many come at once', async () => {
    const offer = await offerOf({ txCode: true })
    const guesses = Array.from({ length: 20 }, (_, i) =>
      String((Number(offer.txCode) + i + 1) % 1_000_000).padStart(6, '0'),
    )
    const answers = await Promise.all(
      guesses.map((tx_code) => postForm(tokenForm(codeOf(offer), { tx_code }))),
    )
    const told = answers.map(({ body }) => body.error_description ?? '')
    expect(told.filter((text) => text.includes('tx_code'))).toHaveLength(5)
    expect(await issuer.ask('offer', offer.id)).toMatchObject({ state: { state: 'locked' } })
  })

  it('two wrong guesses at once count as two', async () => {
    const offer = await offerOf({ txCode: true })
    const guess = () => postForm(tokenForm(codeOf(offer), { tx_code: wrong(offer) }))
    await Promise.all([guess(), guess()])
    await Promise.all([guess(), guess()])
    await guess()
    expect(await issuer.ask('offer', offer.id)).toMatchObject({ state: { state: 'locked' } })
  })

  it('nineteen of twenty who come at once with one code', async () => {
    const code = codeOf(await offerOf())
    const answers = await Promise.all(Array.from({ length: 20 }, () => postForm(tokenForm(code))))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    for (const answer of answers) if (answer.status !== 200) expectError(answer, 400, 'invalid_grant')
  })

  it.each([
    [
      'another grant type',
      'grant_type=authorization_code&code=SplxlOBeZQQYbYS6WxSbIA',
      'unsupported_grant_type',
    ],
    ['no grant type', 'pre-authorized_code=SplxlOBeZQQYbYS6WxSbIA', 'invalid_request'],
    ['no code', `grant_type=${grantType}`, 'invalid_request'],
    ['an empty code', `grant_type=${grantType}&pre-authorized_code=`, 'invalid_request'],
    [
      'a repeated parameter',
      `grant_type=${grantType}&pre-authorized_code=a&pre-authorized_code=b`,
      'invalid_request',
    ],
    [
      'a repeated unknown parameter',
      `grant_type=${grantType}&pre-authorized_code=a&x=1&x=2`,
      'invalid_request',
    ],
    ['an endless code', `grant_type=${grantType}&pre-authorized_code=${'a'.repeat(5000)}`, 'invalid_request'],
    ['an endless body', `grant_type=${'a'.repeat(20_000)}`, 'invalid_request'],
    ['an empty body', '', 'invalid_request'],
  ])('%s', async (_name, body, error) => {
    expectError(await postForm(body), 400, error)
  })

  it.each([
    ['not JSON', '{'],
    ['not a list', '{}'],
    ['an empty list', '[]'],
    ['another type', '[{"type":"payment"}]'],
    [
      'a member named twice',
      `[{"type":"x","type":"openid_credential","credential_configuration_id":"${paper}"}]`,
    ],
    ['what was not offered', `[{"type":"openid_credential","credential_configuration_id":"${other}"}]`],
    [
      'another issuer',
      `[{"type":"openid_credential","credential_configuration_id":"${paper}","locations":["https://x.example"]}]`,
    ],
  ])('authorization_details that are %s, and leaves the code alone', async (_name, authorization_details) => {
    const code = codeOf(await offerOf())
    expectError(
      await postForm(tokenForm(code, { authorization_details })),
      400,
      'invalid_authorization_details',
    )
    expect((await postForm(tokenForm(code))).status).toBe(200)
  })

  it('another content type, and bytes that are not UTF-8', async () => {
    const code = codeOf(await offerOf())
    const json = await send('/token', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ grant_type: grantType, 'pre-authorized_code': code }),
    })
    expectError(json, 400, 'invalid_request')
    const bytes = await send('/token', {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: new Uint8Array([0x67, 0xff, 0xfe]),
    })
    expectError(bytes, 400, 'invalid_request')
  })

  it('client authentication: invalid_client with a challenge', async () => {
    const answer = await postForm(tokenForm(codeOf(await offerOf())), { Authorization: 'Basic eDp5' })
    expectError(answer, 401, 'invalid_client')
    expect(answer.headers.get('www-authenticate')).toBe('Basic')
  })
})

describe('the credential endpoint refuses access tokens (section 8.3.1.1, RFC 6750)', () => {
  const body = async () => credentialBody([proofOf(await nonceOf())])

  it('none: 401 with a bare challenge', async () => {
    const answer = await send('/credential', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(await body()),
    })
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
    expect(answer.body.error).toBeUndefined()
  })

  it.each(['czZCaGRSa3F0MzpnWDFmQmF0M2JW', 'a', `${'A'.repeat(16)}.${'B'.repeat(22)}`])(
    'an unknown one: %s',
    async (token) => {
      const answer = await postCredential(token, await body())
      expectError(answer, 401, 'invalid_token')
      expect(answer.headers.get('www-authenticate')).toContain('error="invalid_token"')
    },
  )

  it('one in the query, whatever the header says', async () => {
    const token = await tokenOf()
    for (const Authorization of ['', `Bearer ${token}`]) {
      const answer = await send(`/credential?access_token=${token}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...(Authorization && { Authorization }) },
        body: JSON.stringify(await body()),
      })
      expectError(answer, 400, 'invalid_request')
      expect(answer.headers.get('www-authenticate')).toContain('error="invalid_request"')
    }
  })

  it('the pre-authorized code in its place', async () => {
    const code = codeOf(await offerOf())
    await postForm(tokenForm(code))
    expectError(await postCredential(code, await body()), 401, 'invalid_token')
  })

  it('one that is not for this credential', async () => {
    const answer = await postCredential(await tokenOf(), credentialBody([proofOf(await nonceOf())], other))
    expectError(answer, 403, 'insufficient_scope')
  })
})

describe('the credential endpoint refuses requests (section 8.3.1.2)', () => {
  it.each([
    [
      'an unknown configuration',
      { credential_configuration_id: 'UniversityDegreeCredential' },
      'unknown_credential_configuration',
    ],
    ['no identifier', {}, 'invalid_credential_request'],
    [
      'two identifiers',
      { credential_configuration_id: paper, credential_identifier: `${paper}.1` },
      'invalid_credential_request',
    ],
    [
      'an identifier where none was given',
      { credential_identifier: 'CivilEngineeringDegree-2023' },
      'invalid_credential_request',
    ],
    ['an identifier that is no text', { credential_configuration_id: 7 }, 'invalid_credential_request'],
    ['no proofs', { credential_configuration_id: paper }, 'invalid_proof'],
    ['an empty list of proofs', { credential_configuration_id: paper, proofs: { jwt: [] } }, 'invalid_proof'],
    ['proofs that are no object', { credential_configuration_id: paper, proofs: [] }, 'invalid_proof'],
    [
      'an unknown proof type',
      { credential_configuration_id: paper, proofs: { di_vp: [{}] } },
      'invalid_proof',
    ],
    [
      'two proof types',
      { credential_configuration_id: paper, proofs: { jwt: ['a'], di_vp: [{}] } },
      'invalid_proof',
    ],
    [
      'a proof that is no text',
      { credential_configuration_id: paper, proofs: { jwt: [1] } },
      'invalid_proof',
    ],
    [
      'a proof that is no JWS',
      { credential_configuration_id: paper, proofs: { jwt: ['a.b'] } },
      'invalid_proof',
    ],
    [
      'the proof of the last draft',
      { credential_configuration_id: paper, proof: { proof_type: 'jwt', jwt: 'a' } },
      'invalid_proof',
    ],
    [
      'an unsupported encryption',
      {
        credential_configuration_id: paper,
        credential_response_encryption: { jwk: {}, alg: 'RSA-OAEP', enc: 'A128CBC-HS256' },
      },
      'invalid_encryption_parameters',
    ],
  ])('%s', async (_name, body, error) => {
    expectError(await postCredential(await tokenOf(), body), 400, error)
  })

  it('the example of the standard, whose proof is for another issuer: invalid_proof', async () => {
    const proof =
      'eyJ0eXAiOiJvcGVuaWQ0dmNpLXByb29mK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwiY3J2IjoiUC0yNTYiLCJ4IjoiblVXQW9BdjNYWml0aDhFN2kxOU9kYXhPTFlGT3dNLVoyRXVNMDJUaXJUNCIsInkiOiJIc2tIVThCalVpMVU5WHFpN1N3bWo4Z3dBS18weGtjRGpFV183MVNvc0VZIn19.eyJhdWQiOiJodHRwczovL2NyZWRlbnRpYWwtaXNzdWVyLmV4YW1wbGUuY29tIiwiaWF0IjoxNzAxOTYwNDQ0LCJub25jZSI6IkxhclJHU2JtVVBZdFJZTzZCUTR5bjgifQ.-a3EDsxClUB4O3LeDD5DVGEnNMT01FCQW4P6-2-BNBqc_Zxf0Qw4CWayLEpqkAomlkLb9zioZoipdP-jvh1WlA'
    expectError(await postCredential(await tokenOf(), credentialBody([proof])), 400, 'invalid_proof')
  })

  it('more proofs than batch_size', async () => {
    const nonce = await nonceOf()
    const proofs = Array.from({ length: 4 }, () => proofOf(nonce))
    expectError(await postCredential(await tokenOf(), credentialBody(proofs)), 400, 'invalid_proof')
  })

  it('the same key twice', async () => {
    const [nonce, key] = [await nonceOf(), newKey()]
    const proofs = [proofOf(nonce, { key }), proofOf(nonce, { key })]
    expectError(await postCredential(await tokenOf(), credentialBody(proofs)), 400, 'invalid_proof')
  })

  const now = () => Math.floor(Date.now() / 1000)
  const foreign = newKey()
  const cases: [string, () => ProofChange][] = [
    ['a signature by another key', () => ({ named: foreign.jwk })],
    ['another typ', () => ({ header: { typ: 'JWT' } })],
    ['no typ', () => ({ header: { typ: undefined } })],
    ['alg none', () => ({ header: { alg: 'none' } })],
    ['an alg that is not offered', () => ({ header: { alg: 'ES384' } })],
    ['an alg that is not the key’s', () => ({ header: { alg: 'EdDSA' } })],
    ['no key', () => ({ header: { jwk: undefined } })],
    ['two namings of the key', () => ({ header: { kid: 'did:jwk:x#0' } })],
    ['a certificate as key', () => ({ header: { jwk: undefined, x5c: ['MIIB'] } })],
    ['a DID as key, which is not offered', () => ({ header: { jwk: undefined, kid: 'did:jwk:x#0' } })],
    ['a symmetric key', () => ({ named: { kty: 'oct', k: 'c2VjcmV0' } })],
    ['a key of an unknown kind', () => ({ named: { kty: 'XYZ' } })],
    ['a key that is no point of its curve', () => ({ named: { ...newKey().jwk, y: newKey().jwk.y } })],
    [
      'a key for encryption',
      () => {
        const key = newKey()
        return { key, named: { ...key.jwk, use: 'enc' } }
      },
    ],
    [
      'a private key in the header',
      () => {
        const key = newKey()
        return { key, named: key.privateKey.export({ format: 'jwk' }) }
      },
    ],
    [
      'an oversized key',
      () => {
        const key = newKey()
        return { key, named: { ...key.jwk, x: 'A'.repeat(20_000) } }
      },
    ],
    ['an extension that must be understood', () => ({ header: { crit: ['exp'] } })],
    ['another audience', () => ({ payload: { aud: 'https://credential-issuer.example.com' } })],
    ['the audience with a slash', () => ({ payload: { aud: `${issuer.url}/` } })],
    ['a list of audiences', () => ({ payload: { aud: [issuer.url, 'https://x.example'] } })],
    ['no audience', () => ({ payload: { aud: undefined } })],
    ['iat of 2001', () => ({ payload: { iat: 1_000_000_000 } })],
    ['iat in the future', () => ({ payload: { iat: now() + 300 } })],
    ['no iat', () => ({ payload: { iat: undefined } })],
    ['iat that is a text', () => ({ payload: { iat: String(now()) } })],
    ['exp in the past', () => ({ payload: { exp: now() - 120 } })],
    ['nbf in the future', () => ({ payload: { nbf: now() + 120 } })],
    ['no nonce', () => ({ payload: { nonce: undefined } })],
    ['a nonce that is no text', () => ({ payload: { nonce: 1 } })],
  ]
  it.each(cases)(
    'a proof with %s: invalid_proof, and its nonce and token still serve',
    async (_name, change) => {
      const [token, nonce] = [await tokenOf(), await nonceOf()]
      expectError(
        await postCredential(token, credentialBody([proofOf(nonce, change())])),
        400,
        'invalid_proof',
      )
      expect((await postCredential(token, credentialBody([proofOf(nonce)]))).status).toBe(200)
    },
  )

  it('an HMAC with the public key as its secret', async () => {
    const { jwk } = newKey()
    const input = `${b64({ typ: 'openid4vci-proof+jwt', alg: 'HS256', jwk })}.${b64({
      aud: issuer.url,
      iat: now(),
      nonce: await nonceOf(),
    })}`
    const mac = createHmac('sha256', JSON.stringify(jwk)).update(input).digest()
    expectError(
      await postCredential(await tokenOf(), credentialBody([`${input}.${b64(mac)}`])),
      400,
      'invalid_proof',
    )
  })

  it('a right signature by an algorithm that is not offered', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' })
    const jwk = publicKey.export({ format: 'jwk' })
    const input = `${b64({ typ: 'openid4vci-proof+jwt', alg: 'ES384', jwk })}.${b64({
      aud: issuer.url,
      iat: now(),
      nonce: await nonceOf(),
    })}`
    const signature = sign('sha384', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' })
    const body = credentialBody([`${input}.${b64(signature)}`])
    expectError(await postCredential(await tokenOf(), body), 400, 'invalid_proof')
  })

  it('one wrong proof among good ones, and issues none', async () => {
    const [token, nonce] = [await tokenOf({ subject: 'batch' }), await nonceOf()]
    const proofs = [proofOf(nonce), proofOf(nonce, { named: foreign.jwk })]
    expectError(await postCredential(token, credentialBody(proofs)), 400, 'invalid_proof')
    expect(await issuer.ask('issuances', { subject: 'batch' })).toEqual({ issuances: [] })
  })

  it('nonces that are foreign, altered, different in one request or used: invalid_nonce', async () => {
    const token = await tokenOf()
    const nonce = await nonceOf()
    const last = nonce.at(-1) === 'A' ? 'Q' : 'A'
    for (const wrong of ['LarRGSbmUPYtRYO6BQ4yn8', '', 'A'.repeat(51), `${nonce.slice(0, -1)}${last}`]) {
      expectError(await postCredential(token, credentialBody([proofOf(wrong)])), 400, 'invalid_nonce')
    }
    const mixed = [proofOf(nonce), proofOf(await nonceOf())]
    expectError(await postCredential(token, credentialBody(mixed)), 400, 'invalid_nonce')
    expect((await postCredential(token, credentialBody([proofOf(nonce)]))).status).toBe(200)
    const again = await postCredential(await tokenOf(), credentialBody([proofOf(nonce)]))
    expectError(again, 400, 'invalid_nonce')
  })

  it('a second credential for one token: credential_request_denied (field: the token still mints)', async () => {
    const token = await tokenOf()
    expect((await postCredential(token, credentialBody([proofOf(await nonceOf())]))).status).toBe(200)
    expectError(
      await postCredential(token, credentialBody([proofOf(await nonceOf())])),
      400,
      'credential_request_denied',
    )
  })

  it('what the agency has no record of: credential_request_denied, and the nonce still serves', async () => {
    const nonce = await nonceOf()
    const body = credentialBody([proofOf(nonce)])
    expectError(
      await postCredential(await tokenOf({ subject: 'nobody' }), body),
      400,
      'credential_request_denied',
    )
    expect((await postCredential(await tokenOf(), body)).status).toBe(200)
  })

  it('nineteen of twenty who come at once with one token and one nonce, and with one token and many nonces', async () => {
    for (const one of [true, false]) {
      const subject = `crowd-${one}`
      const token = await tokenOf({ subject })
      const nonces = await Promise.all(Array.from({ length: 20 }, () => nonceOf()))
      const answers = await Promise.all(
        nonces.map((nonce) =>
          postCredential(token, credentialBody([proofOf(one ? (nonces[0] ?? '') : nonce)])),
        ),
      )
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
      const { issuances } = await issuer.ask<{ issuances: [] }>('issuances', { subject })
      expect(issuances).toHaveLength(1)
    }
  })

  it('nineteen of twenty tokens that come at once with one nonce', async () => {
    const nonce = await nonceOf()
    const tokens = await Promise.all(Array.from({ length: 20 }, () => tokenOf()))
    const answers = await Promise.all(
      tokens.map((token) => postCredential(token, credentialBody([proofOf(nonce)]))),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  it('hostile bodies', async () => {
    const token = await tokenOf()
    const refused = async (body: string, headers: Record<string, string> = {}) =>
      expectError(await postCredential(token, body, headers), 400, 'invalid_credential_request')
    await refused('')
    await refused('null')
    await refused('[]')
    await refused('{')
    await refused(`{"credential_configuration_id":"${paper}","credential_configuration_id":"${paper}"}`)
    await refused(`{"__proto__":{},"credential_configuration_id":"${paper}"}`)
    await refused(`{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`)
    await refused(`{"a":1e400}`)
    await refused(`{"a":"${'x'.repeat(300_000)}"}`)
    await refused(JSON.stringify(credentialBody([proofOf(await nonceOf())])), {
      'Content-Type': 'text/plain',
    })
    const latin = await send('/credential', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
      body: new Uint8Array([0x7b, 0x22, 0xe9, 0x22, 0x7d]),
    })
    expectError(latin, 400, 'invalid_credential_request')
    expect((await postCredential(token, credentialBody([proofOf(await nonceOf())]))).status).toBe(200)
  })

  it('a body without end, without reading it to its end', async () => {
    const token = await tokenOf()
    const url = new URL(`${issuer.url}/credential`)
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const outgoing = httpRequest(url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
      })
      let isOver = false
      outgoing.on('response', (response) => {
        isOver = true
        resolve(response.statusCode)
        outgoing.destroy()
      })
      outgoing.on('error', (error) => (isOver ? undefined : reject(error)))
      const more = () => {
        while (!isOver && outgoing.write('a'.repeat(65_536))) {}
        if (!isOver) outgoing.once('drain', more)
      }
      more()
    })
    expect(status).toBe(400)
  })
})

describe('when signing fails', () => {
  it('nothing is lost: the same token gets its credential afterwards, and nothing leaks', async () => {
    const token = await tokenOf()
    await issuer.ask('breakSigning', true)
    const failed = await postCredential(token, credentialBody([proofOf(await nonceOf())]))
    await issuer.ask('breakSigning', false)
    expect([failed.status, failed.body]).toEqual([500, { error: 'server_error' }])
    expect((await postCredential(token, credentialBody([proofOf(await nonceOf())]))).status).toBe(200)
  })
})

describe('when the answer is lost on the way', () => {
  it('the offer is made anew, and the unconfirmed credential revoked', async () => {
    const offer = await offerOf({ txCode: true, subject: 'lost' })
    const { body } = await postForm(tokenForm(codeOf(offer), { tx_code: offer.txCode ?? '' }))
    await postCredential(body.access_token, credentialBody([proofOf(await nonceOf())]))
    const anew = await issuer.ask<Offer>('replaceOffer', offer.id)
    expect(anew.id).not.toBe(offer.id)
    expect(anew.txCode).toMatch(/^[0-9]{6}$/)
    const { issuances } = await issuer.ask<{ issuances: { status: string }[] }>('issuances', {
      subject: 'lost',
    })
    expect(issuances.map(({ status }) => status)).toEqual(['revoked'])
    expect(await issuer.ask('offer', offer.id)).toMatchObject({ state: { state: 'withdrawn' } })
    const late = await postCredential(body.access_token, credentialBody([proofOf(await nonceOf())]))
    expectError(late, 401, 'invalid_token')
    const token = await postForm(tokenForm(codeOf(anew), { tx_code: anew.txCode ?? '' }))
    const again = credentialBody([proofOf(await nonceOf())])
    expect((await postCredential(token.body.access_token, again)).status).toBe(200)
  })

  it('a credential that was confirmed stays valid when its offer is withdrawn', async () => {
    const offer = await offerOf({ subject: 'kept' })
    const token = (await postForm(tokenForm(codeOf(offer)))).body.access_token
    const { body } = await postCredential(token, credentialBody([proofOf(await nonceOf())]))
    await notify(token, { notification_id: body.notification_id, event: 'credential_accepted' })
    await issuer.ask('withdrawOffer', offer.id)
    const { issuances } = await issuer.ask<{ issuances: { status: string }[] }>('issuances', {
      subject: 'kept',
    })
    expect(issuances.map(({ status }) => status)).toEqual(['valid'])
  })

  it('a withdrawn offer gives no token', async () => {
    const offer = await offerOf()
    await issuer.ask('withdrawOffer', offer.id)
    expectError(await postForm(tokenForm(codeOf(offer))), 400, 'invalid_grant')
  })
})

describe('notifications (section 11)', () => {
  const issued = async (subject = 'told') => {
    const token = await tokenOf({ subject })
    const { body } = await postCredential(token, credentialBody([proofOf(await nonceOf())]))
    return { token, notification_id: body.notification_id }
  }

  it.each(['credential_failure', 'credential_deleted'])(
    '%s of an unconfirmed credential revokes it',
    async (event) => {
      const subject = `unwanted-${event}`
      const { token, notification_id } = await issued(subject)
      for (let i = 0; i < 2; i++) {
        const answer = await notify(token, {
          notification_id,
          event,
          event_description: 'Could not store the Credential. Out of storage.',
        })
        expect(answer.status).toBe(204)
      }
      const { issuances } = await issuer.ask<{ issuances: { status: string }[] }>('issuances', { subject })
      expect(issuances.map(({ status }) => status)).toEqual(['revoked'])
    },
  )

  it('refuses what the standard refuses', async () => {
    const { token, notification_id } = await issued()
    const event = 'credential_accepted'
    expectError(await notify(token, { notification_id: '3fwe98js', event }), 400, 'invalid_notification_id')
    expectError(
      await notify((await issued()).token, { notification_id, event }),
      400,
      'invalid_notification_id',
    )
    expectError(await notify(token, { event }), 400, 'invalid_notification_request')
    expectError(
      await notify(token, { notification_id, event: 'accepted' }),
      400,
      'invalid_notification_request',
    )
    expectError(
      await notify(token, { notification_id, event, event_description: 'ไทย' }),
      400,
      'invalid_notification_request',
    )
    expectError(
      await notify('czZCaGRSa3F0MzpnWDFmQmF0M2JW', { notification_id, event }),
      401,
      'invalid_token',
    )
    expect((await send('/notification', { method: 'POST' })).headers.get('www-authenticate')).toBe('Bearer')
  })
})

describe('HTTP', () => {
  it('answers a preflight of a browser’s wallet (Fetch standard)', async () => {
    for (const path of ['/token', '/nonce', '/credential', '/notification']) {
      const answer = await send(path, {
        method: 'OPTIONS',
        headers: {
          Origin: 'https://wallet.example',
          'Access-Control-Request-Method': 'POST',
          'Access-Control-Request-Headers': 'authorization,content-type',
        },
      })
      expect(answer.status).toBe(204)
      expect(answer.headers.get('access-control-allow-origin')).toBe('*')
      expect(answer.headers.get('access-control-allow-methods')).toContain('POST')
      expect(answer.headers.get('access-control-allow-headers')?.toLowerCase()).toContain('authorization')
    }
  })

  it('answers a wrong method with 405 and Allow, an unknown path with 404', async () => {
    for (const path of ['/token', '/nonce', '/credential', '/notification']) {
      const answer = await send(path)
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST, OPTIONS'])
    }
    const { origin } = new URL(issuer.url)
    const metadata = `${origin}/.well-known/openid-credential-issuer/tenant`
    const posted = await send(metadata, { method: 'POST' })
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS'])
    for (const path of [
      '',
      '/',
      '/credentials',
      '/offers/',
      '/offers/x',
      '/createOffer',
      '/deferred_credential',
    ]) {
      expect((await send(path)).status).toBe(404)
    }
  })

  it('answers HEAD as GET without a body', async () => {
    const { origin } = new URL(issuer.url)
    const answer = await send(`${origin}/.well-known/openid-credential-issuer/tenant`, { method: 'HEAD' })
    expect([answer.status, answer.text]).toEqual([200, ''])
    expect(answer.headers.get('content-type')).toBe('application/json')
  })

  it('gives the errors of every endpoint to scripts of other origins', async () => {
    const answer = await postCredential('x', {})
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
    expect(answer.headers.get('access-control-expose-headers')).toContain('WWW-Authenticate')
  })
})

describe('lifetimes', () => {
  it('end offers, tokens and nonces', async () => {
    const [offer, token, nonce] = [await offerOf(), await tokenOf(), await nonceOf()]
    const reference = new URL(offer.uriByReference).searchParams.get('credential_offer_uri') ?? ''
    await issuer.ask('advance', 301)
    const iat = Math.floor(Date.now() / 1000) + 301
    expectError(await postForm(tokenForm(codeOf(offer))), 400, 'invalid_grant')
    expect((await send(reference)).status).toBe(410)
    expect(await issuer.ask('offer', offer.id)).toMatchObject({ state: { state: 'expired' } })
    expectError(
      await postCredential(token, credentialBody([proofOf(await nonceOf(), { payload: { iat } })])),
      401,
      'invalid_token',
    )
    const stale = credentialBody([proofOf(nonce, { payload: { iat } })])
    expectError(await postCredential(await tokenOf(), stale), 400, 'invalid_nonce')
    await issuer.ask('advance', 86_401)
    expect(await issuer.ask('offer', offer.id)).toBeNull()
  })
})
