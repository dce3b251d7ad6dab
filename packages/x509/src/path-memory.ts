import type { Certificate } from './certificate.ts'
import { X509Error } from './errors.ts'
import { type CertificatePath, type ValidateCertificatePathOptions, validateCertificatePath } from './path.ts'
import { requireNotRevoked } from './revocation.ts'

/** As `validateCertificatePath`; `context` tells apart what else decides: anchors, purposes, profile. */
export type ValidatePath = (
  options: ValidateCertificatePathOptions,
  context?: string,
) => Promise<CertificatePath>

/**
 * Remembers chains that were valid, as long as their certificates are: a chain is asked about several times in one
 * verification. Revocation is looked up each time. Nothing is remembered of chains that lead to no anchor.
 */
export function rememberPaths(maxPaths = 200): ValidatePath {
  // In the order of their last use.
  const paths = new Map<string, CertificatePath>()
  return async (options, context = '') => {
    const { chain, at, checkRevocation } = options
    const key = `${context} ${chain.join(' ')}`
    const known = paths.get(key)
    paths.delete(key)
    if (known && isCurrent(known, at) && (await isNotRevoked(known, at, checkRevocation))) {
      paths.set(key, known)
      return known
    }
    const path = await validateCertificatePath(options)
    paths.set(key, path)
    if (paths.size > maxPaths) paths.delete(paths.keys().next().value as string)
    return path
  }
}

function isCurrent({ chain, anchor }: CertificatePath, at: Date): boolean {
  const covers = ({ notBefore, notAfter }: Certificate) => notBefore <= at && at <= notAfter
  return chain.every(covers) && covers(anchor)
}

/** Where it is, or that is not known, the chain is validated anew: there may be another path. */
async function isNotRevoked(
  path: CertificatePath,
  at: Date,
  checkRevocation: ValidateCertificatePathOptions['checkRevocation'],
): Promise<boolean> {
  if (!checkRevocation || path.anchor === path.leaf) return true
  try {
    await requireNotRevoked(path, at, checkRevocation)
    return true
  } catch (error) {
    if (error instanceof X509Error) return false
    throw error
  }
}
