import {
  askTrustFirst,
  type IssuerIdentity,
  type IsTrusted,
  ResolveError,
  type TrustAnswer,
  type TrustQuestion,
} from '@ekkasan/core'
import type { StatusErrorCode } from './errors.ts'
import { invalid } from './fetch-list.ts'

/**
 * Whether the party that signed a list speaks for the statuses of the credential's issuer. Who signed with the very leaf
 * of the issuer is the issuer, whatever name stands beside it.
 */
export function trustQuestion(signer: IssuerIdentity, issuer: IssuerIdentity): TrustQuestion {
  const leaf = signer.x5c?.[0]
  const own = leaf !== undefined && leaf === issuer.x5c?.[0] ? issuer : signer
  return { role: 'status-issuer', id: own.id, issuer: own, onBehalfOf: issuer }
}

/** Before anything of a signer is fetched. @throws ResolveError */
export async function requireTrustedFirst(
  isTrusted: IsTrusted,
  signer: IssuerIdentity,
  issuer: IssuerIdentity,
  code: StatusErrorCode,
): Promise<void> {
  requireTrusted(await askTrustFirst(isTrusted, trustQuestion(signer, issuer)), code)
}

/** @throws ResolveError */
export function requireTrusted({ trusted }: TrustAnswer, code: StatusErrorCode): void {
  if (trusted === 'unknown') {
    throw new ResolveError('core.resolve.unavailable', 'whether the status issuer is trusted is not known')
  }
  if (!trusted) throw invalid(code, 'the status list is signed by another party')
}
