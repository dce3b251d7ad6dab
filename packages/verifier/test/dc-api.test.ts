import {
  createMemoryStore,
  type DcApiRequest,
  type DcApiVerifierProtocol,
  type JsonObject,
  type Presentation,
  ResolveError,
} from '@ekkasan/core'
import { base64url } from '@ekkasan/core/bytes'
import { generateJwk, parseJws, signerFromJwk } from '@ekkasan/keys'
import { buildDcApiResponse, responseEncryption } from '@ekkasan/openid4vc'
import type { ClientIdentity, StartDcApiOptions, StartedDcApi } from '@ekkasan/verifier'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { slipVerifier } from './slip.ts'
import { query, url, type World, world } from './world.ts'

const origin = 'https://verifier.example'
const unsigned = 'openid4vp-v1-unsigned'

function requestOf(started: StartedDcApi, protocol = unsigned): JsonObject {
  const { data } = started.requests.find((request) => request.protocol === protocol) as DcApiRequest
  return typeof data.request === 'string' ? parseJws(data.request).payload : data
}

async function presentation({ present }: World, { nonce }: JsonObject, at = origin) {
  return present({ client_id: `origin:${at}`, nonce: nonce as string, response_uri: '' })
}

/** What a wallet gives back for the unsigned request. */
async function answerTo(on: World, started: StartedDcApi, at = origin): Promise<JsonObject> {
  const request = requestOf(started)
  const vp_token = await presentation(on, request, at)
  return buildDcApiResponse({ vp_token }, responseEncryption(request as never))
}

async function otherIdentity(did: string): Promise<ClientIdentity> {
  const signer = await signerFromJwk(await generateJwk('ES256'), { kid: `${did}#key` })
  return { prefix: 'decentralized_identifier', did, signer }
}

function post(
  { verifier }: Pick<World, 'verifier'>,
  started: StartedDcApi,
  body: unknown,
  headers: Record<string, string> = { Origin: origin },
): Promise<Response> {
  return verifier.fetch(
    new Request(started.responseUri, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    }),
  )
}

const ask = async (options: Partial<StartDcApiOptions> = {}, on?: World) => {
  const asking = on ?? (await world())
  return { on: asking, started: await asking.verifier.startDcApi({ query, ...options }) }
}

describe('starting', () => {
  it('gives the requests for the browser, signed and unsigned, with one nonce (OpenID4VP Appendix A.2)', async () => {
    const { on, started } = await ask()
    const [signed, other] = started.requests
    expect([signed?.protocol, other?.protocol]).toEqual(['openid4vp-v1-signed', unsigned])
    const payload = requestOf(started, 'openid4vp-v1-signed')
    const data = requestOf(started)
    expect(payload).toMatchObject({
      client_id: on.verifier.clientId,
      response_type: 'vp_token',
      response_mode: 'dc_api.jwt',
      expected_origins: [origin],
      nonce: data.nonce,
    })
    expect(Object.keys(data).sort()).toEqual([
      'client_metadata',
      'dcql_query',
      'nonce',
      'response_mode',
      'response_type',
    ])
    expect(started.responseUri).toMatch(new RegExp(`^${url}/dc-api/[A-Za-z0-9_-]{32}$`))
    expect(started.responseUri).not.toContain(started.id)
  })

  it('signs with each of several client identifiers, each in its own header (A.3.2.2)', async () => {
    const on = await world({ otherIdentities: [await otherIdentity('did:example:one')] })
    const started = await on.verifier.startDcApi({ query, protocols: ['openid4vp-v1-multisigned'] })
    const { payload, signatures } = (started.requests[0] as DcApiRequest).data.request as {
      payload: string
      signatures: { protected: string; signature: string }[]
    }
    const read = signatures.map(({ protected: header, signature }) =>
      parseJws(`${header}.${payload}.${signature}`),
    )
    expect(read.map(({ header }) => header.client_id)).toEqual([
      on.verifier.clientId,
      'decentralized_identifier:did:example:one',
    ])
    expect(read[0]?.payload).not.toHaveProperty('client_id')
  })

  it.each<[string, Partial<StartDcApiOptions>]>([
    ['no protocol', { protocols: [] }],
    ['a protocol that was not given', { protocols: ['org-iso-mdoc'] }],
    ['a protocol that every object inherits', { protocols: ['constructor'] }],
    ['an origin with a path', { origins: ['https://verifier.example/'] }],
    ['an origin of http', { origins: ['http://verifier.example'] }],
    ['an origin that runs', { origins: ['javascript:alert(1)'] }],
    ['no query', { query: {} }],
  ])('%s is misuse', async (_what, options) => {
    await expect(ask(options)).rejects.toThrow(TypeError)
  })
})

describe('completing', () => {
  it.each(['dc_api', 'dc_api.jwt'] as const)(
    '%s: what a page posts is verified, once',
    async (responseMode) => {
      const { on, started } = await ask({ responseMode })
      const data = await answerTo(on, started)
      expect((await post(on, started, { protocol: unsigned, data })).status).toBe(200)
      expect(await on.verifier.result(started.id)).toMatchObject({
        state: 'verified',
        presentations: { slip: [{ claims: { given_name: 'สมชาย' } }] },
      })
      const again = await post(on, started, { protocol: unsigned, data })
      expect(again.status).toBe(400)
    },
  )

  it('the back office may bring it itself, and has the result at once', async () => {
    const { on, started } = await ask()
    const data = await answerTo(on, started)
    const result = await on.verifier.completeDcApi(started.id, { protocol: unsigned, data, origin })
    expect(result).toMatchObject({ state: 'verified' })
    expect(await on.verifier.result(started.id)).toEqual(result)
  })

  it('of many answers at once, at two replicas, exactly one is taken', async () => {
    const store = createMemoryStore()
    const one = await world({ store })
    const two = await world({ store, formats: one.formats })
    const { started } = await ask({}, one)
    const answers = await Promise.all(Array.from({ length: 8 }, () => answerTo(one, started)))
    const statuses = await Promise.all(
      answers.map(async (data, index) => {
        const replica = index % 2 === 0 ? one : two
        return (await post(replica, started, { protocol: unsigned, data })).status
      }),
    )
    expect(statuses.filter((status) => status === 200)).toHaveLength(1)
  })

  it('says that a presentation was not accepted, with its report', async () => {
    const { on, started } = await ask({ responseMode: 'dc_api' })
    const vp_token = await presentation(on, requestOf(started), 'https://other.example')
    expect((await post(on, started, { protocol: unsigned, data: { vp_token } })).status).toBe(400)
    const result = await on.verifier.result(started.id)
    const checks = 'report' in result ? result.report.flatMap((one) => one.checks) : []
    expect(checks.filter(({ outcome }) => outcome === 'failed').map(({ name }) => name)).toEqual([
      'holder-audience',
    ])
  })

  it('an answer bound to the client identifier and not to the origin is refused (A.4)', async () => {
    const { on, started } = await ask({ responseMode: 'dc_api', protocols: ['openid4vp-v1-signed'] })
    const { nonce } = requestOf(started, 'openid4vp-v1-signed')
    const vp_token = await on.present({
      client_id: on.verifier.clientId,
      nonce: nonce as string,
      response_uri: '',
    })
    const response = await post(on, started, { protocol: 'openid4vp-v1-signed', data: { vp_token } })
    expect(response.status).toBe(400)
    expect(await on.verifier.result(started.id)).toMatchObject({ state: 'rejected' })
  })

  type Bad = (on: World, started: StartedDcApi) => Promise<[unknown, Record<string, string>?]>
  const good = async (on: World, started: StartedDcApi) => ({
    protocol: unsigned,
    data: await answerTo(on, started),
  })
  it.each<[string, Bad]>([
    ['of a page of another origin', async (...at) => [await good(...at), { Origin: 'https://evil.example' }]],
    ['of a page whose origin is not said', async (...at) => [await good(...at), {}]],
    ['of an opaque origin', async (...at) => [await good(...at), { Origin: 'null' }]],
    [
      'that is not encrypted where that was asked',
      async (on, started) => {
        const vp_token = await presentation(on, requestOf(started))
        return [{ protocol: unsigned, data: { vp_token } }]
      },
    ],
    [
      'encrypted to another key',
      async (on) => [{ protocol: unsigned, data: await answerTo(on, (await ask()).started) }],
    ],
    ['by a protocol that was not offered', async (...at) => [{ ...(await good(...at)), protocol: 'x' }]],
    ['without data', async () => [{ protocol: unsigned }]],
    ['with a text as data', async () => [{ protocol: unsigned, data: 'x' }]],
    ['with a list as data', async () => [{ protocol: unsigned, data: [] }]],
    ['with an object as response', async () => [{ protocol: unsigned, data: { response: {} } }]],
    ['with neither', async () => [{ protocol: unsigned, data: {} }]],
    ['with an error that is none', async () => [{ protocol: unsigned, data: { error: { a: 1 } } }]],
    ['that is not JSON', async () => ['{']],
    ['with a member twice', async () => ['{"protocol":"x","protocol":"x","data":{}}']],
    ['nested too deeply', async () => [`{"protocol":"x","data":${'{"a":'.repeat(40)}1${'}'.repeat(40)}}`]],
    [
      'that is a form',
      async () => ['a=b', { Origin: origin, 'Content-Type': 'application/x-www-form-urlencoded' }],
    ],
  ])('an answer %s changes nothing', async (_what, bad) => {
    const { on, started } = await ask()
    const [body, headers] = await bad(on, started)
    expect((await post(on, started, body, headers)).status).toBe(400)
    expect(await on.verifier.result(started.id)).toEqual({ state: 'requested' })
    expect((await post(on, started, await good(on, started))).status).toBe(200)
  })

  it('an encrypted answer is refused where none was asked for', async () => {
    const { on, started } = await ask({ responseMode: 'dc_api' })
    const other = await ask({}, on)
    const data = await answerTo(on, other.started)
    expect((await post(on, started, { protocol: unsigned, data })).status).toBe(400)
  })

  it('is no answer to a session of another kind, and the other way about', async () => {
    const { on, started } = await ask()
    const requestId = started.responseUri.split('/').at(-1)
    expect((await on.verifier.fetch(new Request(`${url}/request/${requestId}`))).status).toBe(404)
    const form = new URLSearchParams({ vp_token: '{}' })
    const posted = await on.verifier.fetch(
      new Request(`${url}/response/${requestId}`, { method: 'POST', body: form }),
    )
    expect(posted.status).toBe(400)
    const redirected = await on.verifier.start({ query })
    await expect(
      on.verifier.completeDcApi(redirected.id, { protocol: unsigned, data: {}, origin }),
    ).rejects.toMatchObject({ code: 'openid4vc.response.invalid_request' })
  })

  it('is over when its time is', async () => {
    const { on, started } = await ask()
    const data = await answerTo(on, started)
    on.pass(301)
    expect((await post(on, started, { protocol: unsigned, data })).status).toBe(400)
    expect(await on.verifier.result(started.id)).toEqual({ state: 'expired' })
  })

  it('takes an error from the wallet, and no more of it than its code (A.4)', async () => {
    const { on, started } = await ask()
    const data = { error: 'access_denied', error_description: 'x', state: 'y' }
    expect((await post(on, started, { protocol: unsigned, data })).status).toBe(200)
    expect(await on.verifier.result(started.id)).toMatchObject({ state: 'refused', error: 'access_denied' })
  })

  it('whatever JSON comes is answered with 200, 400 or 503', async () => {
    const { on } = await ask()
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        const { started } = await ask({ responseMode: 'dc_api' }, on)
        const { status } = await post(on, started, { protocol: unsigned, data: { vp_token: value } })
        return status === 400
      }),
      { numRuns: 50 },
    )
  })

  it('has its own methods, and lets pages of other origins see why they are refused', async () => {
    const { on, started } = await ask()
    const preflight = await on.verifier.fetch(new Request(started.responseUri, { method: 'OPTIONS' }))
    expect(preflight.status).toBe(204)
    expect((await on.verifier.fetch(new Request(started.responseUri))).status).toBe(405)
  })
})

describe('a protocol beside OpenID4VP', () => {
  const other = (open: DcApiVerifierProtocol['open']): DcApiVerifierProtocol => ({
    protocol: 'other',
    ask: async (asked) =>
      (asked as typeof query).credentials.length === 1
        ? { request: { question: 'slip' }, secret: { key: 'k' } }
        : undefined,
    open,
  })
  const sessionTranscript = new Uint8Array([1])

  it('is handed what it asked and kept, and its answer is verified as every other', async () => {
    let opened: unknown
    const on = await world({
      dcApiProtocols: [
        other(async (response, session) => {
          opened = { response, session }
          return { vpToken: { slip: [response.slip as Presentation] }, sessionTranscript }
        }),
      ],
    })
    const { started } = await ask({}, on)
    expect(started.requests.at(-1)).toEqual({ protocol: 'other', data: { question: 'slip' } })
    const { slip } = await presentation(on, requestOf(started))
    const [text] = slip as [string]
    const data = { slip: text }
    expect((await post(on, started, { protocol: 'other', data })).status).toBe(200)
    expect(opened).toEqual({
      response: data,
      session: { request: { question: 'slip' }, secret: { key: 'k' }, origin, query },
    })
    expect(await on.verifier.result(started.id)).toMatchObject({ state: 'verified' })
  })

  it('what it cannot open changes nothing', async () => {
    const on = await world({
      dcApiProtocols: [
        other(async () => {
          throw new ResolveError('core.resolve.invalid', 'not an answer')
        }),
      ],
    })
    const { started } = await ask({}, on)
    expect((await post(on, started, { protocol: 'other', data: {} })).status).toBe(400)
    expect(await on.verifier.result(started.id)).toEqual({ state: 'requested' })
  })

  it('is left out where it cannot say the query or has no place for transaction data, and then is misuse', async () => {
    const on = await world({ dcApiProtocols: [other(async () => ({ vpToken: {}, sessionTranscript }))] })
    const two = { credentials: [query.credentials[0], { ...query.credentials[0], id: 'b' }] }
    const transactionData = [{ type: 'pay', credential_ids: ['slip'] }]
    for (const options of [{ query: two as never }, { query, transactionData }]) {
      const { requests } = await on.verifier.startDcApi(options)
      expect(requests.map(({ protocol }) => protocol)).not.toContain('other')
      await expect(on.verifier.startDcApi({ ...options, protocols: ['other'] })).rejects.toThrow(TypeError)
    }
  })
})

describe('trusted authorities', () => {
  const asking = (values: string[]) => ({
    credentials: [{ ...query.credentials[0], trusted_authorities: [{ type: 'aki', values }] }],
  })
  const checked = async (isIssuedUnder: () => boolean | Promise<boolean>) => {
    const on = await world({ trustedAuthorities: { aki: isIssuedUnder } })
    const started = await on.verifier.start({ query: asking(['AA']) as never, responseMode: 'direct_post' })
    const { status } = await on.answer(await on.request(started.requestUri))
    const result = await on.verifier.result(started.id)
    const report = 'report' in result ? result.report : []
    const isBad = ({ outcome }: { outcome: string }) => outcome === 'failed' || outcome === 'unknown'
    return { status, state: result.state, bad: report.flatMap(({ checks }) => checks.filter(isBad)) }
  }

  it('are asked again of what came', async () => {
    expect(await checked(() => true)).toMatchObject({ status: 200, state: 'verified' })
    expect(await checked(() => false)).toEqual({
      status: 400,
      state: 'rejected',
      bad: [{ name: 'query', outcome: 'failed', code: 'openid4vc.query.authority' }],
    })
  })

  it('that could not be found out are unknown, never another', async () => {
    const unavailable = async () => {
      throw new ResolveError('core.resolve.unavailable', 'the list did not answer')
    }
    expect(await checked(unavailable)).toEqual({
      status: 503,
      state: 'unavailable',
      bad: [{ name: 'query', outcome: 'unknown', code: 'core.resolve.unavailable' }],
    })
  })
})

describe('transaction data', () => {
  it('is given as objects or as they stand in the request, and covered with the DC API too', async () => {
    const on = await world()
    const entry = { type: 'pay', credential_ids: ['slip'], amount: 1 }
    const encoded = base64url(JSON.stringify(entry))
    for (const transactionData of [[entry], [encoded]]) {
      const started = await on.verifier.startDcApi({ query, transactionData, responseMode: 'dc_api' })
      const request = requestOf(started)
      expect(request.transaction_data).toEqual([encoded])
      const bare = await presentation(on, request)
      await post(on, started, { protocol: unsigned, data: { vp_token: bare } })
      expect(await on.verifier.result(started.id)).toMatchObject({ state: 'rejected' })
    }
  })

  it('a format that cannot cover it is not asked with it', async () => {
    const { coversTransactionData: _yes, ...cannot } = slipVerifier((await world()).holder.key.publicJwk)
    const on = await world({ formats: [cannot] })
    const transactionData = [{ type: 'pay', credential_ids: ['slip'] }]
    await expect(on.verifier.start({ query, transactionData })).rejects.toThrow(TypeError)
  })
})

it('a further identity that does not fit its signer is misuse', async () => {
  const other = { ...(await otherIdentity('did:example:one')), did: 'did:example:two' }
  await expect(world({ otherIdentities: [other] })).rejects.toThrow(TypeError)
})
