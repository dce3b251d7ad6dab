import type { PublicJwk } from '@ekkasan/core'
import { isForSignatures, KeysError, verifySignature } from '@ekkasan/keys'
import type { ContextRegistry } from '../contexts.ts'
import { DataIntegrityError } from '../errors.ts'
import { type BbsBaseData, type BbsDerivedData, bbsData, bbsPublicKey, isBbsSigned } from './bbs-2023.ts'
import type { CanonicalForms } from './canonical-forms.ts'
import { type SdData, sdData } from './ecdsa-sd.ts'
import { hashData, requireBeginning } from './hash-data.ts'
import type { ParsedProof } from './proof.ts'

export interface HashedProof extends ParsedProof {
  /** What its signature is over. */
  readonly data: Uint8Array
  /** Of a selective cryptosuite: what its further signatures are over. */
  readonly more?: SdData | BbsBaseData | BbsDerivedData
}

/**
 * A proof with what its signatures are over. Of the selective ones a verifier is shown derived proofs, a holder keeps
 * base proofs.
 * @throws DataIntegrityError when a proof could not cover the document
 */
export function hashedProof(
  forms: CanonicalForms,
  proof: ParsedProof,
  { contexts, kind }: { readonly contexts: ContextRegistry; readonly kind: 'derived' | 'base' },
): HashedProof {
  const { sd: value } = proof
  const { document } = forms
  if (!value) return { ...proof, data: hashData({ ...proof, forms }) }
  requireBeginning(proof.proof['@context'], document['@context'])
  // A base proof holds the keys to all that it hides: who sees it has been shown too much, or is deceived.
  if (value.kind !== kind) {
    throw new DataIntegrityError('data-integrity.proof.value', `a ${value.kind} proof where none belongs`)
  }
  if (proof.previous.length > 0) {
    throw new DataIntegrityError('data-integrity.proof.previous', 'its cryptosuite has no place in a chain')
  }
  if (value.suite === 'bbs-2023') {
    const more = bbsData({ document, forms, proof: proof.proof, value, contexts })
    return { ...proof, data: more.header, more }
  }
  const more = sdData({ document, forms, proof: proof.proof, value, contexts })
  return { ...proof, data: more.data, more }
}

/** Whether a key made the proof, with all the signatures that it holds. */
export async function isMadeBy(proof: HashedProof, jwk: PublicJwk): Promise<boolean> {
  const { more } = proof
  if (more?.suite === 'bbs-2023') {
    return jwk.crv === 'BLS12381G2' && isForSignatures(jwk) && (await isBbsSigned(more, bbsPublicKey(jwk)))
  }
  return (await isSignedBy(proof, proof.data, jwk)) && (!more || (await areSigned(more)))
}

/** Every statement that is not mandatory, each with its signature by the proof's own key. */
async function areSigned({ statements, signatures, statementKey }: SdData): Promise<boolean> {
  if (statements.length !== signatures.length) return false
  for (const [index, statement] of statements.entries()) {
    const signature = signatures[index] as Uint8Array
    if (!(await verifySignature('ES256', statementKey, statement, signature))) return false
  }
  return true
}

/** Whether a key made the signature; a key that is not one for the cryptosuite did not. */
export async function isSignedBy(
  { alg, signature }: ParsedProof,
  data: Uint8Array,
  jwk: PublicJwk,
): Promise<boolean> {
  try {
    return await verifySignature(alg, jwk, data, signature)
  } catch (error) {
    if (error instanceof KeysError) return false
    throw error
  }
}
