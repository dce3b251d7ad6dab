import type { JsonObject } from '@ekkasan/core/json'
import {
  addProof,
  type CryptosuiteName,
  type DataIntegrityError,
  deriveProof,
  issueLdpVc,
  standardContexts,
  type VerifyProofsOptions,
  verifyProofs,
} from '@ekkasan/data-integrity'
import { bbsSignerFromJwk, generateBbsJwk } from '@ekkasan/data-integrity/bbs'
import { DidError, didKeyUrlOf } from '@ekkasan/did'
import { publicJwkOf } from '@ekkasan/keys'
import { describe, expect, it } from 'vitest'
import { parseProofs, previousOf, proofValueOf } from '../src/internal/proof.ts'
import { body, clock, contexts, createSigner, didOf, holder, issuer, now, resolveDid } from './setting.ts'

// The exact edges of a proof (W3C Data Integrity sections 2.1, 4.4 and 4.5), and what an error says.

const proof = (change: object = {}): JsonObject => ({
  type: 'DataIntegrityProof',
  cryptosuite: 'ecdsa-jcs-2019',
  verificationMethod: 'did:example:a#1',
  proofPurpose: 'assertionMethod',
  proofValue: proofValueOf(new Uint8Array(64).fill(1)),
  ...change,
})
const parsed = (...changes: object[]) => parseProofs({ a: 1, proof: changes.map((change) => proof(change)) })
const only = (change: object = {}) => parseProofs({ a: 1, proof: proof(change) }).proofs[0]
const faultOf = (run: () => unknown): readonly [string, string] => {
  try {
    run()
  } catch (error) {
    const { code, message } = error as DataIntegrityError
    return [code, message]
  }
  return ['none', '']
}
const malformed = (what: string) => ['data-integrity.structure.proof', `not an acceptable proof: ${what}`]
const wrongValue = (what: string) => ['data-integrity.proof.value', `not an acceptable proofValue: ${what}`]
const unsupported = (what: string) => [
  'data-integrity.cryptosuite.unsupported',
  `not a proof known here: ${what}`,
]
const previous = (what: string) => ['data-integrity.proof.previous', `previousProof ${what}`]

describe('the proofs of a document', () => {
  it('are one or up to eight, beside what they cover', () => {
    expect(parseProofs({ a: 1, proof: proof() }).document).toEqual({ a: 1 })
    expect(parsed(...Array(8).fill({})).proofs).toHaveLength(8)
    expect(faultOf(() => parsed(...Array(9).fill({})))).toEqual(malformed('more than 8'))
    expect(faultOf(() => parsed())).toEqual(malformed('there is none'))
    expect(faultOf(() => parseProofs({ a: 1 }))).toEqual(malformed('there is none'))
  })

  it('are objects', () => {
    for (const other of ['x', null, 7, [proof()]]) {
      expect(faultOf(() => parseProofs({ proof: [proof(), other] } as JsonObject))).toEqual(
        malformed('one is not an object'),
      )
    }
  })

  it('have different ids, where they have one', () => {
    expect(parsed({}, {}, { id: 'urn:a' }, { id: 'urn:b' }).proofs).toHaveLength(4)
    expect(faultOf(() => parsed({ id: 'urn:a' }, {}, { id: 'urn:a' }))).toEqual(
      malformed('two have the same id'),
    )
  })

  it('of the kind that shows a selection are two at most', async () => {
    const document = { signer: issuer, credential: body, contexts } as const
    const selective = await issueLdpVc({ ...document, cryptosuite: 'ecdsa-sd-2023' })
    const several = (count: number, ...more: JsonObject[]) =>
      parseProofs({ proof: [...Array(count).fill(selective.proof), ...more] as JsonObject[] })
    expect(several(2, proof(), proof(), proof()).proofs).toHaveLength(5)
    expect(faultOf(() => several(3))).toEqual(malformed('more than 2 that show a selection'))
  })
})

describe('a proof', () => {
  it('is read as it stands', () => {
    const whole = proof({
      created: '2026-01-01T00:00:00Z',
      expires: '2026-01-02T00:00:00Z',
      domain: ['a.example', 'b.example'],
      challenge: 'c',
    })
    expect(parseProofs({ proof: whole }).proofs).toEqual([
      {
        proof: whole,
        cryptosuite: 'ecdsa-jcs-2019',
        alg: 'ES256',
        signature: new Uint8Array(64).fill(1),
        verificationMethod: 'did:example:a#1',
        purpose: 'assertionMethod',
        created: new Date('2026-01-01T00:00:00Z'),
        expires: new Date('2026-01-02T00:00:00Z'),
        domains: ['a.example', 'b.example'],
        challenge: 'c',
        previous: [],
      },
    ])
    expect(only()).toMatchObject({ domains: [], previous: [] })
    expect(only()?.created ?? only()?.expires ?? only()?.challenge).toBeUndefined()
  })

  it.each<[string, object, readonly string[]]>([
    ['another type', { type: 'Ed25519Signature2020' }, unsupported('its type is not DataIntegrityProof')],
    ['a list as type', { type: ['DataIntegrityProof'] }, unsupported('its type is not DataIntegrityProof')],
    ['an unknown cryptosuite', { cryptosuite: 'x-2030' }, unsupported('its cryptosuite is not known')],
    ['no cryptosuite', { cryptosuite: undefined }, unsupported('its cryptosuite is not known')],
    ['toString as cryptosuite', { cryptosuite: 'toString' }, unsupported('its cryptosuite is not known')],
    [
      'no verification method',
      { verificationMethod: undefined },
      malformed('no verificationMethod or no proofPurpose'),
    ],
    ['no purpose', { proofPurpose: undefined }, malformed('no verificationMethod or no proofPurpose')],
    ['an empty method', { verificationMethod: '' }, malformed('verificationMethod is not a text')],
    ['an embedded method', { verificationMethod: {} }, malformed('verificationMethod is not a text')],
    ['a purpose in a list', { proofPurpose: ['a'] }, malformed('proofPurpose is not a text')],
    ['a challenge that is none', { challenge: '' }, malformed('challenge is not a text')],
    ['null as challenge', { challenge: null }, malformed('challenge is not a text')],
    ['an empty domain', { domain: '' }, malformed('domain is not one text or several')],
    [
      'a domain among them that is none',
      { domain: ['a', 7] },
      malformed('domain is not one text or several'),
    ],
    ['null as domain', { domain: null }, malformed('domain is not one text or several')],
    [
      'a date without time',
      { created: '2026-01-01' },
      malformed('created is not an XML Schema dateTimeStamp'),
    ],
    ['an end that is no date', { expires: 7 }, malformed('expires is not an XML Schema dateTimeStamp')],
    ['an empty end', { expires: '' }, malformed('expires is not an XML Schema dateTimeStamp')],
  ])('is refused with %s', (_what, change, fault) => {
    expect(faultOf(() => only(change))).toEqual(fault)
  })

  it('has texts of at most 2,048 characters, and at most 16 domains', () => {
    expect(only({ challenge: 'a'.repeat(2_048) })?.challenge).toHaveLength(2_048)
    expect(faultOf(() => only({ challenge: 'a'.repeat(2_049) }))).toEqual(
      malformed('challenge is not a text'),
    )
    const domains = (count: number, length = 1) => only({ domain: Array(count).fill('a'.repeat(length)) })
    expect(domains(16, 2_048)?.domains).toHaveLength(16)
    const fault = malformed('domain is not one text or several')
    expect(faultOf(() => domains(17))).toEqual(fault)
    expect(faultOf(() => domains(1, 2_049))).toEqual(fault)
  })
})

describe('a proofValue', () => {
  it.each<[CryptosuiteName, number, string | undefined]>([
    ['ecdsa-jcs-2019', 64, 'ES256'],
    ['ecdsa-rdfc-2019', 64, 'ES256'],
    ['ecdsa-jcs-2019', 96, 'ES384'],
    ['eddsa-jcs-2022', 64, 'EdDSA'],
    ['eddsa-rdfc-2022', 96, undefined],
    ['ecdsa-jcs-2019', 63, undefined],
    ['ecdsa-jcs-2019', 65, undefined],
    ['ecdsa-jcs-2019', 97, undefined],
    ['ecdsa-jcs-2019', 0, undefined],
  ])('of %s with %i bytes is one of %s', (cryptosuite, length, alg) => {
    const signature = new Uint8Array(length).fill(255)
    const change = { cryptosuite, proofValue: proofValueOf(signature) }
    if (alg) expect(only(change)).toMatchObject({ alg, signature })
    else {
      expect(faultOf(() => only(change))).toEqual(
        wrongValue('not of the length of a signature of its cryptosuite'),
      )
    }
  })

  it.each<[string, unknown, string]>([
    ['not there', undefined, 'not base58btc (z) of a signature'],
    ['no text', 7, 'not base58btc (z) of a signature'],
    ['in another multibase', `u${'a'.repeat(80)}`, 'not base58btc (z) of a signature'],
    ['with a prefix behind', 'az', 'not base58btc (z) of a signature'],
    ['longer than 160 characters', `z${'a'.repeat(160)}`, 'not base58btc (z) of a signature'],
    ['of 160 characters', `z${'a'.repeat(159)}`, 'not of the length of a signature of its cryptosuite'],
    ['of letters that base58 has not', `z${'0'.repeat(80)}`, 'not base58btc'],
  ])('that is %s is refused', (_what, proofValue, what) => {
    expect(faultOf(() => only({ proofValue }))).toEqual(wrongValue(what))
  })

  it('that cannot be read names its cause', () => {
    expect(() => only({ proofValue: 'z0' })).toThrow(
      expect.objectContaining({ code: 'data-integrity.proof.value', cause: expect.any(Error) }),
    )
  })

  it('of a selective cryptosuite is read whole, and of no other', async () => {
    const bbsJwk = await generateBbsJwk()
    const bbs = await bbsSignerFromJwk(bbsJwk, { kid: didKeyUrlOf(publicJwkOf(bbsJwk)) })
    const byBbs = await addProof({ signer: bbs, document: body, contexts })
    const bySd = await issueLdpVc({
      signer: issuer,
      credential: body,
      contexts,
      cryptosuite: 'ecdsa-sd-2023',
    })
    const [first] = parseProofs(byBbs).proofs
    expect(first).toMatchObject({ alg: 'BBS', sd: { suite: 'bbs-2023', kind: 'base' } })
    expect(first?.signature).toHaveLength(80)
    const [second] = parseProofs(bySd).proofs
    expect(second).toMatchObject({ alg: 'ES256', sd: { suite: 'ecdsa-sd-2023', kind: 'base' } })
    expect(second?.signature).toHaveLength(64)
    expect(only()?.sd).toBeUndefined()
    for (const cryptosuite of ['bbs-2023', 'ecdsa-sd-2023']) {
      expect(faultOf(() => only({ cryptosuite }))[0]).toBe('data-integrity.proof.value')
    }
  })
})

describe('a chain of proofs (section 2.1.2)', () => {
  it('holds for each proof those that it names, in that order', () => {
    const { proofs } = parsed(
      { id: 'urn:a' },
      { id: 'urn:b' },
      { id: 'urn:c', previousProof: ['urn:b', 'urn:a'] },
      { previousProof: 'urn:c' },
    )
    const ids = proofs.map(({ previous: before }) => before.map(({ id }) => id))
    expect(ids).toEqual([[], [], ['urn:b', 'urn:a'], ['urn:c']])
    expect(previousOf({ previousProof: 'urn:a' }, [{ id: 'urn:b' }, { id: 'urn:a' }])).toEqual([
      { id: 'urn:a' },
    ])
  })

  it('may lead to one proof by two ways', () => {
    const diamond = [
      { id: 'urn:a' },
      { id: 'urn:b', previousProof: 'urn:a' },
      { id: 'urn:c', previousProof: 'urn:a' },
      { previousProof: ['urn:b', 'urn:c'] },
    ]
    expect(parsed(...diamond).proofs).toHaveLength(4)
  })

  it.each<[string, readonly string[], object[]]>([
    ['a proof that is not there', previous('names a proof that is not there'), [{ previousProof: 'urn:a' }]],
    [
      'a proof twice',
      previous('names a proof twice'),
      [{ id: 'urn:a' }, { previousProof: ['urn:a', 'urn:a'] }],
    ],
    ['itself', previous('goes round in a circle'), [{ id: 'urn:a', previousProof: 'urn:a' }]],
    [
      'one that names it',
      previous('goes round in a circle'),
      [{}, { id: 'urn:a', previousProof: 'urn:b' }, { id: 'urn:b', previousProof: 'urn:a' }],
    ],
    ['what is no text', malformed('previousProof is not one text or several'), [{ previousProof: 7 }]],
  ])('is refused where a proof names %s', (_what, fault, changes) => {
    expect(faultOf(() => parsed(...changes))).toEqual(fault)
  })
})

describe('verifyProofs', () => {
  const asked = { proofPurpose: 'authentication', challenge: 'c-1', domain: 'verifier.example' } as const
  const signed = (change: object = {}) =>
    addProof({
      document: { a: 1 },
      signer: holder,
      cryptosuite: 'ecdsa-jcs-2019',
      clock,
      ...asked,
      ...change,
    })
  const fault = async (secured: JsonObject, more: Partial<VerifyProofsOptions> = {}) =>
    verifyProofs(secured, { ...asked, resolveDid, clock, ...more }).then(
      () => ['none', ''],
      ({ code, message }: DataIntegrityError) => [code, message],
    )
  const refused = (reason: string, what: string) => [
    `data-integrity.proof.${reason}`,
    `not an acceptable proof: ${what}`,
  ]
  const none = ['none', '']

  it('says in which respect a proof is not the one asked for', async () => {
    const secured = await signed()
    expect(await fault(secured)).toEqual(none)
    expect(await fault(secured, { proofPurpose: 'assertionMethod' })).toEqual(
      refused('purpose', 'not for assertionMethod'),
    )
    expect(await fault(secured, { domain: 'other.example' })).toEqual(refused('domain', 'of another domain'))
    expect(await fault(secured, { challenge: 'c-2' })).toEqual(
      refused('challenge', 'in answer to another challenge'),
    )
    expect(await fault({ ...secured, a: 2 })).toEqual(refused('signature', 'not made with the key it names'))
  })

  it('asks for domain and challenge only where they are given', async () => {
    const secured = await signed({ domain: undefined, challenge: undefined })
    const { proofPurpose } = asked
    expect(await verifyProofs(secured, { proofPurpose, resolveDid, clock })).toMatchObject({
      document: { a: 1 },
    })
    const { challenge, domain } = asked
    expect((await fault(secured, { domain, challenge: undefined } as never))[0]).toMatch(/domain$/)
    expect((await fault(secured, { domain: undefined, challenge } as never))[0]).toMatch(/challenge$/)
    expect(await verifyProofs(await signed(), { proofPurpose, resolveDid, clock })).toBeDefined()
  })

  it('takes one of several domains', async () => {
    const secured = await signed({ domain: ['a.example', 'verifier.example'] })
    expect(await fault(secured)).toEqual(none)
  })

  it('takes a proof until the second that it expires, by this clock if none is given', async () => {
    const at = (milliseconds: number) => ({ clock: () => new Date(now.getTime() + milliseconds) })
    const secured = await signed({ expires: now })
    expect(await fault(secured, at(-1))).toEqual(none)
    expect(await fault(secured, at(0))).toEqual(refused('expired', 'its time is over'))
    const { proofPurpose } = asked
    const long = await signed({ expires: new Date(Date.now() + 60_000) })
    expect(await verifyProofs(long, { proofPurpose, resolveDid })).toBeDefined()
    const gone = await signed({ expires: new Date(Date.now() - 60_000) })
    await expect(verifyProofs(gone, { proofPurpose, resolveDid })).rejects.toMatchObject({
      code: 'data-integrity.proof.expired',
    })
  })

  it('verifies each of several proofs, the last too', async () => {
    const twice = await addProof({
      document: await signed(),
      signer: issuer,
      cryptosuite: 'ecdsa-jcs-2019',
      clock,
      ...asked,
    })
    expect(await fault(twice)).toEqual(none)
    const [one, other] = twice.proof as [JsonObject, JsonObject]
    for (const set of [
      [{ ...one, challenge: 'c-2' }, other],
      [one, { ...other, challenge: 'c-2' }],
    ]) {
      expect((await fault({ ...twice, proof: set }))[0]).toBe('data-integrity.proof.challenge')
    }
  })

  it('gives back when a proof was made, where it says so', async () => {
    const { proofs } = await verifyProofs(await signed(), { ...asked, resolveDid, clock })
    expect(proofs).toEqual([{ verificationMethod: holder.key.kid, created: now }])
    const timeless = await verifyProofs(await signed({ created: 'omitted' }), { ...asked, resolveDid, clock })
    expect(timeless.proofs).toEqual([{ verificationMethod: holder.key.kid }])
    expect(Object.keys(timeless.proofs[0] as object)).toEqual(['verificationMethod'])
  })

  it('asks for the DID of the verification method, and says what is wrong with its key', async () => {
    const secured = await signed()
    const seen: string[] = []
    expect(
      await fault(secured, {
        resolveDid: (did) => {
          seen.push(did)
          return resolveDid(did)
        },
      }),
    ).toEqual(none)
    expect(seen).toEqual([didOf(holder)])
    const another = await createSigner('ES256')
    const verification = verifyProofs(secured, {
      ...asked,
      clock,
      resolveDid: () => resolveDid(didOf(another)),
    })
    await expect(verification).rejects.toMatchObject({
      code: 'data-integrity.proof.key',
      message: expect.stringMatching(/^its key is not to be had: ./),
      cause: expect.any(DidError),
    })
    const broken = new TypeError('broken')
    await expect(
      verifyProofs(secured, { ...asked, clock, resolveDid: () => Promise.reject(broken) }),
    ).rejects.toBe(broken)
  })

  it('knows the standard contexts where no others are given', async () => {
    const document = { '@context': ['https://www.w3.org/ns/credentials/v2'], type: 'VerifiablePresentation' }
    const secured = await addProof({ document, signer: holder, clock, ...asked })
    expect(await fault(secured)).toEqual(none)
    expect(await fault(secured, { contexts: standardContexts })).toEqual(none)
    const own = { ...document, '@context': [...document['@context'], body['@context'][1] as string] }
    const by = {
      document: own,
      signer: holder,
      clock,
      contexts,
      cryptosuite: 'ecdsa-jcs-2019',
      ...asked,
    } as const
    const ours = await addProof(by)
    expect(await fault(ours, { contexts })).toEqual(none)
    expect((await fault(ours))[0]).toBe('data-integrity.context.unknown')
  })

  it('verifies a derived proof, and tells what one of bbs-2023 shows', async () => {
    const purpose = { proofPurpose: 'assertionMethod', resolveDid, contexts, clock } as const
    const pointers = ['/credentialSubject/givenName']
    const sd = await issueLdpVc({ signer: issuer, credential: body, contexts, cryptosuite: 'ecdsa-sd-2023' })
    const bySd = await deriveProof({ credential: sd, pointers, contexts })
    const [one] = (await verifyProofs(bySd, purpose)).proofs
    expect(Object.keys(one as object)).not.toContain('showing')
    const bbsJwk = await generateBbsJwk()
    const bbs = await bbsSignerFromJwk(bbsJwk, { kid: didKeyUrlOf(publicJwkOf(bbsJwk)) })
    const base = await addProof({ signer: bbs, document: body, contexts, mandatoryPointers: ['/issuer'] })
    const presentationHeader = Uint8Array.of(1, 2, 3)
    const byBbs = await deriveProof({ credential: base, pointers, contexts, presentationHeader })
    const [shown] = parseProofs(byBbs).proofs
    expect(shown).toMatchObject({ alg: 'BBS', sd: { suite: 'bbs-2023', kind: 'derived' } })
    expect(shown?.signature.length).toBeGreaterThan(80)
    expect((await verifyProofs(byBbs, purpose)).proofs[0]?.showing).toEqual({
      featureOption: 'baseline',
      presentationHeader,
    })
    expect((await fault(base, { ...purpose, domain: undefined, challenge: undefined } as never))[0]).toBe(
      'data-integrity.proof.value',
    )
  })
})
