import {
  createMemoryStore,
  credentialConfiguration,
  type DocumentType,
  type JsonObject,
  type Signer,
  trustAnyone,
} from '@ekkasan/core'
import { type CreateIssuerOptions, createIssuer } from '@ekkasan/issuer'
import { generateJwk, jwkThumbprint, parseJws, signerFromJwk } from '@ekkasan/keys'
import { preAuthorizedCodeGrant } from '@ekkasan/openid4vc'
import {
  type CreateWalletOptions,
  createMemoryHolderKeys,
  createWallet,
  type ReceiveOptions,
  requireReceived,
} from '@ekkasan/wallet'
import { beforeAll, describe, expect, it } from 'vitest'
import { paper, paperDocument, paperHolder } from '../../packages/issuer/test/paper.ts'

// A wallet and our issuer in one process; what goes between them is changed on its way.

const url = 'https://issuer.example/tenant'
const paperId = 'Paper-paper+jwt'
const otherId = 'Other-paper+jwt'
const otherDocument: DocumentType = { ...paperDocument, id: 'Other', names: { th: 'อื่น', en: 'Other' } }

let signer: Signer
beforeAll(async () => {
  signer = await signerFromJwk(await generateJwk('ES256'))
})

interface Sent {
  readonly path: string
  readonly body: string
}

type Change = (path: string, answer: Response) => Response | Promise<Response>

async function world(
  change: Change = (_path, answer) => answer,
  more: { wallet?: Partial<CreateWalletOptions>; issuer?: Partial<CreateIssuerOptions> } = {},
) {
  const credentials = [paperDocument, otherDocument].map((document) =>
    credentialConfiguration(document, paper({ signer })),
  )
  const issuer = createIssuer({
    url,
    names: { en: 'Department' },
    credentials,
    store: createMemoryStore(),
    getClaims: async (subject) => ({ claims: { name: subject } }),
    ...more.issuer,
  })
  const sent: Sent[] = []
  const destroyed: string[] = []
  const keys = createMemoryHolderKeys()
  const wallet = createWallet({
    formats: [paperHolder(signer)],
    keys: {
      ...keys,
      async delete(thumbprint) {
        destroyed.push(thumbprint)
        await keys.delete(thumbprint)
      },
    },
    store: createMemoryStore(),
    isTrusted: trustAnyone('a test'),
    ...more.wallet,
    async fetch(input, init) {
      const request = new Request(String(input), init)
      const path = new URL(request.url).pathname.replace('/tenant', '')
      sent.push({ path, body: await request.clone().text() })
      return change(path, await issuer.fetch(request))
    },
  })
  const offer = async (credentials: readonly string[] = [paperId], txCode = false) =>
    issuer.createOffer({ credentials, subject: 'สมชาย', txCode })
  const take = async (credentials?: readonly string[], options?: ReceiveOptions) =>
    wallet.receive(await wallet.readOffer((await offer(credentials)).uri), options)
  const asked = (path: string) => sent.filter((one) => one.path === path)
  return { issuer, wallet, keys, sent, asked, destroyed, offer, take }
}

/** Changes the JSON that is answered under a path; a function decides by itself. */
function changing(name: string, alter: (json: JsonObject) => object): Change {
  return async (path, answer) =>
    path.includes(name) ? Response.json(alter(await answer.json()), { status: answer.status }) : answer
}

const issuerMetadata = (more: object) =>
  changing('openid-credential-issuer', (json) => ({ ...json, ...more }))
const serverMetadata = (more: object) =>
  changing('oauth-authorization-server', (json) => ({ ...json, ...more }))
const everyConfiguration = (more: object) =>
  changing('openid-credential-issuer', (json) => ({
    ...json,
    credential_configurations_supported: Object.fromEntries(
      Object.entries(json.credential_configurations_supported as Record<string, JsonObject>).map(
        ([id, configuration]) => [id, { ...configuration, ...more }],
      ),
    ),
  }))

describe('what this wallet cannot fulfil is found before the code is spent [M1]', () => {
  const jwt = { proof_signing_alg_values_supported: ['ES256'] }
  const cases: [string, Change, RegExp][] = [
    [
      'key attestations required',
      everyConfiguration({ proof_types_supported: { jwt: { ...jwt, key_attestations_required: {} } } }),
      /key_attestations_required/,
    ],
    [
      'key attestations of a kind required',
      everyConfiguration({
        proof_types_supported: {
          jwt: { ...jwt, key_attestations_required: { key_storage: ['iso_18045_high'] } },
        },
      }),
      /key_attestations_required/,
    ],
    [
      'another proof type alone',
      everyConfiguration({ proof_types_supported: { attestation: jwt } }),
      /proof_types_supported has no jwt/,
    ],
    [
      'no proof type',
      everyConfiguration({ proof_types_supported: undefined }),
      /proof_types_supported has no jwt/,
    ],
    [
      'no algorithm in common',
      everyConfiguration({
        proof_types_supported: { jwt: { proof_signing_alg_values_supported: ['ES512'] } },
      }),
      /proof_signing_alg_values_supported/,
    ],
    [
      'no key binding in common',
      everyConfiguration({ cryptographic_binding_methods_supported: ['did:example'] }),
      /cryptographic_binding_methods_supported/,
    ],
    ['a format that it does not have', everyConfiguration({ format: 'acdc' }), /no format acdc/],
    [
      'encrypted responses',
      issuerMetadata({
        credential_response_encryption: {
          alg_values_supported: ['ECDH-ES'],
          enc_values_supported: ['A128GCM'],
          encryption_required: true,
        },
      }),
      /credential_response_encryption\.encryption_required/,
    ],
    [
      'encrypted requests',
      issuerMetadata({
        credential_request_encryption: {
          jwks: { keys: [] },
          enc_values_supported: ['A128GCM'],
          encryption_required: true,
        },
      }),
      /credential_request_encryption\.encryption_required/,
    ],
    [
      'encryption that it cannot read',
      issuerMetadata({ credential_response_encryption: { encryption_required: 'yes' } }),
      /credential_response_encryption/,
    ],
    [
      'a configuration that it cannot read',
      everyConfiguration({ proof_types_supported: { jwt: { ...jwt, key_attestations_required: true } } }),
      /key_attestations_required/,
    ],
    [
      'client authentication by attestation',
      serverMetadata({ token_endpoint_auth_methods_supported: ['attest_jwt_client_auth'] }),
      /token_endpoint_auth_methods_supported has attest_jwt_client_auth/,
    ],
    [
      'another client authentication',
      serverMetadata({
        token_endpoint_auth_methods_supported: ['private_key_jwt'],
        'pre-authorized_grant_anonymous_access_supported': undefined,
      }),
      /token_endpoint_auth_methods_supported has private_key_jwt/,
    ],
    [
      'no grant of ours',
      serverMetadata({ grant_types_supported: ['authorization_code'] }),
      /grant_types_supported lacks/,
    ],
    ['no grant at all', serverMetadata({ grant_types_supported: [] }), /grant_types_supported lacks/],
    [
      'a client that names itself [N5]',
      serverMetadata({ 'pre-authorized_grant_anonymous_access_supported': false }),
      /pre-authorized_grant_anonymous_access_supported is false, and this wallet has no clientId/,
    ],
  ]
  it.each(cases)('%s', async (_what, change, named) => {
    const { issuer, wallet, asked, offer } = await world(change)
    const made = await offer()
    const attempt = async () => wallet.receive(await wallet.readOffer(made.uri))
    await expect(attempt()).rejects.toMatchObject({
      code: 'wallet.offer.unsupported',
      message: expect.stringMatching(named),
    })
    expect(asked('/token')).toEqual([])
    expect((await issuer.offer(made.id))?.state).toEqual({ state: 'offered' })
    expect(await wallet.credentials()).toEqual([])
  })

  it.each<[string, Change]>([
    [
      'key attestations for another proof type than ours',
      everyConfiguration({
        proof_types_supported: { jwt, attestation: { ...jwt, key_attestations_required: {} } },
      }),
    ],
    [
      'a proof type unknown here beside ours',
      everyConfiguration({ proof_types_supported: { future: jwt, jwt } }),
    ],
    [
      'encryption that is offered only',
      issuerMetadata({
        credential_response_encryption: { alg_values_supported: [], encryption_required: false },
        credential_request_encryption: { encryption_required: false },
      }),
    ],
    ['no word of grants', serverMetadata({ grant_types_supported: undefined })],
    ['an explicit null for grants [F4]', serverMetadata({ grant_types_supported: null })],
    ['no word of authentication', serverMetadata({ token_endpoint_auth_methods_supported: undefined })],
    [
      'an explicit null for authentication [F4]',
      serverMetadata({ token_endpoint_auth_methods_supported: null }),
    ],
    [
      'none beside others',
      serverMetadata({ token_endpoint_auth_methods_supported: ['attest_jwt_client_auth', 'none'] }),
    ],
    [
      'other clients’ methods, and anonymous wallets by name',
      serverMetadata({
        token_endpoint_auth_methods_supported: ['private_key_jwt'],
        'pre-authorized_grant_anonymous_access_supported': true,
      }),
    ],
    [
      'no word of anonymous wallets [N5]',
      serverMetadata({ 'pre-authorized_grant_anonymous_access_supported': undefined }),
    ],
  ])('is tried: %s', async (_what, change) => {
    const { take } = await world(change)
    expect(requireReceived(await take())).toHaveLength(1)
  })

  it('of several authorization servers the first that will do is asked (VCI 12.2.4)', async () => {
    const first = 'https://first.example/first'
    const { take, sent } = await world(async (path, answer) => {
      if (path.includes('openid-credential-issuer')) {
        return Response.json({ ...(await answer.json()), authorization_servers: [first, url] })
      }
      if (path !== '/.well-known/oauth-authorization-server/first') return answer
      return Response.json({
        issuer: first,
        token_endpoint: `${first}/token`,
        grant_types_supported: ['authorization_code'],
      })
    })
    const outcomes = await take().catch((error) => error)
    expect(sent.map(({ path }) => path)).toContain('/token')
    expect(requireReceived(outcomes)).toHaveLength(1)
  })
})

describe('each configuration has its own outcome [M2]', () => {
  const both = [paperId, otherId]
  /** Of the credential requests, which are refused. */
  const refusing = (
    numbers: readonly number[],
    answer = () => Response.json({ error: 'credential_request_denied' }, { status: 400 }),
  ): Change => {
    let count = 0
    return (path, given) => (path === '/credential' && numbers.includes(++count) ? answer() : given)
  }

  it.each<[string, number[], string[]]>([
    ['the second', [2], ['received', 'failed']],
    ['the first', [1], ['failed', 'received']],
    ['both', [1, 2], ['failed', 'failed']],
    ['none', [], ['received', 'received']],
  ])('%s refused', async (_what, numbers, expected) => {
    const { wallet, take } = await world(refusing(numbers))
    const outcomes = await take(both)
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(expected)
    expect(outcomes.map(({ configurationId }) => configurationId)).toEqual(both)
    for (const one of outcomes) {
      if (one.outcome === 'failed') {
        expect(one.error).toMatchObject({
          code: 'wallet.receive.refused',
          issuerError: 'credential_request_denied',
          status: 400,
        })
      }
    }
    // What is in the store is what the caller was told.
    const told = outcomes.flatMap((one) => (one.outcome === 'received' ? one.credentials : []))
    expect(await wallet.credentials()).toEqual(told)
    if (numbers.length > 0) expect(() => requireReceived(outcomes)).toThrow('credential_request_denied')
    else expect(requireReceived(outcomes)).toEqual(told)
  })

  it.each<[string, () => Response, string]>([
    [
      'a lost connection',
      () => {
        throw new TypeError('lost')
      },
      'wallet.fetch.unavailable',
    ],
    ['an answer that is none', () => new Response('<html>'), 'openid4vc.credential-response.malformed'],
    ['later', () => Response.json({ transaction_id: 'x', interval: 5 }), 'wallet.receive.deferred'],
  ])('a fault at one does not cost the next: %s', async (_what, answer, code) => {
    const { take, destroyed } = await world(refusing([1], answer))
    const [first, second] = await take(both)
    expect(first).toMatchObject({ outcome: 'failed', configurationId: paperId, error: { code } })
    expect(second).toMatchObject({ outcome: 'received', configurationId: otherId })
    expect(destroyed).toHaveLength(1)
  })

  it('a credential that is not acceptable is one of them, and the issuer hears of each', async () => {
    let count = 0
    const holder = paperHolder(signer)
    const { take, asked } = await world(undefined, {
      wallet: {
        formats: [
          {
            ...holder,
            accept: async (...all) => {
              if (++count === 2) throw new TypeError('not acceptable')
              return holder.accept(...all)
            },
          },
        ],
      },
    })
    expect(await take(both)).toMatchObject([
      { outcome: 'received', configurationId: paperId, credentials: [{ format: 'paper+jwt' }] },
      { outcome: 'failed', configurationId: otherId, error: { message: 'not acceptable' } },
    ])
    expect(asked('/notification').map(({ body }) => JSON.parse(body).event)).toEqual([
      'credential_accepted',
      'credential_failure',
    ])
  })

  it('before a credential was asked for there is no outcome: it throws', async () => {
    const { wallet, offer } = await world()
    const read = await wallet.readOffer((await offer(both, true)).uri)
    await expect(wallet.receive(read)).rejects.toMatchObject({ code: 'wallet.receive.tx-code-missing' })
  })
})

describe('a token error keeps its status, and what can be shown of it [M3]', () => {
  const answering =
    (answer: Response): Change =>
    (path, given) =>
      path === '/token' ? answer.clone() : given
  const json = (body: unknown, status: number) =>
    new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } })

  it.each<[string, Response, number, string]>([
    ['no error', json({}, 400), 400, '400'],
    ['an error that is a number', json({ error: 17 }, 401), 401, '401'],
    ['an error that is an object', json({ error: { code: 'invalid_grant' } }, 400), 400, '400'],
    ['an error that is null', json({ error: null, message: 'no' }, 401), 401, '401'],
    ['a list', json(['invalid_grant'], 400), 400, '400'],
    ['a page', new Response('<html>', { status: 400 }), 400, '400'],
    ['nothing', new Response(null, { status: 401 }), 401, '401'],
    ['a failure', json({ error: 'server_error' }, 500), 500, 'server_error'],
    ['too many', new Response('slow down', { status: 429 }), 429, '429'],
    ['forbidden', json({ error: 'access_denied' }, 403), 403, 'access_denied'],
    [
      'a code of OAuth',
      json({ error: 'invalid_request', error_description: 'x' }, 400),
      400,
      'invalid_request',
    ],
    [
      'a code beside a challenge',
      new Response('{"error":"invalid_client"}', {
        status: 401,
        headers: { 'Content-Type': 'application/json', 'WWW-Authenticate': 'Basic' },
      }),
      401,
      'invalid_client',
    ],
  ])('%s', async (_what, answer, status, issuerError) => {
    const { take, asked } = await world(answering(answer))
    await expect(take()).rejects.toMatchObject({
      code: 'wallet.receive.refused',
      status,
      issuerError,
      message: expect.stringContaining(issuerError),
    })
    expect(asked('/token')).toHaveLength(1)
  })

  it('invalid_grant is told apart, with its status', async () => {
    const { take } = await world(answering(json({ error: 'invalid_grant' }, 400)))
    await expect(take()).rejects.toMatchObject({
      code: 'wallet.receive.grant-refused',
      status: 400,
      issuerError: 'invalid_grant',
    })
  })
})

describe('the wallet’s name [N5]', () => {
  const nameless = serverMetadata({ 'pre-authorized_grant_anonymous_access_supported': undefined })
  const named = { wallet: { clientId: 'wallet.example' } }
  const proofOf = (body: string) => parseJws(JSON.parse(body).proofs.jwt[0]).payload

  it('is client_id of the token request and iss of the proof (F.1)', async () => {
    const { take, asked } = await world(undefined, named)
    requireReceived(await take())
    expect(new URLSearchParams(asked('/token')[0]?.body).get('client_id')).toBe('wallet.example')
    expect(proofOf(asked('/credential')[0]?.body ?? '').iss).toBe('wallet.example')
  })

  it('is in neither where the wallet has none', async () => {
    const { take, asked } = await world()
    requireReceived(await take())
    expect(new URLSearchParams(asked('/token')[0]?.body).has('client_id')).toBe(false)
    expect(proofOf(asked('/credential')[0]?.body ?? '')).not.toHaveProperty('iss')
  })

  it.each<[string, Change]>([
    ['false', serverMetadata({ 'pre-authorized_grant_anonymous_access_supported': false })],
    ['not announced', nameless],
  ])('lets it be served where anonymous access is %s', async (_what, change) => {
    const { take } = await world(change, named)
    expect(requireReceived(await take())).toHaveLength(1)
  })

  it.each(['invalid_client', 'unauthorized_client', 'invalid_request'])(
    'missing is named when a server that did not announce anonymous access refuses with %s',
    async (error) => {
      const refused: Change = async (path, answer) =>
        path === '/token' ? Response.json({ error }, { status: 401 }) : nameless(path, answer)
      const { take } = await world(refused)
      await expect(take()).rejects.toMatchObject({
        code: 'wallet.receive.refused',
        issuerError: error,
        message: expect.stringMatching(/pre-authorized_grant_anonymous_access_supported.*no clientId/),
      })
      const other = await world(refused, named)
      await expect(other.take()).rejects.toMatchObject({ message: expect.not.stringContaining('clientId') })
    },
  )

  it('is no empty text', async () => {
    await expect(world(undefined, { wallet: { clientId: '' } })).rejects.toThrow(TypeError)
  })
})

describe('a nonce that is refused [F9]', () => {
  /** Answers the first `times` credential requests so. */
  const refusing = (times: number, status = 400, error = 'invalid_nonce'): Change => {
    let count = 0
    return (path, answer) =>
      path === '/credential' && ++count <= times ? Response.json({ error }, { status }) : answer
  }
  const proofsOf = (body: string): string[] => JSON.parse(body).proofs.jwt
  const keysOf = (body: string) =>
    proofsOf(body).map((proof) => jwkThumbprint(parseJws(proof).header.jwk as never))
  const noncesOf = (body: string) => proofsOf(body).map((proof) => parseJws(proof).payload.nonce)
  const keyOf = (body: string) => keysOf(body)[0] as string
  const nonceOf = (body: string) => noncesOf(body)[0]
  /** The issuer itself refuses the nonce that it did not give. */
  const firstNonceWrong = (): Change => {
    let count = 0
    return (path, answer) =>
      path === '/nonce' && ++count === 1 ? Response.json({ c_nonce: 'x'.repeat(51) }) : answer
  }

  it('once: a fresh one and one more try, with the same key and a proof made anew', async () => {
    const { take, asked, destroyed, keys, wallet } = await world(firstNonceWrong())
    expect(requireReceived(await take())).toHaveLength(1)
    const requests = asked('/credential').map(({ body }) => body)
    expect(requests).toHaveLength(2)
    expect(new Set(requests.map(keyOf)).size).toBe(1)
    expect(new Set(requests.map(nonceOf)).size).toBe(2)
    expect(destroyed).toEqual([])
    expect(await keys.find(keyOf(requests[0] ?? ''))).toBeDefined()
    expect(await wallet.credentials()).toHaveLength(1)
  })

  it('once, for a batch: all its proofs are made anew, with the same keys and the fresh nonce', async () => {
    const { take, asked, destroyed, keys, wallet } = await world(firstNonceWrong())
    expect(requireReceived(await take([paperId], { batchSize: 3 }))).toHaveLength(3)
    const requests = asked('/credential').map(({ body }) => body)
    expect(requests).toHaveLength(2)
    const [refused = '', taken = ''] = requests
    expect(keysOf(taken)).toEqual(keysOf(refused))
    expect(new Set(keysOf(taken)).size).toBe(3)
    // One nonce in every proof of a request, and another one in every proof of the next.
    expect(requests.map((body) => new Set(noncesOf(body)).size)).toEqual([1, 1])
    expect(nonceOf(taken)).not.toBe(nonceOf(refused))
    expect(proofsOf(taken).filter((proof) => proofsOf(refused).includes(proof))).toEqual([])
    expect(destroyed).toEqual([])
    for (const key of keysOf(taken)) expect(await keys.find(key)).toBeDefined()
    const held = await wallet.credentials()
    expect(held.map(({ view }) => view.holderBound)).toEqual([true, true, true])
    for (const { id } of held) await wallet.remove(id)
    expect(new Set(destroyed)).toEqual(new Set(keysOf(taken)))
  })

  it('twice, for a batch: every key of it is destroyed', async () => {
    const { take, asked, destroyed } = await world(refusing(9))
    expect(await take([paperId], { batchSize: 3 })).toMatchObject([
      { outcome: 'failed', error: { issuerError: 'invalid_nonce' } },
    ])
    expect(new Set(destroyed)).toEqual(new Set(keysOf(asked('/credential')[0]?.body ?? '')))
  })

  it('from an issuer without nonce endpoint is not tried again: there is no fresh one', async () => {
    const refuse = refusing(1)
    const { take, asked } = await world(async (path, answer) =>
      refuse(path, await issuerMetadata({ nonce_endpoint: undefined })(path, answer)),
    )
    expect(await take()).toMatchObject([{ outcome: 'failed', error: { issuerError: 'invalid_nonce' } }])
    expect(asked('/credential')).toHaveLength(1)
  })

  it('twice: it is not asked a third time', async () => {
    const { take, asked, destroyed } = await world(refusing(9))
    expect(await take()).toMatchObject([
      {
        outcome: 'failed',
        error: { code: 'wallet.receive.refused', issuerError: 'invalid_nonce', status: 400 },
      },
    ])
    expect(asked('/credential')).toHaveLength(2)
    expect(asked('/nonce')).toHaveLength(2)
    expect(destroyed).toHaveLength(1)
  })

  it.each(['invalid_proof', 'credential_request_denied', 'invalid_credential_request'])(
    'another error is not tried again: %s',
    async (error) => {
      const { take, asked } = await world(refusing(1, 400, error))
      expect(await take()).toMatchObject([{ outcome: 'failed', error: { issuerError: error } }])
      expect(asked('/credential')).toHaveLength(1)
    },
  )
})

describe('a batch of credentials (OpenID4VCI 1.0 section 8.3)', () => {
  const credentialsOf = (alter: (credentials: JsonObject[]) => JsonObject[]) =>
    changing('/credential', (json) =>
      'credentials' in json ? { ...json, credentials: alter(json.credentials as JsonObject[]) } : json,
    )
  const three = { batchSize: 3 }
  const sizeOf = ({ body }: Sent) => JSON.parse(body).proofs.jwt.length

  it.each<[string, Partial<CreateIssuerOptions>, number]>([
    ['what is wanted, where the issuer gives more', { batchSize: 5 }, 3],
    ['what the issuer gives at most', { batchSize: 2 }, 2],
    ['one, where the issuer announces no batches', { batchSize: 1 }, 1],
  ])('asks for %s', async (_what, issuer, size) => {
    const { take, asked } = await world(undefined, { issuer })
    expect(requireReceived(await take([paperId], three))).toHaveLength(size)
    expect(asked('/credential').map(sizeOf)).toEqual([size])
  })

  it('may come in any order', async () => {
    const { take } = await world(credentialsOf((credentials) => credentials.toReversed()))
    expect(requireReceived(await take([paperId], three))).toHaveLength(3)
  })

  it('may come with fewer than asked for: the keys without a credential are destroyed', async () => {
    const { take, asked, destroyed } = await world(credentialsOf(([, second]) => [second ?? {}]))
    expect(requireReceived(await take([paperId], three))).toHaveLength(1)
    expect(sizeOf(asked('/credential')[0] as Sent)).toBe(3)
    expect(destroyed).toHaveLength(2)
  })

  it('is refused whole when two of it are for one key', async () => {
    const { take, destroyed, wallet } = await world(
      credentialsOf(([first = {}, ...others]) => [first, first, ...others.slice(1)]),
    )
    expect(await take([paperId], three)).toMatchObject([
      { outcome: 'failed', error: { message: 'not what was asked for' } },
    ])
    expect(destroyed).toHaveLength(3)
    expect(await wallet.credentials()).toEqual([])
  })

  it.each([0, -1, 1.5, Number.NaN])('of %d is a mistake of the program', async (batchSize) => {
    const { take, asked } = await world()
    await expect(take([paperId], { batchSize })).rejects.toThrow(TypeError)
    expect(asked('/token')).toEqual([])
  })
})

describe('a transaction code is sent as it has to be [F6]', () => {
  it.each<[string, object, string, string]>([
    ['a text as typed', { input_mode: 'text', length: 8 }, 'AB-12-cd', 'AB-12-cd'],
    ['a text with spaces and Thai digits', { input_mode: 'text' }, ' ก ๑-2 ', ' ก ๑-2 '],
    ['digits without their groups', { input_mode: 'numeric', length: 6 }, '123 456', '123456'],
    ['digits with hyphens', { length: 6 }, '12-34-56', '123456'],
    ['digits with a dash and a no-break space', { length: 6 }, '12\u201334\u00a056', '123456'],
    ['Thai digits', { length: 6 }, '๑๒๓-๔๕๖', '123456'],
    ['all ten Thai digits', { input_mode: 'numeric' }, '๐๑๒๓๔๕๖๗๘๙', '0123456789'],
    ['letters in a numeric code, which are the issuer’s to refuse', {}, '12a4', '12a4'],
  ])('%s', async (_what, txCode, typed, sent) => {
    const { wallet, offer, asked } = await world()
    const { uri } = await offer()
    const object = JSON.parse(new URL(uri).searchParams.get('credential_offer') ?? '')
    object.grants[preAuthorizedCodeGrant].tx_code = txCode
    const changed = `openid-credential-offer://?credential_offer=${encodeURIComponent(JSON.stringify(object))}`
    const read = await wallet.readOffer(changed)
    await wallet.receive(read, { txCode: typed }).catch(() => undefined)
    expect(asked('/token')).toHaveLength(1)
    expect(new URLSearchParams(asked('/token')[0]?.body).get('tx_code')).toBe(sent)
  })

  it('our own six digits, typed in Thai', async () => {
    const { wallet, offer } = await world()
    const made = await offer([paperId], true)
    const typed = [...(made.txCode ?? '')].map((digit) => String.fromCharCode(0x0e50 + Number(digit)))
    const txCode = `${typed.slice(0, 3).join('')} ${typed.slice(3).join('')}`
    expect(requireReceived(await wallet.receive(await wallet.readOffer(made.uri), { txCode }))).toHaveLength(
      1,
    )
  })

  it.each(['', ' ', '-'])('nothing but spaces and hyphens is no numeric code: %j', async (txCode) => {
    const { wallet, offer, asked } = await world()
    const read = await wallet.readOffer((await offer([paperId], true)).uri)
    await expect(wallet.receive(read, { txCode })).rejects.toMatchObject({
      code: 'wallet.receive.tx-code-missing',
    })
    expect(asked('/token')).toEqual([])
  })

  it('none is sent where none was asked for', async () => {
    const { wallet, offer, asked } = await world()
    requireReceived(await wallet.receive(await wallet.readOffer((await offer()).uri), { txCode: '123456' }))
    expect(new URLSearchParams(asked('/token')[0]?.body).has('tx_code')).toBe(false)
  })
})

describe('one odd configuration beside a good one [F3]', () => {
  const oddOnly = (more: object) =>
    changing('openid-credential-issuer', (json) => {
      const configurations = json.credential_configurations_supported as Record<string, JsonObject>
      const odd = { ...configurations[otherId], ...more }
      return { ...json, credential_configurations_supported: { ...configurations, [otherId]: odd } }
    })

  it.each<[string, object]>([
    ['without format', { format: undefined }],
    ['with a proof type that cannot be read', { proof_types_supported: { jwt: 'ES256' } }],
    ['with binding methods that cannot be read', { cryptographic_binding_methods_supported: 'jwk' }],
  ])(
    '%s: the good one is received, the odd one is named and never read more loosely',
    async (_what, more) => {
      const { wallet, offer, asked } = await world(oddOnly(more))
      const read = await wallet.readOffer((await offer([paperId, otherId])).uri)
      expect(read.credentials.map(({ configurationId }) => configurationId)).toEqual([paperId])
      expect(read.others).toMatchObject([{ configurationId: otherId, supported: false }])
      expect(read.diagnosis).toMatchObject([
        { code: 'openid4vc.issuer-metadata.configuration', path: expect.arrayContaining([otherId]) },
      ])
      await expect(wallet.receive(read, { configurationIds: [otherId] })).rejects.toMatchObject({
        code: 'wallet.offer.unsupported',
      })
      expect(asked('/token')).toEqual([])
      expect(requireReceived(await wallet.receive(read))).toHaveLength(1)
    },
  )

  it('it alone offered fails, and says where', async () => {
    const { wallet, offer } = await world(oddOnly({ format: 7 }))
    const read = await wallet.readOffer((await offer([otherId])).uri)
    await expect(wallet.receive(read)).rejects.toMatchObject({
      code: 'wallet.offer.unsupported',
      message: expect.stringContaining(`credential_configurations_supported/${otherId}/format`),
    })
  })

  it.each<[string, object]>([
    ['a display name with a line break', { display: [{ name: 'a\nb' }] }],
    ['an empty path', { claims: [{ path: [] }] }],
    ['claims as an object [N7]', { claims: { name: {} } }],
    ['claims that repeat themselves', { claims: [{ path: ['name'] }, { path: ['name'] }] }],
    ['an explicit null [F4]', { display: null, claims: null }],
  ])('%s costs nothing but itself, also where it is the one offered', async (_what, metadata) => {
    const { wallet, offer } = await world(oddOnly({ credential_metadata: metadata }))
    const read = await wallet.readOffer((await offer([otherId])).uri)
    expect(requireReceived(await wallet.receive(read))).toHaveLength(1)
  })

  it('nothing odd, no diagnosis', async () => {
    const { wallet, offer } = await world()
    expect(await wallet.readOffer((await offer()).uri)).not.toHaveProperty('diagnosis')
  })

  it('an issuer whose authorization servers are all odd is never taken as its own [N7]', async () => {
    const { wallet, offer, asked } = await world(issuerMetadata({ authorization_servers: [7, ''] }))
    await expect(wallet.readOffer((await offer()).uri)).rejects.toMatchObject({
      code: 'openid4vc.issuer-metadata.malformed',
    })
    expect(asked('/token')).toEqual([])
    const empty = await world(issuerMetadata({ authorization_servers: [] }))
    expect(requireReceived(await empty.take())).toHaveLength(1)
  })
})

describe('an issuer whose identifier ends with a slash [F13]', () => {
  const slashed = `${url}/`
  const wellKnown = '/.well-known/openid-credential-issuer'

  it.each<[string, readonly string[], readonly string[]]>([
    ['as published', [`${wellKnown}/tenant/`], [`${wellKnown}/tenant/`]],
    ['without the slash', [`${wellKnown}/tenant`], [`${wellKnown}/tenant/`, `${wellKnown}/tenant`]],
    ['both ways', [`${wellKnown}/tenant/`, `${wellKnown}/tenant`], [`${wellKnown}/tenant/`]],
  ])('publishes %s', async (_what, there, expected) => {
    const at: string[] = []
    const issuer = createIssuer({
      url: slashed,
      names: { en: 'Department' },
      credentials: [credentialConfiguration(paperDocument, paper({ signer }))],
      store: createMemoryStore(),
      getClaims: async (subject) => ({ claims: { name: subject } }),
    })
    const wallet = createWallet({
      formats: [paperHolder(signer)],
      keys: createMemoryHolderKeys(),
      store: createMemoryStore(),
      isTrusted: trustAnyone('a test'),
      async fetch(input, init) {
        const { pathname } = new URL(String(input))
        if (pathname.startsWith('/.well-known/')) at.push(pathname)
        if (pathname.startsWith(wellKnown) && !there.includes(pathname))
          return new Response(null, { status: 404 })
        return issuer.fetch(new Request(String(input), init))
      },
    })
    const offer = await issuer.createOffer({ credentials: [paperId], subject: 'สมชาย' })
    const read = await wallet.readOffer(offer.uri)
    expect(read.issuer.id).toBe(slashed)
    expect(requireReceived(await wallet.receive(read))).toHaveLength(1)
    // Server metadata are without the slash (RFC 8414 section 3.1).
    expect(at).toEqual([...expected, '/.well-known/oauth-authorization-server/tenant'])
  })

  async function reading(issuer: string, answer: (path: string) => Response) {
    const at: string[] = []
    const wallet = createWallet({
      formats: [paperHolder(signer)],
      keys: createMemoryHolderKeys(),
      store: createMemoryStore(),
      isTrusted: trustAnyone('a test'),
      fetch: async (input) => {
        at.push(new URL(String(input)).pathname)
        return answer(new URL(String(input)).pathname)
      },
    })
    const grants = { [preAuthorizedCodeGrant]: { 'pre-authorized_code': 'c' } }
    const offer = { credential_issuer: issuer, credential_configuration_ids: ['a'], grants }
    const uri = `openid-credential-offer://?credential_offer=${encodeURIComponent(JSON.stringify(offer))}`
    return {
      at,
      error: await wallet.readOffer(uri).then(
        () => undefined,
        (error) => error,
      ),
    }
  }
  const metadata = (issuer: string): JsonObject => ({
    credential_issuer: issuer,
    credential_endpoint: 'https://issuer.example/credential',
    credential_configurations_supported: { a: { format: 'x' } },
  })

  it.each([
    [slashed, url],
    [url, slashed],
    ['https://issuer.example/', 'https://issuer.example'],
    ['https://issuer.example', 'https://issuer.example/'],
    [url, 'https://ISSUER.example/tenant'],
  ])('an offer of %s is not answered by %s: compared character by character', async (asked, answered) => {
    const { error } = await reading(asked, () => Response.json(metadata(answered)))
    expect(error.code).toBe('openid4vc.issuer-metadata.mismatch')
  })

  it('is looked for once where the answer is a redirect, which is not followed', async () => {
    const { at, error } = await reading(slashed, () => new Response(null, { status: 301 }))
    expect(error.code).toBe('wallet.fetch.invalid')
    expect(at).toEqual([`${wellKnown}/tenant/`])
  })

  it.each([500, 403])('is looked for once where the answer is %i', async (status) => {
    const { at, error } = await reading(slashed, () => new Response(null, { status }))
    expect(error.status).toBe(status)
    expect(at).toEqual([`${wellKnown}/tenant/`])
  })

  it('without a slash is looked for in one place', async () => {
    const { at, error } = await reading(url, () => new Response(null, { status: 404 }))
    expect(error.status).toBe(404)
    expect(at).toEqual([`${wellKnown}/tenant`])
  })
})
