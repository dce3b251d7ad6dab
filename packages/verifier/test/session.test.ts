import { type CheckStatus, createMemoryStore, ResolveError, type Store } from '@ekkasan/core'
import { decrypterFromJwk, generateJwk, parseJws, publicJwkOf } from '@ekkasan/keys'
import { buildResponseForm, responseEncryption } from '@ekkasan/openid4vc'
import { createVerifier } from '@ekkasan/verifier'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Asked, back, query, url, world } from './world.ts'

const plain = { query, responseMode: 'direct_post' } as const
const requestUriOf = (uri: string) => new URL(uri).searchParams.get('request_uri') as string

describe('a request', () => {
  it('has a nonce of 256 bits of its own, and says when it ends', async () => {
    const { verifier, request, now } = await world()
    const asked = await request((await verifier.start(plain)).requestUri)
    const other = await request((await verifier.start(plain)).requestUri)
    expect(asked.nonce).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(other.nonce).not.toBe(asked.nonce)
    expect(asked.exp).toBe(Math.floor(now().getTime() / 1000) + 300)
    expect(asked.client_metadata).toMatchObject({
      client_name: 'กรม',
      'client_name#en': 'Department',
      vp_formats_supported: { 'dc+sd-jwt': { 'sd-jwt_alg_values': ['ES256'] } },
    })
  })

  it('is signed anew for each fetch and asks the same: same nonce (request_uri fetched twice)', async () => {
    const { verifier, request, answer } = await world()
    const started = await verifier.start(plain)
    const first = await request(started.requestUri)
    const second = await request(started.requestUri)
    expect(second.nonce).toBe(first.nonce)
    expect((await answer(first)).status).toBe(200)
  })

  it('for an encrypted response has a key of its own, and offers both content encryptions (HAIP 5)', async () => {
    const { verifier, request } = await world()
    const keys = await Promise.all(
      [1, 2].map(async () => {
        const { client_metadata } = await request((await verifier.start({ query })).requestUri)
        const metadata = client_metadata as { jwks: { keys: Record<string, unknown>[] } }
        expect(metadata).toMatchObject({ encrypted_response_enc_values_supported: ['A128GCM', 'A256GCM'] })
        expect(metadata.jwks.keys).toHaveLength(1)
        return metadata.jwks.keys[0]!
      }),
    )
    expect(Object.keys(keys[0]!).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'])
    expect(keys[0]).toMatchObject({ alg: 'ECDH-ES', use: 'enc', crv: 'P-256' })
    expect(keys[0]?.x).not.toBe(keys[1]?.x)
    expect(keys[0]?.kid).not.toBe(keys[1]?.kid)
  })

  it('is gone after its time, and after it was answered', async () => {
    const { verifier, request, answer, pass } = await world()
    const started = await verifier.start(plain)
    await answer(await request(started.requestUri))
    await expect(request(started.requestUri)).rejects.toThrow('404')
    const other = await verifier.start(plain)
    pass(300)
    await expect(request(other.requestUri)).rejects.toThrow('404')
    expect(await verifier.result(other.id)).toEqual({ state: 'expired' })
  })

  it('what the QR shows does not lead to the result', async () => {
    const { verifier } = await world()
    const { id, requestUri } = await verifier.start(plain)
    expect(requestUri).not.toContain(id)
    const requestId = requestUriOf(requestUri).split('/').at(-1) as string
    await expect(verifier.result(requestId)).rejects.toMatchObject({ code: 'verifier.session.unknown' })
  })
})

describe('what a wallet says of itself in its POST (5.10, 10.1)', () => {
  const post = async (wallet_metadata: object, start: object = plain) => {
    const { verifier } = await world()
    const { requestUri } = await verifier.start({ ...plain, ...start })
    const body = new URLSearchParams({ wallet_metadata: JSON.stringify(wallet_metadata), wallet_nonce: 'w' })
    return verifier.fetch(new Request(requestUriOf(requestUri), { method: 'POST', body }))
  }
  const encrypted = { responseMode: 'direct_post.jwt' }

  it('is heeded: its nonce comes back', async () => {
    const response = await post({ vp_formats_supported: { 'dc+sd-jwt': {} } })
    expect(response.headers.get('content-type')).toBe('application/oauth-authz-req+jwt')
    expect(parseJws(await response.text()).payload.wallet_nonce).toBe('w')
  })

  it.each<[string, object, object, string]>([
    ['formats', { vp_formats_supported: { mso_mdoc: {} } }, {}, 'vp_formats_not_supported'],
    ['formats of an inherited name', { vp_formats_supported: {} }, {}, 'vp_formats_not_supported'],
    ['prefixes', { client_id_prefixes_supported: ['x509_san_dns'] }, {}, 'invalid_request'],
    [
      'signature algorithms',
      { request_object_signing_alg_values_supported: ['ES384'] },
      {},
      'invalid_request',
    ],
    ['response modes', { response_modes_supported: ['fragment'] }, {}, 'invalid_request'],
    [
      'key agreement',
      { authorization_encryption_alg_values_supported: ['RSA-OAEP'] },
      encrypted,
      'invalid_request',
    ],
    [
      'content encryption',
      { authorization_encryption_enc_values_supported: ['A128CBC-HS256'] },
      encrypted,
      'invalid_request',
    ],
  ])('is heeded: what cannot be met is refused: %s', async (_what, metadata, start, error) => {
    const response = await post(metadata, start)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error })
  })

  it('an explicit null in it is an absent member [F4]', async () => {
    const nulls = {
      vp_formats_supported: null,
      client_id_prefixes_supported: null,
      response_modes_supported: null,
      request_object_signing_alg_values_supported: null,
      authorization_encryption_enc_values_supported: null,
      jwks: null,
    }
    const response = await post(nulls, encrypted)
    expect(response.status).toBe(200)
    expect(parseJws(await response.text()).header.typ).toBe('oauth-authz-req+jwt')
  })

  it('is heeded: only content encryption that both know is offered', async () => {
    const metadata = { authorization_encryption_enc_values_supported: ['A256GCM', 'A192GCM'] }
    const { payload } = parseJws(await (await post(metadata, encrypted)).text())
    expect(payload.client_metadata).toMatchObject({ encrypted_response_enc_values_supported: ['A256GCM'] })
  })

  it('is heeded: the request object is encrypted to a key that it hands in', async () => {
    const { alg: _alg, ...jwk } = await generateJwk('ES256')
    const decrypter = await decrypterFromJwk({ ...jwk, kid: 'k' })
    const response = await post({ jwks: { keys: [{ ...publicJwkOf(jwk), kid: 'k', use: 'enc' }] } })
    const jwe = await response.text()
    expect(JSON.parse(atob(jwe.split('.')[0] as string))).toMatchObject({
      alg: 'ECDH-ES',
      kid: 'k',
      cty: 'JWT',
    })
    const inner = new TextDecoder().decode(await decrypter.decrypt(jwe))
    expect(parseJws(inner).payload.wallet_nonce).toBe('w')
  })

  it('is heeded: a key that cannot be encrypted to is refused, not ignored', async () => {
    const response = await post({
      jwks: { keys: [{ ...publicJwkOf(await generateJwk('ES256')), use: 'sig' }] },
    })
    expect(response.status).toBe(400)
  })
})

describe('HEAD on a request object, as previews of links ask [F17]', () => {
  const head = (verifier: { fetch: (request: Request) => Promise<Response> }, requestUri: string) =>
    verifier.fetch(new Request(requestUriOf(requestUri), { method: 'HEAD' }))

  it('is 200 with the headers of GET and no body, and fetches nothing', async () => {
    const { verifier, request, answer } = await world()
    const started = await verifier.start(plain)
    const got = await verifier.fetch(new Request(requestUriOf((await verifier.start(plain)).requestUri)))
    for (let round = 0; round < 3; round++) {
      const response = await head(verifier, started.requestUri)
      expect([response.status, await response.text()]).toEqual([200, ''])
      expect(Object.fromEntries(response.headers)).toEqual(Object.fromEntries(got.headers))
    }
    expect(await verifier.result(started.id)).toEqual({ state: 'requested' })
    const asked = await request(started.requestUri)
    expect(await verifier.result(started.id)).toEqual({ state: 'request-fetched' })
    await head(verifier, started.requestUri)
    expect(await verifier.result(started.id)).toEqual({ state: 'request-fetched' })
    expect((await answer(asked)).status).toBe(200)
  })

  it('writes nothing to the store', async () => {
    let writes = 0
    const memory = createMemoryStore()
    const store: Store = {
      ...memory,
      swap(...all) {
        writes += 1
        return memory.swap(...all)
      },
    }
    const { verifier } = await world({ store })
    const { requestUri } = await verifier.start(plain)
    const before = writes
    expect((await head(verifier, requestUri)).status).toBe(200)
    expect(writes).toBe(before)
  })

  it('of a request that is over or never was is answered as GET, without body', async () => {
    const { verifier, pass } = await world()
    const { requestUri } = await verifier.start(plain)
    pass(301)
    const got = await verifier.fetch(new Request(requestUriOf(requestUri)))
    const response = await head(verifier, requestUri)
    expect([response.status, await response.text()]).toEqual([got.status, ''])
    expect(got.status).toBeGreaterThanOrEqual(400)
    const never = await verifier.fetch(new Request(`${url}/request/${'a'.repeat(32)}`, { method: 'HEAD' }))
    expect([never.status, await never.text()]).toEqual([404, ''])
  })

  it('goes nowhere else: an answer is not taken by HEAD', async () => {
    const { verifier, request } = await world()
    const asked = await request((await verifier.start(plain)).requestUri)
    const response = await verifier.fetch(new Request(asked.response_uri, { method: 'HEAD' }))
    expect([response.status, await response.text()]).toEqual([405, ''])
  })
})

describe('an answer', () => {
  it('is taken once: the same again, or another, is refused, and changes nothing (field)', async () => {
    const { verifier, request, answer, respond, present } = await world()
    const started = await verifier.start(plain)
    const asked = await request(started.requestUri)
    const form = await buildResponseForm({ vp_token: await present(asked), ...back(asked) })
    expect((await respond(asked, form)).status).toBe(200)
    const before = await verifier.result(started.id)
    for (const again of [await respond(asked, form), await answer(asked)]) {
      expect(again.status).toBe(400)
      expect(await again.json()).toMatchObject({ error: 'invalid_request' })
    }
    const denied = await respond(asked, await buildResponseForm({ error: 'access_denied', ...back(asked) }))
    expect(denied.status).toBe(400)
    expect(await verifier.result(started.id)).toEqual(before)
  })

  it('of many at once, one is taken', async () => {
    const { verifier, request, answer } = await world()
    const asked = await request((await verifier.start(plain)).requestUri)
    const all = await Promise.all(Array.from({ length: 8 }, () => answer(asked)))
    expect(all.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400, 400, 400, 400, 400])
  })

  it('is not lost when the request object is fetched while it is being verified', async () => {
    const memory = createMemoryStore()
    let refuse = 2
    const store: Store = {
      ...memory,
      swap: async (key, expected, value, options) => {
        if (expected !== undefined && refuse-- > 0) {
          // Somebody else writes first.
          const entry = await memory.get(key)
          if (entry) await memory.put(key, entry.value, options)
        }
        return memory.swap(key, expected, value, options)
      },
    }
    const { verifier, request, answer } = await world({ store })
    const started = await verifier.start(plain)
    expect((await answer(await request(started.requestUri))).status).toBe(200)
    expect(await verifier.result(started.id)).toMatchObject({ state: 'verified' })
  })

  it.each(['constructor', 'toString', 'hasOwnProperty'])(
    'to a query with the id %s is verified',
    async (id) => {
      const { verifier, request, present, respond } = await world()
      const asks = {
        credentials: [
          { ...query.credentials[0], id },
          { ...query.credentials[0], id: 'valueOf' },
        ],
      }
      const optional = { ...asks, credential_sets: [{ options: [[id]] }] }
      const started = await verifier.start({ ...plain, query: optional })
      const asked = await request(started.requestUri)
      const { slip } = await present(asked)
      const vp_token = { [id]: slip as readonly string[] }
      expect((await respond(asked, await buildResponseForm({ vp_token, ...back(asked) }))).status).toBe(200)
      expect(await verifier.result(started.id)).toMatchObject({
        state: 'verified',
        presentations: { [id]: [{ claims: { given_name: expect.any(String) } }] },
      })
    },
  )

  it('after the time of the request is refused', async () => {
    const { verifier, request, answer, pass } = await world()
    const started = await verifier.start(plain)
    const asked = await request(started.requestUri)
    pass(301)
    expect((await answer(asked)).status).toBe(400)
    expect(await verifier.result(started.id)).toEqual({ state: 'expired' })
  })

  it('to another request is refused: its nonce is compared, not only present (field)', async () => {
    const { verifier, request, present, respond } = await world()
    const [first, second] = [await verifier.start(plain), await verifier.start(plain)]
    const [one, two] = [await request(first.requestUri), await request(second.requestUri)]
    const form = await buildResponseForm({ vp_token: await present(one), ...back(two) })
    expect((await respond(two, form)).status).toBe(400)
    const result = await verifier.result(second.id)
    const failed = result.state === 'rejected' ? result.report.flatMap(({ checks }) => checks) : []
    expect(failed.filter(({ outcome }) => outcome === 'failed')).toEqual([
      { name: 'holder-nonce', outcome: 'failed', code: 'slip.nonce' },
    ])
    form.set('state', String(one.state))
    expect((await respond(one, form)).status).toBe(200)
  })

  it.each<[string, (asked: Asked) => URLSearchParams | string]>([
    ['an empty body', () => ''],
    ['no parameters that are known', () => 'hello=world'],
    ['a vp_token that is not JSON', () => 'vp_token=eyJh'],
    ['a response that is not asked to be encrypted', () => 'response=a.b.c.d.e'],
    ['a parameter twice', () => 'vp_token=%7B%7D&vp_token=%7B%7D'],
  ])('garbage changes nothing and can be followed by a right answer: %s', async (_what, body) => {
    const { verifier, request, answer } = await world()
    const started = await verifier.start(plain)
    const asked = await request(started.requestUri)
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' }
    const garbage = new Request(asked.response_uri, { method: 'POST', headers, body: body(asked) })
    const refused = await verifier.fetch(garbage)
    expect(refused.status).toBe(400)
    expect(await refused.json()).toMatchObject({ error: 'invalid_request' })
    expect(await verifier.result(started.id)).toEqual({ state: 'request-fetched' })
    expect((await answer(asked)).status).toBe(200)
  })

  it('that is encrypted is taken when it was encrypted to the key of this request, and not in plain', async () => {
    const { verifier, request, present, respond } = await world()
    const [first, second] = [await verifier.start({ query }), await verifier.start({ query })]
    const [one, two] = [await request(first.requestUri), await request(second.requestUri)]
    const encryption = (asked: Asked) => responseEncryption(asked as never)
    const vp_token = await present(one)
    const good = { vp_token, ...back(one) }
    expect((await respond(one, await buildResponseForm(good))).status).toBe(400)
    expect((await respond(one, await buildResponseForm(good, encryption(two)))).status).toBe(400)
    expect(await verifier.result(first.id)).toEqual({ state: 'request-fetched' })
    expect((await respond(one, await buildResponseForm(good, encryption(one)))).status).toBe(200)
  })

  it('that could not be checked leaves the request open, told apart from a wrong one (field)', async () => {
    let isDown = true
    const checkStatus: CheckStatus = async () => {
      if (isDown) throw new ResolveError('core.resolve.unavailable', 'no answer')
      return { status: 'valid', asOf: new Date(0) }
    }
    const { verifier, request, answer, pass } = await world({ checkStatus, resultLifetime: 10 })
    const started = await verifier.start(plain)
    const asked = await request(started.requestUri)
    const status = { uri: 'https://issuer.example/s', index: 1 }
    const unavailable = await answer(asked, { status })
    expect(unavailable.status).toBe(503)
    expect(unavailable.headers.get('retry-after')).toBe('5')
    expect(await unavailable.json()).toMatchObject({ error: 'temporarily_unavailable' })
    expect(await verifier.result(started.id)).toMatchObject({ state: 'unavailable' })
    isDown = false
    pass(200)
    expect((await answer(await request(started.requestUri), { status })).status).toBe(200)
    expect(await verifier.result(started.id)).toMatchObject({ state: 'verified' })
  })

  it('is looked into ten times at most where it could not be checked [L3]', async () => {
    let asked = 0
    const checkStatus: CheckStatus = async () => {
      asked += 1
      throw new ResolveError('core.resolve.unavailable', 'no answer')
    }
    const { verifier, request, answer } = await world({ checkStatus })
    const started = await verifier.start(plain)
    const read = await request(started.requestUri)
    const status = { uri: 'https://issuer.example/s', index: 1 }
    for (let n = 0; n < 10; n++) expect((await answer(read, { status })).status).toBe(503)
    expect((await answer(read, { status })).status).toBe(400)
    expect(asked).toBe(10)
    expect(await verifier.result(started.id)).toMatchObject({ state: 'unavailable' })
  })

  it('that says no is recorded with its code', async () => {
    const { verifier, request, respond } = await world()
    const started = await verifier.start({ query })
    const asked = await request(started.requestUri)
    const response = await respond(asked, await buildResponseForm({ error: 'access_denied', ...back(asked) }))
    expect([response.status, await response.json()]).toEqual([200, {}])
    expect(await verifier.result(started.id)).toMatchObject({ state: 'refused', error: 'access_denied' })
  })

  it('whose verification breaks leaves the request as it was; only the log learns why', async () => {
    const broken = new RangeError('a secret detail')
    const errors: unknown[] = []
    const { verifier, request, answer } = await world({
      isTrusted: () => Promise.reject(broken),
      onError: (error) => errors.push(error),
    })
    const started = await verifier.start(plain)
    const asked = await request(started.requestUri)
    const response = await answer(asked)
    expect([response.status, await response.json()]).toEqual([500, { error: 'server_error' }])
    expect(errors).toEqual([broken])
    expect(await verifier.result(started.id)).toEqual({ state: 'request-fetched' })
  })
})

describe('a result', () => {
  it('has dates again though it was stored as JSON', async () => {
    const { verifier, request, answer, now } = await world()
    const started = await verifier.start(plain)
    const until = new Date('2099-01-01T00:00:00Z')
    await answer(await request(started.requestUri), { until })
    const result = await verifier.result(started.id)
    expect(result).toMatchObject({ state: 'verified', at: now() })
    expect(result.state === 'verified' && result.presentations.slip?.[0]?.validity).toEqual({ until })
  })

  it('is kept only for the lifetime of a result, and the key for the response not even so long', async () => {
    const { verifier, request, answer, pass, store } = await world({ resultLifetime: 60 })
    const started = await verifier.start({ ...plain, responseMode: 'direct_post' })
    await answer(await request(started.requestUri))
    const { entries } = await store.list('')
    expect(JSON.stringify(entries)).not.toContain('"d"')
    expect(JSON.stringify(entries)).not.toContain('"nonce"')
    pass(59)
    expect(await verifier.result(started.id)).toMatchObject({ state: 'verified' })
    pass(1)
    await expect(verifier.result(started.id)).rejects.toMatchObject({ code: 'verifier.session.unknown' })
    expect((await store.list('')).entries).toEqual([])
  })

  it('is forgotten at once when told so, with all that belongs to it', async () => {
    const { verifier, request, answer, store } = await world()
    const started = await verifier.start(plain)
    await answer(await request(started.requestUri))
    await verifier.forget(started.id)
    await expect(verifier.result(started.id)).rejects.toMatchObject({ code: 'verifier.session.unknown' })
    expect((await store.list('')).entries).toEqual([])
  })

  it('of the same device holds neither secret in the store', async () => {
    const { verifier, request, answer, store } = await world()
    const started = await verifier.start({ ...plain, redirectUri: 'https://verifier.example/back#top' })
    const answered = await answer(await request(started.requestUri))
    const { redirect_uri } = (await answered.json()) as { redirect_uri: string }
    const back = new URL(redirect_uri)
    expect(back.hash).toBe('#top')
    const code = back.searchParams.get('response_code') as string
    expect(code).toMatch(/^[A-Za-z0-9_-]{43}$/)
    const stored = JSON.stringify((await store.list('')).entries)
    expect(stored).not.toContain(code)
    expect(stored).not.toContain(started.browserSecret)
  })
})

describe('misuse is a TypeError', () => {
  it.each<[string, object]>([
    ['a query that is none', { query: {} }],
    [
      'a query for a format it does not have',
      { query: { credentials: [{ ...query.credentials[0], format: 'x' }] } },
    ],
    ['a redirectUri that is relative', { redirectUri: '/back' }],
    ['a redirectUri that runs in the page', { redirectUri: 'javascript:alert(1)' }],
    ['transaction data that is none', { transactionData: ['x'] }],
  ])('%s', async (_what, more) => {
    const { verifier } = await world()
    await expect(verifier.start({ ...plain, ...more })).rejects.toThrow(TypeError)
  })

  it.each([
    'not a url',
    'http://verifier.example',
    'ftp://verifier.example',
    'javascript:alert(1)',
    'https://user:secret@verifier.example',
    'https://verifier.example?tenant=1',
    'https://verifier.example#a',
  ])('its own url: %s', async (wrong) => {
    await expect(world({ url: wrong })).rejects.toThrow(TypeError)
  })

  it('an identity that does not fit its signer', async () => {
    const { signerFromJwk } = await import('@ekkasan/keys')
    const signer = await signerFromJwk(await generateJwk('ES256'), { kid: 'did:web:other#1' })
    const options = {
      url,
      names: {},
      formats: [{} as never],
      store: createMemoryStore(),
      isTrusted: {} as never,
    }
    expect(() => createVerifier({ ...options, identity: { prefix: 'x509_hash', signer } })).toThrow(TypeError)
    const identity = { prefix: 'decentralized_identifier', did: 'did:web:verifier.example', signer } as const
    expect(() => createVerifier({ ...options, identity })).toThrow(TypeError)
  })
})

it('no body makes an endpoint do anything but refuse', async () => {
  const { verifier } = await world()
  const { requestUri } = await verifier.start(plain)
  const at = requestUriOf(requestUri)
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' }
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.string(),
        fc.json().map((json) => `vp_token=${encodeURIComponent(json)}`),
      ),
      async (body) => {
        const response = await verifier.fetch(
          new Request(at.replace('/request/', '/response/'), { method: 'POST', headers, body }),
        )
        expect(response.status).toBe(400)
        const request = await verifier.fetch(new Request(at, { method: 'POST', headers, body }))
        expect([200, 400, 404]).toContain(request.status)
      },
    ),
  )
})
