import {
  type Checks,
  type Clock,
  checkCredentialStatus,
  checkParsed,
  checkValidity,
  createChecks,
  type IssuerKey,
} from '@ekkasan/core'
import { checkOptions } from '@ekkasan/core/options'
import { checkJwtHolder, checkJwtIssuer } from '@ekkasan/keys'
import { checkContent, checkDataModel, subjectClaims } from '@ekkasan/vcdm'
import { verifyPresentationRules, verifyRules } from './internal/option-rules.ts'
import { type ParsedCredential, parseCredential, parsePresentation } from './internal/parse.ts'
import type { VerifiedJwtVc, VerifiedJwtVp, VerifyJwtVcOptions, VerifyJwtVpOptions } from './types.ts'

const systemClock: Clock = () => new Date()

/**
 * Verifies a credential alone, without its holder.
 * @throws RejectedError, UnavailableError; TypeError for an option that is none or malformed
 */
export async function verifyJwtVc(compact: unknown, options: VerifyJwtVcOptions): Promise<VerifiedJwtVc> {
  checkOptions(options, 'verifyJwtVc', verifyRules)
  const checks = createChecks()
  const parsed = checkParsed(checks, () => parseCredential(compact))
  const key = await checkIssued(checks, parsed, options)
  await checkPublished(checks, parsed, key, options)
  checks.conclude()
  return verified(checks, parsed, key)
}

/**
 * Verifies a presentation of one credential: the credential, and that its holder made the presentation for this
 * verifier, in answer to this request, just now.
 * @throws RejectedError, UnavailableError; TypeError for an option that is none or malformed
 */
export async function verifyJwtVp(compact: unknown, options: VerifyJwtVpOptions): Promise<VerifiedJwtVp> {
  checkOptions(options, 'verifyJwtVp', verifyPresentationRules)
  const checks = createChecks()
  const { presentation, parsed } = checkParsed(checks, () => {
    const presentation = parsePresentation(compact)
    return { presentation, parsed: parseCredential(presentation.credential) }
  })
  const key = await checkIssued(checks, parsed, options)
  const { iss } = presentation.jws.payload
  const holder = await checkJwtHolder(checks, presentation.jws, {
    named: parsed.holder,
    presenter: typeof iss === 'string' ? iss : undefined,
    binding: options.binding,
    resolveDid: options.resolveDid,
    clock: options.clock ?? systemClock,
  })
  await checkPublished(checks, parsed, key, options)
  checks.conclude()
  if (!holder) throw new TypeError('a holder who was not found passed')
  return { ...verified(checks, parsed, key), holder }
}

/** What a credential says of itself, and that its issuer says it. */
export async function checkIssued(
  checks: Checks,
  parsed: ParsedCredential,
  { resolveIssuerKey, isTrusted, clock = systemClock }: VerifyJwtVcOptions,
): Promise<IssuerKey | undefined> {
  const { jws, iss, credential, types } = parsed
  checkDataModel(checks, credential, { versions: ['1.1'], mayRepeatContext: true })
  checkValidity(checks, parsed.validity, clock())
  return checkJwtIssuer(checks, jws, { issuer: iss, types, resolveIssuerKey, isTrusted })
}

/** What others publish about it: schemas, status. Last of the checks: it is fetched. */
async function checkPublished(
  checks: Checks,
  parsed: ParsedCredential,
  key: IssuerKey | undefined,
  { checkStatus, content }: VerifyJwtVcOptions,
): Promise<void> {
  await checkContent(checks, parsed.credential, content)
  await checkCredentialStatus(checks, {
    checkStatus,
    entry: parsed.status,
    issuer: key?.identity,
    jwk: key?.jwk,
  })
}

function verified(checks: Checks, parsed: ParsedCredential, key: IssuerKey | undefined): VerifiedJwtVc {
  if (!key)
    throw new TypeError('expected a check to have failed, because there is no key of the issuer; all passed')
  const { credential, types, validity, status } = parsed
  return {
    credential,
    issuer: key.identity,
    types,
    claims: subjectClaims(credential),
    validity,
    ...(typeof status === 'object' && { status }),
    checks: checks.list,
  }
}
