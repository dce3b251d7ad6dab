import { createMemoryStore, trustAnyone } from '@ekkasan/core'
import { generateJwk, publicJwkOf, signerFromJwk } from '@ekkasan/keys'
import { type ClientIdentity, createVerifier } from '@ekkasan/verifier'
import { describe, expect, it } from 'vitest'
import { slipVerifier } from './slip.ts'
import { query, url, world } from './world.ts'

const at = (uri: string) => new URL(uri).searchParams.get('request_uri') as string

describe('what is served', () => {
  it.each([
    '/',
    '/tenant',
    '/tenant/',
    '/tenant/request',
    '/tenant/request/',
    '/tenant/request/x/y',
    '/tenant/result/x',
    '/tenants/request/x',
    '/request/x',
    '/.well-known/did.json',
  ])('is nothing under %s', async (path) => {
    const { verifier } = await world()
    const response = await verifier.fetch(new Request(new URL(path, url)))
    expect(response.status).toBe(404)
    expect(response.headers.get('content-type')).toBe('application/json')
  })

  it.each(['/tenant/request/__proto__', '/tenant/request/a%2Fb', `/tenant/request/${'a'.repeat(32)}`])(
    'is no request that was not started: %s',
    async (path) => {
      const { verifier } = await world()
      const response = await verifier.fetch(new Request(new URL(path, url)))
      expect(response.status).toBe(404)
      expect(await response.json()).toMatchObject({ error: 'invalid_request' })
    },
  )

  it('no answer is kept on the way, and wallets in browsers may read it', async () => {
    const { verifier } = await world()
    const { requestUri } = await verifier.start({ query })
    const request = await verifier.fetch(new Request(at(requestUri)))
    const body = new URLSearchParams({ error: 'access_denied' })
    const answer = new Request(at(requestUri).replace('/request/', '/response/'), { method: 'POST', body })
    for (const response of [request, await verifier.fetch(answer)]) {
      expect(response.headers.get('cache-control')).toBe('no-store')
      expect(response.headers.get('access-control-allow-origin')).toBe('*')
    }
  })

  it('a browser may ask first', async () => {
    const { verifier } = await world()
    const { requestUri } = await verifier.start({ query })
    for (const [uri, methods] of [
      [at(requestUri), 'GET, POST'],
      [at(requestUri).replace('/request/', '/response/'), 'POST'],
    ]) {
      const response = await verifier.fetch(new Request(uri as string, { method: 'OPTIONS' }))
      expect([response.status, response.headers.get('access-control-allow-methods')]).toEqual([204, methods])
    }
  })

  it.each([
    ['PUT', '/request/'],
    ['DELETE', '/request/'],
    ['GET', '/response/'],
    ['PUT', '/response/'],
  ])('%s at %s is not allowed', async (method, step) => {
    const { verifier } = await world()
    const { requestUri } = await verifier.start({ query })
    const response = await verifier.fetch(new Request(at(requestUri).replace('/request/', step), { method }))
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toContain('POST')
  })
})

describe('a body', () => {
  const post = async (step: string, body: BodyInit, headers: Record<string, string> = {}) => {
    const { verifier } = await world()
    const { requestUri } = await verifier.start({ query })
    const uri = at(requestUri).replace('/request/', step)
    const init = { method: 'POST', body, headers, duplex: 'half' } as RequestInit
    const response = await verifier.fetch(new Request(uri, init))
    return [response.status, ((await response.json()) as { error_description: string }).error_description]
  }
  const form = { 'Content-Type': 'application/x-www-form-urlencoded' }

  it.each(['/request/', '/response/'])('of another media type is refused at %s', async (step) => {
    const refused = [400, 'the body is not application/x-www-form-urlencoded']
    expect(await post(step, '{}', { 'Content-Type': 'application/json' })).toEqual(refused)
    expect(await post(step, new Blob(['x=1']))).toEqual(refused)
  })

  it.each(['/request/', '/response/'])(
    'that is too long is refused at %s, with or without its length',
    async (step) => {
      const refused = [400, 'the body is too long']
      expect(await post(step, 'x', { ...form, 'Content-Length': '99999999' })).toEqual(refused)
      let sent = 0
      const endless = new ReadableStream({
        pull(controller) {
          sent += 65_536
          controller.enqueue(new Uint8Array(65_536).fill(97))
        },
      })
      expect(await post(step, endless, form)).toEqual(refused)
      expect(sent).toBeLessThan(5_000_000)
    },
  )

  it('that is not UTF-8 is refused', async () => {
    expect(await post('/response/', new Uint8Array([0xff, 0xfe]), form)).toEqual([
      400,
      'the body is not UTF-8',
    ])
  })
})

describe('a verifier by did:web', () => {
  const by = async (did: string, base: string) => {
    const jwk = await generateJwk('ES256')
    const document = {
      id: did,
      verificationMethod: [
        { id: `${did}#1`, type: 'JsonWebKey', controller: did, publicKeyJwk: publicJwkOf(jwk) },
      ],
    }
    const signer = await signerFromJwk(jwk, { kid: `${did}#1` })
    const identity: ClientIdentity = { prefix: 'decentralized_identifier', did, signer, document }
    const verifier = createVerifier({
      url: base,
      names: { en: 'Department' },
      identity,
      formats: [slipVerifier(publicJwkOf(jwk))],
      store: createMemoryStore(),
      isTrusted: trustAnyone('a test'),
    })
    return { verifier, document }
  }

  it.each([
    ['did:web:verifier.example', 'https://verifier.example', '/.well-known/did.json'],
    ['did:web:verifier.example:tenant', 'https://verifier.example/tenant', '/tenant/did.json'],
    ['did:web:127.0.0.1%3A8080', 'http://127.0.0.1:8080', '/.well-known/did.json'],
  ])('serves the document of %s where it is looked for', async (did, base, path) => {
    const { verifier, document } = await by(did, base)
    expect(verifier.clientId).toBe(`decentralized_identifier:${did}`)
    const response = await verifier.fetch(new Request(new URL(path, base)))
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual(document)
  })

  it('does not serve the document of a DID of another host', async () => {
    const { verifier } = await by('did:web:other.example', 'https://verifier.example')
    expect((await verifier.fetch(new Request('https://verifier.example/.well-known/did.json'))).status).toBe(
      404,
    )
  })
})
