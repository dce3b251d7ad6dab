import type { Check } from '@ekkasan/core'
import { type Bilingual, describeCheck } from '@ekkasan-examples/ui/parts'

/** A check that was made when a document was received, in plain words: nobody had shown it to anybody then. */
export function describeReceived(check: Check): Bilingual {
  return check.name === 'holder-signature' && check.outcome === 'passed'
    ? { th: 'ออกให้กุญแจของกระเป๋านี้', en: 'It was issued for a key of this wallet' }
    : describeCheck(check)
}
