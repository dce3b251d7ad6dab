import {
  type AcceptCredentialOptions,
  type Algorithm,
  type Claims,
  type Credential,
  type CredentialView,
  createChecks,
  type HeldCredential,
  type IssuerIdentity,
  issuerKeyQuestion,
  RejectedError,
  type ResolveIssuerKey,
} from '@ekkasan/core'
import { isSameKey } from '@ekkasan/keys'
import { confirmationKey, discloseClaims, parseSdJwt } from '@ekkasan/sd-jwt'
import type { SdJwtVcErrorCode } from './errors.ts'
import { statusOf } from './internal/claims.ts'
import { checkCredential, describe, trustedTypes } from './verify.ts'

export interface AcceptSdJwtVcOptions extends AcceptCredentialOptions {
  readonly resolveIssuerKey: ResolveIssuerKey
  readonly acceptVcSdJwt?: boolean
  readonly algorithms?: readonly Algorithm[]
}

/**
 * What a wallet checks before it keeps a credential (RFC 9901 section 7.2): as a verifier, and `holder-signature`,
 * that it names the key for which it was asked. An SD-JWT+KB is refused: it is somebody's presentation.
 * @throws RejectedError, UnavailableError
 */
export async function acceptSdJwtVc(
  credential: Credential,
  options: AcceptSdJwtVcOptions,
): Promise<HeldCredential> {
  const checks = createChecks()
  const now = options.clock?.() ?? new Date()
  const { sdJwt, disclosed, key, validity } = await checkCredential(checks, credential, options, now)
  const { payload } = sdJwt.jws
  const named = confirmationKey(payload)
  if (sdJwt.keyBinding !== undefined) {
    checks.fail('holder-signature', 'sd-jwt-vc.holder.presentation' satisfies SdJwtVcErrorCode)
  } else if (named && !isSameKey(named, options.holder.jwk)) {
    checks.fail('holder-signature', 'sd-jwt-vc.holder.other-key' satisfies SdJwtVcErrorCode)
  } else if (named) {
    checks.pass('holder-signature', 'names the key for which it was asked')
  } else if (payload.cnf !== undefined) {
    checks.fail('holder-signature', 'sd-jwt-vc.holder.no-key' satisfies SdJwtVcErrorCode)
  }
  const list = checks.conclude()
  if (!key || !disclosed) throw new RejectedError(list)
  const types = await trustedTypes(payload, [], options.isTrusted, key.identity)
  const { view } = describe(payload, disclosed, types, validity, key.identity)
  const status = statusOf(payload, disclosed.claims)
  return {
    issuer: key.identity,
    validity,
    view: { ...view, alwaysDisclosed: alwaysDisclosed(sdJwt.sdJwt, key.identity) },
    checks: list,
    ...(typeof status === 'object' && { status }),
  }
}

/**
 * Shape only, of a credential that was accepted before. Whether a certificate in it names `iss` is not looked at, so that
 * beside `x5c` the view leaves `iss` out; what `acceptSdJwtVc` gave knows.
 * @throws SdJwtError, KeysError as `parseSdJwt`
 */
export function viewSdJwtVc(credential: Credential): CredentialView {
  const sdJwt = parseSdJwt(credential)
  const { payload, header } = sdJwt.jws
  const akaVcts = (payload.aka_vcts ?? []) as readonly string[]
  const { x5c = [] } = issuerKeyQuestion(header)
  const issuer: IssuerIdentity | undefined =
    header.x5c === undefined ? undefined : { id: '', method: 'x5c', x5c }
  const types = [payload.vct as string, ...akaVcts]
  const { view } = describe(payload, discloseClaims(sdJwt), types, undefined, issuer)
  return { ...view, alwaysDisclosed: alwaysDisclosed(sdJwt.sdJwt, issuer) }
}

/** The claims of the SD-JWT without any of its disclosures. */
function alwaysDisclosed(credential: string, issuer: IssuerIdentity | undefined): Claims {
  const bare = parseSdJwt(credential.slice(0, credential.indexOf('~') + 1))
  return describe(bare.jws.payload, discloseClaims(bare), [], undefined, issuer).view.claims
}
