import { base64url, concatBytes, fromBase58, fromBase64url, hex } from '@ekkasan/core/bytes'
import type { JsonObject } from '@ekkasan/core/json'
import {
  addProof,
  deriveProof,
  ldpVc,
  ldpVcHolder,
  ldpVcVerifier,
  verifyLdpVc,
  verifyLdpVp,
} from '@ekkasan/data-integrity'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { describeVectors } from '../../../test/vectors.ts'
import { decodeCbor, encodeCbor } from '../src/internal/cbor.ts'
import { baseData, parseSdProofValue, serializeBase } from '../src/internal/ecdsa-sd.ts'
import { selectJsonLd } from '../src/internal/select.ts'
import {
  binding,
  clock,
  collaborators,
  contexts,
  faults,
  holder,
  issued,
  issuer,
  options,
  plugged,
  presented,
} from './setting.ts'
import { atVectors, jsonOf, vectorContexts } from './vectors.ts'

const folder = 'di-ecdsa/TestVectors'

for (const [name, prefix] of [
  ['employ', 'employ'],
  ['prc', 'prCred'],
])
  describeVectors(folder, `the vectors of ecdsa-sd-2023, ${name}`, () => {
    const vector = (file: string) => jsonOf(`${folder}/ecdsa-sd-2023/${name}/${file}.json`)
    const base = vector('addSignedSDBase')
    const { proof, ...document } = base
    const mandatory = jsonOf(`${folder}/${prefix}Mandatory.json`)
    const selective = jsonOf(`${folder}/${prefix}Selective.json`)
    const raw = vector('addRawBaseSignatureInfo')
    const keys = jsonOf(`${folder}/ecdsa-sd-2023/SDKeyMaterial.json`)
    const statements = (list: readonly Uint8Array[]) => list.map((bytes) => new TextDecoder().decode(bytes))
    const unmapped = ({ value }: { value: [number, string][] }) => value.map(([, line]) => line)

    it('makes the statements and the data to sign (sections 3.6.2, 3.6.3)', () => {
      const hmacKey = Uint8Array.from(keys.hmacKeyString.match(/../g), (digits: string) =>
        Number.parseInt(digits, 16),
      )
      const publicKey = fromBase58(keys.proofKeyPair.publicKeyMultibase.slice(1))
      const made = baseData({
        document,
        proof,
        hmacKey,
        publicKey,
        mandatoryPointers: mandatory,
        contexts: vectorContexts,
      })
      const { proofHash, mandatoryHash } = vector('addHashData')
      expect(hex(made.data)).toBe(proofHash + hex(publicKey) + mandatoryHash)
      expect(statements(made.statements)).toEqual(unmapped(vector('addBaseTransform').nonMandatory))
    })

    it('reads and writes the base proof value byte for byte (sections 3.5.2, 3.5.3)', () => {
      const value = parseSdProofValue(proof.proofValue)
      if (value.kind !== 'base') throw new TypeError('not a base proof')
      expect(hex(value.baseSignature)).toBe(raw.baseSignature)
      expect(value.signatures.map(hex)).toEqual(raw.signatures)
      expect(value.mandatoryPointers).toEqual(mandatory)
      expect(serializeBase(value)).toBe(proof.proofValue)
    })

    it('derives the document of the standard, byte for byte (section 3.6.6)', async () => {
      const derived = await deriveProof({ credential: base, pointers: selective, contexts: vectorContexts })
      expect(JSON.stringify(derived.proof)).toBe(JSON.stringify(vector('derivedRevealDocument').proof))
      expect(derived).toEqual(vector('derivedRevealDocument'))
      const { proof: _proof, ...revealed } = derived
      expect(revealed).toEqual(vector('derivedUnsignedReveal'))
    })

    it('verifies the derived document (section 3.6.7)', async () => {
      const { checks } = await verifyLdpVc(vector('derivedRevealDocument'), {
        ...atVectors,
        clock: () => new Date('2025-06-01T00:00:00Z'),
      })
      expect(checks.find((check) => check.name === 'issuer-signature')).toMatchObject({
        outcome: 'passed',
        detail: 'ecdsa-sd-2023',
      })
    })
  })

describe('what a holder shows', () => {
  const make = (change: JsonObject = {}) =>
    issued(change, {
      cryptosuite: 'ecdsa-sd-2023',
      mandatoryPointers: ['/issuer', '/validFrom', '/credentialSubject/id'],
    })

  it('verifies with every subset of the claims, and holds no other', async () => {
    const base = await make()
    const all = [
      '/credentialSubject/givenName',
      '/credentialSubject/names',
      '/credentialSubject/address',
      '/validUntil',
      '/id',
    ]
    await fc.assert(
      fc.asyncProperty(fc.subarray(all, { minLength: 1 }), async (pointers) => {
        const shown = await presented(base, {
          pointers: [...pointers, '/credentialSubject/address/province'],
        })
        const { credential } = await verifyLdpVp(shown, options)
        for (const pointer of all) {
          const name = pointer.split('/').at(-1) as string
          const has =
            Object.hasOwn(credential, name) || Object.hasOwn(credential.credentialSubject as object, name)
          expect(has).toBe(pointers.includes(pointer) || name === 'address' || name === 'id')
        }
      }),
      { numRuns: 20 },
    )
  })

  it('never holds the base proof, with which the rest could be read', async () => {
    const base = await make()
    expect(await faults(verifyLdpVc(base, collaborators))).toEqual([
      'structure failed data-integrity.proof.value',
    ])
    const shown = JSON.stringify(
      await deriveProof({ credential: base, pointers: ['/credentialSubject/givenName'], contexts }),
    )
    expect(shown).not.toContain('เชียงใหม่')
    const value = parseSdProofValue((base.proof as { proofValue: string }).proofValue)
    if (value.kind !== 'base') throw new TypeError('not a base proof')
    expect(hex(fromBase64url(JSON.parse(shown).proof.proofValue.slice(1)))).not.toContain(hex(value.hmacKey))
  })

  it.each([
    [
      'a claim was changed',
      (shown: JsonObject) => ({
        ...shown,
        credentialSubject: { ...(shown.credentialSubject as object), givenName: 'x' },
      }),
    ],
    [
      'a mandatory statement was changed',
      (shown: JsonObject) => ({ ...shown, validFrom: '2026-11-19T00:00:00Z' }),
    ],
  ])('is rejected when %s', async (_what, change) => {
    const shown = await deriveProof({
      credential: await make(),
      pointers: ['/credentialSubject/givenName'],
      contexts,
    })
    expect(await faults(verifyLdpVc(change(shown) as JsonObject, collaborators))).toEqual([
      'issuer-signature failed data-integrity.proof.signature',
    ])
  })

  it('is rejected when a statement was left out, or comes from another credential', async () => {
    const pointers = ['/credentialSubject/givenName', '/validUntil']
    const one = await deriveProof({ credential: await make(), pointers, contexts })
    const { validUntil: _end, ...less } = one
    const [fault] = await faults(verifyLdpVc(less, collaborators))
    expect(fault).toMatch(/^(structure failed data-integrity.proof.value|issuer-signature failed)/)
    const two = await deriveProof({ credential: await make(), pointers, contexts })
    expect(await faults(verifyLdpVc({ ...one, proof: two.proof as JsonObject }, collaborators))).toEqual([])
    const other = await make({ validUntil: '2028-11-20T00:00:00Z' })
    const three = await deriveProof({ credential: other, pointers, contexts })
    expect(await faults(verifyLdpVc({ ...one, proof: three.proof as JsonObject }, collaborators))).toEqual([
      'issuer-signature failed data-integrity.proof.signature',
    ])
  })

  it.each([
    [
      'an index of no statement',
      (parts: unknown[]) => [...parts.slice(0, 4), [...(parts[4] as number[]), 99]],
    ],
    [
      'an index twice',
      (parts: unknown[]) => [...parts.slice(0, 4), [...(parts[4] as number[]), (parts[4] as number[])[0]]],
    ],
    [
      'a label of no node',
      (parts: unknown[]) => [
        ...parts.slice(0, 3),
        new Map([...(parts[3] as Map<number, Uint8Array>), [99, new Uint8Array(32)]]),
        parts[4],
      ],
    ],
    [
      'a key of another curve',
      (parts: unknown[]) => [
        parts[0],
        Uint8Array.from(parts[1] as Uint8Array).fill(0x81, 0, 1),
        ...parts.slice(2),
      ],
    ],
  ])('has one spelling: %s is refused', async (_what, change) => {
    const shown = await deriveProof({
      credential: await make(),
      pointers: ['/credentialSubject/givenName', '/credentialSubject/address'],
      contexts,
    })
    const proof = shown.proof as JsonObject & { proofValue: string }
    const bytes = fromBase64url(proof.proofValue.slice(1))
    const parts = change(decodeCbor(bytes.subarray(3)) as unknown[])
    const proofValue = `u${base64url(concatBytes(bytes.subarray(0, 3), encodeCbor(parts as never)))}`
    expect(await faults(verifyLdpVc({ ...shown, proof: { ...proof, proofValue } }, collaborators))).toEqual([
      'structure failed data-integrity.proof.value',
    ])
  })

  it('takes no pointer to nothing, and no part of an ordered list', async () => {
    const base = await make()
    for (const pointer of [
      '/nothing',
      'issuer',
      '/credentialSubject/names/0',
      '/__proto__',
      '/constructor',
      '/credentialSubject/givenName/length',
    ]) {
      await expect(deriveProof({ credential: base, pointers: [pointer], contexts })).rejects.toThrow(
        expect.objectContaining({ code: 'data-integrity.pointer.not-found' }),
      )
    }
  })

  it('has no place in a chain, nor for the proof of a presentation', async () => {
    const first = await issued({}, { id: 'urn:proof:1' })
    await expect(
      addProof({
        document: first,
        signer: issuer,
        cryptosuite: 'ecdsa-sd-2023',
        previousProof: 'urn:proof:1',
        contexts,
        clock,
      }),
    ).rejects.toThrow(TypeError)
    const { proof, ...document } = await presented(first)
    const shown = await addProof({
      document,
      signer: holder,
      cryptosuite: 'ecdsa-sd-2023',
      proofPurpose: 'authentication',
      challenge: binding.nonce,
      domain: binding.clientId,
      contexts,
      clock,
    })
    expect(proof).toBeDefined()
    expect(await faults(verifyLdpVp(shown, options))).toEqual([
      'structure failed data-integrity.structure.proof',
    ])
  })

  it('goes through the three plugs, disclosing what was asked for', async () => {
    const document = {
      id: 'X',
      type: 'XCredential',
      version: '1',
      names: {},
      description: {},
      claims: [['a'], ['b'], ['list']].map((path) => ({ path, names: {}, disclosure: 'selective' as const })),
      schema: { properties: { a: {}, b: {}, list: { type: 'array', items: { properties: { inner: {} } } } } },
      display: { backgroundColor: '#000', textColor: '#fff' },
    } as const
    const { createContextRegistry, documentContext } = await import('@ekkasan/data-integrity')
    const own = createContextRegistry([documentContext(document, 'https://issuer.example')])
    const key = { jwk: holder.key.publicJwk, kid: holder.key.kid as string }
    const credential = await ldpVc({ signer: issuer, cryptosuite: 'ecdsa-sd-2023' }).issue({
      document,
      issuer: 'https://issuer.example',
      claims: { a: 'secret', b: 'shown', list: [{ inner: 1 }] },
      holder: key,
      validity: { from: clock() },
      id: 'urn:uuid:1',
    })
    const wallet = ldpVcHolder({ resolveIssuerKey: collaborators.resolveIssuerKey, contexts: own })
    const { isTrusted } = collaborators
    await wallet.accept(credential, { holder: key, issuer: 'https://issuer.example', isTrusted, clock })
    const disclose = [
      ['credentialSubject', 'b'],
      ['credentialSubject', 'list', null, 'inner'],
    ]
    const shown = await wallet.present(credential, { disclose, binding, holder, clock })
    expect(shown).not.toContain('secret')
    const verified = await ldpVcVerifier({ ...plugged, contexts: own }).verify(shown, {
      binding,
      isTrusted,
      clock,
    })
    expect(verified.claims).toEqual({ b: 'shown', list: [{ inner: 1 }] })
  })
})

describe('CBOR of proof values', () => {
  const value = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.nat({ max: 0xffff_ffff }),
      fc.string(),
      fc.uint8Array(),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.array(fc.nat(), { maxLength: 300 }).map((items) => new Map(items.entries())),
    ),
  })).value

  it('reads what it writes', () => {
    fc.assert(
      fc.property(value, (given) => {
        expect(decodeCbor(encodeCbor(given as never))).toEqual(given)
      }),
    )
  })

  it('reads any bytes in one spelling only, or refuses them (TypeError)', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        let read: unknown
        try {
          read = decodeCbor(bytes)
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError)
          return
        }
        expect(encodeCbor(read as never)).toEqual(bytes)
      }),
      { numRuns: 2000 },
    )
  })

  it.each([
    ['an indefinite length', '9f01ff'],
    ['a repeated key', 'a200010002'],
    ['keys out of order', 'a201010002'],
    ['keys that do not count from zero', 'a10101'],
    ['keys with a gap', 'a200010202'],
    ['a number longer than need be', '1801'],
    ['a tag', 'c101'],
    ['a huge length', '9affffffff'],
    ['deep nesting', '818181818181'],
    ['a byte behind', '0101'],
    ['nothing', ''],
  ])('refuses %s', (_what, digits) => {
    const bytes = Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
    expect(() => decodeCbor(bytes)).toThrow(TypeError)
  })

  it('refuses every proof value that is not one', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.uint8Array(), fc.constant(undefined)), (given) => {
        const text = given instanceof Uint8Array ? `u2V0${hex(given)}` : given
        expect(() => parseSdProofValue(text)).toThrow(
          expect.objectContaining({ code: 'data-integrity.proof.value' }),
        )
      }),
    )
  })
})

it('selects by JSON pointers with ids and types on the way (section 3.4.13)', () => {
  const source = {
    id: 'urn:a',
    type: 'T',
    'a/b': { id: '_:x', type: 'U', 'c~d': [{ e: 1 }, { e: 2 }], f: 3 },
  }
  expect(selectJsonLd(source, ['/a~1b/c~0d/1/e'])).toEqual({
    id: 'urn:a',
    type: 'T',
    'a/b': { type: 'U', 'c~d': [{ e: 2 }] },
  })
  expect(selectJsonLd(source, [''])).toEqual(source)
  expect(selectJsonLd(source, [])).toBeUndefined()
})
