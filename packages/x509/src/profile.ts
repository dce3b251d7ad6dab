import type { Certificate } from './certificate.ts'
import { X509Error } from './errors.ts'
import type { CertificatePath } from './path.ts'

/** What a use wants of a path beyond RFC 5280. @throws X509Error `x509.profile.mismatch` */
export type CertificateProfile = (path: CertificatePath) => void

/** Object identifiers of ISO/IEC 18013-5 for extendedKeyUsage. */
export const mdocPurposes = {
  /** Signs mobile security objects. */
  documentSigner: '1.0.18013.5.1.2',
  /** Signs requests of readers. */
  readerAuthentication: '1.0.18013.5.1.6',
} as const

const day = 86_400_000
const oids = { basicConstraints: '2.5.29.19', keyUsage: '2.5.29.15', extendedKeyUsage: '2.5.29.37' } as const
const mdocCurves: readonly (string | undefined)[] = ['P-256', 'P-384', 'P-521', 'Ed25519']

/**
 * ISO/IEC 18013-5 Annex B for those who issue mdocs: a document signer (B.1.4) directly below an IACA root (B.1.2), of
 * the same country, each with the extensions, key usages and longest validity that the annex gives.
 */
export const mdocIssuerProfile: CertificateProfile = ({ leaf, chain, anchor }) => {
  want(chain.length === 1 && anchor !== leaf, 'a document signer stands directly below its root')
  wantRoot(anchor)
  want(anchor.hasIssuerContact, 'the root does not say how to reach its issuer')
  want(anchor.crlUrls !== undefined, 'the root names no place of its revocation list')
  wantSigner(leaf, { purpose: mdocPurposes.documentSigner, days: 457 })
  want(leaf.hasIssuerContact, 'the document signer does not say how to reach its issuer')
  const [country, root] = [attribute(leaf, '2.5.4.6'), attribute(anchor, '2.5.4.6')]
  want(country !== undefined && country === root, 'the document signer is not of the country of its root')
  const state = attribute(leaf, '2.5.4.8')
  want(state === attribute(anchor, '2.5.4.8'), 'the document signer is not of the state of its root')
}

/** ISO/IEC 18013-5 B.1.7 for those who ask for mdocs: a certificate for reader authentication. */
export const mdocReaderProfile: CertificateProfile = ({ leaf }) => {
  wantSigner(leaf, { purpose: mdocPurposes.readerAuthentication, days: 1187 })
}

function wantRoot(root: Certificate): void {
  want(root.critical.includes(oids.basicConstraints) && root.isCa, 'the root is not marked as an authority')
  want(root.pathLength === 0, 'the root lets authorities stand below it')
  wantKeyUsage(root, ['keyCertSign', 'cRLSign'])
  want(root.subjectKeyIdentifier !== undefined, 'the root has no key identifier')
  want(attribute(root, '2.5.4.6') !== undefined, 'the root has no country')
  want(attribute(root, '2.5.4.3') !== undefined, 'the root has no name')
  want(isShorterThan(root, 20 * 366), 'the root is valid for more than 20 years')
}

function wantSigner(
  leaf: Certificate,
  { purpose, days }: { readonly purpose: string; readonly days: number },
) {
  wantKeyUsage(leaf, ['digitalSignature'])
  const isFor = leaf.extendedKeyUsage?.length === 1 && leaf.extendedKeyUsage[0] === purpose
  want(isFor && leaf.critical.includes(oids.extendedKeyUsage), 'the leaf is not for this purpose alone')
  want(leaf.subjectKeyIdentifier !== undefined, 'the leaf has no key identifier')
  want(leaf.authorityKeyIdentifier !== undefined, 'the leaf does not name the key of its issuer')
  want(leaf.crlUrls !== undefined, 'the leaf names no place of the revocation list')
  want(attribute(leaf, '2.5.4.3') !== undefined, 'the leaf has no name')
  want(mdocCurves.includes(leaf.publicJwk.crv), 'the leaf has a key of another kind')
  want(isShorterThan(leaf, days), `the leaf is valid for more than ${days} days`)
}

function wantKeyUsage(certificate: Certificate, usages: readonly string[]): void {
  const { keyUsage, critical } = certificate
  const isExact = keyUsage?.length === usages.length && usages.every((usage) => keyUsage.includes(usage))
  want(isExact && critical.includes(oids.keyUsage), `a key is not for ${usages.join(' and ')} alone`)
}

function isShorterThan({ notBefore, notAfter }: Certificate, days: number): boolean {
  return notAfter.getTime() - notBefore.getTime() <= days * day
}

/** A part of the subject, prepared for comparing. */
function attribute({ names }: Certificate, type: string): string | undefined {
  return names.subject.find((part) => part.startsWith(`${type}=`))
}

function want(isSo: boolean, what: string): void {
  if (!isSo) throw new X509Error('x509.profile.mismatch', `not by the profile: ${what}`)
}
