import { concatBytes, hash } from '@ekkasan/core/bytes'
import { type JsonObject, type JsonValue, listOf } from '@ekkasan/core/json'
import type { ContextRegistry } from '../contexts.ts'
import { type CryptosuiteName, cryptosuites, hashOf, type ProofAlgorithm } from '../cryptosuites.ts'
import { DataIntegrityError } from '../errors.ts'
import { canonicalizeRdf } from './canonicalize-rdf.ts'
import { canonicalizeJson } from './jcs.ts'
import { toRdf } from './to-rdf.ts'

export interface HashDataOptions {
  readonly cryptosuite: CryptosuiteName
  readonly alg: ProofAlgorithm
  /** Without any proof. */
  readonly document: JsonObject
  /** With or without its `proofValue`, which is not hashed. */
  readonly proof: JsonObject
  /** Proofs that stand before this one in a chain: they are signed with the document. */
  readonly previous: readonly JsonObject[]
  readonly contexts: ContextRegistry
}

/**
 * What a signature is over: the hash of the proof's options and that of the document (vc-di-eddsa sections 3.2.3 to
 * 3.2.5 and 3.3.3 to 3.3.5, vc-di-ecdsa likewise).
 */
export function hashData(options: HashDataOptions): Uint8Array {
  const { cryptosuite, alg, document, proof, previous, contexts } = options
  const { proofValue, '@context': own, ...config } = proof
  const context = document['@context']
  requireBeginning(own, context)
  const chained = previous.length === 0 ? document : { ...document, proof: previous }
  const algorithm = hashOf(alg)
  const isJcs = cryptosuites[cryptosuite].canonicalization === 'jcs'
  const canonicalize = (value: JsonObject) =>
    isJcs ? canonicalizeJson(value) : canonicalizeRdf(toRdf(value, contexts), algorithm).text
  const ownContext = isJcs ? own : context
  return concatBytes(
    hash(algorithm, canonicalize(ownContext === undefined ? config : { ...config, '@context': ownContext })),
    hash(algorithm, canonicalize(isJcs && own !== undefined ? { ...chained, '@context': own } : chained)),
  )
}

/** A proof's context is that of the document when it was signed; contexts may have been added behind it since. */
export function requireBeginning(own: JsonValue | undefined, context: JsonValue | undefined): void {
  const all = listOf(context)
  const isBeginning = listOf(own).every(
    (item, index) => all[index] !== undefined && canonicalizeJson(item) === canonicalizeJson(all[index]),
  )
  if (!isBeginning) {
    throw new DataIntegrityError('data-integrity.proof.context', "the proof's @context is not the document's")
  }
}
