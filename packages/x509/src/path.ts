import { equalBytes } from '@ekkasan/core/bytes'
import {
  checkOptions,
  dateRule,
  functionRule,
  integerRule,
  listRule,
  type OptionRules,
  objectRule,
  optional,
  textRule,
} from '@ekkasan/core/options'
import { type Certificate, parseCertificate } from './certificate.ts'
import { isSameName } from './distinguished-name.ts'
import { X509Error } from './errors.ts'
import { requirePermittedNames } from './name-constraints.ts'
import type { CertificateProfile } from './profile.ts'
import { type CheckRevocation, requireNotRevoked } from './revocation.ts'
import { isSignedBy } from './signature.ts'

const anyPurpose = '2.5.29.37.0'

export interface ValidateCertificatePathOptions {
  /** Leaf first, each issued by the next, base64 DER; the anchor itself need not be, and by HAIP is not, in it. */
  readonly chain: readonly string[]
  readonly anchors: readonly Certificate[]
  readonly at: Date
  /** Object identifiers of purposes of which the leaf must name one. */
  readonly purposes?: readonly string[]
  /** What a use wants beyond RFC 5280, `mdocIssuerProfile`. */
  readonly profile?: CertificateProfile
  /** Asked last, for each certificate below the anchor; without it revocation is not looked up. */
  readonly checkRevocation?: CheckRevocation
  /** Longest chain; default: 5. */
  readonly maxLength?: number
}

// A misspelt `purposes` or `checkRevocation` would look at neither, and an invalid date at no end.
const rules: OptionRules<ValidateCertificatePathOptions> = {
  chain: listRule(textRule),
  anchors: listRule(objectRule),
  at: dateRule,
  purposes: optional(listRule(textRule)),
  profile: optional(functionRule),
  checkRevocation: optional(functionRule),
  maxLength: optional(integerRule(1)),
}

export interface CertificatePath {
  readonly leaf: Certificate
  /** Leaf first, without the anchor. */
  readonly chain: readonly Certificate[]
  readonly anchor: Certificate
}

/**
 * Validates a chain up to one of the anchors (RFC 5280 section 6.1): names, signatures, validity of every
 * certificate and of the anchor, basicConstraints, keyCertSign, path length, name constraints, critical extensions,
 * use of the leaf, then the profile, and last revocation. A leaf that is itself an anchor is accepted alone. What the
 * chain holds beyond the certificate that an anchor issued, a link certificate for those who know only the root
 * before, is not looked at.
 * @throws X509Error; TypeError for an option that is none or malformed
 */
export async function validateCertificatePath(
  options: ValidateCertificatePathOptions,
): Promise<CertificatePath> {
  checkOptions(options, 'validateCertificatePath', rules)
  const { anchors, purposes, maxLength = 5 } = options
  if (options.chain.length === 0 || options.chain.length > maxLength) {
    throw new X509Error('x509.path.chain-length', `a chain holds 1 to ${maxLength} certificates`)
  }
  const given = options.chain.map((base64) => parseCertificate(base64))
  const leaf = given[0] as Certificate
  const isAnchor = anchors.some((anchor) => equalBytes(anchor.der, leaf.der))
  requireLeaf(leaf, isAnchor, purposes)
  const paths = isAnchor ? [{ leaf, chain: [leaf], anchor: leaf }] : await findPaths(given, anchors)
  const failures: X509Error[] = []
  for (const path of paths) {
    try {
      await requireValid(path, options)
      return path
    } catch (error) {
      if (!(error instanceof X509Error)) throw error
      failures.push(error)
    }
  }
  throw failures[0]
}

/** The paths from the leaf to an anchor, shortest first: a root may have been replaced by one of its name. */
async function findPaths(
  given: readonly Certificate[],
  anchors: readonly Certificate[],
): Promise<readonly CertificatePath[]> {
  const paths: CertificatePath[] = []
  let fault = new X509Error('x509.path.no-anchor', 'the chain leads to no trust anchor')
  for (const [index, certificate] of given.entries()) {
    for (const anchor of anchors) {
      if (isNamedAfter(certificate, anchor) && (await isSignedBy(certificate.signed, anchor))) {
        paths.push({ leaf: given[0] as Certificate, chain: given.slice(0, index + 1), anchor })
      }
    }
    const issuer = given[index + 1]
    if (!issuer) break
    if (!isNamedAfter(certificate, issuer)) {
      fault = new X509Error('x509.path.name-mismatch', 'a certificate of the chain is not issued by the next')
      break
    }
    if (!(await isSignedBy(certificate.signed, issuer))) {
      fault = new X509Error('x509.path.signature', 'a certificate of the chain is not signed by the next')
      break
    }
  }
  if (paths.length === 0) throw fault
  return paths
}

async function requireValid(path: CertificatePath, options: ValidateCertificatePathOptions): Promise<void> {
  const { at, purposes, profile, checkRevocation } = options
  const { chain, anchor, leaf } = path
  const isAlone = anchor === leaf
  const authorities = isAlone ? [] : [...chain.slice(1), anchor]
  for (const certificate of [...chain, ...(isAlone ? [] : [anchor])]) {
    requireCurrent(certificate, at)
    requireUnderstood(certificate)
  }
  for (const [index, authority] of authorities.entries()) {
    requireCa(authority, chain.slice(1, index + 1))
    requirePurpose(authority, purposes)
    requireNames(authority, chain.slice(0, index + 1))
  }
  profile?.(path)
  if (checkRevocation && !isAlone) await requireNotRevoked(path, at, checkRevocation)
}

function requireLeaf(leaf: Certificate, isAnchor: boolean, purposes: readonly string[] | undefined): void {
  if (leaf.isCa && !isAnchor) {
    throw new X509Error(
      'x509.path.leaf-usage',
      'the leaf is a certificate authority, which signs nothing else',
    )
  }
  if (leaf.keyUsage && !leaf.keyUsage.includes('digitalSignature')) {
    throw new X509Error('x509.path.leaf-usage', 'the leaf is not for digital signatures')
  }
  if (purposes && !purposes.some((purpose) => leaf.extendedKeyUsage?.includes(purpose))) {
    throw new X509Error('x509.path.purpose', 'the leaf is not for this purpose')
  }
}

/** An authority that names purposes certifies for no others; RFC 5280 leaves this to profiles, and all follow it. */
function requirePurpose({ extendedKeyUsage }: Certificate, purposes: readonly string[] | undefined): void {
  if (!purposes || !extendedKeyUsage || extendedKeyUsage.includes(anyPurpose)) return
  if (!purposes.some((purpose) => extendedKeyUsage.includes(purpose))) {
    throw new X509Error('x509.path.purpose', 'an authority of the chain does not certify for this purpose')
  }
}

function requireNames({ nameConstraints }: Certificate, below: readonly Certificate[]): void {
  if (!nameConstraints) return
  for (const [index, certificate] of below.entries()) {
    if (index === 0 || !isNamedAfter(certificate, certificate)) {
      requirePermittedNames(certificate, nameConstraints)
    }
  }
}

function requireCurrent({ notBefore, notAfter }: Certificate, at: Date): void {
  if (at < notBefore) throw new X509Error('x509.path.not-yet-valid', 'a certificate is not valid yet')
  if (at > notAfter) throw new X509Error('x509.path.expired', 'a certificate has expired')
}

function requireUnderstood({ limits }: Certificate): void {
  if (limits.length > 0) {
    throw new X509Error('x509.path.critical-extension', `an extension is not understood: ${limits.join(' ')}`)
  }
}

function requireCa(issuer: Certificate, below: readonly Certificate[]): void {
  if (!issuer.isCa || issuer.keyUsage?.includes('keyCertSign') === false) {
    throw new X509Error('x509.path.not-a-ca', 'a certificate was issued by one that may not issue')
  }
  // Self-issued certificates, made when an authority changes its key, do not count.
  const intermediates = below.filter((one) => !isNamedAfter(one, one)).length
  if (issuer.pathLength !== undefined && intermediates > issuer.pathLength) {
    throw new X509Error(
      'x509.path.length-exceeded',
      'more intermediate certificates than their issuer allows',
    )
  }
}

function isNamedAfter(certificate: Certificate, issuer: Certificate): boolean {
  return isSameName(certificate.names.issuer, issuer.names.subject)
}
