import type { JsonObject } from '@ekkasan/core/json'
import { audienceOf } from '@ekkasan/keys'
import { baseContextV1, baseContextV2, versionOf } from '@ekkasan/vcdm'
import { cryptosuiteFor, cryptosuites } from './cryptosuites.ts'
import { dataIntegrityContext, parseCredential } from './internal/credential.ts'
import { addProof } from './issue.ts'
import type { PresentLdpVpOptions } from './types.ts'

/**
 * Presents a credential to one verifier in a presentation that the holder signs (VCDM 2.0 section 4.13, OpenID4VP
 * Appendix B.1.3.2: `challenge` is the nonce, `domain` the client identifier or the origin). The whole credential is
 * disclosed.
 *
 * @throws DataIntegrityError when the credential is not one of this format
 * @throws TypeError when the holder's key is of no cryptosuite
 */
export async function presentLdpVp(options: PresentLdpVpOptions): Promise<JsonObject> {
  const { holder, binding, contexts, clock } = options
  const { secured, holderDid, proofs } = parseCredential(options.credential)
  // A credential that only covers its JSON may hold what JSON-LD does not define.
  const isJcs = proofs.some(({ cryptosuite }) => cryptosuites[cryptosuite].canonicalization === 'jcs')
  const cryptosuite = cryptosuiteFor(holder.alg, isJcs ? 'jcs' : 'rdfc')
  if (!cryptosuite) throw new TypeError(`no cryptosuite signs with ${holder.alg}`)
  return addProof({
    document: {
      '@context': versionOf(secured) === '1.1' ? [baseContextV1, dataIntegrityContext] : [baseContextV2],
      type: ['VerifiablePresentation'],
      ...(holderDid !== undefined && { holder: holderDid }),
      verifiableCredential: [secured],
    },
    signer: holder,
    cryptosuite,
    proofPurpose: 'authentication',
    challenge: binding.nonce,
    domain: audienceOf(binding),
    ...(contexts && { contexts }),
    ...(clock && { clock }),
  })
}
