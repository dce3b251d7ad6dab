import {
  type AcceptCredentialOptions,
  type Credential,
  type CredentialView,
  checkParsed,
  createChecks,
  type HeldCredential,
  RejectedError,
  type ResolveIssuerKey,
} from '@ekkasan/core'
import { isSameKey } from '@ekkasan/keys'
import type { MdocErrorCode } from './errors.ts'
import { parseCredential } from './present.ts'
import { checkIssuerSigned, claimsOf, describe, type MdocAlgorithm } from './verify.ts'

export interface AcceptMdocOptions extends AcceptCredentialOptions {
  readonly resolveIssuerKey: ResolveIssuerKey
  readonly algorithms?: readonly MdocAlgorithm[]
}

/**
 * What a wallet checks before it keeps a credential: as a verifier, and `holder-signature`, that it names the key for
 * which it was asked.
 * @throws RejectedError, UnavailableError
 */
export async function acceptMdoc(
  credential: Credential,
  options: AcceptMdocOptions,
): Promise<HeldCredential> {
  const checks = createChecks()
  const now = options.clock?.() ?? new Date()
  const { issuerSigned, claims } = checkParsed(checks, () => {
    const parsed = parseCredential(credential)
    return { issuerSigned: parsed, claims: claimsOf(parsed) }
  })
  const key = await checkIssuerSigned(checks, issuerSigned, options, now)
  const { deviceKey, status } = issuerSigned.mso
  if (isSameKey(deviceKey, options.holder.jwk)) {
    checks.pass('holder-signature', 'names the key for which it was asked')
  } else checks.fail('holder-signature', 'mdoc.holder.other-key' satisfies MdocErrorCode)
  const list = checks.conclude()
  if (!key) throw new RejectedError(list)
  const { validity, view } = describe(issuerSigned, claims, key.identity)
  return {
    issuer: key.identity,
    validity,
    view: { ...view, alwaysDisclosed: {} },
    checks: list,
    ...(typeof status === 'object' && { status }),
  }
}

/**
 * Shape only, of a credential that was accepted before.
 * @throws MdocError, CoseError
 */
export function viewMdoc(credential: Credential): CredentialView {
  const issuerSigned = parseCredential(credential)
  return { ...describe(issuerSigned, claimsOf(issuerSigned), issuerSigned).view, alwaysDisclosed: {} }
}
