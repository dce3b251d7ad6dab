import {
  type BitstringStatusReference,
  createMemoryStore,
  credentialConfiguration,
  type DidDocument,
  ResolveError,
  type Signer,
  type StatusAuthority,
  type StatusKind,
  type Store,
  scopeOf,
  type TokenStatusReference,
} from '@ekkasan/core'
import { type CreateIssuerOptions, createIssuer, type Offer } from '@ekkasan/issuer'
import { generateJwk, publicJwkOf } from '@ekkasan/keys'
import { createProof } from '@ekkasan/openid4vc'
import { beforeAll, describe, expect, it } from 'vitest'
import { paper, paperDocument } from './paper.ts'
import {
  claim,
  codeOf,
  newSigner,
  paperId,
  postCredential,
  postJson,
  postToken,
  takeNonce,
  takeToken,
  url,
} from './wallet-side.ts'

let signer: Signer
beforeAll(async () => {
  signer = await newSigner()
})

const optionsOf = (change: Partial<CreateIssuerOptions> = {}): CreateIssuerOptions => ({
  url,
  names: { en: 'Department' },
  credentials: [credentialConfiguration(paperDocument, paper({ signer }))],
  store: createMemoryStore(),
  getClaims: async (subject) => ({ claims: { name: `name of ${subject}` } }),
  ...change,
})
const offered = { credentials: [paperId], subject: '1100000000008' }

/** Everything the store was ever asked to keep. */
function spied(store: Store): { readonly store: Store; readonly written: [string, string][] } {
  const written: [string, string][] = []
  return {
    written,
    store: {
      ...store,
      put(key, value, options) {
        written.push([key, JSON.stringify(value)])
        return store.put(key, value, options)
      },
      swap(key, expected, value, options) {
        written.push([key, JSON.stringify(value ?? null)])
        return store.swap(key, expected, value, options)
      },
    },
  }
}

function statusesOf(change: Partial<StatusAuthority<TokenStatusReference>> = {}) {
  const list: string[] = []
  const status: StatusAuthority<TokenStatusReference> = {
    kind: 'token',
    async allocate() {
      return { uri: `${url}/statuses/1`, index: list.push('valid') - 1 }
    },
    async set({ index }, value) {
      if (list[index] === 'revoked') throw new Error('revoked is final')
      list[index] = value
    },
    get: async ({ index }) => (list[index] ?? 'valid') as 'valid',
    fetch: async () => undefined,
    ...change,
  }
  return { list, status }
}

describe('options are checked when the issuer is built', () => {
  const cases: [string, () => Partial<CreateIssuerOptions>][] = [
    ['a url that is none', () => ({ url: 'issuer' })],
    ['a url without TLS', () => ({ url: 'http://issuer.example' })],
    ['a url with a query', () => ({ url: `${url}?x=1` })],
    ['a url with a fragment', () => ({ url: `${url}#x` })],
    ['a url that is spelled otherwise', () => ({ url: 'https://ISSUER.example/a' })],
    ['no credentials', () => ({ credentials: [] })],
    ['one id twice', () => ({ credentials: [...optionsOf().credentials, ...optionsOf().credentials] })],
    ['no names', () => ({ names: {} })],
    [
      'statuses for a format that carries none',
      () => ({
        status: statusesOf().status,
        credentials: [credentialConfiguration(paperDocument, paper({ signer, statusKinds: [] }))],
      }),
    ],
    [
      'holders bound by DIDs and no means to resolve them',
      () => ({
        credentials: [credentialConfiguration(paperDocument, paper({ signer, bindingMethods: ['did:key'] }))],
      }),
    ],
    ['a lifetime of nothing', () => ({ lifetimes: { offer: 0 } })],
    ['a batch of nothing', () => ({ batchSize: 0 })],
    ['no attempts', () => ({ txCodeAttempts: 0 })],
    [
      'two documents at one path',
      () => {
        const format = paper({ signer, name: 'b' })
        const served = (body: string) => () => [{ path: '/x', contentType: 'text/plain', body }]
        return {
          credentials: [
            credentialConfiguration(paperDocument, { ...paper({ signer }), served: served('a') }),
            credentialConfiguration(paperDocument, { ...format, served: served('b') }),
          ],
        }
      },
    ],
  ]
  it.each(cases)('%s', (_name, change) => {
    expect(() => createIssuer(optionsOf(change()))).toThrow(TypeError)
  })

  it('a private key among those that are published', async () => {
    const jwk = await generateJwk('ES256')
    expect(() => createIssuer(optionsOf({ keys: [publicJwkOf(jwk)] }))).not.toThrow()
    expect(() => createIssuer(optionsOf({ keys: [publicJwkOf(jwk), jwk] }))).toThrow(
      /^createIssuer: keys\[1\]: .* publicJwkOf/,
    )
  })

  it('and offers when they are made', async () => {
    const issuer = createIssuer(optionsOf())
    await expect(issuer.createOffer({ ...offered, credentials: [] })).rejects.toThrow(TypeError)
    await expect(issuer.createOffer({ ...offered, credentials: ['x'] })).rejects.toThrow(TypeError)
    await expect(issuer.createOffer({ ...offered, credentials: [paperId, paperId] })).rejects.toThrow(
      TypeError,
    )
    await expect(issuer.createOffer({ ...offered, subject: '' })).rejects.toThrow(TypeError)
  })
})

describe('what the store holds', () => {
  it('is no code, no token, no claim, and no subject in a key', async () => {
    const { store, written } = spied(createMemoryStore())
    const issuer = createIssuer(optionsOf({ store }))
    const offer = await issuer.createOffer({ ...offered, txCode: true })
    const { token } = await claim(issuer, offer)
    const all = JSON.stringify(written)
    for (const secret of [codeOf(offer), token, offer.txCode ?? '', 'name of'])
      expect(all).not.toContain(secret)
    for (const part of [codeOf(offer), token]) expect(all).not.toContain(part.split('.')[1])
    expect(written.map(([key]) => key).join(' ')).not.toContain(offered.subject)
    expect(written.every(([key]) => key.length <= 256)).toBe(true)
  })

  it('an issuance costs few writes: offer, token, nonce, credential with its index', async () => {
    const { store, written } = spied(createMemoryStore())
    const issuer = createIssuer(optionsOf({ store }))
    await claim(issuer, await issuer.createOffer(offered))
    expect(written.map(([key]) => key.split('/')[0]).sort()).toEqual([
      'issuance',
      'issuance-of',
      'nonce',
      'offer',
      'offer',
      'offer',
      'secret',
      'secret',
    ])
  })

  it('asking for nonces writes nothing (an unauthenticated caller cannot fill the disk)', async () => {
    const { store, written } = spied(createMemoryStore())
    const issuer = createIssuer(optionsOf({ store }))
    const nonces = new Set<string>()
    for (let i = 0; i < 100; i++) nonces.add(await takeNonce(issuer))
    expect(nonces.size).toBe(100)
    expect(written.map(([key]) => key)).toEqual(['secret/nonce'])
  })

  it('goes when its time has come', async () => {
    let time = Date.parse('2026-01-01T00:00:00Z')
    const clock = () => new Date(time)
    const store = createMemoryStore({ clock })
    const validUntil = new Date(time + 3_600_000)
    const issuer = createIssuer(
      optionsOf({
        store,
        clock,
        getClaims: async () => ({ claims: { name: 'x' }, validUntil }),
        lifetimes: { record: 60 },
      }),
    )
    const offer = await issuer.createOffer(offered)
    await claim(issuer, offer, clock())
    time += 3_659_000
    expect((await issuer.issuances()).issuances).toHaveLength(1)
    time += 2_000
    expect((await issuer.issuances()).issuances).toEqual([])
    time += 86_400_000
    const left = (await store.list('')).entries.map(({ key }) => key)
    expect(left).toEqual(['secret/issuer', 'secret/nonce'])
  })
})

describe('two replicas on one store', () => {
  it('serve alternating requests of one flow, and race for one code and one token', async () => {
    const store = createMemoryStore()
    const replicas = [createIssuer(optionsOf({ store })), createIssuer(optionsOf({ store }))] as const
    const [one, two] = replicas
    const offer = await one.createOffer({ ...offered, txCode: true })
    const token = await takeToken(two, offer)
    const nonce = await takeNonce(one)
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => postCredential(i % 2 ? one : two, token, i < 2 ? { nonce } : {})),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    const { issuances } = await one.issuances({ subject: offered.subject })
    expect(issuances).toHaveLength(1)
    expect(await two.offer(offer.id)).toMatchObject({ state: { state: 'issued', confirmed: false } })
    const second = await one.createOffer(offered)
    const tokens = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        postToken(i % 2 ? one : two, { 'pre-authorized_code': codeOf(second) }),
      ),
    )
    expect(tokens.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  it('a credential is not released when its offer is withdrawn meanwhile, and leaves no record', async () => {
    const store = createMemoryStore()
    const { list, status } = statusesOf()
    const plain = paper({ signer })
    let offer: Offer | undefined
    const other = createIssuer(optionsOf({ store, status }))
    const issuer = createIssuer(
      optionsOf({
        store,
        status,
        credentials: [
          credentialConfiguration(paperDocument, {
            ...plain,
            async issue(request) {
              await other.withdrawOffer(offer?.id ?? '')
              return plain.issue(request)
            },
          }),
        ],
      }),
    )
    offer = await issuer.createOffer(offered)
    const response = await postCredential(issuer, await takeToken(issuer, offer))
    expect(response.status).toBe(400)
    expect((await issuer.issuances()).issuances).toEqual([])
    expect(list).toEqual(['valid'])
  })
})

describe('a request that is refused', () => {
  it('takes no status entry: a used nonce, and a token that has its credential', async () => {
    const { list, status } = statusesOf()
    const issuer = createIssuer(optionsOf({ status }))
    const [token, other] = [
      await takeToken(issuer, await issuer.createOffer(offered)),
      await takeToken(issuer, await issuer.createOffer(offered)),
    ]
    const nonce = await takeNonce(issuer)
    expect((await postCredential(issuer, token, { nonce })).status).toBe(200)
    expect((await (await postCredential(issuer, token)).json()).error).toBe('credential_request_denied')
    expect((await (await postCredential(issuer, other, { nonce })).json()).error).toBe('invalid_nonce')
    expect(list).toHaveLength(1)
  })

  it.each<[string, object, string]>([
    ['misspelt', { validUntill: new Date() }, 'unknown member "validUntill"; did you mean validUntil?'],
    ['null', { validUntil: null }, 'validUntil: expected a Date; got null'],
    ['zero', { validUntil: 0 }, 'validUntil: expected a Date; got the number 0'],
    ['a text', { validUntil: '2026-01-01' }, 'validUntil: expected a Date; got a text'],
    ['an invalid date', { validUntil: new Date('') }, 'validUntil: expected a Date; got an object of Date'],
  ])('a record whose end is %s would be a credential without one [C3]', async (_what, more, message) => {
    const told: unknown[] = []
    const { list, status } = statusesOf()
    const issuer = createIssuer(
      optionsOf({
        status,
        onError: (error) => told.push(error),
        getClaims: async () => ({ claims: { name: 'x' }, ...(more as { validUntil: Date }) }),
      }),
    )
    const token = await takeToken(issuer, await issuer.createOffer(offered))
    const response = await postCredential(issuer, token)
    expect([response.status, (await response.json()).error]).toEqual([400, 'credential_request_denied'])
    expect(told).toEqual([new TypeError(`getClaims: ${message}`)])
    expect(list).toEqual([])
  })

  it('takes no status entry though twenty come at once with one token', async () => {
    const { list, status } = statusesOf()
    const issuer = createIssuer(optionsOf({ status }))
    const token = await takeToken(issuer, await issuer.createOffer(offered))
    const answers = await Promise.all(Array.from({ length: 20 }, () => postCredential(issuer, token)))
    expect(answers.filter(({ status: code }) => code === 200)).toHaveLength(1)
    expect(list).toHaveLength(1)
  })

  it('for a nonce that another token used at the same time may be made again with a fresh one', async () => {
    const issuer = createIssuer(optionsOf())
    const tokens = await Promise.all(
      Array.from({ length: 6 }, async () => takeToken(issuer, await issuer.createOffer(offered))),
    )
    const nonce = await takeNonce(issuer)
    const answers = await Promise.all(tokens.map((token) => postCredential(issuer, token, { nonce })))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400, 400, 400])
    expect((await issuer.issuances()).issuances).toHaveLength(1)
    for (const [index, { status }] of answers.entries()) {
      if (status === 200) continue
      expect((await postCredential(issuer, tokens[index] ?? '')).status).toBe(200)
    }
  })
})

it('a confirmation said twice is written once (section 11: idempotent)', async () => {
  const { store, written } = spied(createMemoryStore())
  const issuer = createIssuer(optionsOf({ store }))
  const { token, notification_id } = await claim(issuer, await issuer.createOffer(offered))
  const before = written.length
  for (let i = 0; i < 3; i++) {
    const event = 'credential_accepted'
    expect((await postJson(issuer, 'notification', token, { notification_id, event })).status).toBe(204)
  }
  expect(written.length - before).toBe(1)
})

it('HEAD has no body', async () => {
  const issuer = createIssuer(optionsOf())
  const location = 'https://issuer.example/.well-known/openid-credential-issuer/tenant'
  const response = await issuer.fetch(new Request(location, { method: 'HEAD' }))
  expect([response.status, response.body]).toEqual([200, null])
})

describe('issuances', () => {
  it('are listed with the newest first, page by page, of all or of one subject', async () => {
    let time = Date.parse('2026-01-01T00:00:00Z')
    const clock = () => new Date(time)
    const issuer = createIssuer(optionsOf({ store: createMemoryStore({ clock }), clock }))
    for (const subject of ['a', 'b', 'a', 'a/b', 'a']) {
      await claim(issuer, await issuer.createOffer({ ...offered, subject }), clock())
      time += 1000
    }
    const all = await issuer.issuances()
    expect(all.issuances.map(({ subject }) => subject)).toEqual(['a', 'a/b', 'a', 'b', 'a'])
    expect(all.cursor).toBeUndefined()
    const pages: string[] = []
    let after: string | undefined
    do {
      const page = await issuer.issuances({ subject: 'a', limit: 2, ...(after !== undefined && { after }) })
      pages.push(page.issuances.map(({ issuedAt }) => issuedAt.getUTCSeconds()).join())
      after = page.cursor
    } while (after !== undefined)
    expect(pages).toEqual(['4,2', '0'])
    const [first] = all.issuances
    expect(await issuer.issuance(first?.id ?? '')).toEqual(first)
    expect(await issuer.issuance('x')).toBeUndefined()
  })

  it('are suspended, restored and revoked by status', async () => {
    const { status } = statusesOf()
    const issuer = createIssuer(optionsOf({ status }))
    await claim(issuer, await issuer.createOffer(offered))
    const idOf = async () => (await issuer.issuances()).issuances[0]
    const id = (await idOf())?.id ?? ''
    for (const [verb, expected] of [
      ['suspend', 'suspended'],
      ['restore', 'valid'],
      ['revoke', 'revoked'],
    ] as const) {
      await issuer[verb](id)
      expect((await idOf())?.status).toBe(expected)
    }
    await expect(issuer.revoke('x')).rejects.toMatchObject({ code: 'issuer.issuance.unknown' })
  })

  it('carry the status of the first authority that their format carries; each change goes to the one that gave it', async () => {
    const tokens = statusesOf()
    const list: string[] = []
    const bitstrings: StatusAuthority<BitstringStatusReference> = {
      kind: 'bitstring',
      async allocate() {
        const statusListIndex = String(list.push('valid') - 1)
        const statusListCredential = `${url}/lists/revocation/0`
        const type = 'BitstringStatusListEntry'
        return {
          credentialStatus: [{ type, statusPurpose: 'revocation', statusListIndex, statusListCredential }],
        }
      },
      async set({ credentialStatus: [entry] }, value) {
        list[Number(entry?.statusListIndex)] = value
      },
      get: async ({ credentialStatus: [entry] }) => list[Number(entry?.statusListIndex)] as 'valid',
      fetch: async (request) =>
        request.url.endsWith('/lists/revocation/0') ? new Response('bits') : undefined,
    }
    const issued: unknown[] = []
    const recording = (name: string, statusKinds: readonly StatusKind[]) =>
      credentialConfiguration(
        paperDocument,
        paper({
          signer,
          name,
          statusKinds,
          issue: async ({ status }) => {
            issued.push(status)
            return 'credential'
          },
        }),
      )
    const credentials = [
      recording('both', ['token', 'bitstring']),
      recording('w3c', ['bitstring']),
      recording('ietf', ['token']),
    ]
    const issuer = createIssuer(optionsOf({ credentials, status: [bitstrings, tokens.status] }))
    for (const { id } of credentials) {
      const offer = await issuer.createOffer({ credentials: [id], subject: 's' })
      expect((await postCredential(issuer, await takeToken(issuer, offer), { id })).status).toBe(200)
    }
    expect(issued.map((status) => 'credentialStatus' in (status as object))).toEqual([true, true, false])
    for (const { id } of (await issuer.issuances({})).issuances) await issuer.revoke(id)
    expect([list, tokens.list]).toEqual([['revoked', 'revoked'], ['revoked']])
    for (const { status } of (await issuer.issuances({})).issuances) expect(status).toBe('revoked')
    expect(await (await issuer.fetch(new Request(`${url}/lists/revocation/0`))).text()).toBe('bits')
    const twice = () => createIssuer(optionsOf({ status: [tokens.status, statusesOf().status] }))
    expect(twice).toThrow(TypeError)
  })

  it('are not called valid where the authority of their status is no longer given', async () => {
    const store = createMemoryStore()
    const issuer = createIssuer(optionsOf({ store, status: statusesOf().status }))
    const offer = await issuer.createOffer(offered)
    await claim(issuer, offer)
    const [issuance] = (await issuer.issuances()).issuances
    await issuer.revoke(issuance?.id ?? '')
    const without = createIssuer(optionsOf({ store }))
    const none = { code: 'issuer.status.none' }
    await expect(without.issuances()).rejects.toMatchObject(none)
    await expect(without.issuance(issuance?.id ?? '')).rejects.toMatchObject(none)
    await expect(without.revoke(issuance?.id ?? '')).rejects.toMatchObject(none)
    await expect(without.withdrawOffer(offer.id)).rejects.toMatchObject(none)
  })

  it('without status cannot be revoked', async () => {
    const issuer = createIssuer(optionsOf())
    await claim(issuer, await issuer.createOffer(offered))
    const [issuance] = (await issuer.issuances()).issuances
    expect(issuance).toMatchObject({ status: 'valid', confirmed: false })
    await expect(issuer.revoke(issuance?.id ?? '')).rejects.toMatchObject({ code: 'issuer.status.none' })
  })

  it('released under an offer that is withdrawn are revoked though their record never came to the store', async () => {
    const { list, status } = statusesOf()
    const store = createMemoryStore()
    const failing: Store = {
      ...store,
      put: async (key, ...rest) => {
        if (key.startsWith('issuance')) throw new Error('the store went away')
        return store.put(key, ...rest)
      },
    }
    const errors: unknown[] = []
    const issuer = createIssuer(optionsOf({ store: failing, status, onError: (error) => errors.push(error) }))
    const offer = await issuer.createOffer(offered)
    const response = await postCredential(issuer, await takeToken(issuer, offer))
    expect([response.status, await response.json()]).toMatchObject([
      503,
      { error: 'temporarily_unavailable' },
    ])
    expect(errors).toHaveLength(1)
    await issuer.withdrawOffer(offer.id)
    expect(list).toEqual(['revoked'])
  })
})

describe('transaction codes', () => {
  it('go through deliverTxCode, and are then not given back', async () => {
    const delivered: string[] = []
    const issuer = createIssuer(
      optionsOf({
        deliverTxCode: async ({ txCode, subject }) => {
          delivered.push(txCode)
          expect(subject).toBe(offered.subject)
        },
      }),
    )
    const offer = await issuer.createOffer({ ...offered, txCode: true })
    expect(offer.txCode).toBeUndefined()
    const [txCode] = delivered
    expect(await takeToken(issuer, offer, { tx_code: txCode ?? '' })).toMatch(/./)
  })

  it('that could not be delivered leave no offer open', async () => {
    const { store, written } = spied(createMemoryStore())
    const issuer = createIssuer(
      optionsOf({
        store,
        deliverTxCode: async () => {
          throw new Error('no SMS today')
        },
      }),
    )
    await expect(issuer.createOffer({ ...offered, txCode: true })).rejects.toThrow('no SMS today')
    const id = written.find(([key]) => key.startsWith('offer/'))?.[0].slice(6) ?? ''
    expect((await issuer.offer(id))?.state).toEqual({ state: 'withdrawn' })
  })

  it('what cannot be a code costs no attempt', async () => {
    const issuer = createIssuer(optionsOf())
    const offer = await issuer.createOffer({ ...offered, txCode: true })
    for (const tx_code of ['12345', '1234567', 'abcdef', '１２３４５６', ' 12345']) {
      const response = await postToken(issuer, { 'pre-authorized_code': codeOf(offer), tx_code })
      expect((await response.json()).error).toBe('invalid_grant')
    }
    for (let i = 0; i < 2; i++) expect((await issuer.offer(offer.id))?.state).toEqual({ state: 'offered' })
    expect(await takeToken(issuer, offer)).toMatch(/./)
  })

  it('are spread over all six-digit numbers', async () => {
    const issuer = createIssuer(optionsOf())
    const codes = new Set<string>()
    for (let i = 0; i < 200; i++) {
      codes.add((await issuer.createOffer({ ...offered, txCode: true })).txCode ?? '')
    }
    expect(codes.size).toBeGreaterThan(190)
    expect(new Set([...codes].map((code) => code[0])).size).toBe(10)
  })
})

describe('holders bound by a DID', () => {
  const documents = new Map<string, DidDocument>()
  let isDown = false
  const resolveDid = async (did: string) => {
    if (isDown) throw new ResolveError('core.resolve.unavailable', 'no answer')
    const document = documents.get(did)
    if (!document) throw new ResolveError('core.resolve.not-found', 'no such DID')
    return document
  }
  const setup = () =>
    createIssuer(
      optionsOf({
        resolveDid,
        credentials: [
          credentialConfiguration(paperDocument, paper({ signer, bindingMethods: ['did:jwk', 'did:key'] })),
        ],
      }),
    )

  it('are offered, proven by kid, and named so in the credential', async () => {
    const issuer = setup()
    const kid = 'did:key:zAbc#zAbc'
    const holder = await newSigner(kid)
    const { kty, crv, x, y } = holder.key.publicJwk
    documents.set('did:key:zAbc', {
      id: 'did:key:zAbc',
      verificationMethod: [
        { id: kid, type: 'JsonWebKey2020', controller: 'did:key:zAbc', publicKeyJwk: { kty, crv, x, y } },
      ],
    })
    const token = await takeToken(issuer, await issuer.createOffer(offered))
    isDown = true
    const later = await postCredential(issuer, token, { signer: holder })
    isDown = false
    expect([later.status, (await later.json()).error]).toEqual([503, 'temporarily_unavailable'])
    const unknown = await postCredential(issuer, token, { signer: await newSigner('did:key:zX#zX') })
    expect((await unknown.json()).error).toBe('invalid_proof')
    const response = await postCredential(issuer, token, { signer: holder })
    const { credentials } = (await response.json()) as { credentials: { credential: string }[] }
    const payload = JSON.parse(
      Buffer.from(credentials[0]?.credential.split('.')[1] ?? '', 'base64url').toString(),
    )
    expect(payload).toMatchObject({ kid, cnf: { jwk: { kty, crv, x, y } } })
  })

  it('without a means to resolve them are not offered beside jwk', async () => {
    const issuer = createIssuer(
      optionsOf({
        credentials: [
          credentialConfiguration(paperDocument, paper({ signer, bindingMethods: ['did:key', 'jwk'] })),
        ],
      }),
    )
    const metadata = await issuer.fetch(
      new Request('https://issuer.example/.well-known/openid-credential-issuer/tenant'),
    )
    expect(
      (await metadata.json()).credential_configurations_supported[paperId]
        .cryptographic_binding_methods_supported,
    ).toEqual(['jwk'])
  })
})

describe('credentials bound to nobody', () => {
  it('are issued without proofs, which the metadata then does not ask for (section 12.2.4)', async () => {
    const issuer = createIssuer(
      optionsOf({
        credentials: [credentialConfiguration(paperDocument, paper({ signer, bindingMethods: [] }))],
      }),
    )
    const metadata = await issuer.fetch(
      new Request('https://issuer.example/.well-known/openid-credential-issuer/tenant'),
    )
    const configuration = (await metadata.json()).credential_configurations_supported[paperId]
    expect(configuration.proof_types_supported).toBeUndefined()
    expect(configuration.cryptographic_binding_methods_supported).toBeUndefined()
    const token = await takeToken(issuer, await issuer.createOffer(offered))
    const response = await postJson(issuer, 'credential', token, { credential_configuration_id: paperId })
    expect((await response.json()).credentials).toHaveLength(1)
  })
})

describe('several credentials in one offer', () => {
  it('are issued one after the other with one token; the offer is withdrawn for those still open', async () => {
    const issuer = createIssuer(
      optionsOf({
        credentials: ['paper+jwt', 'b', 'c'].map((name) =>
          credentialConfiguration(paperDocument, paper({ signer, name })),
        ),
      }),
    )
    const offer = await issuer.createOffer({ ...offered, credentials: [paperId, 'Paper-b', 'Paper-c'] })
    const token = await takeToken(issuer, offer)
    expect((await postCredential(issuer, token)).status).toBe(200)
    expect((await postCredential(issuer, token, { id: 'Paper-b' })).status).toBe(200)
    expect((await issuer.offer(offer.id))?.state).toMatchObject({ state: 'issued', confirmed: false })
    await issuer.withdrawOffer(offer.id)
    expect((await postCredential(issuer, token, { id: 'Paper-c' })).status).toBe(401)
  })
})

describe('compatibility with the ETDA draft of 2026', () => {
  const request = async (change: Partial<CreateIssuerOptions>) => {
    const issuer = createIssuer(optionsOf(change))
    const offer = await issuer.createOffer(offered)
    const token = await (await postToken(issuer, { 'pre-authorized_code': codeOf(offer) })).json()
    const nonce = token.c_nonce ?? (await takeNonce(issuer))
    const jwt = await createProof({
      signer: await newSigner(),
      issuer: url,
      nonce,
      binding: 'jwk',
      now: new Date(),
    })
    const body = { credential_configuration_id: paperId, proof: { proof_type: 'jwt', jwt } }
    const response = await postJson(issuer, 'credential', token.access_token, body)
    return { token, answer: await response.json() }
  }

  it('gives a nonce with the token, and answers a single proof with a single credential', async () => {
    const { token, answer } = await request({ compatibility: 'etda-draft-2026' })
    expect(token).toMatchObject({ c_nonce: expect.any(String), c_nonce_expires_in: 300 })
    expect(answer.credential).toBe(answer.credentials[0].credential)
  })

  it('is not there unless it was named: the proof of a draft is as good as none [N8]', async () => {
    const { token, answer } = await request({})
    expect(token.c_nonce).toBeUndefined()
    expect(answer.error).toBe('invalid_proof')
  })
})

describe('metadata', () => {
  const read = async (options: CreateIssuerOptions) => {
    const at = 'https://issuer.example/.well-known/openid-credential-issuer/tenant'
    return (await createIssuer(options).fetch(new Request(at))).json()
  }

  it('has a scope for every configuration (HAIP 4.1): its id, or the one that was set [N3]', async () => {
    const plain = paper({ signer })
    const named = paper({ signer, name: 'other+jwt' })
    const credentials = [
      credentialConfiguration(paperDocument, plain),
      credentialConfiguration(paperDocument, named, { scope: 'th.go.example.paper' }),
    ]
    const { credential_configurations_supported: configurations } = await read(optionsOf({ credentials }))
    expect(configurations[paperId].scope).toBe(paperId)
    expect(configurations['Paper-other+jwt'].scope).toBe('th.go.example.paper')
  })

  it('has a scope that OAuth can carry, whatever the id is (RFC 6749 3.3) [N3]', () => {
    const document = { ...paperDocument, id: 'เอกสาร 1' }
    const configuration = credentialConfiguration(document, paper({ signer }))
    const scope = scopeOf(configuration)
    expect(scope).toMatch(/^[\x21\x23-\x5b\x5d-\x7e]+$/)
    expect(decodeURIComponent(scope)).toBe(configuration.id)
  })

  it.each(['', 'two words', 'a"b', 'a\\b', 'ไทย', 'a\n', 7 as unknown as string])(
    'refuses the scope %j when the configuration is made [N3]',
    (scope) => {
      expect(() => credentialConfiguration(paperDocument, paper({ signer }), { scope })).toThrow(/scope/)
    },
  )

  it('finds texts by language without regard to case, and publishes tags as written [F12]', async () => {
    const document = { ...paperDocument, names: { TH: 'กระดาษ', EN: 'Paper', en: 'again' } }
    const credentials = [credentialConfiguration(document, paper({ signer }))]
    const { display, credential_configurations_supported: configurations } = await read(
      optionsOf({ credentials, names: { TH: 'กรม', th: 'อีก', En: 'Department' } }),
    )
    expect(display).toEqual([
      { name: 'กรม', locale: 'TH' },
      { name: 'Department', locale: 'En' },
    ])
    expect(configurations[paperId].credential_metadata.display).toMatchObject([
      { name: 'กระดาษ', locale: 'TH', description: paperDocument.description.th },
      { name: 'Paper', locale: 'EN', description: paperDocument.description.en },
    ])
  })
})

describe('the `proof` of drafts before 1.0 [N8]', () => {
  const draft = { proof_type: 'jwt', jwt: 'a.b.c' }

  it.each<[string, object]>([
    ['a proof', { proof: draft }],
    ['a proof of another type', { proof: { proof_type: 'ldp_vp', ldp_vp: {} } }],
    ['a proof that is no object', { proof: 'x' }],
    ['nothing', {}],
  ])('where a proof is required, %s in place of proofs is invalid_proof', async (_what, more) => {
    const issuer = createIssuer(optionsOf())
    const token = await takeToken(issuer, await issuer.createOffer(offered))
    const body = { credential_configuration_id: paperId, ...more }
    const response = await postJson(issuer, 'credential', token, body)
    expect([response.status, (await response.json()).error]).toEqual([400, 'invalid_proof'])
    // Nothing is spent: with proofs the same token gets the credential.
    expect((await postCredential(issuer, token)).status).toBe(200)
  })

  it('where none is required it is ignored', async () => {
    const format = paper({ signer, bindingMethods: [] })
    const issuer = createIssuer(optionsOf({ credentials: [credentialConfiguration(paperDocument, format)] }))
    const token = await takeToken(issuer, await issuer.createOffer(offered))
    const body = { credential_configuration_id: paperId, proof: draft }
    expect((await postJson(issuer, 'credential', token, body)).status).toBe(200)
  })

  it('beside proofs it is ignored', async () => {
    const issuer = createIssuer(optionsOf())
    const token = await takeToken(issuer, await issuer.createOffer(offered))
    const nonce = await takeNonce(issuer)
    const proof = await createProof({
      signer: await newSigner(),
      issuer: url,
      nonce,
      binding: 'jwk',
      now: new Date(),
    })
    const body = { credential_configuration_id: paperId, proof: draft, proofs: { jwt: [proof] } }
    expect((await postJson(issuer, 'credential', token, body)).status).toBe(200)
  })
})

describe('a client that named itself', () => {
  it('keeps its name: a proof by another iss is refused', async () => {
    const issuer = createIssuer(optionsOf())
    const token = await takeToken(issuer, await issuer.createOffer(offered), { client_id: 'wallet' })
    expect((await postCredential(issuer, token)).status).toBe(200)
  })
})

it('back-office verbs of unknown offers say so', async () => {
  const issuer = createIssuer(optionsOf())
  expect(await issuer.offer('x')).toBeUndefined()
  await expect(issuer.withdrawOffer('x')).rejects.toMatchObject({ code: 'issuer.offer.unknown' })
  await expect(issuer.replaceOffer('x')).rejects.toMatchObject({ code: 'issuer.offer.unknown' })
})
