import type { Clock, IsTrusted, TrustAnswer, TrustRole } from '@ekkasan/core'
import type { TrustAnchors } from './anchors.ts'
import { x509HashOf } from './client-certificate.ts'
import { X509Error } from './errors.ts'
import { type CertificatePath, validateCertificatePath } from './path.ts'

export interface TrustCertificatesOptions {
  readonly anchors: TrustAnchors
  readonly clock?: Clock
}

/**
 * Trusts verifiers whose chain leads to an anchor of role `verifier`, and whose client identifier is the leaf's:
 * `x509_hash:` its hash, `x509_san_dns:` one of its DNS names. Answers no for every other role.
 */
export function trustVerifierCertificates(options: TrustCertificatesOptions): IsTrusted {
  return async ({ role, id, x5c }) => {
    if (role !== 'verifier' || !x5c) return { trusted: false, code: 'core.trust.not-listed' }
    return answer(options, role, x5c, ({ leaf }) =>
      id.startsWith('x509_hash:')
        ? id === `x509_hash:${x509HashOf(leaf.base64)}`
        : id.startsWith('x509_san_dns:') && leaf.dnsNames.includes(id.slice('x509_san_dns:'.length)),
    )
  }
}

/**
 * Trusts issuers that were found by certificate and whose chain leads to an anchor of the role asked for. Statuses
 * are trusted from the issuer itself, and from those under an anchor of role `status-issuer`.
 */
export function trustIssuerCertificates(options: TrustCertificatesOptions): IsTrusted {
  return async ({ role, id, issuer, onBehalfOf }) => {
    if (role === 'status-issuer' && onBehalfOf?.id === id) {
      return { trusted: true, detail: 'the issuer itself' }
    }
    if (role === 'verifier' || issuer?.method !== 'x5c' || !issuer.x5c || issuer.id !== id) {
      return { trusted: false, code: 'core.trust.not-listed' }
    }
    return answer(options, role, issuer.x5c, () => true)
  }
}

async function answer(
  { anchors, clock = () => new Date() }: TrustCertificatesOptions,
  role: TrustRole,
  x5c: readonly string[],
  isNamed: (path: CertificatePath) => boolean,
): Promise<TrustAnswer> {
  try {
    const path = await validateCertificatePath({ chain: x5c, anchors: anchors.of(role), at: clock() })
    if (!isNamed(path)) return { trusted: false, code: 'x509.name.mismatch' }
    return { trusted: true, detail: `certified by ${path.anchor.subject}` }
  } catch (error) {
    if (!(error instanceof X509Error)) throw error
    return { trusted: false, code: error.code, detail: error.message }
  }
}
