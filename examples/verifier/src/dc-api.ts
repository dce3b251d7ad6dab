import type { DcApiRequest } from '@ekkasan/core'
import type { QueryPreset } from '@ekkasan/thai'
import type { StartDcApiOptions, Verifier } from '@ekkasan/verifier'
import { type Asking, queryOf } from './formats.ts'

/** What a page hands to its browser, and where it posts the answer to each. */
export interface BrowserRequests {
  readonly ids: readonly string[]
  readonly requests: readonly (DcApiRequest & { readonly responseUri: string })[]
}

/**
 * Asks through the Digital Credentials API: by OpenID4VP for the document in any format, and by org-iso-mdoc, which has
 * words for an mdoc alone, and none for the values that a claim must have or for authorities.
 */
export async function startInBrowser(
  verifier: Verifier,
  preset: QueryPreset,
  asking: Asking,
  options: Pick<StartDcApiOptions, 'purpose'>,
): Promise<BrowserRequests> {
  const started = [await verifier.startDcApi({ ...options, query: queryOf(preset, asking) })]
  const hasValues = preset.claims.some(({ values }) => values !== undefined)
  if (asking.formats.includes('mso_mdoc') && !hasValues) {
    const query = queryOf(preset, { formats: ['mso_mdoc'], issuers: asking.issuers })
    started.push(await verifier.startDcApi({ ...options, query, protocols: ['org-iso-mdoc'] }))
  }
  return {
    ids: started.map(({ id }) => id),
    requests: started.flatMap(({ requests, responseUri }) =>
      requests.map((request) => ({ ...request, responseUri })),
    ),
  }
}
