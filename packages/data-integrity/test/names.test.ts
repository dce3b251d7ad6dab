import { ignoreStatus } from '@ekkasan/core'
import type { JsonObject } from '@ekkasan/core/json'
import {
  addProof,
  createContextRegistry,
  issueLdpVc,
  verifyLdpVc,
  verifyProofs,
} from '@ekkasan/data-integrity'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { body, clock, collaborators, didOf, faults, holder, issuer, resolveDid } from './setting.ts'

// A proof over statements holds however they are written down. What is read is what is written.

const url = 'https://agency.example/contexts/id.json'
const terms = 'https://agency.example/terms#'
const credentials = 'https://www.w3.org/2018/credentials#'
const xsd = 'http://www.w3.org/2001/XMLSchema#'
const document = {
  '@context': {
    '@protected': true,
    Card: `${terms}Card`,
    birthDate: `${terms}birthDate`,
    issueDate: `${terms}issueDate`,
    about: { '@id': `${terms}about`, '@type': '@id' },
  },
}
const contexts = createContextRegistry([{ url, document }])
const openContexts = createContextRegistry([{ url, document }], { inlineContexts: 'accepted' })
const id = 'urn:uuid:3978344f-8596-4c3a-a978-8fcaba3903c5'
const credential = {
  ...body,
  '@context': ['https://www.w3.org/ns/credentials/v2', url],
  type: ['VerifiableCredential', 'Card'],
  validUntil: '2026-11-21T11:00:00Z',
  credentialStatus: {
    type: 'BitstringStatusListEntry',
    statusPurpose: 'revocation',
    statusListIndex: '5',
    statusListCredential: 'https://agency.example/status/1',
  },
  credentialSubject: { id: didOf(holder), birthDate: '2010-01-01', issueDate: '1990-01-01', about: id },
} satisfies JsonObject
const later = () => new Date('2026-11-21T12:00:00Z')
const issued = (await issueLdpVc({
  signer: issuer,
  credential,
  contexts,
  clock,
  expires: new Date('2026-11-21T11:00:00Z'),
})) as typeof credential & { proof: JsonObject }
const { credentialStatus, validUntil, ...rest } = issued
const { expires, ...proof } = issued.proof
const verified = (secured: JsonObject, registry = contexts) =>
  faults(verifyLdpVc(secured, { ...collaborators, contexts: registry, clock: later }))
const typed = (value: unknown, type: string) => ({ '@value': value, '@type': type }) as JsonObject

describe('a credential that has expired and may be revoked (Data Integrity section 4.6)', () => {
  it('says so', async () => {
    expect(await verified(issued)).toEqual(['validity-end failed core.validity.ended'])
  })

  const byIri = {
    ...rest,
    proof: { ...proof, 'https://w3id.org/security#expiration': typed(expires, `${xsd}dateTime`) },
    [`${credentials}credentialStatus`]: credentialStatus,
    [`${credentials}validUntil`]: typed(validUntil, `${xsd}dateTime`),
  }
  const prefixed = {
    ...rest,
    '@context': [...issued['@context'], { cred: credentials, sec: 'https://w3id.org/security#' }],
    proof: { ...proof, 'sec:expiration': typed(expires, `${xsd}dateTime`) },
    'cred:credentialStatus': credentialStatus,
    'cred:validUntil': typed(validUntil, `${xsd}dateTime`),
  }
  const aliased = {
    ...rest,
    '@context': [
      ...issued['@context'],
      {
        state: { '@id': `${credentials}credentialStatus`, '@type': '@id' },
        end: { '@id': `${credentials}validUntil`, '@type': `${xsd}dateTime` },
        until: { '@id': 'https://w3id.org/security#expiration', '@type': `${xsd}dateTime` },
      },
    ],
    proof: { ...proof, until: expires },
    state: credentialStatus,
    end: validUntil,
  } as JsonObject
  const elsewhere = {
    ...rest,
    credentialSubject: {
      ...issued.credentialSubject,
      about: { id, type: issued.type, validUntil, credentialStatus },
    },
  }

  it.each([
    ['by IRIs', byIri, 'structure failed data-integrity.json-ld.other-name'],
    ['by compact IRIs', prefixed, 'structure failed data-integrity.context.inline'],
    ['by other terms', aliased, 'structure failed data-integrity.context.inline'],
    ['of itself in another place', elsewhere, 'structure failed data-integrity.json-ld.invalid'],
  ])('does not pass when it says so %s', async (_how, secured, expected) => {
    expect(await verified(secured)).toEqual([expected])
  })

  it.each([
    ['by IRIs', byIri],
    ['by compact IRIs', prefixed],
    ['by other terms', aliased],
  ])('does not pass %s where contexts in documents are accepted', async (_how, secured) => {
    expect(await verified(secured, openContexts)).toEqual([
      'structure failed data-integrity.json-ld.other-name',
    ])
  })
})

describe('claims whose names were exchanged', () => {
  const exchanged = {
    ...issued,
    '@context': [
      'https://www.w3.org/ns/credentials/v2',
      {
        Card: `${terms}Card`,
        birthDate: `${terms}issueDate`,
        issueDate: `${terms}birthDate`,
        about: { '@id': `${terms}about`, '@type': '@id' },
      },
    ],
    credentialSubject: { ...issued.credentialSubject, birthDate: '1990-01-01', issueDate: '2010-01-01' },
  }

  it('do not pass: what members mean is not for the document to say', async () => {
    expect(await verified(exchanged)).toEqual(['structure failed data-integrity.context.inline'])
  })

  it('do not pass in a part of the document either', async () => {
    const subject = { '@context': {}, ...issued.credentialSubject }
    expect(await verified({ ...issued, credentialSubject: subject })).toEqual([
      'structure failed data-integrity.context.inline',
    ])
    expect(await verified({ ...issued, credentialSubject: { ...subject, '@context': [url, null] } })).toEqual(
      ['structure failed data-integrity.context.inline'],
    )
  })

  it('are not issued, nor is a member named by an IRI', async () => {
    for (const change of [
      { '@context': [...credential['@context'], { other: 'urn:other' }] },
      { credentialSubject: { id: didOf(holder), 'urn:other': 'x' } },
    ]) {
      const options = { signer: issuer, credential: { ...credential, ...change }, contexts }
      await expect(issueLdpVc(options)).rejects.toThrow(
        expect.objectContaining({ code: expect.stringMatching(/context\.inline|json-ld\.other-name/) }),
      )
    }
  })

  it('are read where the very context is known', async () => {
    const own = { other: 'urn:other' }
    const known = createContextRegistry([{ url, document }], { inlineContexts: [own] })
    const written = { ...credential, '@context': [...credential['@context'], own], other: 'x' }
    const secured = await issueLdpVc({ signer: issuer, credential: written, contexts: known, clock })
    expect(await verified(secured, known)).toEqual(['validity-end failed core.validity.ended'])
    expect(await verified(secured)).toEqual(['structure failed data-integrity.context.inline'])
    expect(
      await verified({ ...secured, '@context': [...credential['@context'], { other: 'urn:more' }] }, known),
    ).toEqual(['structure failed data-integrity.context.inline'])
  })

  it('are covered by a jcs proof, contexts and all', async () => {
    const written = { ...credential, '@context': [...credential['@context'], { other: 'urn:other' }] }
    const secured = (await issueLdpVc({
      signer: issuer,
      cryptosuite: 'ecdsa-jcs-2019',
      credential: written,
      contexts,
      clock,
    })) as JsonObject
    expect(await verified(secured)).toEqual(['validity-end failed core.validity.ended'])
  })
})

describe('however a credential is rewritten', () => {
  type Draft = Record<string, unknown>
  const objectsIn = (value: unknown): Draft[] => {
    if (typeof value !== 'object' || value === null) return []
    const inside = Object.values(value).flatMap(objectsIn)
    return Array.isArray(value) ? inside : [value as Draft, ...inside]
  }
  const iris: Record<string, string> = {
    validUntil: credentials,
    credentialStatus: credentials,
    issuer: credentials,
  }
  const rewrite = (draft: Draft, g: fc.GeneratorValue) => {
    const pick = <T>(items: readonly T[]) => items[g(fc.nat, { max: items.length - 1 })] as T
    const objects = objectsIn(draft)
    const from = pick(objects)
    const name = pick([...Object.keys(from), 'validUntil'])
    const { [name]: value } = from
    if (value === undefined) return
    const remove = () => delete from[name]
    const ways: (() => void)[] = [
      remove,
      () => remove() && Object.assign(from, { [`${iris[name] ?? terms}${name}`]: value }),
      () =>
        remove() &&
        Object.assign(from, { [pick(['issueDate', 'birthDate', 'name', '@id', '@type'])]: value }),
      () => remove() && Object.assign(pick(objects), { [name]: value }),
      () => Object.assign(pick(objects), { [name]: structuredClone(value) }),
      () => Object.assign(from, { [name]: [value] }),
      () => Object.assign(from, { [name]: { [pick(['@value', '@set', '@list', '@id', 'id'])]: value } }),
      () => Object.assign(from, { [name]: typed(value, `${xsd}${pick(['dateTime', 'string'])}`) }),
      () =>
        Object.assign(from, {
          '@context': pick<unknown>([url, [], {}, null, { end: `${credentials}validUntil` }]),
        }),
      () => Object.assign(from, { [name]: pick<unknown>(['', 0, null, [], {}, { id }]) }),
    ]
    pick(ways)()
  }

  // However often it is wrapped.
  const plainOf = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value
    const held = Array.isArray(value) ? value[0] : ((value as Draft)['@value'] ?? (value as Draft)['@set'])
    return held === undefined ? value : plainOf(held)
  }

  it('what is read of it stays the same, or it is refused', async () => {
    const fresh = { ...collaborators, contexts, checkStatus: ignoreStatus('a test') }
    const { issuer: by, types, validity, status } = await verifyLdpVc(issued, fresh)
    const read = {
      issuer: by,
      types: new Set(types),
      validity,
      index: status?.credentialStatus[0]?.statusListIndex,
    }
    let accepted = 0
    await fc.assert(
      fc.asyncProperty(fc.gen(), fc.integer({ min: 1, max: 3 }), async (g, times) => {
        const draft = structuredClone(issued) as unknown as Draft
        for (let count = 0; count < times; count++) rewrite(draft, g)
        const verified = await verifyLdpVc(draft, fresh).catch((error: { checks?: unknown }) => {
          expect(error.checks).toBeDefined()
        })
        if (!verified) return
        accepted += 1
        expect({
          issuer: verified.issuer,
          types: new Set(verified.types),
          validity: verified.validity,
          index: verified.status?.credentialStatus[0]?.statusListIndex,
        }).toEqual(read)
        const { birthDate } = plainOf(verified.credential.credentialSubject) as JsonObject
        expect(plainOf(birthDate)).toBe('2010-01-01')
      }),
      { numRuns: 1500 },
    )
    expect(accepted).toBeGreaterThan(20)
  })
})

it('the same holds for any document (verifyProofs)', async () => {
  const secured = await addProof({
    signer: issuer,
    document: {
      '@context': ['https://www.w3.org/ns/credentials/v2'],
      type: 'VerifiablePresentation',
      holder: didOf(issuer),
    },
    proofPurpose: 'authentication',
    contexts,
  })
  const options = { resolveDid, proofPurpose: 'authentication', contexts } as const
  await verifyProofs(secured, options)
  const { holder: named, ...others } = secured
  const renamed = { ...others, [`${credentials}holder`]: { id: named as string } }
  await expect(verifyProofs(renamed, options)).rejects.toThrow(
    expect.objectContaining({ code: 'data-integrity.json-ld.other-name' }),
  )
})
