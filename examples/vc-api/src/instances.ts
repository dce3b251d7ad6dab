import type { BitstringStatusReference } from '@ekkasan/core'
import type { JsonObject } from '@ekkasan/core/json'
import {
  addProof,
  type ContextRegistry,
  type CryptosuiteName,
  cryptosuites,
  issueLdpVc,
} from '@ekkasan/data-integrity'
import type { BitstringStatusLists } from '@ekkasan/status'
import {
  createEnvelope,
  type IssueVcOptions,
  issueVcCose,
  issueVcJwt,
  issueVcSdJwt,
  type SecuredCredential,
} from '@ekkasan/vc-jose-cose'
import { credentialStatusOf } from '@ekkasan/vcdm'
import type { BbsIdentity, Identities, Identity } from './keys.ts'
import { malformed } from './problem.ts'

/** One way of securing with one key: an "instance" of the VC API, under a path of its own. */
export interface Instance {
  /** The name in its path. */
  readonly name: string
  readonly did: string
  /** A credential that conforms to the data model, secured: with a proof, or enveloped. */
  issue(credential: JsonObject, options: IssueOptions): Promise<JsonObject>
  /** A presentation with its holder's proof. Absent where this way of securing has none. */
  readonly present?: (presentation: JsonObject, options: PresentOptions) => Promise<JsonObject>
}

export interface IssueOptions {
  /** By which its status is changed later, where it has no `id`. */
  readonly credentialId?: string
  /** JSON pointers to what every derived credential shows. */
  readonly mandatoryPointers?: readonly string[]
}

export interface PresentOptions {
  readonly challenge?: string
  readonly domain?: string
}

/** Every way of securing that the libraries have, the first of them the one without a path of its own. */
export function createInstances(identities: Identities, contexts: ContextRegistry): readonly Instance[] {
  const { EdDSA, ES256, ES384, BBS } = identities
  const proof = (name: string, cryptosuite: CryptosuiteName, identity: Identity | BbsIdentity) =>
    proofInstance({ name, cryptosuite, identity, contexts })
  return [
    proof('eddsa-rdfc-2022', 'eddsa-rdfc-2022', EdDSA),
    proof('eddsa-jcs-2022', 'eddsa-jcs-2022', EdDSA),
    proof('ecdsa-rdfc-2019-p256', 'ecdsa-rdfc-2019', ES256),
    proof('ecdsa-rdfc-2019-p384', 'ecdsa-rdfc-2019', ES384),
    proof('ecdsa-jcs-2019-p256', 'ecdsa-jcs-2019', ES256),
    proof('ecdsa-jcs-2019-p384', 'ecdsa-jcs-2019', ES384),
    proof('ecdsa-sd-2023', 'ecdsa-sd-2023', ES256),
    proof('bbs-2023', 'bbs-2023', BBS),
    envelopeInstance('vc-jwt', ES256, issueVcJwt),
    envelopeInstance('vc-sd-jwt', ES256, issueVcSdJwt),
    envelopeInstance('vc-cose', ES256, issueVcCose),
  ]
}

/** A holder who may hide them shows a revoked or expired credential as a valid one. */
const judgedBy = [
  'issuer',
  'validFrom',
  'validUntil',
  'issuanceDate',
  'expirationDate',
  'credentialStatus',
  'credentialSchema',
  'relatedResource',
]

interface ProofInstanceOptions {
  readonly name: string
  readonly cryptosuite: CryptosuiteName
  readonly identity: Identity | BbsIdentity
  readonly contexts: ContextRegistry
}

function proofInstance({ name, cryptosuite, identity, contexts }: ProofInstanceOptions): Instance {
  const { did, signer } = identity
  const issue: Instance['issue'] = (credential, { mandatoryPointers: asked = [] }) => {
    const needed = judgedBy
      .filter((member) => Object.hasOwn(credential, member))
      .map((member) => `/${member}`)
    const mandatoryPointers = [...new Set([...asked, ...needed])]
    return issueLdpVc({ signer, cryptosuite, contexts, credential, mandatoryPointers })
  }
  if (cryptosuites[cryptosuite].selective) return { name, did, issue }
  return {
    name,
    did,
    issue,
    present: (document, options) =>
      addProof({ signer, cryptosuite, contexts, document, proofPurpose: 'authentication', ...options }),
  }
}

/** VCDM 2.0 section 4.13.1. */
function envelopeInstance(
  name: string,
  { did, signer }: Identity,
  issue: (options: IssueVcOptions) => Promise<SecuredCredential>,
): Instance {
  return { name, did, issue: async (credential) => createEnvelope(await issue({ signer, credential })) }
}

/** The instance under another name, whose credentials get an entry of the status lists. */
export function withStatus(
  instance: Instance,
  lists: BitstringStatusLists,
  remember: (credentialId: string, entries: BitstringStatusReference) => Promise<void>,
): Instance {
  return {
    ...instance,
    name: `${instance.name}-status`,
    async issue(credential, options) {
      const { credentialId = credential.id } = options
      if (credential.credentialStatus !== undefined) {
        throw malformed('credentialStatus is what this instance adds')
      }
      if (typeof credentialId !== 'string')
        throw malformed('an id or credentialId is needed to change the status by')
      const entries = await lists.allocate()
      const status = { credentialStatus: credentialStatusOf(entries) }
      const secured = await instance.issue({ ...credential, ...status }, options)
      // Only what can be issued takes its id, and only what took it is given out.
      await remember(credentialId, entries)
      return secured
    },
  }
}
