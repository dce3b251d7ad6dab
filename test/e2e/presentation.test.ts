import { createGuardedFetch, createMemoryStore, type JsonValue, trustAnyone, trustOnly } from '@ekkasan/core'
import { createDidResolver } from '@ekkasan/did'
import { generateJwk, publicJwkOf, signerFromJwk } from '@ekkasan/keys'
import { createVerifier, type Verifier } from '@ekkasan/verifier'
import { createMemoryHolderKeys, createWallet, type WalletError } from '@ekkasan/wallet'
import { afterEach, expect, it } from 'vitest'
import { paperCertificate, readPaperCertificate } from '../../packages/verifier/test/certificate.ts'
import { issueSlip, slipHolder, slipVerifier } from '../../packages/verifier/test/slip.ts'
import { serve } from '../serve.ts'

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

const query = {
  credentials: [
    {
      id: 'slip',
      format: 'dc+sd-jwt',
      meta: { vct_values: ['Slip'] },
      claims: [{ path: ['given_name'] }],
    },
  ],
}

async function world({ path = '', trusted = ['https://issuer.example'] } = {}) {
  const issuer = await signerFromJwk(await generateJwk('ES256'))
  const jwk = await generateJwk('ES256')
  const { d: _d, ...publicJwk } = jwk
  const signer = await signerFromJwk(jwk, { x5c: [paperCertificate(publicJwk, ['127.0.0.1'], 'กรมทดสอบ')] })
  let verifier: Verifier | undefined
  const { origin, close } = await serve((at) => {
    verifier = createVerifier({
      url: `${at}${path}`,
      names: { th: 'กรม', en: 'Department' },
      identity: { prefix: 'x509_hash', signer },
      formats: [slipVerifier(issuer.key.publicJwk)],
      store: createMemoryStore(),
      isTrusted: trustOnly(trusted.map((id) => ({ role: 'credential-issuer', id }))),
    })
    return verifier.fetch
  })
  closers.push(close)
  const keys = createMemoryHolderKeys()
  const store = createMemoryStore()
  const holder = await keys.create('ES256')
  const wallet = createWallet({
    formats: [slipHolder()],
    keys,
    store,
    isTrusted: trustAnyone('a test'),
    readCertificate: readPaperCertificate,
    fetch: createGuardedFetch({ allowHosts: [new URL(origin).host] }),
  })
  const credential = await issueSlip({ issuer, holder: holder.key.publicJwk })
  const kept = {
    id: 'one',
    format: 'dc+sd-jwt',
    credential,
    holder: { jwk: holder.key.publicJwk },
    issuer: { id: 'https://issuer.example', method: 'jwt-vc-issuer' },
    issuerNames: {},
    metadata: {},
    view: slipHolder().view(credential),
    checks: [],
    receivedAt: 0,
  }
  await store.put('credential/one', kept as unknown as JsonValue)
  return { origin, verifier: verifier as Verifier, wallet }
}

const modes = [
  ['direct_post', 'get', ''],
  ['direct_post', 'post', '/tenant'],
  ['direct_post.jwt', 'get', '/tenant'],
  ['direct_post.jwt', 'post', ''],
] as const

it.each(modes)(
  'a wallet presents what a verifier asks for, over HTTP: %s, request by %s, verifier path "%s"',
  async (responseMode, requestUriMethod, path) => {
    const { verifier, wallet } = await world({ path })
    const started = await verifier.start({ query, responseMode, requestUriMethod })
    expect(await verifier.result(started.id)).toEqual({ state: 'requested' })
    const request = await wallet.readRequest(started.requestUri)
    expect(await verifier.result(started.id)).toEqual({ state: 'request-fetched' })
    expect(request).toEqual({
      verifier: { clientId: verifier.clientId, names: { und: 'กรมทดสอบ' }, trusted: true },
      options: [
        {
          queryId: 'slip',
          candidates: [
            {
              credentialId: 'one',
              disclose: [['given_name']],
              // A slip discloses all that is in it, and so it is shown.
              shown: [
                { path: ['given_name'], value: 'สมชาย', always: true },
                { path: ['family_name'], value: 'ใจดี', always: true },
              ],
            },
          ],
        },
      ],
      sets: [{ required: true, options: [['slip']] }],
      missing: [],
    })
    expect(await wallet.present(request, { slip: ['one'] })).toEqual({})
    const result = await verifier.result(started.id)
    expect(result.state === 'verified' && result.presentations.slip?.[0]?.claims.given_name).toBe('สมชาย')
    await expect(wallet.present(request, { slip: ['one'] })).rejects.toMatchObject({
      code: 'wallet.present.refused',
    })
  },
)

it('on the same device the result is for the browser that asked, with the code that came back', async () => {
  const { verifier, wallet, origin } = await world()
  const started = await verifier.start({ query, redirectUri: `${origin}/back?page=1` })
  const { redirectUri } = await wallet.present(await wallet.readRequest(started.requestUri), {
    slip: ['one'],
  })
  const back = new URL(redirectUri as string)
  expect(back.searchParams.get('page')).toBe('1')
  const responseCode = back.searchParams.get('response_code') as string
  const browserSecret = started.browserSecret as string
  const refused = { code: 'verifier.result.not-entitled' }
  await expect(verifier.result(started.id)).rejects.toMatchObject(refused)
  await expect(verifier.result(started.id, { browserSecret: 'x', responseCode })).rejects.toMatchObject(
    refused,
  )
  await expect(verifier.result(started.id, { browserSecret, responseCode: 'x' })).rejects.toMatchObject(
    refused,
  )
  expect(await verifier.result(started.id, { browserSecret, responseCode })).toMatchObject({
    state: 'verified',
  })
})

it('a person says no, and the verifier is told', async () => {
  const { verifier, wallet } = await world()
  const started = await verifier.start({ query })
  expect(await wallet.decline(await wallet.readRequest(started.requestUri))).toEqual({})
  expect(await verifier.result(started.id)).toMatchObject({ state: 'refused', error: 'access_denied' })
})

it('a refused presentation is told to the wallet, with where the person reads why', async () => {
  const { verifier, wallet, origin } = await world({ trusted: [] })
  const started = await verifier.start({ query, redirectUri: `${origin}/back` })
  const request = await wallet.readRequest(started.requestUri)
  const refusal = (await wallet.present(request, { slip: ['one'] }).catch((error) => error)) as WalletError
  expect(refusal.code).toBe('wallet.present.refused')
  const responseCode = new URL(refusal.redirectUri as string).searchParams.get('response_code') as string
  const browserSecret = started.browserSecret as string
  const result = await verifier.result(started.id, { browserSecret, responseCode })
  expect(result).toMatchObject({ state: 'rejected' })
  const failed = result.state === 'rejected' ? result.report.flatMap(({ checks }) => checks) : []
  expect(failed.filter(({ outcome }) => outcome === 'failed')).toMatchObject([
    { name: 'issuer-trust', outcome: 'failed', code: 'core.trust.not-listed' },
  ])
})

it('a verifier is found by its did:web document, which it serves itself', async () => {
  const issuer = await signerFromJwk(await generateJwk('ES256'))
  const jwk = await generateJwk('ES256')
  // A did:web names no address, only a host.
  const named = (at: string) => at.replace('127.0.0.1', 'localhost')
  const { origin, close } = await serve((address) => {
    const at = named(address)
    const did = `did:web:${encodeURIComponent(new URL(at).host)}`
    const publicKeyJwk = publicJwkOf(jwk)
    const method = { id: `${did}#1`, type: 'JsonWebKey', controller: did, publicKeyJwk }
    const document = { id: did, verificationMethod: [method], assertionMethod: [method.id] }
    return async (request) => {
      verifier ??= createVerifier({
        url: at,
        names: { en: 'Verifier' },
        identity: {
          prefix: 'decentralized_identifier',
          did,
          document,
          signer: await signerFromJwk(jwk, { kid: method.id }),
        },
        formats: [slipVerifier(issuer.key.publicJwk)],
        store: createMemoryStore(),
        isTrusted: trustAnyone('a test'),
      })
      return verifier.fetch(request)
    }
  })
  let verifier: Verifier | undefined
  closers.push(close)
  await fetch(origin)
  const { host } = new URL(named(origin))
  const guarded = createGuardedFetch({ allowHosts: [host] })
  const wallet = createWallet({
    formats: [slipHolder()],
    keys: createMemoryHolderKeys(),
    store: createMemoryStore(),
    isTrusted: trustOnly([
      { role: 'verifier', id: `decentralized_identifier:did:web:${encodeURIComponent(host)}` },
    ]),
    resolveDid: createDidResolver({ fetch: guarded, allowHttp: [host] }),
    fetch: guarded,
  })
  const started = await verifier!.start({ query, requestUriMethod: 'post' })
  const request = await wallet.readRequest(started.requestUri)
  expect(request.verifier).toEqual({ clientId: verifier!.clientId, names: {}, trusted: true })
  expect(request.missing).toEqual(['slip'])
})

it('several credentials, alternatives, and one that is optional', async () => {
  const { verifier, wallet } = await world()
  const slip = query.credentials[0]!
  const sets = {
    credentials: [
      { ...slip, id: 'pass', meta: { vct_values: ['Pass'] } },
      { ...slip, id: 'name' },
      { ...slip, id: 'family', claims: [{ path: ['family_name'] }] },
    ],
    credential_sets: [{ options: [['pass'], ['name']] }, { options: [['family']], required: false }],
  }
  const read = async () => {
    const started = await verifier.start({ query: sets })
    return { id: started.id, request: await wallet.readRequest(started.requestUri) }
  }
  const first = await read()
  expect(first.request.missing).toEqual([])
  expect(first.request.options.map(({ queryId }) => queryId)).toEqual(['name', 'family'])
  expect(first.request.sets).toEqual([
    { required: true, options: [['name']] },
    { required: false, options: [['family']] },
  ])
  await wallet.present(first.request, { name: ['one'] })
  const second = await read()
  await wallet.present(second.request, { name: ['one'], family: ['one'] })
  const answered = async (id: string) => {
    const result = await verifier.result(id)
    return result.state === 'verified' ? Object.keys(result.presentations) : result.state
  }
  expect(await answered(first.id)).toEqual(['name'])
  expect(await answered(second.id)).toEqual(['name', 'family'])
})
