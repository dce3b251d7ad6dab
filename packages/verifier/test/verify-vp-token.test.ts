import {
  type Check,
  type CheckStatus,
  ignoreStatus,
  type JsonObject,
  type PresentationBinding,
  ResolveError,
  type Signer,
  textCredential,
  trustOnly,
  type VerifierFormat,
} from '@ekkasan/core'
import { base64url } from '@ekkasan/core/bytes'
import { generateJwk, signerFromJwk } from '@ekkasan/keys'
import {
  type CredentialReport,
  type VerifyVpTokenOptions,
  VpTokenRejectedError,
  VpTokenUnavailableError,
  verifyVpToken,
} from '@ekkasan/verifier'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { issueSlip, type SlipOptions, slipHolder, slipVerifier } from './slip.ts'

const binding: PresentationBinding = { clientId: 'x509_hash:a', nonce: 'n' }
const asked = (more: object = {}) => ({
  id: 'slip',
  format: 'dc+sd-jwt',
  meta: { vct_values: ['Slip'] },
  claims: [{ path: ['given_name'] }],
  ...more,
})
const query = { credentials: [asked()] }

let issuer: Signer
let holder: Signer
let formats: readonly VerifierFormat[]
beforeAll(async () => {
  issuer = await signerFromJwk(await generateJwk('ES256'))
  holder = await signerFromJwk(await generateJwk('ES256'))
  formats = [slipVerifier(issuer.key.publicJwk)]
})

async function present(
  options: Partial<SlipOptions> = {},
  more: Partial<PresentationBinding> = {},
  by = holder,
): Promise<string> {
  const credential = await issueSlip({ issuer, holder: holder.key.publicJwk, ...options })
  const how = { disclose: [], binding: { ...binding, ...more }, holder: by }
  return textCredential(await slipHolder().present(credential, how))
}

const verify = (vpToken: unknown, more: Partial<VerifyVpTokenOptions> = {}) =>
  verifyVpToken(vpToken, {
    query,
    formats,
    isTrusted: trustOnly([
      { role: 'credential-issuer', id: 'https://issuer.example', types: ['Slip', 'Other'] },
    ]),
    binding,
    ...more,
  })

const reportOf = async (
  promise: Promise<unknown>,
  kind: typeof VpTokenRejectedError | typeof VpTokenUnavailableError,
) => {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(kind)
  return (error as VpTokenRejectedError).report
}

const notPassed = (report: readonly CredentialReport[]): readonly Check[] =>
  report
    .flatMap(({ checks }) => checks)
    .filter(({ outcome }) => outcome !== 'passed' && outcome !== 'skipped')

describe('a VP Token that answers', () => {
  it('gives the credentials by query id, each with its checks', async () => {
    const { presentations, checks } = await verify({ slip: [await present()] })
    expect(checks).toEqual([{ name: 'query', outcome: 'passed' }])
    const [credential] = presentations.slip ?? []
    // Its family name was not asked for, and is forgotten.
    expect(credential?.claims).toEqual({ given_name: 'สมชาย' })
    expect(credential?.checks.at(-1)).toEqual({ name: 'query', outcome: 'passed' })
    const names = credential?.checks.map(({ name }) => name)
    expect(names).toEqual([
      'structure',
      'issuer-signature',
      'issuer-trust',
      'validity-start',
      'validity-end',
      'holder-signature',
      'holder-audience',
      'holder-nonce',
      'holder-content',
      'holder-transaction',
      'status',
      'query',
    ])
  })

  it('may hold several where the query says so', async () => {
    const several = { credentials: [asked({ multiple: true })] }
    const { presentations } = await verify({ slip: [await present(), await present()] }, { query: several })
    expect(presentations.slip).toHaveLength(2)
  })

  it('may leave out what is optional, and choose among alternatives', async () => {
    const sets = {
      credentials: [asked(), asked({ id: 'other', meta: { vct_values: ['Other'] } }), asked({ id: 'extra' })],
      credential_sets: [{ options: [['slip'], ['other']] }, { options: [['extra']], required: false }],
    }
    const other = await present({ type: 'Other' })
    expect(Object.keys((await verify({ other: [other] }, { query: sets })).presentations)).toEqual(['other'])
    const both = { slip: [await present()], extra: [await present()] }
    expect(Object.keys((await verify(both, { query: sets })).presentations)).toEqual(['slip', 'extra'])
  })

  it('need not be bound to its holder where the query says so', async () => {
    const unbound = { credentials: [asked({ require_cryptographic_holder_binding: false })] }
    const credential = await issueSlip({ issuer })
    const { presentations } = await verify({ slip: [credential] }, { query: unbound })
    expect(presentations.slip?.[0]?.checks.map(({ name }) => name)).not.toContain('holder-nonce')
  })
})

describe('a VP Token that does not answer the query', () => {
  const whole = async (vpToken: unknown, more: Partial<VerifyVpTokenOptions> = {}) => {
    const report = await reportOf(verify(vpToken, more), VpTokenRejectedError)
    expect(report).toHaveLength(1)
    return report[0]?.checks
  }
  const failed = (code: string) => [expect.objectContaining({ name: 'query', outcome: 'failed', code })]

  it('with what was not asked is refused', async () => {
    const token = { slip: [await present()], more: [await present()] }
    expect(await whole(token)).toEqual(failed('verifier.vp-token.not-asked'))
    expect(await whole({ toString: ['x'] })).toEqual(failed('verifier.vp-token.not-asked'))
  })

  it('with several where one was asked is refused', async () => {
    const token = { slip: [await present(), await present()] }
    expect(await whole(token)).toEqual(failed('verifier.vp-token.too-many'))
  })

  it('with a required credential missing is refused (field)', async () => {
    const two = { credentials: [asked(), asked({ id: 'two' })] }
    expect(await whole({ slip: [await present()] }, { query: two })).toEqual(
      failed('verifier.vp-token.incomplete'),
    )
    expect(await whole({})).toEqual(failed('verifier.vp-token.incomplete'))
  })

  it.each<[string, Partial<SlipOptions>, object, string]>([
    ['of another type (field)', { type: 'Other' }, {}, 'openid4vc.query.type'],
    ['without a claim asked for', { claims: { family_name: 'x' } }, {}, 'openid4vc.query.claim-missing'],
    [
      'with another value than asked for',
      {},
      { claims: [{ path: ['given_name'], values: ['สมหญิง'] }] },
      'openid4vc.query.claim-value',
    ],
  ])('a credential %s fails exactly the check `query`', async (_what, options, more, code) => {
    const token = { slip: [await present(options)] }
    const report = await reportOf(
      verify(token, { query: { credentials: [asked(more)] } }),
      VpTokenRejectedError,
    )
    expect(notPassed(report)).toEqual([{ name: 'query', outcome: 'failed', code }])
    expect(report[1]).toMatchObject({ queryId: 'slip', index: 0 })
  })

  it('one of several that is not acceptable makes the whole so, and the report says which', async () => {
    const several = { credentials: [asked({ multiple: true })] }
    const token = { slip: [await present(), await present({}, { nonce: 'other' })] }
    const report = await reportOf(verify(token, { query: several }), VpTokenRejectedError)
    expect(notPassed(report.filter(({ index }) => index === 0))).toEqual([])
    expect(notPassed(report.filter(({ index }) => index === 1))).toMatchObject([{ name: 'holder-nonce' }])
  })

  it('is not looked at further: nothing is verified or fetched', async () => {
    const never: VerifierFormat = { ...formats[0]!, verify: () => Promise.reject(new Error('was verified')) }
    await reportOf(verify({ other: ['x'] }, { formats: [never] }), VpTokenRejectedError)
  })
})

describe('exactly one check fails', () => {
  it.each<[string, () => Promise<string>, Partial<VerifyVpTokenOptions>]>([
    ['holder-signature', async () => present({}, {}, await signerFromJwk(await generateJwk('ES256'))), {}],
    ['holder-audience', () => present({}, { clientId: 'x509_hash:b' }), {}],
    ['holder-nonce', () => present({}, { nonce: 'm' }), {}],
    ['issuer-trust', () => present(), { isTrusted: trustOnly([]) }],
    ['validity-end', () => present({ until: new Date(0) }), {}],
  ])('%s', async (name, presentation, more) => {
    const report = await reportOf(verify({ slip: [await presentation()] }, more), VpTokenRejectedError)
    expect(notPassed(report)).toMatchObject([{ name, outcome: 'failed' }])
  })

  const status = { uri: 'https://issuer.example/status', index: 1 }
  const answering =
    (value: 'valid' | 'revoked' | 'suspended'): CheckStatus =>
    async () => ({ status: value, asOf: new Date(0) })

  it('status', async () => {
    for (const value of ['revoked', 'suspended'] as const) {
      const token = { slip: [await present({ status })] }
      const report = await reportOf(verify(token, { checkStatus: answering(value) }), VpTokenRejectedError)
      expect(notPassed(report)).toMatchObject([{ name: 'status', code: `core.status.${value}` }])
    }
    const token = { slip: [await present({ status })] }
    await verify(token, { checkStatus: answering('valid') })
    await verify(token, { checkStatus: ignoreStatus('a test') })
  })

  it('what could not be found out is told apart from what is wrong (field)', async () => {
    const token = { slip: [await present({ status })] }
    const unreachable: CheckStatus = () =>
      Promise.reject(new ResolveError('core.resolve.unavailable', 'no answer'))
    const report = await reportOf(verify(token, { checkStatus: unreachable }), VpTokenUnavailableError)
    expect(notPassed(report)).toMatchObject([{ name: 'status', outcome: 'unknown' }])
    expect(notPassed(await reportOf(verify(token), VpTokenUnavailableError))).toMatchObject([
      { name: 'status', outcome: 'unknown', code: 'core.status.not-configured' },
    ])
  })

  it('a credential that is wrong outweighs one that is unknown', async () => {
    const several = { credentials: [asked({ multiple: true })] }
    const token = { slip: [await present({ status }), await present({}, { nonce: 'm' })] }
    await reportOf(verify(token, { query: several }), VpTokenRejectedError)
  })
})

describe('transaction data (OpenID4VP 8.4)', () => {
  const data = (ids: readonly string[]) => base64url(JSON.stringify({ type: 'pay', credential_ids: ids }))
  const two = {
    credentials: [asked(), asked({ id: 'two' })],
    credential_sets: [{ options: [['slip', 'two'], ['slip']] }],
  }
  const transactionData = [data(['slip'])]

  it('is covered by the proof of the credential that it names, and by no other', async () => {
    const token = { slip: [await present({}, { transactionData })], two: [await present()] }
    const { presentations } = await verify(token, { query: two, binding: { ...binding, transactionData } })
    const outcome = (id: string) =>
      presentations[id]?.[0]?.checks.find(({ name }) => name === 'holder-transaction')?.outcome
    expect([outcome('slip'), outcome('two')]).toEqual(['passed', 'skipped'])
  })

  it('that the proof does not cover fails exactly holder-transaction', async () => {
    for (const other of [{}, { transactionData: [data(['two'])] }]) {
      const token = { slip: [await present({}, other)] }
      const options = { query: two, binding: { ...binding, transactionData } }
      const report = await reportOf(verify(token, options), VpTokenRejectedError)
      expect(notPassed(report)).toMatchObject([{ name: 'holder-transaction', outcome: 'failed' }])
    }
  })

  it('whose credential was not presented is not authorised', async () => {
    const options = { query: two, binding: { ...binding, transactionData: [data(['two'])] } }
    const report = await reportOf(verify({ slip: [await present()] }, options), VpTokenRejectedError)
    expect(notPassed(report)).toMatchObject([{ name: 'query', code: 'verifier.vp-token.transaction' }])
  })
})

describe('misuse is a TypeError', () => {
  it.each<[string, Partial<VerifyVpTokenOptions>]>([
    ['a query that is none', { query: {} }],
    ['a query for a format that was not given', { query: { credentials: [asked({ format: 'mso_mdoc' })] } }],
  ])('%s', async (_what, more) => {
    await expect(verify({ slip: ['x'] }, more)).rejects.toThrow(TypeError)
  })

  it('a format that breaks its promise is not taken for an answer', async () => {
    const broken: VerifierFormat = { ...formats[0]!, verify: () => Promise.reject(new RangeError('broken')) }
    await expect(verify({ slip: ['x'] }, { formats: [broken] })).rejects.toThrow(RangeError)
  })
})

it('no VP Token makes it do anything but refuse', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.jsonValue(), fc.record({ slip: fc.jsonValue() })), async (value) => {
      const error = await verify(value as JsonObject).catch((reason: unknown) => reason)
      expect((error as { code?: string }).code).toMatch(/^(openid4vc|verifier|slip)\./)
    }),
  )
})
