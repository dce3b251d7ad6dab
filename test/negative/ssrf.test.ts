import { type AddressInfo, createServer } from 'node:net'
import { createGuardedFetch, type Fetch, type JsonObject } from '@ekkasan/core'
import { createDidResolver } from '@ekkasan/did'
import { resolveJwtVcIssuer, resolveTypeMetadata } from '@ekkasan/sd-jwt-vc'
import { createStatusChecker } from '@ekkasan/status'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

// Whatever a stranger's credential points to, by the fetch that every program has: nobody inside is asked.

let connections = 0
const inside = createServer((socket) => {
  connections += 1
  socket.destroy()
})
let port: number
beforeAll(async () => {
  await new Promise<void>((done) => inside.listen(0, '127.0.0.1', done))
  port = (inside.address() as AddressInfo).port
})
afterAll(() => {
  inside.close()
})

const guarded = createGuardedFetch()
const question = { kid: 'k', alg: 'ES256' as const }
const issuer = { id: 'https://issuer.example', method: 'jwt-vc-issuer' as const }

/** The documents given are outside and are had; all else goes through the guarded fetch. */
const outside =
  (documents: Readonly<Record<string, JsonObject>>): Fetch =>
  async (url, init) => {
    const document = documents[String(url)]
    return document ? Response.json(document) : guarded(url, init)
  }

const ways: [string, (base: string) => Promise<unknown>][] = [
  [
    'did:web',
    (base) => createDidResolver({ fetch: guarded })(`did:web:${encodeURIComponent(new URL(base).host)}`),
  ],
  ['iss', (base) => resolveJwtVcIssuer({ fetch: guarded })({ ...question, iss: base })],
  [
    'jwks_uri',
    (base) => {
      const metadata = { issuer: issuer.id, jwks_uri: `${base}/jwks` }
      const fetch = outside({ [`${issuer.id}/.well-known/jwt-vc-issuer`]: metadata })
      return resolveJwtVcIssuer({ fetch })({ ...question, iss: issuer.id })
    },
  ],
  ['vct', (base) => resolveTypeMetadata({ fetch: guarded })(`${base}/vct`)],
  [
    'extends of a type',
    (base) => {
      const vct = 'https://types.example/a'
      return resolveTypeMetadata({ fetch: outside({ [vct]: { vct, extends: `${base}/vct` } }) })(vct)
    },
  ],
  [
    'the URI of a status list',
    (base) => {
      const check = createStatusChecker({
        fetch: guarded,
        resolveIssuerKey: () => Promise.reject(new Error('asked for a key')),
        isTrusted: () => Promise.reject(new Error('asked for trust')),
      })
      return check({ uri: `${base}/list`, index: 0 }, { issuer })
    },
  ],
]

describe.each(ways)('%s', (_what, ask) => {
  it.each(['https://127.0.0.1', 'https://localhost', 'https://[::ffff:127.0.0.1]', 'http://127.0.0.1'])(
    'that points to %s is refused, and nobody there is asked (SSRF, field)',
    async (host) => {
      connections = 0
      await expect(ask(`${host}:${port}`)).rejects.toMatchObject({
        code: expect.stringMatching(/^(core|did|sd-jwt-vc|status)\./),
      })
      expect(connections).toBe(0)
    },
  )
})

it('somebody is there: without the guard he is asked', async () => {
  connections = 0
  const unguarded = createGuardedFetch({ allowHosts: [`127.0.0.1:${port}`] })
  await expect(resolveTypeMetadata({ fetch: unguarded })(`http://127.0.0.1:${port}/vct`)).rejects.toThrow()
  expect(connections).toBeGreaterThan(0)
})
