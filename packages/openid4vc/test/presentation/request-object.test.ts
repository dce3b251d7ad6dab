import type { DidDocument, JsonObject, PublicJwk, Signer } from '@ekkasan/core'
import { base64url } from '@ekkasan/core/bytes'
import { generateJwk, publicJwkOf, signerFromJwk, signJws } from '@ekkasan/keys'
import {
  buildRequestReference,
  certificateHashClientId,
  PresentationRequestError,
  parseClientId,
  parseDcqlQuery,
  parseRequestObject,
  parseRequestReference,
  parseTransactionData,
  requireResponseUriOfClient,
  signRequestObject,
  type VerifyRequestObjectOptions,
  verifyRequestObject,
} from '@ekkasan/openid4vc'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { readVector } from '../../../../test/vectors.ts'
import { paperCertificate, readPaperCertificate } from '../../../verifier/test/certificate.ts'

const read = (path: string) => readVector(`openid4vp/1.0/examples/${path}`)
const now = new Date('2026-01-01T00:00:00Z')
const clock = () => now

const did = 'did:web:verifier.example'
const query = { credentials: [{ id: 'a', format: 'dc+sd-jwt', meta: { vct_values: ['x'] } }] }
let signer: Signer
let publicJwk: PublicJwk
let x5c: readonly string[]

beforeAll(async () => {
  const jwk = await generateJwk('ES256')
  publicJwk = publicJwkOf(jwk)
  x5c = [paperCertificate(publicJwk, ['Verifier.Example'], 'Department')]
  signer = await signerFromJwk(jwk, { x5c })
})

const payload = (more: object = {}): JsonObject => ({
  client_id: certificateHashClientId(x5c),
  response_type: 'vp_token',
  response_mode: 'direct_post',
  response_uri: 'https://verifier.example/response',
  nonce: 'n-0S6_WzA2Mj',
  dcql_query: query,
  aud: 'https://self-issued.me/v2',
  iat: now.getTime() / 1000,
  exp: now.getTime() / 1000 + 300,
  ...more,
})

const sign = (claims: JsonObject, header: object = { x5c }, by = signer) =>
  signJws({ signer: by, header: { typ: 'oauth-authz-req+jwt', ...header } as JsonObject, payload: claims })

const document = (): DidDocument => ({
  id: did,
  verificationMethod: [{ id: `${did}#1`, type: 'JsonWebKey', controller: did, publicKeyJwk: publicJwk }],
})

const verify = (compact: string, more: Partial<VerifyRequestObjectOptions> = {}) =>
  verifyRequestObject(compact, {
    clientId: certificateHashClientId(x5c),
    readCertificate: readPaperCertificate,
    resolveDid: async () => document(),
    clock,
    ...more,
  })

describe('a request object', () => {
  it('is what was signed, with typ, aud, iat and exp as the standards say', async () => {
    const compact = await signRequestObject({
      request: {
        client_id: certificateHashClientId(x5c),
        response_type: 'vp_token',
        response_mode: 'direct_post',
        response_uri: 'https://verifier.example/response',
        nonce: 'n-0S6_WzA2Mj',
        dcql_query: query,
        client_metadata: { vp_formats_supported: {} },
      },
      signer,
      issuedAt: now,
      expiresAt: new Date(now.getTime() + 300_000),
    })
    const { jws } = parseRequestObject(compact)
    expect(jws.header).toEqual({ typ: 'oauth-authz-req+jwt', alg: 'ES256', x5c })
    expect(jws.payload).toEqual(payload({ client_metadata: { vp_formats_supported: {} } }))
    const { request, client } = await verify(compact)
    expect(request.dcql_query).toEqual(query)
    expect(client).toMatchObject({ prefix: 'x509_hash', publicJwk, x5c, name: 'Department' })
  })

  it('by a name in its certificate (x509_san_dns), whatever the case of its letters', async () => {
    const client_id = 'x509_san_dns:verifier.example'
    const { client } = await verify(await sign(payload({ client_id })), { clientId: client_id })
    expect(client).toMatchObject({ prefix: 'x509_san_dns', id: 'verifier.example' })
  })

  it('by a DID whose document has the key of kid (decentralized_identifier)', async () => {
    const client_id = `decentralized_identifier:${did}`
    const compact = await sign(payload({ client_id }), { kid: `${did}#1` })
    expect((await verify(compact, { clientId: client_id })).client).toMatchObject({ id: did, publicJwk })
  })

  it('the example of the standard for a DID is read but for what it leaves open', () => {
    const header = JSON.parse(read('request/request_header_client_id_did.json'))
    const text = read('request/request_object_client_id_did.json')
    const example = JSON.parse(text.replace('{ ... }', JSON.stringify(query)))
    const compact = (claims: object) =>
      `${base64url(JSON.stringify(header))}.${base64url(JSON.stringify(claims))}.${base64url('x')}`
    // It returns by redirect_uri and the fragment mode, which is not supported here.
    expect(() => parseRequestObject(compact(example))).toThrow(
      expect.objectContaining({ code: 'openid4vc.request.response-mode' }),
    )
    const { redirect_uri, ...rest } = example
    const posted = { ...rest, response_mode: 'direct_post', response_uri: redirect_uri }
    expect(parseRequestObject(compact(posted)).request).toEqual(posted)
  })

  it.each(['mso_mdoc', 'sd_jwt_vc', 'w3c_jwt', 'w3c_ldp'])(
    'carries the client metadata of the example %s as it is',
    async (name) => {
      const path = `client_metadata/${name}_verifier_metadata.json`
      const client_metadata = JSON.parse(read(path))
      const { request } = await verify(await sign(payload({ client_metadata })))
      expect(request.client_metadata).toEqual(client_metadata)
    },
  )

  const code = (last: string) => ({ code: `openid4vc.request.${last}` })
  it.each<[string, object, string]>([
    ['another response_type', { response_type: 'code' }, 'malformed'],
    ['no response_mode', { response_mode: undefined }, 'response-mode'],
    ['response mode fragment', { response_mode: 'fragment' }, 'response-mode'],
    ['redirect_uri beside response_uri', { redirect_uri: 'https://a.example' }, 'malformed'],
    ['scope', { scope: 'a' }, 'malformed'],
    ['no dcql_query', { dcql_query: undefined }, 'malformed'],
    ['a DCQL query that is none', { dcql_query: {} }, 'query'],
    ['no nonce', { nonce: undefined }, 'malformed'],
    ['a nonce with other characters', { nonce: 'a b' }, 'malformed'],
    ['a state with other characters', { state: 'ä' }, 'malformed'],
    ['response_uri by http', { response_uri: 'http://verifier.example/r' }, 'malformed'],
    ['response_uri with a fragment', { response_uri: 'https://verifier.example/r#x' }, 'malformed'],
    ['no response_uri', { response_uri: undefined }, 'malformed'],
    ['client_metadata that is a list', { client_metadata: [] }, 'malformed'],
    ['exp that is a text', { exp: '1' }, 'malformed'],
    ['transaction data that is not base64url', { transaction_data: ['{'] }, 'transaction-data'],
    [
      'transaction data for a credential not asked for',
      { transaction_data: [base64url('{"type":"t","credential_ids":["b"]}')] },
      'transaction-data',
    ],
    [
      'transaction data without a type',
      { transaction_data: [base64url('{"credential_ids":["a"]}')] },
      'transaction-data',
    ],
    ['another client_id inside', { client_id: 'x509_san_dns:verifier.example' }, 'client-id-mismatch'],
    ['another audience', { aud: 'https://wallet.example' }, 'audience'],
    ['an audience that is a list', { aud: ['https://self-issued.me/v2'] }, 'audience'],
    ['no audience', { aud: undefined }, 'audience'],
    ['an exp that is past', { exp: now.getTime() / 1000 - 61 }, 'expired'],
    ['an iat that is to come', { iat: now.getTime() / 1000 + 61 }, 'expired'],
    ['an nbf that is to come', { nbf: now.getTime() / 1000 + 61 }, 'expired'],
  ])('is refused with %s', async (_what, more, last) => {
    const compact = await sign(JSON.parse(JSON.stringify(payload(more))))
    await expect(verify(compact)).rejects.toMatchObject(code(last))
  })

  it('is refused by another typ', async () => {
    await expect(verify(await sign(payload(), { typ: 'JWT', x5c }))).rejects.toMatchObject(code('malformed'))
  })

  it('is refused when the nonce of the wallet did not come back, or another', async () => {
    const walletNonce = 'qPmxiNFCR3QTm19POc8u'
    await expect(verify(await sign(payload()), { walletNonce })).rejects.toMatchObject(code('wallet-nonce'))
    const other = await sign(payload({ wallet_nonce: 'other' }))
    await expect(verify(other, { walletNonce })).rejects.toMatchObject(code('wallet-nonce'))
    await verify(await sign(payload({ wallet_nonce: walletNonce })), { walletNonce })
  })

  it('is refused when another key signed it, or one byte of it differs', async () => {
    const stranger = await signerFromJwk(await generateJwk('ES256'))
    const compact = await sign(payload(), { x5c }, stranger)
    await expect(verify(compact)).rejects.toMatchObject(code('signature'))
    const [header, , signature] = (await sign(payload())).split('.')
    const changed = `${header}.${base64url(JSON.stringify(payload({ nonce: 'other' })))}.${signature}`
    await expect(verify(changed)).rejects.toMatchObject(code('signature'))
  })

  it.each(['none', 'HS256', 'EdDSA'])('is refused with alg %s', async (alg) => {
    const header = base64url(JSON.stringify({ typ: 'oauth-authz-req+jwt', alg, x5c }))
    const compact = `${header}.${base64url(JSON.stringify(payload()))}.${alg === 'none' ? '' : base64url('x')}`
    await expect(verify(compact)).rejects.toMatchObject(code('signature'))
  })

  it('a key in the header or in client_metadata is not believed', async () => {
    const jwk = await generateJwk('ES256')
    const client_metadata = { jwks: { keys: [publicJwkOf(jwk)] } } as unknown as JsonObject
    const compact = await sign(
      payload({ client_metadata }),
      { x5c, jwk: publicJwkOf(jwk) },
      await signerFromJwk(jwk),
    )
    await expect(verify(compact)).rejects.toMatchObject(code('signature'))
  })

  it('is refused when the certificate is not the one of the hash, or does not name the client', async () => {
    const other = [paperCertificate(publicJwk, ['other.example'])]
    await expect(verify(await sign(payload(), { x5c: other }))).rejects.toMatchObject(code('client-key'))
    const client_id = 'x509_san_dns:verifier.example'
    const compact = await sign(payload({ client_id }), { x5c: other })
    await expect(verify(compact, { clientId: client_id })).rejects.toMatchObject(code('client-key'))
  })

  it.each<[string, object]>([
    ['no x5c', {}],
    ['an empty x5c', { x5c: [] }],
    ['an x5c that is not base64', { x5c: ['*'] }],
    ['an x5c that is a text', { x5c: 'AAAA' }],
    ['a certificate that cannot be read', { x5c: ['AAAA'] }],
  ])('is refused with %s', async (_what, header) => {
    const client_id = 'x509_san_dns:verifier.example'
    const compact = await sign(payload({ client_id }), header)
    await expect(verify(compact, { clientId: client_id })).rejects.toMatchObject(code('client-key'))
  })

  it.each<[string, object, Partial<DidDocument>]>([
    ['no kid', {}, {}],
    ['a kid of another DID', { kid: 'did:web:other.example#1' }, {}],
    ['a kid that is not in the document', { kid: `${did}#2` }, {}],
    ['a document of another DID', { kid: `${did}#1` }, { id: 'did:web:other.example' }],
  ])('by a DID is refused with %s', async (_what, header, more) => {
    const client_id = `decentralized_identifier:${did}`
    const resolveDid = async () => ({ ...document(), ...more })
    const compact = await sign(payload({ client_id }), header)
    await expect(verify(compact, { clientId: client_id, resolveDid })).rejects.toMatchObject(
      code('client-key'),
    )
  })

  it('the response of a client by name goes under that name', async () => {
    const clientId = 'x509_san_dns:verifier.example'
    const under = async (response_uri: string) =>
      verify(await sign(payload({ client_id: clientId, response_uri })), { clientId })
    requireResponseUriOfClient(await under('https://verifier.example/r'))
    const elsewhere = await under('https://verifier.example.evil.example/r')
    expect(() => requireResponseUriOfClient(elsewhere)).toThrow(expect.objectContaining(code('response-uri')))
  })

  it('a key that is not known beside one that is does no harm', async () => {
    const unknown = {
      kty: 'OKP',
      crv: 'X448',
      x: 'pK5IRpLlX-8XcsRYWHejpzkfsHoDOmAYuBzAC7aTpewWOw_QFHSa64t9p2kuommI8JQQLohS2AIA',
    }
    const client_metadata = { jwks: { keys: [unknown, publicJwk] } }
    const { request } = await verify(await sign(payload({ client_metadata })))
    expect(request.client_metadata?.jwks?.keys).toEqual([publicJwk])
  })
})

describe('client identifier prefixes (OpenID4VP 5.9.3)', () => {
  it.each([
    ['redirect_uri:https://a.example', 'redirect_uri cannot stand on a signed request'],
    ['verifier_attestation:a', 'verifier_attestation'],
    ['openid_federation:https://a.example', 'openid_federation'],
    ['origin:https://a.example', 'origin'],
    ['https://a.example', 'https'],
    ['pre', 'pre-registered'],
    ['x509_san_uri:a', 'x509_san_uri'],
    ['X509_HASH:a', 'X509_HASH'],
  ])('%s is refused by its name', (clientId, named) => {
    expect(() => parseClientId(clientId)).toThrow(
      expect.objectContaining({ code: 'openid4vc.request.prefix', message: expect.stringContaining(named) }),
    )
  })

  it('only the first colon parts prefix and identifier', () => {
    expect(parseClientId('decentralized_identifier:did:web:a.example')).toEqual({
      prefix: 'decentralized_identifier',
      id: 'did:web:a.example',
    })
  })

  it('a prefix for which no means was given is refused by name', async () => {
    const compact = await sign(payload())
    await expect(
      verifyRequestObject(compact, { clientId: certificateHashClientId(x5c), clock }),
    ).rejects.toMatchObject({
      code: 'openid4vc.request.prefix',
    })
  })
})

describe('a reference to a request', () => {
  const reference = {
    client_id: 'x509_hash:a',
    request_uri: 'https://a.example/r?x=1',
    request_uri_method: 'post',
  } as const

  it('is read as it was written', () => {
    expect(parseRequestReference(buildRequestReference(reference))).toEqual(reference)
    const get = { ...reference, request_uri_method: 'get' } as const
    expect(buildRequestReference(get)).not.toContain('request_uri_method')
    expect(parseRequestReference(buildRequestReference(get))).toEqual(get)
  })

  it('is read from any scheme that invokes a wallet', () => {
    const query = buildRequestReference(reference).slice('openid4vp://?'.length)
    expect(parseRequestReference(`https://wallet.example/invoke?${query}`)).toEqual(reference)
    expect(parseRequestReference(`haip-vp://?${query}`)).toEqual(reference)
  })

  it.each<[string, string, string]>([
    ['no URI', 'hello', 'malformed'],
    ['no client_id', 'openid4vp://?request_uri=https%3A%2F%2Fa.example', 'malformed'],
    ['no request_uri', 'openid4vp://?client_id=x509_hash%3Aa&nonce=1', 'malformed'],
    [
      'an unsigned request',
      'openid4vp://?client_id=redirect_uri%3Ahttps%3A%2F%2Fa.example&nonce=1',
      'prefix',
    ],
    ['a request by value', 'openid4vp://?client_id=x509_hash%3Aa&request=a.b.c', 'malformed'],
    [
      'a parameter twice',
      'openid4vp://?client_id=a&client_id=b&request_uri=https%3A%2F%2Fa.example',
      'malformed',
    ],
    [
      'request_uri by http',
      'openid4vp://?client_id=x509_hash%3Aa&request_uri=http%3A%2F%2Fa.example',
      'malformed',
    ],
    [
      'another method',
      'openid4vp://?client_id=x509_hash%3Aa&request_uri=https%3A%2F%2Fa.example&request_uri_method=POST',
      'uri-method',
    ],
  ])('is refused with %s', (_what, uri, last) => {
    expect(() => parseRequestReference(uri)).toThrow(
      expect.objectContaining({ code: `openid4vc.request.${last}` }),
    )
  })

  it('an unknown method has the error code of the standard', () => {
    const uri = `${buildRequestReference({ ...reference, request_uri_method: 'get' })}&request_uri_method=put`
    expect(() => parseRequestReference(uri)).toThrow(
      expect.objectContaining({ error: 'invalid_request_uri_method' }),
    )
  })
})

it('no text makes the parsers throw anything but their error', () => {
  const part = fc.oneof(
    fc.string(),
    fc.jsonValue().map((value) => base64url(JSON.stringify(value))),
  )
  fc.assert(
    fc.property(part, part, part, (a, b, c) => {
      for (const parse of [
        () => parseRequestObject(`${a}.${b}.${c}`),
        () => parseRequestReference(`openid4vp://?client_id=${a}&request_uri=${b}`),
        () => parseRequestReference(a),
        () => parseClientId(a),
      ]) {
        try {
          parse()
        } catch (error) {
          expect(error).toBeInstanceOf(PresentationRequestError)
        }
      }
    }),
  )
})

it('no payload makes the parser throw anything but its error', async () => {
  const members = Object.keys(payload())
  const member = fc.constantFrom(...members, 'client_metadata', 'transaction_data', 'state', 'wallet_nonce')
  const header = base64url(JSON.stringify({ typ: 'oauth-authz-req+jwt', alg: 'ES256' }))
  fc.assert(
    fc.property(member, fc.jsonValue(), (name, value) => {
      try {
        parseRequestObject(`${header}.${base64url(JSON.stringify(payload({ [name]: value })))}.AAAA`)
      } catch (error) {
        expect(error).toBeInstanceOf(PresentationRequestError)
      }
    }),
  )
})

it('no transaction data make the parser throw anything but its error', () => {
  const asked = parseDcqlQuery(query)
  const entry = fc.dictionary(
    fc.constantFrom('type', 'credential_ids', 'transaction_data_hashes_alg', 'amount'),
    fc.oneof(fc.jsonValue(), fc.constantFrom('payment', ['a'], ['a', 'a'])),
  )
  const texts = fc.oneof(
    fc.string(),
    fc.oneof(entry, fc.jsonValue()).map((value) => base64url(JSON.stringify(value))),
  )
  let read = 0
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), fc.array(texts, { maxLength: 3 })), (value) => {
      try {
        for (const { type, credentialIds } of parseTransactionData(value, asked)) {
          expect(typeof type).toBe('string')
          expect(new Set(credentialIds)).toEqual(new Set(['a']))
          read += 1
        }
      } catch (error) {
        if (!(error instanceof PresentationRequestError)) throw error
        expect(error).toMatchObject({ error: 'invalid_transaction_data' })
      }
    }),
    { numRuns: 1000, examples: [[[base64url('{"type":"payment","credential_ids":["a"]}')]]] },
  )
  expect(read).toBeGreaterThan(0)
})
