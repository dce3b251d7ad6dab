import { createServer, type RequestListener, type Server } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from 'node:net'
import {
  brotliCompressSync,
  createGzip,
  deflateSync,
  gzipSync,
  constants as zlib,
  zstdCompressSync,
} from 'node:zlib'
import { cached, createGuardedFetch, withinTime } from '@ekkasan/core'
import { afterAll, describe, expect, it } from 'vitest'

const servers: (Server | TcpServer)[] = []

async function listening(server: Server | TcpServer): Promise<string> {
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}
const serve = (listener: RequestListener) => listening(createServer(listener))

/** Speaks bytes, and goes on until the other side hangs up; `closed` says when it did. */
async function speak(first: string, more?: string): Promise<{ url: string; closed: Promise<void> }> {
  let done: () => void
  const closed = new Promise<void>((resolve) => {
    done = resolve
  })
  const url = await listening(
    createTcpServer((socket) => {
      socket
        .resume()
        .on('error', () => {})
        .on('close', () => done())
      socket.write(first)
      if (more === undefined) return
      const timer = setInterval(() => socket.writable && socket.write(more), 5)
      socket.on('close', () => clearInterval(timer))
    }),
  )
  return { url, closed }
}

afterAll(() => {
  for (const server of servers) {
    if ('closeAllConnections' in server) server.closeAllConnections()
    server.close()
  }
})

const local = (options: object = {}) => createGuardedFetch({ allowHosts: ['127.0.0.1:*'], ...options })
const refusal = (code: string) => expect.objectContaining({ name: 'FetchError', code: `core.fetch.${code}` })
const spaces = Buffer.alloc(70_000_000, 0x20)

describe('an answer that unpacks to far more than is accepted settles at once, and its connection ends [L4]', () => {
  it.each([
    ['gzip', () => gzipSync(spaces)],
    ['deflate', () => deflateSync(spaces)],
    ['br', () => brotliCompressSync(spaces, { params: { [zlib.BROTLI_PARAM_QUALITY]: 4 } })],
  ])('%s', async (encoding, pack) => {
    const body = pack()
    expect(body.length).toBeLessThan(100_000)
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': encoding }).end(body)
    })
    const fetch = local()
    await expect(fetch(url)).rejects.toEqual(refusal('body-refused'))
    // Together and again: nothing is left behind that holds the next up.
    const again = await Promise.allSettled(Array.from({ length: 8 }, () => fetch(url)))
    expect(again.map(({ status }) => status)).toEqual(Array(8).fill('rejected'))
  })

  it('zstd, which is not asked for, is refused unread', async () => {
    const body = typeof zstdCompressSync === 'function' ? zstdCompressSync(spaces) : Buffer.from('x')
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'zstd' }).end(body)
    })
    await expect(local()(url)).rejects.toEqual(refusal('body-refused'))
  })

  it('endless and packed', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' })
      const packing = createGzip()
      packing.pipe(response)
      const write = () => packing.writable && packing.write(spaces.subarray(0, 1_000_000), write)
      write()
      response.on('close', () => packing.destroy())
    })
    await expect(local()(url)).rejects.toEqual(refusal('body-refused'))
  })

  it('shared by all who ask for an issuer, holds nobody up', async () => {
    const body = gzipSync(spaces)
    let isBomb = true
    const url = await serve((_request, response) => {
      if (isBomb) response.writeHead(200, { 'content-encoding': 'gzip' }).end(body)
      else response.end('fine')
    })
    const fetch = local()
    const resolve = cached(async (at: string) => (await fetch(at)).text(), { lifetime: 60_000 })
    await Promise.all([1, 2, 3].map(() => expect(resolve(url)).rejects.toEqual(refusal('body-refused'))))
    isBomb = false
    expect(await resolve(url)).toBe('fine')
  })
})

describe('whatever a host does, an exchange settles in its time and the connection ends [L4]', () => {
  const head = 'HTTP/1.1 200 OK\r\n'
  it.each<[string, string, string | undefined, string]>([
    ['says nothing', '', undefined, 'timeout'],
    ['begins and stops', `${head}content-length: 10\r\n\r\nab`, undefined, 'timeout'],
    ['drips its body', `${head}content-length: 100000\r\n\r\n`, 'a', 'timeout'],
    [
      'drips a packed body',
      `${head}content-encoding: gzip\r\ntransfer-encoding: chunked\r\n\r\n`,
      '1\r\n\x1f\r\n',
      'failed',
    ],
    ['drips its headers', head, 'x', 'timeout'],
    ['sends headers without end', head, `x-a: ${'a'.repeat(2000)}\r\n`, 'failed'],
    ['sends informational answers without end', '', 'HTTP/1.1 103 Early Hints\r\n\r\n', 'timeout'],
    [
      'sends trailers without end',
      `${head}transfer-encoding: chunked\r\n\r\n0\r\n`,
      `x-a: ${'a'.repeat(500)}\r\n`,
      'failed',
    ],
  ])('one that %s', async (_what, first, more, code) => {
    const { url, closed } = await speak(first, more)
    await expect(local({ timeout: 120 })(url)).rejects.toMatchObject({
      code: expect.stringMatching(`^core\\.fetch\\.(timeout|${code})$`),
    })
    await closed
  })
})

describe('nothing is shared without a bound in time [L4]', () => {
  it('those who wait for one answer are told, and the next asks anew', async () => {
    let asked = 0
    const resolve = cached(
      (name: string) => {
        asked += 1
        return asked === 1 ? new Promise<string>(() => {}) : Promise.resolve(name)
      },
      { lifetime: 1000, maxWait: 20 },
    )
    const waiting = await Promise.allSettled([resolve('a'), resolve('a')])
    for (const one of waiting) {
      expect(one).toMatchObject({ status: 'rejected', reason: { code: 'core.resolve.unavailable' } })
    }
    expect(await resolve('a')).toBe('a')
    expect(asked).toBe(2)
  })

  it('an answer in time is that answer', async () => {
    expect(await withinTime(Promise.resolve(1), 20)).toBe(1)
    await expect(withinTime(Promise.reject(new Error('own')), 20)).rejects.toThrow('own')
  })

  it('an answer that came at a time still to come is asked for again [L5]', async () => {
    let now = 100_000
    let asked = 0
    const resolve = cached(async (_name: string) => ++asked, { lifetime: 1000, clock: () => new Date(now) })
    await resolve('a')
    now = 0
    expect(await resolve('a')).toBe(2)
    expect(await resolve('a')).toBe(2)
  })
})
