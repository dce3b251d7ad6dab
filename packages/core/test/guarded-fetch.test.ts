import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo, LookupFunction } from 'node:net'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { createGuardedFetch, FetchError, resolveErrorOf } from '@ekkasan/core'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { fetchDirectly } from '../src/direct-fetch.ts'
import { guardedFetchOver } from '../src/guarded-fetch.node.ts'
import { createGuardedFetch as createWebGuardedFetch } from '../src/guarded-fetch.web.ts'
import { isPublicAddress } from '../src/public-address.node.ts'

const servers: Server[] = []

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

afterAll(() => {
  for (const server of servers) server.closeAllConnections()
  for (const server of servers) server.close()
})

const refusal = (code: string) => expect.objectContaining({ name: 'FetchError', code: `core.fetch.${code}` })

/** A resolver of names that answers with each list in turn, and then the last for ever. */
function names(...answers: string[][]): LookupFunction & { readonly asked: string[] } {
  const asked: string[] = []
  const lookup: LookupFunction = (hostname, _options, callback) => {
    const addresses = answers[Math.min(asked.length, answers.length - 1)] as string[]
    asked.push(hostname)
    const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
    setImmediate(() => callback(null, found))
  }
  return Object.assign(lookup, { asked })
}

describe('the address is checked when connecting', () => {
  const special = {
    unspecified: ['0.0.0.0', '::'],
    loopback: ['127.0.0.1', '127.255.0.1', '::1'],
    private: ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1'],
    'unique local': ['fc00::1', 'fd12:3456::1'],
    'link-local, cloud metadata': ['169.254.169.254', 'fe80::1', 'fe80::1%eth0', 'fd00:ec2::254'],
    'carrier NAT': ['100.64.0.1', '100.127.255.255'],
    multicast: ['224.0.0.1', '239.1.1.1', 'ff02::1'],
    'reserved, broadcast': ['240.0.0.1', '255.255.255.255', '192.0.0.1', '198.18.0.1'],
    documentation: ['192.0.2.1', '198.51.100.1', '203.0.113.1', '2001:db8::1'],
    'IPv4 inside IPv6': [
      '::ffff:127.0.0.1',
      '::ffff:8.8.8.8',
      '::127.0.0.1',
      '64:ff9b::7f00:1',
      '64:ff9b:1::1',
    ],
    tunnels: ['2002:7f00:1::', '2001:0:7f00:1::'],
    'not an address': ['localhost', '', '1.2.3'],
  }
  for (const [kind, addresses] of Object.entries(special)) {
    it(`takes no ${kind} address for a public one`, () => {
      for (const address of addresses) expect([address, isPublicAddress(address)]).toEqual([address, false])
    })
  }

  it('takes public addresses for public ones', () => {
    for (const address of [
      '1.1.1.1',
      '203.150.1.1',
      '172.32.0.1',
      '100.128.0.1',
      '2606:4700::1111',
      '2400::1',
    ]) {
      expect([address, isPublicAddress(address)]).toEqual([address, true])
    }
  })

  it('refuses a name that leads to a private address, and connects to nobody', async () => {
    let asked = 0
    const host = await serve((_request, response) => {
      asked += 1
      response.end()
    })
    const fetch = guardedFetchOver(names(['127.0.0.1']), {})
    const url = `https://issuer.example:${host.split(':')[1]}/`
    await expect(fetch(url)).rejects.toEqual(refusal('address-refused'))
    expect(asked).toBe(0)
  })

  it('refuses a name of which one address is public and another is not', async () => {
    const fetch = guardedFetchOver(names(['1.1.1.1', '10.0.0.1']), {})
    await expect(fetch('https://issuer.example/')).rejects.toEqual(refusal('address-refused'))
  })

  it('refuses a name that was public before and is private now (DNS rebinding)', async () => {
    const host = await serve((_request, response) =>
      response.writeHead(302, { location: 'https://a.example/' }).end(),
    )
    const lookup = names(['127.0.0.1'], ['127.0.0.1'])
    const fetch = guardedFetchOver(lookup, {
      allowHosts: [`first.example:${host.split(':')[1]}`],
      maxRedirects: 1,
    })
    await expect(fetch(`http://first.example:${host.split(':')[1]}/`)).rejects.toEqual(
      refusal('address-refused'),
    )
    expect(lookup.asked).toEqual(['first.example', 'a.example'])
  })

  it('refuses special addresses that stand in the URL, in any spelling', async () => {
    const fetch = createGuardedFetch()
    for (const host of [
      '127.0.0.1',
      '2130706433',
      '0x7f.1',
      '0177.0.0.1',
      '[::1]',
      '[::ffff:127.0.0.1]',
      'localhost',
    ]) {
      await expect(fetch(`https://${host}/`), host).rejects.toEqual(refusal('address-refused'))
    }
  })

  it('reaches loopback only where the exact host and port are allowed, or every port of it', async () => {
    const host = await serve((_request, response) => response.end('here'))
    for (const allowed of ['127.0.0.1:*', host]) {
      const response = await createGuardedFetch({ allowHosts: [allowed] })(`http://${host}/a`)
      expect([response.status, response.url, await response.text()]).toEqual([
        200,
        `http://${host}/a`,
        'here',
      ])
    }
    // The name alone is its default port.
    for (const other of ['127.0.0.1', '127.0.0.2:*']) {
      await expect(createGuardedFetch({ allowHosts: [other] })(`http://${host}/`)).rejects.toEqual(
        refusal('url-refused'),
      )
      await expect(createGuardedFetch({ allowHosts: [other] })(`https://${host}/`)).rejects.toMatchObject({
        code: 'core.fetch.address-refused',
        message: expect.stringContaining(`allowHosts: ['${host}']`),
      })
    }
    await expect(createGuardedFetch({ allowHosts: ['127.0.0.1:1'] })(`http://${host}/`)).rejects.toEqual(
      refusal('url-refused'),
    )
  })
})

describe('the URL', () => {
  for (const url of [
    'http://issuer.example/',
    'ftp://issuer.example/',
    'file:///etc/passwd',
    'data:text/plain,x',
    'https://user@issuer.example/',
    'https://user:password@issuer.example/',
    'https://issuer.example:22/',
    'https://issuer.example:80/',
    'not a url',
    `https://issuer.example/${'a'.repeat(8200)}`,
  ]) {
    it(`is refused: ${url.slice(0, 50)}`, async () => {
      await expect(createGuardedFetch()(url)).rejects.toEqual(refusal('url-refused'))
    })
  }

  it('is http or https even where the host is allowed', async () => {
    await expect(createGuardedFetch({ allowHosts: ['localhost:*'] })('ftp://localhost:80/')).rejects.toEqual(
      refusal('url-refused'),
    )
  })

  it('may not hold a user even where the host is allowed', async () => {
    await expect(createGuardedFetch({ allowHosts: ['localhost'] })('http://a:b@localhost/')).rejects.toEqual(
      refusal('url-refused'),
    )
  })

  it('takes GET and POST only: anything else is a mistake of the programmer', async () => {
    await expect(createGuardedFetch()('https://a.example/', { method: 'DELETE' })).rejects.toThrow(TypeError)
    expect(() => createGuardedFetch({ timeout: Number.NaN })).toThrow(TypeError)
  })
})

describe('the exchange', () => {
  const local = (options: object = {}) => createGuardedFetch({ allowHosts: ['127.0.0.1:*'], ...options })

  it('posts a body with its type and reads status and headers', async () => {
    const host = await serve(async (request, response) => {
      let body = ''
      for await (const part of request) body += part
      response.writeHead(201, {
        'x-method': request.method ?? '',
        'x-type': request.headers['content-type'] ?? '',
      })
      response.end(body)
    })
    const response = await local()(`http://${host}/`, {
      method: 'POST',
      body: new URLSearchParams({ a: 'ก' }),
    })
    expect([response.status, response.headers.get('x-method'), await response.text()]).toEqual([
      201,
      'POST',
      'a=%E0%B8%81',
    ])
    expect(response.headers.get('x-type')).toMatch(/^application\/x-www-form-urlencoded/)
  })

  it('passes an answer without a body through', async () => {
    const host = await serve((_request, response) => response.writeHead(204).end())
    expect((await local()(`http://${host}/`)).status).toBe(204)
  })

  it('follows no redirect unless told', async () => {
    let requests = 0
    const host = await serve((_request, response) => {
      requests += 1
      response.writeHead(302, { location: '/b' }).end()
    })
    await expect(local()(`http://${host}/`)).rejects.toEqual(refusal('redirect-refused'))
    expect(requests).toBe(1)
    await expect(local({ maxRedirects: 3 })(`http://${host}/`)).rejects.toEqual(refusal('redirect-refused'))
    expect(requests).toBe(1 + 4)
    await expect(local({ maxRedirects: 3 })(`http://${host}/`, { redirect: 'error' })).rejects.toEqual(
      refusal('redirect-refused'),
    )
    expect((await local()(`http://${host}/`, { redirect: 'manual' })).status).toBe(302)
    expect(requests).toBe(1 + 4 + 2)
  })

  it('follows as many redirects as told, and leaves credentials behind at another origin', async () => {
    const last = await serve((request, response) => response.end(String(request.headers.authorization)))
    const first = await serve((_request, response) =>
      response.writeHead(307, { location: `http://${last}/` }).end(),
    )
    const response = await local({ maxRedirects: 1 })(`http://${first}/`, {
      headers: { authorization: 'secret' },
    })
    expect(await response.text()).toBe('undefined')
  })

  it('turns a POST into a GET without its body after 303, and repeats it after 307 (RFC 9110 15.4)', async () => {
    const last = await serve(async (request, response) => {
      let body = ''
      for await (const part of request) body += part
      response.end(`${request.method} ${request.headers['content-type']} ${body}`)
    })
    for (const [status, seen] of [
      [303, 'GET undefined '],
      [307, 'POST application/jwt x.y.z'],
    ] as const) {
      const first = await serve((_request, response) =>
        response.writeHead(status, { location: `http://${last}/` }).end(),
      )
      const init = { method: 'POST', body: 'x.y.z', headers: { 'content-type': 'application/jwt' } }
      expect(await (await local({ maxRedirects: 1 })(`http://${first}/`, init)).text()).toBe(seen)
    }
  })

  it('refuses a redirect that leads nowhere', async () => {
    const host = await serve((_request, response) => response.writeHead(302).end())
    await expect(local({ maxRedirects: 1 })(`http://${host}/`)).rejects.toEqual(refusal('redirect-refused'))
  })

  it('hands on no cookies and no headers of an encoding that it undid', async () => {
    const headers = { 'content-encoding': 'gzip', 'set-cookie': 'a=b', etag: '"1"' }
    const host = await serve((_request, response) => response.writeHead(200, headers).end(gzipSync('x')))
    const seen = [...(await local()(`http://${host}/`)).headers.keys()]
    expect(seen).toContain('etag')
    for (const name of ['content-encoding', 'content-length', 'transfer-encoding', 'set-cookie']) {
      expect(seen).not.toContain(name)
    }
  })

  it('fails when the name is not known', async () => {
    const lookup = ((_name, _options, callback) => callback(new Error('ENOTFOUND'), '')) as LookupFunction
    await expect(guardedFetchOver(lookup, {})('https://a.example/')).rejects.toEqual(refusal('failed'))
  })

  it('checks each hop: a redirect to a host that is not allowed, or away from https, is refused', async () => {
    for (const [location, code] of [
      ['http://127.0.0.2:9/', 'url-refused'],
      ['https://127.0.0.2/', 'address-refused'],
      ['file:///etc/passwd', 'url-refused'],
    ] as const) {
      const host = await serve((_request, response) => response.writeHead(302, { location }).end())
      await expect(local({ maxRedirects: 2 })(`http://${host}/`)).rejects.toEqual(refusal(code))
    }
  })

  it('reads gzip, deflate and br', async () => {
    const encodings = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync }
    for (const [encoding, encode] of Object.entries(encodings)) {
      const host = await serve((_request, response) =>
        response.writeHead(200, { 'content-encoding': encoding }).end(encode('เอกสาร')),
      )
      expect(await (await local()(`http://${host}/`)).text()).toBe('เอกสาร')
    }
  })

  it('stops a body that unpacks beyond the limit, in every encoding', async () => {
    const zeros = Buffer.alloc(50_000_000)
    const encodings = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync }
    for (const [encoding, encode] of Object.entries(encodings)) {
      const bomb = encode(zeros)
      const host = await serve((_request, response) =>
        response.writeHead(200, { 'content-encoding': encoding }).end(bomb),
      )
      await expect(local()(`http://${host}/`), encoding).rejects.toEqual(refusal('body-refused'))
    }
  })

  it('stops a body that is longer than the limit, announced or not', async () => {
    const announced = await serve((_request, response) => response.end('a'.repeat(101)))
    const endless = await serve((_request, response) => {
      response.writeHead(200)
      const timer = setInterval(() => response.write('a'.repeat(60)), 5)
      response.once('close', () => clearInterval(timer))
    })
    for (const host of [announced, endless]) {
      await expect(local({ maxBytes: 100 })(`http://${host}/`)).rejects.toEqual(refusal('body-refused'))
    }
    const fits = await serve((_request, response) => response.end('a'.repeat(100)))
    expect((await (await local({ maxBytes: 100 })(`http://${fits}/`)).text()).length).toBe(100)
  })

  it('refuses encodings it does not know, and stacked ones', async () => {
    for (const encoding of ['gzip, gzip', 'zstd', 'x']) {
      const host = await serve((_request, response) =>
        response.writeHead(200, { 'content-encoding': encoding }).end('a'),
      )
      await expect(local()(`http://${host}/`)).rejects.toEqual(refusal('body-refused'))
    }
  })

  it('fails on a body that is cut off or is not what its encoding says', async () => {
    const broken = await serve((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end('not gzip'),
    )
    const cut = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('a')
      setTimeout(() => response.destroy(), 20)
    })
    for (const host of [broken, cut]) {
      await expect(local()(`http://${host}/`)).rejects.toEqual(refusal('failed'))
    }
  })

  it('has one time limit for the whole exchange, however slowly the bytes drip', async () => {
    const silent = await serve(() => undefined)
    const dripping = await serve((_request, response) => {
      response.writeHead(200)
      const timer = setInterval(() => response.write('a'), 10)
      response.once('close', () => clearInterval(timer))
    })
    for (const host of [silent, dripping]) {
      const from = performance.now()
      await expect(local({ timeout: 150 })(`http://${host}/`)).rejects.toEqual(refusal('timeout'))
      expect(performance.now() - from).toBeLessThan(1000)
    }
  })

  it('stops when the caller gives up', async () => {
    const host = await serve(() => undefined)
    const signal = AbortSignal.timeout(30)
    await expect(local()(`http://${host}/`, { signal })).rejects.toEqual(refusal('timeout'))
  })

  it('fails when the host switches to another protocol in place of an answer (RFC 9110 15.2.2)', async () => {
    const host = await serve((_request, response) => {
      const { socket } = response
      socket?.end('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n')
    })
    await expect(local()(`http://${host}/`)).rejects.toEqual(refusal('failed'))
  })

  it('fails when nobody listens', async () => {
    await expect(local()('http://127.0.0.1:1/')).rejects.toEqual(refusal('failed'))
  })
})

describe('what a failed fetch means for a fact', () => {
  it('is unknown after a timeout or without a connection, refused after a refusal', () => {
    const meaning = (code: ConstructorParameters<typeof FetchError>[0]) =>
      resolveErrorOf(new FetchError(code, 'x'), 'the list').code
    expect(meaning('core.fetch.timeout')).toBe('core.resolve.unavailable')
    expect(meaning('core.fetch.failed')).toBe('core.resolve.unavailable')
    expect(meaning('core.fetch.address-refused')).toBe('core.resolve.invalid')
    expect(meaning('core.fetch.body-refused')).toBe('core.resolve.invalid')
    expect(resolveErrorOf(new Error('x'), 'the list').code).toBe('core.resolve.unavailable')
  })
})

describe('where the platform hides addresses', () => {
  afterEach(() => vi.unstubAllGlobals())
  const local = (options: object = {}) => createWebGuardedFetch({ allowHosts: ['127.0.0.1:*'], ...options })

  it('still refuses schemes, users and ports', async () => {
    for (const url of ['http://a.example/', 'https://a:b@a.example/', 'https://a.example:25/']) {
      await expect(createWebGuardedFetch()(url)).rejects.toEqual(refusal('url-refused'))
    }
  })

  it('still limits size, time and redirects', async () => {
    const long = await serve((_request, response) => response.end('a'.repeat(101)))
    await expect(local({ maxBytes: 100 })(`http://${long}/`)).rejects.toEqual(refusal('body-refused'))
    const silent = await serve(() => undefined)
    await expect(local({ timeout: 50 })(`http://${silent}/`)).rejects.toEqual(refusal('timeout'))
    const moved = await serve((_request, response) => response.writeHead(302, { location: '/' }).end())
    await expect(local()(`http://${moved}/`)).rejects.toEqual(refusal('redirect-refused'))
    const fits = await serve((_request, response) => response.end('here'))
    expect(await (await local()(`http://${fits}/`)).text()).toBe('here')
  })

  it.each<[string, () => Response]>([
    [
      'as a server writes it',
      () => new Response('', { status: 307, headers: { location: 'https://b.example/' } }),
    ],
    [
      'as a browser hides it',
      () => Object.defineProperty(Response.error(), 'type', { value: 'opaqueredirect' }),
    ],
    ['followed all the same', () => Object.defineProperty(new Response('x'), 'redirected', { value: true })],
  ])('a redirect is refused, %s', async (_what, answer) => {
    const asked = vi.fn(async () => answer())
    vi.stubGlobal('fetch', asked)
    await expect(createWebGuardedFetch()('https://a.example/')).rejects.toEqual(refusal('redirect-refused'))
    await expect(
      createWebGuardedFetch({ maxRedirects: 2 })('https://a.example/', { redirect: 'error' }),
    ).rejects.toEqual(refusal('redirect-refused'))
    await expect(fetchDirectly(asked, 'https://a.example/')).rejects.toEqual(refusal('redirect-refused'))
    expect(asked).toHaveBeenCalledTimes(3)
    expect(asked).toHaveBeenCalledWith(expect.anything(), expect.objectContaining({ redirect: 'manual' }))
  })

  it('what is no redirect is handed on, 304 and 399 too', async () => {
    for (const status of [200, 201, 304, 399, 404, 500]) {
      const response = new Response(null, { status })
      expect(await fetchDirectly(async () => response, 'https://a.example/')).toBe(response)
    }
  })

  it('sends no credentials of the page', async () => {
    const asked = vi.fn(async () => new Response('x'))
    vi.stubGlobal('fetch', asked)
    await createWebGuardedFetch()('https://a.example/')
    expect(asked).toHaveBeenCalledWith(expect.anything(), expect.objectContaining({ credentials: 'omit' }))
  })
})
