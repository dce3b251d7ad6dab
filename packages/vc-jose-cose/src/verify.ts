import {
  type Checks,
  type Clock,
  checkCredentialStatus,
  checkParsed,
  checkValidity,
  createChecks,
  type IssuerIdentity,
} from '@ekkasan/core'
import type { JsonObject } from '@ekkasan/core/json'
import { checkJwtHolder, checkJwtIssuer } from '@ekkasan/keys'
import { type Violation, validateCredential, validatePresentation, versionOf } from '@ekkasan/vcdm'
import { type ParsedCredential, parseCredential, parsePresentation } from './internal/parse.ts'
import type { VerifiedVcJwt, VerifiedVpJwt, VerifyVcJwtOptions, VerifyVpJwtOptions } from './types.ts'

const systemClock: Clock = () => new Date()

/**
 * Verifies a `vc+jwt` (VC-JOSE-COSE sections 3.1.1, 4 and 5): signature, issuer, data model, validity of the data
 * and life of the signature, trust, status.
 * @throws RejectedError, UnavailableError
 */
export async function verifyVcJwt(compact: unknown, options: VerifyVcJwtOptions): Promise<VerifiedVcJwt> {
  const checks = createChecks()
  const parsed = checkParsed(checks, () => parseCredential(compact))
  checkDataModel(checks, parsed.jws.payload, validateCredential(parsed.jws.payload))
  const issuer = await checkIssued(checks, parsed, options)
  await checkCredentialStatus(checks, { checkStatus: options.checkStatus, entry: parsed.status, issuer })
  checks.conclude()
  return verified(checks, parsed, issuer as IssuerIdentity)
}

/**
 * Verifies a `vp+jwt` that holds one `vc+jwt`: the credential, and that its holder made the presentation for this
 * verifier, in answer to this request, just now.
 * @throws RejectedError, UnavailableError
 */
export async function verifyVpJwt(compact: unknown, options: VerifyVpJwtOptions): Promise<VerifiedVpJwt> {
  const checks = createChecks()
  const { presentation, parsed } = checkParsed(checks, () => {
    const presentation = parsePresentation(compact)
    return { presentation, parsed: parseCredential(presentation.credential) }
  })
  checkDataModel(checks, parsed.jws.payload, [
    ...validatePresentation(presentation.jws.payload),
    ...validateCredential(parsed.jws.payload),
  ])
  const issuer = await checkIssued(checks, parsed, options)
  const holder = await checkJwtHolder(checks, presentation.jws, {
    named: parsed.holder,
    presenter: presentation.presenter,
    binding: options.binding,
    resolveDid: options.resolveDid,
    clock: options.clock ?? systemClock,
  })
  await checkCredentialStatus(checks, { checkStatus: options.checkStatus, entry: parsed.status, issuer })
  checks.conclude()
  if (!holder) throw new TypeError('a holder who was not found passed')
  return { ...verified(checks, parsed, issuer as IssuerIdentity), holder }
}

function checkDataModel(checks: Checks, body: JsonObject, violations: readonly Violation[]): void {
  const [violation] = violations
  const code = 'vc-jose-cose.data-model.invalid'
  if (violation) checks.fail('data-model', code, `${violation.code} at ${violation.path}`)
  else if (versionOf(body) !== '2.0') checks.fail('data-model', code, 'not of the data model 2.0')
  else checks.pass('data-model')
}

async function checkIssued(
  checks: Checks,
  { jws, issuer, types, validity, signature }: ParsedCredential,
  { resolveIssuerKey, isTrusted, clock = systemClock }: VerifyVcJwtOptions,
): Promise<IssuerIdentity | undefined> {
  checkValidity(checks, narrower(validity, signature), clock())
  return checkJwtIssuer(checks, jws, { issuer, types, resolveIssuerKey, isTrusted })
}

type Period = ParsedCredential['validity']

/** The time in which both hold: the data and its signature (section 3.1.3). */
function narrower(a: Period, b: Period): Period {
  const from = Math.max(a.from?.getTime() ?? -Infinity, b.from?.getTime() ?? -Infinity)
  const until = Math.min(a.until?.getTime() ?? Infinity, b.until?.getTime() ?? Infinity)
  return {
    ...(Number.isFinite(from) && { from: new Date(from) }),
    ...(Number.isFinite(until) && { until: new Date(until) }),
  }
}

function verified(checks: Checks, parsed: ParsedCredential, issuer: IssuerIdentity): VerifiedVcJwt {
  const { jws, types, validity, status } = parsed
  return {
    credential: jws.payload,
    issuer,
    types,
    validity,
    ...(typeof status === 'object' && { status }),
    checks: checks.list,
  }
}
