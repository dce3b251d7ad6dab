import type { Check } from '@ekkasan/core'

/** VCDM 2.0 section 7.2, RFC 9457. */
export interface ProblemDetails {
  readonly type: string
  readonly title: string
  readonly detail?: string
}

const vocabulary = 'https://www.w3.org/TR/vc-data-model#'

/**
 * The checks of a report that did not pass, as problem details: the types of the data model where it has one, else
 * `about:blank`. Skipped checks are none.
 */
export function problemDetails(checks: readonly Check[]): readonly ProblemDetails[] {
  return checks
    .filter(({ outcome }) => outcome === 'failed' || outcome === 'unknown')
    .map((check) => ({
      type: check.outcome === 'failed' ? typeOf(check) : 'about:blank',
      title: check.code ?? check.name,
      ...(check.detail !== undefined && { detail: check.detail }),
    }))
}

function typeOf({ name, code }: Check): string {
  switch (name) {
    case 'structure':
      return `${vocabulary}PARSING_ERROR`
    case 'issuer-signature':
    case 'holder-signature':
      return `${vocabulary}CRYPTOGRAPHIC_SECURITY_ERROR`
    case 'validity-start':
    case 'validity-end':
      return `${vocabulary}RANGE_ERROR`
    case 'data-model':
      return `${vocabulary}${code === 'vcdm.date.order' ? 'RANGE_ERROR' : 'MALFORMED_VALUE_ERROR'}`
    case 'credential-schema':
    case 'related-resources':
      return `${vocabulary}MALFORMED_VALUE_ERROR`
    default:
      return 'about:blank'
  }
}
