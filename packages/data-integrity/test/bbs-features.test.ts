import { base64url, concatBytes, hex, utf8 } from '@ekkasan/core/bytes'
import type { JsonObject } from '@ekkasan/core/json'
import {
  type BbsFeatureOption,
  type BbsHolderSecrets,
  deriveProof,
  ldpVcHolder,
  verifyLdpVc,
  verifyProofs,
} from '@ekkasan/data-integrity'
import { bbsSignerFromJwk, createBbsCommitment, generateBbsJwk } from '@ekkasan/data-integrity/bbs'
import { didKeyUrlOf } from '@ekkasan/did'
import { publicJwkOf } from '@ekkasan/keys'
import { bls12_381 } from '@noble/curves/bls12-381.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { committedScalars, signBlind } from '../src/internal/bbs/blind.ts'
import { apiIdOf, messageScalars } from '../src/internal/bbs/ciphersuite.ts'
import { createProof, verifyProof } from '../src/internal/bbs/proof.ts'
import { publicKeyOf, verify } from '../src/internal/bbs/signature.ts'
import { bbsBaseData } from '../src/internal/bbs-2023.ts'
import { bbsFeatures, committedCount } from '../src/internal/bbs-features.ts'
import { type BbsDerivedValue, parseBbsProofValue, serializeBbsDerived } from '../src/internal/bbs-value.ts'
import { writeProofValue } from '../src/internal/selective-value.ts'
import { body, clock, collaborators, contexts, faults, holder, issued } from './setting.ts'

type Feature = Exclude<BbsFeatureOption, 'baseline'>
const features: readonly Feature[] = ['anonymous_holder_binding', 'pseudonym', 'holder_binding_pseudonym']

const createIssuer = () => {
  const jwk = generateBbsJwk()
  return bbsSignerFromJwk(jwk, { kid: didKeyUrlOf(publicJwkOf(jwk)) })
}
const issuer = createIssuer()
const issuerDid = issuer.key.kid?.split('#')[0] as string
const mandatoryPointers = ['/issuer', '/validFrom']
const { id: _id, ...subject } = body.credentialSubject
const make = (more: object = {}, signer = issuer) =>
  issued({ issuer: issuerDid, credentialSubject: subject }, { signer, mandatoryPointers, ...more })

const created = async (featureOption: Feature) => {
  const { secrets, commitmentWithProof } = createBbsCommitment({ featureOption })
  const base = await make({ featureOption, commitmentWithProof })
  const nymDomain = featureOption === 'anonymous_holder_binding' ? undefined : 'verifier.example'
  const options = { credential: base, secrets, contexts, ...(nymDomain && { nymDomain }) }
  const derive = (more: object = {}) =>
    deriveProof({ ...options, pointers: ['/credentialSubject/givenName'], ...more })
  return { featureOption, secrets, base, nymDomain, derive, shown: await derive() }
}
const [bound, named, both] = (await Promise.all(features.map(created))) as [
  Awaited<ReturnType<typeof created>>,
  Awaited<ReturnType<typeof created>>,
  Awaited<ReturnType<typeof created>>,
]
const each = [bound, named, both].map((held) => [held.featureOption, held] as const)

const check = (secured: unknown, showing?: object) =>
  faults(verifyLdpVc(secured, { ...collaborators, ...(showing && { showing }) }))
const showingOf = async (secured: unknown) => (await verifyLdpVc(secured, collaborators)).showing
const derivedOf = ({ proof }: JsonObject): BbsDerivedValue => {
  const value = parseBbsProofValue((proof as JsonObject).proofValue)
  if (value.kind !== 'derived') throw new TypeError('not a derived proof')
  return value
}
const withValue = (shown: JsonObject, change: object): JsonObject => ({
  ...shown,
  proof: {
    ...(shown.proof as JsonObject),
    proofValue: serializeBbsDerived({ ...derivedOf(shown), ...change }),
  },
})
const randomBytes = (length: number) => crypto.getRandomValues(new Uint8Array(length))
const signature = ['issuer-signature failed data-integrity.proof.signature']
const structure = ['structure failed data-integrity.proof.value']

const neutral = Uint8Array.from({ length: 48 }, (_, at) => (at === 0 ? 0xc0 : 0))
const compressed = (x: bigint) => {
  const bytes = Uint8Array.from(x.toString(16).padStart(96, '0').match(/../g) ?? [], (two) =>
    Number.parseInt(two, 16),
  )
  bytes[0] = (bytes[0] as number) | 0x80
  return bytes
}
/** x on no point of the curve; of a point outside the subgroup; of one inside it, written beyond the field. */
const strange = () => {
  const { Fp } = bls12_381.fields
  const found: Uint8Array[] = []
  for (let x = 1n; found.length < 1; x++) {
    if (!isSquare(x)) found.push(compressed(x))
  }
  for (let x = 1n; found.length < 2; x++) {
    if (!isSquare(x)) continue
    const point = bls12_381.G1.Point.fromAffine({ x, y: Fp.sqrt(x ** 3n + 4n) })
    if (!point.isTorsionFree()) found.push(compressed(x))
  }
  let point = bls12_381.G1.Point.BASE
  while (point.toAffine().x + Fp.ORDER >= 1n << 381n) point = point.add(bls12_381.G1.Point.BASE)
  const again = compressed(point.toAffine().x + Fp.ORDER)
  again[0] = (again[0] as number) | ((point.toBytes()[0] as number) & 0x20)
  return [...found, again]
}
function isSquare(x: bigint): boolean {
  const { Fp } = bls12_381.fields
  try {
    Fp.sqrt(Fp.create(x ** 3n + 4n))
    return true
  } catch {
    return false
  }
}

describe.each(each)('bbs-2023 with %s (vc-di-bbs section 4)', (featureOption, held) => {
  const { derive, shown, base, secrets, nymDomain } = held

  it('shows what is pointed to, for whom and in answer to what it was asked', async () => {
    const presentationHeader = utf8('n-0S6_WzA2Mj')
    const secured = await derive({ presentationHeader })
    expect(secured.credentialSubject).toEqual({ givenName: body.credentialSubject.givenName })
    const showing = { featureOption, presentationHeader, ...(nymDomain && { nymDomain }) }
    expect(await check(secured, showing)).toEqual([])
    expect(await showingOf(secured)).toEqual({
      ...showing,
      ...(nymDomain && { pseudonym: derivedOf(secured).pseudonym }),
    })
  })

  it('shows nothing twice but the pseudonym', async () => {
    const [one, two] = [derivedOf(shown), derivedOf(await derive())]
    for (let at = 0; at < one.bbsProof.length; at += 48) {
      expect(hex(one.bbsProof.subarray(at, at + 48))).not.toBe(hex(two.bbsProof.subarray(at, at + 48)))
    }
    expect(one.pseudonym).toEqual(two.pseudonym)
  })

  it('derives nothing with other secrets (Blind BBS section 4.2.2)', async () => {
    const other = createBbsCommitment({ featureOption }).secrets
    for (const name of Object.keys(secrets) as (keyof typeof secrets)[]) {
      await expect(derive({ secrets: { ...secrets, [name]: other[name] } })).rejects.toMatchObject({
        code: 'data-integrity.proof.signature',
      })
    }
    await expect(derive({ secrets: undefined })).rejects.toThrow(TypeError)
    for (const name of Object.keys(secrets)) {
      await expect(derive({ secrets: { ...secrets, [name]: undefined } })).rejects.toThrow(TypeError)
      await expect(derive({ secrets: { ...secrets, [name]: new Uint8Array(31) } })).rejects.toThrow(TypeError)
    }
  })

  it('convinces nobody when a thief of the base proof derives without the secrets', async () => {
    const { proof: signed, ...document } = base as JsonObject & { proof: JsonObject }
    const value = parseBbsProofValue(signed.proofValue)
    if (value.kind !== 'base') throw new TypeError('not a base proof')
    const { messages } = bbsBaseData({ document, proof: signed, contexts, ...value })
    const isAccepted = (known: BbsHolderSecrets) => {
      const committed = committedScalars(featureOption, known, value.signerNymEntropy)
      const nym = nymDomain === undefined ? {} : { nymDomain }
      const common = { ...value, ...nym, indexes: [0], presentationHeader: new Uint8Array() }
      const { proof, pseudonym } = createProof(value.signature, {
        ...common,
        messages,
        committed,
        randomBytes,
      })
      const more = { messageCount: messages.length, ...(pseudonym && { pseudonym }) }
      return verifyProof(proof, { ...common, ...more, shown: messages.slice(0, 1) })
    }
    expect(isAccepted(secrets)).toBe(true)
    const others = createBbsCommitment({ featureOption }).secrets
    for (const name of Object.keys(secrets) as (keyof BbsHolderSecrets)[]) {
      expect(isAccepted({ ...secrets, [name]: others[name] })).toBe(false)
    }
  })

  it('is refused as another feature, or with another count of messages (section 3.3.7)', async () => {
    const { messageCount = 0 } = derivedOf(shown)
    for (const count of [messageCount - 1, messageCount + 1, 0, 2 ** 31]) {
      expect(await check(withValue(shown, { messageCount: count }))).toEqual(signature)
    }
    const rest = { nymDomain: 'verifier.example', pseudonym: bls12_381.G1.Point.BASE.toBytes() }
    for (const other of features.filter((name) => name !== featureOption)) {
      const shape =
        other === 'anonymous_holder_binding' ? { nymDomain: undefined, pseudonym: undefined } : rest
      expect(await check(withValue(shown, { featureOption: other, ...shape }))).toEqual(signature)
      if ((other === 'anonymous_holder_binding') !== (nymDomain === undefined)) {
        expect(await check(withValue(shown, { featureOption: other }))).toEqual(structure)
      }
    }
    const plain = { nymDomain: undefined, pseudonym: undefined, messageCount: undefined }
    expect(await check(withValue(shown, { featureOption: 'baseline', ...plain }))).toEqual(signature)
  })

  it('refuses a proof with any byte changed (draft section 4.2.4.5)', async () => {
    const { bbsProof } = derivedOf(shown)
    await fc.assert(
      fc.asyncProperty(fc.nat(bbsProof.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const changed = Uint8Array.from(bbsProof)
        changed[at] = (changed[at] as number) ^ change
        expect(await check(withValue(shown, { bbsProof: changed }))).toEqual(signature)
      }),
      { numRuns: 10 },
    )
    for (const bytes of [
      bbsProof.subarray(0, -32),
      concatBytes(bbsProof, new Uint8Array(32)),
      new Uint8Array(),
    ]) {
      expect(await check(withValue(shown, { bbsProof: bytes }))).toEqual(signature)
    }
  })

  it('signs no commitment whose proof does not hold (Blind BBS section 4.3.2)', async () => {
    const { commitmentWithProof } = createBbsCommitment({ featureOption })
    const at = (place: number, bytes: Uint8Array) => {
      const changed = Uint8Array.from(commitmentWithProof)
      changed.set(bytes, place)
      return changed
    }
    const others = features.filter((name) => committedCount(name) !== committedCount(featureOption))
    const forged = [
      commitmentWithProof.subarray(0, -1),
      commitmentWithProof.subarray(0, -32),
      concatBytes(commitmentWithProof, new Uint8Array(32)),
      new Uint8Array(commitmentWithProof.length),
      new Uint8Array(),
      ...[neutral, ...strange()].map((point) => at(0, point)),
      at(48, new Uint8Array(32)),
      at(48, new Uint8Array(32).fill(0xff)),
      at(commitmentWithProof.length - 1, Uint8Array.of((commitmentWithProof.at(-1) as number) ^ 1)),
      ...others.map((name) => createBbsCommitment({ featureOption: name }).commitmentWithProof),
      // Of the same length, for the other interface: pseudonyms and holder binding do not stand for one another.
      createBbsCommitment({
        featureOption: featureOption === 'pseudonym' ? 'anonymous_holder_binding' : 'pseudonym',
      }).commitmentWithProof,
    ]
    for (const bytes of forged) {
      await expect(make({ featureOption, commitmentWithProof: bytes })).rejects.toMatchObject({
        code: 'data-integrity.proof.commitment',
      })
    }
  })

  it('commits to the same secrets without anything in common', () => {
    const { secretProverBlind: _blind, ...kept } = secrets
    const [one, two] = [0, 1].map(() => createBbsCommitment({ featureOption, ...kept }))
    if (!one || !two) throw new TypeError('not two commitments')
    for (let at = 0; at < one.commitmentWithProof.length; at += 16) {
      expect(hex(one.commitmentWithProof.subarray(at, at + 16))).not.toBe(
        hex(two.commitmentWithProof.subarray(at, at + 16)),
      )
    }
    expect(one.secrets.secretProverBlind).not.toEqual(two.secrets.secretProverBlind)
  })

  it('keeps its base proof from verifiers, and from wallets that do not know the secrets', async () => {
    expect(await check(base)).toEqual(structure)
    const wallet = ldpVcHolder({ resolveIssuerKey: collaborators.resolveIssuerKey, contexts })
    const accepting = {
      holder: { jwk: holder.key.publicJwk, kid: holder.key.kid as string },
      issuer: 'https://issuer.example',
      isTrusted: collaborators.isTrusted,
      clock,
    }
    await expect(wallet.accept(base, accepting)).rejects.toMatchObject({ code: 'data-integrity.proof.value' })
  })

  it('is shown by verifyProofs too', async () => {
    const { resolveDid } = collaborators
    const options = { resolveDid, contexts, clock, proofPurpose: 'assertionMethod' } as const
    expect((await verifyProofs(shown, options)).proofs[0]?.showing?.featureOption).toBe(featureOption)
  })
})

describe('pseudonyms of bbs-2023', () => {
  it('are the same for one domain, and others for another', async () => {
    const pseudonymFor = async (nymDomain: string, { derive } = named) =>
      hex((await showingOf(await derive({ nymDomain })))?.pseudonym ?? new Uint8Array())
    expect(await pseudonymFor('a.example')).toBe(await pseudonymFor('a.example'))
    expect(await pseudonymFor('a.example')).not.toBe(await pseudonymFor('b.example'))
    expect(await pseudonymFor('a.example')).not.toBe(await pseudonymFor('a.example', both))
  })

  it('stay the same when issued again with the issuer’s entropy, and only then', async () => {
    const { proverNym } = named.secrets
    const value = parseBbsProofValue((named.base.proof as JsonObject).proofValue)
    if (value.kind !== 'base' || !proverNym) throw new TypeError('not a base proof with a pseudonym')
    const again = createBbsCommitment({ featureOption: 'pseudonym', proverNym })
    const pseudonymWith = async (more: object) => {
      const { featureOption, commitmentWithProof, secrets } = again
      const credential = await make({ featureOption, commitmentWithProof, ...more })
      const nymDomain = named.nymDomain as string
      return derivedOf(await deriveProof({ credential, pointers: [], secrets, nymDomain, contexts }))
        .pseudonym
    }
    const { pseudonym } = derivedOf(named.shown)
    const { signerNymEntropy } = value
    expect(await pseudonymWith({ signerNymEntropy })).toEqual(pseudonym)
    expect(await pseudonymWith({})).not.toEqual(pseudonym)
  })

  it.each([
    ['pseudonym', named, both],
    ['holder_binding_pseudonym', both, named],
  ] as const)('of others, for others, or no points are refused, %s', async (_name, { shown }, other) => {
    const elsewhere = await other.derive()
    const forged = [derivedOf(elsewhere).pseudonym, bls12_381.G1.Point.BASE.toBytes(), neutral, ...strange()]
    for (const pseudonym of [...forged, new Uint8Array(48)]) {
      expect(await check(withValue(shown, { pseudonym }))).toEqual(signature)
    }
    const { pseudonym = neutral } = derivedOf(shown)
    const negated = bls12_381.G1.Point.fromBytes(pseudonym).negate().toBytes()
    expect(await check(withValue(shown, { pseudonym: negated }))).toEqual(signature)
    expect(await check(withValue(shown, { nymDomain: 'other.example' }))).toEqual(signature)
    for (const bytes of [pseudonym.subarray(1), concatBytes(pseudonym, Uint8Array.of(0))]) {
      expect(await check(withValue(shown, { pseudonym: bytes }))).toEqual(structure)
    }
    for (const nymDomain of ['', 'x'.repeat(2049), utf8('verifier.example')]) {
      expect(await check(withValue(shown, { nymDomain }))).toEqual(structure)
    }
  })

  it('cannot be left out of the proof that claims one', () => {
    const secretKey = 7n
    const messages = [utf8('one'), utf8('two')]
    const signed = { publicKey: publicKeyOf(secretKey), header: new Uint8Array(64), messages }
    const featureOption = 'pseudonym'
    const { secrets, commitmentWithProof } = createBbsCommitment({ featureOption })
    const signerNymEntropy = Uint8Array.from({ length: 32 }, (_, at) => at)
    const made = signBlind(secretKey, signed, { featureOption, commitmentWithProof, signerNymEntropy })
    if (!made) throw new TypeError('not signed')
    const committed = committedScalars(featureOption, secrets, signerNymEntropy)
    const common = { ...signed, featureOption, indexes: [], presentationHeader: new Uint8Array() } as const
    const { proof } = createProof(made, { ...common, committed, randomBytes })
    const more = { shown: [], messageCount: 2, nymDomain: 'verifier.example' }
    expect(verifyProof(proof, { ...common, ...more })).toBe(false)
    for (const pseudonym of [neutral, ...strange()]) {
      expect(verifyProof(proof, { ...common, ...more, pseudonym })).toBe(false)
    }
    const named = createProof(made, { ...common, committed, nymDomain: more.nymDomain, randomBytes })
    const { proof: whole, pseudonym = neutral } = named
    expect(verifyProof(whole, { ...common, ...more, pseudonym })).toBe(true)
    expect(verifyProof(whole, { ...common, shown: [], messageCount: 2, pseudonym })).toBe(false)
  })

  it('have no secret that comes to nothing (TypeError)', () => {
    const { secretProverBlind } = named.secrets
    const one = Uint8Array.from({ length: 32 }, (_, at) => (at === 31 ? 1 : 0))
    const { ORDER } = bls12_381.fields.Fr
    const minusOne = Uint8Array.from((ORDER - 1n).toString(16).match(/../g) ?? [], (two) =>
      Number.parseInt(two, 16),
    )
    const sum = () => committedScalars('pseudonym', { secretProverBlind, proverNym: one }, minusOne)
    expect(sum).toThrow('zero')
  })

  it('are asked for by one who has none to show, or shown by nobody who was not asked (TypeError)', async () => {
    await expect(named.derive({ nymDomain: undefined })).rejects.toThrow(TypeError)
    await expect(named.derive({ nymDomain: '' })).rejects.toThrow(TypeError)
    await expect(bound.derive({ nymDomain: 'verifier.example' })).rejects.toThrow(TypeError)
    const credential = await make()
    const plain = { credential, pointers: [], contexts }
    await expect(deriveProof({ ...plain, nymDomain: 'verifier.example' })).rejects.toThrow(TypeError)
    await expect(deriveProof({ ...plain, secrets: named.secrets })).rejects.toThrow(TypeError)
    await expect(deriveProof({ ...plain, presentationHeader: new Uint8Array(4097) })).rejects.toThrow(
      TypeError,
    )
  })
})

describe('what a verifier asks a bbs-2023 proof to show', () => {
  it('is the feature', async () => {
    const { featureOption } = both
    expect(await check(both.shown, { featureOption })).toEqual([])
    const failed = ['holder-signature failed data-integrity.proof.feature']
    for (const { shown } of [bound, named]) expect(await check(shown, { featureOption })).toEqual(failed)
    expect(await check(await issued(), { featureOption: 'baseline' })).toEqual(failed)
  })

  it('is a pseudonym for a domain', async () => {
    const failed = ['holder-audience failed data-integrity.proof.pseudonym']
    expect(await check(named.shown, { nymDomain: 'verifier.example' })).toEqual([])
    expect(await check(named.shown, { nymDomain: 'other.example' })).toEqual(failed)
    expect(await check(bound.shown, { nymDomain: 'verifier.example' })).toEqual(failed)
  })

  it('is the presentation header', async () => {
    const failed = ['holder-nonce failed data-integrity.proof.presentation-header']
    const shown = await bound.derive({ presentationHeader: utf8('one') })
    expect(await check(shown, { presentationHeader: utf8('one') })).toEqual([])
    for (const other of ['two', 'one more', '']) {
      expect(await check(shown, { presentationHeader: utf8(other) })).toEqual(failed)
    }
    expect(await check(await issued(), { presentationHeader: new Uint8Array() })).toEqual(failed)
  })

  it('is shown by the issuer’s proof, not by one that another put beside it', async () => {
    const stranger = createIssuer()
    const { commitmentWithProof, secrets, featureOption } = createBbsCommitment({
      featureOption: 'pseudonym',
    })
    const nymDomain = 'verifier.example'
    const options = { pointers: ['/credentialSubject/givenName'], contexts }
    const plain = await deriveProof({ ...options, credential: await make() })
    const credential = await make({ featureOption, commitmentWithProof }, stranger)
    const forged = await deriveProof({ ...options, credential, secrets, nymDomain })
    const secured = { ...plain, proof: [forged.proof as JsonObject, plain.proof as JsonObject] }
    expect(await check(secured)).toEqual([])
    expect((await showingOf(secured))?.featureOption).toBe('baseline')
    expect(await check(secured, { nymDomain })).toEqual([
      'holder-audience failed data-integrity.proof.pseudonym',
    ])
  })
})

describe('what a holder committed to', () => {
  // The holder chooses what he commits to, and it is hashed like a statement: he must not be able to show it as one.
  it.each(['anonymous_holder_binding', 'holder_binding_pseudonym'] as const)(
    'is never shown as what the issuer said, %s',
    (featureOption) => {
      const secretKey = 5n
      const publicKey = publicKeyOf(secretKey)
      const lie = utf8(
        '_:b0 <https://issuer.example/id#role> "director of the agency, of all departments" .\n',
      )
      const { secrets, commitmentWithProof } = createBbsCommitment({ featureOption, holderSecret: lie })
      const signerNymEntropy = Uint8Array.from({ length: 32 }, (_, at) => at)
      const signed = { publicKey, header: new Uint8Array(64), messages: [utf8('one'), utf8('two')] }
      const made = signBlind(secretKey, signed, { featureOption, commitmentWithProof, signerNymEntropy })
      if (!made) throw new TypeError('not signed')
      const committed = committedScalars(featureOption, secrets, signerNymEntropy)
      expect(verify(made, { ...signed, featureOption, committed })).toBe(true)
      const nym = bbsFeatures[featureOption].pseudonym ? { nymDomain: 'verifier.example' } : {}
      const common = { ...signed, ...nym, featureOption, presentationHeader: new Uint8Array() }
      const prove = (indexes: readonly number[]) =>
        createProof(made, { ...common, committed, indexes, randomBytes })
      const accepts = (
        indexes: readonly number[],
        shown: readonly Uint8Array[],
        messageCount: number,
        { proof, pseudonym } = prove(indexes),
      ) => verifyProof(proof, { ...common, indexes, shown, messageCount, ...(pseudonym && { pseudonym }) })
      expect(accepts([0], [utf8('one')], 2)).toBe(true)
      const [, scalar] = committed
      expect(messageScalars([lie], apiIdOf(featureOption))).toEqual([scalar])
      for (const count of [1, 2, 3, 4, 5]) {
        expect(accepts([0, 3], [utf8('one'), lie], count)).toBe(false)
        expect(accepts([3], [lie], count)).toBe(false)
      }
    },
  )
})

describe('issuing to a commitment', () => {
  const { commitmentWithProof } = createBbsCommitment({ featureOption: 'anonymous_holder_binding' })
  const ahb = { featureOption: 'anonymous_holder_binding', commitmentWithProof } as const

  it('wants a feature with all that belongs to it, and a signer who can (TypeError)', async () => {
    await expect(make({ featureOption: 'pseudonym' })).rejects.toThrow(TypeError)
    await expect(make({ commitmentWithProof })).rejects.toThrow(TypeError)
    await expect(make({ featureOption: 'toString', commitmentWithProof })).rejects.toThrow(TypeError)
    await expect(make({ ...ahb, signerNymEntropy: new Uint8Array(32).fill(1) })).rejects.toThrow(TypeError)
    const nym = createBbsCommitment({ featureOption: 'pseudonym' })
    for (const signerNymEntropy of [new Uint8Array(32), new Uint8Array(32).fill(0xff), new Uint8Array(31)]) {
      await expect(make({ ...nym, signerNymEntropy })).rejects.toThrow(TypeError)
    }
    const { blindSign: _none, ...less } = issuer
    await expect(make(ahb, less)).rejects.toThrow(TypeError)
    await expect(issued({}, ahb)).rejects.toThrow(TypeError)
  })

  it('signs no more messages than are verified (TypeError)', async () => {
    const messages = Array.from({ length: 513 }, (_, at) => utf8(`${at}`))
    const header = new Uint8Array(64)
    await expect(issuer.sign(header, messages)).rejects.toThrow('too many messages')
    await expect(issuer.blindSign?.(header, messages, ahb)).rejects.toThrow(TypeError)
  })

  it('wants secrets that belong to the feature (TypeError)', () => {
    const scalar = Uint8Array.from({ length: 32 }, () => 1)
    const wrong = [
      { featureOption: 'baseline' },
      { featureOption: 'toString' },
      { featureOption: 'pseudonym', holderSecret: scalar },
      { featureOption: 'anonymous_holder_binding', proverNym: scalar },
      { featureOption: 'anonymous_holder_binding', holderSecret: new Uint8Array(31) },
      { featureOption: 'pseudonym', proverNym: new Uint8Array(32) },
      { featureOption: 'pseudonym', proverNym: new Uint8Array(32).fill(0xff) },
    ]
    for (const options of wrong) expect(() => createBbsCommitment(options as never)).toThrow(TypeError)
  })
})

it('reads no proof value of an optional feature in another shape (vc-di-bbs sections 3.3.2, 3.3.7)', () => {
  const code = expect.objectContaining({ code: 'data-integrity.proof.value' })
  const base = [80, 64, 96, 32].map((length) => new Uint8Array(length))
  const derived = [new Uint8Array(300), new Map(), [], [], new Uint8Array()]
  const entropy = new Uint8Array(32)
  const nym = ['verifier.example', new Uint8Array(48)]
  const reads = (kind: number, components: readonly unknown[]) =>
    parseBbsProofValue(writeProofValue(kind, components as never)).featureOption
  expect(reads(4, [...base, []])).toBe('anonymous_holder_binding')
  expect(reads(6, [...base, [], entropy])).toBe('pseudonym')
  expect(reads(8, [...base, [], entropy])).toBe('holder_binding_pseudonym')
  expect(reads(5, [...derived, 3])).toBe('anonymous_holder_binding')
  expect(reads(7, [...derived, ...nym, 3])).toBe('pseudonym')
  expect(reads(9, [...derived, ...nym, 3])).toBe('holder_binding_pseudonym')
  const wrong = [
    ...[2, 4].map((kind) => [kind, [...base, [], entropy]] as const),
    ...[6, 8].flatMap((kind) => [
      [kind, [...base, []]] as const,
      [kind, [...base, [], new Uint8Array(31)]] as const,
      [kind, [...base, [], 5]] as const,
      [kind, [...base, [], entropy, entropy]] as const,
    ]),
    ...[3, 5].map((kind) => [kind, [...derived, ...nym, 3]] as const),
    [3, [...derived, 3]] as const,
    [5, derived] as const,
    [5, [...derived, 'x']] as const,
    ...[7, 9].flatMap((kind) => [
      [kind, [...derived, 3]] as const,
      [kind, [...derived, ...nym]] as const,
      [kind, [...derived, nym[1], 3]] as const,
      [kind, [...derived, ...nym, 3, 3]] as const,
    ]),
  ]
  for (const [kind, components] of wrong) expect(() => reads(kind, components)).toThrow(code)
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 9 }), fc.uint8Array(), (kind, bytes) => {
      const text = `u${base64url(concatBytes(Uint8Array.of(0xd9, 0x5d, kind), bytes))}`
      try {
        parseBbsProofValue(text)
      } catch (error) {
        expect(error).toEqual(code)
      }
    }),
  )
})
