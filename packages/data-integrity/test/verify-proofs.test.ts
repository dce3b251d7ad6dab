import { ResolveError } from '@ekkasan/core'
import type { JsonObject } from '@ekkasan/core/json'
import { addProof, issueLdpVc, verifyProofs } from '@ekkasan/data-integrity'
import { describe, expect, it } from 'vitest'
import { body, clock, contexts, didOf, holder, issuer, now, resolveDid, stranger } from './setting.ts'

const presentation: JsonObject = {
  '@context': ['https://www.w3.org/ns/credentials/v2'],
  type: ['VerifiablePresentation'],
  holder: didOf(holder),
}
const asked = { proofPurpose: 'authentication', challenge: 'c-1', domain: 'verifier.example' } as const
const options = { ...asked, resolveDid, contexts, clock }
const signed = (change: object = {}, document = presentation) =>
  addProof({ ...asked, document, signer: holder, contexts, clock, ...change })
const codeOf = (verification: Promise<unknown>) =>
  verification.then(
    () => 'verified',
    (error: { code: string }) => error.code,
  )

describe('verifyProofs, the other side of addProof', () => {
  it.each(['ecdsa-rdfc-2019', 'ecdsa-jcs-2019'] as const)(
    'verifies a presentation of no credential with %s',
    async (cryptosuite) => {
      const verified = await verifyProofs(await signed({ cryptosuite }), options)
      // A single type is no list, unless the very JSON is covered.
      const isJcs = cryptosuite === 'ecdsa-jcs-2019'
      const type = isJcs ? presentation.type : 'VerifiablePresentation'
      expect(verified.document).toEqual({ ...presentation, type })
      expect(verified.proofs).toEqual([{ verificationMethod: holder.key.kid, created: now }])
    },
  )

  it('verifies a presentation of several credentials', async () => {
    const credentials = await Promise.all(
      [issuer, stranger].map((signer) =>
        issueLdpVc({ signer, contexts, clock, credential: { ...body, issuer: didOf(signer) } }),
      ),
    )
    const several = await signed({}, { ...presentation, verifiableCredential: credentials })
    expect((await verifyProofs(several, options)).document.verifiableCredential).toEqual(credentials)
  })

  it('verifies any JSON object with a jcs proof, of a set each one', async () => {
    const once = await addProof({ document: { a: [1, null] }, signer: issuer, cryptosuite: 'ecdsa-jcs-2019' })
    const twice = await addProof({ document: once, signer: holder, cryptosuite: 'ecdsa-jcs-2019' })
    const verified = await verifyProofs(twice, { resolveDid, proofPurpose: 'assertionMethod' })
    expect(verified.proofs.map(({ verificationMethod }) => verificationMethod)).toEqual([
      issuer.key.kid,
      holder.key.kid,
    ])
    const changed = verifyProofs({ ...twice, a: [2, null] }, { resolveDid, proofPurpose: 'assertionMethod' })
    expect(await codeOf(changed)).toBe('data-integrity.proof.signature')
  })

  it.each([
    ['another purpose', { proofPurpose: 'assertionMethod' }, 'purpose'],
    ['another domain', { domain: 'other.example' }, 'domain'],
    ['no domain', { domain: undefined }, 'domain'],
    ['another challenge', { challenge: 'c-2' }, 'challenge'],
    ['an end that is now', { expires: now }, 'expired'],
    ['a key that its controller does not have', { verificationMethod: `${didOf(issuer)}#other` }, 'key'],
    ['a key of somebody else', { verificationMethod: stranger.key.kid }, 'signature'],
  ])('refuses a proof of %s', async (_what, change, reason) => {
    expect(await codeOf(verifyProofs(await signed(change), options))).toBe(`data-integrity.proof.${reason}`)
  })

  it('refuses a document without a proof, or changed after it', async () => {
    expect(await codeOf(verifyProofs(presentation, options))).toBe('data-integrity.structure.proof')
    const changed = { ...(await signed()), holder: didOf(stranger) }
    expect(await codeOf(verifyProofs(changed, options))).toBe('data-integrity.proof.signature')
  })

  it('refuses a context that is not known, with a jcs suite too', async () => {
    const document = {
      ...presentation,
      '@context': ['https://www.w3.org/ns/credentials/v2', 'https://who.example/'],
    }
    const secured = await signed({ cryptosuite: 'ecdsa-jcs-2019' }, document)
    expect(await codeOf(verifyProofs(secured, options))).toBe('data-integrity.context.unknown')
  })

  it('gives back no context that was added behind what a jcs proof covers (vc-di-ecdsa section 3.3.2)', async () => {
    const secured = await signed({ cryptosuite: 'ecdsa-jcs-2019' })
    const more = { ...secured, '@context': [...(presentation['@context'] as string[]), { holder2: 'urn:h' }] }
    expect((await verifyProofs(more, options)).document).toEqual(presentation)
  })

  it('refuses a base proof, which is for the holder alone', async () => {
    const base = await issueLdpVc({
      signer: issuer,
      credential: body,
      contexts,
      cryptosuite: 'ecdsa-sd-2023',
    })
    const verification = verifyProofs(base, { resolveDid, contexts, clock, proofPurpose: 'assertionMethod' })
    expect(await codeOf(verification)).toBe('data-integrity.proof.value')
  })

  it('says that it does not know where a DID could not be looked up', async () => {
    const unavailable = async () => {
      throw new ResolveError('core.resolve.unavailable', 'no answer')
    }
    const verification = verifyProofs(await signed(), { ...options, resolveDid: unavailable })
    expect(await codeOf(verification)).toBe('core.resolve.unavailable')
  })
})
