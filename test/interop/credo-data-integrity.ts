import { Kms, SignatureSuiteToken, W3cCredentialsModule } from '@credo-ts/core'
import { DataIntegrityProof } from '@digitalbazaar/data-integrity'
import { cryptosuite } from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite'
import { documentLoader } from './digitalbazaar-parties.ts'
import { interopContext } from './ours.ts'

// Credo itself knows only the proofs of 2018 and 2020 in `ldp_vc`, and VCDM 1.1. A proof suite can be handed to it: here
// Digital Bazaar's of ecdsa-rdfc-2019. So the protocol, the presentation and the JSON-LD around the proof are Credo's.

interface CredoKey {
  signer(): { sign(options: { data: Uint8Array }): Promise<Uint8Array> }
}
interface SuiteOptions {
  readonly key?: CredoKey
  readonly proof?: { readonly verificationMethod: string }
}

class EcdsaRdfc2019 extends DataIntegrityProof {
  constructor({ key, proof }: SuiteOptions = {}) {
    const signer = key && {
      id: proof?.verificationMethod,
      algorithm: 'P-256',
      sign: (options: { data: Uint8Array }) => key.signer().sign(options),
    }
    super({ cryptosuite, ...(signer && { signer }) })
  }

  /** Credo writes members that it has no value for as undefined. */
  createProof(options: { readonly document: object }): unknown {
    return super.createProof({ ...options, document: JSON.parse(JSON.stringify(options.document)) })
  }
}

/** What makes a Credo agent issue, hold and verify `ldp_vc` with Data Integrity. */
export function dataIntegrityModules() {
  return {
    w3cCredentials: new W3cCredentialsModule({
      documentLoader: () => async (url: string) =>
        url === interopContext.url
          ? { contextUrl: null, documentUrl: url, document: interopContext.document }
          : documentLoader(url),
    } as never),
    dataIntegrity: {
      register: (manager: { registerInstance(token: unknown, instance: unknown): void }) =>
        manager.registerInstance(SignatureSuiteToken, {
          suiteClass: EcdsaRdfc2019,
          proofType: 'DataIntegrityProof',
          verificationMethodTypes: ['Multikey', 'JsonWebKey2020'],
          supportedPublicJwkTypes: [Kms.P256PublicJwk],
        }),
    },
  }
}
