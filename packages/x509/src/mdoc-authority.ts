import type { PublicJwk } from '@ekkasan/core'
import {
  type CertificateAuthority,
  type CreateCertificateAuthorityOptions,
  createCertificateAuthority,
} from './authority.ts'
import { mdocPurposes } from './profile.ts'

export interface CreateMdocAuthorityOptions
  extends Pick<
    CreateCertificateAuthorityOptions,
    'signer' | 'certificate' | 'store' | 'clock' | 'randomBytes'
  > {
  readonly commonName: string
  /** Two capital letters, ISO 3166-1. */
  readonly country: string
  readonly stateOrProvince?: string
  /** An https URL or a mail address. */
  readonly contact: string
  readonly crlUrl: string
  /** Default: 3650, 20 years at most. */
  readonly days?: number
}

export interface MdocAuthority extends CertificateAuthority {
  /**
   * Returns the `x5c` for a signer of mdocs: valid for 365 days by default, 456 at most. It begins a day ago, so that the
   * day of what it signs, rounded down, lies within its validity (ISO/IEC 18013-5 section 9.3.1).
   */
  issueDocumentSigner(options: {
    readonly commonName: string
    readonly publicJwk: PublicJwk
    readonly days?: number
  }): Promise<readonly string[]>
}

/**
 * An IACA root of ISO/IEC 18013-5 Annex B, and the document signers below it: what `mdocIssuerProfile` accepts. An mdoc
 * carries its signer's certificate alone, so that no link certificate goes with it: who takes over from a root is made an
 * anchor beside it, until the last document of the old one has ended.
 */
export async function createMdocAuthority(options: CreateMdocAuthorityOptions): Promise<MdocAuthority> {
  const { commonName, country, stateOrProvince, days = 3650, ...others } = options
  if (days > 7300) throw new TypeError('an IACA root is valid for 20 years at most')
  const place = { country, ...(stateOrProvince !== undefined && { stateOrProvince }) }
  const authority = await createCertificateAuthority({
    ...others,
    subject: { commonName, ...place },
    pathLength: 0,
    days,
  })
  return {
    ...authority,
    issueDocumentSigner: ({ commonName: name, publicJwk, days: validDays = 365 }) => {
      if (validDays > 456) throw new TypeError('a document signer is valid for 456 days at most')
      return authority.issue({
        subject: { commonName: name, ...place },
        publicJwk,
        extendedKeyUsage: [mdocPurposes.documentSigner],
        days: validDays,
        beginsBefore: 86_400,
      })
    },
  }
}
