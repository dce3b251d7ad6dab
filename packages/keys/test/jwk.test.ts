import { generateJwk, isSameKey, jwkThumbprint, KeysError, parsePublicJwk, publicJwkOf } from '@ekkasan/keys'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const jwk = await generateJwk('ES256')
const good = publicJwkOf(jwk)
const rsa = publicJwkOf(await generateJwk('PS256'))
const ed25519 = publicJwkOf(await generateJwk('EdDSA'))
const codeOf = (value: unknown) => {
  try {
    parsePublicJwk(value)
  } catch (error) {
    if (error instanceof KeysError) return error.code
    throw error
  }
  return undefined
}

describe('parsePublicJwk (RFC 7517, RFC 7518 section 6)', () => {
  it.each([
    ['a private key', jwk],
    ['a symmetric key', { kty: 'oct', k: 'c2VjcmV0' }],
    ['a symmetric key named otherwise', { ...good, k: 'c2VjcmV0' }],
    ['a private member that is empty', { ...good, d: '' }],
  ])('refuses %s', (_name, value) => {
    expect(codeOf(value)).toBe('keys.jwk.private')
  })

  it.each([
    ['null', null],
    ['a list', [good]],
    ['a text', 'jwk'],
    ['no kty', { ...good, kty: undefined }],
    ['an unknown curve', { ...good, crv: 'P-224' }],
    ['a curve named as a property of objects', { ...good, crv: 'constructor' }],
    ['a curve of another kind', { ...good, crv: 'Ed25519' }],
    ['a short coordinate', { ...good, x: good.x?.slice(2) }],
    ['a long coordinate', { ...good, x: `AAAA${good.x}` }],
    ['a coordinate with padding', { ...good, x: `${good.x}=` }],
    ['a coordinate as a number', { ...good, y: 1 }],
    ['no y', { ...good, y: undefined }],
    ['a kid as an object', { ...good, kid: {} }],
    ['an over-long kid', { ...good, kid: 'a'.repeat(513) }],
    ['RSA of 1024 bits', { kty: 'RSA', e: 'AQAB', n: 'f'.repeat(171) }],
    ['RSA of 16384 bits', { kty: 'RSA', e: 'AQAB', n: 'A'.repeat(2732) }],
    ['RSA with a huge exponent', { ...rsa, e: 'f'.repeat(64) }],
    [
      'RSA of 1024 bits behind zeros (RFC 7518 6.3.1.1)',
      { ...rsa, n: `${'A'.repeat(171)}${rsa.n?.slice(171)}` },
    ],
    ['RSA with the exponent 1, under which everyone signs', { ...rsa, e: 'AQ' }],
    ['RSA with the exponent 1 behind zeros', { ...rsa, e: 'AAAB' }],
    ['RSA with an even exponent', { ...rsa, e: 'Ag' }],
    ['key_ops as an object', { ...good, key_ops: { length: 1 } }],
    ['key_ops of other things than texts', { ...good, key_ops: [1] }],
    ['over-many key_ops', { ...good, key_ops: Array(17).fill('verify') }],
  ])('refuses %s', (_name, value) => {
    expect(codeOf(value)).toBe('keys.jwk.malformed')
  })

  it('keeps only what a public key has', () => {
    expect(parsePublicJwk({ ...good, x5u: 'https://attacker.example', jku: 'x' })).toEqual(good)
  })

  it('keeps no member of another kind of key: it would make one key look like two', () => {
    const again = parsePublicJwk({ ...good, n: rsa.n, e: rsa.e })
    expect([again, isSameKey(again, good)]).toEqual([good, true])
    expect(parsePublicJwk({ ...rsa, crv: 'P-256', x: good.x, y: good.y })).toEqual(rsa)
    expect(parsePublicJwk({ ...ed25519, y: good.y })).toEqual(ed25519)
    expect(parsePublicJwk({ ...good, key_ops: ['verify'] })).toEqual({ ...good, key_ops: ['verify'] })
  })

  it('throws nothing but KeysError on any value', () => {
    const members = fc.record(
      {
        kty: fc.constantFrom('EC', 'OKP', 'RSA', 'oct', 1),
        crv: fc.oneof(fc.constant('P-256'), fc.jsonValue()),
        x: fc.jsonValue(),
        y: fc.jsonValue(),
        n: fc.jsonValue(),
        e: fc.jsonValue(),
      },
      { requiredKeys: [] },
    )
    fc.assert(fc.property(fc.oneof(fc.jsonValue(), members), (value) => void codeOf(value)))
  })
})

it('has the thumbprint of RFC 7638 section 3.1', () => {
  const n =
    '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw'
  expect(jwkThumbprint({ kty: 'RSA', n, e: 'AQAB' })).toBe('NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs')
})

it('compares keys, not what is said of them', () => {
  expect(isSameKey(good, { ...good, kid: 'other', use: 'sig' })).toBe(true)
  expect(isSameKey(good, { ...good, x: good.y as string })).toBe(false)
})
