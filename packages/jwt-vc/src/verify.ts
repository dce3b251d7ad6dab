import {
  type Checks,
  checkCredentialStatus,
  checkIssuerKey,
  checkIssuerTrust,
  checkValidity,
  createChecks,
  type IssuerIdentity,
} from '@ekkasan/core'
import { isJsonObject, type JsonObject } from '@ekkasan/core/json'
import { validateCredential, versionOf } from '@ekkasan/vcdm'
import { checkHolder } from './internal/check-holder.ts'
import { checkSignature } from './internal/check-signature.ts'
import { systemClock } from './internal/clock.ts'
import { codeOf, type ParsedCredential, parseCredential, parsePresentation } from './internal/parse.ts'
import type { VerifiedJwtVc, VerifiedJwtVp, VerifyJwtVcOptions, VerifyJwtVpOptions } from './types.ts'

/**
 * Verifies a credential alone, without its holder.
 * @throws RejectedError, UnavailableError
 */
export async function verifyJwtVc(compact: unknown, options: VerifyJwtVcOptions): Promise<VerifiedJwtVc> {
  const checks = createChecks()
  const parsed = parse(checks, () => parseCredential(compact))
  const issuer = await checkIssued(checks, parsed, options)
  await checkStatus(checks, parsed, issuer, options)
  checks.conclude()
  return verified(checks, parsed, issuer as IssuerIdentity)
}

/**
 * Verifies a presentation of one credential: the credential, and that its holder made the presentation for this
 * verifier, in answer to this request, just now.
 * @throws RejectedError, UnavailableError
 */
export async function verifyJwtVp(compact: unknown, options: VerifyJwtVpOptions): Promise<VerifiedJwtVp> {
  const checks = createChecks()
  const { presentation, parsed } = parse(checks, () => {
    const presentation = parsePresentation(compact)
    return { presentation, parsed: parseCredential(presentation.credential) }
  })
  const issuer = await checkIssued(checks, parsed, options)
  const holder = await checkHolder(checks, presentation.jws, parsed, options)
  await checkStatus(checks, parsed, issuer, options)
  checks.conclude()
  if (!holder) throw new TypeError('a holder who was not found passed')
  return { ...verified(checks, parsed, issuer as IssuerIdentity), holder }
}

function parse<T>(checks: Checks, read: () => T): T {
  try {
    const value = read()
    checks.pass('structure')
    return value
  } catch (error) {
    checks.fail('structure', codeOf(error), (error as Error).message)
    checks.conclude()
    throw error
  }
}

/** What a credential says of itself, and that its issuer says it. */
export async function checkIssued(
  checks: Checks,
  parsed: ParsedCredential,
  { resolveIssuerKey, isTrusted, clock = systemClock }: VerifyJwtVcOptions,
): Promise<IssuerIdentity | undefined> {
  const { jws, iss, credential, types } = parsed
  const [violation] = validateCredential(credential)
  if (violation)
    checks.fail('data-model', 'jwt-vc.data-model.invalid', `${violation.code} at ${violation.path}`)
  else if (versionOf(credential) !== '1.1') checks.fail('data-model', 'jwt-vc.data-model.invalid', 'not 1.1')
  else checks.pass('data-model')
  checkValidity(checks, parsed.validity, clock())
  const { kid, x5c, alg } = jws.header
  const key = await checkIssuerKey(checks, resolveIssuerKey, {
    iss,
    alg,
    ...(typeof kid === 'string' && { kid }),
    ...(Array.isArray(x5c) && { x5c: x5c as string[] }),
  })
  if (!key) {
    checks.skip('issuer-signature', 'jwt-vc.issuer-signature.invalid')
    checks.skip('issuer-trust', 'jwt-vc.issuer-signature.invalid')
    return undefined
  }
  const isSigned = await checkSignature(jws, key.jwk)
  if (isSigned) checks.pass('issuer-signature', alg)
  else checks.fail('issuer-signature', 'jwt-vc.issuer-signature.invalid')
  await checkIssuerTrust(checks, isTrusted, key.identity, types)
  return key.identity
}

async function checkStatus(
  checks: Checks,
  parsed: ParsedCredential,
  issuer: IssuerIdentity | undefined,
  { checkStatus }: VerifyJwtVcOptions,
): Promise<void> {
  await checkCredentialStatus(checks, { checkStatus, entry: parsed.status, issuer })
}

function verified(checks: Checks, parsed: ParsedCredential, issuer: IssuerIdentity): VerifiedJwtVc {
  const { credential, types, validity, status } = parsed
  return {
    credential,
    issuer,
    types,
    claims: claimsOf(credential),
    validity,
    ...(typeof status === 'object' && { status }),
    checks: checks.list,
  }
}

/** The claims of the subject; of several subjects, all of them under `credentialSubject`. */
export function claimsOf({ credentialSubject: subject }: JsonObject): JsonObject {
  if (!isJsonObject(subject)) return subject === undefined ? {} : { credentialSubject: subject }
  const { id, ...claims } = subject
  return claims
}
