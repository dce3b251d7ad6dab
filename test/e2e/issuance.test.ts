import {
  type BindingMethod,
  createGuardedFetch,
  createMemoryStore,
  credentialConfiguration,
  type Fetch,
  type HolderFormat,
  type IsTrusted,
  type StatusAuthority,
  type TokenStatusReference,
  trustAnyone,
} from '@ekkasan/core'
import { createDidResolver } from '@ekkasan/did'
import { type CreateIssuerOptions, createIssuer, type Issuer } from '@ekkasan/issuer'
import { generateJwk, jwkThumbprint, parseJws, signerFromJwk } from '@ekkasan/keys'
import {
  type CreateWalletOptions,
  createMemoryHolderKeys,
  createWallet,
  type HolderKeys,
  requireReceived,
  type Wallet,
} from '@ekkasan/wallet'
import { afterEach, describe, expect, it } from 'vitest'
import { paper, paperDocument, paperHolder } from '../../packages/issuer/test/paper.ts'
import { serve } from '../serve.ts'

const paperId = 'Paper-paper+jwt'
const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

interface Parties {
  readonly issuer: Issuer
  readonly wallet: Wallet
  readonly keys: HolderKeys & { readonly made: string[] }
  readonly origin: string
  /** Changes or loses what goes between wallet and issuer. */
  between: (url: string, init: RequestInit | undefined, go: Fetch) => Promise<Response>
  readonly statuses: string[]
}

async function start(
  options: {
    readonly path?: string
    readonly bindingMethods?: readonly BindingMethod[]
    readonly issuer?: Partial<CreateIssuerOptions>
    readonly format?: Partial<HolderFormat>
    readonly wallet?: Partial<CreateWalletOptions>
  } = {},
): Promise<Parties> {
  const { path = '', bindingMethods = ['jwk'] } = options
  const signer = await signerFromJwk(await generateJwk('ES256'))
  const statuses: string[] = []
  const status: StatusAuthority<TokenStatusReference> = {
    kind: 'token',
    allocate: async () => ({ uri: 'https://x.example/1', index: statuses.push('valid') - 1 }),
    async set({ index }, value) {
      statuses[index] = value
    },
    get: async ({ index }) => statuses[index] as 'valid',
    fetch: async () => undefined,
  }
  let issuer: Issuer | undefined
  const { origin, close } = await serve((at) => {
    issuer = createIssuer({
      url: `${at}${path}`,
      names: { th: 'กรม', en: 'Department' },
      credentials: [credentialConfiguration(paperDocument, paper({ signer, bindingMethods }))],
      store: createMemoryStore(),
      status,
      getClaims: async (subject) => ({ claims: { name: subject } }),
      resolveDid: createDidResolver({}),
      ...options.issuer,
    })
    return issuer.fetch
  })
  closers.push(close)
  const memoryKeys = createMemoryHolderKeys()
  const made: string[] = []
  const keys = {
    ...memoryKeys,
    made,
    async create(alg: 'ES256' | 'EdDSA') {
      const key = await memoryKeys.create(alg)
      made.push(jwkThumbprint(key.key.publicJwk))
      return key
    },
  }
  const guarded = createGuardedFetch({ allowHosts: ['127.0.0.1:*'] })
  const parties: Parties = {
    origin,
    keys,
    statuses,
    issuer: issuer as unknown as Issuer,
    between: (url: string, init: RequestInit | undefined, go: Fetch) => go(url, init),
    wallet: createWallet({
      formats: [{ ...paperHolder(signer), ...options.format }],
      keys,
      store: createMemoryStore(),
      isTrusted: trustAnyone('a test'),
      ...options.wallet,
      fetch: (input, init) => parties.between(String(input), init, guarded),
    }),
  }
  return parties
}

const offerOf = (issuer: Issuer, txCode = false) =>
  issuer.createOffer({ credentials: [paperId], subject: 'สมชาย', txCode })

describe('a wallet receives what the issuer offers, over HTTP', () => {
  it.each(['', '/tenant'])('issuer path "%s"', async (path) => {
    const { issuer, wallet, origin } = await start({ path })
    const offer = await offerOf(issuer, true)
    const received = await wallet.readOffer(offer.uriByReference)
    expect(received).toEqual({
      issuer: { id: `${origin}${path}`, names: { th: 'กรม', en: 'Department' } },
      credentials: [{ configurationId: paperId, format: 'paper+jwt', names: { th: 'กระดาษ', en: 'Paper' } }],
      others: [],
      txCode: { length: 6, inputMode: 'numeric' },
    })
    const [stored] = requireReceived(await wallet.receive(received, { txCode: offer.txCode ?? '' }))
    expect(stored).toMatchObject({
      format: 'paper+jwt',
      issuerNames: { th: 'กรม', en: 'Department' },
      metadata: { claims: [{ path: ['name'] }, { path: ['born'] }] },
      view: { claims: { name: 'สมชาย' } },
    })
    expect(await wallet.credentials()).toEqual([stored])
    expect((await issuer.offer(offer.id))?.state).toMatchObject({ state: 'issued', confirmed: true })
    const { issuances } = await issuer.issuances({ subject: 'สมชาย' })
    expect(issuances).toHaveLength(1)
    expect(issuances[0]).toMatchObject({ offerId: offer.id, confirmed: true, status: 'valid' })
  })

  it.each(['jwk', 'did:jwk', 'did:key'] as const)('bound by %s', async (method) => {
    const held: string[] = []
    const parties = await start({ bindingMethods: [method] })
    parties.between = async (url, init, go) => {
      const response = await go(url, init)
      if (url.endsWith('/credential')) held.push((await response.clone().json()).credentials[0].credential)
      return response
    }
    const { issuer, wallet } = parties
    requireReceived(await wallet.receive(await wallet.readOffer((await offerOf(issuer)).uri)))
    const { kid } = parseJws(held[0] ?? '').payload
    if (method === 'jwk') expect(kid).toBeUndefined()
    else expect(kid).toMatch(new RegExp(`^${method}:.+#`))
  })

  it('again after a typing error in the transaction code', async () => {
    const { issuer, wallet } = await start()
    const offer = await offerOf(issuer, true)
    const received = await wallet.readOffer(offer.uri)
    await expect(wallet.receive(received).then(requireReceived)).rejects.toMatchObject({
      code: 'wallet.receive.tx-code-missing',
    })
    const txCode = offer.txCode === '000000' ? '000001' : '000000'
    await expect(wallet.receive(received, { txCode }).then(requireReceived)).rejects.toMatchObject({
      code: 'wallet.receive.grant-refused',
      issuerError: 'invalid_grant',
    })
    expect(requireReceived(await wallet.receive(received, { txCode: offer.txCode ?? '' }))).toHaveLength(1)
  })

  it('once: the offer is then spent', async () => {
    const { issuer, wallet } = await start()
    const received = await wallet.readOffer((await offerOf(issuer)).uri)
    requireReceived(await wallet.receive(received))
    await expect(wallet.receive(received).then(requireReceived)).rejects.toMatchObject({
      code: 'wallet.receive.grant-refused',
    })
    await expect(wallet.receive({ ...received }).then(requireReceived)).rejects.toThrow(TypeError)
  })

  it('and removes it with its key', async () => {
    const { issuer, wallet, keys } = await start()
    const [stored] = requireReceived(
      await wallet.receive(await wallet.readOffer((await offerOf(issuer)).uri)),
    )
    expect(await keys.find(keys.made[0] ?? '')).toBeDefined()
    await wallet.remove(stored?.id ?? '')
    expect(await wallet.credentials()).toEqual([])
    expect(await keys.find(keys.made[0] ?? '')).toBeUndefined()
  })
})

describe('a wallet keeps nothing', () => {
  const expectNothing = async ({ wallet, keys }: Parties) => {
    expect(await wallet.credentials()).toEqual([])
    for (const thumbprint of keys.made) expect(await keys.find(thumbprint)).toBeUndefined()
  }

  it('that its format does not accept; the issuer hears of it and revokes', async () => {
    const parties = await start({
      format: {
        async accept() {
          throw new Error('not trusted')
        },
      },
    })
    const received = await parties.wallet.readOffer((await offerOf(parties.issuer)).uri)
    await expect(parties.wallet.receive(received).then(requireReceived)).rejects.toThrow('not trusted')
    await expectNothing(parties)
    expect(parties.statuses).toEqual(['revoked'])
  })

  it('that is bound to no key, though one was proven: it would be anybody’s who sees it', async () => {
    const parties = await start({
      format: {
        accept: async () => ({
          issuer: { id: 'https://issuer.example', method: 'jwt-vc-issuer' },
          validity: {},
          view: { format: 'paper+jwt', types: ['Paper'], claims: {}, holderBound: false },
          checks: [],
        }),
      },
    })
    const received = await parties.wallet.readOffer((await offerOf(parties.issuer)).uri)
    await expect(parties.wallet.receive(received).then(requireReceived)).rejects.toMatchObject({
      code: 'wallet.fetch.invalid',
    })
    await expectNothing(parties)
    expect(parties.statuses).toEqual(['revoked'])
  })

  it('when the answer is lost on the way; the offer is made anew and the lost credential revoked', async () => {
    const parties = await start()
    const { issuer, wallet } = parties
    const offer = await offerOf(issuer)
    const received = await wallet.readOffer(offer.uri)
    parties.between = async (url, init, go) => {
      const response = await go(url, init)
      if (url.endsWith('/credential')) throw new TypeError('connection lost')
      return response
    }
    await expect(wallet.receive(received).then(requireReceived)).rejects.toMatchObject({
      code: 'wallet.fetch.unavailable',
    })
    await expectNothing(parties)
    parties.between = (url, init, go) => go(url, init)
    const anew = await issuer.replaceOffer(offer.id)
    expect(parties.statuses).toEqual(['revoked'])
    expect(requireReceived(await wallet.receive(await wallet.readOffer(anew.uri)))).toHaveLength(1)
    expect(parties.statuses).toEqual(['revoked', 'valid'])
  })

  const changes: [string, string, (json: Record<string, unknown>) => unknown, string][] = [
    [
      'metadata of another issuer',
      '/.well-known/openid-credential-issuer',
      (json) => ({ ...json, credential_issuer: 'https://x.example' }),
      'openid4vc.issuer-metadata.mismatch',
    ],
    [
      'metadata without the configuration offered',
      '/.well-known/openid-credential-issuer',
      (json) => ({ ...json, credential_configurations_supported: {} }),
      'wallet.offer.inconsistent',
    ],
    [
      'a format it does not know',
      '/.well-known/openid-credential-issuer',
      (json) => change(json, { format: 'mso_mdoc' }),
      'wallet.offer.unsupported',
    ],
    [
      'a key binding it does not have',
      '/.well-known/openid-credential-issuer',
      (json) => change(json, { cryptographic_binding_methods_supported: ['did:example'] }),
      'wallet.offer.unsupported',
    ],
    [
      'proof algorithms it does not have',
      '/.well-known/openid-credential-issuer',
      (json) =>
        change(json, { proof_types_supported: { jwt: { proof_signing_alg_values_supported: ['ES512'] } } }),
      'wallet.offer.unsupported',
    ],
    [
      'server metadata of another issuer',
      '/.well-known/oauth-authorization-server',
      (json) => ({ ...json, issuer: 'https://x.example' }),
      'wallet.fetch.invalid',
    ],
    [
      'server metadata of an issuer spelled otherwise',
      '/.well-known/oauth-authorization-server',
      (json) => ({ ...json, issuer: `${json.issuer}/` }),
      'wallet.fetch.invalid',
    ],
    ['a token response without token', '/token', () => ({ token_type: 'Bearer' }), 'wallet.fetch.invalid'],
    [
      'a token that is bound to a key',
      '/token',
      (json) => ({ ...json, token_type: 'DPoP' }),
      'wallet.offer.unsupported',
    ],
    ['no nonce', '/nonce', () => ({}), 'openid4vc.nonce-response.malformed'],
    ['a foreign nonce', '/nonce', () => ({ c_nonce: 'x' }), 'wallet.receive.refused'],
    [
      'a credential later',
      '/credential',
      () => ({ transaction_id: '8xLOxBtZp8', interval: 3600 }),
      'wallet.receive.deferred',
    ],
    ['no credentials', '/credential', () => ({ credentials: [] }), 'openid4vc.credential-response.malformed'],
  ]
  const change = (json: Record<string, unknown>, part: object) => {
    const configurations = json.credential_configurations_supported as Record<string, object>
    return {
      ...json,
      credential_configurations_supported: { [paperId]: { ...configurations[paperId], ...part } },
    }
  }
  it.each(changes)('when it gets %s', async (_name, path, alter, code) => {
    const parties = await start()
    const { issuer, wallet } = parties
    parties.between = async (url, init, go) => {
      const response = await go(url, init)
      if (!url.endsWith(path)) return response
      return new Response(JSON.stringify(alter(await response.json())), response)
    }
    const offer = await offerOf(issuer)
    const attempt = async () => wallet.receive(await wallet.readOffer(offer.uri)).then(requireReceived)
    await expect(attempt()).rejects.toMatchObject({ code })
    await expectNothing(parties)
    // What was wrong before the code was spent leaves the offer open.
    const isSpent = !path.startsWith('/.well-known')
    expect((await issuer.offer(offer.id))?.state.state === 'offered').toBe(!isSpent)
  })

  it.each([
    ['a redirect', new Response(null, { status: 302, headers: { Location: 'http://127.0.0.1/' } })],
    ['HTML', new Response('<html>', { headers: { 'Content-Type': 'text/html' } })],
    [
      'bytes that are not UTF-8',
      new Response(new Uint8Array([0xff]), { headers: { 'Content-Type': 'application/json' } }),
    ],
    [
      'an endless answer',
      new Response('x'.repeat(1_100_000), { headers: { 'Content-Type': 'application/json' } }),
    ],
    [
      'a member named twice',
      new Response('{"credential_issuer":"a","credential_issuer":"b"}', {
        headers: { 'Content-Type': 'application/json' },
      }),
    ],
    ['an error', new Response('{}', { status: 500 })],
  ])('when the metadata is %s', async (_name, answer) => {
    const parties = await start()
    const offer = await offerOf(parties.issuer)
    parties.between = async () => answer
    await expect(parties.wallet.readOffer(offer.uri)).rejects.toMatchObject({
      code: expect.stringMatching(/^(wallet\.fetch|openid4vc\.issuer-metadata)\./),
    })
  })

  it('more than one credential for one key (section 8.3)', async () => {
    const parties = await start()
    parties.between = async (url, init, go) => {
      const response = await go(url, init)
      if (!url.endsWith('/credential')) return response
      const { credentials } = await response.json()
      return new Response(JSON.stringify({ credentials: [...credentials, ...credentials] }), response)
    }
    const received = await parties.wallet.readOffer((await offerOf(parties.issuer)).uri)
    await expect(parties.wallet.receive(received).then(requireReceived)).rejects.toMatchObject({
      code: 'wallet.fetch.invalid',
    })
    await expectNothing(parties)
  })

  it('of an offer that names an authorization server the issuer does not', async () => {
    const { issuer, wallet } = await start()
    const json = JSON.parse(new URL((await offerOf(issuer)).uri).searchParams.get('credential_offer') ?? '')
    const [grant] = Object.values(json.grants) as { authorization_server?: string }[]
    if (grant) grant.authorization_server = 'https://x.example'
    const uri = `openid-credential-offer://?credential_offer=${encodeURIComponent(JSON.stringify(json))}`
    await expect(wallet.readOffer(uri)).rejects.toMatchObject({ code: 'wallet.offer.inconsistent' })
  })

  it('of an issuer that names another’s authorization server and is not trusted itself: it would get the token', async () => {
    const asked: string[] = []
    const untrusted: IsTrusted = async ({ role, id }) => {
      asked.push(`${role} ${id}`)
      return { trusted: false, code: 'core.trust.not-listed' }
    }
    const [victim, attacker] = [await start(), await start({ wallet: { isTrusted: untrusted } })]
    const seen = JSON.parse(
      new URL((await offerOf(victim.issuer, true)).uri).searchParams.get('credential_offer') ?? '',
    )
    const lure = { ...seen, credential_issuer: attacker.origin }
    const uri = `openid-credential-offer://?credential_offer=${encodeURIComponent(JSON.stringify(lure))}`
    attacker.between = async (url, init, go) => {
      const response = await go(url, init)
      if (!url.endsWith('/openid-credential-issuer')) return response
      const metadata = { ...(await response.json()), authorization_servers: [victim.origin] }
      return new Response(JSON.stringify(metadata), response)
    }
    await expect(attacker.wallet.readOffer(uri)).rejects.toMatchObject({ code: 'wallet.offer.untrusted' })
    expect(asked).toEqual([`credential-issuer ${attacker.origin}`])
  })

  it('and repeats no text of an issuer in its errors that is no code', async () => {
    for (const path of ['/token', '/credential']) {
      const parties = await start()
      parties.between = async (url, init, go) => {
        if (!url.endsWith(path)) return go(url, init)
        return Response.json({ error: 'x\n{"event":"forged"}' }, { status: 400 })
      }
      const received = await parties.wallet.readOffer((await offerOf(parties.issuer)).uri)
      await expect(parties.wallet.receive(received).then(requireReceived)).rejects.toMatchObject({
        code: 'wallet.receive.refused',
        issuerError: '400',
        message: expect.not.stringContaining('forged'),
      })
    }
  })

  it('from an address inside, unless that is allowed', async () => {
    const { issuer } = await start()
    const wallet = createWallet({
      formats: [paperHolder(await signerFromJwk(await generateJwk('ES256')))],
      keys: createMemoryHolderKeys(),
      store: createMemoryStore(),
      isTrusted: trustAnyone('a test'),
    })
    await expect(wallet.readOffer((await offerOf(issuer)).uri)).rejects.toMatchObject({
      code: 'wallet.fetch.unavailable',
    })
  })
})
