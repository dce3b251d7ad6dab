import type { Clock, IssuerIdentity, IsTrusted, TrustAnswer, TrustRole } from '@ekkasan/core'
import {
  checkOptions,
  functionRule,
  listRule,
  type OptionRules,
  optional,
  textRule,
} from '@ekkasan/core/options'
import { anchorsRule, type TrustAnchors } from './anchors.ts'
import type { Certificate } from './certificate.ts'
import { x509HashOf } from './client-certificate.ts'
import { X509Error } from './errors.ts'
import type { CertificatePath } from './path.ts'
import { rememberPaths, type ValidatePath } from './path-memory.ts'
import type { CheckRevocation } from './revocation.ts'

export interface TrustCertificatesOptions {
  readonly anchors: TrustAnchors
  /** `createCrlChecker({ fetch })`; without it revocation of certificates is not looked up. */
  readonly checkRevocation?: CheckRevocation
  readonly clock?: Clock
}

/**
 * `id-kp-oauthStatusSigning`, the purpose of certificates that sign status lists (Token Status List section 10). The
 * registry has not settled its number; this is the one that drafts and deployments use.
 */
export const statusSigningPurpose = '1.3.6.1.5.5.7.3.30'

export interface TrustIssuerCertificatesOptions extends TrustCertificatesOptions {
  /**
   * Object identifiers of purposes of which a certificate names one that signs the statuses of others under the same
   * anchor. Default: `statusSigningPurpose`.
   */
  readonly statusPurposes?: readonly string[]
}

// A misspelt `checkRevocation` would look up nothing.
const rules: OptionRules<TrustCertificatesOptions> = {
  anchors: anchorsRule,
  checkRevocation: optional(functionRule),
  clock: optional(functionRule),
}

const issuerRules: OptionRules<TrustIssuerCertificatesOptions> = {
  ...rules,
  statusPurposes: optional(listRule(textRule)),
}

/**
 * Trusts verifiers whose chain leads to an anchor of role `verifier`, and whose client identifier is the leaf's:
 * `x509_hash:` its hash, `x509_san_dns:` one of its DNS names. Answers no for every other role.
 * @throws TypeError for an option that is none or malformed
 */
export function trustVerifierCertificates(options: TrustCertificatesOptions): IsTrusted {
  checkOptions(options, 'trustVerifierCertificates', rules)
  const validate = rememberPaths()
  return async ({ role, id, x5c }) => {
    if (role !== 'verifier' || !x5c) return { trusted: false, code: 'core.trust.not-listed' }
    return answer({ ...options, validate }, { role, x5c }, ({ leaf }) =>
      id.startsWith('x509_hash:')
        ? id === `x509_hash:${x509HashOf(leaf.base64)}`
        : id.startsWith('x509_san_dns:') && leaf.dnsNames.includes(id.slice('x509_san_dns:'.length)),
    )
  }
}

/**
 * Trusts issuers that were found by certificate and whose chain leads to an anchor of the role asked for. An anchor that
 * names types makes its issuers trusted for credentials of these alone.
 *
 * Statuses are trusted from the issuer itself, which is whoever has the same leaf; from another certificate under the
 * very anchor of the issuer that is made for signing statuses (`statusPurposes`), whatever its names; and from those
 * under an anchor of role `status-issuer`.
 *
 * Asked without `issuer`, as a wallet does of the server that an offer names, it answers `unknown`: which certificate
 * the server's credentials carry, they will show.
 * @throws TypeError for an option that is none or malformed
 */
export function trustIssuerCertificates(options: TrustIssuerCertificatesOptions): IsTrusted {
  checkOptions(options, 'trustIssuerCertificates', issuerRules)
  const { statusPurposes = [statusSigningPurpose] } = options
  const using = { ...options, validate: rememberPaths() }
  return async ({ role, id, issuer, types, onBehalfOf }) => {
    if (role === 'credential-issuer' && !issuer) {
      const detail = 'its certificate is not known yet'
      return { trusted: 'unknown', code: 'core.trust.named-otherwise', detail }
    }
    if (role === 'status-issuer' && onBehalfOf) {
      const isItself = onBehalfOf.id === id && !isOtherLeaf(issuer, onBehalfOf)
      if (isItself) return { trusted: true, detail: 'the issuer itself' }
      if (await isBesideIt(using, issuer, onBehalfOf, statusPurposes)) {
        return { trusted: true, detail: 'certified for statuses by the authority of the issuer' }
      }
    }
    if (role === 'verifier' || issuer?.method !== 'x5c' || !issuer.x5c || issuer.id !== id) {
      return { trusted: false, code: 'core.trust.not-listed' }
    }
    const limit = role === 'credential-issuer' ? { types: types ?? [] } : {}
    return answer(using, { role, x5c: issuer.x5c, ...limit }, () => true)
  }
}

interface Using extends TrustCertificatesOptions {
  readonly validate: ValidatePath
}

function isOtherLeaf(signer: IssuerIdentity | undefined, issuer: IssuerIdentity): boolean {
  return signer?.method === 'x5c' && signer.x5c?.[0] !== issuer.x5c?.[0]
}

/** Whether another certificate was made for signing statuses by the authority that certified the issuer. */
async function isBesideIt(
  { anchors, validate, checkRevocation, clock = () => new Date() }: Using,
  signer: IssuerIdentity | undefined,
  issuer: IssuerIdentity,
  purposes: readonly string[],
): Promise<boolean> {
  if (signer?.method !== 'x5c' || !signer.x5c || issuer.method !== 'x5c' || !issuer.x5c) return false
  const at = clock()
  try {
    const among = anchors.of('credential-issuer')
    const { anchor } = await validate({ chain: issuer.x5c, anchors: among, at }, 'credential-issuer')
    await validate(
      { chain: signer.x5c, anchors: [anchor], at, purposes, ...(checkRevocation && { checkRevocation }) },
      `statuses under ${anchor.base64}`,
    )
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
  { anchors, validate: validatePath, checkRevocation, clock = () => new Date() }: Using,
  { role, x5c, types }: ChainQuestion,
  isNamed: (path: CertificatePath) => boolean,
): Promise<TrustAnswer> {
  const validate = (among: readonly Certificate[], check?: CheckRevocation) =>
    validatePath(
      { chain: x5c, anchors: among, at: clock(), ...(check && { checkRevocation: check }) },
      among.map(({ base64 }) => base64).join(' '),
    )
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
