import type { JsonObject } from '@ekkasan/core'
import { createChecks } from '@ekkasan/core'
import { generateJwk, publicJwkOf, signerFromJwk } from '@ekkasan/keys'
import {
  checkIssuerSignature,
  checkStructure,
  confirmationKey,
  dateOf,
  keyBindingTo,
  parseSdJwt,
  presentSdJwt,
  verifySdJwt,
} from '@ekkasan/sd-jwt'
import { describe, expect, it } from 'vitest'
import { parseSdJwtValue } from '../src/parse.ts'
import { cnf, faults, forge, holder, holderKey, issuerKey } from './setting.ts'

// The exact edges of what decides: bounds, times, algorithm lists, and what an error says.

const now = 1_700_000_000
const clock = () => new Date(now * 1000)
const keyBinding = { audience: 'https://verifier.example', nonce: 'n-1' }
const errorOf = (run: () => unknown): { readonly code: string; readonly message: string } => {
  try {
    run()
  } catch (error) {
    return error as { code: string; message: string }
  }
  throw new TypeError('nothing was thrown')
}
const faultsOf = (presentation: string, options: object = {}) =>
  verifySdJwt(presentation, { issuerKey, clock, ...options }).then(
    ({ checks }) => checks.filter(({ outcome }) => outcome !== 'passed').map(({ name }) => name),
    faults,
  )
const bound = async (iat: number, signer = holder, transactionData?: readonly string[]) =>
  presentSdJwt(await forge({ cnf }), {
    disclose: [],
    keyBinding: {
      holder: signer,
      ...keyBinding,
      clock: () => new Date(iat * 1000),
      ...(transactionData && { transactionData }),
    },
  })

describe('parsing', () => {
  const jwt = async () => (await forge({})).slice(0, -1)

  it('takes 4,194,304 characters and no more', async () => {
    const start = `${await jwt()}~`
    const fill = (length: number) => `${start}${'a'.repeat(length - start.length - 1)}~`
    expect(parseSdJwt(fill(4_194_304)).disclosures).toHaveLength(1)
    expect(errorOf(() => parseSdJwt(fill(4_194_305)))).toMatchObject({
      code: 'sd-jwt.limit',
      message: expect.stringContaining('too long'),
    })
  })

  it('takes 4,096 disclosures and no more', async () => {
    const start = await jwt()
    const withMany = (count: number) => `${start}${'~a'.repeat(count)}~`
    expect(parseSdJwt(withMany(4096)).disclosures).toHaveLength(4096)
    expect(errorOf(() => parseSdJwt(withMany(4097)))).toMatchObject({
      code: 'sd-jwt.limit',
      message: expect.stringContaining('disclosures'),
    })
  })

  it('says what is no SD-JWT', async () => {
    const start = await jwt()
    for (const text of [start, '', '~', `~${start}~`]) {
      expect(
        errorOf(() => parseSdJwt(text)),
        text,
      ).toMatchObject({
        code: 'sd-jwt.malformed',
        message: expect.stringContaining('tilde'),
      })
    }
    for (const value of [undefined, null, 7, [], [start]]) {
      expect(
        errorOf(() => parseSdJwtValue(value)),
        String(value),
      ).toMatchObject({
        code: 'sd-jwt.malformed',
        message: expect.stringContaining('neither'),
      })
    }
    expect(errorOf(() => parseSdJwtValue({}))).toMatchObject({ code: 'sd-jwt.malformed' })
  })

  it('names the hash algorithm as the fault', async () => {
    const text = await forge({ _sd_alg: 'md5' })
    expect(errorOf(() => parseSdJwt(text))).toMatchObject({
      code: 'sd-jwt.hash-algorithm',
      message: expect.stringContaining('_sd_alg'),
    })
  })

  it('keeps the SD-JWT apart from its KB-JWT, and the whole where there is none', async () => {
    const text = await forge({ a: 1 })
    expect(parseSdJwt(text)).toMatchObject({ sdJwt: text })
    expect(parseSdJwt(text)).not.toHaveProperty('keyBinding')
    expect(parseSdJwt(`${text}x`)).toMatchObject({ sdJwt: text, keyBinding: 'x' })
  })
})

describe('times', () => {
  it('a NumericDate is a number within the years that a Date has', () => {
    expect(dateOf(undefined)).toBeUndefined()
    expect(dateOf(253_402_300_799)).toEqual(new Date(253_402_300_799_000))
    expect(dateOf(-253_402_300_799)).toEqual(new Date(-253_402_300_799_000))
    for (const value of [253_402_300_800, -253_402_300_800, '1', null, []]) {
      expect(dateOf(value), String(value)).toBeNull()
    }
  })

  it.each<[JsonObject, readonly string[]]>([
    [{ nbf: 'x' }, ['validity-start sd-jwt.validity.malformed', 'validity-end sd-jwt.validity.malformed']],
    [{ exp: 'x' }, ['validity-start sd-jwt.validity.malformed', 'validity-end sd-jwt.validity.malformed']],
    [
      { nbf: 'x', exp: 'x' },
      ['validity-start sd-jwt.validity.malformed', 'validity-end sd-jwt.validity.malformed'],
    ],
  ])('%j is refused, each date for itself', async (payload, expected) => {
    const error = await verifySdJwt(await forge(payload), { issuerKey, clock }).catch((thrown) => thrown)
    expect(faults(error)).toEqual(expected)
    const outcomes = error.checks.map(({ name, outcome }: { name: string; outcome: string }) => [
      name,
      outcome,
    ])
    expect(outcomes).toContainEqual(['validity-start', payload.nbf ? 'failed' : 'skipped'])
    expect(outcomes).toContainEqual(['validity-end', payload.exp ? 'failed' : 'skipped'])
  })

  it.each<[number, readonly string[]]>([
    [now - 360, []],
    [now - 361, ['holder-time sd-jwt.key-binding.too-old']],
    [now + 60, []],
    [now + 61, ['holder-time sd-jwt.key-binding.in-future']],
  ])('a KB-JWT made at %s: %j', async (iat, expected) => {
    expect(await faultsOf(await bound(iat), { keyBinding })).toEqual(expected)
  })
})

describe('algorithms', () => {
  it('of the issuer: one of a list is enough, another is refused, a key that does not fit says so', async () => {
    const text = await forge({ a: 1 })
    expect(await faultsOf(text, { algorithms: ['EdDSA', 'ES256'] })).toEqual([])
    expect(await faultsOf(text, { algorithms: ['EdDSA'] })).toEqual(['issuer-signature sd-jwt.alg'])
    const other = publicJwkOf(await generateJwk('EdDSA'))
    expect(await faultsOf(text, { issuerKey: other })).toEqual(['issuer-signature keys.alg.mismatch'])
  })

  it('of the holder: a list allows its own and refuses others', async () => {
    const presented = await bound(now)
    const binding = (algorithms: readonly string[]) => ({ keyBinding: { ...keyBinding, algorithms } })
    expect(await faultsOf(presented, binding(['ES384', 'ES256']))).toEqual([])
    expect(await faultsOf(presented, binding(['EdDSA']))).toEqual(['holder-signature sd-jwt.alg'])
  })

  it('of a KB-JWT that does not fit the key of cnf', async () => {
    const signer = await signerFromJwk(await generateJwk('EdDSA'))
    expect(await faultsOf(await bound(now, signer), { keyBinding })).toEqual(['holder-signature sd-jwt.alg'])
  })

  it('a key of cnf that is no point of its curve is no key', async () => {
    const presented = await presentSdJwt(
      await forge({ cnf: { jwk: { ...cnf.jwk, y: cnf.jwk.x } } as never }),
      {
        disclose: [],
        keyBinding: { holder, ...keyBinding, clock },
      },
    )
    expect(await faultsOf(presented, { keyBinding })).toEqual(['holder-signature sd-jwt.key-binding.no-key'])
  })

  it('a fault of the program is thrown on, and is no check', async () => {
    const checks = createChecks()
    const broken = parseSdJwt(await forge({ a: 1 }))
    const jws = {
      ...broken.jws,
      get signature(): never {
        throw new RangeError('the program is broken')
      },
    }
    await expect(checkIssuerSignature(checks, { ...broken, jws }, issuerKey)).rejects.toThrow(RangeError)
    expect(() =>
      checkStructure(createChecks(), 'x', () => {
        throw new RangeError('never reached')
      }),
    ).not.toThrow()
    const text = await forge({ a: 1 })
    expect(() =>
      checkStructure(createChecks(), text, () => {
        throw new RangeError('the program is broken')
      }),
    ).toThrow(RangeError)
  })
})

describe('what a check hands back', () => {
  it('the SD-JWT whose disclosures break the rules, so that the other checks are made', async () => {
    const broken = `${(await forge({ a: 1 })).slice(0, -1)}~bm90IGpzb24~`
    const { sdJwt, disclosed } = checkStructure(createChecks(), broken, () => undefined)
    expect([sdJwt?.jws.payload, disclosed]).toEqual([{ a: 1 }, undefined])
    const error = await verifySdJwt(broken, { issuerKey, clock }).catch((thrown) => thrown)
    expect(error.checks.map(({ name }: { name: string }) => name)).toContain('issuer-signature')
    expect(error.checks[0]).toMatchObject({ name: 'structure', outcome: 'failed' })
    expect(faults(error)).toHaveLength(1)
  })

  it('the same key each time that cnf is asked for; none where there is none', () => {
    const payload = { cnf }
    expect(confirmationKey(payload)).toBe(confirmationKey(payload))
    expect(confirmationKey(payload)).toMatchObject({ x: holderKey.x })
    expect(confirmationKey({})).toBeUndefined()
    expect(confirmationKey({ cnf: 'x' })).toBeUndefined()
  })

  it('what a KB-JWT has to say: audience, nonce, and transaction data where there are some', () => {
    const binding = { clientId: 'c', nonce: 'n' }
    expect(keyBindingTo(binding)).toEqual({ audience: 'c', nonce: 'n' })
    expect(keyBindingTo({ ...binding, transactionData: ['x'] })).toEqual({
      audience: 'c',
      nonce: 'n',
      transactionData: ['x'],
    })
  })

  it('a missing KB-JWT and one that is none, each by its code, the rest skipped with it', async () => {
    const data = ['eyJ0eXBlIjoiYSJ9']
    const skipped = (code: string) => [
      `holder-signature ${code}`,
      ...['audience', 'nonce', 'time', 'content', 'transaction'].map((name) => `holder-${name} ${code}`),
    ]
    const text = await forge({ cnf })
    const options = { keyBinding: { ...keyBinding, transactionData: data } }
    expect(await faultsOf(text, options)).toEqual(skipped('sd-jwt.key-binding.missing'))
    expect(await faultsOf(`${text}a.b`, options)).toEqual(skipped('sd-jwt.key-binding.malformed'))
    expect(await faultsOf(`${text}${'a'.repeat(65_537)}`, options)).toEqual(
      skipped('sd-jwt.key-binding.malformed'),
    )
  })

  it('transaction data that were asked for and not covered', async () => {
    const options = { keyBinding: { ...keyBinding, transactionData: ['eyJ0eXBlIjoiYSJ9'] } }
    expect(await faultsOf(await bound(now), options)).toEqual([
      'holder-transaction sd-jwt.key-binding.transaction-mismatch',
    ])
  })
})
