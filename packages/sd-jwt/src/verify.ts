import {
  type Algorithm,
  type Check,
  type Checks,
  type Clock,
  checkValidity,
  createChecks,
  EkkasanError,
  type JsonObject,
  type PublicJwk,
  RejectedError,
} from '@ekkasan/core'
import {
  checkOptions,
  functionRule,
  listRule,
  type OptionRules,
  objectRule,
  optional,
  textRule,
} from '@ekkasan/core/options'
import { KeysError, verifyJws } from '@ekkasan/keys'
import { type DisclosedClaims, discloseClaims } from './disclosures.ts'
import type { SdJwtErrorCode } from './errors.ts'
import { checkKeyBinding, type KeyBindingExpectation } from './key-binding.ts'
import { type ParsedSdJwt, parseSdJwtValue } from './parse.ts'

export interface VerifySdJwtOptions {
  /** The issuer's key; whose it is, is the caller's knowledge. */
  readonly issuerKey: PublicJwk
  /** Algorithms accepted for the issuer's signature; default: all that the platform has. */
  readonly algorithms?: readonly Algorithm[]
  /** Absent: an SD-JWT without key binding is expected, and one with it is refused. */
  readonly keyBinding?: KeyBindingExpectation
  readonly clock?: Clock
}

export interface VerifiedSdJwt extends DisclosedClaims {
  readonly header: JsonObject
  readonly checks: readonly Check[]
}

// A misspelt `keyBinding` would ask for none.
const rules: OptionRules<VerifySdJwtOptions> = {
  issuerKey: objectRule,
  algorithms: optional(listRule(textRule, { least: 1 })),
  keyBinding: optional(objectRule),
  clock: optional(functionRule),
}

/**
 * Verifies an SD-JWT or SD-JWT+KB, compact or JSON, RFC 9901 sections 7.1 and 7.3: checks `structure`,
 * `issuer-signature`, `validity-start`, `validity-end` and, with `keyBinding`, `holder-…`.
 * @throws RejectedError with all checks when one failed; TypeError for an option that is none or malformed
 */
export async function verifySdJwt(
  input: string | JsonObject,
  options: VerifySdJwtOptions,
): Promise<VerifiedSdJwt> {
  checkOptions(options, 'verifySdJwt', rules)
  const checks = createChecks()
  const now = options.clock?.() ?? new Date()
  const { sdJwt, disclosed } = checkStructure(checks, input, (parsed) => {
    if (!options.keyBinding && parsed.keyBinding !== undefined) return 'sd-jwt.key-binding.unexpected'
    return undefined
  })
  if (!sdJwt) throw new RejectedError(checks.list)
  await checkIssuerSignature(checks, sdJwt, options.issuerKey, options.algorithms)
  checkTimes(checks, sdJwt, disclosed, now)
  if (options.keyBinding) await checkKeyBinding(checks, sdJwt, options.keyBinding, now)
  const list = checks.conclude()
  if (!disclosed) throw new RejectedError(checks.list)
  return { ...disclosed, header: sdJwt.jws.header, checks: list }
}

/**
 * Records `structure`: it parses, and its disclosures obey the rules. `fault` finds what else is wrong with it.
 * What could be read is handed back even if the check failed, so that the other checks can be made.
 */
export function checkStructure(
  checks: Checks,
  input: unknown,
  fault: (sdJwt: ParsedSdJwt, disclosed: DisclosedClaims) => string | undefined,
): { readonly sdJwt?: ParsedSdJwt; readonly disclosed?: DisclosedClaims } {
  let sdJwt: ParsedSdJwt | undefined
  try {
    sdJwt = parseSdJwtValue(input)
    const disclosed = discloseClaims(sdJwt)
    const code = fault(sdJwt, disclosed)
    if (code === undefined) checks.pass('structure')
    else checks.fail('structure', code)
    return { sdJwt, disclosed }
  } catch (error) {
    if (!(error instanceof EkkasanError)) throw error
    checks.fail('structure', error.code, error.message)
    return sdJwt ? { sdJwt } : {}
  }
}

/** Records `issuer-signature`. */
export async function checkIssuerSignature(
  checks: Checks,
  sdJwt: ParsedSdJwt,
  key: PublicJwk,
  algorithms?: readonly Algorithm[],
): Promise<void> {
  const { jws } = sdJwt
  if (algorithms && !algorithms.some((alg) => alg === jws.header.alg)) {
    checks.fail('issuer-signature', 'sd-jwt.alg' satisfies SdJwtErrorCode)
    return
  }
  try {
    if (await verifyJws(jws, key)) checks.pass('issuer-signature')
    else checks.fail('issuer-signature', 'sd-jwt.signature' satisfies SdJwtErrorCode)
  } catch (error) {
    if (!(error instanceof KeysError)) throw error
    checks.fail('issuer-signature', error.code)
  }
}

function checkTimes(checks: Checks, sdJwt: ParsedSdJwt, disclosed: DisclosedClaims | undefined, now: Date) {
  const { nbf, exp } = disclosed?.claims ?? sdJwt.jws.payload
  const malformed: SdJwtErrorCode = 'sd-jwt.validity.malformed'
  const from = dateOf(nbf)
  const until = dateOf(exp)
  if (from === null || until === null) {
    checks[from === null ? 'fail' : 'skip']('validity-start', malformed)
    checks[until === null ? 'fail' : 'skip']('validity-end', malformed)
    return
  }
  checkValidity(checks, { ...(from && { from }), ...(until && { until }) }, now)
}

/** A NumericDate (RFC 7519 section 2); null when it is something else. */
export function dateOf(value: unknown): Date | undefined | null {
  if (value === undefined) return undefined
  if (typeof value !== 'number' || Math.abs(value) > 253_402_300_799) return null
  return new Date(value * 1000)
}
