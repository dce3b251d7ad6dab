import { createMemoryStore, type Store } from '@ekkasan/core'
import { buildResponseForm } from '@ekkasan/openid4vc'
import type { CreateVerifierOptions } from '@ekkasan/verifier'
import { describe, expect, it } from 'vitest'
import { query as dcql, url, world } from './world.ts'

const query = { query: dcql, responseMode: 'direct_post' as const }

const form = 'application/x-www-form-urlencoded'
const megabyte = 1_048_576

/** A body of 4 MiB in pieces, of which one sees how much was taken; the last piece comes when `finish` is called. */
function largeBody() {
  let taken = 0
  let held = 0
  let finish = () => {}
  const finished = new Promise<void>((resolve) => {
    finish = resolve
  })
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (taken === 4 * megabyte - 65_536) await finished
        if (taken === 4 * megabyte) return controller.close()
        taken += 65_536
        held = taken
        controller.enqueue(new Uint8Array(65_536).fill(97))
      },
      cancel() {
        held = 0
      },
    },
    { highWaterMark: 0 },
  )
  return { stream, taken: () => taken, held: () => held, finish }
}

function post(uri: string, stream: ReadableStream, headers: Record<string, string> = {}): Request {
  return new Request(uri, {
    method: 'POST',
    body: stream,
    headers: { 'content-type': form, 'content-length': String(4 * megabyte), ...headers },
    duplex: 'half',
  } as RequestInit)
}

describe('of a body to a request that is not open nothing is read', () => {
  const unknown = 'a'.repeat(32)

  it.each([
    ['response', form, 400],
    ['request', form, 404],
    ['dc-api', 'application/json', 400],
  ])('%s of an unknown id [G2]', async (step, type, status) => {
    const { verifier } = await world()
    const body = largeBody()
    const headers = { 'content-type': type, origin: 'https://verifier.example' }
    const response = await verifier.fetch(post(`${url}/${step}/${unknown}`, body.stream, headers))
    expect([response.status, body.taken()]).toEqual([status, 0])
  })

  it('nor to one that was answered, has expired, or was asked for another way [G2]', async () => {
    const { verifier, request, answer, pass } = await world()
    const asked = await request((await verifier.start(query)).requestUri)
    expect((await answer(asked)).status).toBe(200)
    const late = await request((await verifier.start(query)).requestUri)
    const { responseUri } = await verifier.startDcApi({ query: dcql })
    const bodies = [largeBody(), largeBody(), largeBody(), largeBody()] as const
    const status = async (uri: string, body: ReturnType<typeof largeBody>, headers = {}) =>
      (await verifier.fetch(post(uri, body.stream, headers))).status
    expect(await status(asked.response_uri, bodies[0])).toBe(400)
    expect(await status(responseUri.replace('/dc-api/', '/response/'), bodies[1])).toBe(400)
    const foreign = { 'content-type': 'application/json', origin: 'https://other.example' }
    expect(await status(responseUri, bodies[2], foreign)).toBe(400)
    pass(301)
    expect(await status(late.response_uri, bodies[3])).toBe(400)
    expect(bodies.map((body) => body.taken())).toEqual([0, 0, 0, 0])
  })
})

describe('the sum of the bodies in flight is bounded', () => {
  it('for one request, so that who has seen its QR cannot fill the memory [G2]', async () => {
    const { verifier, request, answer } = await world()
    const asked = await request((await verifier.start(query)).requestUri)
    const bodies = Array.from({ length: 100 }, largeBody)
    const answers = bodies.map(({ stream }) => verifier.fetch(post(asked.response_uri, stream)))
    // Those that found no room are answered while the others still send.
    const first = await Promise.race(answers)
    expect([first.status, first.headers.get('retry-after')]).toEqual([503, '5'])
    expect(await first.json()).toMatchObject({ error: 'temporarily_unavailable' })
    for (const { finish } of bodies) finish()
    const statuses = (await Promise.all(answers)).map(({ status }) => status)
    expect(statuses.filter((status) => status === 503).length).toBeGreaterThanOrEqual(90)
    expect(statuses.filter((status) => status === 400).length).toBeGreaterThan(0)
    // Their room is free again.
    expect((await answer(asked)).status).toBe(200)
  })

  it('for all requests together [G2]', async () => {
    const { verifier, request } = await world()
    const asked = await Promise.all(
      Array.from({ length: 30 }, async () => request((await verifier.start(query)).requestUri)),
    )
    const bodies = asked.map(() => largeBody())
    const answers = asked.map(({ response_uri }, index) =>
      verifier.fetch(post(response_uri, (bodies[index] as (typeof bodies)[number]).stream)),
    )
    expect((await Promise.race(answers)).status).toBe(503)
    const received = bodies.reduce((sum, body) => sum + body.held(), 0)
    expect(received).toBeLessThanOrEqual(64 * megabyte + 30 * 65_536)
    for (const { finish } of bodies) finish()
    await Promise.all(answers)
  })
})

it('a body that breaks off is the fault of who sent it, and none that is told of [G5]', async () => {
  const errors: unknown[] = []
  const { verifier, request } = await world({ onError: (error) => errors.push(error) })
  const asked = await request((await verifier.start(query)).requestUri)
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new Uint8Array(10))
      controller.error(Object.assign(new Error('aborted'), { code: 'ECONNRESET' }))
    },
  })
  expect((await verifier.fetch(post(asked.response_uri, stream))).status).toBe(400)
  expect(errors).toEqual([])
})

describe('a store that is away', () => {
  const away = (store: Store): Store => ({
    ...store,
    get: () => Promise.reject(new Error('no connection')),
    swap: () => Promise.reject(new Error('no connection')),
  })

  it('is told to wallets with 503 and Retry-After, and to who runs it with its cause [L6]', async () => {
    const errors: unknown[] = []
    const open = await world()
    const asked = await open.request((await open.verifier.start(query)).requestUri)
    const identity = open.verifier.clientId
    const { verifier } = await world({ store: away(open.store), onError: (error) => errors.push(error) })
    expect(identity).toContain('x509_hash:')
    const body = await buildResponseForm({ vp_token: await open.present(asked), state: asked.state ?? '' })
    for (const request of [
      new Request(asked.response_uri, { method: 'POST', body }),
      new Request(asked.response_uri.replace('/response/', '/request/')),
    ]) {
      const response = await verifier.fetch(request)
      expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5'])
      expect(await response.json()).toMatchObject({ error: 'temporarily_unavailable' })
    }
    expect(errors).toMatchObject([{ code: 'core.store.failed' }, { code: 'core.store.failed' }])
    // Nothing of the session was lost: the same answer is taken where the store is there.
    expect((await open.respond(asked, body)).status).toBe(200)
  })
})

it('wallets in browsers may read the time, by which they find their own clock wrong [J11]', async () => {
  const { verifier } = await world()
  const response = await verifier.fetch(new Request(`${url}/request/x`))
  expect(response.headers.get('access-control-expose-headers')?.split(', ')).toContain('Date')
})

describe('mounted in a framework that has its own ways', () => {
  const options = async (): Promise<Pick<CreateVerifierOptions, 'store'>> => ({ store: createMemoryStore() })

  it('below a path that the framework takes away [J8]', async () => {
    const { verifier, request } = await world(await options())
    const asked = await request((await verifier.start(query)).requestUri)
    const stripped = asked.response_uri.replace('/tenant/', '/').replace('/response/', '/request/')
    expect((await verifier.fetch(new Request(stripped))).status).toBe(200)
  })

  it('behind a body parser [J8]', async () => {
    const { verifier, request, present } = await world(await options())
    const asked = await request((await verifier.start(query)).requestUri)
    const sent = await buildResponseForm({ vp_token: await present(asked), state: asked.state ?? '' })
    const incoming = { body: Object.fromEntries(sent), readableDidRead: true }
    const empty = new Request(asked.response_uri, { method: 'POST', headers: { 'content-type': form } })
    expect((await verifier.fetch(empty, { incoming })).status).toBe(200)
  })

  it('a body that was read and is nowhere is told to the developer [J8]', async () => {
    const errors: unknown[] = []
    const { verifier, request } = await world({ onError: (error) => errors.push(error) })
    const asked = await request((await verifier.start(query)).requestUri)
    const used = new Request(asked.response_uri, { method: 'POST', body: new URLSearchParams({ a: 'b' }) })
    used.headers.set('content-length', '3')
    await used.text()
    expect((await verifier.fetch(used)).status).toBe(500)
    expect(String(errors[0])).toContain('mount this before body parsers such as express.json()')
  })
})
