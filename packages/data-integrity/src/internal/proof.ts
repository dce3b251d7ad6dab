import { base58, fromBase58 } from '@ekkasan/core/bytes'
import { isJsonObject, type JsonObject, type JsonValue, listOf } from '@ekkasan/core/json'
import { algorithms } from '@ekkasan/keys'
import { parseDateTime } from '@ekkasan/vcdm'
import { type CryptosuiteName, cryptosuites, isCryptosuite, type ProofAlgorithm } from '../cryptosuites.ts'
import { DataIntegrityError } from '../errors.ts'
import { type BbsBaseValue, type BbsDerivedValue, parseBbsProofValue } from './bbs-value.ts'
import { type BaseProofValue, type DerivedProofValue, parseSdProofValue } from './ecdsa-sd.ts'

/** A proof, its shape alone: W3C Data Integrity section 2.1. */
export interface ParsedProof {
  /** As it stands, with its `proofValue`. */
  readonly proof: JsonObject
  readonly cryptosuite: CryptosuiteName
  readonly alg: ProofAlgorithm
  readonly signature: Uint8Array
  /** Of a selective cryptosuite: the whole of its `proofValue`. */
  readonly sd?: BaseProofValue | DerivedProofValue | BbsBaseValue | BbsDerivedValue
  readonly verificationMethod: string
  readonly purpose: string
  readonly created: Date | undefined
  readonly expires: Date | undefined
  readonly domains: readonly string[]
  readonly challenge: string | undefined
  /** The proofs that this one signs too (section 2.1.2). */
  readonly previous: readonly JsonObject[]
}

const maxProofs = 8
/** Each takes as long as hundreds of signatures, and is over a selection of its own. */
const maxSelective = 2
const maxText = 2048

/** All proofs of a secured document, and the document without them. */
export function parseProofs(secured: JsonObject): {
  readonly document: JsonObject
  readonly proofs: readonly ParsedProof[]
} {
  const { proof, ...document } = secured
  const values = listOf(proof)
  if (values.length === 0) throw malformed('there is none')
  if (values.length > maxProofs) throw malformed(`more than ${maxProofs}`)
  if (!values.every(isJsonObject)) throw malformed('one is not an object')
  const ids = values.flatMap(({ id }) => (id === undefined ? [] : [id]))
  if (new Set(ids).size !== ids.length) throw malformed('two have the same id')
  refuseCircles(values)
  const proofs = values.map((value) => parseProof(value, values))
  if (proofs.filter(({ cryptosuite }) => cryptosuites[cryptosuite].selective).length > maxSelective) {
    throw malformed(`more than ${maxSelective} that show a selection`)
  }
  return { document, proofs }
}

function parseProof(proof: JsonObject, all: readonly JsonObject[]): ParsedProof {
  if (proof.type !== 'DataIntegrityProof') throw unsupported('its type is not DataIntegrityProof')
  const { cryptosuite } = proof
  if (!isCryptosuite(cryptosuite)) throw unsupported('its cryptosuite is not known')
  const verificationMethod = text(proof, 'verificationMethod')
  const purpose = text(proof, 'proofPurpose')
  if (verificationMethod === undefined || purpose === undefined) {
    throw malformed('no verificationMethod or no proofPurpose')
  }
  return {
    proof,
    cryptosuite,
    ...parseProofValue(cryptosuite, proof.proofValue),
    verificationMethod,
    purpose,
    created: date(proof, 'created'),
    expires: date(proof, 'expires'),
    domains: texts(proof, 'domain'),
    challenge: text(proof, 'challenge'),
    previous: previousOf(proof, all),
  }
}

/** The proofs that `previousProof` names. */
export function previousOf(proof: JsonObject, all: readonly JsonObject[]): readonly JsonObject[] {
  const ids = texts(proof, 'previousProof')
  if (new Set(ids).size !== ids.length) throw previous('names a proof twice')
  return ids.map((id) => {
    const found = all.find((other) => other.id === id)
    if (!found) throw previous('names a proof that is not there')
    return found
  })
}

function refuseCircles(proofs: readonly JsonObject[]): void {
  const walk = (proof: JsonObject, path: readonly JsonObject[]): void => {
    if (path.includes(proof)) throw previous('goes round in a circle')
    for (const other of previousOf(proof, proofs)) walk(other, [...path, proof])
  }
  for (const proof of proofs) walk(proof, [])
}

// base58btc of the signature, nothing else: a second spelling would be a second proof value for the same signature.
function parseProofValue(
  cryptosuite: CryptosuiteName,
  value: JsonValue | undefined,
): Pick<ParsedProof, 'alg' | 'signature' | 'sd'> {
  if (cryptosuite === 'bbs-2023') {
    const sd = parseBbsProofValue(value)
    return { alg: 'BBS', signature: sd.kind === 'base' ? sd.signature : sd.bbsProof, sd }
  }
  if (cryptosuites[cryptosuite].selective) {
    const sd = parseSdProofValue(value)
    return { alg: 'ES256', signature: sd.baseSignature, sd }
  }
  if (typeof value !== 'string' || !value.startsWith('z') || value.length > 160) {
    throw proofValue('not base58btc (z) of a signature')
  }
  let signature: Uint8Array
  try {
    signature = fromBase58(value.slice(1))
  } catch (cause) {
    throw proofValue('not base58btc', cause)
  }
  const alg = cryptosuites[cryptosuite].algorithms.find(
    (name) => name !== 'BBS' && algorithms[name].signatureLength === signature.length,
  )
  if (!alg) throw proofValue('not of the length of a signature of its cryptosuite')
  return { alg, signature }
}

export function proofValueOf(signature: Uint8Array): string {
  return `z${base58(signature)}`
}

function text(proof: JsonObject, name: string): string | undefined {
  const value = proof[name]
  if (value === undefined) return undefined
  if (typeof value !== 'string' || value === '' || value.length > maxText)
    throw malformed(`${name} is not a text`)
  return value
}

function texts(proof: JsonObject, name: string): readonly string[] {
  const items = listOf(proof[name])
  const isRight = (item: JsonValue) => typeof item === 'string' && item !== '' && item.length <= maxText
  if (items.length > 16 || !items.every(isRight)) throw malformed(`${name} is not one text or several`)
  return items as readonly string[]
}

function date(proof: JsonObject, name: string): Date | undefined {
  const value = proof[name]
  const read = parseDateTime(value)
  if (value !== undefined && !read) throw malformed(`${name} is not an XML Schema dateTimeStamp`)
  return read
}

function malformed(what: string): DataIntegrityError {
  return new DataIntegrityError('data-integrity.structure.proof', `not an acceptable proof: ${what}`)
}

function unsupported(what: string): DataIntegrityError {
  return new DataIntegrityError('data-integrity.cryptosuite.unsupported', `not a proof known here: ${what}`)
}

function previous(what: string): DataIntegrityError {
  return new DataIntegrityError('data-integrity.proof.previous', `previousProof ${what}`)
}

function proofValue(what: string, cause?: unknown): DataIntegrityError {
  return new DataIntegrityError('data-integrity.proof.value', `not an acceptable proofValue: ${what}`, {
    cause,
  })
}
