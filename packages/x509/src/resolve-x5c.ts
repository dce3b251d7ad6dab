import {
  type Clock,
  type PublicJwk,
  ResolveError,
  type ResolveIssuerKey,
  type TrustRole,
} from '@ekkasan/core'
import type { TrustAnchors } from './anchors.ts'
import type { Certificate } from './certificate.ts'
import { X509Error } from './errors.ts'
import { validateCertificatePath } from './path.ts'
import type { CertificateProfile } from './profile.ts'
import type { CheckRevocation } from './revocation.ts'

export interface ResolveX5cOptions {
  readonly anchors: TrustAnchors
  /** Whose anchors the chain must lead to; `credential-issuer` unless told. */
  readonly role?: TrustRole
  /** Object identifiers of purposes of which the leaf must name one. */
  readonly purposes?: readonly string[]
  /** What a use wants beyond RFC 5280, `mdocIssuerProfile`. */
  readonly profile?: CertificateProfile
  /** `createCrlChecker({ fetch })`; without it revocation of certificates is not looked up. */
  readonly checkRevocation?: CheckRevocation
  readonly clock?: Clock
}

/**
 * Finds an issuer's key in the certificate chain that the credential carries (SD-JWT VC section 2.5). An `iss`
 * must be a URI of the leaf's subject alternative name, or an https URL whose host is one of its DNS names; without
 * an `iss` the issuer is the leaf's subject, which must then not be empty.
 *
 * Validating a chain takes a signature for each certificate: cache it as a whole,
 * `cached(resolveX5c(…), { lifetime: 300_000 })`; a revocation is then seen that much later.
 */
export function resolveX5c(options: ResolveX5cOptions): ResolveIssuerKey {
  const { anchors, role = 'credential-issuer', purposes, profile, checkRevocation } = options
  const { clock = () => new Date() } = options
  return async ({ iss, x5c }) => {
    if (!x5c) throw new ResolveError('core.resolve.invalid', 'there is no certificate chain')
    try {
      const { leaf, chain } = await validateCertificatePath({
        chain: x5c,
        anchors: anchors.of(role),
        at: clock(),
        ...(purposes && { purposes }),
        ...(profile && { profile }),
        ...(checkRevocation && { checkRevocation }),
      })
      if (iss !== undefined) requireName(leaf, iss)
      // All certificates whose only names are alternative ones (RFC 5280 section 4.1.2.6) would be one issuer.
      else if (leaf.subject === '') throw notNamed()
      const jwk: PublicJwk = leaf.publicJwk
      const identity = {
        id: iss ?? leaf.subject,
        method: 'x5c',
        x5c: chain.map(({ base64 }) => base64),
      } as const
      const { notBefore, notAfter } = leaf
      const country = countryOf(leaf)
      return {
        jwk,
        identity,
        certificate: { notBefore, notAfter, ...(country !== undefined && { country }) },
      }
    } catch (cause) {
      if (!(cause instanceof X509Error)) throw cause
      const code =
        cause.code === 'x509.revocation.unknown' ? 'core.resolve.unavailable' : 'core.resolve.invalid'
      throw new ResolveError(code, `${cause.code}: ${cause.message}`, { cause })
    }
  }
}

function countryOf({ names }: Certificate): string | undefined {
  const [, country] =
    names.subject.map((part) => /^2\.5\.4\.6="(..)"$/.exec(part)).find((found) => found) ?? []
  return country?.toUpperCase()
}

/** Throws X509Error `x509.name.mismatch` unless the certificate speaks for this issuer. */
function requireName({ uris, dnsNames }: Certificate, iss: string): void {
  if (uris.includes(iss)) return
  const url = iss.startsWith('https://') && URL.canParse(iss) ? new URL(iss) : undefined
  // Of `https://a.example\@b.example` not all readers take the same for the host.
  const isPlain = url?.username === '' && url.password === '' && !iss.includes('\\')
  if (!isPlain || !dnsNames.includes(url.hostname)) throw notNamed()
}

function notNamed(): X509Error {
  return new X509Error('x509.name.mismatch', 'the certificate does not speak for the issuer named')
}
