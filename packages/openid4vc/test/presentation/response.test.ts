import type { Decrypter, JsonObject } from '@ekkasan/core'
import { utf8 } from '@ekkasan/core/bytes'
import { decrypterFromJwk, encryptJwe, generateJwk, parsePublicJwk, publicJwkOf } from '@ekkasan/keys'
import {
  type AuthorizationRequest,
  buildRequestUriPost,
  buildResponseForm,
  PresentationError,
  parseRequestUriPost,
  parseResponseForm,
  responseEncryption,
} from '@ekkasan/openid4vc'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { readVector } from '../../../../test/vectors.ts'

// The example of OpenID4VP section 8.3.
const exampleJwk = {
  kty: 'EC',
  kid: 'ac',
  use: 'enc',
  crv: 'P-256',
  alg: 'ECDH-ES',
  x: 'YO4epjifD-KWeq1sL2tNmm36BhXnkJ0He-WqMYrp9Fk',
  y: 'Hekpm0zfK7C-YccH5iBjcIXgf6YdUvNUac_0At55Okk',
  d: 'Et-3ce0omz8_TuZ96Df9lp0GAaaDoUnDe6X-CRO7Aww',
} as const
const exampleJwe =
  'eyJhbGciOiJFQ0RILUVTIiwiZW5jIjoiQTEyOEdDTSIsImtpZCI6ImFjIiwiZXBrIjp7Imt0eSI6IkVDIiwieCI6Im5ubVZwbTNWM2piaGNhZlFhUkJrU1ZOSGx3Wkh3dC05ck9wSnVmeVlJdWsiLCJ5IjoicjRmakRxd0p5czlxVU9QLV9iM21SNVNaRy0tQ3dPMm1pYzVWU05UWU45ZyIsImNydiI6IlAtMjU2In19..uAYcHRUSSn2X0WPX.yVzlGSYG4qbg0bq18JcUiDRw56yVnbKR8E7S7YlEtzT00RqE3Pw5oTpUG3hdLN4taHZ9gC1kwak8JOnJgQ.1wR024_3-qtAlx1oFIUpQQ'

let decrypter: Decrypter
beforeAll(async () => {
  decrypter = await decrypterFromJwk(exampleJwk)
})

const vp_token = { a: ['eyJhb...YMetA'], b: [{ type: 'x' }, 'y'] }
const encoded = (parameters: Record<string, string>) => new URLSearchParams(parameters).toString()

describe('a response', () => {
  it('the encrypted example of the standard is read', async () => {
    const body = encoded({ response: exampleJwe })
    expect(await parseResponseForm(body, { mode: 'direct_post.jwt', decrypter })).toEqual({
      vp_token: { example_credential_id: ['eyJhb...YMetA'] },
    })
  })

  it.each(['jwt_vc', 'ldp_vc'])('a VP Token around the example %s is read as it is', async (name) => {
    let text = readVector(`openid4vp/1.0/examples/response/${name}.json`)
    if (!text.trimEnd().endsWith('}')) text = `${text}}`
    const presentation = JSON.parse(text)
    const body = encoded({ vp_token: JSON.stringify({ a: [presentation] }) })
    expect(await parseResponseForm(body, { mode: 'direct_post' })).toEqual({
      vp_token: { a: [presentation] },
    })
  })

  it.each(['A128GCM', 'A256GCM'] as const)('is read as it was built, encrypted with %s', async (enc) => {
    const response = { vp_token, state: 's' }
    const form = await buildResponseForm(response, { recipient: decrypter.publicJwk, enc })
    expect([...form.keys()]).toEqual(['response'])
    const header = JSON.parse(atob((form.get('response') as string).split('.')[0] as string))
    expect(header).toMatchObject({ alg: 'ECDH-ES', enc, kid: 'ac' })
    const options = { mode: 'direct_post.jwt', state: 's', decrypter } as const
    expect(await parseResponseForm(form.toString(), options)).toEqual(response)
  })

  it('is read as it was built, not encrypted', async () => {
    const form = await buildResponseForm({ vp_token, state: 's' })
    expect(await parseResponseForm(form.toString(), { mode: 'direct_post', state: 's' })).toEqual({
      vp_token,
      state: 's',
    })
  })

  it('an error may come without encryption (section 8.3.1), or with it', async () => {
    const error = { error: 'access_denied', error_description: 'no' }
    const options = { mode: 'direct_post.jwt', decrypter } as const
    expect(await parseResponseForm(encoded(error), options)).toEqual(error)
    const form = await buildResponseForm(error, { recipient: decrypter.publicJwk, enc: 'A256GCM' })
    expect(await parseResponseForm(form.toString(), options)).toEqual(error)
  })

  it('parameters that are not known are ignored', async () => {
    const body = encoded({ vp_token: JSON.stringify(vp_token), presentation_submission: '{}', iss: 'x' })
    expect(await parseResponseForm(body, { mode: 'direct_post' })).toEqual({ vp_token })
  })

  const refused = { code: 'openid4vc.response.invalid_request', answer: { status: 400 } }
  const token = JSON.stringify(vp_token)
  it.each<[string, Record<string, string>]>([
    ['nothing', {}],
    ['a vp_token that is not JSON', { vp_token: 'eyJhb.x.y' }],
    ['a vp_token that is a list', { vp_token: '[]' }],
    ['a presentation that stands outside a list', { vp_token: '{"a":"x"}' }],
    ['an empty list', { vp_token: '{"a":[]}' }],
    ['a presentation that is a number', { vp_token: '{"a":[1]}' }],
    ['a member named twice', { vp_token: '{"a":["x"],"a":["y"]}' }],
    ['a member named __proto__', { vp_token: '{"__proto__":["x"]}' }],
    ['deep nesting', { vp_token: `{"a":[${'['.repeat(100)}${']'.repeat(100)}]}` }],
    ['a state that was not in the request', { vp_token: token, state: 's' }],
    ['an error code with a quote', { error: 'a"b' }],
    ['an empty error code', { error: '' }],
    ['an encrypted response that was not asked for', { response: exampleJwe }],
  ])('is refused with %s', async (_what, parameters) => {
    await expect(parseResponseForm(encoded(parameters), { mode: 'direct_post' })).rejects.toMatchObject(
      refused,
    )
  })

  it('is refused without the state of the request, or with another', async () => {
    for (const more of [{}, { state: 'other' }]) {
      const body = encoded({ vp_token: token, ...more })
      await expect(parseResponseForm(body, { mode: 'direct_post', state: 's' })).rejects.toMatchObject(
        refused,
      )
    }
  })

  it('is refused at once with parameters beyond number, whatever its length', async () => {
    for (const body of ['a&'.repeat(2_000_000), '&'.repeat(4_000_000), 'a=b&'.repeat(1_000_000)]) {
      const began = performance.now()
      await expect(parseResponseForm(body, { mode: 'direct_post' })).rejects.toMatchObject({
        code: 'openid4vc.response.invalid_request',
      })
      expect(performance.now() - began).toBeLessThan(1000)
    }
  })

  it('is refused with a parameter that stands twice', async () => {
    const body = `${encoded({ vp_token: token })}&${encoded({ vp_token: token })}`
    await expect(parseResponseForm(body, { mode: 'direct_post' })).rejects.toMatchObject(refused)
  })

  it('is refused without encryption where it was asked for', async () => {
    const body = encoded({ vp_token: token })
    await expect(parseResponseForm(body, { mode: 'direct_post.jwt', decrypter })).rejects.toMatchObject(
      refused,
    )
  })

  it('is refused when it was encrypted to another key, or not in the way that was offered', async () => {
    const other = publicJwkOf(await generateJwk('ES256'))
    const { alg: _alg, ...recipient } = other
    const jwes = [
      await encryptJwe(utf8(JSON.stringify({ vp_token })), { recipient, enc: 'A256GCM' }),
      await encryptJwe(utf8('not JSON'), { recipient: decrypter.publicJwk, enc: 'A256GCM' }),
      `${exampleJwe.slice(0, -2)}AA`,
      exampleJwe.replace('eyJhbGciOiJFQ0RILUVTIiw', 'eyJhbGciOiJkaXIiICAgICw'),
      'a.b.c',
    ]
    for (const response of jwes) {
      const body = encoded({ response })
      await expect(parseResponseForm(body, { mode: 'direct_post.jwt', decrypter })).rejects.toMatchObject(
        refused,
      )
    }
  })

  it('no body makes the parser throw anything but its error', async () => {
    const name = fc.constantFrom('vp_token', 'error', 'state', 'response', '__proto__', 'x')
    const text = fc.oneof(fc.string(), fc.json())
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(name, text), { maxLength: 4 }), async (pairs) => {
        try {
          const body = new URLSearchParams(pairs).toString()
          await parseResponseForm(body, { mode: 'direct_post.jwt', decrypter })
        } catch (error) {
          expect(error).toBeInstanceOf(PresentationError)
        }
      }),
    )
  })
})

describe('the key for the response', () => {
  // `jwks` and encodings of the example of section 8.3, without X448.
  const keys = [
    exampleJwk,
    {
      kty: 'OKP',
      kid: 'jc',
      use: 'enc',
      crv: 'X25519',
      alg: 'ECDH-ES',
      x: 'WPX7wnwq10hFNK9aDSyG1QlLswE_CJY14LdhcFUIVVc',
    },
  ].map(({ d: _d, ...jwk }: Record<string, unknown>) => parsePublicJwk(jwk))
  const request = (client_metadata: object) =>
    ({ response_mode: 'direct_post.jwt', client_metadata }) as unknown as AuthorizationRequest

  it('is one of jwks for ECDH-ES, with A256GCM where it is offered (HAIP 5) and A128GCM by default', () => {
    const offered = ['A128GCM', 'A256GCM']
    expect(
      responseEncryption(request({ jwks: { keys }, encrypted_response_enc_values_supported: offered })),
    ).toEqual({ recipient: keys[0], enc: 'A256GCM' })
    expect(responseEncryption(request({ jwks: { keys: [keys[1]] } }))).toEqual({
      recipient: keys[1],
      enc: 'A128GCM',
    })
  })

  it.each<[string, object]>([
    ['no keys', {}],
    ['only a key for signatures', { jwks: { keys: [{ ...keys[0], use: 'sig' }] } }],
    ['only a key for another algorithm', { jwks: { keys: [{ ...keys[0], alg: 'ECDH-ES+A256KW' }] } }],
    ['only a key without alg', { jwks: { keys: [{ ...keys[0], alg: undefined }] } }],
    [
      'no content encryption that is known',
      { jwks: { keys }, encrypted_response_enc_values_supported: ['A128CBC-HS256'] },
    ],
  ])('is not found with %s', (_what, metadata) => {
    expect(() => responseEncryption(request(metadata))).toThrow(
      expect.objectContaining({ code: 'openid4vc.request.encryption' }),
    )
  })
})

describe('what a wallet posts for a request object (OpenID4VP 5.10)', () => {
  it('the example of the standard is read', () => {
    const body =
      'wallet_metadata=%7B%22vp_formats_supported%22%3A%7B%22dc%2Bsd-jwt%22%3A%7B%22sd-jwt_alg_values%22%3A%20%5B%22ES256%22%5D%2C%22kb-jwt_alg_values%22%3A%20%5B%22ES256%22%5D%7D%7D%7D&wallet_nonce=qPmxiNFCR3QTm19POc8u'
    const algs = { 'sd-jwt_alg_values': ['ES256'], 'kb-jwt_alg_values': ['ES256'] }
    const post = {
      wallet_metadata: { vp_formats_supported: { 'dc+sd-jwt': algs } },
      wallet_nonce: 'qPmxiNFCR3QTm19POc8u',
    }
    expect(parseRequestUriPost(body)).toEqual(post)
    expect(parseRequestUriPost(buildRequestUriPost(post).toString())).toEqual(post)
  })

  it('nothing at all may be posted, and what is not known is ignored', () => {
    expect(parseRequestUriPost('')).toEqual({})
    expect(parseRequestUriPost('x=1&wallet_metadata=%7B%22issuer%22%3A%22x%22%7D')).toEqual({
      wallet_metadata: {},
    })
  })

  it.each<[string, JsonObject | string]>([
    ['metadata that is no object', '[]'],
    ['metadata that is not JSON', 'x'],
    ['formats that are a list', { vp_formats_supported: [] }],
    ['prefixes that are a text', { client_id_prefixes_supported: 'x509_hash' }],
    ['algorithms that are numbers', { request_object_signing_alg_values_supported: [1] }],
    ['jwks without keys', { jwks: {} }],
    ['a private key in jwks', { jwks: { keys: [exampleJwk] } }],
  ])('is refused with %s', (_what, metadata) => {
    const wallet_metadata = typeof metadata === 'string' ? metadata : JSON.stringify(metadata)
    expect(() => parseRequestUriPost(encoded({ wallet_metadata }))).toThrow(
      expect.objectContaining({ code: 'openid4vc.request-uri.invalid_request' }),
    )
  })

  it('is refused with an empty or endless nonce', () => {
    for (const wallet_nonce of ['', 'a'.repeat(1025)]) {
      expect(() => parseRequestUriPost(encoded({ wallet_nonce }))).toThrow(PresentationError)
    }
  })

  it('no body makes the parser throw anything but its error', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), fc.string(), (wallet_metadata, wallet_nonce) => {
        try {
          parseRequestUriPost(encoded({ wallet_metadata, wallet_nonce }))
        } catch (error) {
          expect(error).toBeInstanceOf(PresentationError)
        }
      }),
    )
  })
})
