import { connect } from 'node:net'
import { createLog, serve } from '@ekkasan-examples/ui'
import { afterAll, beforeAll, expect, it } from 'vitest'

let address: string
let stop: () => Promise<void>
beforeAll(async () => {
  const served = await serve({
    name: 'test',
    requestSeconds: 1,
    log: createLog('test', () => undefined),
    start: async () => ({ fetch: async (request) => new Response(await request.text()) }),
  })
  address = served.address
  stop = served.stop
})
afterAll(() => stop())

/** Sends the beginning, then a byte every 100 ms; resolves to what came back when the connection ends. */
function sendSlowly(beginning: string): Promise<string> {
  const { hostname, port } = new URL(address)
  return new Promise((resolve) => {
    let received = ''
    const socket = connect(Number(port), hostname, () => {
      socket.write(beginning)
      const drip = setInterval(() => socket.write('a'), 100)
      socket.on('data', (data) => {
        received += data.toString()
      })
      socket.on('error', () => undefined)
      socket.on('close', () => {
        clearInterval(drip)
        resolve(received)
      })
    })
  })
}

it.each([
  ['a body', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n'],
  ['a head', 'GET / HTTP/1.1\r\nHost: x\r\nX-Slow: '],
])('does not wait for %s that comes byte by byte', async (_what, beginning) => {
  const began = performance.now()
  expect(await sendSlowly(beginning)).not.toContain('200')
  expect(performance.now() - began).toBeLessThan(10_000)
})

it('serves who is not slow', async () => {
  const answer = await fetch(address, { method: 'POST', body: 'in time' })
  expect(await answer.text()).toBe('in time')
})

it('a port that is taken is told by its number and what to do', async () => {
  const { port } = new URL(address)
  const start = async () => ({ fetch: async () => new Response() })
  const options = { name: 'second', log: createLog('second', () => undefined), port: Number(port), start }
  await expect(serve(options)).rejects.toThrow(
    `HOST and PORT: 127.0.0.1:${port} is taken by another program; end it, or set another PORT`,
  )
})
