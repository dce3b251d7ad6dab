import {
  type CredentialConfiguration,
  createGuardedFetch,
  createMemoryStore,
  credentialConfiguration,
  resolveIssuerKeyBy,
  type Signer,
  type StatusAuthority,
  trustAnyone,
  trustOnly,
} from '@ekkasan/core'
import { ldpVc, ldpVcHolder, ldpVcVerifier } from '@ekkasan/data-integrity'
import { createDidResolver, didJwkOf } from '@ekkasan/did'
import { type CreateIssuerOptions, createIssuer } from '@ekkasan/issuer'
import { jwtVc, jwtVcHolder, jwtVcVerifier } from '@ekkasan/jwt-vc'
import { generateJwk, type PrivateJwk, publicJwkOf, signerFromJwk } from '@ekkasan/keys'
import { mdoc, mdocHolder, mdocVerifier } from '@ekkasan/mdoc'
import { resolveJwtVcIssuer, sdJwtVc, sdJwtVcHolder, sdJwtVcVerifier } from '@ekkasan/sd-jwt-vc'
import { createBitstringStatusLists, createStatusChecker, createStatusLists } from '@ekkasan/status'
import { createPostgresStore } from '@ekkasan/store-postgres'
import { createSqliteStore } from '@ekkasan/store-sqlite'
import { createVerifier } from '@ekkasan/verifier'
import { createMemoryHolderKeys, createWallet } from '@ekkasan/wallet'
import {
  createCertificateAuthority,
  createCrlChecker,
  resolveX5c,
  trustAnchors,
  trustIssuerCertificates,
} from '@ekkasan/x509'
import { beforeAll, describe, expect, it } from 'vitest'
import { paperDocument } from '../../packages/issuer/test/paper.ts'

// What somebody hands in wrongly is told when the thing is built, and not at a wallet.

const url = 'https://issuer.example'
let jwk: PrivateJwk
let signer: Signer
let unnamed: Signer
let certified: Signer
let byDid: Signer
let configuration: CredentialConfiguration

beforeAll(async () => {
  jwk = { ...(await generateJwk('ES256')), kid: 'key-1' }
  signer = await signerFromJwk(jwk)
  const { kid: _kid, ...nameless } = jwk
  unnamed = await signerFromJwk(nameless)
  const authority = await createCertificateAuthority({
    signer: await signerFromJwk(await generateJwk('ES256')),
    subject: { commonName: 'Root' },
  })
  const x5c = await authority.issue({ subject: { commonName: 'Issuer' }, publicJwk: publicJwkOf(jwk) })
  certified = await signerFromJwk(jwk, { x5c })
  byDid = await signerFromJwk(jwk, { kid: `${didJwkOf(publicJwkOf(jwk))}#0` })
  configuration = credentialConfiguration(paperDocument, sdJwtVc({ signer }))
})

/** Whatever a program without types can hand in. */
const built = (change: Record<string, unknown> = {}) => {
  const options = {
    url,
    names: { th: 'กรม' },
    credentials: [configuration],
    keys: [publicJwkOf(jwk)],
    store: createMemoryStore(),
    getClaims: async () => ({ claims: {} }),
    ...change,
  }
  return createIssuer(options as CreateIssuerOptions)
}

describe('createIssuer says what was expected and what came [C3]', () => {
  it('is built with what is right', () => {
    expect(() => built()).not.toThrow()
  })

  it.each<[string, () => Record<string, unknown>, string]>([
    ['no store', () => ({ store: undefined }), 'store: expected a Store: createMemoryStore()'],
    ['a Map as store', () => ({ store: new Map() }), 'got an object of Map'],
    ['the function that makes a store', () => ({ store: createMemoryStore }), 'got a function'],
    ['a Promise of a store', () => ({ store: Promise.resolve(createMemoryStore()) }), 'got a Promise'],
    ['no getClaims', () => ({ getClaims: undefined }), 'getClaims: expected a function; got undefined'],
    [
      'claims as getClaims',
      () => ({ getClaims: { name: 'a' } }),
      'getClaims: expected a function; got an object',
    ],
    ['no names', () => ({ names: undefined }), 'names: expected texts by language tag'],
    ['a text as names', () => ({ names: 'Department' }), 'got a text'],
    ['no url', () => ({ url: undefined }), 'url: expected a text; got undefined'],
    ['a URL object', () => ({ url: new URL(url) }), 'url: expected a text; got an object of URL'],
    [
      'a document in place of a configuration',
      () => ({ credentials: [paperDocument] }),
      'credentials[0]: expected a credential configuration: credentialConfiguration(document, format) of @ekkasan/core, or document.as(format); got an object with',
    ],
    ['its id', () => ({ credentials: ['Paper'] }), 'credentials[0]: expected a credential configuration'],
    [
      'one alone',
      () => ({ credentials: configuration }),
      'credentials: expected a list with at least one entry',
    ],
    [
      'a verifier’s format',
      () => ({
        credentials: [
          {
            id: 'a',
            document: paperDocument,
            format: sdJwtVcVerifier({ resolveIssuerKey: async () => Promise.reject() }),
          },
        ],
      }),
      "credentials[0].format: expected the issuer's side of a format",
    ],
    [
      'a misspelt option',
      () => ({ txCodeAttemps: 3 }),
      'unknown member "txCodeAttemps"; did you mean txCodeAttempts?',
    ],
    [
      'an option of another',
      () => ({ formats: [] }),
      'unknown member "formats"; expected one of url, names,',
    ],
    ['a misspelt lifetime', () => ({ lifetimes: { access_token: 60 } }), 'did you mean accessToken?'],
    [
      'a lifetime in a text',
      () => ({ lifetimes: { offer: '300' } }),
      'lifetimes: offer: expected a number of 1 or more seconds; got a text',
    ],
    [
      'half an attempt',
      () => ({ txCodeAttempts: 2.5 }),
      'txCodeAttempts: expected a whole number of 1 to 20',
    ],
    ['null', () => ({ resolveDid: null }), 'resolveDid: expected a function; got null'],
    ['a status as status', () => ({ status: 'valid' }), 'status: expected a StatusAuthority'],
    [
      'another compatibility',
      () => ({ compatibility: 'etda' }),
      'compatibility: expected one of etda-draft-2026',
    ],
    // Keys.
    [
      'no keys',
      () => ({ keys: undefined }),
      'keys: expected the public key of the signer of Paper-sd-jwt-vc-plain with the kid "key-1"; got no key',
    ],
    ['an empty list of keys', () => ({ keys: [] }), 'got no key'],
    [
      'keys without a kid',
      () => ({ keys: [{ ...publicJwkOf(jwk), kid: undefined }] }),
      'got that key with no kid',
    ],
    [
      'another kid',
      () => ({ keys: [{ ...publicJwkOf(jwk), kid: 'key-2' }] }),
      'got that key with the kid "key-2"',
    ],
    ['a private key', () => ({ keys: [jwk] }), 'publicJwkOf of @ekkasan/keys gives a public key'],
    ['a signer', () => ({ keys: [signer] }), 'keys[0]: not an acceptable public JWK'],
    [
      'a key set',
      () => ({ keys: { keys: [publicJwkOf(jwk)] } }),
      'keys: expected a list; got an object with keys',
    ],
    ['one kid twice', () => ({ keys: [publicJwkOf(jwk), publicJwkOf(jwk)] }), 'two keys have one kid'],
  ])('%s', (_what, change, message) => {
    const build = () => built(change())
    expect(build).toThrow(TypeError)
    expect(build).toThrow('createIssuer: ')
    expect(build).toThrow(message)
  })

  it('a key of another signer under the right kid', async () => {
    const other = { ...publicJwkOf(await generateJwk('ES256')), kid: 'key-1' }
    expect(() => built({ keys: [other] })).toThrow(
      /got other keys, with the kid "key-1"; verifiers look for it/,
    )
  })

  it('a signer without a kid beside several keys of its kind', async () => {
    const credentials = [credentialConfiguration(paperDocument, sdJwtVc({ signer: unnamed }))]
    const old = { ...publicJwkOf(await generateJwk('ES256')), kid: 'old' }
    expect(() => built({ credentials })).not.toThrow()
    expect(() => built({ credentials, keys: [publicJwkOf(jwk), old] })).toThrow(
      /to have a kid, as 2 keys are/,
    )
  })

  it('every format and status whose key is looked for under the issuer’s URL is held to it', () => {
    const store = createMemoryStore()
    const keys = [{ ...publicJwkOf(jwk), kid: 'other' }]
    const forms = [
      sdJwtVc({ signer, vcdm: true }),
      jwtVc({ signer }),
      ldpVc({ signer: { ...signer, key: { ...signer.key, kid: `${url}#key-1` } }, issuer: url }),
    ]
    for (const format of forms) {
      const credentials = [credentialConfiguration(paperDocument, format)]
      const change = { credentials, resolveDid: createDidResolver() }
      expect(() => built(change)).not.toThrow()
      expect(() => built({ ...change, keys })).toThrow(
        /with the kid "key-1"; got that key with the kid "other"/,
      )
    }
    const status = createStatusLists({ url: `${url}/lists`, signer, issuer: url, store })
    const credentials = [credentialConfiguration(paperDocument, sdJwtVc({ signer: certified }))]
    expect(() => built({ credentials, status, keys })).toThrow(/the signer of the token status lists/)
    expect(() => built({ credentials, status })).not.toThrow()
  })

  it('no key is asked for where verifiers look for none: a certificate, a DID, another issuer’s URL', () => {
    const type = () => ({ docType: 'paper', elements: [] })
    const forms = [
      sdJwtVc({ signer: certified }),
      mdoc({ signer: certified, type }),
      jwtVc({ signer: byDid, issuer: didJwkOf(publicJwkOf(jwk)) }),
      ldpVc({ signer: byDid }),
      sdJwtVc({ signer, issuer: 'https://other.example' }),
    ]
    for (const format of forms) {
      const credentials = [credentialConfiguration(paperDocument, format)]
      expect(() => built({ credentials, keys: undefined, resolveDid: createDidResolver() })).not.toThrow()
    }
  })
})

describe('an offer says what was expected and what came [C3]', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['no subject', { subject: undefined }, 'subject: expected a text of 1 to 256 characters; got undefined'],
    [
      'a number as subject',
      { subject: 1999900000013 },
      'subject: expected a text of 1 to 256 characters; got the number',
    ],
    [
      'an empty subject',
      { subject: '' },
      'subject: expected a text of 1 to 256 characters; got an empty text',
    ],
    ['no credentials', { credentials: undefined }, 'credentials: expected a list with at least one entry'],
    [
      'one credential',
      { credentials: 'Paper-sd-jwt-vc-plain' },
      'credentials: expected a list with at least one entry; got a text',
    ],
    [
      'an unknown one',
      { credentials: ['Paper'] },
      'credentials: no credential configuration Paper; expected one of Paper-sd-jwt-vc-plain',
    ],
    ['a misspelt transaction code', { tx_code: true }, 'unknown member "tx_code"; did you mean txCode?'],
    ['a transaction code in a text', { txCode: 'true' }, 'txCode: expected true or false; got a text'],
  ])('%s', async (_what, change, message) => {
    const offer = { credentials: ['Paper-sd-jwt-vc-plain'], subject: 'one', ...change }
    const made = built().createOffer(offer as never)
    await expect(made).rejects.toThrow(TypeError)
    await expect(built().createOffer(offer as never)).rejects.toThrow(`createOffer: ${message}`)
  })
})

const resolveIssuerKey = async () => Promise.reject(new Error('not asked'))
const resolveDid = createDidResolver()
const store = createMemoryStore()
const isTrusted = trustAnyone('a test')

/** name -> how it is built, with options that are right; each one that is needed is then left out and spoilt. */
const builders: Readonly<
  Record<string, { right(): Record<string, unknown>; build(options: never): unknown; needs: string[] }>
> = {
  sdJwtVc: { right: () => ({ signer }), build: sdJwtVc, needs: ['signer'] },
  sdJwtVcVerifier: {
    right: () => ({ resolveIssuerKey }),
    build: sdJwtVcVerifier,
    needs: ['resolveIssuerKey'],
  },
  sdJwtVcHolder: { right: () => ({ resolveIssuerKey }), build: sdJwtVcHolder, needs: ['resolveIssuerKey'] },
  jwtVc: { right: () => ({ signer }), build: jwtVc, needs: ['signer'] },
  jwtVcVerifier: {
    right: () => ({ resolveIssuerKey, resolveDid }),
    build: jwtVcVerifier,
    needs: ['resolveIssuerKey', 'resolveDid'],
  },
  jwtVcHolder: { right: () => ({ resolveIssuerKey }), build: jwtVcHolder, needs: ['resolveIssuerKey'] },
  ldpVc: { right: () => ({ signer: byDid }), build: ldpVc, needs: ['signer'] },
  ldpVcVerifier: {
    right: () => ({ resolveIssuerKey, resolveDid }),
    build: ldpVcVerifier,
    needs: ['resolveIssuerKey', 'resolveDid'],
  },
  ldpVcHolder: { right: () => ({ resolveIssuerKey }), build: ldpVcHolder, needs: ['resolveIssuerKey'] },
  mdoc: {
    right: () => ({ signer: certified, type: () => ({ docType: 'paper', elements: [] }) }),
    build: mdoc,
    needs: ['signer', 'type'],
  },
  mdocVerifier: { right: () => ({ resolveIssuerKey }), build: mdocVerifier, needs: ['resolveIssuerKey'] },
  mdocHolder: { right: () => ({ resolveIssuerKey }), build: mdocHolder, needs: ['resolveIssuerKey'] },
  createVerifier: {
    right: () => ({
      url: 'https://verifier.example',
      names: { en: 'Verifier' },
      identity: { prefix: 'x509_hash', signer: certified },
      formats: [sdJwtVcVerifier({ resolveIssuerKey })],
      store,
      isTrusted,
    }),
    build: createVerifier,
    needs: ['url', 'names', 'identity', 'formats', 'store', 'isTrusted'],
  },
  createWallet: {
    right: () => ({
      formats: [sdJwtVcHolder({ resolveIssuerKey })],
      keys: createMemoryHolderKeys(),
      store,
      isTrusted,
    }),
    build: createWallet,
    needs: ['formats', 'keys', 'store', 'isTrusted'],
  },
  createStatusLists: {
    right: () => ({ url: `${url}/lists`, signer, store }),
    build: createStatusLists,
    needs: ['url', 'signer', 'store'],
  },
  createBitstringStatusLists: {
    right: () => ({ url: `${url}/lists`, issuer: url, issueCredential: async () => ({}), store }),
    build: createBitstringStatusLists,
    needs: ['url', 'issuer', 'issueCredential', 'store'],
  },
  createStatusChecker: {
    right: () => ({ fetch: createGuardedFetch(), isTrusted }),
    build: createStatusChecker,
    needs: ['fetch', 'isTrusted'],
  },
  createSqliteStore: { right: () => ({ file: '' }), build: createSqliteStore, needs: ['file'] },
  resolveJwtVcIssuer: {
    right: () => ({ fetch: createGuardedFetch() }),
    build: resolveJwtVcIssuer,
    needs: ['fetch'],
  },
  resolveX5c: { right: () => ({ anchors: trustAnchors([]) }), build: resolveX5c, needs: ['anchors'] },
  createCrlChecker: {
    right: () => ({ fetch: createGuardedFetch() }),
    build: createCrlChecker,
    needs: ['fetch'],
  },
}

describe.each(Object.entries(builders))(
  '%s says what was expected and what came [C3]',
  (name, { right, build, needs }) => {
    const call = (options: unknown) => () => build(options as never)

    it('is built with what is right', () => {
      if (name !== 'createSqliteStore') expect(call(right())).not.toThrow()
    })

    it.each(needs)('without %s, or with something else in its place', (option) => {
      for (const came of [undefined, null, 17]) {
        expect(call({ ...right(), [option]: came })).toThrow(TypeError)
        expect(call({ ...right(), [option]: came })).toThrow(
          new RegExp(`^${name}: ${option}: expected .*; got `),
        )
      }
    })

    it('with a misspelt option', () => {
      const first = needs[0] as string
      expect(call({ ...right(), [`${first}s`]: 1 })).toThrow(
        new TypeError(`${name}: unknown member "${first}s"; did you mean ${first}?`),
      )
    })

    it('with nothing, and with a list', () => {
      expect(call(undefined)).toThrow(`${name}: expected an object of options; got undefined`)
      expect(call([])).toThrow(`${name}: expected an object of options; got an empty list`)
    })
  },
)

describe('a JWK, or a Promise, in place of a signer [C3]', () => {
  it.each(['sdJwtVc', 'jwtVc', 'ldpVc', 'mdoc', 'createStatusLists'])('%s', (name) => {
    const { right, build } = builders[name] as (typeof builders)[string]
    const withSigner = (other: unknown) => () => build({ ...right(), signer: other } as never)
    const expected = `${name}: signer: expected a Signer: { alg, key: { publicJwk, kid?, x5c? }, sign }; got`
    expect(withSigner(jwk)).toThrow(`${expected} an object with kty`)
    expect(withSigner(jwk)).toThrow('await signerFromJwk(jwk) of @ekkasan/keys makes one of a JWK')
    expect(withSigner(signerFromJwk(jwk))).toThrow(`${expected} a Promise; await it`)
    expect(withSigner(jwk)).not.toThrow(jwk.d)
  })

  it('the identity of a verifier, and a certificate authority', async () => {
    const { right, build } = builders.createVerifier as (typeof builders)[string]
    const identity = { prefix: 'x509_hash', signer: jwk }
    expect(() => build({ ...right(), identity } as never)).toThrow(
      'createVerifier: identity.signer: expected a Signer',
    )
    const other = { prefix: 'x509', signer }
    expect(() => build({ ...right(), identity: other } as never)).toThrow(
      'identity.prefix: expected one of x509_hash',
    )
    const made = createCertificateAuthority({ signer: jwk, subject: {} } as never)
    await expect(made).rejects.toThrow('createCertificateAuthority: signer: expected a Signer')
  })
})

describe('entries of lists of trust [C3]', () => {
  it('a misspelt `types` would trust for all of them', () => {
    const party = { role: 'credential-issuer', id: url, type: ['Paper'] }
    expect(() => trustOnly([party as never])).toThrow(
      'trustOnly[0]: unknown member "type"; did you mean types?',
    )
    expect(() => trustOnly([{ role: 'issuer', id: url } as never])).toThrow(
      'trustOnly[0]: role: expected one of',
    )
    expect(() => trustOnly([url as never])).toThrow('trustOnly[0]: expected an object of options; got a text')
    const anchor = { role: 'credential-issuer', certificate: 'a', type: ['Paper'] }
    expect(() => trustAnchors([anchor as never])).toThrow('trustAnchors[0]: unknown member "type"')
  })

  it('a misspelt means to find keys, or limit of a fetch', () => {
    expect(() => resolveIssuerKeyBy({ http: resolveIssuerKey } as never)).toThrow('did you mean https?')
    expect(() => createGuardedFetch({ allowedHosts: ['127.0.0.1'] } as never)).toThrow(
      'did you mean allowHosts?',
    )
    expect(() => createGuardedFetch({ allowHosts: '127.0.0.1' } as never)).toThrow(
      'expected a list; got a text',
    )
    expect(() => createMemoryStore({ clocks: () => new Date() } as never)).toThrow('did you mean clock?')
    expect(() => createDidResolver({ fetchs: fetch } as never)).toThrow('did you mean fetch?')
  })

  it('a misspelt option of the PostgreSQL store', async () => {
    await expect(createPostgresStore({ connectionstring: 'postgresql://a' } as never)).rejects.toThrow(
      'createPostgresStore: unknown member "connectionstring"; did you mean connectionString?',
    )
  })
})

it('a format that is not called, in place of a format [C3]', () => {
  expect(() => credentialConfiguration(paperDocument, sdJwtVc as never)).toThrow(
    "credentialConfiguration: format: expected the issuer's side of a format, as sdJwtVc({ signer }) makes it; got a function",
  )
  const status: Partial<StatusAuthority> = { kind: 'token' }
  expect(() => built({ status })).toThrow('createIssuer: status: expected a StatusAuthority')
  expect(trustIssuerCertificates).toBeTypeOf('function')
})
