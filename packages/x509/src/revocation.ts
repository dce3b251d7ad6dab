import type { Certificate } from './certificate.ts'
import { X509Error, type X509ErrorCode } from './errors.ts'
import type { CertificatePath } from './path.ts'

export interface RevocationQuestion {
  readonly certificate: Certificate
  /** Its issuer, from a path that is otherwise valid. */
  readonly issuer: Certificate
  readonly at: Date
}

export type RevocationAnswer =
  /** `asOf`: when its issuer last said so; absent when the certificate names no place to ask. */
  | { readonly revocation: 'good'; readonly asOf?: Date }
  | { readonly revocation: 'revoked'; readonly since: Date; readonly reason: RevocationReason }
  /** It could not be found out. */
  | { readonly revocation: 'unknown'; readonly code: X509ErrorCode; readonly detail: string }

/** Names of RFC 5280 section 5.3.1. */
export type RevocationReason =
  | 'unspecified'
  | 'keyCompromise'
  | 'cACompromise'
  | 'affiliationChanged'
  | 'superseded'
  | 'cessationOfOperation'
  | 'certificateHold'
  | 'privilegeWithdrawn'
  | 'aACompromise'

/** `createCrlChecker({ fetch })` is one. */
export type CheckRevocation = (question: RevocationQuestion) => Promise<RevocationAnswer>

/** @throws X509Error `x509.revocation.revoked`; `x509.revocation.unknown` when none is known to be revoked */
export async function requireNotRevoked(
  { chain, anchor }: CertificatePath,
  at: Date,
  checkRevocation: CheckRevocation,
): Promise<void> {
  let unknown: X509Error | undefined
  for (const [index, certificate] of chain.entries()) {
    const answer = await checkRevocation({ certificate, issuer: chain[index + 1] ?? anchor, at })
    if (answer.revocation === 'revoked') {
      throw new X509Error(
        'x509.revocation.revoked',
        `a certificate of the chain was revoked on ${answer.since.toISOString()} (${answer.reason})`,
      )
    }
    if (answer.revocation === 'unknown') {
      unknown ??= new X509Error(
        'x509.revocation.unknown',
        `whether a certificate of the chain is revoked could not be found out: ${answer.code}, ${answer.detail}`,
      )
    }
  }
  if (unknown) throw unknown
}
