import * as bbs from '@digitalbazaar/bbs-2023-cryptosuite'
import * as Bls12381Multikey from '@digitalbazaar/bls12-381-multikey'
import { DataIntegrityProof } from '@digitalbazaar/data-integrity'
import * as ecdsaSd from '@digitalbazaar/ecdsa-sd-2023-cryptosuite'
import * as vc from '@digitalbazaar/vc'
import { fromBase64url } from '@ekkasan/core/bytes'
import { deriveProof, issueLdpVc, verifyLdpVc } from '@ekkasan/data-integrity'
import { bbsSignerFromJwk, generateBbsJwk } from '@ekkasan/data-integrity/bbs'
import { didKeyUrlOf } from '@ekkasan/did'
import { publicJwkOf } from '@ekkasan/keys'
import { describe, expect, it } from 'vitest'
import {
  atOurs,
  contexts,
  createParty,
  credentialOf,
  documentLoader,
  theirSigner,
} from './digitalbazaar-parties.ts'

// ecdsa-sd-2023 and bbs-2023: issuer, holder and verifier of either side, in every mixture that crosses. Their bbs-2023
// stands on @digitalbazaar/bbs-signatures; the curve of both is @noble/curves, of another major version.

const ecdsaIssuer = await createParty('ES256')
const bbsJwk = generateBbsJwk()
const bbsUrl = didKeyUrlOf(publicJwkOf(bbsJwk))
const bbsDid = bbsUrl.split('#')[0] as string

async function theirBbsSigner(): Promise<unknown> {
  const pair = await Bls12381Multikey.fromRaw({
    algorithm: 'BBS-BLS12-381-SHA-256',
    secretKey: fromBase64url(bbsJwk.d),
    publicKey: fromBase64url(bbsJwk.x as string),
  })
  Object.assign(pair, { id: bbsUrl, controller: bbsDid })
  return pair.signer()
}

const suites = [
  {
    cryptosuite: 'ecdsa-sd-2023',
    theirs: ecdsaSd,
    did: ecdsaIssuer.did,
    signer: ecdsaIssuer.signer,
    theirIssuer: () => theirSigner(ecdsaIssuer),
  },
  {
    cryptosuite: 'bbs-2023',
    theirs: bbs,
    did: bbsDid,
    signer: bbsSignerFromJwk(bbsJwk, { kid: bbsUrl }),
    theirIssuer: theirBbsSigner,
  },
] as const

describe.each(suites)('$cryptosuite', async ({ cryptosuite, theirs, did, signer, theirIssuer }) => {
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

  const ourBase = () => issueLdpVc({ signer, credential, cryptosuite, mandatoryPointers, contexts })
  const theirBase = async () =>
    vc.issue({
      credential: structuredClone(credential),
      suite: new DataIntegrityProof({
        signer: await theirIssuer(),
        cryptosuite: theirs.createSignCryptosuite({ mandatoryPointers }),
      }),
      documentLoader,
    })
  const theirDerived = (base: object) =>
    vc.derive({
      verifiableCredential: base,
      suite: new DataIntegrityProof({
        cryptosuite: theirs.createDiscloseCryptosuite({ selectivePointers: pointers }),
      }),
      documentLoader,
    })
  const ourDerived = (base: unknown) => deriveProof({ credential: base as never, pointers, contexts })
  const theyVerify = async (derived: object) =>
    (await vc.verifyCredential({
      credential: derived,
      suite: new DataIntegrityProof({ cryptosuite: theirs.createVerifyCryptosuite() }),
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
    expect((await verifyLdpVc(derived, atOurs)).checks.some(({ outcome }) => outcome === 'failed')).toBe(
      false,
    )
    const result = await theyVerify(derived)
    expect(result.error?.errors ?? result.error).toBeUndefined()
    expect(result.verified).toBe(true)
    const changed = { ...derived, credentialSubject: { ...derived.credentialSubject, [shown]: 'x' } }
    await expect(verifyLdpVc(changed, atOurs)).rejects.toThrow('issuer-signature')
    expect((await theyVerify(changed)).verified).toBe(false)
  })
})
