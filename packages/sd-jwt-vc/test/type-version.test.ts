import { credentialConfiguration, type DocumentType, typeVersionOf } from '@ekkasan/core'
import { generateJwk, parseJws, signerFromJwk } from '@ekkasan/keys'
import { sdJwtVc, vctOf } from '@ekkasan/sd-jwt-vc'
import { describe, expect, it } from 'vitest'

const issuer = 'https://issuer.example/a'
const signer = await signerFromJwk(await generateJwk('ES256'), { kid: 'k1' })
const documentOf = (version: string): DocumentType => ({
  id: 'Paper',
  type: 'PaperCredential',
  version,
  names: { en: 'Paper' },
  description: { en: 'A document to test with' },
  claims: [{ path: ['name'], names: { en: 'Name' }, disclosure: 'selective' }],
  schema: { type: 'object', properties: { name: { type: 'string' } } },
  display: { backgroundColor: '#ffffff', textColor: '#000000' },
})

describe.each([
  ['1', 'v1'],
  ['1.1', 'v1'],
  ['1.10.2', 'v1'],
  ['2.0', 'v2'],
  ['10.1', 'v10'],
])('a document of version %s', (version, segment) => {
  it.each([true, false])(
    'is issued under the type that a verifier asks for (W3C body: %s) [H2]',
    async (vcdm) => {
      const document = documentOf(version)
      const asked = vctOf(document, { issuer, vcdm })
      expect(asked).toBe(`${issuer}/vct/PaperCredential/${segment}${vcdm ? '' : '/plain'}`)
      expect(typeVersionOf(document)).toBe(segment)
      const { format } = credentialConfiguration(document, sdJwtVc({ signer, vcdm }))
      const from = new Date('2026-11-30T00:00:00Z')
      const credential = await format.issue({
        document,
        issuer,
        claims: { name: 'x' },
        holder: { jwk: signer.key.publicJwk },
        validity: { from },
        id: 'urn:uuid:1',
      })
      const [jwt = ''] = String(credential).split('~')
      expect(parseJws(jwt).payload.vct).toBe(asked)
      expect(format.configuration(document, issuer)).toMatchObject({ vct: asked })
      // What is served stands where the type points.
      expect(format.served(document, issuer).map(({ path }) => `${issuer}${path}`)).toContain(asked)
    },
  )
})
