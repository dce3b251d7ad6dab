import { type PublicJwk, trustAnyone } from '@ekkasan/core'
import { base64url } from '@ekkasan/core/bytes'
import { createDidResolver, resolveDidIssuer } from '@ekkasan/did'
import { generateJwk, publicJwkOf, signerFromJwk } from '@ekkasan/keys'
import { responseEncryption } from '@ekkasan/openid4vc'
import { resolveJwtVcIssuer, sdJwtVc, sdJwtVcVerifier } from '@ekkasan/sd-jwt-vc'
import { describe, expect, it } from 'vitest'
import { paperDocument } from '../../packages/issuer/test/paper.ts'

// What a key says of its use is obeyed wherever the key is found.

const iss = 'https://issuer.example'
const { alg: _alg, ...jwk } = await generateJwk('ES256')
const bare = publicJwkOf(jwk)

const refused: readonly Partial<PublicJwk>[] = [
  { use: 'enc' },
  { key_ops: ['encrypt'] },
  { key_ops: ['deriveBits'] },
  { alg: 'ES384' },
]
const accepted: readonly Partial<PublicJwk>[] = [
  {},
  { use: 'sig' },
  { key_ops: ['verify'] },
  { key_ops: ['sign'] },
  { alg: 'ES256' },
]

/** A did:jwk as its owner wrote it, with what the key says of its use. */
const ownDid = (uses: Partial<PublicJwk>) => `did:jwk:${base64url(JSON.stringify({ ...bare, ...uses }))}`

const verifying = { isTrusted: trustAnyone('a test') }
const issue = async (issuer: string, kid: string) =>
  sdJwtVc({ signer: await signerFromJwk(jwk, { kid }), issuer }).issue({
    document: paperDocument,
    issuer: iss,
    claims: { name: 'สมชาย' },
    validity: { from: new Date(Date.now() - 60_000) },
    id: 'urn:uuid:00000000-0000-4000-8000-000000000000',
  })

describe('an issuer’s key in its jwks [K7]', () => {
  const verifier = (uses: Partial<PublicJwk>) =>
    sdJwtVcVerifier({
      resolveIssuerKey: resolveJwtVcIssuer({
        fetch: async () => Response.json({ issuer: iss, jwks: { keys: [{ ...bare, ...uses, kid: 'one' }] } }),
      }),
    })

  it.each(accepted)('%j verifies', async (uses) => {
    const { claims } = await verifier(uses).verify(await issue(iss, 'one'), verifying)
    expect(claims).toMatchObject({ name: 'สมชาย' })
  })

  it.each(refused)('%j does not', async (uses) => {
    await expect(verifier(uses).verify(await issue(iss, 'one'), verifying)).rejects.toMatchObject({
      name: 'RejectedError',
    })
  })
})

describe('an issuer’s key in its DID document [K7]', () => {
  const resolveDid = createDidResolver()

  it.each(accepted)('%j verifies', async (uses) => {
    const did = ownDid(uses)
    const verifier = sdJwtVcVerifier({ resolveIssuerKey: resolveDidIssuer(resolveDid) })
    await verifier.verify(await issue(did, `${did}#0`), verifying)
  })

  it.each(refused)('%j does not, in a did:web document either', async (uses) => {
    const did = 'did:web:issuer.example'
    const method = {
      id: `${did}#one`,
      type: 'JsonWebKey',
      controller: did,
      publicKeyJwk: { ...bare, ...uses },
    }
    const document = { id: did, verificationMethod: [method], assertionMethod: [method.id] }
    const web = createDidResolver({ fetch: async () => Response.json(document) })
    for (const [resolve, named, kid] of [
      [web, did, method.id],
      [resolveDid, ownDid(uses), `${ownDid(uses)}#0`],
    ] as const) {
      const verifier = sdJwtVcVerifier({ resolveIssuerKey: resolveDidIssuer(resolve) })
      await expect(verifier.verify(await issue(named, kid), verifying)).rejects.toMatchObject({
        name: 'RejectedError',
      })
    }
  })
})

describe('the key of a request to which the answer is encrypted [K7]', () => {
  const request = (uses: Partial<PublicJwk>) => ({
    response_mode: 'direct_post.jwt' as const,
    client_metadata: { jwks: { keys: [{ ...bare, alg: 'ECDH-ES', ...uses }] }, vp_formats_supported: {} },
  })

  it.each([{}, { use: 'enc' }, { key_ops: [] }])('%j is taken', (uses) => {
    expect(responseEncryption(request(uses))?.recipient).toMatchObject(uses)
  })

  it.each([{ use: 'sig' }, { key_ops: ['verify'] }, { alg: 'ES256' }, { alg: 'ECDH-ES+A128KW' }])(
    '%j is not',
    (uses) => {
      expect(() => responseEncryption(request(uses))).toThrow(
        expect.objectContaining({ code: 'openid4vc.request.encryption' }),
      )
    },
  )

  it('the first that is meant for it is taken', () => {
    const { client_metadata: metadata, ...rest } = request({})
    const keys = [
      { ...bare, use: 'sig', kid: 'a', alg: 'ES256' },
      { ...bare, use: 'enc', kid: 'b', alg: 'ECDH-ES' },
    ]
    const asked = { ...rest, client_metadata: { ...metadata, jwks: { keys } } }
    expect(responseEncryption(asked)?.recipient.kid).toBe('b')
  })
})
