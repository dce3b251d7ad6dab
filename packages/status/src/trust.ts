import { type IssuerIdentity, ResolveError, type TrustAnswer, type TrustQuestion } from '@ekkasan/core'
import type { StatusErrorCode } from './errors.ts'
import { invalid } from './fetch-list.ts'

/** Whether the party that signed a list speaks for the statuses of the credential's issuer. */
export function trustQuestion(signer: IssuerIdentity, issuer: IssuerIdentity): TrustQuestion {
  return { role: 'status-issuer', id: signer.id, issuer: signer, onBehalfOf: issuer }
}

/** @throws ResolveError */
export function requireTrusted({ trusted }: TrustAnswer, code: StatusErrorCode): void {
  if (trusted === 'unknown') {
    throw new ResolveError('core.resolve.unavailable', 'whether the status issuer is trusted is not known')
  }
  if (!trusted) throw invalid(code, 'the status list is signed by another party')
}
