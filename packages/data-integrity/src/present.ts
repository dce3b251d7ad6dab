import { platformRandomBytes } from '@ekkasan/core/bytes'
import type { JsonObject } from '@ekkasan/core/json'
import { checkOptions } from '@ekkasan/core/options'
import { audienceOf } from '@ekkasan/keys'
import { baseContextV1, baseContextV2, versionOf } from '@ekkasan/vcdm'
import { standardContexts } from './contexts.ts'
import { cryptosuiteFor, cryptosuites } from './cryptosuites.ts'
import { DataIntegrityError } from './errors.ts'
import { deriveBbs } from './internal/bbs-2023.ts'
import { dataIntegrityContext, parseCredential } from './internal/credential.ts'
import { deriveSd } from './internal/ecdsa-sd.ts'
import { deriveRules, presentRules } from './internal/option-rules.ts'
import { addProof } from './issue.ts'
import type { DeriveProofOptions, PresentLdpVpOptions } from './types.ts'

/**
 * Presents a credential to one verifier in a presentation that the holder signs (VCDM 2.0 section 4.13, OpenID4VP
 * Appendix B.1.3.2: `challenge` is the nonce, `domain` the client identifier or the origin). The whole credential is
 * disclosed, unless it has a base proof of ecdsa-sd-2023 or bbs-2023.
 *
 * @throws DataIntegrityError when the credential is not one of this format
 * @throws TypeError for an option that is none or malformed, when the holder's key is of no cryptosuite
 */
export async function presentLdpVp(options: PresentLdpVpOptions): Promise<JsonObject> {
  checkOptions(options, 'presentLdpVp', presentRules)
  const { holder, binding, pointers = [], contexts, clock } = options
  const kept = parseCredential(options.credential)
  const isSelective = kept.proofs.some(({ sd }) => sd?.kind === 'base')
  const { secured, holderDid, proofs } = isSelective
    ? parseCredential(
        await deriveProof({ credential: options.credential, pointers, ...(contexts && { contexts }) }),
      )
    : kept
  // A credential that only covers its JSON may hold what JSON-LD does not define.
  const isJcs = proofs.some(({ cryptosuite }) => cryptosuites[cryptosuite].canonicalization === 'jcs')
  const cryptosuite = cryptosuiteFor(holder.alg, isJcs ? 'jcs' : 'rdfc')
  if (!cryptosuite || cryptosuites[cryptosuite].selective)
    throw new TypeError(`no cryptosuite signs presentations with ${holder.alg}`)
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

/**
 * What a holder shows of a credential with a base proof of ecdsa-sd-2023 or bbs-2023: the part pointed to and what is mandatory,
 * with a derived proof over just that (vc-di-ecdsa section 3.6.6, vc-di-bbs section 3.4.6). Other proofs of the credential stay behind.
 *
 * @throws DataIntegrityError when the credential has no base proof, a pointer points to nothing, or the credential is not
 * signed over the holder's secrets: `data-integrity.proof.signature`
 * @throws TypeError for an option that is none or malformed, when the secrets or the `nymDomain` that its feature needs are missing
 */
export async function deriveProof(options: DeriveProofOptions): Promise<JsonObject> {
  checkOptions(options, 'deriveProof', deriveRules)
  const {
    pointers,
    contexts = standardContexts,
    presentationHeader = new Uint8Array(),
    randomBytes = platformRandomBytes,
  } = options
  const { document, proofs } = parseCredential(options.credential)
  for (const { proof, sd: value } of proofs) {
    if (value?.kind !== 'base') continue
    if (value.suite === 'ecdsa-sd-2023') return deriveSd({ document, proof, value, pointers, contexts })
    return deriveBbs({ ...options, document, proof, value, contexts, presentationHeader, randomBytes })
  }
  throw new DataIntegrityError('data-integrity.structure.proof', 'the credential has no base proof')
}
