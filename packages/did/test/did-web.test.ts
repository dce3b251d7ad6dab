import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { cached } from '@ekkasan/core'
import { createDidResolver, didWebDocument, didWebOf, resolveDidIssuer, urlOfDidWeb } from '@ekkasan/did'
import { generateJwk, publicJwkOf } from '@ekkasan/keys'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const code = (name: string) => expect.objectContaining({ code: name })

describe('where a did:web lives (did:web 2.5.2)', () => {
  for (const [did, url] of [
    ['did:web:w3c-ccg.github.io', 'https://w3c-ccg.github.io/.well-known/did.json'],
    ['did:web:w3c-ccg.github.io:user:alice', 'https://w3c-ccg.github.io/user/alice/did.json'],
    ['did:web:example.com%3A3000:user:alice', 'https://example.com:3000/user/alice/did.json'],
    ['did:web:example.com%3A3000', 'https://example.com:3000/.well-known/did.json'],
  ] as const) {
    it(`is ${url} for ${did}`, () => expect(urlOfDidWeb(did)).toBe(url))
  }

  for (const did of [
    'did:web:',
    'did:web:127.0.0.1',
    'did:web:2130706433',
    'did:web:0x7f000001',
    'did:web:127.0x1',
    'did:web:a.0x',
    'did:web:a.0x7f',
    'did:web:[::1]',
    'did:web:a.example%3A0',
    'did:web:a.example%3A99999',
    'did:web:a.example%3A80%3A80',
    'did:web:user%40a.example',
    'did:web:a.example%2Fb',
    'did:web:a.example%23',
    'did:web:A.example',
    'did:web:a..example',
    'did:web:-a.example',
    'did:web:a.example:',
    'did:web:a.example::b',
    'did:web:a.example:..:b',
    'did:web:a.example:%2e%2E:b',
    'did:web:a.example:b%2Fc',
    'did:web:a.example:b%5Cc',
    'did:web:a.example:b%00',
    'did:web:a.example:b?c',
    'did:web:ก.example',
    `did:web:a.example:${'b'.repeat(600)}`,
    'did:key:a',
  ]) {
    it(`is nowhere for ${did.slice(0, 60)}`, () =>
      expect(() => urlOfDidWeb(did)).toThrow(code('did.identifier.malformed')))
  }

  it('is always below the host that is named, whatever the DID', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9.%:_~@#?/\\-]{0,60}$/), (rest) => {
        let url: URL
        try {
          url = new URL(urlOfDidWeb(`did:web:${rest}`))
        } catch (error) {
          expect((error as Error).name).toBe('DidError')
          return
        }
        const [host = ''] = rest.split(/:|%3[Aa]/)
        expect([url.protocol, url.hostname, url.username, url.search]).toEqual(['https:', host, '', ''])
        expect(url.pathname.endsWith('/did.json')).toBe(true)
      }),
    )
  })

  it('comes from an https URL, and back', () => {
    expect(didWebOf('https://issuer.example')).toBe('did:web:issuer.example')
    expect(didWebOf('https://issuer.example:8443/a/b/')).toBe('did:web:issuer.example%3A8443:a:b')
    expect(() => didWebOf('http://issuer.example')).toThrow(TypeError)
    for (const url of [
      'https://a.example?x',
      'https://a.example#x',
      'https://x@a.example',
      'https://:x@a.example',
    ]) {
      expect(() => didWebOf(url), url).toThrow(TypeError)
    }
  })
})

describe('a did:web over HTTP', () => {
  const newKey = async (kid: string) => ({ ...publicJwkOf(await generateJwk('ES256')), kid })

  async function host(answer: (path: string) => { status?: number; body?: string; location?: string }) {
    const server = createServer((request, response) => {
      const { status = 200, body = '', location } = answer(request.url ?? '')
      response.writeHead(status, location === undefined ? {} : { location }).end(body)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    return {
      did: `did:web:localhost%3A${port}`,
      resolve: createDidResolver({ allowHttp: [`localhost:${port}`] }),
      [Symbol.asyncDispose]: async () => {
        server.closeAllConnections()
        server.close()
      },
    }
  }

  it('is fetched with its several keys, at the path that its DID says', async () => {
    const keys = [{ jwk: await newKey('1') }, { jwk: await newKey('2') }]
    let document = ''
    await using web = await host((path) => (path === '/a/did.json' ? { body: document } : { status: 404 }))
    const did = `${web.did}:a`
    document = JSON.stringify(didWebDocument({ did, keys }))
    const resolve = resolveDidIssuer(web.resolve)
    for (const { jwk } of keys) {
      expect((await resolve({ iss: did, kid: `${did}#${jwk.kid}`, alg: 'ES256' })).jwk).toEqual(jwk)
    }
    await expect(web.resolve(web.did)).rejects.toEqual(code('core.resolve.not-found'))
  })

  it('passes a rotation: new keys are found through a cache, retired ones refused after its lifetime', async () => {
    const [first, second] = [await newKey('1'), await newKey('2')]
    let document = ''
    let now = 0
    await using web = await host(() => ({ body: document }))
    const publish = (...keys: Awaited<ReturnType<typeof newKey>>[]) => {
      document = JSON.stringify(didWebDocument({ did: web.did, keys: keys.map((jwk) => ({ jwk })) }))
    }
    const resolve = cached(resolveDidIssuer(web.resolve), { lifetime: 1000, clock: () => new Date(now) })
    const ask = (kid: string) => resolve({ iss: web.did, kid: `${web.did}#${kid}`, alg: 'ES256' })
    publish(first)
    const key = await ask('1')
    expect(await ask('1')).toBe(key)
    publish(first, second)
    expect((await ask('2')).jwk).toEqual(second)
    publish(second)
    now += 1001
    await expect(ask('1')).rejects.toEqual(code('core.resolve.not-found'))
    expect((await ask('2')).jwk).toEqual(second)
  })

  it('is refused when the document is of another DID, not JSON, ambiguous, or giant', async () => {
    let body = ''
    await using web = await host(() => ({ body }))
    for (const hostile of [
      JSON.stringify({ id: 'did:web:localhost' }),
      JSON.stringify({ id: `${web.did}#x` }),
      '<html>',
      `{"id":"${web.did}","id":"${web.did}"}`,
      `{"id":"${web.did}","__proto__":{}}`,
      `{"id":"${web.did}","x":${'['.repeat(100)}${']'.repeat(100)}}`,
      `{"id":"${web.did}","x":"${'x'.repeat(300_000)}"}`,
      `{"id":"${web.did}","x":"${'x'.repeat(2_000_000)}"}`,
    ]) {
      body = hostile
      await expect(web.resolve(web.did), hostile.slice(0, 60)).rejects.toEqual(code('core.resolve.invalid'))
    }
  })

  it('is unknown when the host is in trouble, refused when it redirects or is private', async () => {
    await using broken = await host(() => ({ status: 500 }))
    await expect(broken.resolve(broken.did)).rejects.toEqual(code('core.resolve.unavailable'))
    await using moved = await host(() => ({ status: 302, location: '/other' }))
    await expect(moved.resolve(moved.did)).rejects.toEqual(code('core.resolve.invalid'))
    await expect(createDidResolver()('did:web:localhost')).rejects.toEqual(code('core.resolve.invalid'))
  })

  it('is refused to be built with keys that cannot be named apart', async () => {
    const did = 'did:web:issuer.example'
    const jwk = await newKey('1')
    expect(() => didWebDocument({ did, keys: [{ jwk }, { jwk }] })).toThrow(TypeError)
    expect(() => didWebDocument({ did, keys: [{ jwk, id: 'a b' }] })).toThrow(TypeError)
    expect(() => didWebDocument({ did, keys: [{ jwk: { ...jwk, d: 'x' } as never }] })).toThrow()
    const document = didWebDocument({ did, keys: [{ jwk, id: 'k', relationships: ['assertionMethod'] }] })
    expect([document.assertionMethod, document.authentication]).toEqual([[`${did}#k`], []])
  })
})
