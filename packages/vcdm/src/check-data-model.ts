import type { Checks } from '@ekkasan/core'
import type { JsonObject } from '@ekkasan/core/json'
import { type ModelVersion, versionOf } from './context.ts'
import { validateCredential } from './validate-credential.ts'
import { validatePresentation } from './validate-presentation.ts'
import type { Violation, ViolationCode } from './violation.ts'

export interface CheckDataModelOptions {
  /** The versions that the format carries; default: both. */
  readonly versions?: readonly ModelVersion[]
  /** The body of the presentation that the credential came in. */
  readonly presentation?: JsonObject
  /** Claims were concealed by selective disclosure: a subject may be left without any. */
  readonly partial?: boolean
  /** A context may be named twice: in 1.1, where no JSON-LD is read. In 2.0 the contexts are a set. */
  readonly mayRepeatContext?: boolean
  /** What the format asks of the body beside the data model; asked where that is obeyed. */
  readonly further?: () => { readonly code: string; readonly detail?: string } | undefined
}

/**
 * Records `data-model`: whether a body obeys the data model, 2.0 or 1.1. The code is that of the first violation,
 * the detail its place. Every W3C format calls it, first of its checks of a body.
 */
export function checkDataModel(checks: Checks, body: JsonObject, options: CheckDataModelOptions = {}): void {
  const { presentation, further } = options
  const violation = (presentation && validatePresentation(presentation)[0]) ?? firstViolation(body, options)
  if (violation) checks.fail('data-model', violation.code, `${violation.path}: ${violation.message}`)
  else {
    const fault = further?.()
    if (fault) checks.fail('data-model', fault.code, fault.detail)
    else checks.pass('data-model', versionOf(body))
  }
}

/**
 * What an issuer calls before he signs.
 * @throws TypeError that names the place and the rule, when the body breaks the data model
 */
export function requireCredential(
  body: JsonObject,
  options: Pick<CheckDataModelOptions, 'versions'> = {},
): void {
  const violation = firstViolation(body, options)
  if (violation)
    throw new TypeError(`not a credential: ${violation.path}: ${violation.message} (${violation.code})`)
}

function firstViolation(
  body: JsonObject,
  { versions = ['2.0', '1.1'], partial = false, mayRepeatContext = false }: CheckDataModelOptions,
): Violation | undefined {
  const version = versionOf(body)
  if (version !== undefined && !versions.includes(version)) {
    return {
      path: '/@context/0',
      code: 'vcdm.context.version',
      message: `not of version ${versions.join(' or ')}`,
    }
  }
  const accepted: readonly (ViolationCode | false)[] = [
    partial && 'vcdm.subject.empty',
    mayRepeatContext && 'vcdm.context.repeated',
  ]
  return validateCredential(body).find(({ code }) => !accepted.includes(code))
}
