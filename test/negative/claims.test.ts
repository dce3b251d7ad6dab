import {
  type Claims,
  ClaimsError,
  createMemoryStore,
  credentialConfiguration,
  type DocumentType,
  requireClaims,
} from '@ekkasan/core'
import { createIssuer } from '@ekkasan/issuer'
import { createDisclosureFrame, issueSdJwt } from '@ekkasan/sd-jwt'
import { issueSdJwtVc } from '@ekkasan/sd-jwt-vc'
import { issueVcCose, issueVcJwt, issueVcSdJwt } from '@ekkasan/vc-jose-cose'
import { describe, expect, it } from 'vitest'
import { postCredential, takeNonce, takeToken, url } from '../../packages/issuer/test/wallet-side.ts'
import {
  card,
  countingStatuses,
  formats,
  good,
  holder,
  keys,
  resolveDid,
  signer,
  unnamedHolder,
} from './record-formats.ts'

const names = Object.keys(formats)

/** Values that no log and no answer may hold. */
const secret = 'ลับมาก-1999900000013'

const undeclared: readonly (readonly [path: string, claims: unknown])[] = [
  ['secret_note', { ...good, secret_note: secret }],
  ['holder.phone', { ...good, holder: { ...good.holder, phone: secret } }],
  ['holder.address.street', { ...good, holder: { address: { street: secret } } }],
  ['vessels.1.owner', { ...good, vessels: [{ reg_no: 'ก1' }, { reg_no: 'ก2', owner: secret }] }],
  ['office.name', { ...good, office: { code: '1', name: secret } }],
  ['office', { ...good, office: secret }],
  ...['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti', 'cnf', 'status', 'vct', 'vct#integrity'].map(
    (name) => [name, { ...good, [name]: secret }] as const,
  ),
  ...['_sd', '_sd_alg', '...', 'constructor', 'toString', 'hasOwnProperty', 'id'].map(
    (name) => [name, { ...good, [name]: [secret] }] as const,
  ),
  ['holder._sd', { ...good, holder: { _sd: [secret] } }],
  ['vessels.0....', { ...good, vessels: [{ '...': secret }] }],
  ['__proto__', JSON.parse(`{"name":"x","__proto__":{"note":"${secret}"}}`)],
  ['holder.__proto__', { ...good, holder: JSON.parse(`{"__proto__":"${secret}"}`) }],
]

const wrong: readonly (readonly [what: string, path: string, claims: unknown])[] = [
  ['a mandatory claim that is missing', 'name', { born: good.born }],
  ['a text that is too short', 'name', { ...good, name: '' }],
  ['a number in place of a text', 'name', { ...good, name: 7 }],
  ['a day that does not exist', 'born', { ...good, born: '1990-02-30' }],
  ['an object in place of a list', 'vessels', { ...good, vessels: {} }],
  ['null in place of a text', 'name', { ...good, name: null }],
  ['a Date', 'born', { ...good, born: new Date() }],
  ['undefined', 'born', { ...good, born: undefined }],
  ['a function', 'born', { ...good, born: () => secret }],
  ['a number that is none', 'born', { ...good, born: Number.NaN }],
  ['bytes', 'born', { ...good, born: new Uint8Array(3) }],
  [
    'an object of a class',
    'holder',
    {
      ...good,
      holder: new (class Holder {
        title = secret
      })(),
    },
  ],
  ['half a surrogate pair', 'name', { ...good, name: '\ud800' }],
]

async function opened(format: string, getClaims: () => unknown) {
  const log: unknown[] = []
  const status = countingStatuses()
  const configuration = credentialConfiguration(card, (formats[format] as () => never)())
  const issuer = createIssuer({
    url,
    names: { en: 'Office' },
    credentials: [configuration],
    store: createMemoryStore(),
    getClaims: async () => getClaims() as never,
    onError: (error) => log.push(error),
    status,
    keys,
    resolveDid,
  })
  const offer = await issuer.createOffer({ credentials: [configuration.id], subject: '1' })
  const signer = configuration.format.bindingMethods.includes('jwk') ? unnamedHolder : holder
  return { issuer, log, status, signer, id: configuration.id, token: await takeToken(issuer, offer) }
}

describe.each(names)('%s: a record that is not what the document declares', (format) => {
  it('is not issued, the wallet is told nothing of it, and the grant stays [B1]', async () => {
    let claims: unknown
    const { issuer, log, status, signer, id, token } = await opened(format, () => ({ claims }))
    for (const [path, record] of undeclared) {
      claims = record
      const nonce = await takeNonce(issuer)
      const answer = await postCredential(issuer, token, { id, signer, nonce })
      expect([path, answer.status]).toEqual([path, 400])
      const body = await answer.text()
      expect(JSON.parse(body)).toEqual({
        error: 'credential_request_denied',
        error_description: 'this credential cannot be issued',
      })
      const error = log.at(-1) as ClaimsError
      expect(error).toBeInstanceOf(ClaimsError)
      expect([error.code, error.path.join('.')]).toEqual(['core.claims.undeclared', path])
      expect(error.message).toContain(path)
      expect(`${error.stack}${body}`).not.toContain(secret)
    }
    expect([log.length, status.given()]).toEqual([undeclared.length, 0])
    expect((await issuer.issuances()).issuances).toEqual([])
    claims = good
    const answer = await postCredential(issuer, token, { id, signer })
    expect(answer.status).toBe(200)
    expect([status.given(), (await issuer.issuances()).issuances.length]).toEqual([1, 1])
  })

  it('is refused before it is signed: what is missing, misshapen, or no JSON [B3]', async () => {
    let claims: unknown
    const { issuer, log, status, signer, id, token } = await opened(format, () => ({ claims }))
    for (const [what, path, record] of wrong) {
      claims = record
      const answer = await postCredential(issuer, token, { id, signer })
      expect([what, (await answer.json()).error]).toEqual([what, 'credential_request_denied'])
      const { message, path: at } = log.at(-1) as ClaimsError
      expect([what, at.join('.')]).toEqual([what, path])
      expect(message).not.toContain(secret)
    }
    expect(status.given()).toBe(0)
    claims = good
    expect((await postCredential(issuer, token, { id, signer })).status).toBe(200)
  })

  it('is refused by the format itself too [B1] [B3]', async () => {
    const plug = (formats[format] as () => ReturnType<(typeof formats)[string]>)()
    const issue = (claims: unknown, more: object = {}) =>
      (async () =>
        plug.issue({
          document: card,
          issuer: url,
          claims: claims as Claims,
          holder: { jwk: holder.key.publicJwk, kid: holder.key.kid as string },
          validity: { from: new Date() },
          id: 'urn:uuid:1',
          ...more,
        }))()
    for (const [, record] of undeclared) await expect(issue(record)).rejects.toBeInstanceOf(ClaimsError)
    for (const [, , record] of wrong) await expect(issue(record)).rejects.toBeInstanceOf(ClaimsError)
    const validity = { from: new Date('2026-11-30T00:00:00Z'), until: new Date('2026-11-29T00:00:00Z') }
    await expect(issue(good, { validity })).rejects.toThrow('`until` is not after `from`')
    await expect(issue(good)).resolves.toBeDefined()
  })
})

describe('validity and type', () => {
  it.each([
    ['before now', new Date(0)],
    ['no date', new Date(Number.NaN)],
  ])('an end %s is denied, and nothing is spent [B3]', async (_what, validUntil) => {
    let end: Date | undefined = validUntil
    const { issuer, signer, id, token } = await opened('dc+sd-jwt', () => ({ claims: good, validUntil: end }))
    const denied = await postCredential(issuer, token, { id, signer })
    expect((await denied.json()).error).toBe('credential_request_denied')
    end = undefined
    expect((await postCredential(issuer, token, { id, signer })).status).toBe(200)
  })

  it('an SD-JWT VC without a type is not signed [B3]', async () => {
    for (const vct of ['', undefined as never]) {
      await expect(issueSdJwtVc({ signer, vct, claims: { name: 'x' } })).rejects.toThrow('`vct` is missing')
    }
    const validity = { from: new Date(2000), until: new Date(1000) }
    await expect(issueSdJwtVc({ signer, vct: 'x', claims: {}, validity })).rejects.toThrow(TypeError)
  })

  it('a value that is no JSON is not signed by the libraries either, and the place is named [B3]', async () => {
    for (const born of [new Date(), undefined, Number.NaN, () => 1, 2 ** 60, '\ud800', new Map()]) {
      const claims = { holder: { born } } as never
      await expect(issueSdJwtVc({ signer, vct: 'x', claims })).rejects.toThrow('holder.born')
      const credential = credentialOf(claims)
      for (const issue of [issueVcJwt, issueVcSdJwt, issueVcCose]) {
        await expect((async () => issue({ signer, credential }))()).rejects.toThrow(
          'credentialSubject.holder.born',
        )
      }
    }
  })
})

const credentialOf = (subject: Claims) => ({
  '@context': ['https://www.w3.org/ns/credentials/v2'],
  type: ['VerifiableCredential'],
  issuer: url,
  credentialSubject: { id: 'did:example:1', ...subject },
})

describe('VC-JOSE-COSE with a document', () => {
  it.each([
    ['vc+jwt', issueVcJwt],
    ['vc+sd-jwt', issueVcSdJwt],
    ['vc+cose', issueVcCose],
  ])('%s says what the document declares and no more [B1]', async (_name, issue) => {
    for (const [, record] of undeclared.filter(([path]) => path !== 'id')) {
      const credential = credentialOf(record as Claims)
      await expect((async () => issue({ signer, credential, document: card }))()).rejects.toThrow()
    }
    const several = { ...credentialOf(good), credentialSubject: [good, { ...good, secret_note: secret }] }
    await expect(
      (async () => issue({ signer, credential: several, document: card }))(),
    ).rejects.toBeInstanceOf(ClaimsError)
    await expect(
      (async () => issue({ signer, credential: credentialOf(good), document: card }))(),
    ).resolves.toBeDefined()
  })
})

describe('what a document may declare', () => {
  const of = (claims: DocumentType['claims'], schema: DocumentType['schema'] = {}): DocumentType => ({
    ...card,
    claims,
    schema,
  })
  const claim = (path: DocumentType['claims'][number]['path']) =>
    ({ path, names: { en: 'x' }, disclosure: 'selective' }) as const
  const plain = formats['dc+sd-jwt'] as () => never

  it.each([
    ['a name misspelt', of([claim(['nane'])], { properties: { name: {} } })],
    ['a name that the schema excludes', of([claim(['nane'])], { additionalProperties: false })],
    ['a part misspelt', of([claim(['holder', 'tittle'])], card.schema)],
    ['a part behind a reference misspelt', of([claim(['holder', 'address', 'ctiy'])], card.schema)],
    ['an item of what is no list', of([claim(['holder', null])], card.schema)],
    ['a part of items misspelt', of([claim(['vessels', null, 'reg'])], card.schema)],
    ['a claim twice', of([claim(['name']), claim(['name'])])],
    ['no path', of([claim([])])],
    ...['iss', 'exp', 'vct', 'status', 'cnf', '_sd', '...'].map(
      (name) => [name, of([claim([name])])] as const,
    ),
    ['a reference that leads nowhere', of([claim(['name'])], { $ref: '#/$defs/none' })],
  ] as const)('%s is refused when it is built [B2]', (_what, document) => {
    expect(() => credentialConfiguration(document, plain())).toThrow(TypeError)
    const configuration = { id: 'x', document, format: plain() }
    const options = {
      url,
      names: { en: 'x' },
      keys,
      store: createMemoryStore(),
      getClaims: async () => undefined,
    }
    expect(() => createIssuer({ ...options, credentials: [configuration] })).toThrow(TypeError)
  })

  it('parts that the schema describes are declared, behind references and in items too [B2]', () => {
    const paths = [['name'], ['holder'], ['holder', 'address', 'city'], ['vessels', null, 'reg_no']]
    const document = of(paths.map(claim), card.schema)
    expect(() => credentialConfiguration(document, plain())).not.toThrow()
    expect(requireClaims(document, { holder: { title: 'x' } })).toEqual({ holder: { title: 'x' } })
  })

  it('the schema decides below a declared claim, and says so where it allows more [B1]', () => {
    const document = (schema: DocumentType['schema']) =>
      of([claim(['meta'])], { properties: { meta: schema } })
    const record = { meta: { a: { b: 1 } } }
    const allows = [
      { additionalProperties: true },
      { additionalProperties: { properties: { b: {} } } },
      { patternProperties: { '^a$': { properties: { b: {} } } } },
      { allOf: [{ properties: { a: { properties: { b: { type: 'number' } } } } }] },
      { oneOf: [{ required: ['z'] }, { properties: { a: { properties: { b: {} } } } }] },
      Object.fromEntries([
        ['if', { required: ['a'] }],
        ['then', { properties: { a: true } }],
      ]),
    ]
    for (const schema of allows) expect(requireClaims(document(schema), record)).toEqual(record)
    const refuses = [
      {},
      { type: 'object' },
      { properties: { a: {} } },
      { properties: { a: { type: 'object' } } },
      { oneOf: [{ required: ['a'] }, { properties: { a: { properties: { b: {} } } }, required: ['z'] }] },
      { properties: { a: { properties: { b: {} } } }, additionalProperties: false, not: {} },
    ]
    for (const schema of refuses) expect(() => requireClaims(document(schema), record)).toThrow(ClaimsError)
  })
})

describe('what a frame names', () => {
  const frameOf = (paths: Parameters<typeof createDisclosureFrame>[0], document?: DocumentType) =>
    createDisclosureFrame(paths, document)

  it('a path that the document does not declare is refused when the frame is made [B2]', () => {
    for (const path of [['nane'], ['holder', 'tittle'], ['vessels', 0, 'reg'], ['office', 'code', 'x']]) {
      for (const kind of ['selective', 'deep', 'plain'] as const) {
        expect(() => frameOf({ [kind]: [path] }, card)).toThrow('declares no claim')
      }
    }
    expect(() =>
      frameOf({ deep: [['name'], ['holder', 'title'], ['vessels', null, 'reg_no']] }, card),
    ).not.toThrow()
  })

  it('a declared claim that a record lacks is fine [B2]', async () => {
    const frame = frameOf({ deep: [['name'], ['born'], ['vessels', null, 'reg_no']] }, card)
    await expect(issueSdJwt({ signer, payload: { name: 'x' }, frame })).resolves.toContain('~')
  })

  it('without a document, a path that matches nothing is refused unless it is optional [B2]', async () => {
    const payload = { name: 'x', list: [1, 2], empty: [] }
    for (const path of [['nane'], ['name', 'first'], ['list', 2], ['list', null, 'a'], ['nothing', null]]) {
      for (const kind of ['selective', 'deep', 'plain'] as const) {
        const frame = frameOf({ [kind]: [path] })
        await expect(issueSdJwt({ signer, payload, frame })).rejects.toThrow(JSON.stringify(path))
        const open = frameOf({ [kind]: [path], optional: [path] })
        await expect(issueSdJwt({ signer, payload, frame: open })).resolves.toBeDefined()
      }
    }
    const met = frameOf({ selective: [['name'], ['list', 1], ['list', null], ['empty', null]] })
    await expect(issueSdJwt({ signer, payload, frame: met })).resolves.toBeDefined()
    expect(() => frameOf({ deep: [['name']], optional: [['nane']] })).toThrow(TypeError)
  })
})

describe('what is always disclosed', () => {
  const always = {
    path: ['issuer_name'],
    names: { en: 'Issuer' },
    disclosure: 'always',
    mandatory: true,
  } as const
  const document = (more: object): DocumentType => ({
    ...card,
    claims: [...card.claims, { ...always, ...more }],
    schema: {},
  })

  it('is refused for an mdoc when the document is built, with the reason, unless it says so itself [B6]', () => {
    const mdoc = (formats.mso_mdoc as () => never)()
    expect(() => credentialConfiguration(document({}), mdoc)).toThrow(/issuer_name.*always disclosed.*mdoc/)
    expect(() => credentialConfiguration(document({ selectiveIn: ['ldp_vc'] }), mdoc)).toThrow(TypeError)
    expect(() => credentialConfiguration(document({ selectiveIn: ['mso_mdoc'] }), mdoc)).not.toThrow()
    const options = {
      url,
      names: { en: 'x' },
      keys,
      store: createMemoryStore(),
      getClaims: async () => undefined,
    }
    const byHand = { id: 'x', document: document({}), format: mdoc }
    expect(() => createIssuer({ ...options, credentials: [byHand] })).toThrow('always disclosed')
  })

  it('takes no selective claim with it in a suite that can conceal [B6]', () => {
    const nested = {
      ...card,
      claims: [...card.claims, { ...always, path: ['vessels', null, 'reg_no'], mandatory: false }],
    }
    const suite = (name: string) => (formats[`ldp_vc ${name}`] as () => never)()
    expect(() => credentialConfiguration(nested, suite('ecdsa-sd-2023'))).toThrow(
      'would take vessels with it',
    )
    expect(() => credentialConfiguration(nested, suite('ecdsa-rdfc-2019'))).not.toThrow()
  })
})
