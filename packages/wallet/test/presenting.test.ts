import {
  createGuardedFetch,
  createMemoryStore,
  type Fetch,
  type HolderFormat,
  type JsonObject,
  type JsonValue,
  type PresentOptions,
  trustAnyone,
  trustOnly,
} from '@ekkasan/core'
import { base64url } from '@ekkasan/core/bytes'
import { generateJwk, publicJwkOf, signerFromJwk, signJws } from '@ekkasan/keys'
import { type CreateWalletOptions, createMemoryHolderKeys, createWallet } from '@ekkasan/wallet'
import { describe, expect, it } from 'vitest'
import { paperCertificate, readPaperCertificate } from '../../verifier/test/certificate.ts'
import { issueSlip, slipHolder } from '../../verifier/test/slip.ts'

const clientId = 'x509_san_dns:verifier.example'
const slipQuery = (id: string, more: object = {}) => ({
  id,
  format: 'dc+sd-jwt',
  meta: { vct_values: ['Slip'] },
  claims: [{ path: ['given_name'] }],
  ...more,
})

/** A wallet with two slips, and a verifier that is nothing but its answers to two URLs. */
async function world(
  request: object = {},
  more: Partial<CreateWalletOptions> = {},
  answer: (form: URLSearchParams) => Response = () => Response.json({}),
) {
  const jwk = await generateJwk('ES256')
  const signer = await signerFromJwk(jwk)
  const x5c = [paperCertificate(publicJwkOf(jwk), ['verifier.example'])]
  const payload = {
    client_id: clientId,
    response_type: 'vp_token',
    response_mode: 'direct_post',
    response_uri: 'https://verifier.example/response',
    nonce: 'n',
    dcql_query: { credentials: [slipQuery('slip')] },
    aud: 'https://self-issued.me/v2',
    ...request,
  } as unknown as JsonObject
  const sent: { url: string; method: string; body?: URLSearchParams; headers: Headers }[] = []
  const fetch: Fetch = async (input, init = {}) => {
    const body = init.body as URLSearchParams | undefined
    const headers = new Headers(init.headers)
    sent.push({ url: String(input), method: init.method ?? 'GET', headers, ...(body && { body }) })
    if (String(input).endsWith('/response')) return answer(body as URLSearchParams)
    const nonce = body?.get('wallet_nonce')
    const compact = await signJws({
      signer,
      header: { typ: 'oauth-authz-req+jwt', x5c },
      payload: { ...(nonce && { wallet_nonce: nonce }), ...payload },
    })
    return new Response(compact, { headers: { 'Content-Type': 'application/oauth-authz-req+jwt' } })
  }
  const keys = createMemoryHolderKeys()
  const store = createMemoryStore()
  const presented: PresentOptions[] = []
  const format: HolderFormat = {
    ...slipHolder(),
    present: (credential, options) => {
      presented.push(options)
      return slipHolder().present(credential, options)
    },
  }
  const wallet = createWallet({
    formats: [format],
    keys,
    store,
    isTrusted: trustAnyone('a test'),
    readCertificate: readPaperCertificate,
    fetch,
    ...more,
  })
  for (const id of ['one', 'two']) {
    const holder = await keys.create('ES256')
    const credential = await issueSlip({ issuer: signer, holder: holder.key.publicJwk })
    const kept = {
      id,
      format: 'dc+sd-jwt',
      credential,
      holder: { jwk: holder.key.publicJwk },
      view: slipHolder().view(credential),
    }
    await store.put(`credential/${id}`, kept as unknown as JsonValue)
  }
  const uri = (method = 'get') =>
    `openid4vp://?${new URLSearchParams({ client_id: clientId, request_uri: 'https://verifier.example/request', request_uri_method: method })}`
  return { wallet, sent, presented, uri, read: () => wallet.readRequest(uri()) }
}

describe('reading a request', () => {
  it('says what is asked of each credential, and all that it would show', async () => {
    const { read } = await world()
    const shown = [
      { path: ['given_name'], value: 'สมชาย', always: true },
      { path: ['family_name'], value: 'ใจดี', always: true },
    ]
    expect(await read()).toEqual({
      verifier: { clientId, names: {}, trusted: true },
      options: [
        {
          queryId: 'slip',
          candidates: [
            { credentialId: 'one', disclose: [['given_name']], shown },
            { credentialId: 'two', disclose: [['given_name']], shown },
          ],
        },
      ],
      sets: [{ required: true, options: [['slip']] }],
      missing: [],
    })
  })

  it('says of which credentials one is enough, where several would do (OpenID4VP 6.4.2)', async () => {
    const credentials = [
      slipQuery('first'),
      slipQuery('pass', { meta: { vct_values: ['Pass'] } }),
      slipQuery('second', { claims: [{ path: ['family_name'] }] }),
      slipQuery('beside'),
    ]
    const credential_sets = [
      { options: [['pass'], ['second', 'first'], ['first']] },
      { options: [['beside']], required: false },
      { options: [['pass']], required: false },
    ]
    const { read, wallet } = await world({ dcql_query: { credentials, credential_sets } })
    const request = await read()
    expect(request.sets).toEqual([
      { required: true, options: [['second', 'first'], ['first']] },
      { required: false, options: [['beside']] },
    ])
    expect(request.missing).toEqual([])
    for (const ids of [['second'], ['beside']]) {
      const choice = Object.fromEntries(ids.map((id) => [id, ['one']]))
      await expect(wallet.present(request, choice)).rejects.toThrow(TypeError)
    }
    await wallet.present(request, { first: ['one'] })
  })

  it('sends nothing where what would be sent is not what was shown', async () => {
    const { wallet, read, presented } = await world()
    const request = await read()
    const [, other] = request.options[0]?.candidates ?? []
    Object.assign(other as object, { shown: other?.shown.slice(1) })
    await wallet.present(request, { slip: ['one'] })
    await expect(wallet.present(request, { slip: ['two'] })).rejects.toThrow('is not what `shown` says')
    expect(presented).toHaveLength(1)
  })

  it('names what is missing', async () => {
    const credentials = [slipQuery('slip'), slipQuery('pass', { meta: { vct_values: ['Pass'] } })]
    const { read } = await world({ dcql_query: { credentials } })
    const request = await read()
    expect(request.missing).toEqual(['pass'])
    expect(request.options.map(({ queryId }) => queryId)).toEqual(['slip'])
  })

  it('by POST says what it can do and sends a nonce, which must come back (5.10)', async () => {
    const { wallet, sent, uri } = await world()
    await wallet.readRequest(uri('post'))
    expect(sent[0]).toMatchObject({ method: 'POST', url: 'https://verifier.example/request' })
    expect(sent[0]?.headers.get('accept')).toBe('application/oauth-authz-req+jwt')
    expect(sent[0]?.body?.get('wallet_nonce')).toMatch(/^[A-Za-z0-9_-]{22}$/)
    expect(JSON.parse(sent[0]?.body?.get('wallet_metadata') as string)).toEqual({
      vp_formats_supported: { 'dc+sd-jwt': { 'sd-jwt_alg_values': ['ES256'] } },
      client_id_prefixes_supported: ['x509_hash', 'x509_san_dns'],
      response_modes_supported: ['direct_post', 'direct_post.jwt'],
      authorization_encryption_alg_values_supported: ['ECDH-ES'],
      authorization_encryption_enc_values_supported: ['A128GCM', 'A256GCM'],
    })
    const stale = await world({ wallet_nonce: 'old' })
    await expect(stale.wallet.readRequest(stale.uri('post'))).rejects.toMatchObject({
      code: 'openid4vc.request.wallet-nonce',
    })
  })

  it('shows the name in its certificate, but none that turns what stands beside it', async () => {
    const named = async (name: string) => {
      const readCertificate: CreateWalletOptions['readCertificate'] = async (der) => ({
        ...(await readPaperCertificate(der)),
        name,
      })
      const { read } = await world({}, { readCertificate })
      return (await read()).verifier.names
    }
    expect([await named('กรม'), await named('\u202emrifnoc')]).toEqual([{ und: 'กรม' }, {}])
  })

  it('asks whether the verifier is trusted, with its certificate in the question', async () => {
    let question: unknown
    const { read } = await world(
      {},
      {
        isTrusted: async (asked) => {
          question = asked
          return { trusted: false, code: 'a.code' }
        },
      },
    )
    expect((await read()).verifier).toEqual({ clientId, names: {}, trusted: false, code: 'a.code' })
    expect(question).toEqual({ role: 'verifier', id: clientId, x5c: [expect.any(String)] })
  })

  it.each<[string, object, Partial<CreateWalletOptions>, string]>([
    [
      'of one who is not trusted and wants the answer elsewhere',
      { response_uri: 'https://evil.example/response' },
      { isTrusted: trustOnly([]) },
      'openid4vc.request.response-uri',
    ],
    [
      'that asks for encryption without a key',
      { response_mode: 'direct_post.jwt' },
      {},
      'openid4vc.request.encryption',
    ],
    [
      'with transaction data of a type unknown here',
      { transaction_data: [base64url('{"type":"pay","credential_ids":["slip"]}')] },
      {},
      'openid4vc.request.transaction-data',
    ],
    [
      'of another client than the QR says',
      { client_id: 'x509_san_dns:other.example' },
      {},
      'openid4vc.request.client-id-mismatch',
    ],
  ])('refuses a request %s', async (_what, request, more, code) => {
    const { read, sent } = await world(request, more)
    await expect(read()).rejects.toMatchObject({ code })
    expect(sent.flatMap(({ body }) => body?.get('vp_token') ?? [])).toEqual([])
  })

  it('tells one who is trusted, and only him, what is wrong with his request (8.5)', async () => {
    const transaction_data = [base64url('{"type":"pay","credential_ids":["slip"]}')]
    const known = await world({ transaction_data, state: 's' })
    await expect(known.read()).rejects.toMatchObject({ code: 'openid4vc.request.transaction-data' })
    expect(Object.fromEntries(known.sent[1]?.body ?? [])).toEqual({
      error: 'invalid_transaction_data',
      state: 's',
    })
    const unknown = await world({ transaction_data }, { isTrusted: trustOnly([]) })
    await expect(unknown.read()).rejects.toMatchObject({ code: 'openid4vc.request.transaction-data' })
    expect(unknown.sent).toHaveLength(1)
    const unable = await world({ response_mode: 'direct_post.jwt' })
    await expect(unable.read()).rejects.toMatchObject({ code: 'openid4vc.request.encryption' })
    expect(Object.fromEntries(unable.sent[1]?.body ?? [])).toEqual({ error: 'invalid_request' })
  })

  it('reaches no address of the inside unless told so (SSRF by request_uri, field)', async () => {
    const { wallet } = await world({}, { fetch: createGuardedFetch() })
    for (const request_uri of [
      'https://127.0.0.1/r',
      'https://[::1]/r',
      'https://169.254.169.254/r',
      'http://localhost:1/r',
    ]) {
      const uri = `openid4vp://?${new URLSearchParams({ client_id: clientId, request_uri })}`
      await expect(wallet.readRequest(uri)).rejects.toMatchObject({ code: 'wallet.fetch.unavailable' })
    }
  })

  it.each<[string, () => Response, string]>([
    ['a redirect', () => Response.redirect('https://evil.example/', 302), 'wallet.fetch.invalid'],
    ['another media type', () => Response.json('a.b.c'), 'wallet.fetch.invalid'],
    ['an error', () => Response.json({}, { status: 404 }), 'wallet.fetch.invalid'],
    ['an error of the server', () => Response.json({}, { status: 502 }), 'wallet.fetch.unavailable'],
    ['an endless answer', () => new Response('a'.repeat(300_000)), 'wallet.fetch.invalid'],
  ])('refuses %s in place of a request', async (_what, response, code) => {
    const { wallet, uri } = await world({}, { fetch: async () => response() })
    await expect(wallet.readRequest(uri())).rejects.toMatchObject({ code })
  })

  it('fetches nothing for a client identifier it cannot check', async () => {
    const { wallet, sent } = await world()
    const uri =
      'openid4vp://?client_id=openid_federation%3Ahttps%3A%2F%2Fa.example&request_uri=https%3A%2F%2Fa.example'
    await expect(wallet.readRequest(uri)).rejects.toMatchObject({ code: 'openid4vc.request.prefix' })
    expect(sent).toEqual([])
  })
})

describe('presenting', () => {
  it('discloses what was shown, bound to the verifier, its request and where the answer goes', async () => {
    const { wallet, presented, sent, read } = await world({ state: 's' })
    await wallet.present(await read(), { slip: ['two'] })
    expect(presented).toHaveLength(1)
    expect(presented[0]).toMatchObject({
      disclose: [['given_name']],
      binding: { clientId, nonce: 'n', responseUri: 'https://verifier.example/response' },
    })
    const form = sent[1]?.body as URLSearchParams
    expect([...form.keys()].sort()).toEqual(['state', 'vp_token'])
    expect(Object.keys(JSON.parse(form.get('vp_token') as string))).toEqual(['slip'])
  })

  it('presents nothing to one who is not trusted', async () => {
    const { wallet, sent, read } = await world({}, { isTrusted: trustOnly([]) })
    const request = await read()
    await expect(wallet.present(request, { slip: ['one'] })).rejects.toMatchObject({
      code: 'wallet.present.untrusted',
    })
    expect(sent).toHaveLength(1)
  })

  it('has the transaction authorised by the one credential that is named first', async () => {
    const transaction = base64url('{"type":"pay","credential_ids":["b","a"]}')
    const { wallet, presented, read } = await world(
      { dcql_query: { credentials: [slipQuery('a'), slipQuery('b')] }, transaction_data: [transaction] },
      { transactionDataTypes: { pay: () => true } },
    )
    await wallet.present(await read(), { a: ['one'], b: ['two'] })
    expect(presented.map(({ binding }) => binding.transactionData)).toEqual([undefined, [transaction]])
  })

  it.each<[string, Record<string, readonly string[]>]>([
    ['nothing', {}],
    ['what was not asked', { other: ['one'] }],
    ['a credential that was not offered', { slip: ['three'] }],
    ['no credential', { slip: [] }],
    ['two where one was asked', { slip: ['one', 'two'] }],
    ['one twice', { slip: ['one', 'one'] }],
  ])('a choice of %s is misuse, and nothing is sent', async (_what, choice) => {
    const { wallet, sent, read } = await world()
    const request = await read()
    await expect(wallet.present(request, choice)).rejects.toThrow(TypeError)
    expect(sent).toHaveLength(1)
  })

  it('answers only what it has read itself', async () => {
    const { wallet, read } = await world()
    const request = await read()
    await expect(wallet.present({ ...request }, { slip: ['one'] })).rejects.toThrow(TypeError)
    await expect(wallet.decline({ ...request })).rejects.toThrow(TypeError)
  })

  it.each([
    ['https://verifier.example/back?response_code=1', true],
    ['myapp://back', true],
    ['javascript:alert(1)', false],
    ['data:text/html,x', false],
    ['/back', false],
    [1, false],
  ])('sends the person to %s: %s', async (redirect_uri, isFollowed) => {
    const { wallet, read } = await world({}, {}, () => Response.json({ redirect_uri }))
    const done = await wallet.present(await read(), { slip: ['one'] })
    expect(done).toEqual(isFollowed ? { redirectUri: redirect_uri } : {})
  })

  it.each([
    [400, 'wallet.present.refused'],
    [503, 'wallet.present.unavailable'],
    [302, 'wallet.present.refused'],
  ])('tells when the verifier answers %i', async (status, code) => {
    const { wallet, read } = await world({}, {}, () => new Response('{}', { status }))
    await expect(wallet.present(await read(), { slip: ['one'] })).rejects.toMatchObject({ code })
  })

  it.each<[string, () => Response]>([
    ['200', () => Response.json({})],
    ['400, as Credo does', () => Response.json({ error: 'invalid_request' }, { status: 400 })],
    ['401', () => new Response(null, { status: 401 })],
    ['404', () => new Response('gone', { status: 404 })],
    [
      '410 with a page',
      () => new Response('<html>', { status: 410, headers: { 'Content-Type': 'text/html' } }),
    ],
    ['bytes that are no text', () => new Response(new Uint8Array([0xff]))],
    ['more than is read', () => new Response('x'.repeat(70_000), { status: 400 })],
  ])('is done with saying no when the verifier answers %s [K6]', async (_what, answer) => {
    const { wallet, sent, read } = await world({ state: 's' }, {}, answer)
    expect(await wallet.decline(await read())).toEqual({})
    expect(Object.fromEntries(sent[1]?.body ?? [])).toEqual({ error: 'access_denied', state: 's' })
  })

  it('goes where a verifier sends the person who said no, whatever its status [K6]', async () => {
    const redirect_uri = 'https://verifier.example/done'
    const { wallet, read } = await world({}, {}, () => Response.json({ redirect_uri }, { status: 400 }))
    expect(await wallet.decline(await read())).toEqual({ redirectUri: redirect_uri })
  })

  it('is not done with saying no when there was no connection, or the verifier failed [K6]', async () => {
    const offline = await world({}, {}, () => {
      throw new TypeError('no connection')
    })
    const down = await world({}, {}, () => new Response('{}', { status: 503 }))
    await expect(offline.wallet.decline(await offline.read())).rejects.toMatchObject({
      code: 'wallet.fetch.unavailable',
    })
    await expect(down.wallet.decline(await down.read())).rejects.toMatchObject({
      code: 'wallet.present.unavailable',
    })
  })

  it('a presentation that is answered 400 is not done [K6]', async () => {
    const { wallet, read } = await world({}, {}, () => new Response('{}', { status: 400 }))
    await expect(wallet.present(await read(), { slip: ['one'] })).rejects.toMatchObject({
      code: 'wallet.present.refused',
    })
  })

  it('says no with access_denied, also to one who is not trusted', async () => {
    const { wallet, sent, read } = await world({ state: 's' }, { isTrusted: trustOnly([]) })
    await wallet.decline(await read())
    expect(Object.fromEntries(sent[1]?.body ?? [])).toEqual({ error: 'access_denied', state: 's' })
  })
})
