import type { Clock, ResolveDid } from '@ekkasan/core'
import type { JsonObject } from '@ekkasan/core/json'
import { checkOptions } from '@ekkasan/core/options'
import { DidError, findVerificationKey } from '@ekkasan/did'
import { type ContextRegistry, standardContexts } from './contexts.ts'
import { DataIntegrityError } from './errors.ts'
import { showingOf } from './internal/bbs-showing.ts'
import { parseDocument } from './internal/bounded.ts'
import { type CanonicalForms, canonicalFormsOf } from './internal/canonical-forms.ts'
import { coveredDocument, handedOn } from './internal/credential.ts'
import { expandTypes } from './internal/expand-types.ts'
import { hashedProof, isMadeBy } from './internal/hashed-proof.ts'
import { verifyProofsRules } from './internal/option-rules.ts'
import { type ParsedProof, parseProofs } from './internal/proof.ts'
import type { BbsShowing } from './types.ts'

export interface VerifyProofsOptions {
  /** Resolves the DIDs whose keys the proofs name. */
  readonly resolveDid: ResolveDid
  readonly proofPurpose: 'assertionMethod' | 'authentication'
  /** What every proof must say, where it is given. */
  readonly domain?: string
  readonly challenge?: string
  readonly contexts?: ContextRegistry
  readonly clock?: Clock
}

export interface VerifiedProof {
  readonly verificationMethod: string
  readonly created?: Date
  /** Of a derived proof of bbs-2023. */
  readonly showing?: BbsShowing
}

export interface VerifiedProofs {
  /**
   * Without its proofs, and without contexts that a jcs proof does not cover. Where an rdfc proof covers it, in the one
   * form that its statements have: a list of one is a single value unless its context says that it is a list or a set.
   */
  readonly document: JsonObject
  readonly proofs: readonly VerifiedProof[]
}

/**
 * Verifies every proof of a document of whatever kind, the other side of `addProof` (W3C Data Integrity sections 4.4
 * and 4.5): a presentation of several credentials or of none, any JSON object. What the document says is for the
 * caller to judge, and whether those who signed it may say so; for credentials that is what `verifyLdpVc` does.
 *
 * @throws DataIntegrityError when it has no proof or one that is not acceptable: `data-integrity.proof.*` and others
 * @throws ResolveError when a DID cannot be resolved; `core.resolve.unavailable` alone means that it is unknown
 * @throws TypeError for an option that is none or malformed
 */
export async function verifyProofs(secured: unknown, options: VerifyProofsOptions): Promise<VerifiedProofs> {
  checkOptions(options, 'verifyProofs', verifyProofsRules)
  const { contexts = standardContexts, clock = () => new Date() } = options
  const { document, proofs } = parseProofs(parseDocument(secured))
  // A jcs proof covers every byte, and still means nothing by a context that nobody here knows (section 2.4.1).
  if (document['@context'] !== undefined) expandTypes(document, contexts)
  const now = clock()
  const forms = canonicalFormsOf(document, { contexts })
  for (const proof of proofs) await verifyProof(forms, proof, { ...options, contexts, now })
  return {
    document: coveredDocument({ document: handedOn(forms, proofs), proofs }),
    proofs: proofs.map((proof) => {
      const { verificationMethod, created } = proof
      const showing = showingOf(proof)
      return { verificationMethod, ...(created && { created }), ...(showing && { showing }) }
    }),
  }
}

async function verifyProof(
  forms: CanonicalForms,
  proof: ParsedProof,
  options: VerifyProofsOptions & { readonly contexts: ContextRegistry; readonly now: Date },
): Promise<void> {
  const { resolveDid, proofPurpose, domain, challenge, contexts, now } = options
  if (proof.purpose !== proofPurpose) throw fault('proof.purpose', `not for ${proofPurpose}`)
  if (domain !== undefined && !proof.domains.includes(domain))
    throw fault('proof.domain', 'of another domain')
  if (challenge !== undefined && proof.challenge !== challenge) {
    throw fault('proof.challenge', 'in answer to another challenge')
  }
  if (proof.expires && proof.expires <= now) throw fault('proof.expired', 'its time is over')
  const hashed = hashedProof(forms, proof, { contexts, kind: 'derived' })
  const key = await keyOf(proof, proofPurpose, resolveDid)
  if (!(await isMadeBy(hashed, key))) throw fault('proof.signature', 'not made with the key it names')
}

async function keyOf(
  { verificationMethod }: ParsedProof,
  purpose: VerifyProofsOptions['proofPurpose'],
  resolveDid: ResolveDid,
) {
  const did = verificationMethod.split('#')[0] as string
  try {
    return findVerificationKey(await resolveDid(did), verificationMethod, purpose)
  } catch (error) {
    if (!(error instanceof DidError)) throw error
    throw new DataIntegrityError('data-integrity.proof.key', `its key is not to be had: ${error.message}`, {
      cause: error,
    })
  }
}

function fault(
  code: `proof.${'purpose' | 'domain' | 'challenge' | 'expired' | 'signature'}`,
  what: string,
): DataIntegrityError {
  return new DataIntegrityError(`data-integrity.${code}`, `not an acceptable proof: ${what}`)
}
