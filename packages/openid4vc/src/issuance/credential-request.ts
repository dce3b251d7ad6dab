import type { JsonObject, PublicJwk } from '@ekkasan/core'
import { isJsonObject } from '@ekkasan/core/json'
import { type ContentEncryption, isForEncryption, parsePublicJwk } from '@ekkasan/keys'
import { parseObject } from '../shape.ts'
import { credentialError } from './errors.ts'

/** OpenID4VCI section 8.2, of the proof type `jwt`. Exactly one of the two identifiers is there. */
export interface CredentialRequest {
  readonly credential_identifier?: string
  readonly credential_configuration_id?: string
  /** JWTs, not yet verified; none where `proofs` was absent. */
  readonly proofs: readonly string[]
  /** The one proof stood in `proof`, as before 1.0: the answer has `credential`. */
  readonly isSingleProof?: true
  readonly responseEncryption?: { readonly jwk: PublicJwk; readonly enc: ContentEncryption }
}

export interface ParseCredentialRequestOptions {
  /** How many proofs one request may carry (`batch_size`). */
  readonly maxProofs: number
  /** Take a single `proof`, as drafts before 1.0 had it. */
  readonly acceptSingleProof?: boolean
  /** What `credential_response_encryption` of the metadata offers; absent: none is offered. */
  readonly encryption?: readonly ContentEncryption[]
}

const malformed = (what: string) => credentialError('invalid_credential_request', what)

/**
 * Reads the JSON of a credential request, at most 256 KiB.
 * @throws IssuanceError `invalid_credential_request`, `invalid_proof`, `invalid_encryption_parameters`
 */
export function parseCredentialRequest(
  json: string,
  options: ParseCredentialRequestOptions,
): CredentialRequest {
  const object = parseObject(json, 'the request', malformed, 262_144)
  const { credential_identifier: identifier, credential_configuration_id: configurationId } = object
  if ((identifier === undefined) === (configurationId === undefined)) {
    throw malformed('not exactly one of credential_identifier and credential_configuration_id')
  }
  const id = identifier ?? configurationId
  if (typeof id !== 'string' || id === '' || id.length > 512) {
    throw malformed('the identifier is not a text of 1 to 512 characters')
  }
  // Else `proof`, which drafts before 1.0 had, is a parameter unknown here and ignored: where a proof is required,
  // the request lacks `proofs` (section 8.3.1.2, `invalid_proof`).
  const isSingleProof =
    options.acceptSingleProof === true && object.proof !== undefined && object.proofs === undefined
  const proofs = isSingleProof ? parseSingleProof(object.proof) : object.proofs
  const encryption = object.credential_response_encryption
  return {
    ...(identifier === undefined ? { credential_configuration_id: id } : { credential_identifier: id }),
    proofs: proofs === undefined ? [] : parseProofs(proofs, options.maxProofs),
    ...(isSingleProof && { isSingleProof }),
    ...(encryption !== undefined && {
      responseEncryption: parseResponseEncryption(encryption, options.encryption ?? []),
    }),
  }
}

function parseSingleProof(value: unknown): JsonObject {
  if (!isJsonObject(value) || value.proof_type !== 'jwt' || typeof value.jwt !== 'string') {
    throw credentialError('invalid_proof', 'proof is not of the type jwt')
  }
  return { jwt: [value.jwt] }
}

function parseProofs(value: unknown, maxProofs: number): readonly string[] {
  const invalid = (what: string) => credentialError('invalid_proof', what)
  if (!isJsonObject(value)) throw invalid('proofs is not an object')
  const types = Object.keys(value)
  if (types.length !== 1) throw invalid('proofs does not hold exactly one proof type')
  if (types[0] !== 'jwt') throw invalid('the proof type is not supported')
  const { jwt } = value
  if (!Array.isArray(jwt) || jwt.length === 0) throw invalid('proofs.jwt is not a list of proofs')
  if (jwt.length > maxProofs) throw invalid(`more than ${maxProofs} proofs`)
  return jwt.map((proof: unknown) => {
    if (typeof proof !== 'string') throw invalid('a proof is not a text')
    return proof
  })
}

function parseResponseEncryption(value: unknown, offered: readonly ContentEncryption[]) {
  const refuse = (what: string) => credentialError('invalid_encryption_parameters', what)
  if (offered.length === 0) throw refuse('encrypted responses are not offered')
  if (!isJsonObject(value)) throw refuse('credential_response_encryption is not an object')
  const { jwk, enc, zip } = value
  if (zip !== undefined) throw refuse('compression is not offered')
  const chosen = offered.find((name) => name === enc)
  if (!chosen) throw refuse('enc is not offered')
  let key: PublicJwk
  try {
    key = parsePublicJwk(jwk)
  } catch {
    throw refuse('jwk is not an acceptable public key')
  }
  if (key.alg !== 'ECDH-ES' || key.crv !== 'P-256' || !isForEncryption(key))
    throw refuse('jwk is not for ECDH-ES on P-256')
  return { jwk: key, enc: chosen }
}
