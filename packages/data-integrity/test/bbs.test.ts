import type { DocumentType } from '@ekkasan/core'
import { base64url, concatBytes, hex } from '@ekkasan/core/bytes'
import type { JsonObject } from '@ekkasan/core/json'
import {
  addProof,
  createContextRegistry,
  deriveProof,
  documentContext,
  ldpVc,
  ldpVcHolder,
  ldpVcVerifier,
  verifyLdpVc,
  verifyProofs,
} from '@ekkasan/data-integrity'
import { bbsSignerFromJwk, generateBbsJwk } from '@ekkasan/data-integrity/bbs'
import { didKeyUrlOf } from '@ekkasan/did'
import { publicJwkOf } from '@ekkasan/keys'
import { bls12_381 } from '@noble/curves/bls12-381.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { describeVectors } from '../../../test/vectors.ts'
import { apiId, expandMessage } from '../src/internal/bbs/ciphersuite.ts'
import { bbsBaseData } from '../src/internal/bbs-2023.ts'
import { parseBbsProofValue, serializeBbsBase } from '../src/internal/bbs-value.ts'
import { writeProofValue } from '../src/internal/selective-value.ts'
import {
  binding,
  body,
  clock,
  collaborators,
  contexts,
  faults,
  holder,
  issued,
  plugged,
  presented,
} from './setting.ts'
import { atVectors, jsonOf, vectorContexts } from './vectors.ts'

const folder = 'di-bbs/TestVectors'
const unhex = (text: string) =>
  Uint8Array.from(text.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16))

for (const [path, prefix] of [
  ['', 'wind'],
  ['prc/', 'prCred'],
])
  describeVectors(folder, `the vectors of bbs-2023, ${path}${prefix}`, () => {
    const keys = jsonOf(`${folder}/BBSKeyMaterial.json`)
    const { presentationHeaderHex, pseudoRandSeedHex } = jsonOf(`${folder}/BBSDeriveMaterial.json`)
    /** The draft’s "Mocked Random Scalars"; those who made the vectors took the API id as domain separation tag. */
    const mockedRandomBytes = (length: number) => expandMessage(unhex(pseudoRandSeedHex), apiId, length)
    const vector = (file: string) => jsonOf(`${folder}/${path}${file}.json`)
    const base = vector('addSignedSDBase')
    const { proof, ...document } = base
    const mandatory = jsonOf(`${folder}/${prefix}Mandatory.json`)
    const selective = jsonOf(`${folder}/${prefix}Selective.json`)
    const raw = vector('addRawBaseSignatureInfo')
    const hmacKey = unhex(keys.hmacKeyString)
    const x = base64url(unhex(keys.publicKeyHex))
    const signer = bbsSignerFromJwk(
      { kty: 'OKP', crv: 'BLS12381G2', x, d: base64url(unhex(keys.privateKeyHex)) },
      { kid: proof.verificationMethod },
    )

    it('makes header and messages (vc-di-bbs sections 3.4.2 to 3.4.4)', () => {
      const { header, messages } = bbsBaseData({
        document,
        proof,
        hmacKey,
        mandatoryPointers: mandatory,
        contexts: vectorContexts,
      })
      const { proofHash, mandatoryHash } = vector('addHashData')
      expect(hex(header)).toBe(proofHash + mandatoryHash)
      expect(messages.map((bytes) => new TextDecoder().decode(bytes))).toEqual(
        vector('addBaseTransform').nonMandatory.value.map(([, line]: [number, string]) => line),
      )
    })

    it('signs the base document of the standard, byte for byte (section 3.4.5)', async () => {
      const { created: _created, ...rest } = proof
      const secured = await addProof({
        document,
        signer,
        created: new Date(proof.created),
        mandatoryPointers: mandatory,
        contexts: vectorContexts,
        randomBytes: () => hmacKey,
      })
      expect(secured).toEqual(base)
      expect(rest.cryptosuite).toBe('bbs-2023')
      const value = parseBbsProofValue(proof.proofValue)
      if (value.kind !== 'base') throw new TypeError('not a base proof')
      expect([hex(value.signature), value.mandatoryPointers]).toEqual([raw.bbsSignature, mandatory])
      expect(serializeBbsBase(value)).toBe(proof.proofValue)
    })

    it('derives the document of the standard, byte for byte (section 3.4.6)', async () => {
      const derived = await deriveProof({
        credential: base,
        pointers: selective,
        presentationHeader: unhex(presentationHeaderHex),
        contexts: vectorContexts,
        randomBytes: mockedRandomBytes,
      })
      const { proof: made, ...revealed } = derived
      expect(revealed).toEqual(vector('derivedUnsignedReveal'))
      const value = parseBbsProofValue((made as JsonObject).proofValue)
      if (value.kind !== 'derived') throw new TypeError('not a derived proof')
      expect(hex(value.bbsProof)).toBe(vector('derivedDisclosureData').bbsProof)
      expect(derived).toEqual(vector('derivedRevealDocument'))
    })

    it('verifies the derived document (section 3.4.7)', async () => {
      const { checks } = await verifyLdpVc(vector('derivedRevealDocument'), {
        ...atVectors,
        clock: () => new Date('2025-06-01T00:00:00Z'),
      })
      expect(checks.find(({ name }) => name === 'issuer-signature')?.outcome).toBe('passed')
    })
  })

const jwk = generateBbsJwk()
const issuer = bbsSignerFromJwk(jwk, { kid: didKeyUrlOf(publicJwkOf(jwk)) })
const issuerDid = issuer.key.kid?.split('#')[0] as string
const make = (more: object = {}) =>
  issued(
    { issuer: issuerDid },
    { signer: issuer, mandatoryPointers: ['/issuer', '/validFrom', '/credentialSubject/id'], ...more },
  )
const base = await make()
const derive = (pointers: readonly string[], more: object = {}) =>
  deriveProof({ credential: base, pointers, contexts, ...more })
const verify = (secured: unknown) => faults(verifyLdpVc(secured, collaborators))

describe('bbs-2023', () => {
  it('shows what is pointed to, and two showings have nothing of the proof in common', async () => {
    const pointers = ['/credentialSubject/address', '/credentialSubject/names']
    const [one, two] = [await derive(pointers), await derive(pointers)]
    expect(one.credentialSubject).toEqual({
      id: body.credentialSubject.id,
      address: body.credentialSubject.address,
      names: body.credentialSubject.names,
    })
    expect([await verify(one), await verify(two)]).toEqual([[], []])
    const values = [one, two].map(({ proof }) => parseBbsProofValue((proof as JsonObject).proofValue))
    const [a, b] = values.map((value) => (value.kind === 'derived' ? hex(value.bbsProof) : ''))
    for (let at = 0; at < 288; at += 96) expect(a?.slice(at, at + 96)).not.toBe(b?.slice(at, at + 96))
  })

  it('keeps base proofs from verifiers and derived ones from wallets (section 3.4.7)', async () => {
    expect(await verify(base)).toEqual(['structure failed data-integrity.proof.value'])
    const wallet = ldpVcHolder({ resolveIssuerKey: collaborators.resolveIssuerKey, contexts })
    const key = { jwk: holder.key.publicJwk, kid: holder.key.kid as string }
    const accepting = {
      holder: key,
      issuer: 'https://issuer.example',
      isTrusted: collaborators.isTrusted,
      clock,
    }
    expect((await wallet.accept(base, accepting)).issuer.id).toBe(issuerDid)
    await expect(wallet.accept(await derive([]), accepting)).rejects.toThrow('structure')
    const { proof, ...document } = base
    const changed = { ...document, validUntil: '2030-01-01T00:00:00Z', proof: proof as JsonObject }
    await expect(wallet.accept(changed, accepting)).rejects.toThrow('issuer-signature')
  })

  it('goes through the three plugs, presented by its holder', async () => {
    const document: DocumentType = {
      id: 'Card',
      type: 'CardCredential',
      version: '1.0',
      names: { en: 'x' },
      description: { en: 'x' },
      claims: ['citizen_id', 'birthdate'].map((name) => ({
        path: [name],
        names: {},
        disclosure: 'selective',
      })),
      schema: { properties: {} },
      display: { backgroundColor: '#000000', textColor: '#ffffff' },
    }
    const url = 'https://issuer.example'
    const registry = createContextRegistry([documentContext(document, url)])
    const key = { jwk: holder.key.publicJwk, kid: holder.key.kid as string }
    const credential = await ldpVc({ signer: issuer }).issue({
      document,
      issuer: url,
      claims: { citizen_id: '1999900000013', birthdate: '1990-02-01' },
      holder: key,
      validity: { from: clock() },
      id: 'urn:uuid:1',
    })
    const wallet = ldpVcHolder({ resolveIssuerKey: collaborators.resolveIssuerKey, contexts: registry })
    const presentation = await wallet.present(credential, {
      disclose: [['credentialSubject', 'birthdate']],
      binding,
      holder,
      clock,
    })
    const verifier = ldpVcVerifier({ ...plugged, contexts: registry })
    const { claims } = await verifier.verify(presentation, {
      isTrusted: collaborators.isTrusted,
      clock,
      binding,
    })
    expect(claims).toEqual({ birthdate: '1990-02-01' })
    expect(verifier.metadata.cryptosuite_values).toContain('bbs-2023')
  })

  it('is verified by verifyProofs too', async () => {
    const { resolveDid } = collaborators
    const options = { resolveDid, contexts, clock, proofPurpose: 'assertionMethod' } as const
    expect((await verifyProofs(await derive([]), options)).proofs).toHaveLength(1)
    await expect(verifyProofs(base, options)).rejects.toMatchObject({ code: 'data-integrity.proof.value' })
  })

  it('refuses what was changed, added or taken away', async () => {
    const shown = await derive(['/credentialSubject/givenName', '/credentialSubject/address'])
    const subject = shown.credentialSubject as JsonObject
    const { givenName: _name, ...less } = subject
    const signature = 'issuer-signature failed data-integrity.proof.signature'
    expect(await verify({ ...shown, credentialSubject: { ...subject, givenName: 'x' } })).toEqual([signature])
    expect(await verify({ ...shown, validFrom: '2026-11-19T00:00:00Z' })).toEqual([signature])
    expect(await verify({ ...shown, credentialSubject: less })).toEqual([
      'structure failed data-integrity.proof.value',
    ])
    const proof = shown.proof as JsonObject
    expect(await verify({ ...shown, proof: { ...proof, created: '2026-11-20T00:00:00Z' } })).toEqual([
      signature,
    ])
  })

  it("refuses another's key, and keys of another kind (algorithm confusion)", async () => {
    const other = generateBbsJwk()
    const shown = await derive([])
    const proof = shown.proof as JsonObject
    const named = (kid: string) => ({
      ...shown,
      issuer: kid.split('#')[0] as string,
      proof: { ...proof, verificationMethod: kid },
    })
    const signature = 'issuer-signature failed data-integrity.proof.signature'
    expect(await verify(named(didKeyUrlOf(publicJwkOf(other))))).toEqual([signature])
    expect(await verify(named(holder.key.kid as string))).toEqual([signature])
    expect(await verify({ ...shown, proof: { ...proof, cryptosuite: 'ecdsa-sd-2023' } })).toEqual([
      'structure failed data-integrity.proof.value',
    ])
    expect(await verify({ ...shown, proof: { ...proof, cryptosuite: 'ecdsa-rdfc-2019' } })).toEqual([
      'structure failed data-integrity.proof.value',
    ])
  })

  // Of the order 3 · 11 · … that does not divide that of the subgroup: on the curve, and no public key.
  it('refuses a key that is on the curve and not in the subgroup', async () => {
    const { Fp, Fp2 } = bls12_381.fields
    let outside: Uint8Array | undefined
    for (let number = 1n; !outside; number++) {
      const x = Fp2.create({ c0: Fp.create(number), c1: 0n })
      const squared = Fp2.add(Fp2.mul(Fp2.sqr(x), x), Fp2.create({ c0: 4n, c1: 4n }))
      try {
        const candidate = bls12_381.G2.Point.fromAffine({ x, y: Fp2.sqrt(squared) })
        if (candidate.isTorsionFree()) continue
        outside = concatBytes(new Uint8Array(48), Fp.toBytes(Fp.create(number)))
        outside[0] = 0x80
      } catch {}
    }
    const shown = await derive([])
    const key = { kty: 'OKP', crv: 'BLS12381G2', x: base64url(outside) } as const
    const resolveIssuerKey = async () => ({ jwk: key, identity: { id: issuerDid, method: 'did' as const } })
    expect(await faults(verifyLdpVc(shown, { ...collaborators, resolveIssuerKey }))).toEqual([
      'issuer-signature failed data-integrity.proof.signature',
    ])
    const neutral = new Uint8Array(96)
    neutral[0] = 0xc0
    const none = { ...key, x: base64url(neutral) }
    expect(
      await faults(
        verifyLdpVc(shown, {
          ...collaborators,
          resolveIssuerKey: async () => ({ jwk: none, identity: { id: issuerDid, method: 'did' } }),
        }),
      ),
    ).toEqual(['issuer-signature failed data-integrity.proof.signature'])
  })

  it('refuses proofs cut short, made longer or turned elsewhere, whatever byte (draft section 4.2.4.5)', async () => {
    const shown = await derive(['/credentialSubject/givenName', '/credentialSubject/address'])
    const value = parseBbsProofValue((shown.proof as JsonObject).proofValue)
    if (value.kind !== 'derived') throw new TypeError('not a derived proof')
    const { bbsProof, labelMap, mandatoryIndexes, selectiveIndexes, presentationHeader } = value
    const withProof = (bytes: Uint8Array, indexes = selectiveIndexes, header = presentationHeader) => {
      const proofValue = writeProofValue(3, [bytes, labelMap, mandatoryIndexes, indexes, header])
      return verify({ ...shown, proof: { ...(shown.proof as JsonObject), proofValue } })
    }
    expect(await withProof(bbsProof)).toEqual([])
    const signature = ['issuer-signature failed data-integrity.proof.signature']
    const neutral = new Uint8Array(48)
    neutral[0] = 0xc0
    const forged = [
      bbsProof.subarray(0, bbsProof.length - 32),
      bbsProof.subarray(1),
      concatBytes(bbsProof, new Uint8Array(32)),
      new Uint8Array(bbsProof.length),
      new Uint8Array(0),
      concatBytes(neutral, neutral, neutral, bbsProof.subarray(144)),
      new Uint8Array(32 * 9000),
    ]
    for (const bytes of forged) expect(await withProof(bytes)).toEqual(signature)
    expect(await withProof(bbsProof, [...selectiveIndexes].reverse())).toEqual(signature)
    expect(
      await withProof(
        bbsProof,
        selectiveIndexes.map((index) => index + 1),
      ),
    ).toEqual(signature)
    expect(await withProof(bbsProof, selectiveIndexes, Uint8Array.of(1))).toEqual(signature)
    await fc.assert(
      fc.asyncProperty(fc.nat(bbsProof.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const changed = Uint8Array.from(bbsProof)
        changed[at] = (changed[at] as number) ^ change
        expect(await withProof(changed)).toEqual(signature)
      }),
      { numRuns: 25 },
    )
  })

  it('reads nothing as a proof value that is none, and no feature that it does not know', () => {
    const code = expect.objectContaining({ code: 'data-integrity.proof.value' })
    for (const kind of [0, 1, 3, 5, 6, 7, 8, 9, 10, 255]) {
      const value = writeProofValue(kind, [
        new Uint8Array(80),
        new Uint8Array(64),
        new Uint8Array(96),
        new Uint8Array(32),
        [],
      ])
      expect(() => parseBbsProofValue(value)).toThrow(code)
    }
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.uint8Array().map((bytes) => `u2V0D${base64url(bytes)}`),
        ),
        (text) => {
          try {
            parseBbsProofValue(text)
          } catch (error) {
            expect(error).toEqual(code)
          }
        },
      ),
    )
  })

  it('derives nothing of a base proof whose signature is none', async () => {
    const proof = base.proof as JsonObject
    const value = parseBbsProofValue(proof.proofValue)
    if (value.kind !== 'base') throw new TypeError('not a base proof')
    const proofValue = serializeBbsBase({ ...value, signature: new Uint8Array(80).fill(7) })
    await expect(
      deriveProof({ credential: { ...base, proof: { ...proof, proofValue } }, pointers: [], contexts }),
    ).rejects.toMatchObject({ code: 'data-integrity.proof.value' })
  })

  it('signs no more statements than are verified, and says so', async () => {
    const evidence = Array.from({ length: 300 }, (_none, index) => ({
      id: `urn:example:${index}`,
      type: 'VerifiableCredential',
    }))
    const making = issued({ issuer: issuerDid, evidence }, { signer: issuer, mandatoryPointers: [] })
    await expect(making).rejects.toMatchObject({ code: 'data-integrity.structure.malformed' })
  })

  it('stands at most twice in a credential: each proof costs as much as a thousand signatures', async () => {
    const shown = await derive([])
    const times = (count: number) => ({ ...shown, proof: Array.from({ length: count }, () => shown.proof) })
    expect(await verify(times(2))).toEqual([])
    expect(await verify(times(3))).toEqual(['structure failed data-integrity.structure.proof'])
  })

  it('signs with keys of its own curve alone (TypeError)', async () => {
    await expect(make({ signer: issuer, cryptosuite: 'ecdsa-sd-2023' })).rejects.toThrow(TypeError)
    await expect(make({ signer: issuer, cryptosuite: 'eddsa-jcs-2022' })).rejects.toThrow(TypeError)
    await expect(make({ signer: holder, cryptosuite: 'bbs-2023' })).rejects.toThrow(
      new TypeError(
        'bbs-2023 does not sign with ES256; fitting: ecdsa-rdfc-2019, ecdsa-jcs-2019, ecdsa-sd-2023',
      ),
    )
    expect(() => bbsSignerFromJwk({ ...jwk, x: generateBbsJwk().x as string })).toThrow(TypeError)
    expect(() => bbsSignerFromJwk({ ...jwk, d: base64url(new Uint8Array(32)) })).toThrow(TypeError)
    await expect(presented(base, { holder: issuer as never })).rejects.toThrow(TypeError)
  })
})
