import { EkkasanError, type JsonObject } from '@ekkasan/core'
import { resolveJwtVcIssuer, resolveTypeMetadata } from '@ekkasan/sd-jwt-vc'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { faultsOf, forge, iss, metadataUrl, vct, webOf } from './setting.ts'

const any = fc.jsonValue()

async function refusedAsOwn(asking: Promise<unknown>): Promise<void> {
  const error = await asking.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error !== undefined) expect(error).toBeInstanceOf(EkkasanError)
}

it('any text and any payload is answered with a report, never with another error', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.string(), any), async (text) => {
      expect((await faultsOf(text))[0]).toMatch(/^structure failed /)
    }),
  )
  const names = ['iss', 'vct', 'vct#integrity', 'nbf', 'exp', 'sub', 'cnf', 'status', 'aka_vcts']
  const body = ['@context', 'type', 'issuer', 'validFrom', 'validUntil', 'credentialSubject', 'id', 'jti']
  const payloads = fc.dictionary(fc.constantFrom(...names, ...body), any)
  await fc.assert(
    fc.asyncProperty(payloads, async (payload) => {
      const made = await forge({ iss, vct, ...(payload as JsonObject) })
      expect((await faultsOf(made)).length).toBeGreaterThan(0)
    }),
  )
})

it('any type metadata is read or refused, never with another error', async () => {
  const claim = fc.dictionary(fc.constantFrom('path', 'sd', 'mandatory', 'display', 'svg_id'), any)
  const documents = fc.record(
    {
      vct: fc.constant(vct),
      extends: any,
      'extends#integrity': any,
      display: any,
      claims: fc.oneof(any, fc.array(claim)),
    },
    { requiredKeys: ['vct'] },
  )
  await fc.assert(
    fc.asyncProperty(fc.oneof(any, documents), fc.option(fc.string()), async (document, integrity) => {
      const fetch = webOf({ [vct]: JSON.stringify(document) })
      await refusedAsOwn(resolveTypeMetadata({ fetch })(vct, integrity ?? undefined))
    }),
  )
})

it('any metadata of an issuer is read or refused, never with another error', async () => {
  const key = fc.dictionary(fc.constantFrom('kty', 'crv', 'x', 'y', 'kid', 'use', 'alg', 'd'), any)
  const documents = fc.record(
    {
      issuer: fc.constant(iss),
      jwks: fc.oneof(any, fc.record({ keys: fc.oneof(any, fc.array(fc.oneof(key, any))) })),
      jwks_uri: fc.oneof(any, fc.webUrl()),
    },
    { requiredKeys: ['issuer'] },
  )
  await fc.assert(
    fc.asyncProperty(fc.oneof(any, documents), async (document) => {
      const resolve = resolveJwtVcIssuer({ fetch: webOf({ [metadataUrl]: JSON.stringify(document) }) })
      await expect(resolve({ iss, kid: 'k', alg: 'ES256' })).rejects.toBeInstanceOf(EkkasanError)
    }),
  )
})
