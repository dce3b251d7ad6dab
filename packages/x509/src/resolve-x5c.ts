import {
  type Clock,
  type IssuerIdentity,
  type IssuerKeyQuestion,
  isHostAllowed,
  ResolveError,
  type ResolveIssuerKey,
  type TrustRole,
} from '@ekkasan/core'
import {
  checkOptions,
  functionRule,
  listRule,
  type OptionRules,
  optional,
  textRule,
  trustRoleRule,
} from '@ekkasan/core/options'
import { jwkThumbprint } from '@ekkasan/keys'
import { anchorsRule, type TrustAnchors } from './anchors.ts'
import type { Certificate } from './certificate.ts'
import { X509Error } from './errors.ts'
import type { CertificatePath } from './path.ts'
import { rememberPaths } from './path-memory.ts'
import type { CertificateProfile } from './profile.ts'
import type { CheckRevocation } from './revocation.ts'

export interface ResolveX5cOptions {
  readonly anchors: TrustAnchors
  /** Whose anchors the chain must lead to; `credential-issuer` by default. */
  readonly role?: TrustRole
  /** Object identifiers of purposes of which the leaf must name one. */
  readonly purposes?: readonly string[]
  /** What a use wants beyond RFC 5280, `mdocIssuerProfile`. */
  readonly profile?: CertificateProfile
  /** `createCrlChecker({ fetch })`; without it revocation of certificates is not looked up. */
  readonly checkRevocation?: CheckRevocation
  /**
   * Hosts (`localhost:8080`) for which an `iss` by http counts as named where the leaf has the host among its DNS names:
   * for work on one machine, with the same entries as `allowHosts` of `createGuardedFetch`.
   */
  readonly allowHosts?: readonly string[]
  readonly clock?: Clock
}

const rules: OptionRules<ResolveX5cOptions> = {
  anchors: anchorsRule,
  role: optional(trustRoleRule),
  purposes: optional(listRule(textRule)),
  profile: optional(functionRule),
  checkRevocation: optional(functionRule),
  allowHosts: optional(listRule(textRule)),
  clock: optional(functionRule),
}

/**
 * Finds an issuer's key in the certificate chain that the credential carries (SD-JWT VC section 2.5, HAIP section
 * 6.1.1): the chain must lead to an anchor of the role. Whether the leaf names `iss`, as a URI of its subject alternative
 * name or by the DNS name of an https URL's host, decides only who the issuer is. If so, it is `iss`; if not, or without
 * `iss`, it is the leaf's subject together with the anchor, as `subjectIdentifier` writes it, and an empty subject is
 * refused.
 *
 * Chains that were valid are remembered; revocation is looked up each time, so that there is nothing to wrap in `cached`.
 */
export function resolveX5c(options: ResolveX5cOptions): ResolveIssuerKey {
  checkOptions(options, 'resolveX5c', rules)
  const { anchors, role = 'credential-issuer', purposes, profile, allowHosts = [] } = options
  const { clock = () => new Date() } = options
  const validate = rememberPaths()
  const pathOf = ({ x5c }: IssuerKeyQuestion, checkRevocation?: CheckRevocation) => {
    if (!x5c || x5c.length === 0) {
      throw new ResolveError('core.resolve.invalid', 'x5c is missing, or no list of base64 certificates')
    }
    return validate({
      chain: x5c,
      anchors: anchors.of(role),
      at: clock(),
      ...(purposes && { purposes }),
      ...(profile && { profile }),
      ...(checkRevocation && { checkRevocation }),
    })
  }
  const resolve: ResolveIssuerKey = async (question) => {
    try {
      const path = await pathOf(question, options.checkRevocation)
      const { notBefore, notAfter, publicJwk } = path.leaf
      const country = countryOf(path.leaf)
      return {
        jwk: publicJwk,
        identity: identityOf(path, question.iss, allowHosts),
        certificate: { notBefore, notAfter, ...(country !== undefined && { country }) },
      }
    } catch (cause) {
      throw asResolveError(cause)
    }
  }
  return Object.assign(resolve, {
    async identify(question: IssuerKeyQuestion) {
      try {
        const path = await pathOf(question)
        return { identity: identityOf(path, question.iss, allowHosts), jwk: path.leaf.publicJwk }
      } catch (cause) {
        throw asResolveError(cause)
      }
    },
  })
}

/**
 * The identifier of an issuer whose certificate names no URL: its subject, together with the key of the anchor above it.
 * The same subject under another anchor is another issuer.
 *
 * @example trustOnly([{ role: 'credential-issuer', id: subjectIdentifier('CN=Department,C=TH', anchor) }])
 */
export function subjectIdentifier(subject: string, anchor: Pick<Certificate, 'publicJwk'>): string {
  return `x509:${jwkThumbprint(anchor.publicJwk)}:${subject}`
}

function identityOf(
  { leaf, chain, anchor }: CertificatePath,
  iss: string | undefined,
  allowHosts: readonly string[],
): IssuerIdentity {
  const isNamed = iss !== undefined && namesIssuer(leaf, iss, allowHosts)
  // All certificates whose only names are alternative ones (RFC 5280 section 4.1.2.6) would be one issuer.
  if (!isNamed && leaf.subject === '') {
    throw new X509Error(
      'x509.name.mismatch',
      'the certificate has no subject and does not name iss: nobody is named',
    )
  }
  return {
    id: isNamed ? iss : subjectIdentifier(leaf.subject, anchor),
    method: 'x5c',
    x5c: chain.map(({ base64 }) => base64),
  }
}

function namesIssuer({ uris, dnsNames }: Certificate, iss: string, allowHosts: readonly string[]): boolean {
  if (uris.includes(iss)) return true
  const url = URL.canParse(iss) ? new URL(iss) : undefined
  if (!url || !/^https?:\/\//.test(iss)) return false
  if (url.protocol === 'http:' && !isHostAllowed(allowHosts, url)) return false
  // Of `https://a.example\@b.example` not all readers take the same for the host.
  const isPlain = url.username === '' && url.password === '' && !iss.includes('\\')
  return isPlain && dnsNames.includes(url.hostname)
}

function asResolveError(cause: unknown): unknown {
  if (!(cause instanceof X509Error)) return cause
  const code = cause.code === 'x509.revocation.unknown' ? 'core.resolve.unavailable' : 'core.resolve.invalid'
  return new ResolveError(code, `${cause.code}: ${cause.message}`, { cause })
}

function countryOf({ names }: Certificate): string | undefined {
  const [, country] =
    names.subject.map((part) => /^2\.5\.4\.6="(..)"$/.exec(part)).find((found) => found) ?? []
  return country?.toUpperCase()
}
