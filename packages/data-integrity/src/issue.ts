import { startOfDay } from '@ekkasan/core'
import { platformRandomBytes } from '@ekkasan/core/bytes'
import { copyJson, type JsonObject, listOf } from '@ekkasan/core/json'
import { checkOptions } from '@ekkasan/core/options'
import { generateJwk, signBytes, signerFromJwk } from '@ekkasan/keys'
import { dateTimeStamp, requireCredential, versionOf } from '@ekkasan/vcdm'
import { type ContextRegistry, standardContexts } from './contexts.ts'
import { algorithmIn, cryptosuiteFor, cryptosuites, cryptosuitesOf, isCryptosuite } from './cryptosuites.ts'
import { createBbsBase } from './internal/bbs-2023.ts'
import { parseDocument } from './internal/bounded.ts'
import { canonicalFormsOf } from './internal/canonical-forms.ts'
import { dataIntegrityContext, envelopePointers } from './internal/credential.ts'
import { baseData, multikeyBytes, serializeBase } from './internal/ecdsa-sd.ts'
import { requireTypes } from './internal/expand-types.ts'
import { hashData } from './internal/hash-data.ts'
import { addProofRules, issueRules } from './internal/option-rules.ts'
import { parseProofs, previousOf, proofValueOf } from './internal/proof.ts'
import type { AddProofOptions, IssueLdpVcOptions } from './types.ts'

/**
 * Adds a proof to a document (W3C Data Integrity sections 4.2 and 4.3). A document that has proofs keeps them: the new
 * one joins the set, or with `previousProof` the chain.
 *
 * @returns a new document; the one given is not changed
 * @throws DataIntegrityError when a proof could not cover the document: `data-integrity.context.*`,
 * `data-integrity.json-ld.*`, `data-integrity.rdf.too-complex`, `data-integrity.proof.previous`
 * @throws TypeError for an option that is none or malformed, when the cryptosuite does not fit the signer's key, or no verification method is named
 */
export async function addProof(options: AddProofOptions): Promise<JsonObject> {
  checkOptions(options, 'addProof', addProofRules)
  const { signer, contexts = standardContexts, clock = () => new Date() } = options
  const secured = parseDocument(options.document)
  const { proof: given, ...document } = secured
  const existing = given === undefined ? [] : parseProofs(secured).proofs.map(({ proof }) => proof)
  const { cryptosuite = cryptosuiteFor(signer.alg, 'rdfc') } = options
  const alg = isCryptosuite(cryptosuite) ? algorithmIn(cryptosuite, signer.alg) : undefined
  if (!isCryptosuite(cryptosuite) || !alg) {
    const fitting = cryptosuitesOf(signer.alg).join(', ') || 'none'
    throw new TypeError(
      `${cryptosuite ?? 'no cryptosuite'} does not sign with ${signer.alg}; fitting: ${fitting}`,
    )
  }
  const verificationMethod = options.verificationMethod ?? signer.key.kid
  if (verificationMethod === undefined || !/^[a-z][a-z0-9+.-]*:/.test(verificationMethod)) {
    throw new TypeError(
      'the verification method is not named by an absolute URL: give it, or the signer its kid',
    )
  }
  const context = document['@context']
  const { domain, challenge, nonce, id, expires, previousProof, created = clock() } = options
  const proof: JsonObject = {
    ...(id !== undefined && { id }),
    type: 'DataIntegrityProof',
    cryptosuite,
    ...(created !== 'omitted' && { created: dateTimeStamp(created) }),
    ...(expires && { expires: dateTimeStamp(expires) }),
    verificationMethod,
    proofPurpose: options.proofPurpose ?? 'assertionMethod',
    ...(domain !== undefined && { domain }),
    ...(challenge !== undefined && { challenge }),
    ...(nonce !== undefined && { nonce }),
    ...(previousProof !== undefined && { previousProof }),
    ...(cryptosuites[cryptosuite].canonicalization === 'jcs' &&
      context !== undefined && { '@context': context }),
  }
  const { featureOption = 'baseline', commitmentWithProof, signerNymEntropy } = options
  const isFeatured = featureOption !== 'baseline' || commitmentWithProof || signerNymEntropy
  if (isFeatured && alg !== 'BBS') throw new TypeError(`${cryptosuite} has no features to choose from`)
  const previous = previousOf(proof, existing)
  if (cryptosuites[cryptosuite].selective) {
    if (previousProof !== undefined) throw new TypeError(`${cryptosuite} has no place in a chain`)
    const proofValue = await createBaseProofValue({ ...options, document, proof, contexts })
    const signed = { ...proof, proofValue }
    return { ...document, proof: existing.length === 0 ? signed : [...existing, signed] }
  }
  if (signer.alg === 'BBS' || alg === 'BBS') throw new TypeError('BBS signs with bbs-2023')
  const forms = canonicalFormsOf(document, { contexts })
  const data = hashData({ cryptosuite, alg, forms, proof, previous })
  const signed = { ...proof, proofValue: proofValueOf(await signBytes(signer, data)) }
  return { ...document, proof: existing.length === 0 ? signed : [...existing, signed] }
}

/** The proof value for the holder (vc-di-ecdsa section 3.6.5, vc-di-bbs section 3.4.5). */
async function createBaseProofValue(
  options: Omit<AddProofOptions, 'contexts'> & {
    readonly document: JsonObject
    readonly proof: JsonObject
    readonly contexts: ContextRegistry
  },
): Promise<string> {
  const { signer, mandatoryPointers = [], randomBytes = platformRandomBytes } = options
  if (signer.alg === 'BBS') return createBbsBase({ ...options, signer, mandatoryPointers, randomBytes })
  const hmacKey = randomBytes(32)
  const own = await signerFromJwk(await generateJwk('ES256'))
  const publicKey = multikeyBytes(own.key.publicJwk)
  const { data, statements } = baseData({ ...options, hmacKey, publicKey, mandatoryPointers })
  const signatures: Uint8Array[] = []
  for (const statement of statements) signatures.push(await signBytes(own, statement))
  const baseSignature = await signBytes(signer, data)
  return serializeBase({ baseSignature, publicKey, hmacKey, signatures, mandatoryPointers })
}

/**
 * Issues a credential of the data model 2.0 or 1.1 with a Data Integrity proof, OpenID4VC's `ldp_vc`.
 *
 * @throws TypeError when the credential does not conform to the data model, or holds what JSON does not have
 * @throws DataIntegrityError as `addProof`
 */
export async function issueLdpVc(options: IssueLdpVcOptions): Promise<JsonObject> {
  checkOptions(options, 'issueLdpVc', issueRules)
  const { credential: given, timeZone, clock = () => new Date(), ...others } = options
  const credential = copyJson(given) as JsonObject
  requireCredential(credential)
  const { mandatoryPointers = envelopePointers(credential), created = startOfDay(clock(), timeZone) } = others
  const document = withProofContext(credential)
  requireTypes(document, options.contexts ?? standardContexts)
  return addProof({ ...others, created, mandatoryPointers, document, proofPurpose: 'assertionMethod' })
}

/** The contexts of the data model 1.1 do not define proofs (Data Integrity section 2.4.2, context injection). */
function withProofContext(credential: JsonObject): JsonObject {
  const { '@context': given } = credential
  const contexts = listOf(given)
  const isDefined = contexts.some((context) => typeof context === 'string' && proofContext.test(context))
  if (versionOf(credential) !== '1.1' || isDefined) return credential
  return { ...credential, '@context': [...contexts, dataIntegrityContext] }
}

const proofContext = /^https:\/\/w3id\.org\/security\/data-integrity\/v[12]$/
