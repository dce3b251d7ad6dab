import { EkkasanError } from '@ekkasan/core'

export type DataIntegrityErrorCode =
  /** Not a JSON object, or not one within the bounds of depth and size. */
  | 'data-integrity.structure.malformed'
  /** No proof, too many, or a proof with a member missing or malformed. */
  | 'data-integrity.structure.proof'
  /** A presentation without exactly one credential of this format. */
  | 'data-integrity.structure.credentials'
  /** No row of the table of cryptosuites, or none for the key's algorithm. */
  | 'data-integrity.cryptosuite.unsupported'
  /** `proofValue` is not what its cryptosuite writes: another multibase, another length. */
  | 'data-integrity.proof.value'
  /** The proof was made for another purpose. */
  | 'data-integrity.proof.purpose'
  /** `previousProof` names a proof that is not there, itself, or a circle. */
  | 'data-integrity.proof.previous'
  /** The proof's `@context` is not the beginning of the document's. */
  | 'data-integrity.proof.context'
  | 'data-integrity.proof.signature'
  /** The commitment of a holder is of another feature, malformed, or its proof does not hold. */
  | 'data-integrity.proof.commitment'
  /** The issuer's proof does not have the feature asked for, or no pseudonym for the `nymDomain` asked for. */
  | 'data-integrity.proof.feature'
  | 'data-integrity.proof.pseudonym'
  /** Derived with another presentation header than the one asked for. */
  | 'data-integrity.proof.presentation-header'
  /** Made for another domain, or in answer to another challenge, than the ones asked for. */
  | 'data-integrity.proof.domain'
  | 'data-integrity.proof.challenge'
  | 'data-integrity.proof.expired'
  /** The document of the controller does not have the key that the proof names, or not for this purpose. */
  | 'data-integrity.proof.key'
  /** A context that is neither bundled nor registered; contexts are never fetched. */
  | 'data-integrity.context.unknown'
  /** A context that says what it must not, or what is not supported here. */
  | 'data-integrity.context.invalid'
  /** A context written into a document whose proof does not cover it: only registered ones are named. */
  | 'data-integrity.context.inline'
  /** A context changes what a protected term means. */
  | 'data-integrity.context.redefinition'
  /** A term or type that no context defines: it would not be covered by the proof. */
  | 'data-integrity.json-ld.undefined-term'
  /** A member under another name than the term that its contexts have for it. */
  | 'data-integrity.json-ld.other-name'
  /** A value that JSON-LD does not allow in its place, or that is not supported here. */
  | 'data-integrity.json-ld.invalid'
  /** Blank nodes or contexts that take more work than an honest document's. */
  | 'data-integrity.rdf.too-complex'
  /** A JSON pointer that points nowhere. */
  | 'data-integrity.pointer.not-found'

/** A document, proof or context that is not acceptable. */
export class DataIntegrityError extends EkkasanError<DataIntegrityErrorCode> {}
