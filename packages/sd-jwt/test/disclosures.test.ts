import type { JsonObject, JsonValue } from '@ekkasan/core'
import { base64url, utf8 } from '@ekkasan/core/bytes'
import { discloseClaims, parseSdJwt, verifySdJwt } from '@ekkasan/sd-jwt'
import { describe, expect, it } from 'vitest'
import { digest, disclosure, faults, forge, issuerKey } from './setting.ts'

const name = disclosure('salt', 'name', 'A')
const item = disclosure('salt', 'TH')

async function claimsOf(payload: JsonObject, disclosures: readonly string[] = []): Promise<JsonObject> {
  return discloseClaims(parseSdJwt(await forge(payload, disclosures))).claims
}

function code(expected: string) {
  return expect.objectContaining({ code: expected })
}

function nested(levels: number): JsonValue {
  return levels === 0 ? 1 : { a: nested(levels - 1) }
}

describe('processing of disclosures (RFC 9901 section 7.1)', () => {
  it('hashes the disclosure as it is encoded (sections 4.2.1 and 4.2.2)', async () => {
    const umlaut = 'WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0'
    const country = 'WyJsa2x4RjVqTVlsR1RQVW92TU5JdkNBIiwgIkZSIl0'
    const payload = {
      _sd: ['X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0'],
      nationalities: ['DE', { '...': 'w0I8EKcdCtUPkGCNUrfwVp2xEgNjtoIDlOxc9-PlOhs' }, 'US'],
    }
    expect(await claimsOf(payload, [umlaut, country])).toEqual({
      family_name: 'Möbius',
      nationalities: ['DE', 'FR', 'US'],
    })
    expect(await claimsOf(payload)).toEqual({ nationalities: ['DE', 'US'] })
  })

  it('accepts every way to write a disclosure (section 4.2.1)', async () => {
    for (const encoded of [
      'WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNXHUwMGY2Yml1cyJd',
      'WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsImZhbWlseV9uYW1lIiwiTcO2Yml1cyJd',
      'WwoiXzI2YmM0TFQtYWM2cTJLSTZjQlc1ZXMiLAoiZmFtaWx5X25hbWUiLAoiTcO2Yml1cyIKXQ',
    ]) {
      expect(await claimsOf({ _sd: [digest(encoded)] }, [encoded])).toEqual({ family_name: 'Möbius' })
    }
  })

  it('removes _sd, _sd_alg and undisclosed elements, and leaves empty objects (steps 3.4 to 3.6)', async () => {
    const payload = { _sd_alg: 'sha-256', _sd: ['x'], a: { _sd: ['y'] }, b: [{ '...': 'z' }] }
    expect(await claimsOf(payload)).toEqual({ a: {}, b: [] })
  })

  const faulty: readonly [string, string, JsonObject, readonly string[]][] = [
    ['a disclosure to which no digest refers', 'sd-jwt.disclosure.unreferenced', {}, [name]],
    ['a disclosure sent twice', 'sd-jwt.disclosure.repeated', { _sd: [digest(name)] }, [name, name]],
    ['a digest that stands twice in one _sd', 'sd-jwt.digest.repeated', { _sd: ['x', 'x'] }, []],
    ['a digest that stands in two objects', 'sd-jwt.digest.repeated', { _sd: ['x'], a: { _sd: ['x'] } }, []],
    ['a digest in _sd and in an array', 'sd-jwt.digest.repeated', { _sd: ['x'], a: [{ '...': 'x' }] }, []],
    ['a name that is there already', 'sd-jwt.disclosure.collision', { name: 1, _sd: [digest(name)] }, [name]],
    ['an array element in place of a claim', 'sd-jwt.disclosure.malformed', { _sd: [digest(item)] }, [item]],
    [
      'a claim in place of an element',
      'sd-jwt.disclosure.malformed',
      { a: [{ '...': digest(name) }] },
      [name],
    ],
    ['_sd that is not an array', 'sd-jwt.payload.reserved', { _sd: 'x' }, []],
    ['_sd with something that is not a string', 'sd-jwt.payload.reserved', { _sd: [1] }, []],
    ['... beside other members', 'sd-jwt.payload.reserved', { a: [{ '...': 'x', b: 1 }] }, []],
    ['... outside an array', 'sd-jwt.payload.reserved', { a: { '...': 'x' } }, []],
    ['... with something that is not a string', 'sd-jwt.payload.reserved', { a: [{ '...': 1 }] }, []],
    ['_sd_alg below the top level', 'sd-jwt.payload.reserved', { a: { _sd_alg: 'sha-256' } }, []],
  ]
  it.each(faulty)('rejects %s', async (_what, expected, payload, disclosures) => {
    await expect(claimsOf(payload, disclosures)).rejects.toEqual(code(expected))
  })

  it.each(['_sd', '...', '_sd_alg', '__proto__'])('rejects a disclosure named %s', async (reserved) => {
    const encoded = disclosure('salt', reserved, 1)
    await expect(claimsOf({ _sd: [digest(encoded)] }, [encoded])).rejects.toEqual(
      code('sd-jwt.disclosure.reserved-name'),
    )
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  it('rejects two disclosures of one name', async () => {
    const other = disclosure('other', 'name', 'B')
    await expect(claimsOf({ _sd: [digest(name), digest(other)] }, [name, other])).rejects.toEqual(
      code('sd-jwt.disclosure.collision'),
    )
  })

  it.each([
    ['not base64url', '*'],
    ['not UTF-8', base64url(new Uint8Array([0xff]))],
    ['not JSON', base64url('[')],
    ['an object', base64url('{}')],
    ['one element', disclosure('salt')],
    ['four elements', disclosure('salt', 'a', 1, 2)],
    ['a salt that is no string', disclosure(1, 'a', 1)],
    ['a name that is no string', disclosure('salt', 1, 1)],
    ['a name given twice in its value', base64url('["salt","a",{"b":1,"b":2}]')],
    ['__proto__ in its value', base64url('["salt","a",{"__proto__":{"polluted":1}}]')],
    ['a number out of range', base64url('["salt","a",1e999]')],
    ['an integer that readers do not agree on', base64url('["salt","a",9007199254740993]')],
    ['deep nesting', base64url(`["salt","a",${'['.repeat(10_000)}${']'.repeat(10_000)}]`)],
  ])('rejects a disclosure that is %s', async (_what, encoded) => {
    await expect(claimsOf({ _sd: [digest(encoded)] }, [encoded])).rejects.toEqual(
      code('sd-jwt.disclosure.malformed'),
    )
  })

  it('rejects disclosures that nest each other too deeply', async () => {
    let inner = disclosure('salt0', 'a', 1)
    const all = [inner]
    for (let i = 1; i < 40; i++) {
      inner = disclosure(`salt${i}`, 'a', { _sd: [digest(inner)] })
      all.push(inner)
    }
    await expect(claimsOf({ _sd: [digest(inner)] }, all)).rejects.toEqual(code('sd-jwt.limit'))
    const deep = disclosure('salt', 'a', nested(25))
    await expect(
      claimsOf({ a: { b: { c: { d: { e: { f: { g: { _sd: [digest(deep)] } } } } } } } }, [deep]),
    ).rejects.toEqual(code('sd-jwt.limit'))
  })

  it('rejects more disclosures than it counts', async () => {
    await expect(
      claimsOf(
        {},
        Array.from({ length: 4097 }, (_, i) => `d${i}`),
      ),
    ).rejects.toEqual(code('sd-jwt.limit'))
  })

  it('finds disclosures inside disclosures, and rejects the inner without the outer (section 4.2.6)', async () => {
    const country = disclosure('s1', 'country', 'TH')
    const address = disclosure('s2', 'address', { _sd: [digest(country)], open: 1 })
    const payload = { _sd: [digest(address)] }
    expect(await claimsOf(payload, [country, address])).toEqual({ address: { open: 1, country: 'TH' } })
    expect(await claimsOf(payload, [address])).toEqual({ address: { open: 1 } })
    await expect(claimsOf(payload, [country])).rejects.toEqual(code('sd-jwt.disclosure.unreferenced'))
  })

  it('says whether digests are left over, at any depth', async () => {
    const country = disclosure('s1', 'country', 'TH')
    const address = disclosure('s2', 'address', { _sd: [digest(country)], list: [{ '...': digest(item) }] })
    const isPartial = async (disclosures: readonly string[]) =>
      discloseClaims(parseSdJwt(await forge({ _sd: [digest(address)] }, disclosures))).partial
    expect(await isPartial([address, country, item])).toBe(false)
    for (const some of [[], [address], [address, country], [address, item]]) {
      expect(await isPartial(some)).toBe(true)
    }
  })

  it.each(['md5', 'sha-1', 'SHA-256', 1, null])('rejects _sd_alg %s', async (alg) => {
    await expect(claimsOf({ _sd_alg: alg })).rejects.toEqual(code('sd-jwt.hash-algorithm'))
  })
})

describe('verifying an SD-JWT without key binding', () => {
  const options = { issuerKey, clock: () => new Date(1_700_000_000_000) }

  it('passes every check of a good one', async () => {
    const { claims, checks } = await verifySdJwt(await forge({ _sd: [digest(name)] }, [name]), options)
    expect(claims).toEqual({ name: 'A' })
    expect(checks.map((check) => `${check.name} ${check.outcome}`)).toEqual([
      'structure passed',
      'issuer-signature passed',
      'validity-start passed',
      'validity-end passed',
    ])
  })

  it.each([
    ['structure sd-jwt.disclosure.unreferenced', () => forge({}, [name])],
    ['validity-start core.validity.not-yet', () => forge({ nbf: 1_700_000_100 })],
    ['validity-end core.validity.ended', () => forge({ exp: 1_699_999_900 })],
    [
      'issuer-signature sd-jwt.signature',
      async () => {
        const [head, , signature] = (await forge({ a: 1 })).split('.')
        return [head, base64url(utf8('{"a":2}')), signature].join('.')
      },
    ],
  ])('fails exactly %s', async (fault, make) => {
    const error = await verifySdJwt(await make(), options).catch((thrown: unknown) => thrown)
    expect(faults(error)).toEqual([fault])
  })

  it.each([
    ['HS256', 'keys.alg.unsupported'],
    ['none', 'keys.alg.unsupported'],
    ['EdDSA', 'keys.alg.mismatch'],
  ])('refuses the algorithm %s', async (alg, expected) => {
    const [, payload, signature] = (await forge({ a: 1 })).split('.')
    const forged = [base64url(JSON.stringify({ alg })), payload, signature].join('.')
    const error = await verifySdJwt(forged, options).catch((thrown: unknown) => thrown)
    expect(faults(error)).toEqual([`issuer-signature ${expected}`])
  })

  it('refuses an algorithm that the caller does not accept', async () => {
    const error = await verifySdJwt(await forge({}), { ...options, algorithms: ['ES384'] }).catch((e) => e)
    expect(faults(error)).toEqual(['issuer-signature sd-jwt.alg'])
  })
})
