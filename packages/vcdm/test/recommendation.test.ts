import type { JsonObject } from '@ekkasan/core'
import { createChecks, RejectedError } from '@ekkasan/core'
import {
  baseContextV2,
  checkContent,
  checkDataModel,
  parseDateTime,
  problemDetails,
  requireCredential,
  resolveResources,
  validateCredential,
  validatePresentation,
} from '@ekkasan/vcdm'
import { describe, expect, it } from 'vitest'

// Every MUST and MUST NOT of the Recommendation (15 May 2025), sections 1.3 to 7 and 11.1, that a body can obey or
// break, in the order of the text. What it asks of people, of other specifications and of registries is not here;
// securing (4.12) is proven by each format, JSON-LD (6.1 processing) by data-integrity.

const credential: JsonObject = {
  '@context': [baseContextV2],
  type: ['VerifiableCredential'],
  issuer: 'did:example:issuer',
  credentialSubject: { id: 'did:example:subject', name: 'A' },
}
const secured: JsonObject = { ...credential, proof: { type: 'DataIntegrityProof' } }
const presentation: JsonObject = {
  '@context': [baseContextV2],
  type: 'VerifiablePresentation',
  holder: 'did:example:holder',
  verifiableCredential: [secured],
}
const enveloped: JsonObject = {
  '@context': baseContextV2,
  type: 'EnvelopedVerifiableCredential',
  id: 'data:application/vc+jwt,a.b.c',
}

type Body = { [member: string]: unknown }
const conform = (body: Body) => validateCredential({ ...credential, ...body } as JsonObject).length === 0
const conformVp = (body: Body) =>
  validatePresentation({ ...presentation, ...body } as JsonObject).length === 0

interface Rule {
  readonly must: string
  /** Changes that keep a body conforming. */
  readonly good?: readonly Body[]
  readonly bad: readonly Body[]
}
const text = (member: string): Rule => ({
  must: `4.6: a ${member} MUST be a string or a language value object`,
  good: [
    { [member]: 'x' },
    { [member]: { '@value': 'x', '@language': 'th', '@direction': 'ltr' } },
    {
      [member]: [
        { '@value': 'x', '@language': 'th' },
        { '@value': 'y', '@language': 'en' },
      ],
    },
  ],
  bad: [7, null, true, [], ['x'], {}, [{ '@value': 'x' }, 7]].map((value) => ({ [member]: value })),
})
const typed = (section: string, member: string): readonly Rule[] => [
  {
    must: `${section}: ${member} MUST be one or more objects`,
    good: [{ [member]: [{ type: 'A' }, { id: 'urn:x:1', type: ['B', 'urn:x:C'] }] }],
    bad: ['x', 7, null, [], ['urn:x:1'], [{ type: 'A' }, null]].map((value) => ({ [member]: value })),
  },
  {
    must: `${section}, 4.5: each ${member} MUST specify its type`,
    bad: [{}, { type: 7 }, { type: [] }, { type: '' }, { type: 'a b' }].map((value) => ({ [member]: value })),
  },
  {
    must: `${section}, 4.4: the id of a ${member}, if present, MUST be a single URL`,
    good: [{ [member]: { type: 'A', id: 'urn:x:1' } }],
    bad: ['x', 7, null, ['urn:x:1'], 'https://a.example/x y'].map((id) => ({ [member]: { type: 'A', id } })),
  },
]
const digests = (object: Body): Body => ({ relatedResource: object })

const rules: readonly Rule[] = [
  { must: '4.3: MUST include @context', bad: [{ '@context': undefined }] },
  {
    must: '4.3: the first context MUST be the base context',
    good: [{ '@context': [baseContextV2] }],
    bad: [
      { '@context': [] },
      { '@context': ['https://a.example/c', baseContextV2] },
      { '@context': [{ a: 'urn:a' }, baseContextV2] },
      { '@context': [`${baseContextV2}/`] },
    ],
  },
  {
    must: '4.3: @context MUST be an ordered set',
    bad: [
      { '@context': baseContextV2 },
      { '@context': { first: baseContextV2 } },
      { '@context': [baseContextV2, 'https://a.example/c', 'https://a.example/c'] },
      { '@context': [baseContextV2, baseContextV2] },
    ],
  },
  {
    must: '4.3: subsequent contexts MUST be URLs and objects',
    good: [{ '@context': [baseContextV2, { a: 'urn:x:a' }, 'https://a.example/c'] }],
    bad: [7, null, true, [], 'c', 'https ://not-a-url'].map((item) => ({
      '@context': [baseContextV2, item],
    })),
  },
  {
    must: '4.4: an id, if present, MUST be a single URL',
    good: ['urn:uuid:1', 'did:example:1', 'https://a.example/1#x'].map((id) => ({ id })),
    bad: [null, 7, '', 'x', '/x', ['urn:x:1'], ['urn:x:1', 'urn:x:2'], { id: 'urn:x:1' }].map((id) => ({
      id,
    })),
  },
  { must: '4.5: MUST contain a type', bad: [{ type: undefined }] },
  {
    must: '4.5: type MUST be one or more terms and absolute URLs, in any order',
    good: [
      { type: 'VerifiableCredential' },
      { type: ['https://a.example/T', 'VerifiableCredential', 'OtherCredential'] },
    ],
    bad: [
      [],
      null,
      7,
      ['VerifiableCredential', 7],
      ['VerifiableCredential', 'a b'],
      ['VerifiableCredential', ''],
      ['VerifiableCredential', null],
    ].map((type) => ({ type })),
  },
  {
    must: '4.5: a credential MUST have the type VerifiableCredential',
    bad: [{ type: ['OtherCredential'] }, { type: 'verifiablecredential' }],
  },
  text('name'),
  text('description'),
  {
    must: '4.6: names and descriptions of the issuer likewise',
    good: [{ issuer: { id: 'did:example:1', name: { '@value': 'x', '@language': 'th' }, description: 'y' } }],
    bad: [
      { issuer: { id: 'did:example:1', name: 7 } },
      { issuer: { id: 'did:example:1', description: { '@value': 'x', extra: 1 } } },
    ],
  },
  { must: '4.7: MUST have an issuer', bad: [{ issuer: undefined }] },
  {
    must: '4.7: issuer MUST be a URL or an object with an id that is one',
    good: [{ issuer: { id: 'did:example:1', type: 'Agency', url: 'x' } }],
    bad: [
      null,
      7,
      'DOPA',
      '',
      [],
      ['did:example:1'],
      {},
      { id: null },
      { id: 'DOPA' },
      { name: 'DOPA' },
      { id: 'did:example:1', type: 7 },
    ].map((issuer) => ({ issuer })),
  },
  { must: '4.8: MUST contain credentialSubject', bad: [{ credentialSubject: undefined }] },
  {
    must: '4.8: each subject MUST be the subject of claims',
    good: [
      { credentialSubject: { name: 'A' } },
      { credentialSubject: [{ id: 'did:example:1' }, { name: 'B' }] },
    ],
    bad: [null, 'did:example:1', 7, [], {}, [{ name: 'A' }, {}], [{ name: 'A' }, 'x']].map(
      (credentialSubject) => ({ credentialSubject }),
    ),
  },
  {
    must: '4.8, 4.4: the id of a subject MUST be a single URL',
    bad: ['x', 7, null, ['did:example:1', 'did:example:2']].map((id) => ({
      credentialSubject: { id, name: 'A' },
    })),
  },
  ...['validFrom', 'validUntil'].map((member) => ({
    must: `4.9: ${member} MUST be a dateTimeStamp`,
    good: [
      '2026-01-01T00:00:00Z',
      '2026-01-01T00:00:00.123+07:00',
      '2026-01-01T24:00:00Z',
      '9999-12-31T23:59:59-14:00',
    ].map((value) => ({ [member]: value })),
    bad: [
      '',
      'tomorrow',
      '2026-01-01',
      '2026-01-01T00:00:00',
      '2026-02-30T00:00:00Z',
      '2026-01-01T23:59:60Z',
      '2026-01-01T24:00:01Z',
      '2026-01-01 00:00:00Z',
      1_767_225_600,
      null,
      ['2026-01-01T00:00:00Z'],
    ].map((value) => ({ [member]: value })),
  })),
  {
    must: '4.9: validFrom MUST be the same or earlier than validUntil',
    good: [{ validFrom: '2026-01-01T07:00:00+07:00', validUntil: '2026-01-01T00:00:00Z' }],
    bad: [{ validFrom: '2026-01-01T00:00:01Z', validUntil: '2026-01-01T00:00:00Z' }],
  },
  ...typed('4.10', 'credentialStatus'),
  {
    must: '4.11: credentialSchema MUST be one or more schemas with a type and an id that is a URL',
    good: [
      { credentialSchema: [{ id: 'https://a.example/s', type: 'JsonSchema', digestSRI: 'sha384-eA==' }] },
    ],
    bad: [
      'https://a.example/s',
      [],
      {},
      { id: 'https://a.example/s' },
      { type: 'JsonSchema' },
      { id: 's', type: 'JsonSchema' },
      { id: 'https://a.example/s', type: 'JsonSchema', digestSRI: 7 },
    ].map((credentialSchema) => ({ credentialSchema })),
  },
  {
    must: '4.12: an embedded proof has a type',
    good: [{ proof: [{ type: 'DataIntegrityProof' }] }],
    bad: [{ proof: {} }, { proof: 'x' }, { proof: [] }],
  },
  {
    must: '5.2: the context of undefined terms MUST be the last',
    good: [{ '@context': [baseContextV2, 'https://www.w3.org/ns/credentials/undefined-terms/v2'] }],
    bad: [
      {
        '@context': [
          baseContextV2,
          'https://www.w3.org/ns/credentials/undefined-terms/v2',
          'https://a.example/c',
        ],
      },
    ],
  },
  {
    must: '5.2: members of an extension are allowed anywhere',
    good: [
      { laboratory: 'x', evidenceOf: [1, null] },
      { credentialSubject: { any: { thing: [1, { id: 'x' }] } } },
    ],
    bad: [],
  },
  {
    must: '5.3: relatedResource MUST be one or more objects',
    good: [digests({ id: 'urn:x:1', digestSRI: 'sha256-eA==', mediaType: 'text/html; charset=utf-8' })],
    bad: [
      { relatedResource: [] },
      { relatedResource: 'urn:x:1' },
      { relatedResource: ['urn:x:1'] },
      digests({ id: 'urn:x:1', digestSRI: 'sha256-eA==', mediaType: 'html' }),
    ],
  },
  {
    must: '5.3: the id of a related resource is REQUIRED, a URL, and MUST be unique',
    bad: [
      digests({ digestSRI: 'sha256-eA==' }),
      digests({ id: 'x', digestSRI: 'sha256-eA==' }),
      {
        relatedResource: [
          { id: 'urn:x:1', digestSRI: 'sha256-eA==' },
          { id: 'urn:x:1', digestMultibase: 'uEiA' },
        ],
      },
    ],
  },
  {
    must: '5.3: a related resource MUST contain a digestSRI or a digestMultibase',
    good: [
      digests({ id: 'urn:x:1', digestMultibase: 'zQmdf' }),
      digests({ id: 'urn:x:1', digestSRI: ['sha384-eA==', 'sha512-eA== sha256-eA=='] }),
    ],
    bad: [
      digests({ id: 'urn:x:1' }),
      digests({ id: 'urn:x:1', digestSRI: '' }),
      digests({ id: 'urn:x:1', digestSRI: 'md5-eA==' }),
      digests({ id: 'urn:x:1', digestMultibase: [] }),
      digests({ id: 'urn:x:1', digestMultibase: { z: 1 } }),
    ],
  },
  ...typed('5.4', 'refreshService'),
  ...typed('5.5', 'termsOfUse'),
  ...typed('5.6', 'evidence'),
  ...typed('5.10', 'confidenceMethod'),
  ...typed('5.10 (vc-render-method 2)', 'renderMethod'),
  {
    must: '5.10: reserved members of a subject MUST have a type too',
    good: [{ credentialSubject: { confidenceMethod: { type: 'A' } } }],
    bad: [{ credentialSubject: { confidenceMethod: {} } }, { credentialSubject: [{ renderMethod: 'x' }] }],
  },
  {
    must: '6.1: the compacted form MUST be used',
    bad: [
      { '@id': 'urn:x:1' },
      { '@type': ['VerifiableCredential'] },
      { '@graph': [] },
      { issuer: { id: 'did:example:1', '@id': 'did:example:2' } },
      { credentialSubject: { name: 'A', '@id': 'did:example:2' } },
    ],
  },
  {
    must: '11.1: a language value object MUST have @value, a string, and MUST NOT have other keys',
    bad: [
      { '@language': 'th' },
      { '@value': 7 },
      { '@value': 'x', extra: 1 },
      { '@value': 'x', '@type': 'y' },
    ].map((name) => ({ name })),
  },
  {
    must: '11.1: @language is a well-formed tag of BCP 47',
    good: [
      'th',
      'en-US',
      'zh-Hant-TW',
      'de-CH-1996',
      'x-own',
      'i-klingon',
      'en-u-ca-buddhist',
      'es-419',
      'EN',
    ].map((tag) => ({ name: { '@value': 'x', '@language': tag } })),
    bad: ['', 'ไทย', 'th_TH', 'e', 'th-', 'th--TH', 'toolonglanguage', 'en-u', 7, null].map((tag) => ({
      name: { '@value': 'x', '@language': tag },
    })),
  },
  {
    must: '11.1: @direction is ltr or rtl',
    bad: ['up', '', 7, 'LTR', 'auto'].map((direction) => ({
      name: { '@value': 'x', '@direction': direction },
    })),
  },
]

describe('a credential (VCDM 2.0)', () => {
  it.each(rules.map((rule) => [rule.must, rule] as const))('%s', (_must, { good = [], bad }) => {
    expect(conform({})).toBe(true)
    for (const body of good) expect(conform(body), JSON.stringify(body)).toBe(true)
    for (const body of bad) expect(conform(body), JSON.stringify(body)).toBe(false)
  })
})

const { proof, ...own } = secured
const presentationRules: readonly Rule[] = [
  {
    must: '4.3: MUST include @context, the base context first',
    bad: [
      { '@context': undefined },
      { '@context': ['https://a.example/c', baseContextV2] },
      { '@context': [baseContextV2, 123] },
    ],
  },
  {
    must: '4.13: the id, if present, MUST be a single URL',
    good: [{ id: 'urn:x:1' }],
    bad: [{ id: 'x' }, { id: ['urn:x:1'] }],
  },
  {
    must: '4.13: type MUST be present, VerifiablePresentation among its values',
    good: [{ type: ['OtherPresentation', 'VerifiablePresentation'] }],
    bad: [{ type: undefined }, { type: 'Other' }, { type: [] }],
  },
  {
    must: '4.13: verifiableCredential MUST be one or more credentials or envelopes, MUST NOT be non-objects',
    good: [
      { verifiableCredential: secured },
      { verifiableCredential: [enveloped, secured] },
      { verifiableCredential: undefined },
    ],
    bad: [[], 'a.b.c', ['a.b.c'], 7, null, [null], ['https://a.example/c'], [[secured]]].map(
      (verifiableCredential) => ({ verifiableCredential }),
    ),
  },
  {
    must: '4.13: each of them MUST conform',
    bad: [{ verifiableCredential: { ...secured, issuer: 7 } }, { verifiableCredential: [secured, {}] }],
  },
  {
    must: '4.13: each of them MUST be secured',
    bad: [{ verifiableCredential: own }, { verifiableCredential: [secured, own] }],
  },
  {
    must: '4.13: holder MUST be a URL or an object with an id',
    good: [{ holder: { id: 'did:example:1', name: 'x' } }, { holder: undefined }],
    bad: ['me', 7, null, {}, { name: 'Acme' }, { id: 'z6Mk' }, ['did:example:1']].map((holder) => ({
      holder,
    })),
  },
  {
    must: '4.13.1: an envelope MUST have the base context',
    good: [{ verifiableCredential: { ...enveloped, '@context': [baseContextV2, 'https://a.example/c'] } }],
    bad: [undefined, [], 'https://a.example/c', ['https://a.example/c'], null].map((context) => ({
      verifiableCredential: { ...enveloped, '@context': context },
    })),
  },
  {
    must: '4.13.1: the id of an envelope MUST be a data: URL',
    good: [{ verifiableCredential: { ...enveloped, id: 'data:application/vc+cose;base64,AAAA' } }],
    bad: [undefined, 'a.b.c', 'https://a.example/c', 'data:', 'data:,x', 'data:application/vc+jwt', 7].map(
      (id) => ({
        verifiableCredential: { ...enveloped, id },
      }),
    ),
  },
  {
    must: '4.13.1: the type of an envelope MUST be EnvelopedVerifiableCredential',
    bad: [undefined, 'VerifiableCredential', 'Other', ['EnvelopedVerifiableCredential', 'Other']].map(
      (type) => ({
        verifiableCredential: { ...enveloped, type },
      }),
    ),
  },
  {
    must: '4.13.4: with a self-asserted credential that it alone secures MUST include a holder',
    good: [{ verifiableCredential: [{ ...own, issuer: 'did:example:holder' }] }],
    bad: [
      { holder: undefined, verifiableCredential: [own] },
      { holder: 'did:example:other', verifiableCredential: [{ ...own, issuer: 'did:example:holder' }] },
      { verifiableCredential: [{ ...own, issuer: 'did:example:other' }] },
    ],
  },
  {
    must: '5.5: termsOfUse of a presentation MUST have a type',
    good: [{ termsOfUse: [{ type: 'A' }] }],
    bad: [{ termsOfUse: {} }, { termsOfUse: 'x' }],
  },
  { must: '6.1: the compacted form MUST be used', bad: [{ '@id': 'urn:x:1' }] },
]

describe('a presentation (VCDM 2.0)', () => {
  it.each(presentationRules.map((rule) => [rule.must, rule] as const))('%s', (_must, { good = [], bad }) => {
    expect(conformVp({})).toBe(true)
    for (const body of good) expect(conformVp(body), JSON.stringify(body)).toBe(true)
    for (const body of bad) expect(conformVp(body), JSON.stringify(body)).toBe(false)
  })

  it.each([
    ['4.13.2: an enveloped presentation MUST have the base context', { '@context': [] }],
    ['4.13.2: its id MUST be a data: URL', { id: 'a.b.c' }],
    ['4.13.2: its type MUST be EnvelopedVerifiablePresentation', { type: ['VerifiablePresentation'] }],
  ])('%s', (_must, change) => {
    const good = { ...enveloped, type: 'EnvelopedVerifiablePresentation' }
    expect(validatePresentation(good)).toEqual([])
    expect(validatePresentation({ ...good, ...change })).not.toEqual([])
  })
})

describe('those who issue and verify (VCDM 2.0)', () => {
  it('1.3: an issuer MUST include all required members: it signs nothing else', () => {
    expect(() => requireCredential(credential)).not.toThrow()
    const { issuer, ...lacking } = credential
    expect(() => requireCredential(lacking)).toThrow('/issuer')
  })

  it('1.3, 7.1: a verifier MUST produce errors for documents that do not conform', () => {
    const checks = createChecks()
    checkDataModel(checks, { ...credential, issuer: 7 })
    expect(() => checks.conclude()).toThrow(RejectedError)
    expect(problemDetails(checks.list)).toEqual([
      {
        type: 'https://www.w3.org/TR/vc-data-model#MALFORMED_VALUE_ERROR',
        title: 'vcdm.issuer.invalid',
        detail: expect.stringContaining('/issuer'),
      },
    ])
  })

  it('7.2: the type of a problem MUST be a URL', () => {
    const checks = createChecks()
    checks.fail('structure', 'a')
    checks.fail('issuer-signature', 'b')
    checks.fail('validity-end', 'c')
    checks.fail('issuer-trust', 'd')
    checks.unknown('status', 'e')
    checks.skip('query', 'f')
    const problems = problemDetails(checks.list)
    expect(problems.map(({ type }) => type.split('#')[1] ?? type)).toEqual([
      'PARSING_ERROR',
      'CRYPTOGRAPHIC_SECURITY_ERROR',
      'RANGE_ERROR',
      'about:blank',
      'about:blank',
    ])
    for (const { type } of problems) expect(URL.canParse(type)).toBe(true)
  })

  it('5.3: a verifier that uses a related resource MUST compare its digest', async () => {
    const { digest, bytes } = await resource()
    const outcome = async (digestSRI: string) => {
      const checks = createChecks()
      const body = { ...credential, relatedResource: { id: 'https://a.example/r', digestSRI } }
      const resolveRelatedResource = resolveResources({ known: { 'https://a.example/r': bytes } })
      await checkContent(checks, body, { resolveRelatedResource })
      return checks.outcome('related-resources')
    }
    expect(await outcome(digest)).toBe('passed')
    expect(await outcome(`sha256-${'A'.repeat(43)}=`)).toBe('failed')
  })

  it('B.1: the base context MUST be treated as already retrieved', async () => {
    const outcome = async (digestMultibase: string) => {
      const checks = createChecks()
      await checkContent(checks, { ...credential, relatedResource: { id: baseContextV2, digestMultibase } })
      return checks.outcome('related-resources')
    }
    // SHA-256 59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734, as a multihash and alone.
    expect(await outcome('uEiBZlVztZpfWHgPyslVv6-UwirFoQoRvW1htfx963sknAA')).toBe('failed')
    expect(await outcome('uWZVc7WaX1h4D8rJVb-vlMIqxaEKEb1tYbX8fet7JJzQ')).toBe('passed')
    expect(await outcome('uEiBZlVztZpfWHgPyslVv6-UwirFoQoRvW1htfx963sknNA')).toBe('passed')
  })

  it('5.8: a time without an offset MUST be interpreted as UTC', () => {
    expect(parseDateTime('2026-01-01T00:00:00')?.toISOString()).toBe('2026-01-01T00:00:00.000Z')
  })
})

async function resource() {
  const bytes = new TextEncoder().encode('a resource')
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return { bytes, digest: `sha256-${btoa(String.fromCharCode(...hash))}` }
}
