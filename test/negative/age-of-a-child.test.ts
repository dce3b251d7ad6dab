import { type JsonValue, trustAnyone } from '@ekkasan/core'
import { createDidResolver, didKeyUrlOf, resolveDidIssuer } from '@ekkasan/did'
import { jwtVc, jwtVcHolder, jwtVcVerifier } from '@ekkasan/jwt-vc'
import { generateJwk, publicJwkOf, signerFromJwk } from '@ekkasan/keys'
import { sdJwtVc, sdJwtVcHolder, sdJwtVcVerifier } from '@ekkasan/sd-jwt-vc'
import { nationalIdPresets, presetCredentialQuery } from '@ekkasan/thai'
import { verifyVpToken } from '@ekkasan/verifier'
import { describe, expect, it } from 'vitest'
import { paperDocument } from '../../packages/issuer/test/paper.ts'

// A wallet that sends a claim with another value than was asked for: the verifier holds it to `values` itself
// (OpenID4VP 6.4.1, 14.9), so that a child does not pass for twenty.

const document = {
  ...paperDocument,
  claims: [
    { path: ['age_equal_or_over'], names: { en: 'Ages' }, disclosure: 'selective' as const },
    { path: ['age_equal_or_over', '20'], names: { en: '20' }, disclosure: 'selective' as const },
  ],
  schema: {
    type: 'object',
    properties: {
      age_equal_or_over: { type: 'object', additionalProperties: true, properties: { '20': {} } },
    },
  },
}
const newSigner = async () => {
  const jwk = await generateJwk('ES256')
  return signerFromJwk(jwk, { kid: didKeyUrlOf(publicJwkOf(jwk)) })
}
const signer = await newSigner()
const holder = await newSigner()
const issuer = signer.key.kid?.split('#')[0] as string
const resolveDid = createDidResolver()
const resolveIssuerKey = resolveDidIssuer(resolveDid)
const binding = { clientId: 'x509_hash:a', nonce: 'n-0S6_WzA2Mj' }
const vct = 'https://types.example/paper'

const formats = {
  'dc+sd-jwt': {
    issuer: sdJwtVc({ signer, issuer, typeUrl: () => vct }),
    holder: sdJwtVcHolder({ resolveIssuerKey }),
    verifier: sdJwtVcVerifier({ resolveIssuerKey }),
    asked: { format: 'dc+sd-jwt' as const, vctValues: [vct] },
    path: ['age_equal_or_over', '20'],
  },
  jwt_vc_json: {
    issuer: jwtVc({ signer, issuer }),
    holder: jwtVcHolder({ resolveIssuerKey }),
    verifier: jwtVcVerifier({ resolveIssuerKey, resolveDid }),
    asked: { format: 'jwt_vc_json' as const, typeValues: [['VerifiableCredential', paperDocument.type]] },
    path: ['credentialSubject', 'age_equal_or_over', '20'],
  },
}

describe.each(Object.entries(formats))('%s, the preset of twenty years [C1]', (_name, format) => {
  const ask = async (value: JsonValue) => {
    const credential = await format.issuer.issue({
      document,
      issuer: 'https://issuer.example',
      claims: { age_equal_or_over: { '20': value } },
      holder: { jwk: holder.key.publicJwk, kid: holder.key.kid as string },
      validity: { from: new Date(Date.now() - 60_000) },
      id: 'urn:uuid:00000000-0000-4000-8000-000000000000',
    })
    const presentation = await format.holder.present(credential, { disclose: [format.path], binding, holder })
    const query = { credentials: [presetCredentialQuery(nationalIdPresets.age20, 'a', format.asked)] }
    const options = { query, formats: [format.verifier], isTrusted: trustAnyone('a test'), binding }
    return verifyVpToken({ a: [presentation] }, options)
  }

  it('passes one who is twenty', async () => {
    expect((await ask(true)).presentations.a).toHaveLength(1)
  })

  it.each([[false], ['true'], [1], [[true]]])('does not pass %j', async (value) => {
    await expect(ask(value)).rejects.toMatchObject({
      name: 'VpTokenRejectedError',
      checks: expect.arrayContaining([
        expect.objectContaining({ name: 'query', outcome: 'failed', code: 'openid4vc.query.claim-value' }),
      ]),
    })
  })
})
