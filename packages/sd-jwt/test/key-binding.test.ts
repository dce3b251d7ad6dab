import type { JsonObject } from '@ekkasan/core'
import { base64url, hashBase64url } from '@ekkasan/core/bytes'
import { audienceOf, generateJwk, signerFromJwk, signJws } from '@ekkasan/keys'
import { presentSdJwt, verifySdJwt } from '@ekkasan/sd-jwt'
import { describe, expect, it } from 'vitest'
import { cnf, digest, disclosure, faults, forge, holder, issuerKey } from './setting.ts'

const now = 1_700_000_000
const clock = () => new Date(now * 1000)
const name = disclosure('salt', 'name', 'A')
const other = disclosure('salt', 'other', 'B')
const payload = { cnf, _sd: [digest(name), digest(other)] }
const data = [
  base64url('{"type":"a","credential_ids":["x"]}'),
  base64url('{"type":"b","credential_ids":["x"]}'),
]
const keyBinding = { audience: 'https://verifier.example', nonce: 'n-1' }

interface Forged {
  readonly header?: JsonObject
  readonly claims?: JsonObject
  readonly signer?: typeof holder
  readonly over?: string
}

/** A presentation whose KB-JWT says what it is told to. */
async function bind({ header, claims, signer = holder, over }: Forged = {}): Promise<string> {
  const sdJwt = await forge(payload, [name])
  const jwt = await signJws({
    signer,
    header: { typ: 'kb+jwt', ...header },
    payload: {
      iat: now,
      aud: keyBinding.audience,
      nonce: keyBinding.nonce,
      sd_hash: hashBase64url('sha-256', over ?? sdJwt),
      ...claims,
    },
  })
  return sdJwt + jwt
}

async function faultsOf(presentation: string, expected: object = {}): Promise<readonly string[]> {
  const options = { issuerKey, clock, keyBinding: { ...keyBinding, ...expected } }
  return verifySdJwt(presentation, options).then(
    () => [],
    (error: unknown) => faults(error),
  )
}

describe('key binding (RFC 9901 section 7.3)', () => {
  it('passes every check of a good one', async () => {
    const presentation = await bind()
    const { checks } = await verifySdJwt(presentation, { issuerKey, clock, keyBinding })
    expect(checks.map(({ name: check }) => check).slice(4)).toEqual([
      'holder-signature',
      'holder-audience',
      'holder-nonce',
      'holder-time',
      'holder-content',
    ])
  })

  it('rejects a KB-JWT of another key', async () => {
    const signer = await signerFromJwk(await generateJwk('ES256'))
    expect(await faultsOf(await bind({ signer }))).toEqual(['holder-signature sd-jwt.key-binding.signature'])
  })

  it.each(['KB+JWT', 'application/kb+jwt', 'Application/KB+jwt'])(
    'accepts the typ %s (RFC 7515 section 4.1.9) [F10]',
    async (typ) => {
      expect(await faultsOf(await bind({ header: { typ } }))).toEqual([])
    },
  )

  it.each<[string, JsonObject, string | undefined]>([
    ['past its exp', { exp: now - 61 }, 'expired'],
    ['an hour past its exp', { exp: now - 3600 }, 'expired'],
    ['at its exp, clocks differing by less than the leeway', { exp: now - 59 }, undefined],
    ['within its time', { nbf: now - 10, exp: now + 600 }, undefined],
    ['ten minutes before its nbf', { nbf: now + 600 }, 'not-yet-valid'],
    ['before its nbf', { nbf: now + 61 }, 'not-yet-valid'],
    ['just before its nbf', { nbf: now + 60 }, undefined],
    ['with an exp that is a text', { exp: String(now + 600) }, 'expired'],
    ['with an exp that is null', { exp: null }, 'expired'],
    ['with an nbf that is a text', { nbf: 'now' }, 'not-yet-valid'],
  ])('%s is refused unless it is valid now (7.3 step 5.8) [F14]', async (_what, claims, code) => {
    const expected = code === undefined ? [] : [`holder-time sd-jwt.key-binding.${code}`]
    expect(await faultsOf(await bind({ claims }))).toEqual(expected)
  })

  it('its own times are held to the leeway that was set [F14]', async () => {
    expect(await faultsOf(await bind({ claims: { exp: now - 5 } }), { leeway: 0 })).toEqual([
      'holder-time sd-jwt.key-binding.expired',
    ])
    expect(await faultsOf(await bind({ claims: { nbf: now + 5 } }), { leeway: 0 })).toEqual([
      'holder-time sd-jwt.key-binding.not-yet-valid',
    ])
  })

  it.each([
    ...['JWT', 'openid4vci-proof+jwt', 'text/kb+jwt', 'application/kb+jwt;v=1', 'kb+jwt ', ''],
    ...[null, ['kb+jwt']],
  ])('rejects the typ %s [F10]', async (typ) => {
    expect(await faultsOf(await bind({ header: { typ } }))).toEqual([
      'holder-signature sd-jwt.key-binding.type',
    ])
  })

  it.each(['https://other.example', ['https://verifier.example'], 'https://verifier.example/', null])(
    'rejects a KB-JWT for another audience: %s',
    async (aud) => {
      expect(await faultsOf(await bind({ claims: { aud } }))).toEqual([
        'holder-audience sd-jwt.key-binding.audience-mismatch',
      ])
    },
  )

  it.each(['n-2', '', 1, null])('rejects a KB-JWT with another nonce: %s', async (nonce) => {
    expect(await faultsOf(await bind({ claims: { nonce } }))).toEqual([
      'holder-nonce sd-jwt.key-binding.nonce-mismatch',
    ])
  })

  it.each([
    [now - 361, 'too-old'],
    [now + 61, 'in-future'],
    ['now', 'no-time'],
    [null, 'no-time'],
  ])('rejects a KB-JWT made at %s: %s', async (iat, code) => {
    expect(await faultsOf(await bind({ claims: { iat } }))).toEqual([
      `holder-time sd-jwt.key-binding.${code}`,
    ])
  })

  it.each([now - 359, now + 59])('accepts a KB-JWT made at %s, as clocks differ', async (iat) => {
    expect(await faultsOf(await bind({ claims: { iat } }))).toEqual([])
  })

  it('rejects a KB-JWT over other disclosures', async () => {
    const jwt = (await forge(payload)).slice(0, -1)
    expect(await faultsOf(await bind({ over: `${jwt}~${name}~${other}~` }))).toEqual([
      'holder-content sd-jwt.key-binding.sd-hash-mismatch',
    ])
  })

  it('rejects a presentation without a KB-JWT where one is required', async () => {
    const [fault, ...skipped] = await faultsOf(await forge(payload, [name]))
    expect(fault).toBe('holder-signature sd-jwt.key-binding.missing')
    expect(skipped).toHaveLength(4)
  })

  it('rejects an SD-JWT+KB where an SD-JWT is expected (section 4)', async () => {
    const error = await verifySdJwt(await bind(), { issuerKey, clock }).catch((thrown: unknown) => thrown)
    expect(faults(error)).toEqual(['structure sd-jwt.key-binding.unexpected'])
  })

  it('rejects a KB-JWT that is no JWT', async () => {
    expect((await faultsOf(`${await forge(payload)}abc`))[0]).toBe(
      'holder-signature sd-jwt.key-binding.malformed',
    )
  })

  it('rejects a holder key that is private, or missing', async () => {
    for (const bad of [undefined, { jwk: { ...cnf.jwk, d: 'AAAA' } }, { kid: 'x' }]) {
      const sdJwt = await forge(bad ? { cnf: bad } : {})
      const presentation = await presentSdJwt(sdJwt, {
        disclose: [],
        keyBinding: { holder, ...keyBinding, clock },
      })
      expect(await faultsOf(presentation)).toEqual(['holder-signature sd-jwt.key-binding.no-key'])
    }
  })

  it('makes the audience of the Digital Credentials API from the origin (OpenID4VP B.3.6)', () => {
    expect(audienceOf({ clientId: 'c', nonce: 'n', origin: 'https://o.example' })).toBe(
      'origin:https://o.example',
    )
    expect(audienceOf({ clientId: 'c', nonce: 'n' })).toBe('c')
  })
})

describe('transaction data (OpenID4VP B.3.3.1)', () => {
  const present = async (transactionData: readonly string[]) =>
    presentSdJwt(await forge(payload), {
      disclose: [],
      keyBinding: { holder, ...keyBinding, clock, transactionData },
    })

  it('is covered by the KB-JWT', async () => {
    expect(await faultsOf(await present(data), { transactionData: data })).toEqual([])
  })

  it('is hashed as the request says', async () => {
    const wanted = [base64url('{"type":"a","transaction_data_hashes_alg":["md5","sha-512"]}')]
    const presentation = await present(wanted)
    expect(await faultsOf(presentation, { transactionData: wanted })).toEqual([])
    const impossible = [base64url('{"type":"a","transaction_data_hashes_alg":["md5"]}')]
    await expect(present(impossible)).rejects.toMatchObject({ code: 'sd-jwt.transaction-data' })
  })

  it.each([
    ['other data', [base64url('{"type":"c"}')], data.slice(0, 1)],
    ['some of it', data.slice(0, 1), data],
    ['more than was asked for', data, data.slice(0, 1)],
    ['none was asked for', data, []],
    ['one of it twice', [data[0] as string, data[0] as string], data],
  ])('is rejected when the KB-JWT covers %s', async (_what, covered, transactionData) => {
    expect(await faultsOf(await present(covered), { transactionData })).toEqual([
      'holder-transaction sd-jwt.key-binding.transaction-mismatch',
    ])
  })

  it.each([
    [
      'objects',
      [
        { toString: 1, valueOf: 1 },
        { toString: 1, valueOf: 1 },
      ],
    ],
    ['lists', [[], []]],
    ['null', [null, null]],
  ])('is rejected when its hashes are %s', async (_what, hashes) => {
    const presentation = await bind({ claims: { transaction_data_hashes: hashes } })
    expect(await faultsOf(presentation, { transactionData: data })).toEqual([
      'holder-transaction sd-jwt.key-binding.transaction-mismatch',
    ])
  })
})
