import { base64url } from '@ekkasan/core/bytes'
import { didJwkUrlOf } from '@ekkasan/did'
import { generateJwk, parseJws, publicJwkOf, signerFromJwk } from '@ekkasan/keys'
import { createProof, preAuthorizedCodeGrant } from '@ekkasan/openid4vc'
import type { Verifier } from '@ekkasan/verifier'
import type { Wallet } from '@ekkasan/wallet'
import { requireReceived } from '@ekkasan/wallet'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  authorityKey,
  configurationIds,
  credentialQuery,
  type FormatId,
  formatIds,
  issuer,
  issuerUrl,
  offer,
  openWallet,
  shown,
  startVerifier,
  walletWith,
} from './all-formats.ts'

let verifier: Verifier
let close: () => Promise<void>
beforeAll(async () => {
  const started = await startVerifier()
  ;({ verifier, close } = started)
})
afterAll(() => close?.())

async function presentAll(wallet: Wallet, requestUri: string) {
  const request = await wallet.readRequest(requestUri)
  const choice = request.options.map(
    ({ queryId, candidates }) => [queryId, [candidates[0]?.credentialId as string]] as const,
  )
  await wallet.present(request, Object.fromEntries(choice))
  return request
}

describe('a document in every format of OpenID4VC', () => {
  it.each(formatIds)('%s is offered, kept, asked for by DCQL, presented and verified', async (format) => {
    const wallet = await walletWith([format])
    const [kept] = await wallet.credentials()
    expect(kept?.validity.from).toBeInstanceOf(Date)
    const started = await verifier.start({ query: { credentials: [credentialQuery(format)] } })
    await presentAll(wallet, started.requestUri)
    expect(await verifier.result(started.id)).toMatchObject({
      state: 'verified',
      presentations: { id: [{ format }] },
    })
    const result = await verifier.result(started.id)
    expect('presentations' in result && result.presentations.id?.[0]?.claims).toMatchObject(shown(format))
  })

  it('answers one request with four credentials, texts and objects beside one another', async () => {
    const wallet = await walletWith(formatIds)
    const credentials = formatIds.map((format, index) => credentialQuery(format, { id: `q${index}` }))
    const started = await verifier.start({ query: { credentials } })
    await presentAll(wallet, started.requestUri)
    expect(await verifier.result(started.id)).toMatchObject({
      state: 'verified',
      presentations: {
        q0: [{ format: 'dc+sd-jwt' }],
        q1: [{ format: 'mso_mdoc' }],
        q2: [{ format: 'jwt_vc_json' }],
        q3: [{ format: 'ldp_vc' }],
      },
    })
  })
})

it('ldp_vc in a batch: for each key proven an object of its own (OpenID4VCI sections 3.3 and 8.2)', async () => {
  const reference = new URL(await offer('ldp_vc')).searchParams.get('credential_offer_uri') as string
  const { grants } = await (await issuer.fetch(new Request(reference))).json()
  const code = grants[preAuthorizedCodeGrant]['pre-authorized_code']
  const post = async (path: string, body?: BodyInit, headers: Record<string, string> = {}) =>
    (
      await issuer.fetch(
        new Request(`${issuerUrl}/${path}`, { method: 'POST', headers, ...(body && { body }) }),
      )
    ).json()
  const form = new URLSearchParams({ grant_type: preAuthorizedCodeGrant, 'pre-authorized_code': code })
  const { access_token } = await post('token', form)
  const { c_nonce: nonce } = await post('nonce')
  const keys = await Promise.all([generateJwk('ES256'), generateJwk('ES256')])
  const kids = keys.map((jwk) => didJwkUrlOf(publicJwkOf(jwk)))
  const jwt = await Promise.all(
    keys.map(async (jwk, index) => {
      const signer = await signerFromJwk(jwk, { kid: kids[index] as string })
      return createProof({ signer, issuer: issuerUrl, nonce, binding: 'kid', now: new Date() })
    }),
  )
  const body = { credential_configuration_id: configurationIds.ldp_vc, proofs: { jwt } }
  const headers = { Authorization: `Bearer ${access_token}`, 'Content-Type': 'application/json' }
  const { credentials } = await post('credential', JSON.stringify(body), headers)
  const subjects = credentials.map(
    ({ credential }: { credential: { credentialSubject: { id: string } } }) =>
      credential.credentialSubject.id,
  )
  expect(subjects).toEqual(kids.map((kid) => kid.split('#')[0]))
})

describe('one document offered in several formats', () => {
  it.each<[string, readonly FormatId[], FormatId]>([
    ['SD-JWT VC first', formatIds, 'dc+sd-jwt'],
    ['mdoc first', ['mso_mdoc', 'ldp_vc', 'dc+sd-jwt'], 'mso_mdoc'],
    ['W3C formats alone', ['ldp_vc', 'jwt_vc_json'], 'ldp_vc'],
  ])('a wallet with %s takes it once, in its own order of formats', async (_what, formats, taken) => {
    const wallet = openWallet(formats)
    const read = await wallet.readOffer(await offer(...formatIds))
    expect(read.credentials.map(({ format }) => format)).toEqual([taken])
    expect(read.others).toHaveLength(3)
    for (const { format, supported } of read.others) expect(supported).toBe(formats.includes(format as never))
    expect(requireReceived(await wallet.receive(read)).map(({ format }) => format)).toEqual([taken])
  })

  it('a person who chooses another gets that one, and who chooses all gets all', async () => {
    const one = openWallet()
    const ldp = [configurationIds.ldp_vc]
    const [kept] = requireReceived(
      await one.receive(await one.readOffer(await offer(...formatIds)), {
        configurationIds: ldp,
      }),
    )
    expect(kept?.format).toBe('ldp_vc')
    expect(await (await walletWith(formatIds)).credentials()).toHaveLength(4)
  })

  it('a wallet that has none of the formats spends no code', async () => {
    const wallet = openWallet(['mso_mdoc'])
    const uri = await offer('ldp_vc', 'jwt_vc_json')
    const read = await wallet.readOffer(uri)
    expect(read.credentials).toEqual([])
    await expect(wallet.receive(read).then(requireReceived)).rejects.toMatchObject({
      code: 'wallet.offer.unsupported',
    })
    const other = openWallet(['ldp_vc'])
    expect(requireReceived(await other.receive(await other.readOffer(uri)))).toHaveLength(1)
  })
})

describe('trusted_authorities (OpenID4VP section 6.1.1)', () => {
  const asking = (format: FormatId, values: readonly string[], type = 'aki') =>
    credentialQuery(format, { trusted_authorities: [{ type, values }] })

  it.each<FormatId>(['dc+sd-jwt', 'mso_mdoc'])(
    '%s: a credential under the authority is offered and accepted',
    async (format) => {
      const wallet = await walletWith([format])
      const query = { credentials: [asking(format, ['AAAA', authorityKey])] }
      const started = await verifier.start({ query })
      await presentAll(wallet, started.requestUri)
      expect(await verifier.result(started.id)).toMatchObject({ state: 'verified' })
    },
  )

  it.each(formatIds)('%s: a credential under another authority is not offered', async (format) => {
    const wallet = await walletWith([format])
    const started = await verifier.start({ query: { credentials: [asking(format, ['AAAA'])] } })
    expect((await wallet.readRequest(started.requestUri)).missing).toEqual(['id'])
  })

  it.each(['etsi_tl', 'openid_federation', 'constructor', '__proto__', 'x'])(
    'a wallet that does not understand the type %s offers nothing for it',
    async (type) => {
      const understanding = await startVerifierFor(type)
      const wallet = await walletWith(['dc+sd-jwt'])
      const query = { credentials: [asking('dc+sd-jwt', [authorityKey], type)] }
      expect((await wallet.readRequest((await understanding.start({ query })).requestUri)).missing).toEqual([
        'id',
      ])
    },
  )

  it('a verifier looks again: a wallet that presents what is under another authority is refused', async () => {
    const careless = await walletWith(['dc+sd-jwt'], { trustedAuthorities: { aki: () => true } })
    const started = await verifier.start({ query: { credentials: [asking('dc+sd-jwt', ['AAAA'])] } })
    await expect(presentAll(careless, started.requestUri)).rejects.toMatchObject({
      code: 'wallet.present.refused',
    })
    const result = await verifier.result(started.id)
    const checks = 'report' in result ? result.report.flatMap((one) => one.checks) : []
    const failed = checks.filter(({ outcome }) => outcome === 'failed')
    expect(failed).toEqual([{ name: 'query', outcome: 'failed', code: 'openid4vc.query.authority' }])
  })

  it('a verifier is not started with a type that it cannot check', async () => {
    const query = { credentials: [asking('dc+sd-jwt', ['x'], 'etsi_tl')] }
    await expect(verifier.start({ query })).rejects.toThrow(TypeError)
    await expect(verifier.startDcApi({ query })).rejects.toThrow(TypeError)
  })
})

/** A verifier that says it understands a type, whatever that is. */
async function startVerifierFor(type: string): Promise<Verifier> {
  const { verifier: other, close: end } = await startVerifier('', { [type]: () => true })
  closers.push(end)
  return other
}
const closers: (() => Promise<void>)[] = []
afterAll(async () => {
  for (const end of closers) await end()
})

describe('transaction data (OpenID4VP section 8.4, Appendix B.3.3)', () => {
  const pay = (more: object = {}) => ({ type: 'pay', credential_ids: ['id'], amount: 100, ...more })
  const types = {
    transactionDataTypes: { pay: ({ amount }: object & { amount?: unknown }) => amount === 100 },
  }
  const query = { credentials: [credentialQuery('dc+sd-jwt')] }

  it.each<[string, object, string | undefined]>([
    ['sha-256 unless told', {}, undefined],
    ['the one that is named', { transaction_data_hashes_alg: ['sha-512'] }, 'sha-512'],
    ['one of those named', { transaction_data_hashes_alg: ['sha-384', 'sha-256'] }, 'sha-384'],
  ])('is shown by type, authorised and verified, hashed with %s', async (_what, more) => {
    const wallet = await walletWith(['dc+sd-jwt'], types)
    const started = await verifier.start({ query, transactionData: [pay(more)] })
    const request = await presentAll(wallet, started.requestUri)
    expect(request.transactionData).toEqual([{ type: 'pay', queryIds: ['id'], content: pay(more) }])
    const result = await verifier.result(started.id)
    expect(result).toMatchObject({ state: 'verified' })
    const checks = 'presentations' in result ? (result.presentations.id?.[0]?.checks ?? []) : []
    expect(checks).toContainEqual({ name: 'holder-transaction', outcome: 'passed' })
  })

  it.each<[string, object]>([
    ['of a type that the wallet does not know', pay({ type: 'other' })],
    ['of a type that every object inherits', pay({ type: 'constructor' })],
    ['that says what its type does not allow', pay({ amount: 101 })],
    ['with no hash algorithm that is known', pay({ transaction_data_hashes_alg: ['md5'] })],
  ])('%s is refused, and nothing is presented', async (_what, entry) => {
    const wallet = await walletWith(['dc+sd-jwt'], types)
    const started = await verifier.start({ query, transactionData: [entry as never] })
    await expect(presentAll(wallet, started.requestUri)).rejects.toMatchObject({ code: expect.any(String) })
    expect((await verifier.result(started.id)).state).not.toBe('verified')
  })

  it.each<FormatId>(['mso_mdoc', 'jwt_vc_json', 'ldp_vc'])(
    '%s has no place for it: it is not asked for, and not answered',
    async (format) => {
      const asked = { query: { credentials: [credentialQuery(format)] }, transactionData: [pay()] }
      await expect(verifier.start(asked)).rejects.toThrow(TypeError)
      await expect(verifier.startDcApi(asked)).rejects.toThrow(TypeError)
      const wallet = await walletWith([format], types)
      const data = {
        response_type: 'vp_token',
        response_mode: 'dc_api',
        nonce: 'n',
        dcql_query: asked.query,
        transaction_data: [base64url(JSON.stringify(pay()))],
      }
      await expect(
        wallet.openDcApiRequest({
          protocol: 'openid4vp-v1-unsigned',
          data: data as never,
          origin: 'https://a.example',
        }),
      ).rejects.toMatchObject({
        code: 'openid4vc.request.transaction-data',
        error: 'invalid_transaction_data',
      })
    },
  )

  it('is authorised through the Digital Credentials API too', async () => {
    const wallet = await walletWith(['dc+sd-jwt'], types)
    const started = await verifier.startDcApi({ query, transactionData: [pay()] })
    expect(started.requests.map(({ protocol }) => protocol)).not.toContain('org-iso-mdoc')
    const at = new URL(started.responseUri).origin
    const [asked] = started.requests
    const request = await wallet.openDcApiRequest({ ...(asked as NonNullable<typeof asked>), origin: at })
    expect(request.transactionData).toMatchObject([{ type: 'pay' }])
    const id = request.options[0]?.candidates[0]?.credentialId as string
    const { dcApiResponse } = await wallet.present(request, { id: [id] })
    const answer = { ...(dcApiResponse as NonNullable<typeof dcApiResponse>), origin: at }
    const result = await verifier.completeDcApi(started.id, answer)
    const checks = 'presentations' in result ? (result.presentations.id?.[0]?.checks ?? []) : []
    expect(checks).toContainEqual({ name: 'holder-transaction', outcome: 'passed' })
  })

  it('of several credentials that can authorise it, the first that is chosen does, alone', async () => {
    const wallet = await walletWith(['dc+sd-jwt'], types)
    const data = {
      response_type: 'vp_token',
      response_mode: 'dc_api',
      nonce: 'n',
      dcql_query: {
        credentials: ['a', 'b', 'c'].map((id) => credentialQuery('dc+sd-jwt', { id })),
        credential_sets: [{ options: [['b', 'c']] }],
      },
      transaction_data: [base64url(JSON.stringify(pay({ credential_ids: ['a', 'c', 'b'] })))],
    }
    const request = await wallet.openDcApiRequest({
      protocol: 'openid4vp-v1-unsigned',
      data: data as never,
      origin: 'https://a.example',
    })
    const id = request.options[0]?.candidates[0]?.credentialId as string
    const { dcApiResponse } = await wallet.present(request, { b: [id], c: [id] })
    const token = dcApiResponse?.data.vp_token as Record<'b' | 'c', [string]>
    const covers = (presentation: string) =>
      parseJws(presentation.split('~').at(-1) as string).payload.transaction_data_hashes !== undefined
    expect([covers(token.b[0]), covers(token.c[0])]).toEqual([false, true])
  })

  it('a choice without the credential that has to authorise is misuse', async () => {
    const wallet = await walletWith(['dc+sd-jwt'], types)
    const credentials = [credentialQuery('dc+sd-jwt', { id: 'a' }), credentialQuery('dc+sd-jwt', { id: 'b' })]
    const credential_sets = [{ options: [['a'], ['b']] }]
    const started = await verifier.start({
      query: { credentials, credential_sets },
      transactionData: [pay({ credential_ids: ['b'] })],
    })
    const request = await wallet.readRequest(started.requestUri)
    const id = request.options[0]?.candidates[0]?.credentialId as string
    await expect(wallet.present(request, { a: [id] })).rejects.toThrow(TypeError)
    await wallet.present(request, { b: [id] })
    expect(await verifier.result(started.id)).toMatchObject({ state: 'verified' })
  })
})
