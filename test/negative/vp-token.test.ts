import { createHash } from 'node:crypto'
import {
  type CheckStatus,
  type Credential,
  ignoreStatus,
  type JsonObject,
  type PresentationBinding,
  ResolveError,
  type Signer,
  type StatusReference,
  textCredential,
  trustOnly,
} from '@ekkasan/core'
import { base64url } from '@ekkasan/core/bytes'
import { generateJwk, signerFromJwk, signJws } from '@ekkasan/keys'
import { presentSdJwtVc, sdJwtVc, sdJwtVcVerifier } from '@ekkasan/sd-jwt-vc'
import {
  type VerifyVpTokenOptions,
  VpTokenRejectedError,
  VpTokenUnavailableError,
  verifyVpToken,
} from '@ekkasan/verifier'
import { beforeAll, describe, expect, it } from 'vitest'
import { paperDocument } from '../../packages/issuer/test/paper.ts'

// A VP Token with a real SD-JWT VC, W3C body and all: for each check the presentation in which it alone fails.

const issuerUrl = 'https://issuer.example'
const vct = `${issuerUrl}/types/Paper`
const binding: PresentationBinding = { clientId: 'x509_hash:a', nonce: 'n-0S6_WzA2Mj' }
const transactionData = [base64url(JSON.stringify({ type: 'pay', credential_ids: ['paper'] }))]
const asked = (more: object = {}) => ({
  id: 'paper',
  format: 'dc+sd-jwt',
  meta: { vct_values: [vct] },
  claims: [{ path: ['credentialSubject', 'name'] }],
  ...more,
})

let issuer: Signer
let holder: Signer
let stranger: Signer
beforeAll(async () => {
  const signers = await Promise.all([1, 2, 3].map(async () => signerFromJwk(await generateJwk('ES256'))))
  ;[issuer, holder, stranger] = signers as [Signer, Signer, Signer]
})

interface Issuing {
  readonly from?: Date
  readonly until?: Date
  readonly status?: StatusReference
  readonly by?: Signer
}

function credential({
  from = new Date(Date.now() - 60_000),
  until,
  status,
  by = issuer,
}: Issuing = {}): Promise<Credential> {
  return sdJwtVc({ signer: by, vcdm: true, typeUrl: () => vct }).issue({
    document: paperDocument,
    issuer: issuerUrl,
    claims: { name: 'สมชาย', born: '2540' },
    holder: { jwk: holder.key.publicJwk },
    validity: { from, ...(until && { until }) },
    id: 'urn:uuid:00000000-0000-4000-8000-000000000000',
    ...(status && { status }),
  })
}

interface Presenting {
  readonly issuing?: Issuing
  readonly binding?: Partial<PresentationBinding>
  readonly disclose?: readonly (readonly string[])[]
  readonly by?: Signer
  readonly clock?: () => Date
}

async function present(how: Presenting = {}): Promise<string> {
  return presentSdJwtVc({
    credential: textCredential(await credential(how.issuing)),
    disclose: how.disclose ?? [['credentialSubject', 'name']],
    binding: { ...binding, transactionData, ...how.binding },
    holder: how.by ?? holder,
    ...(how.clock && { clock: how.clock }),
  })
}

/** A presentation whose key binding JWT was written by hand. */
async function bound(change: (payload: JsonObject) => JsonObject): Promise<string> {
  const whole = await present()
  const at = whole.lastIndexOf('~') + 1
  const payload = JSON.parse(Buffer.from(whole.slice(at).split('.')[1] as string, 'base64url').toString())
  return (
    whole.slice(0, at) +
    (await signJws({ signer: holder, header: { typ: 'kb+jwt' }, payload: change(payload) }))
  )
}

const verify = (presentation: string, more: Partial<VerifyVpTokenOptions> = {}) =>
  verifyVpToken(
    { paper: [presentation] },
    {
      query: { credentials: [asked()] },
      formats: [
        sdJwtVcVerifier({
          resolveIssuerKey: async () => ({
            jwk: issuer.key.publicJwk,
            identity: { id: issuerUrl, method: 'jwt-vc-issuer' },
          }),
        }),
      ],
      isTrusted: trustOnly([{ role: 'credential-issuer', id: issuerUrl, types: [vct] }]),
      checkStatus: ignoreStatus('a test'),
      binding: { ...binding, transactionData },
      ...more,
    },
  )

const faults = async (
  promise: Promise<unknown>,
  kind: typeof VpTokenRejectedError | typeof VpTokenUnavailableError,
) => {
  const error = await promise.catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(kind)
  const checks = (error as VpTokenRejectedError).report.flatMap((entry) => entry.checks)
  return checks.filter(({ outcome }) => outcome === 'failed' || outcome === 'unknown').map(({ name }) => name)
}

it('what is right passes every check', async () => {
  const { presentations } = await verify(await present())
  const [verified] = presentations.paper ?? []
  expect(verified?.claims).toEqual({ name: 'สมชาย' })
  expect(verified?.checks.filter(({ outcome }) => outcome === 'passed').map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      'structure',
      'issuer-key',
      'issuer-signature',
      'issuer-trust',
      'validity-start',
      'validity-end',
      'data-model',
      'holder-signature',
      'holder-audience',
      'holder-nonce',
      'holder-time',
      'holder-content',
      'holder-transaction',
      'query',
    ]),
  )
})

describe('exactly one check fails', () => {
  const ago = (seconds: number) => () => new Date(Date.now() - seconds * 1000)
  const hashed = (text: string) => createHash('sha256').update(text).digest('base64url')

  it.each<[string, () => Promise<string>, Partial<VerifyVpTokenOptions>?]>([
    ['issuer-signature', () => present({ issuing: { by: stranger } })],
    ['issuer-trust', () => present(), { isTrusted: trustOnly([]) }],
    ['validity-start', () => present({ issuing: { from: new Date(Date.now() + 2 * 86_400_000) } })],
    ['validity-end', () => present({ issuing: { from: new Date(0), until: new Date(1000) } })],
    ['holder-signature', () => present({ by: stranger })],
    ['holder-audience', () => present({ binding: { clientId: 'x509_hash:b' } })],
    ['holder-nonce', () => present({ binding: { nonce: 'other' } })],
    ['holder-time', () => present({ clock: ago(3600) })],
    ['holder-time', () => present({ clock: ago(-3600) })],
    ['holder-content', () => bound((payload) => ({ ...payload, sd_hash: hashed('other') }))],
    [
      'holder-transaction',
      () => bound((payload) => ({ ...payload, transaction_data_hashes: [hashed('other')] })),
    ],
    [
      'holder-transaction',
      () => bound(({ transaction_data_hashes: _none, ...payload }) => payload as JsonObject),
    ],
    ['query', () => present({ disclose: [['credentialSubject', 'born']] })],
    ['query', () => present(), { query: { credentials: [asked({ meta: { vct_values: ['x'] } })] } }],
    [
      'query',
      () => present(),
      {
        query: { credentials: [asked({ claims: [{ path: ['credentialSubject', 'name'], values: ['x'] }] })] },
      },
    ],
  ])('%s', async (name, make, more) => {
    expect(await faults(verify(await make(), more), VpTokenRejectedError)).toEqual([name])
  })

  it('issuer-key', async () => {
    const formats = [
      sdJwtVcVerifier({
        resolveIssuerKey: () => Promise.reject(new ResolveError('core.resolve.not-found', 'no such key')),
      }),
    ]
    expect(await faults(verify(await present(), { formats }), VpTokenRejectedError)).toEqual(['issuer-key'])
  })

  const status = { uri: 'https://issuer.example/status/1', index: 7 }
  const answering =
    (answer: 'revoked' | 'suspended'): CheckStatus =>
    async () => ({ status: answer, asOf: new Date() })

  it.each(['revoked', 'suspended'] as const)('status: %s', async (answer) => {
    const presentation = await present({ issuing: { status } })
    const options = { checkStatus: answering(answer) }
    expect(await faults(verify(presentation, options), VpTokenRejectedError)).toEqual(['status'])
  })

  it('a status that cannot be reached is unknown: neither revoked nor fine (field)', async () => {
    const checkStatus: CheckStatus = () =>
      Promise.reject(new ResolveError('core.resolve.unavailable', 'down'))
    const presentation = await present({ issuing: { status } })
    expect(await faults(verify(presentation, { checkStatus }), VpTokenUnavailableError)).toEqual(['status'])
  })
})
