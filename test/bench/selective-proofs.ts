import * as bbs from '@digitalbazaar/bbs-2023-cryptosuite'
import * as Bls12381Multikey from '@digitalbazaar/bls12-381-multikey'
import { DataIntegrityProof } from '@digitalbazaar/data-integrity'
import * as ecdsaSd from '@digitalbazaar/ecdsa-sd-2023-cryptosuite'
import * as vc from '@digitalbazaar/vc'
import { fromBase64url } from '@ekkasan/core/bytes'
import type { JsonObject } from '@ekkasan/core/json'
import { deriveProof, issueLdpVc, verifyLdpVc } from '@ekkasan/data-integrity'
import { bbsSignerFromJwk, generateBbsJwk } from '@ekkasan/data-integrity/bbs'
import { didKeyUrlOf } from '@ekkasan/did'
import { publicJwkOf } from '@ekkasan/keys'
import {
  atOurs,
  contexts,
  createParty,
  credentialOf,
  documentLoader,
  theirSigner,
} from '../interop/digitalbazaar-parties.ts'
import type { Contender } from './contest.ts'

// Data Integrity with derived proofs: of a synthetic citizen's national ID one claim is shown.

export type SelectiveSuite = 'ecdsa-sd-2023' | 'bbs-2023'
export type Job = 'issue' | 'derive' | 'verify'

const mandatoryPointers = ['/issuer', '/validFrom', '/credentialSubject/id']
const pointers = ['/credentialSubject/name_th']

async function parties(suite: SelectiveSuite) {
  const { createSignCryptosuite, createDiscloseCryptosuite, createVerifyCryptosuite } =
    suite === 'bbs-2023' ? bbs : ecdsaSd
  const theirs = {
    sign: () => createSignCryptosuite({ mandatoryPointers }),
    disclose: () => createDiscloseCryptosuite({ selectivePointers: pointers }),
    verify: () => createVerifyCryptosuite(),
  }
  if (suite === 'ecdsa-sd-2023') {
    const party = await createParty('ES256')
    return { did: party.did, signer: party.signer, theirSigner: await theirSigner(party), theirs }
  }
  const jwk = generateBbsJwk()
  const url = didKeyUrlOf(publicJwkOf(jwk))
  const did = url.split('#')[0] as string
  const pair = await Bls12381Multikey.fromRaw({
    algorithm: 'BBS-BLS12-381-SHA-256',
    secretKey: fromBase64url(jwk.d),
    publicKey: fromBase64url(jwk.x as string),
  })
  Object.assign(pair, { id: url, controller: did })
  return { did, signer: bbsSignerFromJwk(jwk, { kid: url }), theirSigner: pair.signer(), theirs }
}

export async function selectiveProof(
  suite: SelectiveSuite,
  job: Job,
): Promise<readonly Contender<JsonObject>[]> {
  const { did, signer, theirSigner, theirs } = await parties(suite)
  const holder = await createParty('ES256')
  // Their suites give every object an id, ordered lists too, which jsonld then refuses.
  const flat = (claims: object) =>
    Object.fromEntries(Object.entries(claims).filter(([, value]) => !JSON.stringify(value).includes('[')))
  const unsigned = (seed: number): JsonObject => {
    const credential = structuredClone(credentialOf({ did } as never, holder))
    return {
      ...credential,
      id: `urn:example:${seed}`,
      credentialSubject: flat(credential.credentialSubject) as JsonObject,
    }
  }
  const issueOurs = (credential: JsonObject) =>
    issueLdpVc({ signer, credential, cryptosuite: suite, mandatoryPointers, contexts })
  const deriveOurs = (credential: JsonObject) => deriveProof({ credential, pointers, contexts })
  const prepare = async (count: number) => {
    const items: JsonObject[] = []
    for (let seed = 0; seed < count; seed++) {
      const credential = unsigned(seed)
      const base = job === 'issue' ? credential : await issueOurs(credential)
      items.push(job === 'verify' ? await deriveOurs(base) : base)
    }
    return items
  }
  const proof = (options: object) => new DataIntegrityProof(options)
  const ourRuns = {
    issue: issueOurs,
    derive: deriveOurs,
    verify: (credential: JsonObject) => verifyLdpVc(credential, atOurs),
  }
  const theirRuns = {
    issue: (credential: JsonObject) =>
      vc.issue({
        credential,
        suite: proof({ signer: theirSigner, cryptosuite: theirs.sign() }),
        documentLoader,
      }),
    derive: (verifiableCredential: JsonObject) =>
      vc.derive({ verifiableCredential, suite: proof({ cryptosuite: theirs.disclose() }), documentLoader }),
    verify: async (credential: JsonObject) => {
      const { verified } = await vc.verifyCredential({
        credential,
        suite: proof({ cryptosuite: theirs.verify() }),
        documentLoader,
      })
      if (!verified) throw new Error('invalid')
    },
  }
  return [
    { name: `ours: ${suite}, ${job}`, count: 20, prepare, run: ourRuns[job] },
    { name: `@digitalbazaar ${suite}, ${job}`, count: 4, prepare, run: theirRuns[job] },
  ]
}
