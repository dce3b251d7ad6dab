import { concatBytes } from '@ekkasan/core/bytes'
import { type JsonObject, type JsonValue, listOf } from '@ekkasan/core/json'
import { type CryptosuiteName, cryptosuites, hashOf, type ProofAlgorithm } from '../cryptosuites.ts'
import { DataIntegrityError } from '../errors.ts'
import type { CanonicalForms } from './canonical-forms.ts'
import { canonicalizeJson } from './jcs.ts'

export interface HashDataOptions {
  readonly cryptosuite: CryptosuiteName
  readonly alg: ProofAlgorithm
  /** Of the document without any proof. */
  readonly forms: CanonicalForms
  /** With or without its `proofValue`, which is not hashed. */
  readonly proof: JsonObject
  /** Proofs that stand before this one in a chain: they are signed with the document. */
  readonly previous: readonly JsonObject[]
}

/**
 * What a signature is over: the hash of the proof's options and that of the document (vc-di-eddsa sections 3.2.3 to
 * 3.2.5 and 3.3.3 to 3.3.5, vc-di-ecdsa likewise).
 */
export function hashData({ cryptosuite, alg, forms, proof, previous }: HashDataOptions): Uint8Array {
  const { proofValue, '@context': own, ...config } = proof
  const context = forms.document['@context']
  requireBeginning(own, context)
  const algorithm = hashOf(alg)
  const kind = cryptosuites[cryptosuite].canonicalization
  const ownContext = kind === 'jcs' ? own : context
  const options = ownContext === undefined ? config : { ...config, '@context': ownContext }
  return concatBytes(
    forms.digestOf(options, kind, algorithm),
    forms.digest(kind, algorithm, { previous, context: kind === 'jcs' ? own : undefined }),
  )
}

/** A proof's context is that of the document when it was signed; contexts may have been added behind it since. */
export function requireBeginning(own: JsonValue | undefined, context: JsonValue | undefined): void {
  if (own === context) return
  const all = listOf(context)
  const isBeginning = listOf(own).every(
    (item, index) => all[index] !== undefined && canonicalizeJson(item) === canonicalizeJson(all[index]),
  )
  if (!isBeginning) {
    throw new DataIntegrityError('data-integrity.proof.context', "the proof's @context is not the document's")
  }
}
