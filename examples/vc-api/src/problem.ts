import type { Check } from '@ekkasan/core'
import { type ProblemDetails, problemDetails } from '@ekkasan/vcdm'

/** What an endpoint answers in place of what was asked for: W3C VCALM, Error Handling. */
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

type Table = readonly (readonly [RegExp, string])[]

// Data Integrity section 4.7: closer than what the data model has for the check.
const ofProofs: Table = [
  [/^data-integrity\.json-ld\.undefined-term$/, `${security}DATA_LOSS_DETECTION_ERROR`],
  [/^data-integrity\.rdf\./, `${security}PROOF_TRANSFORMATION_ERROR`],
  [/^(data-integrity\.proof\.domain|keys\.holder\.audience-mismatch)$/, `${security}INVALID_DOMAIN_ERROR`],
  [/^(data-integrity\.proof\.challenge|keys\.holder\.nonce-mismatch)$/, `${security}INVALID_CHALLENGE_ERROR`],
  [/^data-integrity\.(proof|structure\.proof|cryptosuite)/, `${security}PROOF_VERIFICATION_ERROR`],
]

// VCDM 2.0 section 7.2, for what was refused before any check.
const ofDocuments: Table = [
  [/^vcdm\.|\.data-model\./, `${dataModel}MALFORMED_VALUE_ERROR`],
  [/\.structure\.|\.json\.|\.context\.|\.json-ld\./, `${dataModel}PARSING_ERROR`],
]

/** A code of ours as a problem: of a registered type where the recommendations have one. */
export function problemOf(code: string, detail?: string): ProblemDetails {
  const type = typeIn([...ofProofs, ...ofDocuments], code) ?? ownType(code)
  return { type, title: code, ...(detail !== undefined && { detail }) }
}

/** What did not pass, in the order of the checks: as the data model has it, but where another says more. */
export function problemsOf(checks: readonly Check[]): readonly ProblemDetails[] {
  return checks.flatMap((check) =>
    problemDetails([check]).map((problem) => {
      const { title, detail = `the check ${check.name} ${check.outcome}` } = problem
      return { type: typeOf(check, problem), title, detail }
    }),
  )
}

function typeOf({ name, outcome }: Check, { type, title }: ProblemDetails): string {
  // Bitstring Status List section 3.5.
  if (name === 'status' && outcome === 'unknown') return `${statusList}STATUS_RETRIEVAL_ERROR`
  const isRegistered = type !== 'about:blank'
  return typeIn(ofProofs, title) ?? (isRegistered ? type : (typeIn(ofDocuments, title) ?? ownType(title)))
}

const typeIn = (table: Table, code: string) => table.find(([pattern]) => pattern.test(code))?.[1]
const ownType = (code: string) => `urn:ekkasan:problem:${code}`

export function malformed(detail: string): Problem {
  return new Problem(400, [{ type: `${dataModel}PARSING_ERROR`, title: 'PARSING_ERROR', detail }])
}

export function unknownOption(name: string): Problem {
  const type = `${vcalm}UNKNOWN_OPTION_PROVIDED`
  return new Problem(400, [
    { type, title: 'UNKNOWN_OPTION_PROVIDED', detail: `no such option here: ${name.slice(0, 100)}` },
  ])
}
