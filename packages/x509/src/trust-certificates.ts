import type { Clock, IssuerIdentity, IsTrusted, TrustAnswer, TrustRole } from '@ekkasan/core'
import type { TrustAnchors } from './anchors.ts'
import type { Certificate } from './certificate.ts'
import { x509HashOf } from './client-certificate.ts'
import { X509Error } from './errors.ts'
import { type CertificatePath, validateCertificatePath } from './path.ts'
import type { CheckRevocation } from './revocation.ts'

export interface TrustCertificatesOptions {
  readonly anchors: TrustAnchors
  /** `createCrlChecker({ fetch })`; without it revocation of certificates is not looked up. */
  readonly checkRevocation?: CheckRevocation
  readonly clock?: Clock
}

/**
 * Trusts verifiers whose chain leads to an anchor of role `verifier`, and whose client identifier is the leaf's:
 * `x509_hash:` its hash, `x509_san_dns:` one of its DNS names. Answers no for every other role.
 */
export function trustVerifierCertificates(options: TrustCertificatesOptions): IsTrusted {
  return async ({ role, id, x5c }) => {
    if (role !== 'verifier' || !x5c) return { trusted: false, code: 'core.trust.not-listed' }
    return answer(options, { role, x5c }, ({ leaf }) =>
      id.startsWith('x509_hash:')
        ? id === `x509_hash:${x509HashOf(leaf.base64)}`
        : id.startsWith('x509_san_dns:') && leaf.dnsNames.includes(id.slice('x509_san_dns:'.length)),
    )
  }
}

/**
 * Trusts issuers that were found by certificate and whose chain leads to an anchor of the role asked for. Statuses
 * are trusted from the issuer itself, by another certificate of his under an anchor that is trusted for the same types,
 * and from those under an anchor of role `status-issuer`. An anchor that names types makes its issuers trusted for
 * credentials of these alone.
 */
export function trustIssuerCertificates(options: TrustCertificatesOptions): IsTrusted {
  return async ({ role, id, issuer, types, onBehalfOf }) => {
    if (role === 'status-issuer' && onBehalfOf?.id === id && (await isItself(options, issuer, onBehalfOf))) {
      return { trusted: true, detail: 'the issuer itself' }
    }
    if (role === 'verifier' || issuer?.method !== 'x5c' || !issuer.x5c || issuer.id !== id) {
      return { trusted: false, code: 'core.trust.not-listed' }
    }
    const limit = role === 'credential-issuer' ? { types: types ?? [] } : {}
    return answer(options, { role, x5c: issuer.x5c, ...limit }, () => true)
  }
}

/**
 * Whether who signed a status under the name of an issuer is that issuer. Authorities that are trusted for other types
 * may certify whom they like under his name.
 */
async function isItself(
  { anchors, clock = () => new Date() }: TrustCertificatesOptions,
  signer: IssuerIdentity | undefined,
  issuer: IssuerIdentity,
): Promise<boolean> {
  if (signer?.method !== 'x5c') return true
  if (signer.x5c?.[0] === issuer.x5c?.[0]) return true
  if (!signer.x5c) return false
  const anchorOf = async (chain: readonly string[], among: readonly Certificate[]) =>
    (await validateCertificatePath({ chain, anchors: among, at: clock() })).anchor
  try {
    const anchor = issuer.x5c && (await anchorOf(issuer.x5c, anchors.of('credential-issuer')))
    await anchorOf(signer.x5c, anchors.covering(anchor))
    return true
  } catch (error) {
    if (error instanceof X509Error) return false
    throw error
  }
}

interface ChainQuestion {
  readonly role: TrustRole
  readonly x5c: readonly string[]
  readonly types?: readonly string[]
}

async function answer(
  { anchors, checkRevocation, clock = () => new Date() }: TrustCertificatesOptions,
  { role, x5c, types }: ChainQuestion,
  isNamed: (path: CertificatePath) => boolean,
): Promise<TrustAnswer> {
  const validate = (among: readonly Certificate[], check?: CheckRevocation) =>
    validateCertificatePath({
      chain: x5c,
      anchors: among,
      at: clock(),
      ...(check && { checkRevocation: check }),
    })
  try {
    const path = await validate(anchors.of(role, types), checkRevocation)
    if (!isNamed(path)) return { trusted: false, code: 'x509.name.mismatch' }
    return { trusted: true, detail: `certified by ${path.anchor.subject}` }
  } catch (error) {
    if (!(error instanceof X509Error)) throw error
    if (error.code === 'x509.revocation.unknown') {
      return { trusted: 'unknown', code: error.code, detail: error.message }
    }
    const isForOthers =
      types !== undefined &&
      (await validate(anchors.of(role)).then(
        () => error.code !== 'x509.revocation.revoked',
        () => false,
      ))
    return isForOthers
      ? { trusted: false, code: 'core.trust.not-for-this-type' }
      : { trusted: false, code: error.code, detail: error.message }
  }
}
