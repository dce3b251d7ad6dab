import { equalBytes } from '@ekkasan/core/bytes'
import { ecCurves, signatureAlgorithms } from './algorithms.ts'
import { type Certificate, parseCertificate } from './certificate.ts'
import { ecdsaFromDer } from './ecdsa-signature.ts'
import { X509Error } from './errors.ts'

export interface ValidateCertificatePathOptions {
  /** Leaf first, each issued by the next, base64 DER; the anchor itself need not be, and by HAIP is not, in it. */
  readonly chain: readonly string[]
  readonly anchors: readonly Certificate[]
  readonly at: Date
  /** Object identifiers of purposes of which the leaf must name one. */
  readonly purposes?: readonly string[]
  /** Longest chain; 5 unless told. */
  readonly maxLength?: number
}

export interface CertificatePath {
  readonly leaf: Certificate
  /** Leaf first, without the anchor. */
  readonly chain: readonly Certificate[]
  readonly anchor: Certificate
}

/**
 * Validates a chain up to one of the anchors (RFC 5280 section 6.1): names, signatures, validity of every
 * certificate and of the anchor, basicConstraints, keyCertSign, path length, critical extensions, use of the leaf.
 * A leaf that is itself an anchor is accepted alone. Revocation is not looked up.
 * @throws X509Error
 */
export async function validateCertificatePath(
  options: ValidateCertificatePathOptions,
): Promise<CertificatePath> {
  const { anchors, at, purposes, maxLength = 5 } = options
  if (options.chain.length === 0 || options.chain.length > maxLength) {
    throw new X509Error('x509.path.chain-length', `a chain holds 1 to ${maxLength} certificates`)
  }
  const given = options.chain.map((base64) => parseCertificate(base64))
  const isAnchor = (one: Certificate) => anchors.some((anchor) => equalBytes(anchor.der, one.der))
  const leaf = given[0] as Certificate
  requireLeaf(leaf, isAnchor(leaf), purposes)
  const anchored = given.findIndex(isAnchor)
  const chain = anchored > 0 ? given.slice(0, anchored) : given
  for (const certificate of chain) requireCurrent(certificate, at)
  for (const certificate of chain) requireUnderstood(certificate)
  for (const [index, certificate] of chain.entries()) {
    if (index > 0) requireCa(certificate, chain.slice(1, index))
  }
  if (isAnchor(leaf)) return { leaf, chain: [leaf], anchor: leaf }

  for (const [index, certificate] of chain.slice(0, -1).entries()) {
    const issuer = chain[index + 1] as Certificate
    if (!equalBytes(certificate.raw.issuer, issuer.raw.subject)) {
      throw new X509Error('x509.path.name-mismatch', 'a certificate of the chain is not issued by the next')
    }
    if (!(await isSignedBy(certificate, issuer))) throw badSignature()
  }
  const last = chain.at(-1) as Certificate
  const anchor = await findIssuer(last, anchors)
  requireCurrent(anchor, at)
  requireUnderstood(anchor)
  requireCa(anchor, chain.slice(1))
  return { leaf, chain, anchor }
}

async function findIssuer(certificate: Certificate, anchors: readonly Certificate[]): Promise<Certificate> {
  for (const anchor of anchors) {
    const isNamed = equalBytes(certificate.raw.issuer, anchor.raw.subject)
    if (isNamed && (await isSignedBy(certificate, anchor))) return anchor
  }
  throw new X509Error('x509.path.no-anchor', 'the chain leads to no trust anchor')
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
  const intermediates = below.filter(({ raw }) => !equalBytes(raw.subject, raw.issuer)).length
  if (issuer.pathLength !== undefined && intermediates > issuer.pathLength) {
    throw new X509Error(
      'x509.path.length-exceeded',
      'more intermediate certificates than their issuer allows',
    )
  }
}

async function isSignedBy(certificate: Certificate, issuer: Certificate): Promise<boolean> {
  const { data, signature, algorithm: oid } = certificate.signed
  const algorithm = Object.hasOwn(signatureAlgorithms, oid) ? signatureAlgorithms[oid] : undefined
  const { kty, crv } = issuer.publicJwk
  const kind = { EC: 'ECDSA', OKP: 'Ed25519', RSA: 'RSASSA-PKCS1-v1_5' }[kty]
  if (!algorithm) {
    throw new X509Error('x509.certificate.algorithm', 'a certificate is signed by an algorithm not accepted')
  }
  if (algorithm.name !== kind) return false
  const curve = ecCurves.find((one) => one.crv === crv)
  const raw = curve ? ecdsaFromDer(signature, curve.length) : signature
  if (!raw) return false
  const parameters = { ...algorithm, ...(curve && { namedCurve: curve.crv }) }
  try {
    const key = await crypto.subtle.importKey('spki', issuer.raw.key, parameters, false, ['verify'])
    return await crypto.subtle.verify(parameters, key, raw, data)
  } catch {
    // A point that is not on its curve.
    return false
  }
}

function badSignature(): X509Error {
  return new X509Error('x509.path.signature', 'a certificate of the chain is not signed by the next')
}
