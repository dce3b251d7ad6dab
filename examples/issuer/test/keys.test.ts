import { createGuardedFetch, ignoreStatus, trustAnyone } from '@ekkasan/core'
import { createDidResolver, resolveDidIssuer } from '@ekkasan/did'
import { jwtVcVerifier } from '@ekkasan/jwt-vc'
import { resolveJwtVcIssuer, sdJwtVcVerifier } from '@ekkasan/sd-jwt-vc'
import { expect, it } from 'vitest'
import { callApi, type RunningIssuer, runCommand, startIssuer, temporaryFolder } from './running-issuer.ts'
import { claim } from './scripted-wallet.ts'

const subject = '1999900000013'

async function issue(issuer: RunningIssuer, configuration: string): Promise<string> {
  const { body } = await callApi(issuer, 'POST', '/offers', { subject, credentials: [configuration] })
  return claim(body.uriByReference as string, body.txCode as string)
}

// A verifier that has never seen the issuer before: nothing is cached.
async function verify(credential: string, issuer: RunningIssuer): Promise<string> {
  const host = new URL(issuer.address).host
  const fetch = createGuardedFetch({ allowHosts: [host] })
  const resolveDid = createDidResolver({ fetch, allowHttp: [host] })
  const https = resolveJwtVcIssuer({ fetch, allowHttp: true })
  const did = resolveDidIssuer(resolveDid)
  const resolveIssuerKey: typeof https = (question) =>
    question.iss?.startsWith('did:') ? did(question) : https(question)
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
    try {
      const old = [
        await issue(issuer, 'ThaiNationalID-sd-jwt-vc'),
        await issue(issuer, 'ThaiNationalID-jwt-vc'),
      ]
      for (const credential of old) expect(await verify(credential, issuer)).toBe(expected)
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
      for (const credential of [...old, fresh]) expect(await verify(credential, issuer)).toBe(expected)
      await issuer.stop()

      expect((await runCommand(folder.path, ['keys', 'retire', 'nobody'], environment)).code).toBe(1)
      expect((await runCommand(folder.path, ['keys', 'retire', oldest!.kid], environment)).code).toBe(0)
      const last = await runCommand(folder.path, ['keys', 'retire', newest!.kid], environment)
      expect(last.out).toContain('the only key')
      issuer = await started()
      for (const credential of old) expect(await verify(credential, issuer)).toMatch(/issuer-key failed/)
      expect(await verify(fresh, issuer)).toBe(expected)
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
