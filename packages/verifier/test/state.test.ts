import { parseJws } from '@ekkasan/keys'
import { buildResponseForm, responseEncryption } from '@ekkasan/openid4vc'
import { describe, expect, it } from 'vitest'
import { type Asked, back, query, type World, world } from './world.ts'

// `state` ties an answer to its request and protects the response endpoint: OpenID4VP sections 5.3 and 14.3.2.

const plain = { query, responseMode: 'direct_post' } as const
const unbound = { credentials: [{ ...query.credentials[0], require_cryptographic_holder_binding: false }] }

async function ask({ verifier, request }: World, options: object = plain): Promise<[string, Asked]> {
  const { id, requestUri } = await verifier.start({ ...plain, ...options })
  return [id, await request(requestUri)]
}

describe('state [N1]', () => {
  it.each<[string, object]>([
    ['direct_post', {}],
    ['direct_post.jwt', { responseMode: 'direct_post.jwt' }],
    ['the same device', { redirectUri: 'https://verifier.example/back' }],
    ['a request_uri by POST', { requestUriMethod: 'post' }],
    ['no holder binding', { query: unbound }],
  ])('is in every request by link or QR, 256 bits and new each time: %s', async (_what, options) => {
    const on = await world()
    const [[, one], [, other]] = [await ask(on, options), await ask(on, options)]
    expect(one.state).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(other.state).not.toBe(one.state)
    expect([one.nonce, other.nonce]).not.toContain(one.state)
  })

  it('is the same in each fetch of one request', async () => {
    const { verifier, request } = await world()
    const { requestUri } = await verifier.start(plain)
    expect((await request(requestUri)).state).toBe((await request(requestUri)).state)
  })

  it.each(['dc_api', 'dc_api.jwt'] as const)(
    'is in no request of the DC API (A.2): %s',
    async (responseMode) => {
      const { verifier } = await world()
      const started = await verifier.startDcApi({ query, responseMode })
      for (const { protocol, data } of started.requests) {
        const request = typeof data.request === 'string' ? parseJws(data.request).payload : data
        expect(request, protocol).toHaveProperty('nonce')
        expect(request, protocol).not.toHaveProperty('state')
      }
    },
  )

  const wrong: [string, (asked: Asked, other: Asked) => { readonly state?: string }][] = [
    ['absent', () => ({})],
    ['empty', () => ({ state: '' })],
    ['that of another request', (_asked, other) => back(other)],
    ['in other letters', ({ state = '' }) => ({ state: state.toUpperCase() })],
    ['longer', ({ state = '' }) => ({ state: `${state}A` })],
    ['cut', ({ state = '' }) => ({ state: state.slice(0, -1) })],
  ]
  it.each(wrong)('that comes back %s is refused and changes nothing', async (_what, change) => {
    for (const bound of [true, false]) {
      const on = await world()
      const options = bound ? {} : { query: unbound }
      const [[id, asked], [, other]] = [await ask(on, options), await ask(on, options)]
      const vp_token = await on.present(asked)
      for (const answer of [{ vp_token }, { error: 'access_denied' }]) {
        const form = await buildResponseForm({ ...answer, ...change(asked, other) })
        const refused = await on.respond(asked, form)
        expect(refused.status).toBe(400)
        const { error, error_description } = await refused.json()
        expect(error).toBe('invalid_request')
        expect(error_description).toMatch(/^state is /)
        expect(error_description).not.toContain(asked.state)
      }
      expect(await on.verifier.result(id)).toEqual({ state: 'request-fetched' })
      expect((await on.answer(asked)).status).toBe(200)
      expect(await on.verifier.result(id)).toMatchObject({ state: 'verified' })
    }
  })

  it.each(wrong)('that comes back %s is refused when it was encrypted', async (_what, change) => {
    const on = await world()
    const encrypted = { responseMode: 'direct_post.jwt' }
    const [[id, asked], [, other]] = [await ask(on, encrypted), await ask(on, encrypted)]
    const vp_token = await on.present(asked)
    const encryption = responseEncryption(asked as never)
    const bad = await buildResponseForm({ vp_token, ...change(asked, other) }, encryption)
    expect((await on.respond(asked, bad)).status).toBe(400)
    const beside = await buildResponseForm({ vp_token, ...change(asked, other) }, encryption)
    beside.set('state', asked.state as string)
    expect((await on.respond(asked, beside)).status).toBe(400)
    expect(await on.verifier.result(id)).toEqual({ state: 'request-fetched' })
    const good = await buildResponseForm({ vp_token, ...back(asked) }, encryption)
    expect((await on.respond(asked, good)).status).toBe(200)
  })

  it('is left out by a named switch, for wallets that send none back; then none and an empty one are alike', async () => {
    for (const state of [undefined, '']) {
      const on = await world()
      const [id, asked] = await ask(on, { omitState: true })
      expect(asked).not.toHaveProperty('state')
      const vp_token = await on.present(asked)
      const other = await buildResponseForm({ vp_token, state: 'another' })
      expect((await on.respond(asked, other)).status).toBe(400)
      const form = await buildResponseForm({ vp_token, ...(state !== undefined && { state }) })
      expect((await on.respond(asked, form)).status).toBe(200)
      expect(await on.verifier.result(id)).toMatchObject({ state: 'verified' })
    }
  })

  it('cannot be left out where a credential without holder binding is asked for (5.3)', async () => {
    const { verifier } = await world()
    const mixed = {
      credentials: [{ ...query.credentials[0], id: 'bound' }, ...unbound.credentials],
      credential_sets: [{ options: [['bound'], ['slip']] }],
    }
    for (const asked of [unbound, mixed]) {
      const refused = verifier.start({ ...plain, query: asked, omitState: true })
      await expect(refused).rejects.toThrow(TypeError)
      await expect(verifier.start({ ...plain, query: asked, omitState: true })).rejects.toThrow(
        /omitState.*require_cryptographic_holder_binding: false/,
      )
    }
  })
})
