import type { TrustRole } from '@ekkasan/core'
import { type Certificate, parseCertificate } from './certificate.ts'

export interface TrustAnchor {
  /** For whom this authority issues. */
  readonly role: TrustRole
  /** Base64 DER or PEM of the authority's own certificate; of a single party's, to trust that one alone. */
  readonly certificate: string
}

export interface TrustAnchors {
  of(role: TrustRole): readonly Certificate[]
}

/**
 * The certificates from which trust starts, for each role on its own: who may issue verifiers' certificates says
 * nothing about credential issuers.
 * @throws X509Error when one of them does not parse
 */
export function trustAnchors(anchors: readonly TrustAnchor[]): TrustAnchors {
  const parsed = anchors.map(({ role, certificate }) => ({
    role,
    certificate: parseCertificate(certificate),
  }))
  return {
    of: (role) => parsed.filter((anchor) => anchor.role === role).map(({ certificate }) => certificate),
  }
}
