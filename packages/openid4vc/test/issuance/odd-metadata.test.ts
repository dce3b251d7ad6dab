import {
  parseCredentialConfiguration,
  parseCredentialIssuerMetadata,
  parseCredentialOffer,
  preAuthorizedCodeGrant,
  unusableConfiguration,
} from '@ekkasan/openid4vc'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const issuer = 'https://issuer.example'
const good = {
  format: 'dc+sd-jwt',
  vct: 'https://issuer.example/vct/id',
  cryptographic_binding_methods_supported: ['jwk'],
  proof_types_supported: { jwt: { proof_signing_alg_values_supported: ['ES256'] } },
  credential_metadata: { display: [{ name: 'บัตร', locale: 'th' }], claims: [{ path: ['name'] }] },
}
const document = (more: object = {}, odd?: unknown) => ({
  credential_issuer: issuer,
  credential_endpoint: `${issuer}/credential`,
  credential_configurations_supported: { good, ...(odd !== undefined && { odd }) },
  ...more,
})
const read = (more?: object, odd?: unknown) =>
  parseCredentialIssuerMetadata(JSON.stringify(document(more, odd)), issuer)
const codes = ({ diagnosis }: ReturnType<typeof read>) =>
  diagnosis.map(({ code, path }) => [code.replace('openid4vc.issuer-metadata.', ''), path.join('/')])
const at = 'credential_configurations_supported/odd'

describe('one odd part of an issuer’s metadata does not cost the rest [F3]', () => {
  it('nothing odd leaves nothing to say', () => {
    const metadata = read()
    expect(metadata.diagnosis).toEqual([])
    expect(metadata.credential_configurations_supported).toEqual({ good })
  })

  it.each([
    ['an integer beyond those that are exact', '12345678901234567890'],
    ['a number beyond all', '1e999'],
    ['twenty levels', `${'['.repeat(20)}${']'.repeat(20)}`],
  ])('%s in an extension of somebody’s is not read', (_what, value) => {
    const json = JSON.stringify(document({ 'x-extension': 'here' })).replace('"here"', value)
    const metadata = parseCredentialIssuerMetadata(json, issuer)
    expect(metadata.credential_configurations_supported).toEqual({ good })
    expect(metadata.diagnosis).toEqual([])
    const batch = JSON.stringify(document({ batch_credential_issuance: { batch_size: 7 } }))
    expect(parseCredentialIssuerMetadata(batch.replace('7', value), issuer)).not.toHaveProperty(
      'batch_credential_issuance',
    )
  })

  it.each<[string, unknown, unknown]>([
    ['a line break', 'บัตร\nประชาชน', 'บัตร ประชาชน'],
    ['controls', 'a\u0000b\u007fc\u0085d', 'a b c d'],
    ['what turns the direction', 'bank\u202emoc.live\u2066', 'bank moc.live '],
    ['a separator of lines', 'a\u2028b\u2029c', 'a b c'],
    ['half a character', 'a\ud800b', 'a b'],
    ['more than a screen shows', 'x'.repeat(501), 'x'.repeat(500)],
    ['a cut through a character', `${'x'.repeat(499)}😀`, 'x'.repeat(499)],
  ])('display text with %s is made fit for a screen, wherever it stands', (_what, text, shown) => {
    const display = [{ name: text, description: text, locale: 'th', logo: { uri: 'data:,', alt_text: text } }]
    const odd = {
      ...good,
      credential_metadata: { display, claims: [{ path: ['a'], display: [{ name: text }] }] },
    }
    // JSON.parse takes half a character only as an escape.
    const metadata = read({ display }, odd)
    const entry = { name: shown, description: shown, locale: 'th', logo: { uri: 'data:,', alt_text: shown } }
    expect(metadata.display).toEqual([entry])
    expect(metadata.credential_configurations_supported.odd?.credential_metadata).toEqual({
      display: [entry],
      claims: [{ path: ['a'], display: [{ name: shown }] }],
    })
    expect(new Set(codes(metadata).map(([code]) => code))).toEqual(new Set(['text']))
  })

  const displays: [string, unknown, unknown, string[][]][] = [
    ['no list', {}, undefined, [['display', 'display']]],
    ['a text', 'x', undefined, [['display', 'display']]],
    ['too long', Array(201).fill({}), undefined, [['display', 'display']]],
    ['an entry that is no object', [7, { name: 'A' }], [{ name: 'A' }], [['display', 'display/0']]],
    ['a name that is no text', [{ name: 7 }, { name: 'A' }], [{ name: 'A' }], [['display', 'display/0']]],
    ['a locale that is no text', [{ name: 'A', locale: ['th'] }], [], [['display', 'display/0']]],
    ['a logo without uri', [{ name: 'A', logo: {} }], [{ name: 'A' }], [['logo', 'display/0/logo']]],
    [
      'a logo that is a text',
      [{ name: 'A', logo: 'https://a.example' }],
      [{ name: 'A' }],
      [['logo', 'display/0/logo']],
    ],
    [
      'a colour that is no text',
      [{ name: 'A', text_color: 0 }],
      [{ name: 'A' }],
      [['display', 'display/0/text_color']],
    ],
    [
      'a background image without uri',
      [{ name: 'A', background_image: { uri: 1 } }],
      [{ name: 'A' }],
      [['logo', 'display/0/background_image']],
    ],
  ]
  it.each(displays)('display: %s drops itself', (_what, display, shown, said) => {
    const metadata = read({ display })
    expect(metadata.display).toEqual(shown)
    expect(codes(metadata)).toEqual(said)
    expect(Object.keys(metadata.credential_configurations_supported)).toEqual(['good'])
  })

  it.each<[string, unknown, unknown, string]>([
    ['an object (shipped by real issuers)', { name: {} }, undefined, ''],
    ['a text', 'name', undefined, ''],
    ['an entry without path', [{ mandatory: true }, { path: ['a'] }], [{ path: ['a'] }], '/0'],
    ['an empty path', [{ path: [] }, { path: ['a'] }], [{ path: ['a'] }], '/0'],
    ['a path with an object', [{ path: [{}] }], [], '/0'],
    ['a path with a negative index', [{ path: ['a', -1] }], [], '/0'],
    ['mandatory that is no boolean', [{ path: ['a'], mandatory: 'yes' }], [], '/0'],
    ['a claim named twice', [{ path: ['a'] }, { path: ['b'] }, { path: ['a'] }], undefined, ''],
    ['all items and one of them', [{ path: ['a', null] }, { path: ['a', 0] }], undefined, ''],
    ['a list that is an object', [{ path: ['a', null] }, { path: ['a', 'b'] }], undefined, ''],
    ['an object that is a list', [{ path: ['a', 'b'] }, { path: ['a', 2, 'c'] }], undefined, ''],
    ['deep in a list', [{ path: ['a', null, 'b'] }, { path: ['a', 1, 'c'] }], undefined, ''],
  ])('claims: %s costs labels and nothing else (B.3)', (_what, claims, kept, where) => {
    const odd = { ...good, credential_metadata: { display: [{ name: 'A' }], claims } }
    const metadata = read({}, odd)
    expect(metadata.credential_configurations_supported.odd).toEqual({
      ...good,
      credential_metadata: { display: [{ name: 'A' }], ...(kept !== undefined && { claims: kept }) },
    })
    expect(codes(metadata)).toEqual([['claims', `${at}/credential_metadata/claims${where}`]])
  })

  it('claims that only look alike stay: a parent and its child, one index and another, a name and a number', () => {
    const claims = [
      { path: ['a'] },
      { path: ['a', 'b'] },
      { path: ['l', 0] },
      { path: ['l', 1] },
      { path: ['0'] },
    ]
    const metadata = read({}, { ...good, credential_metadata: { claims } })
    expect(metadata.diagnosis).toEqual([])
    expect(metadata.credential_configurations_supported.odd?.credential_metadata?.claims).toEqual(claims)
  })

  const jwt = good.proof_types_supported.jwt
  it.each<[string, unknown, string]>([
    ['no object', 'x', ''],
    ['no format', { ...good, format: undefined }, '/format'],
    ['a format that is no text', { ...good, format: 7 }, '/format'],
    ['a vct that is no text', { ...good, vct: ['a'] }, '/vct'],
    ['a doctype that is no text', { ...good, doctype: {} }, '/doctype'],
    ['a definition that is no object', { ...good, credential_definition: 'x' }, '/credential_definition'],
    [
      'a type that is no list',
      { ...good, credential_definition: { type: 'A' } },
      '/credential_definition/type',
    ],
    [
      'binding methods that are a text',
      { ...good, cryptographic_binding_methods_supported: 'jwk' },
      '/cryptographic_binding_methods_supported',
    ],
    [
      'a binding method that is an object',
      { ...good, cryptographic_binding_methods_supported: ['jwk', {}] },
      '/cryptographic_binding_methods_supported',
    ],
    ['proof types that are a list', { ...good, proof_types_supported: ['jwt'] }, '/proof_types_supported'],
    [
      'a proof type that is a text',
      { ...good, proof_types_supported: { jwt: 'ES256' } },
      '/proof_types_supported/jwt',
    ],
    [
      'a proof type without algorithms',
      { ...good, proof_types_supported: { jwt: {} } },
      '/proof_types_supported/jwt/proof_signing_alg_values_supported',
    ],
    [
      'an algorithm that is an object',
      { ...good, proof_types_supported: { jwt: { proof_signing_alg_values_supported: [{}] } } },
      '/proof_types_supported/jwt/proof_signing_alg_values_supported',
    ],
    [
      'key attestations that cannot be read',
      { ...good, proof_types_supported: { jwt: { ...jwt, key_attestations_required: true } } },
      '/proof_types_supported/jwt/key_attestations_required',
    ],
  ])('a configuration with %s cannot be used, never more loosely, and only it', (_what, odd, where) => {
    const metadata = read({}, odd)
    expect(metadata.credential_configurations_supported).toEqual({ good })
    expect(codes(metadata)).toEqual([['configuration', `${at}${where}`]])
    expect(unusableConfiguration(metadata, 'odd')).toEqual(metadata.diagnosis[0])
    expect(unusableConfiguration(metadata, 'good')).toBeUndefined()
    expect(unusableConfiguration(metadata, 'other')).toBeUndefined()
    expect(() => parseCredentialConfiguration(odd)).toThrow(/not an acceptable credential configuration/)
  })

  it.each<[string, object]>([
    ['credential_response_encryption', { alg_values_supported: ['ECDH-ES'], encryption_required: 'true' }],
    ['credential_response_encryption', { alg_values_supported: ['ECDH-ES'] }],
    ['credential_response_encryption', ['ECDH-ES']],
    ['credential_request_encryption', { encryption_required: 1 }],
  ])('%s that cannot be read: no configuration can be used, for it might go in clear', (name, value) => {
    const metadata = read({ [name]: value })
    expect(metadata.credential_configurations_supported).toEqual({})
    expect(codes(metadata)).toEqual([['encryption', name]])
    expect(unusableConfiguration(metadata, 'good')).toEqual(metadata.diagnosis[0])
  })

  it.each<[string, object, string]>([
    ['a batch size of one', { batch_credential_issuance: { batch_size: 1 } }, 'batch_credential_issuance'],
    ['a batch that is a number', { batch_credential_issuance: 10 }, 'batch_credential_issuance'],
  ])('%s is none', (_what, more, where) => {
    const metadata = read(more)
    expect(metadata.batch_credential_issuance).toBeUndefined()
    expect(codes(metadata)).toEqual([['member', where]])
  })

  it.each<[string, object]>([
    ['no credential endpoint', { credential_endpoint: undefined }],
    ['a nonce endpoint without TLS', { nonce_endpoint: 'http://issuer.example/nonce' }],
    ['a notification endpoint that runs', { notification_endpoint: 'javascript:1' }],
    ['a deferred endpoint that is an object', { deferred_credential_endpoint: {} }],
  ])('%s refuses the issuer', (_what, more) => {
    expect(() => read(more)).toThrow(expect.objectContaining({ code: 'openid4vc.issuer-metadata.malformed' }))
  })

  it('however much is odd, what is left has its shape and every configuration that is not there is named', () => {
    const isReadable = (any: unknown) => !/__proto__|\d{16}|e\+/.test(JSON.stringify(any))
    const json = fc.jsonValue({ maxDepth: 3 }).filter(isReadable)
    const value = fc.oneof(json, fc.constant(good))
    const members = fc.constantFrom(
      ...['format', 'vct', 'scope', 'credential_metadata', 'proof_types_supported', 'display', 'claims'],
    )
    const odd = fc.oneof(
      value,
      fc.dictionary(members, value),
      fc.record({ a: value }).map((x) => ({ ...good, ...x })),
    )
    const top = fc.constantFrom('display', 'batch_credential_issuance', 'credential_response_encryption')
    fc.assert(
      fc.property(odd, fc.dictionary(top, value), (configuration, more) => {
        const metadata = read(more, configuration)
        const { odd: kept, good: other } = metadata.credential_configurations_supported
        if (kept) expect(typeof kept.format).toBe('string')
        else if (configuration !== null) expect(unusableConfiguration(metadata, 'odd')).toBeDefined()
        if (!unusableConfiguration(metadata, 'good')) expect(other).toEqual(good)
      }),
    )
  })
})

describe('authorization servers [N7]', () => {
  const server = 'https://server.example'

  it('an empty list is an absent one', () => {
    const metadata = read({ authorization_servers: [] })
    expect(metadata).not.toHaveProperty('authorization_servers')
    expect(metadata.diagnosis).toEqual([])
  })

  it.each<[string, unknown[]]>([
    ['a number', [7, server]],
    ['an object', [{ issuer: server }, server]],
    ['an empty text', ['', server]],
    ['a URL without TLS', ['http://server.example', server]],
    ['a URL with a query', [`${server}?a`, server]],
    ['what runs', ['javascript:1', server]],
    ['an explicit null', [null, server]],
  ])('%s among them is dropped', (_what, authorization_servers) => {
    const metadata = read({ authorization_servers })
    expect(metadata.authorization_servers).toEqual([server])
    expect(codes(metadata)).toEqual([['authorization-server', 'authorization_servers/0']])
  })

  it('one that stands twice is there once', () => {
    expect(read({ authorization_servers: [server, server] }).authorization_servers).toEqual([server])
  })

  it.each<[string, unknown]>([
    ['only odd entries', [7, 'x']],
    ['a text', server],
    ['an object', { a: server }],
    ['a number', 0],
    ['more than there can be', Array(65).fill(server)],
  ])('%s refuse the issuer, which is never taken as its own server', (_what, authorization_servers) => {
    expect(() => read({ authorization_servers })).toThrow(
      expect.objectContaining({ code: 'openid4vc.issuer-metadata.malformed' }),
    )
  })
})

describe('an explicit null is an absent member, in unsigned metadata and offers [F4]', () => {
  it('of metadata, at any depth', () => {
    const nulls = {
      authorization_servers: null,
      nonce_endpoint: null,
      deferred_credential_endpoint: null,
      notification_endpoint: null,
      credential_request_encryption: null,
      credential_response_encryption: null,
      batch_credential_issuance: null,
      display: null,
    }
    const jwt = { ...good.proof_types_supported.jwt, key_attestations_required: null }
    const odd = {
      ...good,
      scope: null,
      doctype: null,
      credential_definition: null,
      credential_signing_alg_values_supported: null,
      proof_types_supported: { jwt, attestation: null },
      credential_metadata: {
        display: [{ name: 'A', locale: null, logo: null, description: null, text_color: null }],
        claims: [{ path: ['a', null, 'b'], mandatory: null, display: null }],
      },
    }
    expect(read(nulls, odd)).toEqual({
      ...document(),
      credential_configurations_supported: {
        good,
        odd: {
          ...good,
          credential_metadata: { display: [{ name: 'A' }], claims: [{ path: ['a', null, 'b'] }] },
        },
      },
      diagnosis: [],
    })
    expect(read({}, { ...good, credential_metadata: null }).credential_configurations_supported.odd).toEqual({
      ...good,
      credential_metadata: undefined,
    })
  })

  it('but what is required is not there', () => {
    expect(() => read({ credential_endpoint: null })).toThrow(/credential_endpoint/)
    expect(() => read({ credential_configurations_supported: null })).toThrow(
      /credential_configurations_supported/,
    )
    expect(read({}, { ...good, format: null }).credential_configurations_supported).toEqual({ good })
  })

  it('of offers', () => {
    const code = { 'pre-authorized_code': 'c', tx_code: null, authorization_server: null, interval: null }
    const grants = { [preAuthorizedCodeGrant]: code, authorization_code: { issuer_state: null } }
    const offer = { credential_issuer: issuer, credential_configuration_ids: ['a'], grants }
    expect(parseCredentialOffer(JSON.stringify(offer))).toEqual({
      ...offer,
      grants: { [preAuthorizedCodeGrant]: { 'pre-authorized_code': 'c' }, authorization_code: {} },
    })
    const described = {
      'pre-authorized_code': 'c',
      tx_code: { input_mode: null, length: null, description: null },
    }
    const other = { ...offer, grants: { [preAuthorizedCodeGrant]: described } }
    expect(parseCredentialOffer(JSON.stringify(other)).grants).toEqual({
      [preAuthorizedCodeGrant]: { 'pre-authorized_code': 'c', tx_code: {} },
    })
    expect(parseCredentialOffer(JSON.stringify({ ...offer, grants: null }))).not.toHaveProperty('grants')
    expect(() => parseCredentialOffer(JSON.stringify({ ...offer, credential_issuer: null }))).toThrow(
      /credential_issuer/,
    )
  })
})

describe('the description of a transaction code [F3]', () => {
  it.each<[string, unknown, string | undefined]>([
    ['a line break', 'a\nb', 'a b'],
    ['what turns the direction', 'a\u202eb', 'a b'],
    ['more than 300 characters', 'x'.repeat(301), 'x'.repeat(300)],
    ['nothing', '', undefined],
    ['a number', 7, undefined],
  ])('with %s refuses no offer', (_what, description, shown) => {
    const grant = { 'pre-authorized_code': 'c', tx_code: { length: 6, description } }
    const grants = { [preAuthorizedCodeGrant]: grant }
    const offer = { credential_issuer: issuer, credential_configuration_ids: ['a'], grants }
    expect(parseCredentialOffer(JSON.stringify(offer)).grants?.[preAuthorizedCodeGrant]?.tx_code).toEqual({
      length: 6,
      ...(shown !== undefined && { description: shown }),
    })
  })
})
