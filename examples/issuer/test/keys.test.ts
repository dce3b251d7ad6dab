import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createGuardedFetch, ignoreStatus, trustAnyone } from '@ekkasan/core'
import { createDidResolver } from '@ekkasan/did'
import { jwtVcVerifier } from '@ekkasan/jwt-vc'
import { generateJwk, publicJwkOf, signerFromJwk } from '@ekkasan/keys'
import { sdJwtVcVerifier } from '@ekkasan/sd-jwt-vc'
import { createStatusChecker, parseStatusListCwt } from '@ekkasan/status'
import { createCertificateAuthority, parseCertificate, pemOf, statusSigningPurpose } from '@ekkasan/x509'
import { issuerKeys, trustIssuers } from '@ekkasan-examples/documents'
import { expect, it } from 'vitest'
import { callApi, type RunningIssuer, runCommand, startIssuer, temporaryFolder } from './running-issuer.ts'
import { claim } from './scripted-wallet.ts'

const subject = '1999900000013'

async function issue(issuer: RunningIssuer, configuration: string): Promise<string> {
  const { body } = await callApi(issuer, 'POST', '/offers', { subject, credentials: [configuration] })
  return claim(body.uriByReference as string, body.txCode as string)
}

// A verifier that has never seen the issuer before: nothing is cached.
async function verify(credential: string, issuer: RunningIssuer, anchor: string): Promise<string> {
  const host = new URL(issuer.address).host
  const fetch = createGuardedFetch({ allowHosts: [host] })
  const resolveDid = createDidResolver({ fetch, allowHttp: [host] })
  const { resolveIssuerKey } = issuerKeys({ fetch, resolveDid, allowHttp: true, certificates: [anchor] })
  const format = credential.includes('~')
    ? sdJwtVcVerifier({ resolveIssuerKey })
    : jwtVcVerifier({ resolveIssuerKey, resolveDid })
  const options = { isTrusted: trustAnyone('a test'), checkStatus: ignoreStatus('a test') }
  try {
    return (await format.verify(credential, options)).issuer.id
  } catch (error) {
    const { checks } = error as { checks?: readonly { name: string; outcome: string }[] }
    if (!checks) throw error
    return checks
      .filter(({ outcome }) => outcome !== 'passed' && outcome !== 'skipped')
      .map(({ name, outcome }) => `${name} ${outcome}`)
      .join(', ')
  }
}

it.each([
  { KEYS: 'files', ISSUER_ID: 'url', HOST: '127.0.0.1' },
  { KEYS: 'files', ISSUER_ID: 'did', HOST: 'localhost' },
  { KEYS: 'veramo', ISSUER_ID: 'url', HOST: '127.0.0.1' },
])(
  'after a rotation old credentials still verify; what a retired key signed is refused ($KEYS, issuer named by $ISSUER_ID)',
  async ({ KEYS, ISSUER_ID, HOST }) => {
    const folder = temporaryFolder()
    const port = String(20_000 + Math.floor(Math.random() * 20_000))
    const environment = {
      KEYS,
      ISSUER_ID,
      PORT: port,
      ...(HOST === 'localhost' && { ISSUER_URL: `http://localhost:${port}` }),
    }
    const started = async () => {
      const issuer = await startIssuer(folder.path, environment)
      return HOST === 'localhost' ? { ...issuer, address: `http://localhost:${port}` } : issuer
    }
    const expected = ISSUER_ID === 'did' ? `did:web:localhost%3A${port}` : `http://${HOST}:${port}`
    let issuer = await started()
    const anchor = () => readFileSync(join(folder.path, 'certificates', 'authority.pem'), 'utf8')
    try {
      const old = [
        await issue(issuer, 'ThaiNationalID-sd-jwt-vc'),
        await issue(issuer, 'ThaiNationalID-jwt-vc'),
      ]
      for (const credential of old) expect(await verify(credential, issuer, anchor())).toBe(expected)
      await issuer.stop()

      const rotated = await runCommand(folder.path, ['keys', 'rotate'], environment)
      expect(rotated.code).toBe(0)
      const [, newest, oldest] = rotated.out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { kid: string })
      issuer = await started()
      const fresh = await issue(issuer, 'ThaiNationalID-sd-jwt-vc')
      expect(kidOf(fresh)).toContain(newest!.kid)
      expect(kidOf(old[0]!)).toContain(oldest!.kid)
      for (const credential of [...old, fresh])
        expect(await verify(credential, issuer, anchor())).toBe(expected)
      await issuer.stop()

      expect((await runCommand(folder.path, ['keys', 'retire', 'nobody'], environment)).code).toBe(1)
      expect((await runCommand(folder.path, ['keys', 'retire', oldest!.kid], environment)).code).toBe(0)
      const last = await runCommand(folder.path, ['keys', 'retire', newest!.kid], environment)
      expect(last.out).toContain('the only key')
      issuer = await started()
      for (const credential of old)
        expect(await verify(credential, issuer, anchor())).toMatch(/issuer-key failed/)
      expect(await verify(fresh, issuer, anchor())).toBe(expected)
    } finally {
      await issuer.stop()
      folder.remove()
    }
  },
  120_000,
)

function kidOf(credential: string): string {
  const header = credential.split('.')[0]!
  return (JSON.parse(Buffer.from(header, 'base64url').toString('utf8')) as { kid: string }).kid
}

it('mdocs are certified by an authority of ISO/IEC 18013-5 Annex B, which revokes the certificates of retired keys', async () => {
  const folder = temporaryFolder()
  const environment = { PORT: String(20_000 + Math.floor(Math.random() * 20_000)) }
  let issuer = await startIssuer(folder.path, environment)
  try {
    const host = new URL(issuer.address).host
    const certificates = join(folder.path, 'certificates')
    const anchor = readFileSync(join(certificates, 'authority.pem'), 'utf8')
    const chains = () =>
      readdirSync(certificates)
        .filter((name) => name.startsWith('key-'))
        .map((name) => JSON.parse(readFileSync(join(certificates, name), 'utf8')).x5c as string[])
    // A verifier that has never seen the issuer before: nothing is cached.
    const find = (x5c: readonly string[]) =>
      issuerKeys({
        fetch: createGuardedFetch({ allowHosts: [host] }),
        resolveDid: createDidResolver(),
        allowHttp: true,
        certificates: [anchor],
      }).resolveMdocIssuer({ x5c, alg: 'ES256' })
    const [old = []] = chains()
    expect((await find(old)).identity.method).toBe('x5c')
    const oldKid = kidOf(await issue(issuer, 'ThaiNationalID-sd-jwt-vc'))
    await issuer.stop()
    await runCommand(folder.path, ['keys', 'rotate'], environment)
    issuer = await startIssuer(folder.path, environment)
    const fresh = chains().find((chain) => chain[0] !== old[0]) ?? []
    expect((await find(old)).identity.method).toBe('x5c')
    expect((await find(fresh)).identity.method).toBe('x5c')
    await issuer.stop()
    expect((await runCommand(folder.path, ['keys', 'retire', oldKid], environment)).code).toBe(0)
    issuer = await startIssuer(folder.path, environment)
    await expect(find(old)).rejects.toThrow('x509.revocation.revoked')
    expect((await find(fresh)).identity.method).toBe('x5c')
    const parsed = parseCertificate(fresh[0] ?? '')
    expect(parsed.uris).toEqual([issuer.address])
    expect(parsed.extendedKeyUsage).toEqual(['1.0.18013.5.1.2'])
  } finally {
    await issuer.stop()
    folder.remove()
  }
}, 120_000)

it('an agency’s own certificate is used as it is, and refused when it is for another key', async () => {
  const folder = temporaryFolder()
  const authority = await createCertificateAuthority({
    signer: await signerFromJwk(await generateJwk('ES256')),
    subject: { commonName: 'Agency' },
  })
  const x5c = await authority.issue({
    subject: { commonName: 'Signer' },
    publicJwk: publicJwkOf(await generateJwk('ES256')),
  })
  mkdirSync(join(folder.path, 'certificates'), { recursive: true })
  writeFileSync(join(folder.path, 'certificates', 'document-signer.pem'), x5c.map(pemOf).join(''))
  try {
    const { code, out } = await runCommand(folder.path, [], {})
    expect(code).toBe(1)
    expect(out).toContain('certificates/document-signer.pem is not for the key')
  } finally {
    folder.remove()
  }
})

it('SD-JWT VCs and status lists carry certificates that name the issuer, without the authority [N4]', async () => {
  const folder = temporaryFolder()
  const port = String(20_000 + Math.floor(Math.random() * 20_000))
  const url = `http://localhost:${port}`
  const issuer = await startIssuer(folder.path, { PORT: port, ISSUER_URL: url })
  try {
    const anchor = readFileSync(join(folder.path, 'certificates', 'authority.pem'), 'utf8')
    const authority = parseCertificate(anchor)
    const credential = await issue({ ...issuer, address: url }, 'ThaiNationalID-sd-jwt-vc-plain')
    const part = (jwt: string, at: number) =>
      JSON.parse(Buffer.from(jwt.split('.')[at] ?? '', 'base64url').toString('utf8'))
    const { uri } = part(credential, 1).status.status_list
    const token = await (await fetch(uri, { headers: { accept: 'application/statuslist+jwt' } })).text()
    for (const [jwt, purpose] of [
      [credential, '1.0.18013.5.1.2'],
      [token, statusSigningPurpose],
    ] as const) {
      const x5c = part(jwt, 0).x5c as string[]
      const [leaf, ...others] = x5c.map((certificate) => parseCertificate(certificate))
      expect(others).toEqual([])
      expect(leaf?.base64).not.toBe(authority.base64)
      expect([leaf?.issuer, leaf?.subject === leaf?.issuer]).toEqual([authority.subject, false])
      expect([leaf?.uris, leaf?.dnsNames, leaf?.extendedKeyUsage]).toEqual([[url], ['localhost'], [purpose]])
    }
    const cwt = await fetch(uri, { headers: { accept: 'application/statuslist+cwt' } })
    const chain = parseStatusListCwt(new Uint8Array(await cwt.arrayBuffer())).x5c
    expect(chain).toEqual(part(token, 0).x5c)
    // A verifier that knows authorities alone, and has no fetch for anything but their lists.
    const keys = issuerKeys({
      fetch: createGuardedFetch({ allowHosts: [`localhost:${port}`] }),
      resolveDid: async () => Promise.reject(new Error('not asked')),
      allowHttp: false,
      certificates: [anchor],
    })
    const isTrusted = trustIssuers({ issuers: [], certificates: [anchor] })
    const checkStatus = createStatusChecker({
      fetch: createGuardedFetch({ allowHosts: [`localhost:${port}`] }),
      resolveIssuerKey: keys.resolveIssuerKey,
      isTrusted,
    })
    const verified = await sdJwtVcVerifier({ resolveIssuerKey: keys.resolveIssuerKey }).verify(credential, {
      isTrusted,
      checkStatus,
    })
    expect(verified.issuer.id).toBe(url)
    expect(verified.checks.find(({ name }) => name === 'status')?.outcome).toBe('passed')
  } finally {
    await issuer.stop()
    folder.remove()
  }
}, 60_000)
