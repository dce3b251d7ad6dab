import { startOfDay } from '@ekkasan/core'
import { utf8 } from '@ekkasan/core/bytes'
import {
  type CborInput,
  CborTag,
  coseKeyOf,
  decodeCbor,
  decodeCoseSign1,
  encodeCbor,
  signCose,
} from '@ekkasan/cose'
import { generateJwk, signerFromJwk } from '@ekkasan/keys'
import { issueVcCose, presentVpCose, verifyVcCose, verifyVpCose } from '@ekkasan/vc-jose-cose'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  binding,
  clock,
  collaborators,
  faults,
  holder,
  issuer,
  now,
  stranger,
} from '../../../test/jwt-parties.ts'
import { body } from './securings.ts'

const seconds = now.getTime() / 1000
const credential = await issueVcCose({ signer: issuer, credential: body, clock })
const presentation = await presentVpCose({ credentials: [credential], holder, binding, clock })
const options = { ...collaborators, binding }

const parts = (encoded: Uint8Array) => [...((decodeCbor(encoded) as CborTag).value as readonly CborInput[])]
const withParts = (change: (all: CborInput[]) => void, tag = 18) => {
  const all = parts(credential)
  change(all)
  return encodeCbor(tag === 0 ? all : new CborTag(tag, all))
}
const signed = async (payload: Uint8Array, header = decodeCoseSign1(credential).header) => {
  const labels = new Map([...header].filter(([label]) => label !== 1))
  const made = await signCose({ signer: issuer, payload, header: labels as ReadonlyMap<number, CborInput> })
  return encodeCbor(new CborTag(18, made))
}

describe('vc+cose (VC-JOSE-COSE section 3.3.1)', () => {
  it('is a COSE_Sign1 of the credential, with typ, content type, kid and CWT claims protected', () => {
    expect(credential[0]).toBe(0xd2)
    const { header, unprotected, payload } = decodeCoseSign1(credential)
    expect(header).toEqual(
      new Map<number, unknown>([
        [1, -7],
        [3, 'application/vc'],
        [4, utf8('k1')],
        [
          15,
          new Map<number, unknown>([
            [1, body.issuer.id],
            [6, startOfDay(clock()).getTime() / 1000],
          ]),
        ],
        [16, 'application/vc+cose'],
      ]),
    )
    expect(unprotected.size).toBe(0)
    expect(JSON.parse(new TextDecoder().decode(payload ?? undefined))).toEqual(body)
  })

  it.each(['ES384', 'ES512', 'EdDSA', 'Ed25519'] as const)('signs with %s', async (alg) => {
    const signer = await signerFromJwk(await generateJwk(alg), { kid: 'k1', alg })
    const made = await issueVcCose({ signer, credential: body, clock })
    const key = { jwk: signer.key.publicJwk, identity: (await collaborators.resolveIssuerKey()).identity }
    await verifyVcCose(made, { ...collaborators, resolveIssuerKey: async () => key })
  })

  it('is not signed with an algorithm that COSE does not have here', async () => {
    const signer = await signerFromJwk(await generateJwk('PS256'))
    await expect(issueVcCose({ signer, credential: body })).rejects.toThrow(TypeError)
  })

  it('is read without its tag, and with hints to the key unprotected', async () => {
    await verifyVcCose(
      withParts(() => {}, 0),
      collaborators,
    )
    await verifyVcCose(
      withParts((all) => all.splice(1, 1, new Map([[34, utf8('not looked at')]]))),
      collaborators,
    )
  })

  it('has its key by certificate alone where it carries an x5chain, protected or not', async () => {
    const withChain = withParts((all) => all.splice(1, 1, new Map([[33, utf8('no certificate')]])))
    await expect(verifyVcCose(withChain, collaborators)).rejects.toMatchObject({
      checks: expect.arrayContaining([
        expect.objectContaining({ name: 'issuer-key', outcome: 'failed', code: 'core.resolve.invalid' }),
      ]),
    })
  })

  it.each<[string, (all: CborInput[]) => void, string]>([
    ['a payload that is detached', (all) => all.splice(2, 1, null), 'vc-jose-cose.structure.malformed'],
    [
      'a payload that is no JSON',
      (all) => all.splice(2, 1, utf8('{"a":')),
      'vc-jose-cose.structure.malformed',
    ],
    [
      'a payload that is CBOR',
      (all) => all.splice(2, 1, encodeCbor(body)),
      'vc-jose-cose.structure.malformed',
    ],
    [
      'a payload with a member twice',
      (all) => all.splice(2, 1, utf8('{"a":1,"a":2}')),
      'vc-jose-cose.structure.malformed',
    ],
    ['an unprotected alg', (all) => all.splice(1, 1, new Map([[1, -7]])), 'cose.message.malformed'],
    ['crit', (all) => all.splice(1, 1, new Map([[2, [3]]])), 'cose.message.critical'],
    [
      'a MAC in place of a signature',
      (all) => all.splice(0, 1, encodeCbor(new Map([[1, 5]]))),
      'cose.algorithm',
    ],
    ['no algorithm', (all) => all.splice(0, 1, new Uint8Array()), 'cose.algorithm'],
    [
      'CWT claims that are no map',
      (all) =>
        all.splice(
          0,
          1,
          encodeCbor(
            new Map<number, CborInput>([
              [1, -7],
              [15, 1],
            ]),
          ),
        ),
      'vc-jose-cose.structure.malformed',
    ],
    [
      'a cnf that is no map',
      (all) =>
        all.splice(
          0,
          1,
          encodeCbor(
            new Map<number, CborInput>([
              [1, -7],
              [
                15,
                new Map<number, CborInput>([
                  [1, body.issuer.id],
                  [8, 'kid'],
                ]),
              ],
            ]),
          ),
        ),
      'keys.jwt.claims',
    ],
    [
      'a cnf with a private key',
      (all) => {
        const key = new Map(coseKeyOf(holder.key.publicJwk)).set(-4, new Uint8Array(32))
        all.splice(
          0,
          1,
          encodeCbor(
            new Map<number, CborInput>([
              [1, -7],
              [
                15,
                new Map<number, CborInput>([
                  [1, body.issuer.id],
                  [8, new Map([[1, key]])],
                ]),
              ],
            ]),
          ),
        )
      },
      'cose.key',
    ],
  ])('refuses %s', async (_what, change, code) => {
    expect(await faults(verifyVcCose(withParts(change), collaborators))).toEqual([`structure failed ${code}`])
  })

  it.each<[string, Uint8Array | string, string]>([
    ['a text', 'd284', 'vc-jose-cose.structure.malformed'],
    ['nothing', new Uint8Array(), 'cose.cbor.malformed'],
    ['a cut message', credential.subarray(0, -1), 'cose.cbor.malformed'],
    ['bytes after the end', new Uint8Array([...credential, 0]), 'cose.cbor.malformed'],
    [
      'indefinite lengths',
      new Uint8Array([0xd2, 0x9f, ...encodeCbor(parts(credential)).subarray(1), 0xff]),
      'cose.cbor.indefinite',
    ],
    ['another tag', encodeCbor(new CborTag(98, parts(credential))), 'cose.message.malformed'],
    ['deep nesting', new Uint8Array(64).fill(0x81), 'cose.cbor.too-large'],
    ['more than 4 MiB', new Uint8Array(4_194_305), 'cose.cbor.too-large'],
  ])('refuses %s', async (_what, input, code) => {
    expect(await faults(verifyVcCose(input, collaborators))).toEqual([`structure failed ${code}`])
  })

  it.each<[string, (proof: Uint8Array) => Uint8Array]>([
    ['cut', (proof) => proof.subarray(1)],
    ['longer', (proof) => new Uint8Array([...proof, 0])],
    ['all zeros', () => new Uint8Array(64)],
  ])('refuses a signature that is %s', async (_what, change) => {
    const made = withParts((all) => all.splice(3, 1, change(all[3] as Uint8Array)))
    expect(await faults(verifyVcCose(made, collaborators))).toEqual([
      'issuer-signature failed keys.jws.signature',
    ])
  })

  it('the algorithm of the header is that of the key, and a key is a point of its curve', async () => {
    const made = withParts((all) =>
      all.splice(
        0,
        1,
        encodeCbor(
          new Map<number, CborInput>([
            ...(decodeCbor(all[0] as Uint8Array) as Map<number, CborInput>),
            [1, -35],
          ]),
        ),
      ),
    )
    expect(await faults(verifyVcCose(made, collaborators))).toEqual([
      'issuer-signature failed keys.jws.signature',
    ])
    const { identity, jwk } = await collaborators.resolveIssuerKey()
    const off = { identity, jwk: { ...jwk, y: jwk.x as string } }
    expect(
      await faults(verifyVcCose(credential, { ...collaborators, resolveIssuerKey: async () => off })),
    ).toEqual(['issuer-signature failed keys.jws.signature'])
  })

  it('the payload is covered by the signature, and so is the header', async () => {
    const other = await signed(utf8(JSON.stringify({ ...body, id: 'urn:other' })))
    const swapped = withParts((all) => all.splice(2, 1, parts(other)[2] as Uint8Array))
    expect(await faults(verifyVcCose(swapped, collaborators))).toEqual([
      'issuer-signature failed keys.jws.signature',
    ])
    const relabelled = withParts((all) => {
      const header = new Map(decodeCbor(all[0] as Uint8Array) as Map<number, CborInput>)
      header.delete(16)
      all.splice(0, 1, encodeCbor(header))
    })
    expect(await faults(verifyVcCose(relabelled, collaborators))).toEqual([
      'issuer-signature failed keys.jws.signature',
    ])
  })
})

describe('vp+cose (VC-JOSE-COSE section 3.3.2)', () => {
  it('has audience, nonce and times as CWT claims', () => {
    const claims = decodeCoseSign1(presentation).header.get(15) as Map<number, unknown>
    expect(claims.get(3)).toBe(binding.clientId)
    expect(claims.get(10)).toEqual(utf8(binding.nonce))
    expect(claims.get(6)).toBe(seconds)
    expect(claims.get(4)).toBe(seconds + 300)
  })

  it('a credential is no presentation, and the reverse', async () => {
    expect(await faults(verifyVpCose(credential, options))).toEqual([
      'structure failed vc-jose-cose.structure.typ',
    ])
    expect(await faults(verifyVcCose(presentation, collaborators))).toEqual([
      'structure failed vc-jose-cose.structure.typ',
    ])
  })

  it('is bound to the key of a cnf', async () => {
    const made = await issueVcCose({
      signer: issuer,
      credential: { ...body, credentialSubject: { a: 1 } },
      holderJwk: holder.key.publicJwk,
      clock,
    })
    const presenting = { credentials: [made], binding, clock }
    await verifyVpCose(await presentVpCose({ ...presenting, holder }), options)
    expect(
      await faults(verifyVpCose(await presentVpCose({ ...presenting, holder: stranger }), options)),
    ).toEqual(['holder-signature failed keys.holder.signature'])
  })
})

it('answers any bytes with a report, never with another error', async () => {
  const changed = fc.tuple(fc.nat(credential.length - 1), fc.nat(255)).map(([at, by]) => {
    const bytes = Uint8Array.from(credential)
    bytes[at] = by
    return bytes
  })
  await fc.assert(
    fc.asyncProperty(fc.oneof(changed, fc.uint8Array({ maxLength: 100 })), async (bytes) => {
      await verifyVcCose(bytes, collaborators).catch((error) => expect(error.checks).toBeDefined())
      await verifyVpCose(bytes, options).catch((error) => expect(error.checks).toBeDefined())
    }),
    { numRuns: 500 },
  )
  const labels = fc.oneof(fc.constantFrom(3, 4, 15, 16, 33), fc.integer({ min: -9, max: 70_000 }))
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.uint8Array({ maxLength: 9 }),
  ) as fc.Arbitrary<CborInput>
  const claims = fc
    .array(fc.tuple(fc.constantFrom(1, 3, 4, 6, 8, 10, 65_535), value))
    .map((all) => new Map(all))
  const headers = fc
    .array(fc.tuple(labels, fc.oneof(value, claims)))
    .map((all) => new Map<number, CborInput>(all))
  await fc.assert(
    fc.asyncProperty(headers, fc.jsonValue(), async (header, document) => {
      const made = await signed(utf8(JSON.stringify(document)), header as never).catch((error) => {
        expect(error).toBeInstanceOf(TypeError)
      })
      if (made) expect((await faults(verifyVcCose(made, collaborators))).length).toBeGreaterThan(0)
    }),
  )
})
