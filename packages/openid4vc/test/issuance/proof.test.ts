import type { JsonObject } from '@ekkasan/core'
import {
  didJwkOf,
  didJwkUrlOf,
  didKeyOf,
  didKeyUrlOf,
  generateJwk,
  jwkOfDid,
  keyUrlOf,
  publicJwkOf,
  signerFromJwk,
  signJws,
} from '@ekkasan/keys'
import { createProof, parseProof, verifyProof } from '@ekkasan/openid4vc'
import { describe, expect, it } from 'vitest'

const issuer = 'https://issuer.example/tenant'
const codeOf = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    return (error as { code: string }).code
  }
  return 'accepted'
}

describe('key proofs (Appendix F.1)', () => {
  const now = new Date('2026-01-01T00:00:00Z')
  const parseOptions = { issuer, algorithms: ['ES256', 'EdDSA'], maxAge: 300, now } as const

  it.each(['ES256', 'EdDSA'] as const)('made with %s and named by jwk are verified', async (alg) => {
    const signer = await signerFromJwk(await generateJwk(alg), { kid: 'shall not travel' })
    const jwt = await createProof({ signer, issuer, nonce: 'n', binding: 'jwk', now })
    const proof = parseProof(jwt, parseOptions)
    expect(proof.nonce).toBe('n')
    expect(proof.jws.payload.iss).toBeUndefined()
    const holder = await verifyProof(proof, { bindingMethods: ['jwk'] })
    const { kty, crv, x, y } = signer.key.publicJwk
    expect(holder).toEqual({ jwk: { kty, crv, x, ...(y !== undefined && { y }) } })
    await expect(verifyProof(proof, { bindingMethods: ['did:jwk'] })).rejects.toMatchObject({
      code: 'openid4vc.credential.invalid_proof',
    })
  })

  it('named by a DID URL are verified with the key of the DID document, and no other', async () => {
    const kid = 'did:jwk:abc#0'
    const signer = await signerFromJwk(await generateJwk('ES256'), { kid })
    const proof = parseProof(
      await createProof({ signer, issuer, nonce: 'n', binding: 'kid', now }),
      parseOptions,
    )
    const documentOf = (id: string, publicKeyJwk: object) => async (did: string) => ({
      id: did,
      verificationMethod: [{ id, type: 'JsonWebKey2020', controller: did, publicKeyJwk }],
    })
    for (const id of [kid, '#0']) {
      const resolveDid = documentOf(id, signer.key.publicJwk)
      const holder = await verifyProof(proof, { bindingMethods: ['did:jwk'], resolveDid })
      expect(holder.kid).toBe(kid)
    }
    const foreign = await generateJwk('ES256')
    const wrong = [
      { bindingMethods: ['did:jwk'] as const, resolveDid: documentOf('did:jwk:abc#1', signer.key.publicJwk) },
      {
        bindingMethods: ['did:jwk'] as const,
        resolveDid: documentOf(kid, { kty: 'EC', crv: 'P-256', x: foreign.x, y: foreign.y }),
      },
      { bindingMethods: ['did:key'] as const, resolveDid: documentOf(kid, signer.key.publicJwk) },
      { bindingMethods: ['did:jwk'] as const },
    ]
    for (const options of wrong) {
      await expect(verifyProof(proof, options)).rejects.toMatchObject({
        code: 'openid4vc.credential.invalid_proof',
      })
    }
  })

  it('may be named by a bare did:key or did:jwk, which has one signing method, and by no other bare DID [F5]', async () => {
    const jwk = await generateJwk('ES256')
    const key = publicJwkOf(jwk)
    const resolveDid = async (did: string) => ({
      id: did,
      verificationMethod: [
        { id: keyUrlOf(did), type: 'JsonWebKey2020', controller: did, publicKeyJwk: jwkOfDid(did) },
      ],
    })
    for (const did of [didJwkOf(key), didKeyOf(key)]) {
      const signer = await signerFromJwk(jwk, { kid: did })
      const jwt = await createProof({ signer, issuer, nonce: 'n', binding: 'kid', now })
      const bindingMethods = ['did:jwk', 'did:key'] as const
      const proven = await verifyProof(parseProof(jwt, parseOptions), { bindingMethods, resolveDid })
      expect(proven.kid).toBe(did.startsWith('did:jwk') ? didJwkUrlOf(key) : didKeyUrlOf(key))
      const onlyJwk = verifyProof(parseProof(jwt, parseOptions), { bindingMethods: ['jwk'], resolveDid })
      await expect(onlyJwk).rejects.toMatchObject({ code: 'openid4vc.credential.invalid_proof' })
    }
    const web = await signerFromJwk(jwk, { kid: 'did:web:holder.example' })
    const jwt = await createProof({ signer: web, issuer, nonce: 'n', binding: 'kid', now })
    await expect(
      verifyProof(parseProof(jwt, parseOptions), { bindingMethods: ['did:jwk'], resolveDid }),
    ).rejects.toMatchObject({ code: 'openid4vc.credential.invalid_proof' })
  })

  it.each(['OPENID4VCI-PROOF+JWT', 'application/openid4vci-proof+jwt'])(
    'may have the typ %s [F10]',
    async (typ) => {
      const signer = await signerFromJwk(await generateJwk('ES256'))
      const { kty, crv, x, y } = signer.key.publicJwk as unknown as { [name: string]: string }
      const jwk = { kty, crv, x, y } as JsonObject
      const payload = { aud: issuer, iat: now.getTime() / 1000, nonce: 'n' }
      const proof = parseProof(await signJws({ signer, header: { typ, jwk }, payload }), parseOptions)
      expect((await verifyProof(proof, { bindingMethods: ['jwk'] })).jwk).toEqual(jwk)
    },
  )

  it('of a client that named itself carry its id or none', async () => {
    const signer = await signerFromJwk(await generateJwk('ES256'))
    const { kty, crv, x, y } = signer.key.publicJwk as unknown as { [name: string]: string }
    const proofBy = (iss?: string) =>
      signJws({
        signer,
        header: { typ: 'openid4vci-proof+jwt', jwk: { kty, crv, x, y } as JsonObject },
        payload: { aud: issuer, iat: now.getTime() / 1000, nonce: 'n', ...(iss !== undefined && { iss }) },
      })
    const read = async (iss?: string) => {
      const jwt = await proofBy(iss)
      return codeOf(() => parseProof(jwt, { ...parseOptions, clientId: 'wallet' }))
    }
    expect(await read()).toBe('accepted')
    expect(await read('wallet')).toBe('accepted')
    expect(await read('another')).toBe('openid4vc.credential.invalid_proof')
  })
})
