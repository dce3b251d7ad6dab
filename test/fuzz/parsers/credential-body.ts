import { createChecks, ResolveError } from '@ekkasan/core'
import { utf8 } from '@ekkasan/core/bytes'
import { isJsonObject, parseJson } from '@ekkasan/core/json'
import {
  baseContextV2,
  checkContent,
  checkDataModel,
  dateTimeStamp,
  identifierOf,
  integrityOf,
  matchesIntegrity,
  parseCredentialStatus,
  parseDateTime,
  parseDateTimeStamp,
  resolveResources,
  subjectClaims,
  subjectDid,
  subjectOf,
  typesOf,
  validateCredential,
  validatePresentation,
  versionOf,
} from '@ekkasan/vcdm'
import { type FuzzTarget, insist, linesOf, textOf, tryParse, tryVerify } from '../target.ts'

const status = {
  id: 'https://issuer.example/1#7',
  type: 'BitstringStatusListEntry',
  statusPurpose: 'message',
  statusListIndex: '7',
  statusListCredential: 'https://issuer.example/1',
  statusSize: 1,
  statusMessage: [
    { status: '0x0', message: 'ok' },
    { status: '0x1', message: 'no' },
  ],
}

export const target: FuzzTarget = {
  reads:
    'bodies of W3C credentials and presentations, their dates, URLs, language values and statuses, the schemas and resources that they name (@ekkasan/vcdm)',
  seeds: () => {
    const body = {
      '@context': [baseContextV2, { a: 'https://a.example/#a' }],
      id: 'urn:uuid:3978344f-8596-4c3a-a978-8fcaba3903c5',
      type: ['VerifiableCredential', 'A'],
      issuer: {
        id: 'https://issuer.example',
        name: [{ '@value': 'ก', '@language': 'th', '@direction': 'ltr' }],
      },
      validFrom: '2026-01-01T00:00:00Z',
      validUntil: '2027-01-01T24:00:00.0+07:00',
      name: 'A',
      credentialSubject: [{ id: 'did:example:a', a: 1 }],
      credentialStatus: [status],
      credentialSchema: [
        { id: 'https://issuer.example/schema', type: 'JsonSchema', digestSRI: integrityOf('{}') },
      ],
      relatedResource: [{ id: 'https://issuer.example/r', digestSRI: integrityOf('{}'), mediaType: 'a/b' }],
      evidence: { type: 'E' },
      termsOfUse: [{ type: 'T' }],
      refreshService: { id: 'https://r.example', type: 'R' },
    }
    const schema = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      required: ['issuer'],
      properties: {
        validFrom: { format: 'date-time' },
        name: { $ref: '#/$defs/n' },
        id: { pattern: '^(a|b)+$' },
      },
      $defs: { n: { anyOf: [{ type: 'string', minLength: 1 }, { $dynamicRef: '#d' }], $dynamicAnchor: 'd' } },
      patternProperties: { '^x': { items: { const: 1 } } },
      unevaluatedProperties: true,
    }
    const old = {
      '@context': ['https://www.w3.org/2018/credentials/v1'],
      type: ['VerifiableCredential'],
      issuer: 'did:example:i',
      issuanceDate: '2026-01-01T00:00:00Z',
      expirationDate: '2027-01-01T00:00:00',
      credentialSubject: { id: 'did:example:a' },
    }
    const presentation = {
      '@context': [baseContextV2],
      type: 'VerifiablePresentation',
      verifiableCredential: [body],
    }
    return [
      `${JSON.stringify(body)}\n${JSON.stringify(schema)}`,
      JSON.stringify(old),
      JSON.stringify(presentation),
      '2024-02-29T23:59:59.5+14:00',
      integrityOf('a'),
    ]
  },
  async read(input) {
    const text = textOf(input)
    for (const parse of [parseDateTime, parseDateTimeStamp]) {
      const date = parse(text)
      if (!date) continue
      insist(!Number.isNaN(date.getTime()), 'a date that is accepted is one')
      const { year } = { year: date.getUTCFullYear() }
      if (year > 0 && year < 9999)
        insist(parseDateTimeStamp(dateTimeStamp(date)) !== undefined, 'a date written anew is read again')
    }
    insist(!matchesIntegrity(utf8('what nobody has hashed'), text), 'no other hash is that of a text')
    const [body = '', schema = ''] = linesOf(input)
    const json = tryParse(() => parseJson(body), SyntaxError)
    if (isJsonObject(json)) await readBody(json, schema)
  },
}

async function readBody(body: Parameters<typeof validateCredential>[0], schema: string): Promise<void> {
  const violations = validateCredential(body)
  validatePresentation(body)
  versionOf(body)
  for (const partial of [false, true]) checkDataModel(createChecks(), body, { partial })
  insist(Array.isArray(typesOf(body)), 'types are a list')
  subjectOf(body)
  subjectClaims(body)
  subjectDid(body)
  identifierOf(body.issuer)
  const reference = parseCredentialStatus(body)
  if (typeof reference === 'object') insist(reference.credentialStatus.length > 0, 'a status has an entry')
  const fetch = async () => new Response(schema, { headers: { 'content-type': 'application/schema+json' } })
  const resolve = resolveResources({ fetch })
  const checks = createChecks()
  for (const name of ['structure', 'issuer-trust'] as const) checks.pass(name)
  await tryVerify(
    () => checkContent(checks, body, { resolveSchema: resolve, resolveRelatedResource: resolve }),
    ResolveError,
  )
  insist(
    violations.every(({ path }) => typeof path === 'string'),
    'a violation says where it is',
  )
}
