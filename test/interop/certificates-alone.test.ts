import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { generateJwk, signerFromJwk } from '@ekkasan/keys'
import { createCertificateAuthority, pemOf } from '@ekkasan/x509'
import { decodeProtectedHeader } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  callApi,
  type RunningIssuer,
  startIssuer,
  temporaryFolder,
} from '../../examples/issuer/test/running-issuer.ts'
import { verifyByRoot } from './certificate-verifier.ts'
import { createCredoHolder } from './credo-parties.ts'
import { createOpenid4vcHolder } from './openid4vc-holder.ts'

// What the reference issuer's program issues, in the hands of verifiers that know its authority's certificate and nothing
// else of it: one of node:crypto, @sd-jwt, jose and cose-kit, which shares nothing with us, and Credo 0.6.3, which shares
// @peculiar/asn1-* under its certificates. @openid4vc's client receives.

const folder = temporaryFolder()
const port = String(20_000 + Math.floor(Math.random() * 20_000))
const url = `http://localhost:${port}`
let issuer: RunningIssuer
let root: string
let otherRoot: string
beforeAll(async () => {
  issuer = await startIssuer(folder.path, { PORT: port, ISSUER_URL: url })
  root = readFileSync(join(folder.path, 'certificates', 'authority.pem'), 'utf8')
  const other = await createCertificateAuthority({
    signer: await signerFromJwk(await generateJwk('ES256')),
    subject: { commonName: 'Another authority', country: 'TH' },
  })
  otherRoot = pemOf(other.certificate)
})
afterAll(async () => {
  await issuer?.stop()
  folder.remove()
})

const base64Of = (pem: string) => pem.replaceAll(/-----[^-]+-----|\s/g, '')

async function received(configuration: string) {
  const { body } = await callApi(issuer, 'POST', '/offers', {
    subject: '1999900000013',
    credentials: [configuration],
  })
  const holder = await createOpenid4vcHolder()
  const { credentials } = await holder.receive(body.uriByReference as string, {
    txCode: body.txCode as string,
    binding: 'jwk',
  })
  const { state } = (await callApi(issuer, 'GET', `/offers/${body.id}`)).body as {
    state: { issuances: string[] }
  }
  return { credential: credentials[0] as string, issuance: state.issuances[0] as string }
}

/** The first letter of the issuer's signature is another one. */
function tampered(credential: string): string {
  const [jwt = '', ...disclosures] = credential.split('~')
  const [header, payload, signature = ''] = jwt.split('.')
  const first = signature.startsWith('A') ? 'B' : 'A'
  return [`${header}.${payload}.${first}${signature.slice(1)}`, ...disclosures].join('~')
}

async function byCredo(credential: string, trusted: string) {
  const { agent } = await createCredoHolder([base64Of(trusted)])
  const verified = await agent.sdJwtVc.verify({ compactSdJwtVc: credential })
  await agent.shutdown()
  return verified
}

describe.each(['ThaiNationalID-sd-jwt-vc-plain', 'ThaiNationalID-sd-jwt-vc'])(
  '%s and its status list under the authority’s certificate alone [N4]',
  (configuration) => {
    let credential: string
    let issuance: string
    beforeAll(async () => {
      ;({ credential, issuance } = await received(configuration))
    })

    it('verify with node:crypto, @sd-jwt, jose and cose-kit [N4]', async () => {
      expect(decodeProtectedHeader(credential.split('~')[0] as string).x5c).toHaveLength(1)
      const { claims, status } = await verifyByRoot(credential, root)
      expect(claims.iss ?? (claims.issuer as { id: string }).id).toBe(url)
      expect(JSON.stringify(claims)).toContain('กรมการปกครอง')
      expect(status).toEqual({ jwt: 0, cwt: 0 })
    })

    it('verify with Credo, which trusts certificates alone [N4]', async () => {
      const verified = await byCredo(credential, root)
      expect(verified).toMatchObject({ isValid: true })
    })

    it('do not verify under another authority, nor with another signature [N4]', async () => {
      await expect(verifyByRoot(credential, otherRoot)).rejects.toThrow('not issued by the root')
      await expect(verifyByRoot(tampered(credential), root)).rejects.toThrow('signature verification failed')
      expect(await byCredo(credential, otherRoot)).toMatchObject({ isValid: false })
      expect(await byCredo(tampered(credential), root)).toMatchObject({ isValid: false })
    })

    it('show the revocation to both [N4]', async () => {
      expect((await callApi(issuer, 'POST', `/issuances/${issuance}/revoke`)).status).toBe(204)
      expect((await verifyByRoot(credential, root)).status).toEqual({ jwt: 1, cwt: 1 })
      const verified = await byCredo(credential, root)
      expect(verified.isValid).toBe(false)
      expect(String(verified.isValid === false && verified.error)).toMatch(/status/i)
    })
  },
)
