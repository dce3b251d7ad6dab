import { type DocumentType, RejectedError, trustAnyone } from '@ekkasan/core'
import { fromBase64url, fromUtf8 } from '@ekkasan/core/bytes'
import { issueJwtVc, jwtVc, jwtVcVerifier } from '@ekkasan/jwt-vc'
import { generateJwk, publicJwkOf, signerFromJwk } from '@ekkasan/keys'
import { documentSchema, resolveResources } from '@ekkasan/vcdm'
import { describe, expect, it } from 'vitest'

const url = 'https://issuer.example'
const document: DocumentType = {
  id: 'Test',
  type: 'TestCredential',
  version: '2.1',
  names: { en: 'x' },
  description: { en: 'x' },
  claims: [{ path: ['name'], names: { en: 'Name' }, disclosure: 'selective' }],
  schema: {
    type: 'object',
    additionalProperties: false,
    required: ['name'],
    properties: { name: { $ref: '#/$defs/text' } },
    $defs: { text: { type: 'string', minLength: 2 } },
  },
  display: { backgroundColor: '#000000', textColor: '#ffffff' },
}
const jwk = await generateJwk('ES256')
const signer = await signerFromJwk(jwk, { kid: 'k1' })
const resolveIssuerKey = async ({ iss }: { iss?: string }) => ({
  jwk: publicJwkOf(jwk),
  identity: { id: iss as string, method: 'jwt-vc-issuer' as const },
})
const resolveDid = () => Promise.reject(new TypeError('no holder is asked for'))
const isTrusted = trustAnyone('a test')
const extension = { evidence: { id: 'urn:x:1', type: 'Seen' }, termsOfUse: { type: 'Policy' } }
const format = jwtVc({
  signer,
  schema: true,
  extend: ({ claims }) => ({ ...extension, nameLength: (claims.name as string).length }),
})
const issue = (name: string, plug = format) =>
  plug.issue({ document, issuer: url, claims: { name }, validity: { from: new Date() }, id: 'urn:uuid:1' })
const [served] = format.served(document, url)
const content = {
  resolveSchema: resolveResources({ known: { [url + served?.path]: served?.body as string } }),
}
const verify = async (credential: unknown) =>
  jwtVcVerifier({ resolveIssuerKey, resolveDid, content }).verify(credential, { isTrusted })

describe('the content of a jwt_vc_json', () => {
  it('fits the schema that it names and the issuer serves', async () => {
    const { checks, view } = await verify(await issue('สมชาย'))
    expect(checks.filter(({ outcome }) => outcome !== 'passed').map(({ name }) => name)).toEqual(['status'])
    expect(served).toMatchObject({
      path: '/schemas/TestCredential/v2.json',
      contentType: 'application/schema+json',
    })
    expect(view.claims).toMatchObject({ ...extension, nameLength: 5 })
  })

  it('keeps members of an extension within vc: none becomes a claim of the JWT', async () => {
    const credential = {
      '@context': ['https://www.w3.org/2018/credentials/v1'],
      type: ['VerifiableCredential'],
      issuer: url,
      id: 'urn:uuid:1',
      issuanceDate: '2026-01-01T00:00:00Z',
      credentialSubject: { name: 'x' },
      ...{ exp: 1, nbf: 9e12, aud: 'x', own: [1] },
    }
    const [, payload = ''] = (await issueJwtVc({ signer, credential })).split('.')
    const claims = JSON.parse(fromUtf8(fromBase64url(payload)))
    expect(Object.keys(claims).sort()).toEqual(['iss', 'jti', 'nbf', 'vc'])
    expect(claims.vc).toMatchObject({ exp: 1, nbf: 9e12, aud: 'x', own: [1] })
    expect(claims.nbf).toBeLessThan(9e12)
  })

  // By an issuer that does not hold claims to the schema; ours refuses them before it signs.
  it('credential-schema fails alone for claims that do not fit', async () => {
    const credential = {
      '@context': ['https://www.w3.org/2018/credentials/v1'],
      id: 'urn:uuid:1',
      type: ['VerifiableCredential', document.type],
      issuer: url,
      issuanceDate: '2026-01-01T00:00:00Z',
      credentialSubject: { name: 'ส' },
      credentialSchema: documentSchema(document, url).credentialSchema,
    }
    const rejected = await verify(await issueJwtVc({ signer, credential })).catch(
      (error: unknown) => error as RejectedError,
    )
    expect(rejected).toBeInstanceOf(RejectedError)
    expect((rejected as RejectedError).checks.filter(({ outcome }) => outcome !== 'passed')).toEqual([
      {
        name: 'credential-schema',
        outcome: 'failed',
        code: 'vcdm.schema.mismatch',
        detail: 'minLength at /credentialSubject/name',
      },
      expect.objectContaining({ name: 'status', outcome: 'skipped' }),
    ])
  })

  it('is served and named only where it is asked for', async () => {
    const plain = jwtVc({ signer })
    expect(plain.served(document, url)).toEqual([])
    expect((await verify(await issue('สมชาย', plain))).view.claims).not.toHaveProperty('credentialSchema')
  })

  it.each([
    ['a member that the format writes', { issuanceDate: '2020-01-01T00:00:00Z' }],
    ['a claim of the JWT', { exp: 1 }],
    ['something that breaks the data model', { evidence: {} }],
  ])('is not issued with %s in the extension', async (_what, more) => {
    await expect((async () => issue('สมชาย', jwtVc({ signer, extend: () => more })))()).rejects.toThrow(
      TypeError,
    )
  })
})
