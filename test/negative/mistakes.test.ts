import { createGuardedFetch, createMemoryStore, ignoreStatus, trustAnyone, trustOnly } from '@ekkasan/core'
import { createIssuer } from '@ekkasan/issuer'
import { generateJwk, publicJwkOf, signerFromJwk } from '@ekkasan/keys'
import { createDisclosureFrame } from '@ekkasan/sd-jwt'
import { issueSdJwtVc, resolveJwtVcIssuer, sdJwtVc, sdJwtVcHolder, verifySdJwtVc } from '@ekkasan/sd-jwt-vc'
import { createSqliteStore } from '@ekkasan/store-sqlite'
import { nationalIdClaims, thaiNationalId } from '@ekkasan/thai'
import { createVerifier } from '@ekkasan/verifier'
import { createMemoryHolderKeys, createWallet, requireReceived } from '@ekkasan/wallet'
import { describe, expect, it } from 'vitest'

// What a developer's first program gets wrong: each is told where, what was expected, what came and what to do. What comes
// in is typed as little as plain JavaScript is.

const url = 'https://issuer.example'
const jwk = { ...(await generateJwk('ES256')), kid: 'key-1' }
const signer = await signerFromJwk(jwk)
const holder = await signerFromJwk(await generateJwk('ES256'))
const credential = thaiNationalId.as(sdJwtVc({ signer }))
const person = {
  pid: '1999900000013',
  firstName: 'สมมุติ',
  genderCode: 1,
  dateOfBirth: '25330115',
  nationalityCode: '099',
}
const claims = nationalIdClaims(
  { person, card: { issueDate: '25670501', expireDate: '25750114' } },
  new Date(),
)

const loose = (run: (...given: never[]) => unknown) => run as (...given: unknown[]) => unknown

/** The error, also of what throws before it gives a promise. */
async function told(run: () => unknown): Promise<unknown> {
  try {
    await run()
  } catch (error) {
    return error
  }
  throw new Error('it was accepted')
}

const issuerOptions = (change: Record<string, unknown> = {}) => ({
  url,
  names: { th: 'กรม' },
  credentials: [credential],
  keys: [publicJwkOf(jwk)],
  store: createMemoryStore(),
  getClaims: async () => ({ claims }),
  ...change,
})

const walletAt = (fetch: typeof globalThis.fetch) =>
  createWallet({
    formats: [
      sdJwtVcHolder({
        resolveIssuerKey: async () => ({
          jwk: publicJwkOf(jwk),
          identity: { id: url, method: 'jwt-vc-issuer' },
        }),
      }),
    ],
    keys: createMemoryHolderKeys(),
    store: createMemoryStore(),
    isTrusted: trustOnly([{ role: 'credential-issuer', id: url }]),
    fetch,
  })

describe('what getClaims returned is held to its shape before anything is signed', () => {
  it.each<[string, unknown, string]>([
    [
      'a misspelt validUntil, which would issue a credential without an end',
      { claims, validUntill: new Date('2099-01-01') },
      'unknown member "validUntill"; did you mean validUntil?',
    ],
    ['the claims themselves', claims, 'unknown member "citizen_id"; expected one of claims, validUntil'],
    ['a text as validUntil', { claims, validUntil: '2099-01-01' }, 'validUntil: expected a Date; got a text'],
    [
      'a Date that is no time',
      { claims, validUntil: new Date('x') },
      'validUntil: expected a Date; got an object of Date',
    ],
  ])('%s', async (_what, answer, message) => {
    const errors: unknown[] = []
    const onError = (error: unknown) => errors.push(error)
    const issuer = createIssuer(issuerOptions({ getClaims: async () => answer, onError }) as never)
    const wallet = walletAt(async (input, init) => issuer.fetch(new Request(input, init)))
    const { uriByReference } = await issuer.createOffer({ credentials: [credential.id], subject: 'p' })
    const outcomes = await wallet.receive(await wallet.readOffer(uriByReference))
    expect(outcomes).toMatchObject([
      { outcome: 'failed', error: { issuerError: 'credential_request_denied' } },
    ])
    expect(errors).toEqual([expect.any(TypeError)])
    expect(String(errors[0])).toContain(`getClaims: ${message}`)
    expect(String(errors[0])).not.toMatch(/1999900000013|สมมุติ|2099/)
    expect(await issuer.issuances()).toEqual({ issuances: [] })
  })
})

describe('SD-JWT VC alone: an option that is not one', () => {
  const issued = (change: Record<string, unknown>) =>
    loose(issueSdJwtVc)({
      signer,
      vct: `${url}/card`,
      issuer: url,
      claims: { name: 'สมมุติ' },
      frame: createDisclosureFrame({ selective: [['name']] }),
      holderJwk: holder.key.publicJwk,
      ...change,
    })

  it.each<[string, () => unknown, string]>([
    [
      'a misspelt holderJwk would bind the credential to nobody',
      () => issued({ holderJwk: undefined, holderJWK: holder.key.publicJwk }),
      'issueSdJwtVc: unknown member "holderJWK"; did you mean holderJwk?',
    ],
    [
      'a list of names as frame',
      () => issued({ frame: ['name'] }),
      'frame: expected a disclosure frame: createDisclosureFrame(',
    ],
    [
      'a signer that was not awaited',
      () => issued({ signer: signerFromJwk(jwk) }),
      'signer: expected a Signer: { alg, key: { publicJwk, kid?, x5c? }, sign }; got a Promise; await it',
    ],
    [
      'a misspelt list of paths would hide nothing',
      () => loose(createDisclosureFrame)({ selectiv: [['name']] }),
      'createDisclosureFrame: unknown member "selectiv"; did you mean selective?',
    ],
    [
      'names in place of paths',
      () => loose(createDisclosureFrame)({ selective: ['name'] }),
      'selective[0]: expected a claim path; got a text',
    ],
    [
      'a misspelt binding would ask for no holder',
      () =>
        loose(verifySdJwtVc)('a.b.c~', {
          resolveIssuerKey: async () => undefined,
          isTrusted: trustOnly([]),
          bindings: { clientId: 'v', nonce: 'n' },
        }),
      'verifySdJwtVc: unknown member "bindings"; did you mean binding?',
    ],
    [
      'no isTrusted',
      () => loose(verifySdJwtVc)('a.b.c~', { resolveIssuerKey: async () => undefined }),
      'isTrusted: expected a function: nobody is trusted by default (trustOnly, trustAnyone); got undefined',
    ],
  ])('%s', async (_what, run, message) => {
    const error = await told(run)
    expect(error).toBeInstanceOf(TypeError)
    expect(String(error)).toContain(message)
    expect(String(error)).not.toContain('สมมุติ')
  })

  it('what is right is issued, and what isTrusted answers is held to its shape', async () => {
    const presentation = (await issued({})) as string
    const verified = (isTrusted: unknown) =>
      loose(verifySdJwtVc)(presentation, {
        resolveIssuerKey: async () => ({
          jwk: publicJwkOf(jwk),
          identity: { id: url, method: 'jwt-vc-issuer' },
        }),
        isTrusted,
      })
    await expect(verified(trustAnyone('a test'))).resolves.toMatchObject({ claims: { name: 'สมมุติ' } })
    expect(String(await told(() => verified(async () => true)))).toBe(
      "TypeError: what isTrusted answered: expected { trusted: true }, or { trusted: false or 'unknown', code }; got the boolean true",
    )
  })
})

describe('what is handed in at first', () => {
  const wallet = () => walletAt(async () => new Response(null, { status: 404 }))

  it.each<[string, () => unknown, string]>([
    [
      'a JWK that was not awaited',
      () => signerFromJwk(generateJwk('ES256') as never),
      'it is a Promise; await it',
    ],
    [
      'the same, for its public half',
      () => loose(publicJwkOf)(generateJwk('ES256')),
      'it is a Promise; await it',
    ],
    [
      'an offer that was not awaited',
      () => loose(wallet().receive)(Promise.resolve()),
      'receive: expected what readOffer of this wallet resolved to; got a Promise; await it',
    ],
    [
      'outcomes that were not awaited',
      () => loose(requireReceived)(Promise.resolve([])),
      'requireReceived: expected what receive resolved to; got a Promise; await it',
    ],
    [
      'an offer that is no text',
      () => loose(wallet().readOffer)({}),
      'readOffer: expected a text; got an object',
    ],
    [
      'no reason for trusting everyone',
      () => loose(trustAnyone)(),
      'trustAnyone: expected a reason, which reports repeat; got undefined',
    ],
    [
      'no reason for looking up no status',
      () => loose(ignoreStatus)(),
      'ignoreStatus: expected a reason, which reports repeat; got undefined',
    ],
    [
      'a URL among hosts, which would allow nothing',
      () => createGuardedFetch({ allowHosts: ['http://127.0.0.1:8080'] }),
      "allowHosts[0]: expected a host as 'name', 'name:port' or 'name:*'",
    ],
    [
      'a misspelt subject, which would list everybody’s',
      () => loose(createIssuer(issuerOptions()).issuances)({ subjekt: 'p' }),
      'issuances: unknown member "subjekt"; did you mean subject?',
    ],
    [
      'one id twice',
      () => createIssuer(issuerOptions({ credentials: [credential, credential] })),
      `got ${credential.id} twice`,
    ],
    [
      'http of a host elsewhere',
      () => createIssuer(issuerOptions({ url: 'http://issuer.example/a' })),
      'createIssuer: url: expected an https URL without query, fragment and credentials; got http://issuer.example; http is for this machine alone',
    ],
    [
      'no scheme',
      () => createIssuer(issuerOptions({ url: 'issuer.example' })),
      'got a text that is no absolute URL; write it with its scheme, https://…',
    ],
    [
      'another spelling of the URL',
      () => createIssuer(issuerOptions({ url: 'https://Issuer.Example' })),
      'createIssuer: url: expected https://issuer.example; got another spelling of it',
    ],
    [
      'credentials in the URL of a verifier',
      () => loose(createVerifier)(verifierOptions('https://user:secret@verifier.example/a')),
      'createVerifier: url: expected an https URL without query, fragment and credentials; got one with credentials',
    ],
    [
      'a query in it',
      () => loose(createVerifier)(verifierOptions('https://verifier.example/a?key=secret')),
      'got one with a query',
    ],
    [
      'another scheme',
      () => loose(createVerifier)(verifierOptions('ftp://verifier.example')),
      'got the scheme ftp:',
    ],
  ])('%s', async (_what, run, message) => {
    const error = await told(run)
    expect(String(error)).toContain(message)
    expect(String(error)).not.toMatch(/secret/)
  })

  const verifierOptions = (of: string) => ({
    url: of,
    names: { th: 'กรม' },
    identity: { prefix: 'x509_hash', signer },
    formats: [{ format: 'x', metadata: {}, verify: async () => undefined }],
    store: createMemoryStore(),
    isTrusted: trustOnly([]),
  })

  it('a folder that is not there has the code of the store', async () => {
    expect(await told(() => createSqliteStore({ file: '/not-there/issuer.db' }))).toMatchObject({
      code: 'store-sqlite.failed',
      message: expect.stringContaining('its folder is not there: make it first'),
    })
  })

  it('keys of an issuer by http are told by what allows them', async () => {
    const resolve = resolveJwtVcIssuer({ fetch: async () => new Response(null, { status: 404 }) })
    expect(await told(() => resolve({ iss: 'http://127.0.0.1:1', alg: 'ES256' }))).toMatchObject({
      code: 'core.resolve.invalid',
      message: expect.stringContaining('allowHttp'),
    })
  })
})
