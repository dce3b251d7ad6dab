import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateJwk, publicJwkOf, signerFromJwk } from '@ekkasan/keys'
import { createCertificateAuthority, mdocPurposes, parseCertificate, pemOf } from '@ekkasan/x509'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readConfig } from '../src/config.ts'
import { openIdentity } from '../src/identity.ts'

let dataDir: string

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'ekkasan-identity-'))
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

const open = (url = 'https://verifier.example', identity = 'x509_san_dns') =>
  openIdentity(readConfig({ DATA_DIR: dataDir, IDENTITY: identity }), url)

async function certify(jwk: Awaited<ReturnType<typeof generateJwk>>): Promise<string> {
  const signer = await signerFromJwk(await generateJwk('ES256'))
  const root = await createCertificateAuthority({ signer, subject: { commonName: 'Root' } })
  const x5c = await root.issue({
    subject: { commonName: 'Agency' },
    publicJwk: publicJwkOf(jwk),
    dnsNames: ['verifier.example'],
  })
  return x5c.map(pemOf).join('\n')
}

it('issues itself a certificate at the first start, keeps it, and makes another for another name', async () => {
  const first = await open()
  expect((await open()).signer.key.x5c).toEqual(first.signer.key.x5c)
  expect(first).toMatchObject({ prefix: 'x509_san_dns', dnsName: 'verifier.example' })
  expect((await open('https://other.example')).signer.key.x5c).not.toEqual(first.signer.key.x5c)
})

it('certifies itself as a reader too (ISO/IEC 18013-5 B.1.7)', async () => {
  const [leaf = ''] = (await open()).signer.key.x5c ?? []
  expect(parseCertificate(leaf).extendedKeyUsage).toEqual([mdocPurposes.readerAuthentication])
})

it('takes the certificate that the agency puts there, for the key of the first start', async () => {
  await open()
  const jwk = JSON.parse(readFileSync(join(dataDir, 'keys/request-signing.json'), 'utf8'))
  const pem = await certify(jwk)
  writeFileSync(join(dataDir, 'keys/certificate.pem'), pem)
  const { signer } = await open('https://verifier.example', 'x509_hash')
  expect(signer.key.x5c?.map(pemOf).join('\n')).toBe(pem)
})

it('does not start with a certificate for another key, or none in the file', async () => {
  await open()
  writeFileSync(join(dataDir, 'keys/certificate.pem'), await certify(await generateJwk('ES256')))
  await expect(open()).rejects.toThrow('is not for the key')
  writeFileSync(join(dataDir, 'keys/certificate.pem'), 'nothing')
  await expect(open()).rejects.toThrow('holds no certificate')
})

it('is a did:web of its URL when told so', async () => {
  const identity = await open('https://verifier.example/check', 'decentralized_identifier')
  expect(identity).toMatchObject({ did: 'did:web:verifier.example:check' })
  expect(identity.signer.key.kid).toBe('did:web:verifier.example:check#request-signing')
})

it('says which variable is wrong and what it must be', () => {
  expect(() => readConfig({ PORT: 'x' })).toThrow('PORT must be')
  expect(() => readConfig({ IDENTITY: 'me' })).toThrow('IDENTITY must be one of')
  expect(() => readConfig({ STORE: 'mysql:' })).toThrow('STORE must be')
  expect(() => readConfig({ VERIFIER_URL: 'verifier' })).toThrow('VERIFIER_URL must be')
})
