import {
  checkCredentialStatus,
  checkIssuerKey,
  checkValidity,
  createChecks,
  type IssuerIdentity,
  ignoreStatus,
  RejectedError,
  ResolveError,
  type ResolveErrorCode,
  trustAnyone,
  trustOnly,
  UnavailableError,
} from '@ekkasan/core'
import { describe, expect, it } from 'vitest'

const issuer: IssuerIdentity = { id: 'https://issuer.example', method: 'jwt-vc-issuer' }
const entry = { uri: 'https://issuer.example/status/1', index: 1 }
const now = new Date('2026-11-21T10:00:00Z')

describe('checks', () => {
  it('are concluded as rejected when any failed, though others are unknown', () => {
    const checks = createChecks()
    checks.pass('structure')
    checks.unknown('status', 'x.y.unknown')
    checks.fail('issuer-trust', 'x.y.failed')
    expect(() => checks.conclude()).toThrow(RejectedError)
    expect(() => checks.conclude()).toThrow(
      expect.objectContaining({ code: 'x.y.failed', checks: checks.list }),
    )
  })

  it('are concluded as unavailable when one is unknown, and returned when all passed or were skipped', () => {
    const checks = createChecks()
    checks.pass('structure')
    checks.skip('status', 'x.y.none')
    expect(checks.conclude()).toHaveLength(2)
    checks.unknown('issuer-key', 'x.y.unknown')
    expect(() => checks.conclude()).toThrow(UnavailableError)
  })

  it('that stand in the way are named in the message, each with its code and the reason', () => {
    const checks = createChecks()
    checks.unknown('status', 'x.y.unknown')
    expect(() => checks.conclude()).toThrow(/^could not be checked: status \(x.y.unknown\)$/)
    checks.fail('issuer-trust', 'x.y.failed', 'nobody is trusted')
    checks.fail('holder-nonce', 'x.y.other')
    expect(() => checks.conclude()).toThrow(
      /^rejected: issuer-trust \(x.y.failed: nobody is trusted\), holder-nonce \(x.y.other\)$/,
    )
  })

  it('are recorded once each', () => {
    const checks = createChecks()
    checks.pass('structure')
    expect(() => checks.fail('structure', 'x')).toThrow(TypeError)
    expect(checks.outcome('structure')).toBe('passed')
    expect(checks.outcome('status')).toBeUndefined()
  })
})

it.each<[ResolveErrorCode, string]>([
  ['core.resolve.unavailable', 'unknown'],
  ['core.resolve.not-found', 'failed'],
  ['core.resolve.invalid', 'failed'],
  ['core.resolve.not-configured', 'failed'],
])('an issuer key that ends in %s is %s', async (code, outcome) => {
  const checks = createChecks()
  const refuse = async () => {
    throw new ResolveError(code, 'x')
  }
  expect(await checkIssuerKey(checks, refuse, { iss: issuer.id, alg: 'ES256' })).toBeUndefined()
  expect(checks.list).toEqual([{ name: 'issuer-key', outcome, code, detail: 'x' }])
})

it('takes no key that was found for another issuer, unless a certificate names him', async () => {
  const jwk = { kty: 'OKP' } as const
  const outcomeOf = async (identity: IssuerIdentity, iss?: string) => {
    const checks = createChecks()
    const question = { alg: 'ES256', ...(iss !== undefined && { iss }) }
    await checkIssuerKey(checks, async () => ({ jwk, identity }), question)
    return checks.outcome('issuer-key')
  }
  expect(await outcomeOf(issuer, issuer.id)).toBe('passed')
  expect(await outcomeOf(issuer, 'https://other.example')).toBe('failed')
  expect(await outcomeOf(issuer)).toBe('failed')
  expect(await outcomeOf({ id: 'CN=Issuer', method: 'x5c' })).toBe('passed')
})

it('lets a mistake of the programmer through instead of recording it', async () => {
  const broken = async () => {
    throw new TypeError('a bug')
  }
  await expect(checkIssuerKey(createChecks(), broken, { alg: 'ES256' })).rejects.toThrow('a bug')
})

it.each([
  [60_000, -59_000, 'passed', 'passed'],
  [61_000, 61_000, 'failed', 'passed'],
  [0, -60_000, 'passed', 'failed'],
])('validity from %i ms to %i ms around now: %s, %s, with a minute of leeway', (from, until, start, end) => {
  const checks = createChecks()
  const at = (offset: number) => new Date(now.getTime() + offset)
  checkValidity(checks, { from: at(from), until: at(until) }, now)
  expect([checks.outcome('validity-start'), checks.outcome('validity-end')]).toEqual([start, end])
})

describe('status', () => {
  const status = async (options: Partial<Parameters<typeof checkCredentialStatus>[1]>, before = 'passed') => {
    const checks = createChecks()
    if (before === 'failed') checks.fail('issuer-trust', 'x.y.z')
    await checkCredentialStatus(checks, { entry, issuer, ...options })
    const { outcome, code, detail } = checks.list.at(-1) as {
      outcome: string
      code?: string
      detail?: string
    }
    return [outcome, code ?? detail]
  }
  const valid = async () => ({ status: 'valid' as const, asOf: now })

  it('is unknown without a means to check it, never fine', async () => {
    expect(await status({})).toEqual(['unknown', 'core.status.not-configured'])
    expect(await status({ checkStatus: valid, entry: 'unsupported' })).toEqual([
      'unknown',
      'core.status.not-configured',
    ])
  })

  it('says as of when it is valid', async () => {
    expect(await status({ checkStatus: valid })).toEqual(['passed', 'as of 2026-11-21T10:00:00.000Z'])
  })

  it('is skipped when ignored on purpose, when there is none, and when another check failed', async () => {
    expect(await status({ checkStatus: ignoreStatus('offline') })).toEqual(['skipped', 'core.status.ignored'])
    expect(await status({ checkStatus: ignoreStatus('offline'), entry: 'unsupported' })).toEqual([
      'skipped',
      'core.status.ignored',
    ])
    expect(await status({ entry: undefined })).toEqual(['skipped', 'core.status.none'])
    expect(await status({ checkStatus: valid }, 'failed')).toEqual(['skipped', 'core.status.not-asked'])
  })
})

describe('trust', () => {
  const isTrusted = trustOnly([
    { role: 'credential-issuer', id: issuer.id, types: ['A'] },
    { role: 'status-issuer', id: 'https://status.example', onBehalfOf: [issuer.id] },
    { role: 'verifier', id: 'x509_hash:abc' },
  ])
  it.each([
    [{ role: 'credential-issuer', id: issuer.id, types: ['A'] }, true],
    [{ role: 'credential-issuer', id: issuer.id, types: ['B'] }, false],
    [{ role: 'credential-issuer', id: issuer.id }, false],
    [{ role: 'credential-issuer', id: `${issuer.id}/`, types: ['A'] }, false],
    [{ role: 'verifier', id: issuer.id }, false],
    [{ role: 'verifier', id: 'x509_hash:abc' }, true],
    [{ role: 'status-issuer', id: issuer.id, onBehalfOf: issuer }, true],
    [{ role: 'status-issuer', id: 'https://status.example', onBehalfOf: issuer }, true],
    [
      {
        role: 'status-issuer',
        id: 'https://status.example',
        onBehalfOf: { ...issuer, id: 'https://other.example' },
      },
      false,
    ],
    [{ role: 'status-issuer', id: 'https://status.example' }, false],
  ] as const)('of %j is %s', async (question, trusted) => {
    expect((await isTrusted(question)).trusted).toBe(trusted)
  })

  it.each<[readonly string[], boolean]>([
    [['VerifiableCredential', 'A'], true],
    [['VerifiableCredential', 'B', 'A'], true],
    [['VerifiableCredential', 'A', 'NationalID'], false],
    [['NationalID', 'A'], false],
    [['VerifiableCredential'], false],
    [[], false],
  ])('of a credential that is %j covers each of its types: %s', async (types, trusted) => {
    const limited = trustOnly([
      { role: 'credential-issuer', id: issuer.id, types: ['A'] },
      { role: 'credential-issuer', id: issuer.id, types: ['B'] },
      { role: 'credential-issuer', id: 'https://other.example', types: ['NationalID'] },
    ])
    const answer = await limited({ role: 'credential-issuer', id: issuer.id, types })
    expect(answer.trusted).toBe(trusted)
  })

  it('says who is not listed, and for what', async () => {
    const asked = { role: 'credential-issuer', id: 'did:example:a', types: ['B'] } as const
    expect(await isTrusted(asked)).toMatchObject({
      code: 'core.trust.not-listed',
      detail: 'did:example:a is not listed as credential-issuer',
    })
    expect(await isTrusted({ ...asked, id: issuer.id })).toMatchObject({
      code: 'core.trust.not-for-this-type',
      detail: 'https://issuer.example is listed as credential-issuer, but not for all of B',
    })
  })

  it('for the base type alone is trust for a credential that says no more', async () => {
    const base = 'VerifiableCredential'
    const isTrusted = trustOnly([{ role: 'credential-issuer', id: issuer.id, types: [base] }])
    const asked = async (types: readonly string[]) =>
      (await isTrusted({ role: 'credential-issuer', id: issuer.id, types })).trusted
    expect([await asked([base]), await asked([base, 'NationalID'])]).toEqual([true, false])
  })

  it('in everyone needs a reason, which the report repeats', async () => {
    expect(() => trustAnyone(' ')).toThrow(TypeError)
    expect(() => ignoreStatus('')).toThrow(TypeError)
    expect(await trustAnyone('a drill')({ role: 'verifier', id: 'x' })).toMatchObject({
      trusted: true,
      detail: expect.stringContaining('a drill'),
    })
  })
})
