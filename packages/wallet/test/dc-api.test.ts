import {
  createMemoryStore,
  type JsonObject,
  type JsonValue,
  type PresentOptions,
  type Signer,
  trustAnyone,
  trustOnly,
} from '@ekkasan/core'
import { base64url } from '@ekkasan/core/bytes'
import {
  decrypterFromJwk,
  generateJwk,
  jwkThumbprint,
  publicJwkOf,
  signerFromJwk,
  signJws,
} from '@ekkasan/keys'
import { type CreateWalletOptions, createMemoryHolderKeys, createWallet } from '@ekkasan/wallet'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { paperCertificate, readPaperCertificate } from '../../verifier/test/certificate.ts'
import { issueSlip, slipHolder } from '../../verifier/test/slip.ts'

const origin = 'https://verifier.example'
const clientId = 'x509_san_dns:verifier.example'
const now = Math.floor(Date.now() / 1000)
const dcql_query = {
  credentials: [
    {
      id: 'slip',
      format: 'dc+sd-jwt',
      meta: { vct_values: ['Slip'] },
      claims: [{ path: ['given_name'] }],
    },
  ],
}
const parameters = { response_type: 'vp_token', response_mode: 'dc_api', nonce: 'n', dcql_query }

const jwk = await generateJwk('ES256')
const signer = await signerFromJwk(jwk)
const x5c = [paperCertificate(publicJwkOf(jwk), ['verifier.example'], 'กรม')]
const stranger = await signerFromJwk(await generateJwk('ES256'))

/** A wallet with one slip, that reaches nothing outside. */
async function world(more: Partial<CreateWalletOptions> = {}) {
  const keys = createMemoryHolderKeys()
  const store = createMemoryStore()
  const presented: PresentOptions[] = []
  const wallet = createWallet({
    formats: [
      {
        ...slipHolder(),
        present: (credential, options) => {
          presented.push(options)
          return slipHolder().present(credential, options)
        },
      },
    ],
    keys,
    store,
    isTrusted: trustAnyone('a test'),
    readCertificate: readPaperCertificate,
    fetch: async () => {
      throw new Error('nothing is fetched')
    },
    ...more,
  })
  const holder = await keys.create('ES256')
  const credential = await issueSlip({ issuer: signer, holder: holder.key.publicJwk })
  const view = slipHolder().view(credential)
  const kept = { id: 'one', format: 'dc+sd-jwt', credential, holder: { jwk: holder.key.publicJwk }, view }
  await store.put('credential/one', kept as unknown as JsonValue)
  const open = (protocol: string, data: unknown, at = origin) =>
    wallet.openDcApiRequest({ protocol, data: data as JsonObject, origin: at })
  return { wallet, open, presented }
}

const payloadOf = (more: object = {}) =>
  ({
    client_id: clientId,
    expected_origins: ['https://other.example', origin],
    aud: 'https://self-issued.me/v2',
    iat: now,
    exp: now + 300,
    ...parameters,
    ...more,
  }) as unknown as JsonObject

async function signed(more: object = {}, header: object = {}, by: Signer = signer): Promise<JsonObject> {
  return {
    request: await signJws({
      signer: by,
      header: { typ: 'oauth-authz-req+jwt', x5c, ...header },
      payload: payloadOf(more),
    }),
  }
}

interface Part {
  readonly clientId?: string
  readonly by?: Signer
  readonly header?: object
}

/** A request signed by several, put together here and not by the library. */
async function multiSigned(parts: readonly Part[], more: object = {}, outside?: string): Promise<JsonObject> {
  const { client_id: _alone, ...rest } = payloadOf(more)
  const payload = { ...rest, ...(outside !== undefined && { client_id: outside }) }
  const compacts = await Promise.all(
    parts.map(({ clientId: id = clientId, by = signer, header = { x5c } }) =>
      signJws({ signer: by, header: { client_id: id, ...header }, payload }),
    ),
  )
  return {
    payload: compacts[0]?.split('.')[1] ?? '',
    signatures: compacts.map((compact) => ({
      protected: compact.split('.')[0] ?? '',
      signature: compact.split('.')[2] ?? '',
    })),
  }
}

const unsigned = 'openid4vp-v1-unsigned'

describe('an unsigned request (OpenID4VP Appendix A.3.1)', () => {
  it('is by its origin and nobody else: what it says of itself is ignored (A.2)', async () => {
    const { open } = await world()
    const lies = {
      ...parameters,
      client_id: clientId,
      expected_origins: ['https://other.example'],
      state: 's',
      response_uri: 'https://evil.example',
    }
    expect(await open(unsigned, lies)).toEqual({
      verifier: { clientId: `origin:${origin}`, origin, names: {}, trusted: true },
      options: [
        {
          queryId: 'slip',
          candidates: [{ credentialId: 'one', disclose: [['given_name']], shown: expect.any(Array) }],
        },
      ],
      sets: [{ required: true, options: [['slip']] }],
      missing: [],
    })
  })

  it('is trusted by its origin, or nothing is presented', async () => {
    const trusting = await world({ isTrusted: trustOnly([{ role: 'verifier', id: `origin:${origin}` }]) })
    const request = await trusting.open(unsigned, parameters)
    expect((await trusting.wallet.present(request, { slip: ['one'] })).dcApiResponse).toBeDefined()
    const other = await trusting.open(
      unsigned,
      { ...parameters, client_id: clientId },
      'https://evil.example',
    )
    expect(other.verifier.trusted).toBe(false)
    await expect(trusting.wallet.present(other, { slip: ['one'] })).rejects.toMatchObject({
      code: 'wallet.present.untrusted',
    })
  })

  it('is answered bound to the origin, with the VP token as it is', async () => {
    const { wallet, open, presented } = await world()
    const { dcApiResponse } = await wallet.present(await open(unsigned, parameters), { slip: ['one'] })
    expect(presented[0]?.binding).toEqual({ clientId: `origin:${origin}`, origin, nonce: 'n' })
    expect(dcApiResponse).toEqual({
      protocol: unsigned,
      data: { vp_token: { slip: [expect.any(String)] } },
    })
  })

  it('is answered encrypted where it asks for that, which the proof is bound to', async () => {
    const { alg: _signing, ...recipient } = { ...(await generateJwk('ES256')), kid: 'k', use: 'enc' }
    const keys = [{ ...publicJwkOf(recipient), alg: 'ECDH-ES' }]
    const { wallet, open, presented } = await world()
    const asking = { ...parameters, response_mode: 'dc_api.jwt', client_metadata: { jwks: { keys } } }
    const { dcApiResponse } = await wallet.present(await open(unsigned, asking), { slip: ['one'] })
    expect(Object.keys(dcApiResponse?.data ?? {})).toEqual(['response'])
    const decrypter = await decrypterFromJwk({ ...recipient, alg: 'ECDH-ES' })
    const plaintext = await decrypter.decrypt(dcApiResponse?.data.response as string)
    expect(Object.keys(JSON.parse(new TextDecoder().decode(plaintext)))).toEqual(['vp_token'])
    expect(presented[0]?.binding.encryptionKeyThumbprint).toBe(jwkThumbprint(publicJwkOf(recipient)))
  })

  it.each<[string, object, string]>([
    ['direct_post', { response_mode: 'direct_post' }, 'openid4vc.request.response-mode'],
    ['no mode', { response_mode: undefined }, 'openid4vc.request.response-mode'],
    ['encryption without a key', { response_mode: 'dc_api.jwt' }, 'openid4vc.request.encryption'],
    ['no nonce', { nonce: undefined }, 'openid4vc.request.malformed'],
    ['no query', { dcql_query: undefined }, 'openid4vc.request.malformed'],
    ['a query that is none', { dcql_query: {} }, 'openid4vc.request.query'],
    [
      'transaction data of an unknown type',
      { transaction_data: [base64url('{"type":"x","credential_ids":["slip"]}')] },
      'openid4vc.request.transaction-data',
    ],
  ])('with %s is refused', async (_what, more, code) => {
    const { open } = await world()
    await expect(open(unsigned, { ...parameters, ...more })).rejects.toMatchObject({ code })
  })

  it('of any shape is read or refused with a code', async () => {
    const { open } = await world()
    await fc.assert(
      fc.asyncProperty(
        fc.jsonValue(),
        fc.constantFrom(unsigned, 'openid4vp-v1-signed', 'openid4vp-v1-multisigned'),
        async (value, protocol) =>
          open(protocol, value).then(
            () => false,
            ({ code }) => String(code).startsWith('openid4vc.request.'),
          ),
      ),
    )
  })
})

describe('a signed request (A.3.2.1)', () => {
  it('is by the client that signed it, and shown with its name and the origin', async () => {
    const { open } = await world({ isTrusted: trustOnly([{ role: 'verifier', id: clientId }]) })
    expect((await open('openid4vp-v1-signed', await signed())).verifier).toEqual({
      clientId,
      origin,
      names: { und: 'กรม' },
      trusted: true,
    })
  })

  it('has no name that a screen cannot show, or that turns what stands beside it', async () => {
    for (const name of ['\u202emrifnoc', 'a\nb', 'ก'.repeat(501)]) {
      const { open } = await world({
        readCertificate: async (der) => ({ ...(await readPaperCertificate(der)), name }),
      })
      expect((await open('openid4vp-v1-signed', await signed())).verifier.names).toEqual({})
    }
  })

  it('is answered for the origin all the same (A.4)', async () => {
    const { wallet, open, presented } = await world()
    await wallet.present(await open('openid4vp-v1-signed', await signed()), { slip: ['one'] })
    expect(presented[0]?.binding).toMatchObject({ clientId: `origin:${origin}`, origin })
  })

  it.each<[string, () => Promise<JsonObject>, string]>([
    [
      'of a page that is not expected',
      () => signed({ expected_origins: ['https://other.example'] }),
      'openid4vc.request.origin',
    ],
    [
      'whose origins are spelled otherwise',
      () => signed({ expected_origins: [`${origin}/`, `${origin}:443`, origin.toUpperCase()] }),
      'openid4vc.request.origin',
    ],
    [
      'without expected origins',
      () => signed({ expected_origins: undefined }),
      'openid4vc.request.malformed',
    ],
    ['with none expected', () => signed({ expected_origins: [] }), 'openid4vc.request.malformed'],
    ['with a text for them', () => signed({ expected_origins: origin }), 'openid4vc.request.malformed'],
    ['signed by another key', () => signed({}, {}, stranger), 'openid4vc.request.signature'],
    ['that has expired', () => signed({ exp: now - 120 }), 'openid4vc.request.expired'],
    ['of the future', () => signed({ iat: now + 120 }), 'openid4vc.request.expired'],
    ['for another audience', () => signed({ aud: 'https://wallet.example' }), 'openid4vc.request.audience'],
    ['of another type', () => signed({}, { typ: 'JWT' }), 'openid4vc.request.malformed'],
    ['without a client', () => signed({ client_id: undefined }), 'openid4vc.request.malformed'],
    [
      'of a client that nobody signs for',
      () => signed({ client_id: `redirect_uri:${origin}` }),
      'openid4vc.request.prefix',
    ],
    [
      'of a client that calls itself by the origin',
      () => signed({ client_id: `origin:${origin}` }),
      'openid4vc.request.prefix',
    ],
    [
      'of another name than its certificate',
      () => signed({ client_id: 'x509_san_dns:other.example' }),
      'openid4vc.request.client-key',
    ],
    ['that is not signed', async () => ({ request: '' }), 'openid4vc.request.malformed'],
    ['that is the parameters', async () => parameters as never, 'openid4vc.request.malformed'],
  ])('%s is refused', async (_what, make, code) => {
    const { open } = await world()
    await expect(open('openid4vp-v1-signed', await make())).rejects.toMatchObject({ code })
  })

  it('may leave aud out, as the example of the standard does', async () => {
    const { open } = await world()
    const { request } = await signed({ aud: undefined, iat: undefined, exp: undefined })
    expect((await open('openid4vp-v1-signed', { request: request as string })).missing).toEqual([])
  })
})

describe('a request signed by several (A.3.2.2)', () => {
  const protocol = 'openid4vp-v1-multisigned'
  const federation = { clientId: 'openid_federation:https://a.example', header: {} }

  it.each<[string, (jws: JsonObject) => JsonObject]>([
    ['as it is', (jws) => jws],
    ['under request', (jws) => ({ request: jws })],
  ])('is by the one of them that can be checked (%s)', async (_what, put) => {
    const { open } = await world()
    const request = await open(protocol, put(await multiSigned([federation, {}])))
    expect(request.verifier.clientId).toBe(clientId)
  })

  it('is by the first who is trusted, else by the first', async () => {
    const other = await generateJwk('ES256')
    const header = { x5c: [paperCertificate(publicJwkOf(other), ['second.example'])] }
    const second = { clientId: 'x509_san_dns:second.example', by: await signerFromJwk(other), header }
    const data = await multiSigned([{}, second])
    const trusting = await world({ isTrusted: trustOnly([{ role: 'verifier', id: second.clientId }]) })
    expect((await trusting.open(protocol, data)).verifier).toMatchObject({
      clientId: second.clientId,
      trusted: true,
    })
    const { open } = await world({ isTrusted: trustOnly([]) })
    expect((await open(protocol, data)).verifier).toMatchObject({ clientId, trusted: false })
  })

  it('of which one signature is wrong is its who signed rightly (docs/decisions/0021)', async () => {
    const { open } = await world({ isTrusted: trustOnly([{ role: 'verifier', id: clientId }]) })
    for (const signers of [
      [{}, { by: stranger }],
      [{ by: stranger }, {}],
    ]) {
      expect((await open(protocol, await multiSigned(signers))).verifier).toMatchObject({
        clientId,
        trusted: true,
      })
    }
  })

  it.each<[string, () => Promise<JsonObject>, string]>([
    [
      'of which every signature is wrong',
      () => multiSigned([{ by: stranger }, { by: stranger }]),
      'openid4vc.request.signature',
    ],
    ['of which none can be checked', () => multiSigned([federation, federation]), 'openid4vc.request.prefix'],
    [
      'of another origin',
      () => multiSigned([{}], { expected_origins: ['https://a.example'] }),
      'openid4vc.request.origin',
    ],
    [
      'with a client outside the headers',
      () => multiSigned([{}], {}, clientId),
      'openid4vc.request.malformed',
    ],
    [
      'without signatures',
      async () => ({ ...(await multiSigned([{}])), signatures: [] }),
      'openid4vc.request.malformed',
    ],
    [
      'with an unprotected header',
      async () => {
        const { payload, signatures } = await multiSigned([{}])
        const [one] = signatures as JsonObject[]
        return { payload: payload as string, signatures: [{ ...one, header: { client_id: clientId } }] }
      },
      'openid4vc.request.malformed',
    ],
  ])('%s is refused', async (_what, make, code) => {
    const { open } = await world()
    await expect(open(protocol, await make())).rejects.toMatchObject({ code })
  })
})

it('a protocol that is not known is refused', async () => {
  const { open } = await world()
  for (const protocol of ['openid4vp', 'openid4vp-v2-unsigned', 'org-iso-mdoc', 'constructor']) {
    await expect(open(protocol, parameters)).rejects.toMatchObject({ code: 'openid4vc.request.protocol' })
  }
})

it('a request that is too long or too deep is refused', async () => {
  const { open } = await world()
  const deep: unknown[] = []
  let at: unknown[] = deep
  for (let depth = 0; depth < 100_000; depth++) {
    const next: unknown[] = []
    at.push(next)
    at = next
  }
  for (const more of [{ x: 'a'.repeat(600_000) }, { x: deep }]) {
    await expect(open(unsigned, { ...parameters, ...more })).rejects.toMatchObject({
      code: 'openid4vc.request.malformed',
    })
  }
})

it('a person who says no is an error for OpenID4VP, and a cancelled request for other protocols', async () => {
  const other = {
    protocol: 'other',
    read: async () => ({ query: dcql_query as JsonObject, sessionTranscript: new Uint8Array([1]) }),
    answer: async (presentations: readonly unknown[]) => ({ count: presentations.length }),
  }
  const { wallet, open, presented } = await world({ dcApiProtocols: [other] })
  expect(await wallet.decline(await open(unsigned, parameters))).toEqual({
    dcApiResponse: { protocol: unsigned, data: { error: 'access_denied' } },
  })
  const request = await open('other', {})
  expect(await wallet.decline(request)).toEqual({})
  expect(await wallet.present(request, { slip: ['one'] })).toEqual({
    dcApiResponse: { protocol: 'other', data: { count: 1 } },
  })
  expect(presented[0]?.binding.sessionTranscript).toEqual(new Uint8Array([1]))
})
