import type { PublicJwk } from '@ekkasan/core'
import { concatBytes, equalBytes, fromBase64url, utf8 } from '@ekkasan/core/bytes'
import type { JsonObject } from '@ekkasan/core/json'
import type { ContextRegistry } from '../contexts.ts'
import { DataIntegrityError } from '../errors.ts'
import type {
  AddProofOptions,
  BbsCommitted,
  BbsFeatureOption,
  BbsHolderSecrets,
  BbsSigner,
} from '../types.ts'
import { bbsFeatures, maxMessages } from './bbs-features.ts'
import {
  type BbsBaseValue,
  type BbsDerivedValue,
  isNymDomain,
  maxNymDomain,
  maxPresentationHeader,
  serializeBbsBase,
  serializeBbsDerived,
} from './bbs-value.ts'
import type { CanonicalForms } from './canonical-forms.ts'
import {
  disclose,
  hashLines,
  hashOptions,
  hmacLabels,
  labelled,
  readLabelled,
  selected,
} from './selective.ts'
import { malformedValue } from './selective-value.ts'

// bbs-2023, vc-di-bbs section 3.3 and 3.4: what is signed and shown, without the signature scheme itself, which is
// loaded when there is one of its proofs to make or to verify.

/** What a base signature is over. */
export interface BbsBaseData {
  readonly suite: 'bbs-2023'
  readonly kind: 'base'
  readonly signature: Uint8Array
  readonly publicKey: Uint8Array
  readonly header: Uint8Array
  readonly messages: readonly Uint8Array[]
}

/** What a derived proof proves. */
export interface BbsDerivedData
  extends Pick<
    BbsDerivedValue,
    | 'suite'
    | 'kind'
    | 'featureOption'
    | 'bbsProof'
    | 'presentationHeader'
    | 'nymDomain'
    | 'pseudonym'
    | 'messageCount'
  > {
  readonly header: Uint8Array
  readonly shown: readonly Uint8Array[]
  readonly indexes: readonly number[]
}

/** Section 3.2.1, createShuffledIdLabelMapFunction. */
const shuffledLabels = (hmacKey: Uint8Array) => (canonical: ReadonlyMap<string, string>) => {
  const digests = hmacLabels(hmacKey, canonical)
  const places = new Map([...digests.values()].sort().map((digest, index) => [digest, index]))
  return new Map([...digests].map(([blank, digest]) => [blank, `_:b${places.get(digest)}`]))
}

export interface BbsDocument {
  readonly document: JsonObject
  readonly proof: JsonObject
  readonly contexts: ContextRegistry
}

/** Header and messages of a base signature (sections 3.4.2 to 3.4.5). */
export function bbsBaseData(
  options: BbsDocument & { readonly hmacKey: Uint8Array; readonly mandatoryPointers: readonly string[] },
): { readonly header: Uint8Array; readonly messages: readonly Uint8Array[] } {
  const { document, proof, contexts, hmacKey, mandatoryPointers } = options
  const whole = labelled(document, shuffledLabels(hmacKey), contexts)
  const { indexes } = selected(whole, mandatoryPointers, contexts)
  const mandatory = whole.lines.filter((_line, index) => indexes.has(index))
  const others = whole.lines.filter((_line, index) => !indexes.has(index))
  return {
    header: concatBytes(hashOptions(proof, document, contexts), hashLines(mandatory)),
    messages: messagesOf(others),
  }
}

/** @throws DataIntegrityError `data-integrity.structure.malformed` when they are more than are signed */
function messagesOf(lines: readonly string[]): readonly Uint8Array[] {
  if (lines.length > maxMessages) {
    const what = `more than ${maxMessages} statements that are not in every presentation`
    throw new DataIntegrityError('data-integrity.structure.malformed', `not an acceptable document: ${what}`)
  }
  return lines.map((line) => utf8(line))
}

/** What the proof of a credential is over, as it is kept or shown (section 3.3.8). */
export function bbsData(
  options: BbsDocument & {
    readonly forms: CanonicalForms
    readonly value: BbsBaseValue | BbsDerivedValue
  },
): BbsBaseData | BbsDerivedData {
  const { document, forms, proof, contexts, value } = options
  if (value.kind === 'base') {
    const { signature, publicKey, featureOption } = value
    if (featureOption !== 'baseline') {
      throw new DataIntegrityError(
        'data-integrity.proof.value',
        'a base proof over secrets is verified by who holds them, when a proof is derived from it',
      )
    }
    return {
      suite: 'bbs-2023',
      kind: 'base',
      signature,
      publicKey,
      ...bbsBaseData({ ...options, ...value }),
    }
  }
  const { mandatoryIndexes, selectiveIndexes } = value
  const labelMap = new Map([...value.labelMap].map(([number, place]) => [number, `_:b${place}`]))
  const shown = readLabelled(forms, { labelMap, mandatoryIndexes })
  if (!shown || shown.others.length !== selectiveIndexes.length) throw malformed()
  return {
    ...value,
    header: concatBytes(hashOptions(proof, document, contexts), hashLines(shown.mandatory)),
    shown: shown.others.map((line) => utf8(line)),
    indexes: selectiveIndexes,
  }
}

/** The proof value for the holder (section 3.4.5). */
export async function createBbsBase(
  options: BbsDocument &
    Pick<AddProofOptions, 'featureOption' | 'commitmentWithProof' | 'signerNymEntropy'> & {
      readonly signer: BbsSigner
      readonly mandatoryPointers: readonly string[]
      readonly randomBytes: (length: number) => Uint8Array
    },
): Promise<string> {
  const { signer, mandatoryPointers, randomBytes, featureOption = 'baseline' } = options
  const hmacKey = randomBytes(32)
  const committed = committedOf({ ...options, featureOption })
  const { header, messages } = bbsBaseData({ ...options, hmacKey })
  const publicKey = bbsPublicKey(signer.key.publicJwk)
  const value = { featureOption, header, publicKey, hmacKey, mandatoryPointers }
  if (!committed) return serializeBbsBase({ ...value, signature: await signer.sign(header, messages) })
  if (!signer.blindSign) throw new TypeError(`this signer does not sign for ${featureOption}`)
  const { randomScalar } = await import('./bbs/blind.ts')
  const signerNymEntropy = bbsFeatures[featureOption].pseudonym
    ? (options.signerNymEntropy ?? randomScalar(randomBytes))
    : undefined
  const entropy = signerNymEntropy && { signerNymEntropy }
  const signature = await signer.blindSign(header, messages, { ...committed, ...entropy })
  return serializeBbsBase({ ...value, signature, ...entropy })
}

/** What of the holder's is signed; undefined for `baseline`. */
function committedOf({
  featureOption,
  commitmentWithProof,
  signerNymEntropy,
}: Pick<AddProofOptions, 'commitmentWithProof' | 'signerNymEntropy'> & {
  readonly featureOption: BbsFeatureOption
}): BbsCommitted | undefined {
  if (!Object.hasOwn(bbsFeatures, featureOption)) throw new TypeError('no feature of bbs-2023')
  if ((commitmentWithProof === undefined) !== (featureOption === 'baseline')) {
    throw new TypeError(`${featureOption} with, or a feature without, a holder's commitment`)
  }
  if (signerNymEntropy !== undefined && !bbsFeatures[featureOption].pseudonym) {
    throw new TypeError(`${featureOption} has no pseudonyms`)
  }
  if (featureOption === 'baseline' || commitmentWithProof === undefined) return undefined
  return { featureOption, commitmentWithProof }
}

/**
 * Derives the proof over what is to be shown, and that part of the document (sections 3.3.3 and 3.4.6).
 * @throws DataIntegrityError `data-integrity.proof.signature` when the credential is not signed over the holder's secrets
 */
export async function deriveBbs(
  options: BbsDocument & {
    readonly value: BbsBaseValue
    readonly pointers: readonly string[]
    readonly presentationHeader: Uint8Array
    readonly secrets?: BbsHolderSecrets
    readonly nymDomain?: string
    readonly randomBytes: (length: number) => Uint8Array
  },
): Promise<JsonObject> {
  const { document, proof, contexts, value, pointers, presentationHeader, nymDomain, randomBytes } = options
  const { signature, header, publicKey, hmacKey, mandatoryPointers, featureOption } = value
  requireShowing({ ...options, featureOption })
  const labels = shuffledLabels(hmacKey)
  const shown = disclose(document, { labels, mandatoryPointers, pointers, contexts })
  const messages = messagesOf(shown.others)
  const committed = await verifiedSecrets({ ...options, messages })
  const { createProof } = await import('./bbs/proof.ts')
  const { proof: bbsProof, pseudonym } = createProof(signature, {
    publicKey,
    header,
    messages,
    featureOption,
    committed,
    indexes: shown.selectiveIndexes,
    presentationHeader,
    ...(nymDomain !== undefined && { nymDomain }),
    randomBytes,
  })
  const labelMap = new Map(
    [...shown.labelMap].map(([number, label]) => [number, Number(label.slice('_:b'.length))]),
  )
  const proofValue = serializeBbsDerived({
    featureOption,
    bbsProof,
    labelMap,
    mandatoryIndexes: shown.mandatoryIndexes,
    selectiveIndexes: shown.selectiveIndexes,
    presentationHeader,
    ...(nymDomain !== undefined && { nymDomain }),
    ...(pseudonym && { pseudonym }),
    ...(featureOption !== 'baseline' && { messageCount: messages.length }),
  })
  return { ...shown.document, proof: { ...proof, proofValue } }
}

/** That all is there that the feature shows, and nothing that it does not. */
function requireShowing({
  featureOption,
  secrets,
  nymDomain,
  presentationHeader,
}: {
  readonly featureOption: BbsFeatureOption
  readonly secrets?: BbsHolderSecrets
  readonly nymDomain?: string
  readonly presentationHeader: Uint8Array
}): void {
  if (presentationHeader.length > maxPresentationHeader) {
    throw new TypeError(`a presentation header has up to ${maxPresentationHeader} bytes`)
  }
  if ((secrets !== undefined) !== (featureOption !== 'baseline')) {
    throw new TypeError(`the credential is issued with ${featureOption}: the holder's secrets do not fit`)
  }
  const { pseudonym } = bbsFeatures[featureOption]
  if (pseudonym ? !isNymDomain(nymDomain) : nymDomain !== undefined) {
    throw new TypeError(`${featureOption} needs a nymDomain of up to ${maxNymDomain} characters, or has none`)
  }
}

/** The holder's secrets as scalars, that the issuer's signature is over them too; none for `baseline`. */
async function verifiedSecrets({
  value,
  messages,
  secrets,
}: {
  readonly value: BbsBaseValue
  readonly messages: readonly Uint8Array[]
  readonly secrets?: BbsHolderSecrets
}): Promise<readonly bigint[]> {
  if (!secrets) return []
  const { featureOption, signature, signerNymEntropy } = value
  const { committedScalars } = await import('./bbs/blind.ts')
  const { verify } = await import('./bbs/signature.ts')
  const committed = committedScalars(featureOption, secrets, signerNymEntropy)
  if (verify(signature, { ...value, messages, committed })) return committed
  throw new DataIntegrityError(
    'data-integrity.proof.signature',
    'the credential is not signed over these statements and secrets',
  )
}

/** Whether a public key, 96 bytes, made the signature, or stands behind the proof. */
export async function isBbsSigned(
  data: BbsBaseData | BbsDerivedData,
  publicKey: Uint8Array,
): Promise<boolean> {
  if (data.kind === 'derived') {
    const { verifyProof } = await import('./bbs/proof.ts')
    return verifyProof(data.bbsProof, { ...data, publicKey })
  }
  const { verify } = await import('./bbs/signature.ts')
  const options = { ...data, publicKey, featureOption: 'baseline', committed: [] } as const
  return equalBytes(data.publicKey, publicKey) && verify(data.signature, options)
}

const malformed = () => malformedValue('bbs-2023')

/** The compressed point of a public key; a TypeError when it is of another curve. */
export function bbsPublicKey({ crv, x }: PublicJwk): Uint8Array {
  const bytes = crv === 'BLS12381G2' && x !== undefined ? fromBase64url(x) : undefined
  if (bytes?.length !== 96) throw new TypeError('not a key of BLS12-381 in the group G2')
  return bytes
}
