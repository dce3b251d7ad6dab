import { connect, type Socket } from 'node:net'
import { createLog, type Program, serve } from '@ekkasan-examples/ui'
import { afterEach, describe, expect, it } from 'vitest'

type Event = Readonly<Record<string, unknown>>
const events: Event[] = []
const log = createLog('test', (line) => events.push(JSON.parse(line) as Event))
const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()))
  events.length = 0
})

async function start(program: Program, more: { requestSeconds?: number; stopSeconds?: number } = {}) {
  const served = await serve({ name: 'test', log, start: async () => program, ...more })
  stops.push(served.stop)
  return served
}

interface Client {
  readonly socket: Socket
  /** What came so far. */
  received(): string
  readonly closed: Promise<void>
  /** Resolves as soon as what came holds the text. */
  until(text: string): Promise<void>
}

function open(address: string): Client {
  const { hostname, port } = new URL(address)
  const socket = connect(Number(port), hostname)
  let received = ''
  let look = () => {}
  socket.on('data', (data) => {
    received += data.toString()
    look()
  })
  socket.on('error', () => undefined)
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => resolve())
  })
  return {
    socket,
    received: () => received,
    closed,
    until: (text) =>
      new Promise((resolve) => {
        look = () => received.includes(text) && resolve()
        look()
      }),
  }
}

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`

/** Answers `/slow` when it is let go, everything else at once. */
function slowProgram() {
  let letGo = () => {}
  const waiting = new Promise<void>((resolve) => {
    letGo = resolve
  })
  const seen: string[] = []
  let stopped = false
  const program: Program = {
    async fetch(request) {
      const { pathname } = new URL(request.url)
      seen.push(pathname)
      if (request.method === 'POST') return new Response(`got ${(await request.text()).length}`)
      if (pathname === '/slow') await waiting
      return new Response(`answer to ${pathname}`)
    },
    stop: async () => {
      stopped = true
    },
  }
  return { program, letGo, seen, hasStopped: () => stopped }
}

describe('a program that is told to stop', () => {
  it('answers what is under way with Connection: close, and then ends [L8]', async () => {
    const { program, letGo, hasStopped } = slowProgram()
    const { address, stop } = await start(program)
    const client = open(address)
    client.socket.write(get('/before'))
    await client.until('answer to /before')
    client.socket.write(get('/slow'))
    const upload = open(address)
    upload.socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nab')
    await expect.poll(() => events.length).toBeGreaterThan(0)
    await new Promise((resolve) => setTimeout(resolve, 50))
    const stopping = stop()
    expect(hasStopped()).toBe(false)
    upload.socket.write('cd')
    await upload.closed
    expect(upload.received()).toContain('got 4')
    expect(upload.received().toLowerCase()).toContain('connection: close')
    letGo()
    await client.closed
    const second = client.received().slice(client.received().indexOf('answer to /before'))
    expect(second).toContain('answer to /slow')
    expect(second.toLowerCase()).toContain('connection: close')
    await stopping
    expect(hasStopped()).toBe(true)
  })

  it('takes no new request: not on a connection that is kept alive, nor behind one under way [L8]', async () => {
    const { program, letGo, seen } = slowProgram()
    const { address, stop } = await start(program)
    const [idle, silent, busy] = [open(address), open(address), open(address)]
    idle.socket.write(get('/first'))
    await idle.until('answer to /first')
    busy.socket.write(get('/slow'))
    await expect.poll(() => seen).toContain('/slow')
    const stopping = stop()
    busy.socket.write(get('/late'))
    // They had nothing under way.
    await Promise.all([idle.closed, silent.closed])
    await expect(fetch(address)).rejects.toThrow()
    await new Promise((resolve) => setTimeout(resolve, 50))
    letGo()
    await Promise.all([busy.closed, stopping])
    expect(busy.received()).toContain('answer to /slow')
    expect(seen).toEqual(['/first', '/slow'])
  })

  it('cuts what does not end within its time [L8]', async () => {
    const { program, seen, hasStopped } = slowProgram()
    const { address, stop } = await start(program, { stopSeconds: 0.1 })
    const client = open(address)
    client.socket.write(get('/slow'))
    await expect.poll(() => seen).toContain('/slow')
    await stop()
    await client.closed
    expect(hasStopped()).toBe(true)
  })
})

describe('connections', () => {
  it('that send nothing are closed [G5]', async () => {
    const { address } = await start(slowProgram().program, { requestSeconds: 0.2 })
    const began = performance.now()
    const clients = Array.from({ length: 50 }, () => open(address))
    await Promise.all(clients.map(({ closed }) => closed))
    expect(performance.now() - began).toBeLessThan(5000)
  })

  it('of which two hundred send ahead and never read do not stop the others [L11]', async () => {
    const large = 'x'.repeat(100_000)
    let begun = 0
    const { address } = await start({
      async fetch(request) {
        begun++
        return new Response(new URL(request.url).pathname === '/small' ? 'small' : large)
      },
    })
    const { hostname, port } = new URL(address)
    const sockets = Array.from({ length: 200 }, () => {
      const socket = connect(Number(port), hostname)
      socket.on('error', () => undefined)
      socket.pause()
      socket.write(get('/large').repeat(200))
      return socket
    })
    try {
      const before = process.memoryUsage().rss
      const times: number[] = []
      for (let i = 0; i < 20; i++) {
        const began = performance.now()
        expect(await (await fetch(`${address}/small`)).text()).toBe('small')
        times.push(performance.now() - began)
      }
      // The first waits until the flood was read and cut.
      expect(Math.min(...times)).toBeLessThan(1000)
      // 40,000 requests were sent; each connection got no further than a few.
      expect(begun).toBeLessThanOrEqual(200 * 16 + 20)
      expect(process.memoryUsage().rss - before).toBeLessThan(400 * 1_048_576)
    } finally {
      for (const socket of sockets) socket.destroy()
    }
  }, 20_000)

  it('end after a number of requests, so that clients come to other replicas [L11]', async () => {
    const { address } = await start({ fetch: () => new Response('x') })
    const client = open(address)
    let answers = 0
    client.socket.on('data', () => {
      answers++
      client.socket.write(get('/'))
    })
    client.socket.write(get('/'))
    await client.closed
    expect(answers).toBe(1000)
    expect(client.received().slice(-200).toLowerCase()).toContain('connection: close')
  }, 30_000)
})

describe('health', () => {
  it('/livez touches nothing; /readyz tells within a second that a check fails or hangs, with the cause in the log [L6]', async () => {
    let mode: 'good' | 'fails' | 'hangs' = 'good'
    let checks = 0
    const { address } = await start({
      fetch: () => new Response('x'),
      async checkReady() {
        checks++
        if (mode === 'hangs') await new Promise(() => {})
        if (mode === 'fails') {
          const cause = Object.assign(new Error('1999900000013'), { code: 'ERR_SQLITE_ERROR', errcode: 13 })
          throw new Error('Somchai', { cause })
        }
      },
    })
    const ask = async (path: string) => (await fetch(address + path)).status
    expect([await ask('/livez'), checks]).toEqual([200, 0])
    expect([await ask('/readyz'), await ask('/healthz'), checks]).toEqual([200, 200, 1])
    mode = 'fails'
    await expect.poll(() => ask('/readyz'), { timeout: 3000, interval: 100 }).toBe(503)
    expect(await ask('/livez')).toBe(200)
    const told = events.find(({ event }) => event === 'not-ready')
    expect(told?.cause).toBe('Error code=ERR_SQLITE_ERROR errcode=13')
    expect(JSON.stringify(events)).not.toMatch(/Somchai|1999900000013/)
    mode = 'good'
    await expect.poll(() => ask('/readyz'), { timeout: 3000, interval: 100 }).toBe(200)
    expect(events.some(({ event }) => event === 'ready-again')).toBe(true)
    mode = 'hangs'
    await expect.poll(() => ask('/readyz'), { timeout: 4000, interval: 100 }).toBe(503)
    const before = checks
    expect(await ask('/readyz')).toBe(503)
    expect(checks).toBe(before)
  }, 20_000)
})
