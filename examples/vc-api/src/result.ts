import type { CheckName } from '@ekkasan/core'
import { type JsonObject, type JsonValue, listOf } from '@ekkasan/core/json'
import type { PresentationVerdict, Verdict } from './verify.ts'

export interface ResultOptions {
  readonly returnResults?: boolean
  readonly returnProblemDetails?: boolean
}

/** VerifyCredentialResult of VCALM: the verdict, and with `returnResults` how each member fared. */
export function credentialResult(
  verdict: Verdict,
  credential: JsonObject,
  options: ResultOptions,
): JsonObject {
  const one = (check: CheckName, member: string) => {
    const input = credential[member]
    return input === undefined ? {} : { [member]: { verified: hasPassed(verdict, check), input } }
  }
  const each = (check: CheckName, member: string) => {
    const value = credential[member]
    if (value === undefined) return {}
    return { [member]: listOf(value).map((input) => ({ verified: hasPassed(verdict, check), input })) }
  }
  return {
    ...resultOf(verdict, options),
    ...(options.returnResults && {
      results: {
        ...one('validity-start', 'validFrom'),
        ...one('validity-end', 'validUntil'),
        ...each('credential-schema', 'credentialSchema'),
        ...each('status', 'credentialStatus'),
        ...each('issuer-signature', 'proof'),
      },
    }),
  }
}

/** VerifyPresentationResult of VCALM. */
export function presentationResult(
  verdict: PresentationVerdict,
  presentation: JsonObject,
  options: ResultOptions,
): JsonObject {
  const verified = verdict.presentation.outcome === 'verified'
  return {
    ...resultOf(verdict, options),
    ...(options.returnResults && {
      results: {
        presentation: { proof: listOf(presentation.proof).map((input) => ({ verified, input })) },
        credentials: verdict.credentials.map(({ credential, ...one }) =>
          credentialResult(one, credential, options),
        ),
      },
    }),
  }
}

function resultOf(
  { outcome, problems }: Verdict,
  { returnProblemDetails = false }: ResultOptions,
): JsonObject {
  const problemDetails = problems as readonly unknown[] as readonly JsonValue[]
  const isShown = returnProblemDetails || outcome !== 'verified'
  return { verified: outcome === 'verified', ...(isShown && { problemDetails }) }
}

/** What was not checked, for another check failed, has not passed. */
function hasPassed({ checks }: Verdict, name: CheckName): boolean {
  return checks.some((check) => check.name === name && check.outcome === 'passed')
}
