import type { Clock, PublicJwk, RandomBytes, Signer } from '@ekkasan/core'
import type { SubjectName } from './distinguished-name.ts'
import { issueCertificate } from './issue.ts'

export interface CreateCertificateAuthorityOptions {
  readonly signer: Signer
  readonly subject: SubjectName
  /** Who certifies it; itself, for a root. */
  readonly parent?: CertificateAuthority
  /** Its certificate as it was issued before; issued anew when absent. */
  readonly certificate?: string
  /** How many authorities may stand below it. */
  readonly pathLength?: number
  /** Days that its own certificate is valid; 3650 unless told. */
  readonly days?: number
  readonly clock?: Clock
  readonly randomBytes?: RandomBytes
}

export interface IssueLeafOptions {
  readonly subject: SubjectName
  readonly publicJwk: PublicJwk
  readonly dnsNames?: readonly string[]
  readonly uris?: readonly string[]
  /** Object identifiers of purposes. */
  readonly extendedKeyUsage?: readonly string[]
  /** 365 unless told. */
  readonly days?: number
}

export interface CertificateAuthority {
  /** Its own certificate, base64 DER: a trust anchor, when it is a root. */
  readonly certificate: string
  /** From itself upwards, without the root: what follows a leaf in `x5c`. */
  readonly chain: readonly string[]
  /** Certifies an authority below it. */
  issueAuthority(options: Omit<CreateCertificateAuthorityOptions, 'parent' | 'certificate'>): Promise<string>
  /** Returns the whole `x5c`: leaf first, without the root. */
  issue(options: IssueLeafOptions): Promise<readonly string[]>
}

const day = 86_400_000
// Clocks of those who verify may be a little behind.
const grace = 300_000

/**
 * A small certificate authority for tests, pilots and a reference program's first start: it keeps no register and
 * publishes no revocations.
 */
export async function createCertificateAuthority(
  options: CreateCertificateAuthorityOptions,
): Promise<CertificateAuthority> {
  const { signer, subject, parent, clock = () => new Date(), randomBytes } = options
  const common = { signer, issuer: subject, ...(randomBytes && { randomBytes }) }
  const validity = (days: number) => {
    const now = Math.floor(clock().getTime() / 1000) * 1000
    return { from: new Date(now - grace), until: new Date(now + days * day) }
  }
  const certificate =
    options.certificate ??
    (await (parent
      ? parent.issueAuthority(options)
      : issueCertificate({
          ...common,
          subject,
          publicJwk: signer.key.publicJwk,
          validity: validity(options.days ?? 3650),
          authority: authorityOf(options),
        })))
  const chain = parent ? [certificate, ...parent.chain] : []
  return {
    certificate,
    chain,
    issueAuthority: (below) =>
      issueCertificate({
        ...common,
        subject: below.subject,
        publicJwk: below.signer.key.publicJwk,
        validity: validity(below.days ?? 3650),
        authority: authorityOf(below),
      }),
    issue: async ({ days = 365, ...leaf }) => [
      await issueCertificate({ ...common, ...leaf, validity: validity(days) }),
      ...chain,
    ],
  }
}

function authorityOf({ pathLength }: { readonly pathLength?: number }) {
  return { ...(pathLength !== undefined && { pathLength }) }
}
