import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningVerifier, startVerifier } from './start-verifier.ts'

// Knows nothing but the texts of OpenID4VP 1.0, RFC 9901, JOSE and HTTP, as ./presentation.test.ts: what a hostile
// wallet or page sends in formats of texts and of objects, and through the Digital Credentials API.

const vct = 'https://issuer.example/types/id'
const sdJwt = {
  id: 'id',
  format: 'dc+sd-jwt',
  meta: { vct_values: [vct] },
  claims: [{ path: ['given_name'] }],
}
const ldp = { id: 'id', format: 'ldp_vc', meta: { type_values: [['VerifiableCredential']] } }
const mdoc = {
  id: 'id',
  format: 'mso_mdoc',
  meta: { doctype_value: 'org.iso.18013.5.1.mDL' },
  claims: [{ path: ['org.iso.18013.5.1', 'family_name'] }],
}
const issuerKeys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const holderKeys = generateKeyPairSync('ec', { namedCurve: 'P-256' })

let verifier: RunningVerifier
let origin: string
beforeAll(async () => {
  verifier = await startVerifier(issuerKeys.publicKey.export({ format: 'jwk' }), '/tenant')
  origin = new URL(verifier.url).origin
})
afterAll(() => verifier?.stop())

const b64 = (data: string | Uint8Array) => Buffer.from(data).toString('base64url')
const now = () => Math.floor(Date.now() / 1000)

function jws(header: object, payload: object, key: KeyObject): string {
  const input = `${b64(JSON.stringify({ alg: 'ES256', ...header }))}.${b64(JSON.stringify(payload))}`
  return `${input}.${b64(sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }))}`
}

/** An SD-JWT VC with one disclosure and a key binding JWT, RFC 9901 sections 4.1 and 4.3. */
function presentation(audience: string, nonce: string): string {
  const disclosure = b64(JSON.stringify(['2GLC42sKQveCfGfryNRN9w', 'given_name', 'สมชาย']))
  const { kty, crv, x, y } = holderKeys.publicKey.export({ format: 'jwk' })
  const credential = jws(
    { typ: 'dc+sd-jwt' },
    {
      iss: 'https://issuer.example',
      vct,
      exp: now() + 3600,
      cnf: { jwk: { kty, crv, x, y } },
      _sd: [b64(createHash('sha256').update(disclosure).digest())],
      _sd_alg: 'sha-256',
    },
    issuerKeys.privateKey,
  )
  const presented = `${credential}~${disclosure}~`
  const sd_hash = b64(createHash('sha256').update(presented).digest())
  const binding = { iat: now(), aud: audience, nonce, sd_hash }
  return `${presented}${jws({ typ: 'kb+jwt' }, binding, holderKeys.privateKey)}`
}

const state = (id: string) => verifier.ask<{ state: string }>('result', { id })

describe('a vp_token of texts and objects', () => {
  async function started(credential: object) {
    const { id, requestUri } = await verifier.ask<{ id: string; requestUri: string }>('start', {
      query: { credentials: [credential] },
      responseMode: 'direct_post',
    })
    const uri = new URLSearchParams(requestUri.split('?')[1]).get('request_uri') as string
    const payload = (await (await fetch(uri)).text()).split('.')[1] as string
    const request = JSON.parse(Buffer.from(payload, 'base64url').toString())
    const post = async (vpToken: string) => {
      const begun = Date.now()
      const body = new URLSearchParams({ vp_token: vpToken, state: request.state })
      const response = await fetch(request.response_uri, { method: 'POST', body })
      await response.text()
      return { status: response.status, took: Date.now() - begun }
    }
    return { id, request, post }
  }

  const deep = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`
  const wide = (members: number) =>
    `{${Array.from({ length: members }, (_none, index) => `"https://a.example/${index}":{"a":[1,2,3]}`).join(',')}}`
  const vp = (credential: string, more = '') =>
    `{"@context":["https://www.w3.org/ns/credentials/v2"],"type":["VerifiablePresentation"],"verifiableCredential":[${credential}]${more}}`

  it.each<[string, object, string]>([
    ['an object where a text belongs', sdJwt, '{"id":[{}]}'],
    ['the JSON serialization of nothing', sdJwt, '{"id":[{"payload":"","signatures":[]}]}'],
    ['an object where a DeviceResponse belongs', mdoc, '{"id":[{"version":"1.0","documents":[]}]}'],
    ['a text where an object belongs', ldp, '{"id":["eyJhbGciOiJFUzI1NiJ9.e30.AA"]}'],
    ['an empty text where an object belongs', ldp, '{"id":[""]}'],
    ['an empty object', ldp, '{"id":[{}]}'],
    ['a credential that nobody signed', ldp, `{"id":[${vp('{"type":["VerifiableCredential"]}')}]}`],
    ['a credential of 20,000 members', ldp, `{"id":[${vp(wide(20_000))}]}`],
    ['a presentation of 20,000 members', ldp, `{"id":[${wide(20_000)}]}`],
    [
      'proofs without number',
      ldp,
      `{"id":[${vp('{}', `,"proof":[${Array.from({ length: 10_000 }, () => '{"type":"DataIntegrityProof"}').join(',')}]`)}]}`,
    ],
    ['a context of its own', ldp, `{"id":[${vp('{"@context":{"@vocab":"https://a.example/"}}')}]}`],
    [
      'credentials without number',
      ldp,
      `{"id":[${vp(Array.from({ length: 10_000 }, () => '{}').join(','))}]}`,
    ],
  ])('%s is refused at once, and told apart from a right answer', async (_what, credential, vpToken) => {
    const { id, post } = await started(credential)
    const { status, took } = await post(vpToken)
    expect(status).toBe(400)
    expect(took).toBeLessThan(3000)
    expect(await state(id)).toMatchObject({ state: 'rejected' })
  })

  it.each<[string, string]>([
    ['a member twice', '{"id":[{"type":"a","type":"b"}]}'],
    ['a member twice, spelled otherwise', '{"id":[{"type":"a","\\u0074ype":"b"}]}'],
    ['__proto__', '{"id":[{"__proto__":{"a":1}}]}'],
    ['an object as deep as it can be', `{"id":[${deep(5000)}]}`],
    ['an object a little too deep', `{"id":[${deep(39)}]}`],
    ['a number beyond all', '{"id":[{"a":1e999}]}'],
    ['numbers as presentations', '{"id":[1]}'],
    ['null as a presentation', '{"id":[null]}'],
    ['lists as presentations', '{"id":[[]]}'],
    ['an object in place of a list', '{"id":{}}'],
    ['a text in place of a list', '{"id":"a"}'],
    ['a list', '[]'],
    ['101 presentations', `{"id":[${Array.from({ length: 101 }, () => '{}').join(',')}]}`],
    ['more than 4 MiB', `{"id":["${'a'.repeat(4_200_000)}"]}`],
  ])('%s is garbage: it changes nothing', async (_what, vpToken) => {
    const { id, post } = await started(ldp)
    const { status, took } = await post(vpToken)
    expect(status).toBe(400)
    expect(took).toBeLessThan(3000)
    expect(await state(id)).toEqual({ state: 'request-fetched' })
  })
})

describe('the Digital Credentials API (Appendix A)', () => {
  interface Started {
    readonly id: string
    readonly requests: readonly {
      readonly protocol: string
      readonly data: { readonly nonce: string; readonly request?: string }
    }[]
    readonly responseUri: string
  }
  const start = (options: object = {}) =>
    verifier.ask<Started>('startDcApi', {
      query: { credentials: [sdJwt] },
      responseMode: 'dc_api',
      ...options,
    })
  const unsigned = 'openid4vp-v1-unsigned'
  const nonceOf = ({ requests }: Started) =>
    requests.find(({ protocol }) => protocol === unsigned)?.data.nonce as string
  const answer = (started: Started, audience = `origin:${origin}`) => ({
    protocol: unsigned,
    data: { vp_token: { id: [presentation(audience, nonceOf(started))] } },
  })
  async function post(uri: string, body: unknown, from: string | undefined = origin): Promise<number> {
    const response = await fetch(uri, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...(from !== undefined && { Origin: from }) },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
    expect(response.headers.get('cache-control')).toBe('no-store')
    await response.text()
    return response.status
  }

  it('a presentation for the origin is verified', async () => {
    const started = await start()
    expect(await post(started.responseUri, answer(started))).toBe(200)
    expect(await state(started.id)).toMatchObject({
      state: 'verified',
      presentations: { id: [{ claims: { given_name: 'สมชาย' } }] },
    })
  })

  it('is taken once, however often and at once it is sent', async () => {
    const started = await start()
    const body = answer(started)
    const statuses = await Promise.all(Array.from({ length: 10 }, () => post(started.responseUri, body)))
    expect(statuses.filter((status) => status === 200)).toHaveLength(1)
    expect(await post(started.responseUri, body)).toBe(400)
  })

  it('replayed to another session it is refused', async () => {
    const [one, two] = [await start(), await start()]
    const body = answer(one)
    expect(await post(one.responseUri, body)).toBe(200)
    expect(await post(two.responseUri, body)).toBe(400)
    expect(await state(two.id)).toMatchObject({ state: 'rejected' })
  })

  it.each<[string, (client: string) => string]>([
    ['another origin', () => 'origin:https://evil.example'],
    ['the origin without its prefix', () => origin],
    ['the origin with a slash', () => `origin:${origin}/`],
    ['the client identifier', (client) => client],
    ['the client identifier of an unsigned request in other drafts', () => `web-origin:${origin}`],
  ])('made for %s it is refused (A.4)', async (_what, audience) => {
    const started = await start()
    const signed = started.requests[0]?.data.request?.split('.')[1] ?? ''
    const { client_id } = JSON.parse(Buffer.from(signed, 'base64url').toString())
    expect(await post(started.responseUri, answer(started, audience(client_id)))).toBe(400)
    expect(await state(started.id)).toMatchObject({ state: 'rejected' })
  })

  it.each<[string, (right: object) => unknown, string | undefined]>([
    ['of a page of another origin', (right) => right, 'https://evil.example'],
    ['of a page of a like origin', (right) => right, 'http://localhost:1'],
    ['of no page', (right) => right, undefined],
    ['of an opaque origin', (right) => right, 'null'],
    ['with several origins', (right) => right, 'https://a.example, https://b.example'],
    ['by a protocol that was not offered', (right) => ({ ...right, protocol: 'org-iso-mdoc' }), 'same'],
    ['without a protocol', (right) => ({ ...right, protocol: undefined }), 'same'],
    ['with a text in place of data', (right) => ({ ...right, data: '{}' }), 'same'],
    ['with an object as response', () => ({ protocol: unsigned, data: { response: {} } }), 'same'],
    [
      'encrypted without being asked',
      () => ({ protocol: unsigned, data: { response: 'a.b.c.d.e' } }),
      'same',
    ],
    ['with a member twice', () => `{"protocol":"${unsigned}","data":{"vp_token":{},"vp_token":{}}}`, 'same'],
    [
      'nested without end',
      () => `{"protocol":"${unsigned}","data":${'['.repeat(9000)}${']'.repeat(9000)}}`,
      'same',
    ],
    ['longer than 4 MiB', () => ({ protocol: unsigned, data: { x: 'a'.repeat(4_200_000) } }), 'same'],
  ])('an answer %s changes nothing', async (_what, make, from) => {
    const started = await start()
    const right = answer(started)
    const status = await fetch(started.responseUri, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        ...(from !== undefined && { Origin: from === 'same' ? origin : from }),
      },
      body: ((body: unknown) => (typeof body === 'string' ? body : JSON.stringify(body)))(make(right)),
    }).then((response) => response.status)
    expect(status).toBe(400)
    expect(await state(started.id)).toEqual({ state: 'requested' })
    expect(await post(started.responseUri, right)).toBe(200)
  })

  it('a presentation that is not encrypted is refused where that was asked (8.3)', async () => {
    const started = await start({ responseMode: 'dc_api.jwt' })
    expect(await post(started.responseUri, answer(started))).toBe(400)
    expect(await state(started.id)).toEqual({ state: 'requested' })
  })

  it('an answer by org-iso-mdoc that is none changes nothing', async () => {
    const started = await start({ query: { credentials: [mdoc] } })
    expect(started.requests.map(({ protocol }) => protocol)).toContain('org-iso-mdoc')
    for (const response of [undefined, {}, '', 'AA', b64(Buffer.from('82656463617069a0', 'hex'))]) {
      expect(await post(started.responseUri, { protocol: 'org-iso-mdoc', data: { response } })).toBe(400)
    }
    expect(await state(started.id)).toEqual({ state: 'requested' })
  })

  it('a request through the API is not there by other ways, nor its result for who has its address', async () => {
    const started = await start()
    const requestId = started.responseUri.split('/').at(-1) as string
    expect(requestId).not.toBe(started.id)
    expect(requestId).not.toContain(started.id)
    for (const path of ['request', 'response']) {
      const uri = started.responseUri.replace('/dc-api/', `/${path}/`)
      const body = new URLSearchParams({ vp_token: JSON.stringify(answer(started).data.vp_token) })
      expect((await fetch(uri, { method: 'POST', body })).status).toBeGreaterThanOrEqual(400)
    }
    expect(await state(started.id)).toEqual({ state: 'requested' })
  })
})
