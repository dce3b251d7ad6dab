import type { BbsFeatureOption } from '../types.ts'
import { bbsFeatures, featureOf } from './bbs-features.ts'
import type { Cbor } from './cbor.ts'
import { isBytes, isListOf, malformedValue, readProofValue, writeProofValue } from './selective-value.ts'

/** What the issuer gives to the holder, and to nobody else. */
export interface BbsBaseValue {
  readonly suite: 'bbs-2023'
  readonly kind: 'base'
  readonly featureOption: BbsFeatureOption
  readonly signature: Uint8Array
  /** Hashes of the proof's options and of the mandatory statements. */
  readonly header: Uint8Array
  readonly publicKey: Uint8Array
  readonly hmacKey: Uint8Array
  readonly mandatoryPointers: readonly string[]
  /** With pseudonyms. */
  readonly signerNymEntropy?: Uint8Array
}

/** What the holder shows. */
export interface BbsDerivedValue {
  readonly suite: 'bbs-2023'
  readonly kind: 'derived'
  readonly featureOption: BbsFeatureOption
  readonly bbsProof: Uint8Array
  /** Number of a canonical label -> number of the label that was signed. */
  readonly labelMap: ReadonlyMap<number, number>
  readonly mandatoryIndexes: readonly number[]
  readonly selectiveIndexes: readonly number[]
  readonly presentationHeader: Uint8Array
  /** With pseudonyms. */
  readonly nymDomain?: string
  readonly pseudonym?: Uint8Array
  /** How many statements the issuer signed one by one; not told by `baseline`. */
  readonly messageCount?: number
}

export const maxPresentationHeader = 4096
export const maxNymDomain = 2048

/** vc-di-bbs section 3.3.1. */
export function serializeBbsBase(value: Omit<BbsBaseValue, 'suite' | 'kind'>): string {
  const { featureOption, signature, header, publicKey, hmacKey, mandatoryPointers, signerNymEntropy } = value
  const { base } = bbsFeatures[featureOption]
  const entropy = signerNymEntropy ? [signerNymEntropy] : []
  return writeProofValue(base, [signature, header, publicKey, hmacKey, mandatoryPointers, ...entropy])
}

/** Section 3.3.6. */
export function serializeBbsDerived(value: Omit<BbsDerivedValue, 'suite' | 'kind'>): string {
  const { featureOption, bbsProof, labelMap, mandatoryIndexes, selectiveIndexes, presentationHeader } = value
  const { nymDomain, pseudonym, messageCount } = value
  return writeProofValue(bbsFeatures[featureOption].derived, [
    bbsProof,
    labelMap,
    mandatoryIndexes,
    selectiveIndexes,
    presentationHeader,
    ...[nymDomain, pseudonym, messageCount].filter((item) => item !== undefined),
  ])
}

/** Sections 3.3.2 and 3.3.7. @throws DataIntegrityError `data-integrity.proof.value` */
export function parseBbsProofValue(text: unknown): BbsBaseValue | BbsDerivedValue {
  const { kind, components } = readProofValue('bbs-2023', text)
  const base = featureOf('base', kind)
  const derived = featureOf('derived', kind)
  const value = base ? parseBase(base, components) : derived && parseDerived(derived, components)
  if (!value) throw malformedValue('bbs-2023')
  return value
}

function parseBase(featureOption: BbsFeatureOption, components: readonly Cbor[]): BbsBaseValue | undefined {
  const [signature, header, publicKey, hmacKey, mandatoryPointers, ...more] = components
  const { pseudonym } = bbsFeatures[featureOption]
  const [signerNymEntropy] = more
  if (
    !isBytes(signature, 80) ||
    !isBytes(header, 64) ||
    !isBytes(publicKey, 96) ||
    !isBytes(hmacKey, 32) ||
    !isListOf(mandatoryPointers, 'string') ||
    more.length !== Number(pseudonym) ||
    (pseudonym && !isBytes(signerNymEntropy, 32))
  ) {
    return undefined
  }
  return {
    suite: 'bbs-2023',
    kind: 'base',
    featureOption,
    signature,
    header,
    publicKey,
    hmacKey,
    mandatoryPointers: mandatoryPointers as readonly string[],
    ...(pseudonym && { signerNymEntropy: signerNymEntropy as Uint8Array }),
  }
}

function parseDerived(
  featureOption: BbsFeatureOption,
  components: readonly Cbor[],
): BbsDerivedValue | undefined {
  const [bbsProof, labelMap, mandatoryIndexes, selectiveIndexes, presentationHeader, ...more] = components
  const showing = parseShowing(featureOption, more)
  if (
    !(bbsProof instanceof Uint8Array) ||
    !(labelMap instanceof Map) ||
    ![...labelMap.values()].every((item) => typeof item === 'number') ||
    !isListOf(mandatoryIndexes, 'number') ||
    !isListOf(selectiveIndexes, 'number') ||
    !(presentationHeader instanceof Uint8Array) ||
    presentationHeader.length > maxPresentationHeader ||
    !showing
  ) {
    return undefined
  }
  return {
    suite: 'bbs-2023',
    kind: 'derived',
    featureOption,
    bbsProof,
    labelMap: labelMap as ReadonlyMap<number, number>,
    mandatoryIndexes: mandatoryIndexes as readonly number[],
    selectiveIndexes: selectiveIndexes as readonly number[],
    presentationHeader,
    ...showing,
  }
}

/** What the optional features put behind the rest. */
function parseShowing(
  featureOption: BbsFeatureOption,
  more: readonly Cbor[],
): Pick<BbsDerivedValue, 'nymDomain' | 'pseudonym' | 'messageCount'> | undefined {
  if (featureOption === 'baseline') return more.length === 0 ? {} : undefined
  const messageCount = more.at(-1)
  if (typeof messageCount !== 'number') return undefined
  if (!bbsFeatures[featureOption].pseudonym) return more.length === 1 ? { messageCount } : undefined
  const [nymDomain, pseudonym] = more
  const isShown = more.length === 3 && isNymDomain(nymDomain) && isBytes(pseudonym, 48)
  return isShown ? { nymDomain, pseudonym, messageCount } : undefined
}

export function isNymDomain(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= maxNymDomain
}
