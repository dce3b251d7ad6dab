// jose 6.2.17 on the other side. Shared with us: @ekkasan/keys calls jose for JWE. Not shared: JWS and JWT, keys for
// signatures, everything above them.
import { trustAnyone } from '@ekkasan/core'
import { utf8 } from '@ekkasan/core/bytes'
import { decrypterFromJwk, encryptJwe, generateJwk, publicJwkOf, signerFromJwk } from '@ekkasan/keys'
import { issueVcJwt, presentVpJwt, verifyVcJwt, verifyVpJwt } from '@ekkasan/vc-jose-cose'
import { CompactEncrypt, calculateJwkThumbprint, compactDecrypt, importJWK, jwtVerify, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'

const url = 'https://issuer.example'
const binding = { clientId: 'https://verifier.example', nonce: 'n-0S6_WzA2Mj' }

describe.each(['ES256', 'ES384', 'EdDSA', 'Ed25519', 'PS256'] as const)('%s', async (alg) => {
  const jwk = await generateJwk(alg)
  const publicJwk = publicJwkOf(jwk)
  const signer = await signerFromJwk(jwk, { kid: 'k1', alg })
  const holderJwk = await generateJwk('ES256')
  const holder = await signerFromJwk(holderJwk)
  const body = {
    '@context': ['https://www.w3.org/ns/credentials/v2'],
    type: ['VerifiableCredential', 'ThaiNationalIDCredential'],
    issuer: url,
    validFrom: '2026-01-01T00:00:00Z',
    credentialSubject: { name_th: 'สมชาย' },
  }
  const cnf = { jwk: publicJwkOf(holderJwk) }
  const options = {
    resolveIssuerKey: async () => ({
      jwk: publicJwk,
      identity: { id: url, method: 'jwt-vc-issuer' as const },
    }),
    resolveDid: async () => Promise.reject(new Error('no DID here')),
    isTrusted: trustAnyone('a test'),
    binding,
  }
  const byJose = async () =>
    new SignJWT({ ...body, iss: url, cnf })
      .setProtectedHeader({ alg, typ: 'vc+jwt', cty: 'vc', kid: 'k1' })
      .setIssuedAt()
      .sign(await importJWK({ ...jwk } as never, alg))

  it('jose verifies the vc+jwt that we issue', async () => {
    const issued = await issueVcJwt({ signer, credential: body, holderJwk: cnf.jwk })
    const key = await importJWK({ ...publicJwk } as never, alg)
    const { payload } = await jwtVerify(issued, key, { issuer: url, typ: 'vc+jwt', algorithms: [alg] })
    expect(payload).toMatchObject(body)
  })

  it('we verify the vc+jwt that jose signs', async () => {
    expect((await verifyVcJwt(await byJose(), options)).credential).toMatchObject(body)
  })

  it('vp+jwt passes both ways', async () => {
    const presented = await presentVpJwt({ credentials: [await byJose()], holder, binding })
    const { payload } = await jwtVerify(presented, await importJWK({ ...cnf.jwk } as never, 'ES256'), {
      audience: binding.clientId,
      typ: 'vp+jwt',
    })
    const { exp, ...rest } = payload
    const theirs = await new SignJWT(rest)
      .setProtectedHeader({ alg: 'ES256', typ: 'vp+jwt' })
      .sign(await importJWK({ ...holderJwk } as never, 'ES256'))
    expect((await verifyVpJwt(theirs, options)).credentials[0]?.credential).toMatchObject(body)
  })
})

it('has the same thumbprints', async () => {
  const { jwkThumbprint } = await import('@ekkasan/keys')
  for (const alg of ['ES256', 'EdDSA', 'PS256'] as const) {
    const jwk = publicJwkOf(await generateJwk(alg))
    expect(jwkThumbprint(jwk)).toBe(await calculateJwkThumbprint({ ...jwk } as never))
  }
})

it.each(['A128GCM', 'A256GCM'] as const)('a JWE with %s passes both ways', async (enc) => {
  const { alg: _alg, ...jwk } = await generateJwk('ES256')
  const ours = await encryptJwe(utf8('ลับ'), { recipient: publicJwkOf(jwk), enc })
  const { plaintext } = await compactDecrypt(ours, await importJWK({ ...jwk } as never, 'ECDH-ES'))
  expect(new TextDecoder().decode(plaintext)).toBe('ลับ')
  const theirs = await new CompactEncrypt(utf8('ลับ'))
    .setProtectedHeader({ alg: 'ECDH-ES', enc })
    .encrypt(await importJWK({ ...publicJwkOf(jwk) } as never, 'ECDH-ES'))
  const decrypter = await decrypterFromJwk(jwk)
  expect(new TextDecoder().decode(await decrypter.decrypt(theirs))).toBe('ลับ')
})
