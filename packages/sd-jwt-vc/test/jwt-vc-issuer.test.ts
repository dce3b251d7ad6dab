import { FetchError } from '@ekkasan/core'
import { generateJwk, publicJwkOf } from '@ekkasan/keys'
import { jwtVcIssuerUrl, resolveJwtVcIssuer } from '@ekkasan/sd-jwt-vc'
import { describe, expect, it } from 'vitest'
import { iss, metadata, metadataUrl, webOf } from './setting.ts'

const key = metadata.jwks.keys[0]
const newKey = { ...publicJwkOf(await generateJwk('ES256')), kid: 'key-2' }
const question = { iss, kid: 'key-1', alg: 'ES256' }

function at(seconds: { now: number }) {
  return () => new Date(seconds.now * 1000)
}

describe('JWT VC Issuer Metadata (SD-JWT VC section 3)', () => {
  it.each([
    ['https://example.com', 'https://example.com/.well-known/jwt-vc-issuer'],
    ['https://example.com/', 'https://example.com/.well-known/jwt-vc-issuer'],
    ['https://example.com/tenant/1234', 'https://example.com/.well-known/jwt-vc-issuer/tenant/1234'],
    ['https://example.com:8443/a/', 'https://example.com:8443/.well-known/jwt-vc-issuer/a'],
  ])('stands between host and path of %s, without a slash at its end (3.1) [F13]', (issuer, url) =>
    expect(jwtVcIssuerUrl(issuer)).toBe(url),
  )

  it.each([
    'http://example.com',
    'https://example.com?a',
    'https://example.com#a',
    'did:web:x',
    'https://u@x',
    'x',
  ])('is not looked for at %s', async (issuer) => {
    const fetch = webOf({})
    await expect(resolveJwtVcIssuer({ fetch })({ ...question, iss: issuer })).rejects.toMatchObject({
      code: 'core.resolve.invalid',
    })
    expect(fetch.asked).toEqual([])
  })

  it('of an iss with a slash at its end is looked for without it, and names the iss character by character [F13]', async () => {
    const slashed = `${iss}/`
    const right = webOf({ [metadataUrl]: { ...metadata, issuer: slashed } })
    const found = await resolveJwtVcIssuer({ fetch: right })({ ...question, iss: slashed })
    expect(found.identity).toEqual({ id: slashed, method: 'jwt-vc-issuer' })
    expect(right.asked).toEqual([metadataUrl])
    const wrong = webOf({ [metadataUrl]: metadata })
    await expect(resolveJwtVcIssuer({ fetch: wrong })({ ...question, iss: slashed })).rejects.toMatchObject({
      code: 'core.resolve.invalid',
    })
  })

  it('with an explicit null has that member not at all [F4]', async () => {
    const fetch = webOf({ [metadataUrl]: { ...metadata, jwks_uri: null } })
    expect((await resolveJwtVcIssuer({ fetch })(question)).jwk).toEqual(key)
    const none = webOf({ [metadataUrl]: { ...metadata, jwks: null, jwks_uri: null } })
    await expect(resolveJwtVcIssuer({ fetch: none })(question)).rejects.toMatchObject({
      code: 'core.resolve.invalid',
    })
  })

  it('gives the same key object while it is cached, and asks again after', async () => {
    const time = { now: 0 }
    const fetch = webOf({ [metadataUrl]: metadata })
    const resolve = resolveJwtVcIssuer({ fetch, clock: at(time), maxAge: 100 })
    const first = await resolve(question)
    expect(first).toEqual({ jwk: key, identity: { id: iss, method: 'jwt-vc-issuer' } })
    time.now = 99
    expect((await resolve(question)).jwk).toBe(first.jwk)
    expect(fetch.asked).toHaveLength(1)
    time.now = 100
    await resolve(question)
    expect(fetch.asked).toHaveLength(2)
  })

  it('asks once for all who ask at the same time, at first and when what is kept is too old', async () => {
    const time = { now: 0 }
    const fetch = webOf({ [metadataUrl]: metadata })
    const resolve = resolveJwtVcIssuer({ fetch, clock: at(time), maxAge: 100, minRefresh: 10 })
    const all = (kid: string) =>
      Promise.allSettled(Array.from({ length: 20 }, () => resolve({ ...question, kid })))
    await all('key-1')
    expect(fetch.asked).toHaveLength(1)
    time.now = 10
    await all('key-of-nobody')
    expect(fetch.asked).toHaveLength(2)
    time.now = 110
    await all('key-1')
    expect(fetch.asked).toHaveLength(3)
  })

  it.each([
    ['core.fetch.address-refused', 'core.resolve.invalid'],
    ['core.fetch.redirect-refused', 'core.resolve.invalid'],
    ['core.fetch.body-refused', 'core.resolve.invalid'],
    ['core.fetch.timeout', 'core.resolve.unavailable'],
    ['core.fetch.failed', 'core.resolve.unavailable'],
  ] as const)('after %s is %s: refused for good, or merely unknown', async (refusal, code) => {
    const fetch = webOf({ [metadataUrl]: new FetchError(refusal, 'x') })
    await expect(resolveJwtVcIssuer({ fetch })(question)).rejects.toMatchObject({ code })
  })

  it('keeps no more keys of an issuer than an honest one has', async () => {
    const keys = (length: number) => ({
      [metadataUrl]: { issuer: iss, jwks: { keys: [key, ...Array.from({ length }, () => newKey)] } },
    })
    expect((await resolveJwtVcIssuer({ fetch: webOf(keys(63)) })(question)).jwk).toEqual(key)
    await expect(resolveJwtVcIssuer({ fetch: webOf(keys(64)) })(question)).rejects.toMatchObject({
      code: 'core.resolve.invalid',
    })
  })

  it('finds a new key at once, and asks no oftener than it may for one that nobody has', async () => {
    const time = { now: 0 }
    const documents: Record<string, unknown> = { [metadataUrl]: metadata }
    const fetch = webOf(documents)
    const resolve = resolveJwtVcIssuer({ fetch, clock: at(time), minRefresh: 10 })
    await resolve(question)
    documents[metadataUrl] = { issuer: iss, jwks: { keys: [newKey, key] } }
    time.now = 10
    expect((await resolve({ ...question, kid: 'key-2' })).jwk.kid).toBe('key-2')
    expect((await resolve(question)).jwk.kid).toBe('key-1')
    for (let i = 0; i < 5; i++) {
      await expect(resolve({ ...question, kid: `guess-${i}` })).rejects.toMatchObject({
        code: 'core.resolve.not-found',
      })
    }
    expect(fetch.asked).toHaveLength(2)
  })

  it('refuses a retired key when its cache has ended', async () => {
    const time = { now: 0 }
    const documents: Record<string, unknown> = { [metadataUrl]: metadata }
    const resolve = resolveJwtVcIssuer({ fetch: webOf(documents), clock: at(time), maxAge: 60 })
    await resolve(question)
    documents[metadataUrl] = { issuer: iss, jwks: { keys: [newKey] } }
    time.now = 61
    await expect(resolve(question)).rejects.toMatchObject({ code: 'core.resolve.not-found' })
  })

  it('follows jwks_uri', async () => {
    const fetch = webOf({
      [metadataUrl]: { issuer: iss, jwks_uri: 'https://k.example/j' },
      'https://k.example/j': metadata.jwks,
    })
    expect((await resolveJwtVcIssuer({ fetch })(question)).jwk).toEqual(key)
  })

  it.each([
    ['is of another issuer', { ...metadata, issuer: `${iss}/` }],
    ['has jwks and jwks_uri', { ...metadata, jwks_uri: 'https://k.example/j' }],
    ['has neither', { issuer: iss }],
    ['has a jwks_uri that is not https', { issuer: iss, jwks_uri: 'http://k.example/j' }],
    ['has keys that are no list', { issuer: iss, jwks: { keys: {} } }],
    ['is not JSON', '<html>'],
    ['names a member twice', '{"issuer":"a","issuer":"b"}'],
  ])('is refused when it %s', async (_what, document) => {
    await expect(
      resolveJwtVcIssuer({ fetch: webOf({ [metadataUrl]: document }) })(question),
    ).rejects.toMatchObject({
      code: 'core.resolve.invalid',
    })
  })

  it('does not remember that the issuer did not answer', async () => {
    const documents: Record<string, unknown> = { [metadataUrl]: new TypeError('down') }
    const resolve = resolveJwtVcIssuer({ fetch: webOf(documents) })
    await expect(resolve(question)).rejects.toMatchObject({ code: 'core.resolve.unavailable' })
    documents[metadataUrl] = metadata
    expect((await resolve(question)).jwk).toEqual(key)
  })

  it.each([
    ['private', { ...key, d: 'AAAA' }],
    ['for encryption', { ...key, use: 'enc' }],
    ['for another algorithm', { ...key, alg: 'ES384' }],
  ])('does not use a key that is %s', async (_what, jwk) => {
    const fetch = webOf({ [metadataUrl]: { issuer: iss, jwks: { keys: [jwk] } } })
    await expect(resolveJwtVcIssuer({ fetch })(question)).rejects.toMatchObject({
      code: 'core.resolve.not-found',
    })
  })

  it('takes the URL of the issuer with a kid as its fragment for the kid, as Data Integrity names keys', async () => {
    const resolve = resolveJwtVcIssuer({ fetch: webOf({ [metadataUrl]: metadata }) })
    expect((await resolve({ ...question, kid: `${iss}#key-1` })).jwk.kid).toBe('key-1')
    await expect(resolve({ ...question, kid: 'https://other.example#key-1' })).rejects.toMatchObject({
      code: 'core.resolve.not-found',
    })
  })

  it('without a kid uses the only key that fits, and does not guess among several', async () => {
    const { kid: _kid, ...unnamed } = question
    const one = resolveJwtVcIssuer({ fetch: webOf({ [metadataUrl]: metadata }) })
    expect((await one(unnamed)).jwk).toEqual(key)
    const two = resolveJwtVcIssuer({
      fetch: webOf({ [metadataUrl]: { issuer: iss, jwks: { keys: [key, newKey] } } }),
    })
    await expect(two(unnamed)).rejects.toMatchObject({ code: 'core.resolve.not-found' })
  })
})
