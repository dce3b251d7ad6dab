import type { PublicJwk } from '@ekkasan/core'
import {
  didJwkOf,
  didJwkUrlOf,
  didKeyOf,
  didKeyUrlOf,
  generateJwk,
  isMadeFor,
  jwkOfDid,
  jwkThumbprint,
  keyUrlOf,
  namedHolder,
  parseConfirmationKey,
  publicJwkOf,
} from '@ekkasan/keys'
import { describe, expect, it } from 'vitest'

const { alg: _alg, ...jwk } = publicJwkOf(await generateJwk('ES256'))
const { alg: _other, ...another } = publicJwkOf(await generateJwk('ES256'))
const key = (cnf: unknown) => parseConfirmationKey({ cnf } as never)

describe('the one key that cnf names (RFC 7800 section 3.1)', () => {
  it.each<[string, object]>([
    ['jwk', { jwk }],
    ['a did:key as kid', { kid: didKeyUrlOf(jwk) }],
    ['a did:jwk as kid', { kid: didJwkUrlOf(jwk) }],
    ['a bare did:key', { kid: didKeyOf(jwk) }],
    ['a bare did:jwk', { kid: didJwkOf(jwk) }],
    ['jwk and a kid of the same key', { jwk, kid: didKeyUrlOf(jwk) }],
    ['jwk and its own kid', { jwk: { ...jwk, kid: 'k1' }, kid: 'k1' }],
    ['jwk and its thumbprint', { jwk, kid: jwkThumbprint(jwk) }],
    ['a member nobody knows beside it', { jwk, note: 'x' }],
  ])('is read from %s [F7]', (_what, cnf) => {
    expect(key(cnf)).toMatchObject(jwk)
  })

  it.each<[string, object]>([
    ['nothing', {}],
    ['jku', { jku: 'https://issuer.example/keys' }],
    ['jku beside jwk', { jku: 'https://issuer.example/keys', jwk }],
    ['x5u', { x5u: 'https://issuer.example/certificate' }],
    ['jwe', { jwe: 'a.b.c.d.e' }],
    ['a did:web', { kid: 'did:web:holder.example#1' }],
    ['a kid that is no DID', { kid: 'k1' }],
    ['another fragment', { kid: `${didJwkOf(jwk)}#1` }],
    ['the fragment of another key', { kid: `${didKeyOf(jwk)}#${didKeyUrlOf(another).split('#')[1]}` }],
    ['two fragments', { kid: `${didJwkUrlOf(jwk)}#0` }],
    ['jwk and a kid of another key', { jwk, kid: didJwkUrlOf(another) }],
    ['jwk and a kid that is not shown to be its', { jwk, kid: 'k1' }],
    ['a kid that is no text', { kid: 7 }],
    ['a kind of key that is unknown', { jwk: { kty: 'AKP', alg: 'ML-DSA-44', pub: 'AA' } }],
    ['an unknown curve', { jwk: { ...jwk, crv: 'brainpoolP256r1' } }],
    ['null', { jwk: null }],
  ])('is none with %s; nothing is fetched [F7] [F11]', (_what, cnf) => {
    expect(key(cnf)).toBeUndefined()
  })

  it('a cnf that is no object, or holds a private key, is a fault of the credential [F7]', async () => {
    for (const cnf of [
      'x',
      null,
      [],
      7,
      { jwk: await generateJwk('ES256') },
      { jwk: { kty: 'oct', k: 'AA' } },
    ]) {
      expect(() => key(cnf), JSON.stringify(cnf)).toThrow(
        expect.objectContaining({ code: 'keys.jwt.claims' }),
      )
    }
  })

  it('a cnf without an acceptable key is not replaced by the subject [F11]', () => {
    expect(namedHolder({ cnf: { jku: 'https://x.example' } }, didKeyOf(jwk))).toBeUndefined()
    expect(namedHolder({}, didKeyOf(jwk))).toEqual({ did: didKeyOf(jwk) })
  })

  it('a holder is compared by the key, whichever name of it the credential has [N6]', () => {
    const holder = { jwk }
    for (const did of [didJwkOf(jwk), didKeyOf(jwk)]) expect(isMadeFor({ did }, holder), did).toBe(true)
    const { kty, crv, x, y } = jwk
    const reordered = `did:jwk:${Buffer.from(JSON.stringify({ y, x, kty, crv })).toString('base64url')}`
    expect(isMadeFor({ did: reordered }, { jwk, kid: didJwkUrlOf(jwk) })).toBe(true)
    for (const did of [didJwkOf(another), didKeyOf(another), 'did:key:zzz', 'did:web:a.example']) {
      expect(isMadeFor({ did }, holder), did).toBe(false)
    }
    expect(isMadeFor({ did: 'did:web:a.example' }, { jwk, kid: 'did:web:a.example#1' })).toBe(true)
  })
})

it('one key has one did:jwk, whatever the order of its members [H3]', () => {
  const { kty, crv, x, y } = jwk
  const orders = [
    { y, x, crv, kty },
    { kty, crv, x, y },
    { ...jwk, use: 'sig', kid: 'k' },
  ] as PublicJwk[]
  expect(new Set(orders.map(didJwkOf)).size).toBe(1)
})

describe('a bare DID as kid', () => {
  it('means the only signing method of did:key and did:jwk, and of no other method [F5]', () => {
    expect(keyUrlOf(didKeyOf(jwk))).toBe(didKeyUrlOf(jwk))
    expect(keyUrlOf(didJwkOf(jwk))).toBe(didJwkUrlOf(jwk))
    for (const kid of ['did:web:a.example', 'key-1', '#1', didKeyUrlOf(jwk), ''])
      expect(keyUrlOf(kid)).toBe(kid)
    expect(jwkOfDid(didKeyOf(jwk).replace('did:key:', 'did:key:1:'))).toEqual(jwk)
  })
})
