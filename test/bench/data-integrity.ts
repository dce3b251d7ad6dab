import { generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto'
import { DataIntegrityProof } from '@digitalbazaar/data-integrity'
import * as ecdsaJcs from '@digitalbazaar/ecdsa-jcs-2019-cryptosuite'
import { cryptosuite as ecdsaRdfc } from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite'
import * as eddsaJcs from '@digitalbazaar/eddsa-jcs-2022-cryptosuite'
import { cryptosuite as eddsaRdfc } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite'
import * as vc from '@digitalbazaar/vc'
import { type CryptosuiteName, issueLdpVc, verifyLdpVc } from '@ekkasan/data-integrity'
import {
  atOurs,
  contexts,
  createParty,
  credentialOf,
  documentLoader,
  theirSigner,
} from '../interop/digitalbazaar-parties.ts'
import type { Contender } from './contest.ts'
import { rawMessage, rawSign, rawVerify } from './material.ts'

// The national ID of a synthetic citizen as `ldp_vc`. What is proven is two digests: the raw message is their length.

export type Curve = 'Ed25519' | 'P-256'
type Suite = { readonly name: CryptosuiteName; readonly sign: () => unknown; readonly verify: () => unknown }

const suites: Readonly<Record<Curve, readonly Suite[]>> = {
  Ed25519: [
    {
      name: 'eddsa-jcs-2022',
      sign: eddsaJcs.createSignCryptosuite,
      verify: eddsaJcs.createVerifyCryptosuite,
    },
    { name: 'eddsa-rdfc-2022', sign: () => eddsaRdfc, verify: () => eddsaRdfc },
  ],
  'P-256': [
    {
      name: 'ecdsa-jcs-2019',
      sign: ecdsaJcs.createSignCryptosuite,
      verify: ecdsaJcs.createVerifyCryptosuite,
    },
    { name: 'ecdsa-rdfc-2019', sign: () => ecdsaRdfc, verify: () => ecdsaRdfc },
  ],
}
const algOf = { Ed25519: 'EdDSA', 'P-256': 'ES256' } as const

interface RawPair {
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}
const rawPair = (curve: Curve): RawPair =>
  curve === 'Ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: 'P-256' })
const rawSignature = (curve: Curve, key: KeyObject, data: Buffer) =>
  curve === 'Ed25519' ? sign(null, data, key) : rawSign(key, data)
const isRawSignature = (curve: Curve, key: KeyObject, data: Buffer, signature: Buffer) =>
  curve === 'Ed25519' ? verify(null, data, key, signature) : rawVerify(key, data, signature)
const digests = (seed: number) => rawMessage(seed).subarray(0, 64)

async function range<T>(count: number, make: (seed: number) => T | Promise<T>): Promise<T[]> {
  const items: T[] = []
  for (let seed = 0; seed < count; seed++) items.push(await make(seed))
  return items
}

// biome-ignore lint/suspicious/noExplicitAny: each contender knows its own items
type AnyContender = Contender<any>

/** Raw, then each suite as ours and as @digitalbazaar's. */
export async function proofIssue(curve: Curve): Promise<readonly AnyContender[]> {
  const { privateKey } = rawPair(curve)
  const issuer = await createParty(algOf[curve])
  const holder = await createParty(algOf[curve])
  const signer = await theirSigner(issuer)
  const unsigned = (seed: number) => ({
    ...structuredClone(credentialOf(issuer, holder)),
    id: `urn:example:${seed}`,
  })
  const raw: Contender<Buffer> = {
    name: `raw: one ${curve} signature`,
    count: 300,
    prepare: (count) => range(count, digests),
    run: (data) => rawSignature(curve, privateKey, data),
  }
  return [
    raw,
    ...suites[curve].map(
      ({ name }): AnyContender => ({
        name: `ours: ${name}`,
        count: 200,
        prepare: (count) => range(count, unsigned),
        run: (credential) => issueLdpVc({ signer: issuer.signer, credential, cryptosuite: name, contexts }),
      }),
    ),
    ...suites[curve].map(
      ({ name, sign: create }): AnyContender => ({
        name: `@digitalbazaar ${name}`,
        count: 30,
        prepare: (count) => range(count, unsigned),
        run: (credential) =>
          vc.issue({
            credential,
            suite: new DataIntegrityProof({ signer, cryptosuite: create() }),
            documentLoader,
          }),
      }),
    ),
  ]
}

export async function proofVerify(curve: Curve): Promise<readonly AnyContender[]> {
  const pair = rawPair(curve)
  const issuer = await createParty(algOf[curve])
  const holder = await createParty(algOf[curve])
  const issueOne = (cryptosuite: CryptosuiteName) => (seed: number) =>
    issueLdpVc({
      signer: issuer.signer,
      credential: { ...structuredClone(credentialOf(issuer, holder)), id: `urn:example:${seed}` },
      cryptosuite,
      contexts,
    })
  const key = await atOurs.resolveIssuerKey({ iss: issuer.did, kid: issuer.url, alg: algOf[curve] })
  const ours = { ...atOurs, resolveIssuerKey: async () => key }
  const raw: Contender<readonly [Buffer, Buffer]> = {
    name: `raw: one ${curve} verification`,
    count: 300,
    prepare: (count) =>
      range(count, (seed) => [digests(seed), rawSignature(curve, pair.privateKey, digests(seed))] as const),
    run([data, signature]) {
      if (!isRawSignature(curve, pair.publicKey, data, signature)) throw new Error('invalid')
    },
  }
  return [
    raw,
    ...suites[curve].map(
      ({ name }): AnyContender => ({
        name: `ours: ${name}`,
        count: 200,
        prepare: (count) => range(count, issueOne(name)),
        run: (credential) => verifyLdpVc(credential, ours),
      }),
    ),
    ...suites[curve].map(
      ({ name, verify: create }): AnyContender => ({
        name: `@digitalbazaar ${name}`,
        count: 20,
        prepare: (count) => range(count, issueOne(name)),
        async run(credential) {
          const suite = new DataIntegrityProof({ cryptosuite: create() })
          const { verified } = await vc.verifyCredential({ credential, suite, documentLoader })
          if (!verified) throw new Error('invalid')
        },
      }),
    ),
  ]
}
