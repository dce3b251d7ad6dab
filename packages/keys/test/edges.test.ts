import { base64url, utf8 } from '@ekkasan/core/bytes'
import {
  didJwkOf,
  didJwkUrlOf,
  didKeyOf,
  didKeyUrlOf,
  didOfKid,
  generateJwk,
  isDidOfKey,
  jwkOfDid,
  keyHeader,
  keyUrlOf,
  numericDate,
  parseConfirmationKey,
  parseJws,
  parseNumericDate,
  parseStatusClaim,
  publicJwkOf,
  publishedKeyOf,
  signerFromJwk,
  signJws,
  statusClaim,
} from '@ekkasan/keys'
import { describe, expect, it } from 'vitest'

// The exact edges of what decides, and what an error says.

const encoded = (value: unknown) => base64url(typeof value === 'string' ? value : JSON.stringify(value))
const { alg: _alg, ...jwk } = publicJwkOf(await generateJwk('ES256'))
const withHeader = (header: unknown, payload: unknown = {}) => `${encoded(header)}.${encoded(payload)}.AA`
const errorOf = (run: () => unknown): { readonly code: string; readonly message: string } => {
  try {
    run()
  } catch (error) {
    return error as { code: string; message: string }
  }
  throw new TypeError('nothing was thrown')
}

describe('a compact JWS (RFC 7515 section 7.1)', () => {
  it.each([
    ['no dot', 'abc'],
    ['one dot', `${encoded({ alg: 'ES256' })}.${encoded({})}`],
    ['three dots', `${withHeader({ alg: 'ES256' })}.`],
    ['no header', `.${encoded({})}.AA`],
    ['nothing', ''],
    ['dots alone', '..'],
  ])('has three parts, and so not %s', (_what, compact) => {
    expect(errorOf(() => parseJws(compact))).toMatchObject({
      code: 'keys.jws.malformed',
      message: 'not an acceptable JWS: not three parts',
    })
  })

  it.each([
    [
      'the part that is not base64url',
      `${encoded({ alg: 'ES256' })}.*.AA`,
      'a part is not base64url of UTF-8',
    ],
    ['the signature that is not base64url', `${withHeader({ alg: 'ES256' }).slice(0, -2)}=`, 'base64url'],
    ['what is wrong with its JSON', withHeader('{'), 'not JSON'],
    ['a missing alg', withHeader({}), 'no alg'],
    ['an alg that is no text', withHeader({ alg: 7 }), 'no alg'],
  ])('that is refused says %s', (_what, compact, what) => {
    const { code, message } = errorOf(() => parseJws(compact))
    expect(code).toBe('keys.jws.malformed')
    expect(message).toMatch(/^not an acceptable JWS: /)
    expect(message).toContain(what)
  })

  it('gives back its parts, of which the signature covers the first two as they came', () => {
    const compact = withHeader({ alg: 'ES256', typ: 'JWT' }, { a: 1 })
    expect(parseJws(compact)).toEqual({
      header: { alg: 'ES256', typ: 'JWT' },
      payload: { a: 1 },
      signature: Uint8Array.of(0),
      signingInput: `${encoded({ alg: 'ES256', typ: 'JWT' })}.${encoded({ a: 1 })}`,
    })
    expect(parseJws(compact.slice(0, -2)).signature).toEqual(new Uint8Array())
  })

  it('has a header of at most 65,536 characters, whatever the payload may have', () => {
    const header = (length: number) => {
      const start = '{"alg":"ES256","a":"'
      return `${start}${'a'.repeat(length - start.length - 2)}"}`
    }
    expect(parseJws(withHeader(header(65_536))).header.alg).toBe('ES256')
    expect(errorOf(() => parseJws(withHeader(header(65_537)))).message).toContain('JSON is too long')
    const long = { a: 'a'.repeat(100_000) }
    expect(parseJws(withHeader({ alg: 'ES256' }, long)).payload).toEqual(long)
  })

  it('is held to the limits given, header and payload alike', () => {
    const deep = { a: { b: {} } }
    expect(parseJws(withHeader({ alg: 'ES256', deep: {} }, deep), { maxDepth: 3 }).payload).toEqual(deep)
    expect(errorOf(() => parseJws(withHeader({ alg: 'ES256' }, deep), { maxDepth: 2 })).message).toContain(
      'nested',
    )
    expect(errorOf(() => parseJws(withHeader({ alg: 'ES256', deep }), { maxDepth: 2 })).message).toContain(
      'nested',
    )
    expect(errorOf(() => parseJws(withHeader({ alg: 'ES256' }, deep), { maxLength: 10 })).message).toContain(
      'long',
    )
  })

  it('with an extension says so (RFC 7515 section 4.1.11, RFC 7797)', () => {
    for (const member of ['crit', 'b64']) {
      expect(errorOf(() => parseJws(withHeader({ alg: 'ES256', [member]: null })))).toMatchObject({
        code: 'keys.jws.critical',
        message: 'the header has an extension that is not understood',
      })
    }
  })

  it('is signed with the algorithm of its signer, beside the header given', async () => {
    const signer = await signerFromJwk(await generateJwk('ES256'))
    const jws = parseJws(await signJws({ signer, header: { typ: 'a+jwt', kid: 'k' }, payload: { b: 2 } }))
    expect(jws.header).toEqual({ alg: 'ES256', typ: 'a+jwt', kid: 'k' })
    expect(jws.payload).toEqual({ b: 2 })
    expect(jws.signature).toHaveLength(64)
  })
})

describe('how a signature names its key', () => {
  it('is by kid and x5c, where the signer has them', () => {
    const x5c = ['AA==']
    expect(keyHeader({ publicJwk: jwk })).toEqual({})
    expect(Object.keys(keyHeader({ publicJwk: jwk }))).toEqual([])
    expect(keyHeader({ publicJwk: jwk, kid: 'k' })).toEqual({ kid: 'k' })
    expect(Object.keys(keyHeader({ publicJwk: jwk, kid: 'k' }))).toEqual(['kid'])
    expect(keyHeader({ publicJwk: jwk, x5c })).toEqual({ x5c })
    expect(Object.keys(keyHeader({ publicJwk: jwk, x5c }))).toEqual(['x5c'])
    expect(keyHeader({ publicJwk: jwk, kid: 'k', x5c })).toEqual({ kid: 'k', x5c })
  })

  it('is published at a URL where the issuer is that URL and no certificate names the key', () => {
    const url = 'https://issuer.example'
    const key = { publicJwk: jwk, kid: 'k' }
    expect(publishedKeyOf(key, url, url)).toBe(key)
    expect(publishedKeyOf(key, 'did:web:issuer.example', url)).toBeUndefined()
    expect(publishedKeyOf({ ...key, x5c: ['AA=='] }, url, url)).toBeUndefined()
  })

  it('is by the DID of a kid only where that is a DID URL', () => {
    expect(didOfKid('did:web:a.example#1')).toBe('did:web:a.example')
    expect(didOfKid('did:web:a.example')).toBe('did:web:a.example')
    for (const kid of [undefined, '', 'k#1', 'urn:did:web:a.example', 'DID:web:a.example', 'did']) {
      expect(didOfKid(kid), kid).toBeUndefined()
    }
  })
})

describe('claims', () => {
  it('a NumericDate is in whole seconds, those gone by (RFC 7519 section 2)', () => {
    expect(numericDate(new Date(1_999))).toBe(1)
    expect(numericDate(new Date(2_000))).toBe(2)
    expect(numericDate(new Date(0))).toBe(0)
  })

  it('a NumericDate lies from 1970 to the end of 9999', () => {
    expect(parseNumericDate({ exp: 0 }, 'exp')).toEqual(new Date(0))
    expect(parseNumericDate({ exp: 253_402_300_799 }, 'exp')).toEqual(new Date('9999-12-31T23:59:59Z'))
    for (const exp of [-0.001, 253_402_300_799.5]) {
      expect(errorOf(() => parseNumericDate({ exp }, 'exp'))).toMatchObject({
        code: 'keys.jwt.claims',
        message: 'exp is not what it must be',
      })
    }
    expect(parseNumericDate({ nbf: 7, exp: 'x' }, 'nbf')).toEqual(new Date(7_000))
  })

  it.each([
    ['null', null],
    ['text', 'x'],
    ['a list', []],
    ['a status list that is no object', { status_list: 'x' }],
    ['a status list that is null', { status_list: null }],
    ['no idx', { status_list: { uri: 'u' } }],
    ['no uri', { status_list: { idx: 0 } }],
    ['a uri that is no text', { status_list: { idx: 0, uri: 7 } }],
  ])('a status is refused that is or has %s', (_what, status) => {
    expect(errorOf(() => parseStatusClaim({ status }))).toMatchObject({
      code: 'keys.jwt.claims',
      message: 'status is not what it must be',
    })
  })

  it('a status is read as it was written (Token Status List section 6.1)', () => {
    expect(parseStatusClaim({})).toBeUndefined()
    const reference = { uri: 'https://issuer.example/status/1', index: 2 ** 53 - 1 }
    expect(parseStatusClaim({ status: statusClaim(reference) })).toEqual(reference)
    expect(statusClaim(reference)).toEqual({ status_list: { idx: reference.index, uri: reference.uri } })
    expect(() => statusClaim({ credentialStatus: [] } as never)).toThrow(TypeError)
  })
})

describe('cnf (RFC 7800)', () => {
  it.each(['jwe', 'jku', 'x5u', 'x5t#S256', 'jkt'])('names no key here by %s, even beside a jwk', (name) => {
    expect(parseConfirmationKey({ cnf: { jwk, [name]: 'x' } } as never)).toBeUndefined()
    expect(parseConfirmationKey({ cnf: { jwk, [name]: null } } as never)).toBeUndefined()
  })

  it('names a jwk that has a kid of its own, without a kid beside it', () => {
    expect(parseConfirmationKey({ cnf: { jwk: { ...jwk, kid: 'k1' } } } as never)).toMatchObject(jwk)
  })

  it('with a private key is refused by name', async () => {
    const cnf = { jwk: await generateJwk('ES256') }
    expect(errorOf(() => parseConfirmationKey({ cnf } as never)).message).toBe('cnf is not what it must be')
  })

  it('is not there, or is no object', () => {
    expect(parseConfirmationKey({})).toBeUndefined()
    for (const cnf of [null, 'x', []]) {
      expect(errorOf(() => parseConfirmationKey({ cnf }))).toMatchObject({
        code: 'keys.jwt.claims',
        message: 'cnf is not what it must be',
      })
    }
  })
})

describe('a DID that is a key', () => {
  const malformed = expect.objectContaining({
    code: 'keys.did.malformed',
    message: 'not a did:key or did:jwk, or not the DID URL of its key',
  })

  it('is of did:key or did:jwk', () => {
    for (const did of [didKeyOf(jwk), didJwkOf(jwk)]) expect(isDidOfKey(did)).toBe(true)
    for (const did of ['', 'did:web:a', 'did:keys:a', 'did:jwks:a', 'xdid:key:a', 'xdid:jwk:a']) {
      expect(isDidOfKey(did), did).toBe(false)
    }
  })

  it.each(['ES256', 'ES384', 'EdDSA', 'RS256'] as const)('holds a whole key, of %s too', async (alg) => {
    const { alg: _named, ...key } = publicJwkOf(await generateJwk(alg))
    expect(jwkOfDid(didJwkOf(key))).toEqual(key)
    expect(jwkOfDid(didJwkUrlOf(key))).toEqual(key)
    if (alg === 'RS256') {
      expect(() => didKeyOf(key)).toThrow(expect.objectContaining({ code: 'keys.multikey.unsupported' }))
    } else {
      expect(jwkOfDid(didKeyOf(key))).toEqual(key)
      expect(jwkOfDid(didKeyUrlOf(key))).toEqual(key)
    }
  })

  it('has its required members in the order of RFC 7638 section 3.2, and no others', async () => {
    const members = (key: typeof jwk) => {
      const [, , text = ''] = didJwkOf({ ...key, kid: 'k', use: 'sig' } as never).split(':')
      return Object.keys(JSON.parse(Buffer.from(text, 'base64url').toString()) as object)
    }
    expect(members(jwk)).toEqual(['crv', 'kty', 'x', 'y'])
    expect(members(publicJwkOf(await generateJwk('EdDSA')))).toEqual(['crv', 'kty', 'x'])
    expect(members(publicJwkOf(await generateJwk('RS256')))).toEqual(['e', 'kty', 'n'])
  })

  it('names its key by #0 as did:jwk, and by the multikey again as did:key', () => {
    expect(didJwkUrlOf(jwk)).toBe(`${didJwkOf(jwk)}#0`)
    const multikey = didKeyOf(jwk).slice('did:key:'.length)
    expect(didKeyUrlOf(jwk)).toBe(`did:key:${multikey}#${multikey}`)
    expect(keyUrlOf(`did:key:1:${multikey}`)).toBe(`did:key:1:${multikey}#${multikey}`)
    expect(keyUrlOf('did:key:a#')).toBe('did:key:a#')
  })

  it('with another fragment, or two, is refused', () => {
    for (const did of [didJwkOf(jwk), didKeyOf(jwk)]) {
      for (const end of ['#', '#1', '#0#0', '##'])
        expect(() => jwkOfDid(`${did}${end}`), end).toThrow(malformed)
    }
    expect(() => jwkOfDid(`${didKeyUrlOf(jwk)}#`)).toThrow(malformed)
    expect(() => jwkOfDid(`${didKeyUrlOf(jwk)}#0`)).toThrow(malformed)
    expect(() => jwkOfDid(`${didJwkUrlOf(jwk)}#`)).toThrow(malformed)
  })

  it.each([
    '',
    'did:web:a.example',
    'did:web:a.example#a.example',
    'did:key:',
    'did:key:2:zDn',
    'did:key:1:1:zDn',
    'did:key:z/..',
    'x did:key:zDn',
    'did:jwk:',
    'did:jwk:*',
    'did:jwk:e30=',
    `did:jwk:${base64url(utf8('{'))}`,
    `did:jwk:${base64url(utf8('[]'))}`,
    `did:jwk:${base64url(Uint8Array.of(0xff))}`,
  ])('is not %s', (did) => {
    expect(() => jwkOfDid(did)).toThrow(malformed)
  })

  it('has at most 4,096 characters', () => {
    const start = 'did:jwk:'
    const fill = (length: number) => `${start}${'A'.repeat(length - start.length)}`
    const longest = `{"kty":"EC","crv":"P-256","x":"${jwk.x}","y":"${jwk.y}"`
    // 4,088 characters of base64url are 3,066 bytes.
    const padded = `${longest}${' '.repeat(3_066 - longest.length - 1)}}`
    expect(jwkOfDid(`${start}${base64url(padded)}`)).toEqual(jwk)
    expect(`${start}${base64url(padded)}`).toHaveLength(4_096)
    expect(() => jwkOfDid(`${start}${base64url(`${padded} `)}`)).toThrow(malformed)
    expect(() => jwkOfDid(fill(1_000_000))).toThrow(malformed)
  })
})
