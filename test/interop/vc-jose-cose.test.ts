// Three on the other side. jose 6.2.17: shared with us is JWE alone (see jose.test.ts, which has ES384, EdDSA, PS256).
// @sd-jwt/core 0.19.0 (see sd-jwt.test.ts) and cose-kit 1.7.1, which stands on cbor-x and jose: nothing shared.
import { trustAnyone } from '@ekkasan/core'
import { coseKeyOf, decodeCbor, encodeCbor, jwkOfCoseKey } from '@ekkasan/cose'
import { generateJwk, publicJwkOf, signerFromJwk } from '@ekkasan/keys'
import { createDisclosureFrame } from '@ekkasan/sd-jwt'
import {
  issueVcCose,
  issueVcJwt,
  issueVcSdJwt,
  presentVcSdJwt,
  presentVpCose,
  presentVpJwt,
  presentVpSdJwt,
  verifyVcCose,
  verifyVcSdJwt,
  verifyVpJwt,
  verifyVpSdJwt,
} from '@ekkasan/vc-jose-cose'
import { SDJwtInstance } from '@sd-jwt/core'
import { digest, ES256, generateSalt } from '@sd-jwt/crypto-nodejs'
import { COSEKeyFromJWK, COSEKeyToJWK, coseSign, coseVerify } from 'cose-kit'
import { importJWK, jwtVerify, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'

const url = 'https://issuer.example'
const binding = { clientId: 'https://verifier.example', nonce: 'n-0S6_WzA2Mj' }
const issuerJwk = await generateJwk('ES256')
const holderJwk = await generateJwk('ES256')
const issuer = await signerFromJwk(issuerJwk, { kid: 'k1' })
const holder = await signerFromJwk(holderJwk)
const issuerKey = publicJwkOf(issuerJwk)
const holderKey = publicJwkOf(holderJwk)
const cnf = { jwk: { kty: 'EC', crv: 'P-256', x: holderKey.x, y: holderKey.y } }
const body = {
  '@context': ['https://www.w3.org/ns/credentials/v2'],
  type: ['VerifiableCredential', 'ThaiNationalIDCredential'],
  issuer: url,
  validFrom: '2026-01-01T00:00:00Z',
  credentialSubject: { name_th: 'สมชาย', birth_date: '2001-02-03' },
}
const issuing = { signer: issuer, credential: body, holderJwk: holderKey }
const options = {
  resolveIssuerKey: async () => ({
    jwk: issuerKey,
    identity: { id: url, method: 'jwt-vc-issuer' as const },
  }),
  resolveDid: async () => Promise.reject(new Error('no DID here')),
  isTrusted: trustAnyone('a test'),
  binding,
}

describe('vc+sd-jwt with @sd-jwt/core', async () => {
  const peer = new SDJwtInstance({
    hasher: digest,
    hashAlg: 'sha-256',
    saltGenerator: generateSalt,
    signAlg: 'ES256',
    signer: await ES256.getSigner(issuerJwk),
    verifier: await ES256.getVerifier(issuerKey),
    kbSignAlg: 'ES256',
    kbSigner: await ES256.getSigner(holderJwk),
    kbVerifier: await ES256.getVerifier(holderKey),
  })
  const frame = createDisclosureFrame({
    deep: [
      ['credentialSubject', 'name_th'],
      ['credentialSubject', 'birth_date'],
    ],
  })
  const issueOurs = () => issueVcSdJwt({ ...issuing, frame, decoys: 2 })
  const issueTheirs = () => {
    const theirFrame = { credentialSubject: { _sd: ['name_th', 'birth_date'], _sd_decoy: 2 } }
    return peer.issue({ ...body, cnf } as never, theirFrame as never, {
      header: { typ: 'vc+sd-jwt', kid: 'k1' },
    })
  }
  const disclose = [['credentialSubject', 'name_th']]
  const presentOurs = (credential: string) => presentVcSdJwt({ credential, disclose, binding, holder })
  const presentTheirs = (credential: string) =>
    peer.present(credential, { credentialSubject: { name_th: true } } as never, {
      kb: { payload: { iat: Math.floor(Date.now() / 1000), aud: binding.clientId, nonce: binding.nonce } },
    })
  const ways = [
    ['we issue, we present', issueOurs, presentOurs],
    ['we issue, they present', issueOurs, presentTheirs],
    ['they issue, we present', issueTheirs, presentOurs],
    ['they issue, they present', issueTheirs, presentTheirs],
  ] as const

  it.each(ways)('%s, both verify', async (_way, issue, present) => {
    const presented = await present(await issue())
    const { credential } = await verifyVcSdJwt(presented, options)
    expect(credential.credentialSubject).toEqual({ name_th: 'สมชาย' })
    const { payload } = await peer.verify(presented, { keyBindingNonce: binding.nonce })
    expect(payload).toMatchObject({ issuer: url, credentialSubject: { name_th: 'สมชาย' } })
    await expect(peer.verify(presented, { keyBindingNonce: 'other' })).rejects.toThrow()
    const other = { ...options, binding: { ...binding, nonce: 'other' } }
    await expect(verifyVcSdJwt(presented, other)).rejects.toMatchObject({
      code: 'sd-jwt.key-binding.nonce-mismatch',
    })
  })

  it('they read the vp+sd-jwt that we present, and we the one that they sign', async () => {
    const presented = await presentVpSdJwt({ credentials: [await issueTheirs()], holder, binding })
    const holders = new SDJwtInstance({
      hasher: digest,
      hashAlg: 'sha-256',
      saltGenerator: generateSalt,
      signAlg: 'ES256',
      signer: await ES256.getSigner(holderJwk),
      verifier: await ES256.getVerifier(holderKey),
    })
    const { payload } = await holders.verify(presented)
    expect(payload).toMatchObject({ type: ['VerifiablePresentation'], nonce: binding.nonce })
    // As the standard's example 5 has it, the types are concealed and disclosed.
    const theirs = await holders.issue(payload as never, { _sd: ['type'] } as never, {
      header: { typ: 'vp+sd-jwt' },
    })
    expect((await verifyVpSdJwt(theirs, options)).credentials[0]?.mediaType).toBe('vc+sd-jwt')
  })
})

describe.each(['ES256', 'ES384', 'ES512', 'EdDSA'] as const)('vc+cose by %s with cose-kit', async (alg) => {
  const jwk = await generateJwk(alg)
  const signer = await signerFromJwk(jwk, { kid: 'k1', alg })
  const key = await importJWK({ ...publicJwkOf(jwk) } as never, alg)
  const by = {
    ...options,
    resolveIssuerKey: async () => ({ jwk: publicJwkOf(jwk), identity: { id: url, method: 'did' as const } }),
  }

  it('they verify what we issue', async () => {
    const issued = await issueVcCose({ ...issuing, signer })
    const { isValid, decoded } = await coseVerify(issued, key as never)
    expect(isValid).toBe(true)
    expect(JSON.parse(new TextDecoder().decode(decoded.payload))).toEqual(body)
    const changed = Uint8Array.from(issued)
    changed[changed.length - 9] = (changed[changed.length - 9] as number) ^ 1
    expect((await coseVerify(changed, key as never)).isValid).toBe(false)
  })

  it('we verify what they sign', async () => {
    const payload = new TextEncoder().encode(JSON.stringify(body))
    const signing = await importJWK({ ...jwk } as never, alg)
    const theirs = await coseSign({ alg, kid: 'k1' }, {}, payload, signing as never)
    expect((await verifyVcCose(Uint8Array.from(theirs), by)).credential).toEqual(body)
    const changed = Uint8Array.from(theirs)
    changed[changed.length - 9] = (changed[changed.length - 9] as number) ^ 1
    await expect(verifyVcCose(changed, by)).rejects.toMatchObject({ code: 'keys.jws.signature' })
  })

  it('keys are read both ways', async () => {
    const { kty, crv, x, y } = publicJwkOf(jwk)
    const bare = { kty, crv, x, ...(y !== undefined && { y }) }
    expect(COSEKeyToJWK(encodeCbor(coseKeyOf(publicJwkOf(jwk))))).toMatchObject(bare)
    const theirs = COSEKeyFromJWK(bare as never)
    expect(jwkOfCoseKey(decodeCbor(Uint8Array.from(theirs as never)))).toEqual(bare)
  })
})

it('cose-kit verifies the vp+cose that we present', async () => {
  const presented = await presentVpCose({ credentials: [await issueVcCose(issuing)], holder, binding })
  const { isValid, decoded } = await coseVerify(
    presented,
    (await importJWK({ ...holderKey } as never, 'ES256')) as never,
  )
  expect(isValid).toBe(true)
  const { verifiableCredential } = JSON.parse(new TextDecoder().decode(decoded.payload))
  expect(verifiableCredential[0].id).toMatch(/^data:application\/vc\+cose;base64,/)
})

it('jose verifies a vp+jwt of all three, and signs one that we verify', async () => {
  const credentials = [await issueVcJwt(issuing), await issueVcSdJwt(issuing), await issueVcCose(issuing)]
  const presented = await presentVpJwt({ credentials, holder, binding })
  const { payload } = await jwtVerify(presented, await importJWK({ ...holderKey } as never, 'ES256'), {
    audience: binding.clientId,
    typ: 'vp+jwt',
  })
  const theirs = await new SignJWT(payload)
    .setProtectedHeader({ alg: 'ES256', typ: 'vp+jwt' })
    .sign(await importJWK({ ...holderJwk } as never, 'ES256'))
  const verified = await verifyVpJwt(theirs, options)
  expect(verified.credentials.map(({ credential }) => credential.credentialSubject)).toEqual(
    new Array(3).fill(body.credentialSubject),
  )
})
