import type { Check } from '@ekkasan/core'

/** W3C VCALM, Error Handling; RFC 9457. */
export interface ProblemDetails {
  readonly type: string
  readonly title: string
  readonly status?: number
  readonly detail?: string
}

/** What an endpoint answers in place of what was asked for. */
export class Problem extends Error {
  readonly status: 400 | 401 | 403 | 404 | 413 | 415 | 503
  readonly problems: readonly ProblemDetails[]

  constructor(status: Problem['status'], problems: readonly ProblemDetails[]) {
    super(problems[0]?.title ?? 'problem')
    this.status = status
    this.problems = problems
  }
}

const dataModel = 'https://www.w3.org/TR/vc-data-model#'
const security = 'https://w3id.org/security#'
const statusList = 'https://www.w3.org/ns/credentials/status-list#'
const vcalm = 'https://www.w3.org/TR/vcalm#'

// VCDM 2.0 section 7.2, Data Integrity section 4.7, Bitstring Status List section 3.5.
const byCode: readonly (readonly [RegExp, string])[] = [
  [/^data-integrity\.json-ld\.undefined-term$/, `${security}DATA_LOSS_DETECTION_ERROR`],
  [/^data-integrity\.rdf\./, `${security}PROOF_TRANSFORMATION_ERROR`],
  [/^(data-integrity\.proof\.domain|keys\.holder\.audience-mismatch)$/, `${security}INVALID_DOMAIN_ERROR`],
  [/^(data-integrity\.proof\.challenge|keys\.holder\.nonce-mismatch)$/, `${security}INVALID_CHALLENGE_ERROR`],
  [/^data-integrity\.(proof|structure\.proof|cryptosuite)/, `${security}PROOF_VERIFICATION_ERROR`],
  [/^vcdm\.|\.data-model\./, `${dataModel}MALFORMED_VALUE_ERROR`],
  [/\.structure\.|\.json\.|\.context\.|\.json-ld\./, `${dataModel}PARSING_ERROR`],
]

const byCheck: Partial<Record<Check['name'], string>> = {
  structure: `${dataModel}PARSING_ERROR`,
  'data-model': `${dataModel}MALFORMED_VALUE_ERROR`,
  'issuer-key': `${dataModel}CRYPTOGRAPHIC_SECURITY_ERROR`,
  'issuer-signature': `${dataModel}CRYPTOGRAPHIC_SECURITY_ERROR`,
  'holder-signature': `${dataModel}CRYPTOGRAPHIC_SECURITY_ERROR`,
}

/** A code of ours as a problem: of a registered type where the recommendations have one. */
export function problemOf(code: string, detail?: string, check?: Check): ProblemDetails {
  const known = byCode.find(([pattern]) => pattern.test(code))?.[1] ?? (check && byCheck[check.name])
  const unread = check?.name === 'status' && check.outcome === 'unknown'
  const type = unread ? `${statusList}STATUS_RETRIEVAL_ERROR` : (known ?? `urn:ekkasan:problem:${code}`)
  return { type, title: code, ...(detail !== undefined && { detail }) }
}

/** What did not pass, in the order of the checks. */
export function problemsOf(checks: readonly Check[]): readonly ProblemDetails[] {
  return checks
    .filter(({ outcome }) => outcome === 'failed' || outcome === 'unknown')
    .map((check) =>
      problemOf(check.code ?? check.name, check.detail ?? `the check ${check.name} ${check.outcome}`, check),
    )
}

export function malformed(detail: string): Problem {
  return new Problem(400, [{ type: `${dataModel}PARSING_ERROR`, title: 'PARSING_ERROR', detail }])
}

export function unknownOption(name: string): Problem {
  const type = `${vcalm}UNKNOWN_OPTION_PROVIDED`
  return new Problem(400, [
    { type, title: 'UNKNOWN_OPTION_PROVIDED', detail: `no such option here: ${name.slice(0, 100)}` },
  ])
}
