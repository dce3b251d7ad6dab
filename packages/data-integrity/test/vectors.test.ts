import type { Signer } from '@ekkasan/core'
import { base64url, fromBase58, hex } from '@ekkasan/core/bytes'
import { addProof, type CryptosuiteName, canonicalizeJson, verifyLdpVc } from '@ekkasan/data-integrity'
import { parseMultikey } from '@ekkasan/did'
import { signerFromJwk } from '@ekkasan/keys'
import { describe, expect, it } from 'vitest'
import { describeVectors } from '../../../test/vectors.ts'
import { canonicalFormsOf } from '../src/internal/canonical-forms.ts'
import { canonicalizeRdf } from '../src/internal/canonicalize-rdf.ts'
import { hashData } from '../src/internal/hash-data.ts'
import { toRdf } from '../src/internal/to-rdf.ts'
import { atVectors, jsonOf, textOf, vectorContexts } from './vectors.ts'

interface Vector {
  readonly cryptosuite: CryptosuiteName
  readonly alg: 'EdDSA' | 'ES256' | 'ES384'
  /** Folder, and the ending of its files' names. */
  readonly folder: string
  readonly ending: string
  readonly document: string
}

const eddsa = 'di-eddsa/TestVectors'
const ecdsa = 'di-ecdsa/TestVectors'
const plain = 'unsigned.json'
const employ = 'employmentAuth.json'
const vectors: readonly Vector[] = [
  {
    cryptosuite: 'eddsa-jcs-2022',
    alg: 'EdDSA',
    folder: `${eddsa}/eddsa-jcs-2022`,
    ending: 'JCS',
    document: `${eddsa}/${plain}`,
  },
  {
    cryptosuite: 'eddsa-rdfc-2022',
    alg: 'EdDSA',
    folder: `${eddsa}/eddsa-rdfc-2022`,
    ending: 'DataInt',
    document: `${eddsa}/${plain}`,
  },
  {
    cryptosuite: 'eddsa-rdfc-2022',
    alg: 'EdDSA',
    folder: `${eddsa}/eddsa-rdfc-2022/employ`,
    ending: 'DataInt',
    document: `${eddsa}/${employ}`,
  },
  {
    cryptosuite: 'ecdsa-jcs-2019',
    alg: 'ES256',
    folder: `${ecdsa}/ecdsa-jcs-2019-p256`,
    ending: 'JCSECDSAP256',
    document: `${ecdsa}/${plain}`,
  },
  {
    cryptosuite: 'ecdsa-jcs-2019',
    alg: 'ES384',
    folder: `${ecdsa}/ecdsa-jcs-2019-p384`,
    ending: 'JCSECDSAP384',
    document: `${ecdsa}/${plain}`,
  },
  {
    cryptosuite: 'ecdsa-rdfc-2019',
    alg: 'ES256',
    folder: `${ecdsa}/ecdsa-rdfc-2019-p256`,
    ending: 'ECDSAP256',
    document: `${ecdsa}/${plain}`,
  },
  {
    cryptosuite: 'ecdsa-rdfc-2019',
    alg: 'ES256',
    folder: `${ecdsa}/ecdsa-rdfc-2019-p256/employ`,
    ending: 'ECDSAP256',
    document: `${ecdsa}/${employ}`,
  },
  {
    cryptosuite: 'ecdsa-rdfc-2019',
    alg: 'ES384',
    folder: `${ecdsa}/ecdsa-rdfc-2019-p384`,
    ending: 'ECDSAP384',
    document: `${ecdsa}/${plain}`,
  },
  {
    cryptosuite: 'ecdsa-rdfc-2019',
    alg: 'ES384',
    folder: `${ecdsa}/ecdsa-rdfc-2019-p384/employ`,
    ending: 'ECDSAP384',
    document: `${ecdsa}/${employ}`,
  },
]

for (const { cryptosuite, alg, folder, ending, document } of vectors)
  describeVectors(folder, `the vectors of ${folder}`, () => {
    const text = (name: string) => textOf(`${folder}/${name}${ending}.txt`)
    const config = jsonOf(`${folder}/proofConfig${ending}.json`)
    const signed = jsonOf(`${folder}/signed${ending}.json`)
    const { proof, ...unsigned } = signed
    const canonicalize = (value: never) =>
      cryptosuite.includes('jcs')
        ? canonicalizeJson(value)
        : canonicalizeRdf(toRdf(value, vectorContexts), alg === 'ES384' ? 'sha-384' : 'sha-256').text

    it('canonicalizes document and proof options byte for byte', () => {
      expect(canonicalize(jsonOf(document) as never)).toBe(text('canonDoc'))
      expect(canonicalize(config as never)).toBe(text('proofCanon'))
    })

    it('hashes proof options and document, in this order', () => {
      const data = hashData({
        cryptosuite,
        alg,
        forms: canonicalFormsOf(unsigned, { contexts: vectorContexts }),
        proof,
        previous: [],
      })
      expect(hex(data)).toBe(text('combinedHash'))
      expect(hex(data)).toBe(text('proofHash') + text('docHash'))
    })

    it('reads the signature from proofValue', () => {
      expect(proof.proofValue).toBe(text('sigBTC58'))
      expect(hex(fromBase58(proof.proofValue.slice(1)))).toBe(text('sigHex'))
    })

    it('verifies the signed credential', async () => {
      const { checks } = await verifyLdpVc(signed, atVectors)
      expect(checks.find(({ name }) => name === 'issuer-signature')).toMatchObject({
        outcome: 'passed',
        detail: cryptosuite,
      })
    })

    it('rejects it with one claim changed', async () => {
      const changed = { ...signed, name: `${signed.name}.` }
      await expect(verifyLdpVc(changed, atVectors)).rejects.toThrow('issuer-signature')
    })

    // ECDSA is randomized: only its verification can be compared.
    if (alg !== 'EdDSA') return

    it('signs to the same bytes', async () => {
      const signer = await vectorSigner(jsonOf(`${eddsa}/keyPair.json`))
      const again = await addProof({
        document: unsigned,
        signer,
        cryptosuite,
        verificationMethod: config.verificationMethod,
        created: new Date(config.created),
        contexts: vectorContexts,
      })
      expect((again.proof as { proofValue: string }).proofValue).toBe(proof.proofValue)
      expect(again).toEqual(signed)
    })
  })

interface KeyPair {
  readonly publicKeyMultibase: string
  readonly privateKeyMultibase: string
}

async function vectorSigner({ publicKeyMultibase, privateKeyMultibase }: KeyPair): Promise<Signer> {
  const jwk = parseMultikey(publicKeyMultibase)
  const d = base64url(fromBase58(privateKeyMultibase.slice(1)).subarray(2))
  return signerFromJwk({ ...jwk, d }, { kid: `did:key:${publicKeyMultibase}#${publicKeyMultibase}` })
}

describe('the vectors of proof sets and chains', () => {
  const folder = `${eddsa}/proof-set-chain`
  const signerOf = (name: string) => vectorSigner(jsonOf(`${folder}/multiKeyPairs.json`)[name])

  it.each(['signedProofSet1', 'signedProofSet2', 'signedProofChain1', 'signedProofChain2'])(
    'verifies %s',
    async (name) => {
      const { checks } = await verifyLdpVc(jsonOf(`${folder}/${name}.json`), atVectors)
      expect(checks.find((check) => check.name === 'issuer-signature')?.outcome).toBe('passed')
    },
  )

  it.each(['signedProofSet2', 'signedProofChain1', 'signedProofChain2'])(
    'rejects %s with one proof of it changed',
    async (name) => {
      const signed = jsonOf(`${folder}/${name}.json`)
      for (const index of signed.proof.keys()) {
        const proof = signed.proof.map((one: object, at: number) =>
          at === index ? { ...one, created: '2023-02-24T23:36:39Z' } : one,
        )
        await expect(verifyLdpVc({ ...signed, proof }, atVectors)).rejects.toThrow('issuer-signature')
      }
    },
  )

  it('writes the set and the chain of the standard, byte for byte (sections 4.3, 2.1.2)', async () => {
    const expected = jsonOf(`${folder}/signedProofChain2.json`)
    let document = jsonOf(`${folder}/unsigned.json`)
    const keys = Object.keys(jsonOf(`${folder}/multiKeyPairs.json`))
    for (const [index, proof] of expected.proof.entries()) {
      document = await addProof({
        document,
        signer: await signerOf(keys[index] as string),
        cryptosuite: 'eddsa-rdfc-2022',
        created: new Date(proof.created),
        ...(proof.id && { id: proof.id }),
        ...(proof.previousProof && { previousProof: proof.previousProof }),
        contexts: vectorContexts,
      })
    }
    expect(document).toEqual(expected)
  })
})
