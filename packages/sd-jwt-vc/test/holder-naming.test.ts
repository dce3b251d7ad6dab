import type { JsonObject } from '@ekkasan/core'
import { trustAnyone } from '@ekkasan/core'
import { bareJwk, didJwkUrlOf, didKeyUrlOf } from '@ekkasan/keys'
import { parseSdJwt } from '@ekkasan/sd-jwt'
import { issueSdJwtVc, resolveJwtVcIssuer, sdJwtVc, sdJwtVcHolder, verifySdJwtVc } from '@ekkasan/sd-jwt-vc'
import { describe, expect, it } from 'vitest'
import {
  clock,
  document,
  faultsOf,
  forge,
  holder,
  holderKey,
  iss,
  issuer,
  metadata,
  metadataUrl,
  present,
  stranger,
  vct,
  verifying,
  webOf,
} from './setting.ts'

const cnfOf = (credential: string) => parseSdJwt(credential).jws.payload.cnf
const plain = (cnf: JsonObject | undefined, header: JsonObject = {}) =>
  forge({ iss, vct, ...(cnf && { cnf }) }, header)
const unknownKey = { jwk: { kty: 'AKP', alg: 'ML-DSA-44', pub: 'AA' } }

describe('the form in which the holder’s key is named (OpenID4VCI section 12.2.4)', () => {
  const request = {
    document,
    issuer: iss,
    claims: { name: 'ก', issuing_country: 'TH' },
    validity: { from: clock() },
    id: 'urn:uuid:9a1bb0a4-0000-4000-8000-000000000003',
  }

  it('is jwk alone by default (HAIP section 6.1), and the credential says so [K1]', async () => {
    const format = sdJwtVc({ signer: issuer, clock })
    expect(format.bindingMethods).toEqual(['jwk'])
    const credential = await format.issue({ ...request, holder: holderKey })
    expect(cnfOf(credential as string)).toEqual({ jwk: bareJwk(holderKey.jwk) })
  })

  it.each([
    ['did:jwk', didJwkUrlOf(holderKey.jwk)],
    ['did:key', didKeyUrlOf(holderKey.jwk)],
  ] as const)(
    '%s where it is configured, and then stands in cnf.kid, which our verifier accepts [K1] [K3]',
    async (method, kid) => {
      const format = sdJwtVc({ signer: issuer, clock, bindingMethods: ['jwk', method] })
      expect(format.bindingMethods).toEqual(['jwk', method])
      const credential = (await format.issue({ ...request, holder: { ...holderKey, kid } })) as string
      expect(cnfOf(credential)).toEqual({ kid })
      const { holder: verified } = await verifySdJwtVc(
        await present(credential),
        verifying({ isTrusted: trustAnyone('a test') }),
      )
      expect(verified?.jwk).toEqual(bareJwk(holderKey.jwk))
    },
  )

  it('a kid of another key than the one proven is refused when it is issued [K1]', async () => {
    const wrong = { holderJwk: holderKey.jwk, holderKid: didKeyUrlOf(stranger.key.publicJwk) }
    await expect(
      issueSdJwtVc({ signer: issuer, vct, issuer: iss, claims: { a: 1 }, ...wrong }),
    ).rejects.toThrow(TypeError)
  })
})

describe('a wallet keeps only what names the key that it proved', () => {
  const resolveIssuerKey = resolveJwtVcIssuer({ fetch: webOf({ [metadataUrl]: metadata }), clock })
  const accept = (credential: string) =>
    sdJwtVcHolder({ resolveIssuerKey })
      .accept(credential, { holder: holderKey, issuer: iss, isTrusted: trustAnyone('a test'), clock })
      .then(
        ({ view }) => (view.holderBound ? 'bound' : 'unbound'),
        (error) => error.checks.find(({ outcome }: { outcome: string }) => outcome === 'failed').code,
      )

  it.each<[string, JsonObject]>([
    ['jwk', { jwk: holderKey.jwk as never }],
    ['did:jwk', { kid: didJwkUrlOf(holderKey.jwk) }],
    ['did:key', { kid: didKeyUrlOf(holderKey.jwk) }],
  ])('named by %s [K2]', async (_what, cnf) => {
    expect(await accept(await plain(cnf))).toBe('bound')
  })

  it.each<[string, JsonObject, string]>([
    ['another person’s did:jwk', { kid: didJwkUrlOf(stranger.key.publicJwk) }, 'sd-jwt-vc.holder.other-key'],
    ['another person’s did:key', { kid: didKeyUrlOf(stranger.key.publicJwk) }, 'sd-jwt-vc.holder.other-key'],
    ['jku', { jku: 'https://issuer.example/keys' }, 'sd-jwt-vc.holder.no-key'],
    ['nothing', {}, 'sd-jwt-vc.holder.no-key'],
    ['a did:web', { kid: 'did:web:holder.example#1' }, 'sd-jwt-vc.holder.no-key'],
    ['a key of an unknown kind', unknownKey, 'sd-jwt-vc.holder.no-key'],
  ])('refused where cnf is %s [K2] [F11]', async (_what, cnf, code) => {
    expect(await accept(await plain(cnf))).toBe(code)
  })

  it('one without cnf is not said to be bound [K2]', async () => {
    expect(await accept(await plain(undefined))).toBe('unbound')
  })
})

describe('a kind of key in cnf that is unknown here', () => {
  it('does no harm where no binding is asked, and is never reported as binding [F11]', async () => {
    const { binding: _none, ...options } = verifying()
    const verified = await verifySdJwtVc(await plain(unknownKey), options)
    expect(verified.view.holderBound).toBe(false)
    expect(verified.holder).toBeUndefined()
  })

  it('is refused where binding is asked [F11]', async () => {
    expect(await faultsOf(await present(await plain(unknownKey)))).toContain(
      'holder-signature failed sd-jwt.key-binding.no-key',
    )
  })
})

describe('typ of an SD-JWT VC', () => {
  it.each(['dc+sd-jwt', 'DC+SD-JWT', 'application/dc+sd-jwt'])('%s is it [F10]', async (typ) => {
    const { binding: _none, ...options } = verifying()
    await verifySdJwtVc(await plain(undefined, { typ }), options)
  })

  it.each(['vc+sd-jwt', 'application/vc+sd-jwt'])('%s only by its switch [F10]', async (typ) => {
    const { binding: _none, ...options } = verifying()
    const credential = await plain(undefined, { typ })
    await expect(verifySdJwtVc(credential, options)).rejects.toThrow()
    await verifySdJwtVc(credential, { ...options, acceptVcSdJwt: true })
  })
})

it('the holder’s signature still has to be by the key that kid names [K3]', async () => {
  const credential = await plain({ kid: didKeyUrlOf(stranger.key.publicJwk) })
  expect(holder.key.publicJwk).not.toEqual(stranger.key.publicJwk)
  expect((await faultsOf(await present(credential))).filter((fault) => fault.includes('failed'))).toEqual([
    'holder-signature failed sd-jwt.key-binding.signature',
  ])
})
