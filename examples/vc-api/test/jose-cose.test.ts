import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { generateJwk, publicJwkOf, signerFromJwk } from '@ekkasan/keys'
import { issueVcCose, issueVcJwt } from '@ekkasan/vc-jose-cose'
import { afterAll, describe, expect, it } from 'vitest'

const command = fileURLToPath(new URL('../src/jose-cose.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'ekkasan-jose-cose-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const controller = 'https://issuer.example/vc'
const id = `${controller}#key-1`
const secretKeyJwk = await generateJwk('ES384')
const publicKeyJwk = publicJwkOf(secretKeyJwk)
const key = join(folder, 'key.json')
writeFileSync(key, JSON.stringify({ id, type: 'JsonWebKey', controller, publicKeyJwk, secretKeyJwk }))
const signer = await signerFromJwk(secretKeyJwk, { kid: id })
const credential = {
  '@context': ['https://www.w3.org/ns/credentials/v2'],
  type: ['VerifiableCredential'],
  issuer: controller,
  credentialSubject: { name: 'สมชาย', phones: ['1', '2'] },
}

function run(what: 'issue' | 'verify', feature: string, text: string, ...more: string[]): string {
  const [input, output] = [join(folder, 'input'), join(folder, 'output')]
  writeFileSync(input, text)
  const { status } = spawnSync(
    process.execPath,
    [
      '--conditions=@ekkasan/source',
      command,
      what,
      '--input',
      input,
      '--key',
      key,
      '--feature',
      feature,
      ...more,
      '--output',
      output,
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  )
  expect(status).toBe(0)
  return JSON.parse(readFileSync(output, 'utf8')).result
}

describe('the command for w3c/vc-jose-cose-test-suite', () => {
  it('issues in each securing, with claims that may be kept back', () => {
    for (const feature of ['credential_jose', 'credential_cose']) {
      expect(run('issue', feature, JSON.stringify(credential))).toBe('success')
    }
    const sd = JSON.stringify(['credentialSubject.name', 'credentialSubject.phones[0]'])
    expect(run('issue', 'credential_sdjwt', JSON.stringify(credential), '--sd', sd)).toBe('success')
    expect(run('issue', 'credential_jose', '{"type":["VerifiableCredential"]}')).toBe('failure')
  })

  it('verifies what the key signed, and nothing else', async () => {
    const jwt = await issueVcJwt({ signer, credential })
    expect(run('verify', 'credential_jose', jwt)).toBe('success')
    expect(run('verify', 'credential_jose', JSON.stringify(credential))).toBe('failure')
    expect(run('verify', 'credential_sdjwt', jwt)).toBe('failure')
    const cose = Buffer.from(await issueVcCose({ signer, credential })).toString('base64')
    expect(run('verify', 'credential_cose', cose)).toBe('success')
    const other = await signerFromJwk(await generateJwk('ES384'), { kid: id })
    expect(run('verify', 'credential_jose', await issueVcJwt({ signer: other, credential }))).toBe('failure')
  })
})
