import {
  createDiscloseCryptosuite,
  createSignCryptosuite,
  createVerifyCryptosuite,
} from '@digitalbazaar/bbs-2023-cryptosuite'
import * as Bls12381Multikey from '@digitalbazaar/bls12-381-multikey'
import { DataIntegrityProof } from '@digitalbazaar/data-integrity'
import * as vc from '@digitalbazaar/vc'
import { fromBase64url } from '@ekkasan/core/bytes'
import { deriveProof, issueLdpVc, verifyLdpVc } from '@ekkasan/data-integrity'
import { bbsSignerFromJwk, generateBbsJwk } from '@ekkasan/data-integrity/bbs'
import { didKeyUrlOf } from '@ekkasan/did'
import { publicJwkOf } from '@ekkasan/keys'
import { expect, it } from 'vitest'
import { atOurs, contexts, createParty, credentialOf, documentLoader } from './digitalbazaar-parties.ts'

// bbs-2023: issuer, holder and verifier of either side, in every mixture that crosses. Theirs stands on
// @digitalbazaar/bbs-signatures; the curve of both is @noble/curves, of another major version.

const jwk = generateBbsJwk()
const url = didKeyUrlOf(publicJwkOf(jwk))
const did = url.split('#')[0] as string
const signer = bbsSignerFromJwk(jwk, { kid: url })
const whole = credentialOf({ did } as never, await createParty('ES256'))
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

const ourBase = () => issueLdpVc({ signer, credential, mandatoryPointers, contexts })
const theirBase = async () => {
  const pair = await Bls12381Multikey.fromRaw({
    algorithm: 'BBS-BLS12-381-SHA-256',
    secretKey: fromBase64url(jwk.d),
    publicKey: fromBase64url(jwk.x as string),
  })
  Object.assign(pair, { id: url, controller: did })
  const suite = new DataIntegrityProof({
    signer: pair.signer(),
    cryptosuite: createSignCryptosuite({ mandatoryPointers }),
  })
  return vc.issue({ credential: structuredClone(credential), suite, documentLoader })
}
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
