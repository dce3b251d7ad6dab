import type { Signer } from '@ekkasan/core'
import { base64 } from '@ekkasan/core/bytes'
import {
  type CborInput,
  type CborMap,
  CborTag,
  type CoseMessage,
  coseKeyOf,
  coseLabel,
  decodeCbor,
  decodeCoseSign1,
  deriveMacKey,
  encodeCbor,
  jwkOfCoseKey,
  macCose,
  parseCose,
  signCose,
  signCoseSign1,
  verifyCoseMac,
  verifyCoseSignature,
  x5chainHeader,
  x5cOf,
} from '@ekkasan/cose'
import { fitsAlgorithm, generateJwk, isForEncryption, publicJwkOf, signerFromJwk } from '@ekkasan/keys'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const payload = new TextEncoder().encode('{"hello":"world"}')
const signers = await Promise.all(
  (['ES256', 'ES384', 'ES512', 'EdDSA'] as const).map(async (alg) => signerFromJwk(await generateJwk(alg))),
)
const signer = signers[0] as Signer
const jwk = signer.key.publicJwk

const codeOf = (use: () => unknown) => {
  try {
    use()
  } catch (error) {
    return (error as { code?: string }).code
  }
  return undefined
}
const withParts = (change: (parts: CborInput[]) => void) => async () => {
  const parts = [...(await signCose({ signer, payload }))]
  change(parts)
  return encodeCbor(parts)
}

describe('COSE_Sign1 (RFC 9052 section 4.2)', () => {
  it.each(signers)('$alg signs and verifies, and nothing else does', async (each) => {
    const header = new Map<number, CborInput>([[coseLabel.kid, new Uint8Array([1, 2])]])
    const encoded = await signCoseSign1({ signer: each, payload, header })
    const message = decodeCoseSign1(encoded)
    expect(message.payload).toEqual(payload)
    expect(message.header.get(coseLabel.kid)).toEqual(new Uint8Array([1, 2]))
    expect(await verifyCoseSignature(message, each.key.publicJwk, payload)).toBe(true)
    expect(await verifyCoseSignature(message, each.key.publicJwk, new Uint8Array(1))).toBe(false)
    const changed: CoseMessage = { ...message, protectedHeader: encodeCbor(new Map([[1, -7]])) }
    expect(await verifyCoseSignature(changed, each.key.publicJwk, payload)).toBe(false)
    const other = publicJwkOf(await generateJwk(each.alg))
    expect(await verifyCoseSignature(message, other, payload)).toBe(false)
  })

  it('stands with tag 18, and is read without it', async () => {
    const encoded = await signCoseSign1({ signer, payload })
    expect(encoded[0]).toBe(0xd2)
    expect(decodeCoseSign1(encoded.subarray(1)).payload).toEqual(payload)
    expect(parseCose(decodeCbor(encoded.subarray(1))).payload).toEqual(payload)
    expect(codeOf(() => parseCose(decodeCbor(encoded)))).toBe('cose.message.malformed')
    expect(codeOf(() => decodeCoseSign1(encodeCbor(new CborTag(17, []))))).toBe('cose.message.malformed')
    const twice = encodeCbor(new CborTag(18, new CborTag(18, [])))
    expect(codeOf(() => decodeCoseSign1(twice))).toBe('cose.message.malformed')
  })

  it('carries headers of integers and texts, protected and not', async () => {
    const header = new Map<string | number, CborInput>([
      [coseLabel.typ, 'application/example'],
      [coseLabel.cwtClaims, new Map([[1, 'https://issuer.example']])],
      ['iss', 'https://issuer.example'],
    ])
    const message = decodeCoseSign1(await signCoseSign1({ signer, payload, header }))
    for (const [label, value] of header) expect(message.header.get(label)).toEqual(value)
    await expect(signCose({ signer, payload, header: new Map([[coseLabel.alg, -8]]) })).rejects.toThrow(
      TypeError,
    )
  })

  it.each<[string, (parts: CborInput[]) => void, string]>([
    ['three parts', (parts) => parts.pop(), 'cose.message.malformed'],
    [
      'a protected header that is not bytes',
      (parts) => parts.splice(0, 1, new Map()),
      'cose.message.malformed',
    ],
    [
      'a protected header that is no map',
      (parts) => parts.splice(0, 1, encodeCbor([])),
      'cose.message.malformed',
    ],
    [
      'a protected header of other bytes',
      (parts) => parts.splice(0, 1, new Uint8Array([0xa1])),
      'cose.cbor.malformed',
    ],
    ['an unprotected header that is no map', (parts) => parts.splice(1, 1, []), 'cose.message.malformed'],
    ['a payload that is a text', (parts) => parts.splice(2, 1, 'text'), 'cose.message.malformed'],
    ['a signature that is none', (parts) => parts.splice(3, 1, null), 'cose.message.malformed'],
    [
      'an algorithm in both headers',
      (parts) => parts.splice(1, 1, new Map([[1, -7]])),
      'cose.message.malformed',
    ],
    ['crit', (parts) => parts.splice(1, 1, new Map([[2, [4]]])), 'cose.message.critical'],
    [
      'an unprotected algorithm alone',
      (parts) => parts.splice(0, 2, new Uint8Array(), new Map([[1, -7]])),
      'cose.message.malformed',
    ],
  ])('refuses %s', async (_what, change, code) => {
    const encoded = await withParts(change)()
    expect(codeOf(() => decodeCoseSign1(encoded))).toBe(code)
  })

  it.each([
    [-9, 0],
    [-51, 1],
    [-52, 2],
    [-19, 3],
  ])('reads the fully specified number %i too (RFC 9864)', async (id, index) => {
    const { key, sign } = signers[index] as Signer
    const header = encodeCbor(new Map([[coseLabel.alg, id]]))
    const proof = await sign(encodeCbor(['Signature1', header, new Uint8Array(), payload]))
    const message = decodeCoseSign1(encodeCbor([header, new Map(), payload, proof]))
    expect(await verifyCoseSignature(message, key.publicJwk, payload)).toBe(true)
  })

  it('refuses algorithms that are none of the table, and keys that do not fit', async () => {
    const message = decodeCoseSign1(await signCoseSign1({ signer, payload }))
    for (const alg of [null, 5, -257, 'ES256', 0]) {
      await expect(verifyCoseSignature({ ...message, alg }, jwk, payload)).rejects.toMatchObject({
        code: 'cose.algorithm',
      })
    }
    const ed = (signers[3] as Signer).key.publicJwk
    await expect(verifyCoseSignature(message, ed, payload)).rejects.toMatchObject({
      code: 'keys.alg.mismatch',
    })
  })

  it('refuses a signature that is cut, longer, or ASN.1', async () => {
    const message = decodeCoseSign1(await signCoseSign1({ signer, payload }))
    for (const proof of [
      message.proof.subarray(1),
      new Uint8Array([...message.proof, 0]),
      new Uint8Array([0x30, 0x44, ...message.proof]),
      new Uint8Array(64),
      new Uint8Array(),
    ]) {
      expect(await verifyCoseSignature({ ...message, proof }, jwk, payload)).toBe(false)
    }
  })

  it('throws nothing but CoseError at any bytes and any change of a byte', async () => {
    const encoded = await signCoseSign1({ signer, payload, unprotected: new Map([[coseLabel.kid, payload]]) })
    const change = fc.tuple(fc.nat(encoded.length - 1), fc.nat(255)).map(([at, by]) => {
      const changed = Uint8Array.from(encoded)
      changed[at] = by
      return changed
    })
    fc.assert(
      fc.property(fc.oneof(change, fc.uint8Array({ maxLength: 200 })), (bytes) => {
        expect(codeOf(() => decodeCoseSign1(bytes)) ?? 'cose.').toMatch(/^cose\./)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('COSE_Mac0 (RFC 9052 section 6.2)', () => {
  it("is the key's, over the payload", async () => {
    const key = await deriveMacKey(new Uint8Array(32), new Uint8Array(32), 'info')
    const message = parseCose((await macCose(key, payload)) as never)
    expect(await verifyCoseMac(message, key, payload)).toBe(true)
    expect(await verifyCoseMac(message, key, new Uint8Array(1))).toBe(false)
    await expect(verifyCoseMac({ ...message, alg: -7 }, key, payload)).rejects.toMatchObject({
      code: 'cose.algorithm',
    })
  })
})

describe('COSE_Key (RFC 9052 section 7)', () => {
  it.each(signers)('of $alg there and back', ({ key }) => {
    const { kty, crv, x, y } = key.publicJwk
    expect(jwkOfCoseKey(coseKeyOf(key.publicJwk) as CborMap)).toEqual({
      kty,
      crv,
      x,
      ...(y !== undefined && { y }),
    })
  })

  it.each<[string, (key: Map<number, CborInput>) => unknown]>([
    ['a private key', (key) => key.set(-4, new Uint8Array(32))],
    [
      'a compressed point that is not on its curve',
      (key) => key.set(-2, new Uint8Array(32).fill(255)).set(-3, true),
    ],
    ['another kind', (key) => key.set(1, 1)],
    ['an unknown curve', (key) => key.set(-1, 8)],
    ['a short coordinate', (key) => key.set(-2, new Uint8Array(31))],
    ['no coordinate', (key) => key.delete(-2)],
    ['a coordinate of a megabyte', (key) => key.set(-2, new Uint8Array(1_048_576)).set(-3, true)],
  ])('refuses %s', (_what, change) => {
    const key = new Map(coseKeyOf(jwk))
    change(key)
    expect(codeOf(() => jwkOfCoseKey(key as CborMap))).toBe('cose.key')
  })

  const uses = (alg: CborInput | undefined, operations?: CborInput) => {
    const key = new Map(coseKeyOf(jwk))
    if (alg !== undefined) key.set(3, alg)
    if (operations !== undefined) key.set(4, operations)
    return jwkOfCoseKey(key as CborMap)
  }

  it.each<[CborInput | undefined, CborInput | undefined, boolean, boolean]>([
    [-7, undefined, true, false],
    [-9, [2], true, false],
    [undefined, [1], true, false],
    [-35, undefined, false, false],
    [5, undefined, false, false],
    ['ES256', undefined, false, false],
    [-25, [7], false, true],
    [undefined, [8], false, true],
    [undefined, [3], false, true],
    [undefined, [9, 10], false, false],
    [undefined, ['verify'], true, false],
  ])(
    'for algorithm %s and operations %s: signs %s, agrees %s [K7]',
    async (alg, operations, signs, agrees) => {
      const key = uses(alg, operations)
      expect([fitsAlgorithm(key, 'ES256'), isForEncryption(key)]).toEqual([signs, agrees])
    },
  )

  it.each<[CborInput | undefined, CborInput | undefined]>([
    [true, undefined],
    [undefined, []],
    [undefined, 2],
    [undefined, [null]],
  ])('with algorithm %s and operations %s it is none [K7]', (alg, operations) => {
    expect(codeOf(() => uses(alg, operations))).toBe('cose.key')
  })

  it('reads a point with the sign of y alone (RFC 9053 section 7.1.1) [K5]', () => {
    const key = new Map(coseKeyOf(jwk))
    const y = key.get(-3) as Uint8Array
    key.set(-3, ((y.at(-1) ?? 0) & 1) === 1)
    expect(jwkOfCoseKey(key as CborMap)).toEqual(jwkOfCoseKey(coseKeyOf(jwk) as CborMap))
  })
})

it('any map is a COSE_Key, a chain, or a CoseError', () => {
  const labels = fc.constantFrom(1, -1, -2, -3, -4, 33)
  const values = fc.oneof(
    fc.integer({ min: -9, max: 9 }),
    fc.uint8Array({ minLength: 31, maxLength: 33 }),
    fc.array(fc.uint8Array({ maxLength: 2 })),
    fc.string(),
  )
  fc.assert(
    fc.property(fc.array(fc.tuple(labels, values)), (entries) => {
      const map = new Map(entries) as CborMap
      expect(codeOf(() => jwkOfCoseKey(map)) ?? 'cose.key').toBe('cose.key')
      expect(codeOf(() => x5cOf(map)) ?? 'cose.message.malformed').toBe('cose.message.malformed')
    }),
  )
})

describe('x5chain (RFC 9360)', () => {
  const chain = [base64(new Uint8Array([1])), base64(new Uint8Array([2, 3]))]

  it.each([[chain], [chain.slice(1)]])('there and back', (x5c) => {
    expect(x5cOf(x5chainHeader(x5c) as CborMap)).toEqual(x5c)
  })

  it.each<[string, CborInput]>([
    ['an empty chain', []],
    ['a text', 'MII='],
    ['a chain of texts', ['MII=']],
    ['eleven certificates', new Array<CborInput>(11).fill(new Uint8Array(1))],
  ])('refuses %s', (_what, value) => {
    expect(codeOf(() => x5cOf(new Map([[coseLabel.x5chain, value]]) as CborMap))).toBe(
      'cose.message.malformed',
    )
  })
})
