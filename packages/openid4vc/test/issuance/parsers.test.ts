import type { JsonValue } from '@ekkasan/core'
import { generateJwk } from '@ekkasan/keys'
import {
  authorizationServerMetadata,
  credentialOfferUri,
  credentialOfferUriByReference,
  displayFromNames,
  IssuanceError,
  IssuanceMessageError,
  namesFromDisplay,
  parseAuthorizationDetails,
  parseCredentialConfiguration,
  parseCredentialIssuerMetadata,
  parseCredentialOffer,
  parseCredentialOfferUri,
  parseCredentialRequest,
  parseCredentialResponse,
  parseGrantedIdentifiers,
  parseNonceResponse,
  parseNotificationRequest,
  parseProof,
  parseTokenRequest,
  preAuthorizedCodeGrant,
  shownText,
  wellKnownUrl,
} from '@ekkasan/openid4vc'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const issuer = 'https://issuer.example/tenant'
const codeOf = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    return (error as { code: string }).code
  }
  return 'accepted'
}

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

describe('whatever comes, a parser gives a value or its own error', () => {
  const now = new Date('2026-01-01T00:00:00Z')
  const parsers: Record<string, (text: string) => unknown> = {
    parseCredentialOfferUri,
    parseCredentialOffer,
    parseCredentialIssuerMetadata: (text) => parseCredentialIssuerMetadata(text, issuer),
    parseTokenRequest: (text) => parseTokenRequest(new URLSearchParams(text), issuer),
    parseAuthorizationDetails,
    parseNonceResponse,
    parseNotificationRequest,
    parseCredentialRequest: (text) => parseCredentialRequest(text, { maxProofs: 2, encryption: ['A128GCM'] }),
    parseCredentialResponse,
    parseCredentialConfiguration: (text) => parseCredentialConfiguration(jsonOf(text)),
    parseGrantedIdentifiers: (text) => parseGrantedIdentifiers({ authorization_details: jsonOf(text) }),
    parseProof: (text) => parseProof(text, { issuer, algorithms: ['ES256'], maxAge: 300, now }),
  }
  const attempt = (parse: (text: string) => unknown, text: string) => {
    try {
      parse(text)
    } catch (error) {
      const isOwn = error instanceof IssuanceError || error instanceof IssuanceMessageError
      if (!isOwn) throw error
      if (error instanceof IssuanceError) {
        expect(error.answer.status).toBeGreaterThanOrEqual(400)
        expect(error.answer.body.error).toMatch(/^[a-z_]+$/)
      }
    }
  }

  it.each(Object.entries(parsers))('%s', (_name, parse) => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => attempt(parse, text)))
    fc.assert(fc.property(fc.json(), (text) => attempt(parse, text)))
    const names = fc.constantFrom(
      'credential_issuer',
      'credential_configuration_ids',
      'grants',
      'credential_endpoint',
      'credential_configurations_supported',
      'display',
      'credentials',
      'transaction_id',
      'interval',
      'c_nonce',
      'notification_id',
      'event',
      'proofs',
      'credential_configuration_id',
      'credential_response_encryption',
      'format',
      'proof_types_supported',
      'credential_metadata',
    )
    const object = fc.dictionary(names, fc.oneof(fc.jsonValue(), fc.constant(issuer)))
    fc.assert(fc.property(object, (value) => attempt(parse, JSON.stringify(value))))
    const detail = fc.dictionary(
      fc.constantFrom('type', 'credential_configuration_id', 'credential_identifiers', 'locations'),
      fc.oneof(fc.jsonValue(), fc.constant('openid_credential')),
    )
    fc.assert(fc.property(fc.array(detail), (value) => attempt(parse, JSON.stringify(value))))
    const offer = fc.dictionary(fc.constantFrom('credential_offer', 'credential_offer_uri'), fc.string())
    fc.assert(
      fc.property(offer, (value) =>
        attempt(parse, `openid-credential-offer://?${new URLSearchParams(value as Record<string, string>)}`),
      ),
    )
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (header, payload) => {
        const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
        attempt(parse, `${part(header)}.${part(payload)}.AA`)
      }),
    )
  })
})

describe('credential offers (section 4.1)', () => {
  it('come out of their URI as they went in', () => {
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 60 })
    const offers = fc.record(
      {
        credential_issuer: fc.constant(issuer),
        credential_configuration_ids: fc.uniqueArray(text, { minLength: 1, maxLength: 5 }),
        grants: fc.record(
          {
            [preAuthorizedCodeGrant]: fc.record(
              {
                'pre-authorized_code': text,
                tx_code: fc.record(
                  {
                    length: fc.integer({ min: 1, max: 64 }),
                    input_mode: fc.constantFrom('numeric' as const, 'text' as const),
                    description: text.map((any) => shownText(any)),
                  },
                  { requiredKeys: [] },
                ),
              },
              { requiredKeys: ['pre-authorized_code'] },
            ),
          },
          { requiredKeys: [] },
        ),
      },
      { requiredKeys: ['credential_issuer', 'credential_configuration_ids'] },
    )
    fc.assert(
      fc.property(offers, (offer) => {
        expect(parseCredentialOfferUri(credentialOfferUri(offer))).toEqual({ offer })
      }),
    )
  })

  it('by reference lead to where they are', () => {
    const reference = 'https://issuer.example/offers/a.b?x=1&y=2'
    expect(parseCredentialOfferUri(credentialOfferUriByReference(reference))).toEqual({ reference })
  })

  it.each([
    ['no query', 'openid-credential-offer://'],
    ['neither parameter', 'openid-credential-offer://?x=1'],
    ['both parameters', `openid-credential-offer://?credential_offer={}&credential_offer_uri=${issuer}`],
    ['a parameter twice', 'openid-credential-offer://?credential_offer={}&credential_offer={}'],
    ['a reference without TLS', 'openid-credential-offer://?credential_offer_uri=http://issuer.example/o'],
    ['a reference to a file', 'openid-credential-offer://?credential_offer_uri=file:///etc/passwd'],
    [
      'a reference with credentials',
      'openid-credential-offer://?credential_offer_uri=https://a:b@issuer.example',
    ],
    ['no scheme', '?credential_offer={}'],
    ['too many characters', `openid-credential-offer://?credential_offer=${'a'.repeat(20_000)}`],
  ])('with %s are refused', (_name, uri) => {
    expect(codeOf(() => parseCredentialOfferUri(uri))).toBe('openid4vc.offer.malformed')
  })

  const base = { credential_issuer: issuer, credential_configuration_ids: ['a'] }
  it.each([
    ['an issuer without TLS', { credential_issuer: 'http://issuer.example' }],
    ['an issuer with a query', { credential_issuer: `${issuer}?x=1` }],
    ['no configurations', { credential_configuration_ids: [] }],
    ['a configuration twice', { credential_configuration_ids: ['a', 'a'] }],
    ['a grant that is no object', { grants: { [preAuthorizedCodeGrant]: 'x' } }],
    ['no code', { grants: { [preAuthorizedCodeGrant]: {} } }],
    [
      'an endless code',
      { grants: { [preAuthorizedCodeGrant]: { 'pre-authorized_code': 'x'.repeat(5000) } } },
    ],
    [
      'an unknown input_mode',
      {
        grants: {
          [preAuthorizedCodeGrant]: { 'pre-authorized_code': 'x', tx_code: { input_mode: 'voice' } },
        },
      },
    ],
  ])('with %s are refused', (_name, change) => {
    expect(codeOf(() => parseCredentialOffer(JSON.stringify({ ...base, ...change })))).toBe(
      'openid4vc.offer.malformed',
    )
  })

  it('with a member named twice are refused (field: two readers, two meanings)', () => {
    const json = `{"credential_issuer":"https://a.example","credential_issuer":"${issuer}","credential_configuration_ids":["a"]}`
    expect(codeOf(() => parseCredentialOffer(json))).toBe('openid4vc.offer.malformed')
  })

  it('may hold members that are unknown, which are left out', () => {
    expect(parseCredentialOffer(JSON.stringify({ ...base, x: 1, grants: { x: {} } }))).toEqual({
      ...base,
      grants: {},
    })
  })
})

describe('credential issuer metadata (section 12.2)', () => {
  const metadata = {
    credential_issuer: issuer,
    credential_endpoint: `${issuer}/credential`,
    credential_configurations_supported: { a: { format: 'dc+sd-jwt' } },
  }
  it('of another issuer is a mismatch, be it by a slash', () => {
    const json = JSON.stringify(metadata)
    expect(parseCredentialIssuerMetadata(json, issuer).credential_issuer).toBe(issuer)
    expect(codeOf(() => parseCredentialIssuerMetadata(json, `${issuer}/`))).toBe(
      'openid4vc.issuer-metadata.mismatch',
    )
  })

  it.each([
    ['no credential endpoint', { credential_endpoint: undefined }],
    ['an endpoint without TLS', { nonce_endpoint: 'http://issuer.example/nonce' }],
    ['an endpoint that runs', { credential_endpoint: 'javascript:alert(1)' }],
    ['no configurations', { credential_configurations_supported: undefined }],
    ['configurations that are no object', { credential_configurations_supported: [] }],
    ['a deferred endpoint that is no URL', { deferred_credential_endpoint: 7 }],
  ])('with %s is refused', (_name, change) => {
    const json = JSON.stringify({ ...metadata, ...(change as object) })
    expect(codeOf(() => parseCredentialIssuerMetadata(json, issuer))).toBe(
      'openid4vc.issuer-metadata.malformed',
    )
  })

  it('stands where the well-known segment is between host and path', () => {
    const name = 'openid-credential-issuer'
    expect(wellKnownUrl('https://issuer.example/tenant', name)).toBe(
      'https://issuer.example/.well-known/openid-credential-issuer/tenant',
    )
    for (const identifier of ['https://issuer.example', 'https://issuer.example/']) {
      expect(wellKnownUrl(identifier, name)).toBe(
        'https://issuer.example/.well-known/openid-credential-issuer',
      )
    }
    expect(wellKnownUrl('https://issuer.example:8443/a/b/', name)).toBe(
      'https://issuer.example:8443/.well-known/openid-credential-issuer/a/b',
    )
  })

  it('names go into display and back', () => {
    const names = { th: 'กรมการปกครอง', en: 'Department' }
    expect(namesFromDisplay(displayFromNames(names))).toEqual(names)
    expect(namesFromDisplay([{ name: 'A' }, { locale: 'th' }, { name: 'B', locale: '__proto__' }])).toEqual({
      und: 'A',
    })
  })

  it('of two names whose tags differ in case alone the first wins, and tags keep their case [F12]', () => {
    const display = [
      { name: 'A', locale: 'TH' },
      { name: 'B', locale: 'th' },
      { name: 'C', locale: 'En' },
      { name: 'D', locale: 'und' },
      { name: 'E' },
    ]
    expect(namesFromDisplay(display)).toEqual({ TH: 'A', En: 'C', und: 'D' })
    expect(displayFromNames({ TH: 'A', th: 'B' })).toEqual([{ name: 'A', locale: 'TH' }])
  })

  it('of the authorization server allows anonymous clients', () => {
    expect(authorizationServerMetadata({ issuer, tokenEndpoint: `${issuer}/token` })).toMatchObject({
      'pre-authorized_grant_anonymous_access_supported': true,
      token_endpoint_auth_methods_supported: ['none'],
    })
  })
})

it('a token request of many parameters takes no time to refuse (whoever sends it)', () => {
  const form = new URLSearchParams(Array.from({ length: 40_000 }, (_, at) => [`p${at}`, '']))
  const began = performance.now()
  expect(() => parseTokenRequest(form, issuer)).toThrow('grant_type is missing')
  expect(performance.now() - began).toBeLessThan(1000)
})

describe('token responses (section 6.2)', () => {
  it('name identifiers by configuration; details of other types are not ours', () => {
    const granted = parseGrantedIdentifiers({
      authorization_details: [
        { type: 'payment' },
        { type: 'openid_credential', credential_configuration_id: 'a', credential_identifiers: ['x', 'y'] },
      ],
    })
    expect([...granted]).toEqual([['a', ['x', 'y']]])
    expect(parseGrantedIdentifiers({}).size).toBe(0)
    const wrong = { type: 'openid_credential', credential_configuration_id: 'a', credential_identifiers: [] }
    expect(codeOf(() => parseGrantedIdentifiers({ authorization_details: [wrong] }))).toBe(
      'openid4vc.token-response.malformed',
    )
  })
})

describe('credential requests (section 8.2)', () => {
  const request = (value: JsonValue, encryption?: readonly 'A128GCM'[]) =>
    parseCredentialRequest(JSON.stringify(value), { maxProofs: 2, ...(encryption && { encryption }) })

  it('may ask for an encrypted answer where that is offered', async () => {
    const { kty, crv, x, y } = await generateJwk('ES256')
    const jwk = { kty, crv, x, y, alg: 'ECDH-ES', use: 'enc', kid: 'a' } as unknown as JsonValue
    const asking = (change: object = {}) =>
      ({
        credential_configuration_id: 'a',
        credential_response_encryption: { jwk, enc: 'A128GCM', ...change },
      }) as unknown as JsonValue
    expect(request(asking(), ['A128GCM']).responseEncryption?.enc).toBe('A128GCM')
    const refused = 'openid4vc.credential.invalid_encryption_parameters'
    expect(codeOf(() => request(asking()))).toBe(refused)
    for (const change of [
      { enc: 'A256GCM' },
      { enc: undefined },
      { zip: 'DEF' },
      { jwk: undefined },
      { jwk: { ...(jwk as object), alg: 'RSA-OAEP' } },
      { jwk: { ...(jwk as object), d: 'AA' } },
    ]) {
      expect(codeOf(() => request(asking(change), ['A128GCM']))).toBe(refused)
    }
  })
})

describe('authorization_details beside which others stand [F16]', () => {
  const ours = { type: 'openid_credential', credential_configuration_id: 'a' }
  const identifiers = { ...ours, credential_identifiers: ['a.1'] }

  it.each<[string, unknown, string]>([
    ['another type', { type: 'payment_initiation', amount: 1 }, 'payment_initiation'],
    ['a type that is a URL', { type: 'https://bank.example/rar' }, 'https://bank.example/rar'],
    ['a type that cannot be repeated', { type: 'a"b\n' }, '(unreadable)'],
    ['a type that is a number', { type: 7 }, '(unreadable)'],
    ['no type', {}, '(unreadable)'],
  ])('in a token request %s is refused, and the message names it (RFC 9396 5)', (_what, other, named) => {
    for (const details of [[ours, other], [other, ours], [other]]) {
      const form = new URLSearchParams({
        grant_type: preAuthorizedCodeGrant,
        'pre-authorized_code': 'c',
        authorization_details: JSON.stringify(details),
      })
      expect(() => parseTokenRequest(form, issuer)).toThrow(
        expect.objectContaining({
          code: 'openid4vc.token.invalid_authorization_details',
          message: expect.stringContaining(`of type ${named}:`),
          answer: expect.objectContaining({
            status: 400,
            body: {
              error: 'invalid_authorization_details',
              error_description: expect.stringMatching(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/),
            },
          }),
        }),
      )
    }
  })

  it.each<[string, readonly unknown[]]>([
    ['of another type', [{ type: 'payment_initiation', credential_configuration_id: 7 }]],
    ['without type', [{}]],
    ['that are no objects', [null, 7, 'x', []]],
    ['in great number', Array(100).fill({ type: 'x' })],
  ])('in a token response items %s are ignored, and ours is taken', (_what, others) => {
    const granted = new Map([['a', ['a.1']]])
    for (const details of [
      [identifiers, ...others],
      [...others, identifiers],
    ]) {
      expect(parseGrantedIdentifiers({ authorization_details: details })).toEqual(granted)
    }
    expect(parseGrantedIdentifiers({ authorization_details: others })).toEqual(new Map())
  })

  it('ours has members unknown here, which are ignored; without what it needs it is no item of ours', () => {
    const details = [{ ...identifiers, locations: [issuer], x: 1 }]
    expect(parseGrantedIdentifiers({ authorization_details: details })).toEqual(new Map([['a', ['a.1']]]))
    expect(() => parseGrantedIdentifiers({ authorization_details: [ours] })).toThrow(/credential_identifiers/)
    expect(() => parseGrantedIdentifiers({ authorization_details: {} })).toThrow(/not a list/)
  })
})
