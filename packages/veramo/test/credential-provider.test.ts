import { trustAnyone, trustOnly } from '@ekkasan/core'
import { resolveDidIssuer } from '@ekkasan/did'
import { parseJws } from '@ekkasan/keys'
import { verifyVcJwt } from '@ekkasan/vc-jose-cose'
import { resolveDidByVeramo, W3cCredentialProvider } from '@ekkasan/veramo'
import type { CredentialPayload, VerifiableCredential } from '@veramo/core'
import { describe, expect, it } from 'vitest'
import { createTestAgent } from './agent.ts'

const isTrusted = trustAnyone('a test')
const agent = createTestAgent({ isTrusted, proofFormats: ['vc+jwt', 'jwt_vc_json'] })
const asked = { challenge: 'n-1', domain: 'x509_san_dns:verifier.example' }

async function parties() {
  const [issuer, holder] = [await agent.didManagerCreate(), await agent.didManagerCreate()]
  const credential = {
    issuer: issuer.did,
    type: ['VerifiableCredential', 'ThaiNationalIDCredential'],
    credentialSubject: { id: holder.did, name: 'สมชาย ใจดี' },
  } as unknown as CredentialPayload
  return { issuer: issuer.did, holder: holder.did, credential }
}

for (const proofFormat of ['vc+jwt', 'jwt_vc_json'] as const) {
  describe(`${proofFormat} in an agent`, () => {
    it('is issued and verified by the calls of every agent', async () => {
      const { credential } = await parties()
      const issued = await agent.createVerifiableCredential({ credential, proofFormat })
      for (const document of [issued, issued.proof.jwt as string]) {
        const result = await agent.verifyCredential({ credential: document })
        expect(result.verified).toBe(true)
        expect(result.verifiableCredential).toMatchObject({ credentialSubject: credential.credentialSubject })
        expect(result.checks).toContainEqual(
          expect.objectContaining({ name: 'issuer-signature', outcome: 'passed' }),
        )
      }
    })

    it('is presented and verified, bound to challenge and domain', async () => {
      const { credential, holder } = await parties()
      const issued = await agent.createVerifiableCredential({ credential, proofFormat })
      const presentation = await agent.createVerifiablePresentation({
        presentation: { holder, verifiableCredential: [issued] } as never,
        proofFormat,
        ...asked,
      })
      for (const document of [presentation, presentation.proof.jwt as string]) {
        expect((await agent.verifyPresentation({ presentation: document, ...asked })).verified).toBe(true)
      }
      for (const [other, name] of [
        [{ ...asked, challenge: 'n-2' }, 'holder-nonce'],
        [{ ...asked, domain: 'x509_san_dns:evil.example' }, 'holder-audience'],
      ] as const) {
        const result = await agent.verifyPresentation({ presentation, ...other })
        const failed = result.checks.filter((check: { outcome: string }) => check.outcome === 'failed')
        expect([result.verified, failed]).toMatchObject([false, [{ name, outcome: 'failed' }]])
      }
      expect(await agent.verifyPresentation({ presentation })).toMatchObject({
        verified: false,
        error: { errorCode: 'veramo.credential.malformed' },
      })
    })

    it('is refused when it was changed, beside its JWT or in it', async () => {
      const { credential } = await parties()
      const issued = await agent.createVerifiableCredential({ credential, proofFormat })
      const beside = { ...issued, credentialSubject: { ...issued.credentialSubject, name: 'อื่น' } }
      expect(await agent.verifyCredential({ credential: beside })).toMatchObject({
        verified: false,
        error: { errorCode: 'veramo.credential.malformed' },
      })
      const [header, payload, signature] = (issued.proof.jwt as string).split('.') as [string, string, string]
      const changed = Buffer.from(Buffer.from(payload, 'base64url').toString().replace('ใจดี', 'ใจร้าย'))
      const jwt = `${header}.${changed.toString('base64url')}.${signature}`
      const result = await agent.verifyCredential({ credential: jwt })
      expect(result.verified).toBe(false)
      expect(result.checks).toContainEqual(
        expect.objectContaining({ name: 'issuer-signature', outcome: 'failed' }),
      )
    })

    it('is refused from an issuer who is not trusted', async () => {
      const { credential, issuer } = await parties()
      const issued = await agent.createVerifiableCredential({ credential, proofFormat })
      for (const [id, verified] of [
        [issuer, true],
        ['did:web:other.example', false],
      ] as const) {
        const careful = createTestAgent({
          isTrusted: trustOnly([{ role: 'credential-issuer', id }]),
          proofFormats: ['vc+jwt', 'jwt_vc_json'],
        })
        expect((await careful.verifyCredential({ credential: issued })).verified).toBe(verified)
      }
    })

    it('is issued by an identifier of the agent only, and presented one by one', async () => {
      const { credential, holder } = await parties()
      await expect(
        agent.createVerifiableCredential({
          credential: { ...credential, issuer: 'did:web:a.example' },
          proofFormat,
        }),
      ).rejects.toThrow()
      const issued = await agent.createVerifiableCredential({ credential, proofFormat })
      for (const held of [[], [issued, issued]]) {
        await expect(
          agent.createVerifiablePresentation({
            presentation: { holder, verifiableCredential: held } as never,
            proofFormat,
            ...asked,
          }),
        ).rejects.toThrow(/one credential/)
      }
      await expect(
        agent.createVerifiablePresentation({
          presentation: { holder, verifiableCredential: [issued] } as never,
          proofFormat,
        }),
      ).rejects.toThrow(/challenge/)
    })
  })
}

describe('vc+jwt in an agent', () => {
  it('is of the data model 2.0, without the issuanceDate that the plugin writes', async () => {
    const { credential, issuer } = await parties()
    const issued = await agent.createVerifiableCredential({
      credential,
      proofFormat: 'vc+jwt',
      now: 1_800_000_000,
    })
    const { header, payload } = parseJws(issued.proof.jwt)
    expect(header).toMatchObject({ typ: 'vc+jwt', alg: 'ES256', kid: expect.stringMatching(`^${issuer}#`) })
    expect(payload).toMatchObject({
      '@context': ['https://www.w3.org/ns/credentials/v2'],
      // Midnight in Bangkok of that day.
      iat: 1_799_946_000,
    })
    expect(payload).not.toHaveProperty('issuanceDate')
    expect(issued).not.toHaveProperty('issuanceDate')
  })

  it('is what the format library alone verifies', async () => {
    const { credential, issuer } = await parties()
    const { proof } = await agent.createVerifiableCredential({ credential, proofFormat: 'vc+jwt' })
    const resolveIssuerKey = resolveDidIssuer(resolveDidByVeramo(agent))
    expect((await verifyVcJwt(proof.jwt, { resolveIssuerKey, isTrusted })).issuer.id).toBe(issuer)
  })

  it('is verified in an EnvelopedVerifiableCredential too', async () => {
    const { credential } = await parties()
    const { proof } = await agent.createVerifiableCredential({ credential, proofFormat: 'vc+jwt' })
    const enveloped = {
      '@context': 'https://www.w3.org/ns/credentials/v2',
      type: 'EnvelopedVerifiableCredential',
      id: `data:application/vc+jwt,${proof.jwt}`,
    } as unknown as VerifiableCredential
    expect((await agent.verifyCredential({ credential: enveloped })).verified).toBe(true)
  })

  it('is refused when the body is not of the data model 2.0', async () => {
    const { credential } = await parties()
    for (const wrong of [
      { ...credential, '@context': ['https://www.w3.org/2018/credentials/v1'] },
      { ...credential, validFrom: 'yesterday' },
      { ...credential, credentialSubject: undefined },
    ]) {
      await expect(
        agent.createVerifiableCredential({ credential: wrong as never, proofFormat: 'vc+jwt' }),
      ).rejects.toThrow()
    }
  })
})

describe('jwt_vc_json in an agent', () => {
  it('has an issuer that is a DID alone, and times in whole seconds', async () => {
    const { credential, issuer } = await parties()
    const proofFormat = 'jwt_vc_json'
    const issued = await agent.createVerifiableCredential({
      credential: { ...credential, issuer: { id: issuer } },
      proofFormat,
    })
    expect(issued).toMatchObject({ issuer, issuanceDate: expect.stringMatching(/:\d\dZ$/) })
    const named = { ...credential, issuer: { id: issuer, name: 'x' } }
    await expect(agent.createVerifiableCredential({ credential: named, proofFormat })).rejects.toThrow(
      /DID alone/,
    )
  })
})

describe('beside the provider of Veramo', () => {
  it("leaves the agent's own formats alone unless told", async () => {
    const plain = createTestAgent({ isTrusted })
    const { did } = await plain.didManagerCreate({ provider: 'did:key' })
    const credential = { issuer: did, credentialSubject: { name: 'x' } } as unknown as CredentialPayload
    const issued = await plain.createVerifiableCredential({ credential, proofFormat: 'jwt' })
    const result = await plain.verifyCredential({ credential: issued })
    expect(result.verified).toBe(true)
    expect(result).not.toHaveProperty('checks')
    await expect(
      plain.createVerifiableCredential({ credential, proofFormat: 'jwt_vc_json' }),
    ).rejects.toThrow(/No provider/)
  })

  it('lists its formats for keys that sign', async () => {
    const { did } = await agent.didManagerCreate()
    const identifier = await agent.didManagerGet({ did })
    expect(await agent.listUsableProofFormats(identifier)).toEqual(['vc+jwt', 'jwt_vc_json', 'jwt'])
  })

  it('cannot be made without saying whom to trust', () => {
    expect(() => new W3cCredentialProvider({} as never)).toThrow(TypeError)
  })

  it('takes nothing for its own that is no JWT of its formats', () => {
    const provider = new W3cCredentialProvider({ isTrusted, proofFormats: ['vc+jwt', 'jwt_vc_json'] })
    for (const document of ['', 'a.b.c', {}, { proof: null }, { id: 'data:application/vc+jwt,x' }, null, 7]) {
      expect(provider.canVerifyDocumentType({ document: document as never })).toBe(false)
    }
  })
})
