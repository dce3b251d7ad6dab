import type { JsonObject } from '@ekkasan/core'
import {
  parseDateTime,
  parseDateTimeStamp,
  validateCredential,
  validatePresentation,
  versionOf,
} from '@ekkasan/vcdm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const v2 = 'https://www.w3.org/ns/credentials/v2'
const v1 = 'https://www.w3.org/2018/credentials/v1'
const credential: JsonObject = {
  '@context': [v2, 'https://example.org/context', { name_th: 'https://example.org/name' }],
  id: 'urn:uuid:3978344f-8596-4c3a-a978-8fcaba3903c5',
  type: ['VerifiableCredential', 'ThaiNationalIDCredential'],
  name: [{ '@value': 'บัตรประจำตัวประชาชน', '@language': 'th', '@direction': 'ltr' }],
  description: 'National ID',
  issuer: { id: 'did:web:issuer.example', name: { '@value': 'กรมการปกครอง', '@language': 'th' } },
  validFrom: '2026-01-01T00:00:00+07:00',
  validUntil: '2034-01-01T00:00:00.5Z',
  credentialSubject: { id: 'did:jwk:abc', name_th: 'สมชาย' },
  credentialStatus: {
    type: 'BitstringStatusListEntry',
    statusPurpose: 'revocation',
    statusListIndex: '94567',
    statusListCredential: 'https://issuer.example/status/1',
  },
  credentialSchema: [{ id: 'https://issuer.example/schema', type: 'JsonSchema' }],
  evidence: { type: 'Evidence', id: 'urn:evidence:1' },
  termsOfUse: { type: 'TrustFrameworkPolicy' },
  refreshService: { type: 'Refresh' },
  relatedResource: { id: v2, digestSRI: 'sha384-x' },
  proof: { type: 'DataIntegrityProof' },
}
const old: JsonObject = {
  '@context': [v1],
  type: ['VerifiableCredential'],
  issuer: 'https://issuer.example',
  issuanceDate: '2026-01-01T00:00:00',
  credentialSubject: [{ a: 1 }, { id: 'urn:x:1', b: 2 }],
}
const found = (body: JsonObject) => validateCredential(body).map(({ path, code }) => `${path} ${code}`)

it('passes bodies that conform to 2.0 and to 1.1', () => {
  expect(found(credential)).toEqual([])
  expect(found(old)).toEqual([])
  expect([versionOf(credential), versionOf(old), versionOf({})]).toEqual(['2.0', '1.1', undefined])
})

describe('2.0: each rule, alone', () => {
  it.each<[string, JsonObject | { [member: string]: undefined }]>([
    ['/@context vcdm.context.missing', { '@context': undefined }],
    ['/@context vcdm.context.invalid', { '@context': v2 }],
    ['/@context/0 vcdm.context.first', { '@context': ['https://example.org/c', v2] }],
    ['/@context/0 vcdm.context.first', { '@context': [{}, v2] }],
    ['/@context/1 vcdm.context.invalid', { '@context': [v2, 7] }],
    ['/@context/1 vcdm.context.invalid', { '@context': [v2, 'not a url'] }],
    ['/type vcdm.type.missing', { type: undefined }],
    ['/type vcdm.type.base', { type: ['ThaiNationalIDCredential'] }],
    ['/type vcdm.type.invalid', { type: ['VerifiableCredential', 7] }],
    ['/type vcdm.type.invalid', { type: [] }],
    ['/id vcdm.id.invalid', { id: '3978344f' }],
    ['/id vcdm.id.invalid', { id: ['urn:a:1', 'urn:a:2'] }],
    ['/issuer vcdm.issuer.missing', { issuer: undefined }],
    ['/issuer vcdm.issuer.invalid', { issuer: 'DOPA' }],
    ['/issuer vcdm.issuer.invalid', { issuer: { name: 'DOPA' } }],
    ['/issuer vcdm.issuer.invalid', { issuer: ['https://issuer.example'] }],
    ['/issuer/name vcdm.text.invalid', { issuer: { id: 'urn:a:1', name: 7 } }],
    ['/name vcdm.text.invalid', { name: { '@value': 'a', '@language': 'th', extra: 1 } }],
    ['/name vcdm.text.invalid', { name: { '@language': 'th' } }],
    ['/description vcdm.text.invalid', { description: { '@value': 'a', '@direction': 'up' } }],
    ['/description vcdm.text.invalid', { description: { '@value': 'a', '@language': 'ไทย' } }],
    ['/credentialSubject vcdm.subject.missing', { credentialSubject: undefined }],
    ['/credentialSubject vcdm.subject.empty', { credentialSubject: {} }],
    ['/credentialSubject/1 vcdm.subject.empty', { credentialSubject: [{ id: 'did:jwk:abc' }, {}] }],
    ['/credentialSubject vcdm.subject.empty', { credentialSubject: [] }],
    ['/credentialSubject/1 vcdm.subject.invalid', { credentialSubject: [{ a: 1 }, 'did:jwk:abc'] }],
    ['/credentialSubject/id vcdm.id.invalid', { credentialSubject: { id: 'me', a: 1 } }],
    ['/validFrom vcdm.date.invalid', { validFrom: '2026-01-01' }],
    ['/validFrom vcdm.date.invalid', { validFrom: '2026-01-01T00:00:00' }],
    ['/validUntil vcdm.date.invalid', { validUntil: 1_800_000_000 }],
    ['/validUntil vcdm.date.order', { validUntil: '2025-12-31T16:59:59Z' }],
    ['/issuanceDate vcdm.member.version', { issuanceDate: '2026-01-01T00:00:00Z' }],
    ['/credentialStatus/type vcdm.type.missing', { credentialStatus: { id: 'urn:a:1' } }],
    ['/credentialStatus vcdm.object.invalid', { credentialStatus: 'https://issuer.example/s' }],
    ['/credentialStatus vcdm.object.invalid', { credentialStatus: [] }],
    ['/credentialSchema/id vcdm.id.missing', { credentialSchema: { type: 'JsonSchema' } }],
    ['/credentialSchema/0/type vcdm.type.missing', { credentialSchema: [{ id: 'urn:a:1' }] }],
    ['/evidence/type vcdm.type.missing', { evidence: {} }],
    ['/termsOfUse/type vcdm.type.missing', { termsOfUse: {} }],
    ['/refreshService/type vcdm.type.missing', { refreshService: {} }],
    ['/proof/type vcdm.type.missing', { proof: {} }],
    ['/relatedResource vcdm.related-resource.digest', { relatedResource: { id: 'urn:a:1' } }],
    [
      '/relatedResource/1/id vcdm.related-resource.repeated',
      {
        relatedResource: [
          { id: 'urn:a:1', digestSRI: 'sha256-x' },
          { id: 'urn:a:1', digestSRI: 'sha256-x' },
        ],
      },
    ],
    ['/vc vcdm.claim.nested', { vc: {} }],
  ])('%s', (violation, change) => {
    expect(found({ ...credential, ...change } as JsonObject)).toEqual([violation])
  })
})

describe('1.1: what differs', () => {
  it.each<[string, JsonObject | { [member: string]: undefined }]>([
    ['/issuanceDate vcdm.date.missing', { issuanceDate: undefined }],
    ['/issuanceDate vcdm.date.invalid', { issuanceDate: 'yesterday' }],
    ['/expirationDate vcdm.date.invalid', { expirationDate: '2026-02-30T00:00:00Z' }],
    ['/credentialStatus/id vcdm.id.missing', { credentialStatus: { type: 'StatusList2021Entry' } }],
    ['/refreshService/id vcdm.id.missing', { refreshService: { type: 'Refresh' } }],
  ])('%s', (violation, change) => {
    expect(found({ ...old, ...change } as JsonObject)).toEqual([violation])
  })
})

describe('presentations', () => {
  const envelope = {
    '@context': v2,
    type: 'EnvelopedVerifiableCredential',
    id: 'data:application/vc+jwt,a.b.c',
  }
  const presentation: JsonObject = {
    '@context': [v2],
    type: 'VerifiablePresentation',
    holder: { id: 'did:jwk:abc' },
    verifiableCredential: [envelope, credential],
  }
  const { proof, ...unsecured } = credential
  const violations = (body: JsonObject) =>
    validatePresentation(body).map(({ path, code }) => `${path} ${code}`)

  it('passes one with an enveloped and a proven credential, an enveloped one, and one of 1.1', () => {
    expect(violations(presentation)).toEqual([])
    expect(violations({ ...envelope, type: 'EnvelopedVerifiablePresentation' })).toEqual([])
    expect(
      violations({ '@context': [v1], type: ['VerifiablePresentation'], verifiableCredential: ['a.b.c'] }),
    ).toEqual([])
  })

  it.each<[string, JsonObject]>([
    ['/type vcdm.type.base', { type: ['Presentation'] }],
    ['/holder vcdm.holder.invalid', { holder: 'me' }],
    ['/verifiableCredential/0 vcdm.credential.invalid', { verifiableCredential: ['a.b.c'] }],
    ['/verifiableCredential vcdm.credential.invalid', { verifiableCredential: [] }],
    [
      '/verifiableCredential/id vcdm.envelope.invalid',
      { verifiableCredential: { ...envelope, id: 'https://x.example' } },
    ],
    [
      '/verifiableCredential/@context vcdm.context.first',
      { verifiableCredential: { ...envelope, '@context': [v1] } },
    ],
    [
      '/verifiableCredential/type vcdm.type.invalid',
      { verifiableCredential: { ...envelope, type: ['EnvelopedVerifiableCredential', 'Other'] } },
    ],
    [
      '/verifiableCredential/0/issuer vcdm.issuer.invalid',
      { verifiableCredential: [{ ...credential, issuer: 7 }] },
    ],
    ['/verifiableCredential/0 vcdm.credential.unsecured', { verifiableCredential: [unsecured] }],
    ['/vp vcdm.claim.nested', { vp: {} }],
  ])('%s', (violation, change) => {
    expect(violations({ ...presentation, ...change })).toEqual([violation])
  })

  it('lets a self-asserted credential be secured by the presentation, of a holder who is named', () => {
    const own = { ...unsecured, issuer: 'did:jwk:abc' }
    expect(violations({ ...presentation, verifiableCredential: [own] })).toEqual([])
    const { holder, ...nameless } = presentation
    expect(violations({ ...nameless, verifiableCredential: [own] })).toEqual(['/holder vcdm.holder.missing'])
  })
})

describe('dateTimeStamp (XML Schema 1.1 part 2)', () => {
  it.each([
    ['2026-11-21T10:00:00Z', '2026-11-21T10:00:00.000Z'],
    ['2026-11-21T24:00:00Z', '2026-11-22T00:00:00.000Z'],
    ['2024-02-29T00:00:00.123456+07:00', '2024-02-28T17:00:00.123Z'],
    ['0001-01-01T00:00:00-14:00', '0001-01-01T14:00:00.000Z'],
  ])('reads %s', (text, iso) => {
    expect(parseDateTimeStamp(text)?.toISOString()).toBe(iso)
  })

  it.each([
    '2026-02-30T00:00:00Z',
    '2025-02-29T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-11-21T24:00:01Z',
    '2026-11-21T10:00Z',
    '2026-11-21t10:00:00z',
    '2026-11-21T10:00:60Z',
    '2026-11-21T10:00:00+14:01',
    '2026-11-21T10:00:00',
    ' 2026-11-21T10:00:00Z',
    '12026-11-21T10:00:00Z',
    `2026-11-21T10:00:00.${'0'.repeat(99)}Z`,
  ])('refuses %s', (text) => {
    expect(parseDateTimeStamp(text)).toBeUndefined()
  })

  it('reads every time that a Date writes', () => {
    const range = {
      min: new Date('0001-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59Z'),
      noInvalidDate: true,
    }
    fc.assert(
      fc.property(fc.date(range), (date) => parseDateTime(date.toISOString())?.getTime() === date.getTime()),
    )
  })

  it('reads no text as a time that there is not', () => {
    const part = fc.nat(99).map((number) => String(number).padStart(2, '0'))
    const year = fc.nat(9999).map((number) => String(number).padStart(4, '0'))
    const times = fc
      .tuple(year, part, part, part, part, part, fc.constantFrom('Z', '', '+07:00', '-14:00', '.5Z'))
      .map(([y, month, day, h, m, s, end]) => `${y}-${month}-${day}T${h}:${m}:${s}${end}`)
    fc.assert(
      fc.property(fc.oneof(fc.string(), times, fc.jsonValue()), (value) => {
        const date = parseDateTime(value)
        if (date) expect(Number.isNaN(date.getTime())).toBe(false)
        if (parseDateTimeStamp(value)) expect(parseDateTimeStamp(value)).toEqual(date)
      }),
      { numRuns: 1000 },
    )
  })
})

it('answers any object with a list, never with an error', () => {
  const names = [...Object.keys(credential), 'verifiableCredential', 'holder', 'issuanceDate']
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...names), fc.jsonValue()), (body) => {
      expect(validateCredential(body as JsonObject)).toBeInstanceOf(Array)
      expect(validatePresentation({ ...body, type: 'VerifiablePresentation' } as JsonObject)).toBeInstanceOf(
        Array,
      )
    }),
  )
})
