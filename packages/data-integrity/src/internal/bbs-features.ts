import type { BbsFeatureOption } from '../types.ts'

/** More messages than any honest credential has statements; each takes a point of 2 ms the first time. */
export const maxMessages = 512

/** One row a feature of bbs-2023 (vc-di-bbs sections 3.3.1, 3.3.6 and 4): everything that tells it from the others. */
export interface BbsFeature {
  /** Third byte of a base and of a derived proof value. */
  readonly base: number
  readonly derived: number
  /** End of the API identifier, which tells signatures of one interface from those of another. */
  readonly api: string
  /** Whether the holder commits to a secret, to a part of the secret of pseudonyms, or to both in this order. */
  readonly holderSecret: boolean
  readonly pseudonym: boolean
}

const blind = 'BLIND_H2G_HM2S_'
const nym = 'H2G_HM2S_PSEUDONYM_'

export const bbsFeatures: Readonly<Record<BbsFeatureOption, BbsFeature>> = {
  baseline: { base: 2, derived: 3, api: 'H2G_HM2S_', holderSecret: false, pseudonym: false },
  anonymous_holder_binding: { base: 4, derived: 5, api: blind, holderSecret: true, pseudonym: false },
  pseudonym: { base: 6, derived: 7, api: nym, holderSecret: false, pseudonym: true },
  holder_binding_pseudonym: { base: 8, derived: 9, api: nym, holderSecret: true, pseudonym: true },
}

/** How many scalars stand behind the issuer's messages: the factor that blinds the commitment, and what it is to. */
export function committedCount(featureOption: BbsFeatureOption): number {
  const { holderSecret, pseudonym } = bbsFeatures[featureOption]
  return holderSecret || pseudonym ? 1 + Number(holderSecret) + Number(pseudonym) : 0
}

/** The feature whose proof values of a kind begin with this third byte. */
export function featureOf(kind: 'base' | 'derived', byte: number): BbsFeatureOption | undefined {
  const names = Object.keys(bbsFeatures) as BbsFeatureOption[]
  return names.find((name) => bbsFeatures[name][kind] === byte)
}
