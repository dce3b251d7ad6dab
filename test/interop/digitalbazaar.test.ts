import { DataIntegrityProof } from '@digitalbazaar/data-integrity'
import * as ecdsaJcs from '@digitalbazaar/ecdsa-jcs-2019-cryptosuite'
import { cryptosuite as ecdsaRdfc } from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite'
import * as eddsaJcs from '@digitalbazaar/eddsa-jcs-2022-cryptosuite'
import { cryptosuite as eddsaRdfc } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite'
import * as vc from '@digitalbazaar/vc'
import type { JsonObject } from '@ekkasan/core/json'
import {
  type CryptosuiteName,
  issueLdpVc,
  presentLdpVp,
  verifyLdpVc,
  verifyLdpVp,
} from '@ekkasan/data-integrity'
import { describe, expect, it } from 'vitest'
import {
  atOurs,
  contexts,
  createParty,
  credentialOf,
  documentLoader,
  theirSigner,
} from './digitalbazaar-parties.ts'

// The suites of Digital Bazaar share no code with ours: they stand on jsonld and rdf-canonize.

const suites: readonly [
  CryptosuiteName,
  'ES256' | 'ES384' | 'EdDSA',
  sign: () => unknown,
  verify: () => unknown,
][] = [
  ['eddsa-rdfc-2022', 'EdDSA', () => eddsaRdfc, () => eddsaRdfc],
  ['eddsa-jcs-2022', 'EdDSA', eddsaJcs.createSignCryptosuite, eddsaJcs.createVerifyCryptosuite],
  ['ecdsa-rdfc-2019', 'ES256', () => ecdsaRdfc, () => ecdsaRdfc],
  ['ecdsa-rdfc-2019', 'ES384', () => ecdsaRdfc, () => ecdsaRdfc],
  ['ecdsa-jcs-2019', 'ES256', ecdsaJcs.createSignCryptosuite, ecdsaJcs.createVerifyCryptosuite],
  ['ecdsa-jcs-2019', 'ES384', ecdsaJcs.createSignCryptosuite, ecdsaJcs.createVerifyCryptosuite],
]

describe.each(suites)('%s with %s', async (cryptosuite, alg, sign, verify) => {
  const issuer = await createParty(alg)
  const holder = await createParty(alg)
  const credential = credentialOf(issuer, holder)
  const binding = { clientId: 'x509_san_dns:verifier.example', nonce: 'n-0S6_WzA2Mj' }
  const verifying = () => new DataIntegrityProof({ cryptosuite: verify() })

  it('they verify the credential that we issue', async () => {
    const secured = await issueLdpVc({ signer: issuer.signer, credential, cryptosuite, contexts })
    const result = await vc.verifyCredential({ credential: secured, suite: verifying(), documentLoader })
    expect(result.error?.errors ?? result.error).toBeUndefined()
    expect(result.verified).toBe(true)
    const changed = { ...secured, credentialSubject: { ...credential.credentialSubject, id: issuer.did } }
    expect(
      (await vc.verifyCredential({ credential: changed, suite: verifying(), documentLoader })).verified,
    ).toBe(false)
  })

  it('we verify the credential that they issue', async () => {
    const suite = new DataIntegrityProof({ signer: await theirSigner(issuer), cryptosuite: sign() })
    const secured = await vc.issue({ credential: structuredClone(credential), suite, documentLoader })
    expect((await verifyLdpVc(secured, atOurs)).credential).toEqual(credential)
    const changed = { ...secured, credentialSubject: { ...secured.credentialSubject, id: issuer.did } }
    await expect(verifyLdpVc(changed, atOurs)).rejects.toThrow('issuer-signature')
  })

  it('they verify the presentation that we make, with its challenge and domain', async () => {
    const secured = await issueLdpVc({ signer: issuer.signer, credential, cryptosuite, contexts })
    const presentation = await presentLdpVp({ credential: secured, holder: holder.signer, binding, contexts })
    const options = { presentation, suite: verifying(), documentLoader, domain: binding.clientId }
    const result = await vc.verify({ ...options, challenge: binding.nonce })
    expect(result.error?.errors ?? result.error).toBeUndefined()
    expect(result.verified).toBe(true)
    expect((await vc.verify({ ...options, challenge: 'other' })).verified).toBe(false)
  })

  it('we verify the presentation that they make', async () => {
    const suiteOf = async (party: typeof issuer) =>
      new DataIntegrityProof({ signer: await theirSigner(party), cryptosuite: sign() })
    const secured = (await vc.issue({
      credential: structuredClone(credential),
      suite: await suiteOf(issuer),
      documentLoader,
    })) as JsonObject
    const presentation = await vc.signPresentation({
      presentation: vc.createPresentation({
        verifiableCredential: [secured],
        holder: holder.did,
        version: 2,
      }),
      suite: await suiteOf(holder),
      challenge: binding.nonce,
      domain: binding.clientId,
      documentLoader,
    })
    expect((await verifyLdpVp(presentation, { ...atOurs, binding })).holder.kid).toBe(holder.url)
    await expect(
      verifyLdpVp(presentation, { ...atOurs, binding: { ...binding, nonce: 'other' } }),
    ).rejects.toThrow('holder-nonce')
  })
})
