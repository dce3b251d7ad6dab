import type { Checks } from '@ekkasan/core'
import { equalBytes } from '@ekkasan/core/bytes'
import type { BbsShowing, VerifyLdpVcOptions } from '../types.ts'
import type { ParsedProof } from './proof.ts'

/** What a derived proof of bbs-2023 shows beside the claims; undefined for any other. */
export function showingOf({ sd }: ParsedProof): BbsShowing | undefined {
  if (sd?.suite !== 'bbs-2023' || sd.kind !== 'derived') return undefined
  const { featureOption, presentationHeader, nymDomain, pseudonym } = sd
  return {
    featureOption,
    presentationHeader,
    ...(nymDomain !== undefined && { nymDomain }),
    ...(pseudonym && { pseudonym }),
  }
}

/** That the issuer's proof shows what was asked for. Whether it holds is another check. */
export function checkShowing(
  checks: Checks,
  showing: BbsShowing | undefined,
  asked: VerifyLdpVcOptions['showing'] = {},
): void {
  const { featureOption, nymDomain, presentationHeader } = asked
  if (featureOption !== undefined) {
    if (showing?.featureOption === featureOption) checks.pass('holder-signature', featureOption)
    else checks.fail('holder-signature', 'data-integrity.proof.feature')
  }
  if (nymDomain !== undefined) {
    if (showing?.nymDomain === nymDomain) checks.pass('holder-audience')
    else checks.fail('holder-audience', 'data-integrity.proof.pseudonym')
  }
  if (presentationHeader !== undefined) {
    const shown = showing?.presentationHeader
    if (shown && equalBytes(shown, presentationHeader)) checks.pass('holder-nonce')
    else checks.fail('holder-nonce', 'data-integrity.proof.presentation-header')
  }
}
