// The other side: @sd-jwt/core, sd-jwt-vc and crypto-nodejs 0.19.0 (Open Wallet Foundation). They share no code with
// us: their own parsing, disclosure handling, hashing and JOSE; both of us only call node:crypto. (Credo stands on them.)
import { trustAnyone } from '@ekkasan/core'
import { generateJwk, publicJwkOf, signerFromJwk } from '@ekkasan/keys'
import { createDisclosureFrame, issueSdJwt, presentSdJwt, verifySdJwt } from '@ekkasan/sd-jwt'
import { issueSdJwtVc, presentSdJwtVc, verifySdJwtVc } from '@ekkasan/sd-jwt-vc'
import { SDJwtInstance } from '@sd-jwt/core'
import { digest, ES256, generateSalt } from '@sd-jwt/crypto-nodejs'
import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc'
import { describe, expect, it } from 'vitest'

const issuerJwk = await generateJwk('ES256')
const holderJwk = await generateJwk('ES256')
const issuer = await signerFromJwk(issuerJwk)
const holder = await signerFromJwk(holderJwk)
const issuerKey = publicJwkOf(issuerJwk)
const holderKey = publicJwkOf(holderJwk)
const binding = { clientId: 'x509_san_dns:verifier.example', nonce: 'nonce-1' }
const vct = 'https://issuer.example/vct/TestCredential/v1'
const iss = 'https://issuer.example'

const theirs = {
  hasher: digest,
  hashAlg: 'sha-256' as const,
  saltGenerator: generateSalt,
  signAlg: 'ES256' as const,
  signer: await ES256.getSigner(issuerJwk),
  verifier: await ES256.getVerifier(issuerKey),
  kbSignAlg: 'ES256' as const,
  kbSigner: await ES256.getSigner(holderJwk),
  kbVerifier: await ES256.getVerifier(holderKey),
}
const peer = new SDJwtVcInstance(theirs)
const ours = {
  resolveIssuerKey: async () => ({ jwk: issuerKey, identity: { id: iss, method: 'jwt-vc-issuer' as const } }),
  isTrusted: trustAnyone('a test'),
  binding,
}

const claims = {
  name: 'สมชาย',
  address: { province: 'นนทบุรี', country: 'TH' },
  nationalities: ['TH', 'DE'],
}
const frame = createDisclosureFrame({ selective: [['name'], ['nationalities', null]], deep: [['address']] })
const theirFrame = {
  _sd: ['name', 'address'],
  _sd_decoy: 2,
  address: { _sd: ['province', 'country'] },
  nationalities: { _sd: [0, 1] },
}

async function issueOurs(): Promise<string> {
  return issueSdJwtVc({
    signer: issuer,
    vct,
    issuer: iss,
    claims,
    frame,
    decoys: 2,
    holderJwk: holderKey,
    validity: { from: new Date(Date.now() - 1000), until: new Date(Date.now() + 60_000) },
  })
}

async function issueTheirs(): Promise<string> {
  const cnf = { jwk: { kty: 'EC', crv: 'P-256', x: holderKey.x, y: holderKey.y } }
  const payload = { iss, vct, iat: Math.floor(Date.now() / 1000), cnf, ...claims }
  return peer.issue(payload as never, theirFrame as never)
}

const presentOurs = (credential: string) =>
  presentSdJwtVc({
    credential,
    disclose: [
      ['address', 'province'],
      ['nationalities', 1],
    ],
    binding,
    holder,
  })
const presentTheirs = (credential: string) =>
  peer.present(credential, { address: { province: true }, nationalities: { 1: true } } as never, {
    kb: { payload: { iat: Math.floor(Date.now() / 1000), aud: binding.clientId, nonce: binding.nonce } },
  })
const disclosed = { address: { province: 'นนทบุรี' }, nationalities: ['DE'] }

describe('SD-JWT VC with @sd-jwt', () => {
  it.each([
    ['we issue, we present, they verify', issueOurs, presentOurs],
    ['we issue, they present, they verify', issueOurs, presentTheirs],
    ['they issue, we present, they verify', issueTheirs, presentOurs],
  ])('%s', async (_who, issue, present) => {
    const { payload, kb } = await peer.verify(await present(await issue()), {
      requiredClaimKeys: ['address.province'],
      keyBindingNonce: binding.nonce,
    })
    expect(payload).toMatchObject(disclosed)
    expect(payload).not.toHaveProperty('name')
    expect(kb?.payload).toMatchObject({ aud: binding.clientId, nonce: binding.nonce })
  })

  it.each([
    ['they issue, they present, we verify', issueTheirs, presentTheirs],
    ['they issue, we present, we verify', issueTheirs, presentOurs],
    ['we issue, they present, we verify', issueOurs, presentTheirs],
  ])('%s', async (_who, issue, present) => {
    const { claims: shown, checks } = await verifySdJwtVc(await present(await issue()), ours)
    expect(shown).toEqual(disclosed)
    expect(checks.filter(({ outcome }) => outcome !== 'passed').map(({ name }) => name)).toEqual(['status'])
  })

  it('both refuse what the other presents to another verifier', async () => {
    const byThem = await presentTheirs(await issueOurs())
    await expect(
      verifySdJwtVc(byThem, { ...ours, binding: { ...binding, nonce: 'nonce-2' } }),
    ).rejects.toMatchObject({ code: 'sd-jwt.key-binding.nonce-mismatch' })
    const byUs = await presentOurs(await issueTheirs())
    await expect(peer.verify(byUs, { keyBindingNonce: 'nonce-2' })).rejects.toThrow()
  })
})

describe('SD-JWT with @sd-jwt/core', () => {
  const plain = new SDJwtInstance(theirs)

  it.each(['sha-256', 'sha-384', 'sha-512'] as const)('they read what we conceal with %s', async (alg) => {
    const issued = await issueSdJwt({ signer: issuer, payload: claims, frame, hashAlgorithm: alg })
    const presented = await presentSdJwt(issued, { disclose: [['address'], ['nationalities', null]] })
    const { payload } = await plain.verify(presented)
    expect(payload).toMatchObject({ address: claims.address, nationalities: claims.nationalities })
  })

  it('we read what they conceal', async () => {
    const issued = await plain.issue(claims as never, theirFrame as never)
    expect((await verifySdJwt(issued, { issuerKey })).claims).toEqual(claims)
  })
})
