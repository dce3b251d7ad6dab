import { DataIntegrityProof } from '@digitalbazaar/data-integrity'
import {
  createDiscloseCryptosuite,
  createSignCryptosuite,
  createVerifyCryptosuite,
} from '@digitalbazaar/ecdsa-sd-2023-cryptosuite'
import * as vc from '@digitalbazaar/vc'
import { deriveProof, issueLdpVc, verifyLdpVc } from '@ekkasan/data-integrity'
import { expect, it } from 'vitest'
import {
  atOurs,
  contexts,
  createParty,
  credentialOf,
  documentLoader,
  theirSigner,
} from './digitalbazaar-parties.ts'

// ecdsa-sd-2023: issuer, holder and verifier of either side, in every mixture that crosses.

const issuer = await createParty('ES256')
const whole = credentialOf(issuer, await createParty('ES256'))
// Their suite gives every object an id, ordered lists too, which jsonld then refuses.
const subject = Object.entries(whole.credentialSubject).filter(
  ([, value]) => !JSON.stringify(value).includes('['),
)
const credential = { ...whole, credentialSubject: Object.fromEntries(subject) }
const mandatoryPointers = ['/issuer', '/validFrom', '/credentialSubject/id']
const [shown = '', hidden = ''] = Object.keys(credential.credentialSubject).filter(
  (name) =>
    typeof (credential.credentialSubject as Record<string, unknown>)[name] === 'string' && name !== 'id',
)
const pointers = [`/credentialSubject/${shown}`]

const ourBase = () =>
  issueLdpVc({ signer: issuer.signer, credential, cryptosuite: 'ecdsa-sd-2023', mandatoryPointers, contexts })
const theirBase = async () =>
  vc.issue({
    credential: structuredClone(credential),
    suite: new DataIntegrityProof({
      signer: await theirSigner(issuer),
      cryptosuite: createSignCryptosuite({ mandatoryPointers }),
    }),
    documentLoader,
  })
const theirDerived = (base: object) =>
  vc.derive({
    verifiableCredential: base,
    suite: new DataIntegrityProof({
      cryptosuite: createDiscloseCryptosuite({ selectivePointers: pointers }),
    }),
    documentLoader,
  })
const ourDerived = (base: unknown) => deriveProof({ credential: base as never, pointers, contexts })
const theyVerify = async (derived: object) =>
  (await vc.verifyCredential({
    credential: derived,
    suite: new DataIntegrityProof({ cryptosuite: createVerifyCryptosuite() }),
    documentLoader,
  })) as { verified: boolean; error?: { errors?: unknown } }

it.each([
  ['we issue, we derive', async () => ourDerived(await ourBase())],
  ['we issue, they derive', async () => theirDerived(await ourBase())],
  ['they issue, we derive', async () => ourDerived(await theirBase())],
  ['they issue, they derive', async () => theirDerived(await theirBase())],
])('%s: both verify what is shown', async (_who, make) => {
  const derived = (await make()) as { credentialSubject: Record<string, unknown> }
  expect(Object.keys(derived.credentialSubject)).toEqual(expect.arrayContaining(['id', shown]))
  expect(derived.credentialSubject).not.toHaveProperty(hidden)
  expect((await verifyLdpVc(derived, atOurs)).checks.some(({ outcome }) => outcome === 'failed')).toBe(false)
  const result = await theyVerify(derived)
  expect(result.error?.errors ?? result.error).toBeUndefined()
  expect(result.verified).toBe(true)
  const changed = { ...derived, credentialSubject: { ...derived.credentialSubject, [shown]: 'x' } }
  await expect(verifyLdpVc(changed, atOurs)).rejects.toThrow('issuer-signature')
  expect((await theyVerify(changed)).verified).toBe(false)
})
