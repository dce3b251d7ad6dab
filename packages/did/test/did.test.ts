import { type DidDocument, type PublicJwk, ResolveError } from '@ekkasan/core'
import { base58, fromBase58 } from '@ekkasan/core/bytes'
import {
  createDidResolver,
  didJwkOf,
  didJwkUrlOf,
  didKeyOf,
  didKeyUrlOf,
  didMethods,
  findVerificationKey,
  multikeyOf,
  parseDidDocument,
  parseMultikey,
  readDidJwk,
  readDidKey,
  resolveDidIssuer,
} from '@ekkasan/did'
import { generateJwk, publicJwkOf } from '@ekkasan/keys'
import { Resolver } from 'did-resolver'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const code = (name: string) => expect.objectContaining({ code: name })
const newKey = async (alg: Parameters<typeof generateJwk>[0] = 'ES256'): Promise<PublicJwk> => {
  const { alg: _alg, ...jwk } = publicJwkOf(await generateJwk(alg))
  return jwk
}

describe('did:key', () => {
  // The examples of the did:key specification, and of the Multikey of Controlled Identifiers.
  const examples = {
    Ed25519: [
      'did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK',
      'did:key:z6Mkf5rGMoatrSj1f4CyvuHBeXJELe9RPdzo2PKGNCKVtZxP',
    ],
    'P-256': ['did:key:zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv'],
    'P-384': ['did:key:z82LkvCwHNreneWpsgPEbV3gu1C6NFJEBg4srfJ5gdxEsMGRJUz2sG9FE42shbn2xkZJh54'],
    secp256k1: [
      'did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme',
      'did:key:zQ3shtxV1FrJfhqE1dvxYRcCknWNjHc3c5X1y3ZSoPDi2aur2',
      'did:key:zQ3shZc2QzApp2oymGvQbzP8eKheVshBHbU4ZYjeXqwSKEn6N',
    ],
  }
  for (const [crv, dids] of Object.entries(examples)) {
    it(`reads the specification's ${crv} examples and writes them again`, () => {
      for (const did of dids) {
        const document = readDidKey(did)
        const url = `${did}#${did.slice(8)}`
        const key = findVerificationKey(document, url, 'assertionMethod')
        expect(key.crv).toBe(crv)
        expect([didKeyOf(key), didKeyUrlOf(key)]).toEqual([did, url])
      }
    })
  }

  it('is the key of every kind that has a multicodec', async () => {
    for (const alg of ['ES256', 'ES384', 'ES512', 'ES256K', 'EdDSA'] as const) {
      for (let round = 0; round < 5; round++) {
        const jwk = await newKey(alg)
        expect(parseMultikey(multikeyOf(jwk))).toEqual(jwk)
      }
    }
    await expect(newKey('PS256').then(didKeyOf)).rejects.toEqual(code('keys.multikey.unsupported'))
  })

  it('reads base64url multibase as well', async () => {
    const jwk = await newKey()
    const bytes = fromBase58(multikeyOf(jwk).slice(1))
    expect(parseMultikey(`u${Buffer.from(bytes).toString('base64url')}`)).toEqual(jwk)
  })

  it('refuses a point that is not on its curve, other codecs, lengths and texts', () => {
    const point = (x: number) => Uint8Array.of(0x80, 0x24, 2, ...new Uint8Array(31), x)
    const onCurve = [...Array(20).keys()].filter((x) => {
      try {
        return parseMultikey(`z${base58(point(x))}`)
      } catch {
        return false
      }
    })
    expect(onCurve.length).toBeGreaterThan(3)
    expect(onCurve.length).toBeLessThan(17)
    for (const bytes of [
      Uint8Array.of(0x80, 0x24, 4, ...new Uint8Array(32)),
      Uint8Array.of(0x80, 0x24, 2, ...new Uint8Array(32).fill(255)),
      Uint8Array.of(0xed, 0x01, ...new Uint8Array(31)),
      Uint8Array.of(0xeb, 0x01, ...new Uint8Array(48)),
      Uint8Array.of(),
    ]) {
      expect(() => parseMultikey(`z${base58(bytes)}`)).toThrow(code('keys.multikey.unsupported'))
    }
    for (const did of [
      'did:key:',
      'did:key:z',
      'did:key:z0OIl',
      'did:key:x6Mk',
      'did:jwk:e30',
      `did:key:z${'1'.repeat(200)}`,
    ]) {
      expect(() => readDidKey(did), did).toThrow(/not a/)
    }
  })

  it('of an RSA key is one that is not supported, not a malformed one [K9]', () => {
    // rsa-pub (0x1205) and the DER of a 2048-bit RSAPublicKey, 270 bytes.
    const bytes = Uint8Array.of(0x85, 0x24, 0x30, 0x82, 0x01, 0x0a, ...new Uint8Array(266).fill(7))
    const did = `did:key:z${base58(bytes)}`
    expect(did.length).toBeGreaterThan(370)
    expect(() => readDidKey(did)).toThrow(code('did.key.unsupported'))
    expect(() => readDidKey(did)).toThrow(/RSA/)
  })

  it('spends no time on a giant', () => {
    const from = performance.now()
    expect(() => readDidKey(`did:key:z${'z'.repeat(5_000_000)}`)).toThrow(code('did.identifier.malformed'))
    expect(() => parseMultikey(`z${'z'.repeat(5_000_000)}`)).toThrow(code('keys.multikey.unsupported'))
    expect(performance.now() - from).toBeLessThan(100)
  })

  it('never throws anything but its own errors, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.base64String(), fc.stringMatching(/^z[1-9A-HJ-NP-Za-km-z]{0,90}$/)),
        (text) => {
          try {
            readDidKey(`did:key:${text}`)
          } catch (error) {
            expect((error as Error).name).toBe('DidError')
          }
        },
      ),
    )
  })
})

describe('did:jwk', () => {
  const example =
    'did:jwk:eyJjcnYiOiJQLTI1NiIsImt0eSI6IkVDIiwieCI6ImFjYklRaXVNczNpOF91c3pFakoydHBUdFJNNEVVM3l6OTFQSDZDZEgyVjAiLCJ5IjoiX0tjeUxqOXZXTXB0bm1LdG00NkdxRHo4d2Y3NEk1TEtncmwyR3pIM25TRSJ9'
  const encryption =
    'did:jwk:eyJrdHkiOiJPS1AiLCJjcnYiOiJYMjU1MTkiLCJ1c2UiOiJlbmMiLCJ4IjoiM3A3YmZYdDl3YlRUVzJIQzdPUTFOei1EUThoYmVHZE5yZngtRkctSUswOCJ9'

  it("reads the specification's first example and writes it again", () => {
    const document = readDidJwk(example)
    const key = findVerificationKey(document, '#0', 'authentication')
    expect(key).toEqual({
      crv: 'P-256',
      kty: 'EC',
      x: 'acbIQiuMs3i8_uszEjJ2tpTtRM4EU3yz91PH6CdH2V0',
      y: '_KcyLj9vWMptnmKtm46GqDz8wf74I5LKgrl2GzH3nSE',
    })
    expect([didJwkOf(key), didJwkUrlOf(key)]).toEqual([example, `${example}#0`])
    expect(Object.keys(document)).toContain('keyAgreement')
  })

  it('lets a key with use "enc" authenticate nobody', () => {
    const document = readDidJwk(encryption)
    expect(document).not.toHaveProperty('assertionMethod')
    expect(() => findVerificationKey(document, '#0', 'authentication')).toThrow(
      code('did.document.key-not-authorized'),
    )
  })

  it('refuses private keys, texts that are no JWK, two spellings and giants', async () => {
    const did = (value: unknown) => `did:jwk:${Buffer.from(JSON.stringify(value)).toString('base64url')}`
    expect(() => readDidJwk(did({ kty: 'OKP', crv: 'Ed25519', x: 'AA', d: 'AA' }))).toThrow(
      code('did.key.unsupported'),
    )
    expect(() => readDidJwk(did({ kty: 'oct', k: 'AA' }))).toThrow(code('did.key.unsupported'))
    expect(() => readDidJwk(did([]))).toThrow(code('did.identifier.malformed'))
    expect(() => readDidJwk(`${example}=`)).toThrow(code('did.identifier.malformed'))
    expect(() => readDidJwk(did({ kty: 'RSA', n: 'A'.repeat(5000), e: 'AQAB' }))).toThrow(
      code('did.identifier.malformed'),
    )
    const twice = Buffer.from('{"kty":"OKP","kty":"EC"}').toString('base64url')
    expect(() => readDidJwk(`did:jwk:${twice}`)).toThrow(code('did.identifier.malformed'))
  })

  it('never throws anything but its own errors, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json().map((json) => Buffer.from(json).toString('base64url')),
        ),
        (text) => {
          try {
            readDidJwk(`did:jwk:${text}`)
          } catch (error) {
            expect((error as Error).name).toBe('DidError')
          }
        },
      ),
    )
  })
})

describe('a DID document', () => {
  const did = 'did:web:issuer.example'
  const documentWith = async (over: object = {}) => {
    const jwk = await newKey()
    const method = { id: `${did}#1`, type: 'JsonWebKey2020', controller: did, publicKeyJwk: jwk }
    return { id: did, verificationMethod: [method], assertionMethod: [method.id], ...over }
  }

  it('gives the key only for the use it is authorized for', async () => {
    const document = await documentWith()
    expect(findVerificationKey(document, `${did}#1`, 'assertionMethod').kty).toBe('EC')
    expect(() => findVerificationKey(document, `${did}#1`, 'authentication')).toThrow(
      code('did.document.key-not-authorized'),
    )
    expect(() => findVerificationKey(document, `${did}#2`, 'assertionMethod')).toThrow(
      code('did.document.key-not-found'),
    )
  })

  it.each([
    ['revoked', '2026-11-30T00:00:00Z', false],
    ['expires', '2026-11-30T07:00:00+07:00', false],
    ['expires', '2026-11-30T00:00:01Z', true],
    ['revoked', null, true],
    ['revoked', 'yesterday', false],
    ['expires', 1_900_000_000, false],
  ])('with a key that has %s: %s can be used: %s [K7]', async (member, time, isInUse) => {
    const { verificationMethod } = await documentWith()
    const method = { ...verificationMethod[0], [member]: time }
    const kid = method.id as string
    const named = { id: did, verificationMethod: [method], assertionMethod: [kid] }
    for (const document of [named, { id: did, assertionMethod: [method] }]) {
      const resolveDid = createDidResolver({
        fetch: async () => Response.json(document),
        clock: () => new Date('2026-11-30T00:00:00Z'),
      })
      const found = resolveDidIssuer(resolveDid)({ alg: 'ES256', iss: did, kid })
      if (isInUse) expect((await found).jwk.kty).toBe('EC')
      else await expect(found).rejects.toThrow(code('core.resolve.not-found'))
      // Whoever reads the document himself does not meet it either.
      expect(JSON.stringify(await resolveDid(did)).includes('publicKeyJwk')).toBe(isInUse)
    }
  })

  it('gives the same object each time, so that it is imported once', async () => {
    const document = await documentWith()
    expect(findVerificationKey(document, '#1', 'assertionMethod')).toBe(
      findVerificationKey(document, `${did}#1`, 'assertionMethod'),
    )
  })

  it('reads keys embedded in the relationship, and each way of writing one', async () => {
    const jwk = await newKey('EdDSA')
    const method = (publicKey: object, type: string) => ({
      id: `${did}#1`,
      type,
      controller: did,
      ...publicKey,
    })
    for (const embedded of [
      method({ publicKeyJwk: jwk }, 'JsonWebKey'),
      method({ publicKeyJwk: jwk }, 'JsonWebKey2020'),
      method({ publicKeyMultibase: multikeyOf(jwk) }, 'Multikey'),
      method({ publicKeyMultibase: multikeyOf(jwk) }, 'Ed25519VerificationKey2020'),
    ]) {
      const document = parseDidDocument({ id: did, assertionMethod: [embedded] }, did)
      expect(findVerificationKey(document, `${did}#1`, 'assertionMethod')).toEqual(jwk)
    }
    for (const hostile of [
      {},
      { publicKeyJwk: jwk, publicKeyMultibase: multikeyOf(jwk) },
      { publicKeyJwk: { ...jwk, d: 'AA' } },
    ]) {
      const document = parseDidDocument({ id: did, assertionMethod: [method(hostile, 'JsonWebKey')] }, did)
      expect(() => findVerificationKey(document, '#1', 'assertionMethod')).toThrow(
        code('did.key.unsupported'),
      )
    }
  })

  it('is refused when it is another, malformed, repeats an id or holds thousands of keys', async () => {
    const { verificationMethod } = await documentWith()
    const method = verificationMethod[0]!
    for (const hostile of [
      null,
      [],
      'did:web:issuer.example',
      {},
      { id: 'did:web:other.example' },
      { id: did, verificationMethod: {} },
      { id: did, verificationMethod: [null] },
      { id: did, verificationMethod: [{ ...method, id: 7 }] },
      { id: did, verificationMethod: [{ ...method, controller: undefined }] },
      { id: did, verificationMethod: [{ ...method, publicKeyJwk: 'x' }] },
      { id: did, verificationMethod: [{ ...method, publicKeyJwk: undefined, publicKeyMultibase: 7 }] },
      { id: did, verificationMethod: [{ ...method, type: '' }] },
      { id: did, verificationMethod: [{ ...method, type: 'x'.repeat(3000) }] },
      { id: did, verificationMethod: [method, method] },
      {
        id: did,
        verificationMethod: Array.from({ length: 2000 }, (_, n) => ({ ...method, id: `${did}#${n}` })),
      },
      { id: did, assertionMethod: Array.from({ length: 2000 }, () => method.id) },
      { id: did, assertionMethod: [7] },
      { id: did, authentication: ['x'.repeat(3000)] },
    ]) {
      expect(() => parseDidDocument(hostile, did)).toThrow(code('did.document.invalid'))
    }
  })

  it('never throws anything but its own errors, whatever it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (methods, relationship) => {
        const document = { id: did, verificationMethod: methods, assertionMethod: relationship }
        try {
          findVerificationKey(parseDidDocument(document, did), '#1', 'assertionMethod')
        } catch (error) {
          expect((error as Error).name).toBe('DidError')
        }
      }),
    )
  })
})

describe('the resolver', () => {
  it('is usable as entries of a DIF Resolver', async () => {
    const did = didKeyOf(await newKey())
    const { didDocument } = await new Resolver(didMethods()).resolve(`${did}#x`)
    expect(didDocument?.id).toBe(did)
    const failed = await new Resolver(didMethods()).resolve('did:key:zzz')
    expect([failed.didDocument, failed.didResolutionMetadata.error]).toEqual([null, 'invalidDid'])
  })

  it('says which of its failures mean "unknown"', async () => {
    const resolve = createDidResolver({
      fetch: async () => {
        throw new Error('down')
      },
    })
    await expect(resolve('did:ion:abc')).rejects.toEqual(code('core.resolve.not-configured'))
    // What every object inherits is no method.
    await expect(resolve('did:constructor:abc')).rejects.toEqual(code('core.resolve.not-configured'))
    await expect(resolve('did:key:zzz')).rejects.toEqual(code('core.resolve.invalid'))
    await expect(resolve('nonsense')).rejects.toEqual(code('core.resolve.invalid'))
    await expect(resolve('did:web:a.example')).rejects.toEqual(code('core.resolve.unavailable'))
  })

  it('takes other methods, and compares and bounds their documents too', async () => {
    const answer = (didDocument: unknown, deactivated = false) => ({
      test: async () =>
        ({ didDocument, didDocumentMetadata: { deactivated }, didResolutionMetadata: {} }) as never,
    })
    expect((await createDidResolver({ methods: answer({ id: 'did:test:a' }) })('did:test:a')).id).toBe(
      'did:test:a',
    )
    await expect(createDidResolver({ methods: answer({ id: 'did:test:b' }) })('did:test:a')).rejects.toEqual(
      code('core.resolve.invalid'),
    )
    await expect(
      createDidResolver({ methods: answer({ id: 'did:test:a' }, true) })('did:test:a'),
    ).rejects.toEqual(code('core.resolve.not-found'))
    await expect(createDidResolver({ methods: answer(null) })('did:test:a')).rejects.toThrow(ResolveError)
  })
})

describe('an issuer found by its DID', () => {
  const did = 'did:web:issuer.example'
  const issuerWith = async (...fragments: string[]) => {
    const methods = await Promise.all(
      fragments.map(async (fragment) => ({
        id: `${did}#${fragment}`,
        type: 'JsonWebKey',
        controller: did,
        publicKeyJwk: await newKey(),
      })),
    )
    const document: DidDocument = {
      id: did,
      verificationMethod: methods,
      assertionMethod: methods.map(({ id }) => id),
    }
    return { document, resolve: resolveDidIssuer(async () => document) }
  }

  it('is named by a kid that is a DID URL of iss, absolute or relative', async () => {
    const { document, resolve } = await issuerWith('1', '2')
    for (const kid of [`${did}#2`, '#2']) {
      const { jwk, identity } = await resolve({ iss: did, kid, alg: 'ES256' })
      expect(jwk).toEqual(document.verificationMethod?.[1]?.publicKeyJwk)
      expect(identity).toEqual({ id: did, method: 'did' })
    }
  })

  it('may be a bare did:key or did:jwk equal to iss, and no other bare DID [F5]', async () => {
    const jwk = await newKey()
    const resolve = resolveDidIssuer(createDidResolver())
    for (const own of [didKeyOf(jwk), didJwkOf(jwk)]) {
      for (const question of [{ iss: own, kid: own }, { kid: own }]) {
        const found = await resolve({ ...question, alg: 'ES256' })
        expect(found).toEqual({ jwk, identity: { id: own, method: 'did' } })
      }
    }
    const other = didKeyOf(await newKey())
    for (const question of [
      { iss: didKeyOf(jwk), kid: other },
      { iss: 'https://issuer.example', kid: other },
      { iss: did, kid: did },
    ]) {
      await expect(resolve({ ...question, alg: 'ES256' })).rejects.toEqual(code('core.resolve.invalid'))
    }
  })

  it('is refused when kid belongs to another DID, is no DID URL, or iss is no DID', async () => {
    const { resolve } = await issuerWith('1')
    for (const question of [
      { iss: did, kid: 'did:web:issuer.example.evil.example#1' },
      { iss: did, kid: 'did:web:other.example#1' },
      { iss: did, kid: '1' },
      { iss: 'https://issuer.example', kid: `${did}#1` },
      { iss: `${did}#1`, kid: `${did}#1` },
      {},
    ]) {
      await expect(resolve({ ...question, alg: 'ES256' })).rejects.toEqual(code('core.resolve.invalid'))
    }
  })

  it('may leave kid out only where there is one key', async () => {
    const one = await issuerWith('1')
    expect((await one.resolve({ iss: did, alg: 'ES256' })).jwk.kty).toBe('EC')
    const two = await issuerWith('1', '2')
    await expect(two.resolve({ iss: did, alg: 'ES256' })).rejects.toEqual(code('core.resolve.invalid'))
  })

  it('is refused with a key that was retired from the document', async () => {
    const { resolve } = await issuerWith('2')
    await expect(resolve({ iss: did, kid: `${did}#1`, alg: 'ES256' })).rejects.toEqual(
      code('core.resolve.not-found'),
    )
  })

  it('is refused with a key that may authenticate and not issue', async () => {
    const { document } = await issuerWith('1')
    const resolve = resolveDidIssuer(async () => ({
      ...document,
      assertionMethod: [],
      authentication: [`${did}#1`],
    }))
    await expect(resolve({ iss: did, kid: '#1', alg: 'ES256' })).rejects.toEqual(
      code('core.resolve.not-found'),
    )
  })
})
