import { RejectedError, UnavailableError } from './errors.ts'

/** The checks that verifying makes. A format that does not know one of them does not list it. */
export type CheckName =
  /** It parses and obeys the rules of its format. */
  | 'structure'
  /** The issuer's key was found by a configured means. */
  | 'issuer-key'
  | 'issuer-signature'
  /** The issuer is trusted for credentials of this type. */
  | 'issuer-trust'
  /** Validity has begun (`nbf`, `validFrom`). */
  | 'validity-start'
  /** Validity has not ended (`exp`, `validUntil`). */
  | 'validity-end'
  /** The W3C data model of the body. */
  | 'data-model'
  /** The JSON Schemas that a W3C body names (`credentialSchema`). */
  | 'credential-schema'
  /** The resources that a W3C body names with their digests (`relatedResource`). */
  | 'related-resources'
  /** The type metadata document and its integrity. */
  | 'type-metadata'
  /** Not revoked, not suspended. */
  | 'status'
  /** The holder's proof was made with the key that the credential names. */
  | 'holder-signature'
  /** The holder's proof was made for this verifier. */
  | 'holder-audience'
  /** The holder's proof answers this request. */
  | 'holder-nonce'
  /** The holder's proof was made just now. */
  | 'holder-time'
  /** The holder's proof covers what was presented (`sd_hash`). */
  | 'holder-content'
  /** The holder's proof covers the transaction data asked for. */
  | 'holder-transaction'
  /** What was presented answers the query: type, claims, values. */
  | 'query'

export interface Check {
  readonly name: CheckName
  readonly outcome: 'passed' | 'failed' | 'unknown' | 'skipped'
  /** Stable code of the fault, or of the reason for `unknown` and `skipped`. */
  readonly code?: string
  /** For people; holds no claim's value. */
  readonly detail?: string
}

/** Collects the checks of one verification, in order, each name once. */
export interface Checks {
  pass(name: CheckName, detail?: string): void
  fail(name: CheckName, code: string, detail?: string): void
  unknown(name: CheckName, code: string, detail?: string): void
  skip(name: CheckName, code: string, detail?: string): void
  /** As one of the four above, for a check that was made elsewhere. */
  record(check: Check): void
  /** The outcome recorded under a name, if any. */
  outcome(name: CheckName): Check['outcome'] | undefined
  /** None so far has failed or could not be made: nothing is fetched for a credential that is refused already. */
  readonly isSound: boolean
  /** Returns all checks, or throws: RejectedError if any failed, else UnavailableError if any is unknown. */
  conclude(): readonly Check[]
  /** All checks so far, whatever their outcome. */
  readonly list: readonly Check[]
}

export function createChecks(): Checks {
  const list: Check[] = []
  const record = (check: Check) => {
    if (list.some(({ name }) => name === check.name)) {
      throw new TypeError(`check recorded twice: ${check.name}`)
    }
    list.push(check)
  }
  const recordAs = (outcome: Check['outcome']) => (name: CheckName, code: string, detail?: string) =>
    record({ name, outcome, code, ...(detail !== undefined && { detail }) })
  return {
    list,
    pass: (name, detail) => record({ name, outcome: 'passed', ...(detail !== undefined && { detail }) }),
    fail: recordAs('failed'),
    unknown: recordAs('unknown'),
    skip: recordAs('skipped'),
    record,
    get isSound() {
      return !list.some(({ outcome }) => outcome === 'failed' || outcome === 'unknown')
    },
    outcome: (name) => list.find((check) => check.name === name)?.outcome,
    conclude() {
      if (list.some((check) => check.outcome === 'failed')) throw new RejectedError(list)
      if (list.some((check) => check.outcome === 'unknown')) throw new UnavailableError(list)
      return list
    },
  }
}
