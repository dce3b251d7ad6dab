import {
  type Checks,
  type Clock,
  checkCredentialStatus,
  checkParsed,
  checkValidity,
  commonPeriod,
  createChecks,
  type IssuerKey,
  type PresentationBinding,
} from '@ekkasan/core'
import type { JsonObject } from '@ekkasan/core/json'
import { checkOptions } from '@ekkasan/core/options'
import { checkJwtIssuer } from '@ekkasan/keys'
import { checkKeyBinding, keyBindingTo } from '@ekkasan/sd-jwt'
import { checkContent, checkDataModel, subjectClaims } from '@ekkasan/vcdm'
import type { VcJoseCoseErrorCode } from './errors.ts'
import { type ParsedCredential, parseCredential } from './internal/credential.ts'
import { openEnvelope } from './internal/envelope.ts'
import { verifyRules, verifySdJwtRules } from './internal/option-rules.ts'
import type { VerifiedVc, VerifyVcOptions, VerifyVcSdJwtOptions } from './types.ts'

const systemClock: Clock = () => new Date()

/**
 * Verifies a `vc+jwt` (VC-JOSE-COSE sections 3.1.1, 4 and 5): signature, issuer, data model, validity of the data
 * and life of the signature, trust, schemas, related resources, status.
 * @throws RejectedError, UnavailableError; TypeError for an option that is none or malformed
 */
export async function verifyVcJwt(secured: unknown, options: VerifyVcOptions): Promise<VerifiedVc> {
  checkOptions(options, 'verifyVcJwt', verifyRules)
  return verifyVc(() => parseCredential('vc+jwt', secured), options)
}

/**
 * Verifies a `vc+sd-jwt` (VC-JOSE-COSE sections 3.2.1 and 5.2) as far as it was disclosed, as `verifyVcJwt`; with
 * `binding` also the KB-JWT of its holder (RFC 9901 section 7.3).
 * @throws RejectedError, UnavailableError; TypeError for an option that is none or malformed
 */
export async function verifyVcSdJwt(secured: unknown, options: VerifyVcSdJwtOptions): Promise<VerifiedVc> {
  checkOptions(options, 'verifyVcSdJwt', verifySdJwtRules)
  return verifyVc(() => parseCredential('vc+sd-jwt', secured), options)
}

/**
 * Verifies a `vc+cose` (VC-JOSE-COSE sections 3.3.1 and 5.3), as `verifyVcJwt`.
 * @throws RejectedError, UnavailableError; TypeError for an option that is none or malformed
 */
export async function verifyVcCose(secured: unknown, options: VerifyVcOptions): Promise<VerifiedVc> {
  checkOptions(options, 'verifyVcCose', verifyRules)
  return verifyVc(() => parseCredential('vc+cose', secured), options)
}

/**
 * Verifies an EnvelopedVerifiableCredential (VCDM 2.0 section 4.13), an object with a `data:` URL of any of the three.
 * @throws RejectedError, UnavailableError; TypeError for an option that is none or malformed
 */
export async function verifyEnvelopedVc(envelope: unknown, options: VerifyVcOptions): Promise<VerifiedVc> {
  checkOptions(options, 'verifyEnvelopedVc', verifyRules)
  return verifyVc(() => {
    const { mediaType, content } = openEnvelope(envelope, 'vc')
    return parseCredential(mediaType, content)
  }, options)
}

async function verifyVc(parse: () => ParsedCredential, options: VerifyVcSdJwtOptions): Promise<VerifiedVc> {
  const checks = createChecks()
  const parsed = checkParsed(checks, parse)
  const key = await checkIssued(checks, parsed, options)
  await checkBinding(checks, parsed, options.binding, options.clock ?? systemClock)
  await checkPublished(checks, parsed, key, options)
  checks.conclude()
  return verifiedVc(checks, parsed, key)
}

/** What a credential says of itself, and that its issuer says it. */
export async function checkIssued(
  checks: Checks,
  { secured, issuer, types, validity, signature }: ParsedCredential,
  { resolveIssuerKey, isTrusted, clock = systemClock }: VerifyVcOptions,
  presentation?: JsonObject,
): Promise<IssuerKey | undefined> {
  const { document, signed, partial = false } = secured
  checkDataModel(checks, document, { versions: ['2.0'], partial, ...(presentation && { presentation }) })
  // The time in which both hold: the data and its signature (section 3.1.3).
  checkValidity(checks, commonPeriod(validity, signature), clock())
  return checkJwtIssuer(checks, signed, { issuer, types, isTrusted, resolveIssuerKey })
}

async function checkBinding(
  checks: Checks,
  { secured: { sdJwt } }: ParsedCredential,
  binding: PresentationBinding | undefined,
  clock: Clock,
): Promise<void> {
  if (!sdJwt) return
  if (binding) {
    await checkKeyBinding(checks, sdJwt, keyBindingTo(binding), clock())
  } else if (sdJwt.keyBinding !== undefined) {
    checks.skip('holder-signature', 'vc-jose-cose.holder.not-required' satisfies VcJoseCoseErrorCode)
  }
}

/** What others publish about it: schemas, related resources, status. */
export async function checkPublished(
  checks: Checks,
  { secured: { document, partial = false }, status }: ParsedCredential,
  key: IssuerKey | undefined,
  { content, checkStatus }: VerifyVcOptions,
): Promise<void> {
  await checkContent(checks, document, { ...content, partial })
  await checkCredentialStatus(checks, { checkStatus, entry: status, issuer: key?.identity, jwk: key?.jwk })
}

export function verifiedVc(
  checks: Pick<Checks, 'list'>,
  { secured, types, validity, status }: ParsedCredential,
  key: IssuerKey | undefined,
): VerifiedVc {
  if (!key)
    throw new TypeError('expected a check to have failed, because there is no key of the issuer; all passed')
  return {
    mediaType: secured.mediaType,
    credential: secured.document,
    issuer: key.identity,
    types,
    claims: subjectClaims(secured.document),
    validity,
    ...(typeof status === 'object' && { status }),
    checks: checks.list,
  }
}
