import type { Clock, PublicJwk, RandomBytes, Signer, Store } from '@ekkasan/core'
import { hashBase64url } from '@ekkasan/core/bytes'
import {
  checkOptions,
  functionRule,
  integerRule,
  listRule,
  numberRule,
  type OptionRules,
  objectRule,
  optional,
  signerRule,
  storeRule,
  textRule,
} from '@ekkasan/core/options'
import { isSameKey } from '@ekkasan/keys'
import { parseCertificate } from './certificate.ts'
import type { SubjectName } from './distinguished-name.ts'
import { issueCertificate } from './issue.ts'
import { keyIdentifier } from './public-key.ts'

export interface CreateCertificateAuthorityOptions {
  readonly signer: Signer
  readonly subject: SubjectName
  /** Who certifies it; itself, for a root. */
  readonly parent?: CertificateAuthority
  /**
   * The root before, of which this is the new one: it certifies the new key too, and that link certificate goes into
   * `chain`, so that those who know only the root before follow. Its name must be another or its key.
   */
  readonly previous?: CertificateAuthority
  /** Its certificate as it was issued before; issued anew when absent. */
  readonly certificate?: string
  /** Where its certificates are kept, so that all replicas and the next start have the same. */
  readonly store?: Store
  /** How many authorities may stand below it. */
  readonly pathLength?: number
  /** Days that its own certificate is valid; default: 3650. */
  readonly days?: number
  /** Where the list of what it revoked is served: stands in all that it issues, and is what `createCrlIssuer` serves. */
  readonly crlUrl?: string
  /** How to reach it, an https URL or a mail address: stands in all that it issues. */
  readonly contact?: string
  readonly clock?: Clock
  readonly randomBytes?: RandomBytes
}

export interface IssueAuthorityOptions {
  readonly subject: SubjectName
  /** Of the authority certified: only its public key is used. */
  readonly signer: Pick<Signer, 'key'>
  readonly pathLength?: number
  /** Default: 3650. */
  readonly days?: number
}

export interface IssueLeafOptions {
  readonly subject: SubjectName
  readonly publicJwk: PublicJwk
  readonly dnsNames?: readonly string[]
  readonly uris?: readonly string[]
  /** Object identifiers of purposes; it is then good for no other. */
  readonly extendedKeyUsage?: readonly string[]
  /** From now; default: 365. */
  readonly days?: number
  /**
   * Seconds before now at which it begins; default: 300, since clocks of those who verify may be a little behind. A signer
   * of mdocs takes a day: what it signs says the beginning of its day, which is to lie within the certificate's validity.
   */
  readonly beginsBefore?: number
}

export interface CertificateAuthority {
  /** Its own certificate, base64 DER: a trust anchor, when it is a root. */
  readonly certificate: string
  /** From itself upwards, without the root: what follows a leaf in `x5c`. */
  readonly chain: readonly string[]
  /** Certifies an authority below it. */
  issueAuthority(options: IssueAuthorityOptions): Promise<string>
  /** Returns the whole `x5c`: leaf first, without the root. */
  issue(options: IssueLeafOptions): Promise<readonly string[]>
}

const day = 86_400_000
/** Seconds: clocks of those who verify may be a little behind. */
const grace = 300

const rules: OptionRules<CreateCertificateAuthorityOptions> = {
  signer: signerRule,
  subject: objectRule,
  parent: optional(objectRule),
  previous: optional(objectRule),
  certificate: optional(textRule),
  store: optional(storeRule),
  pathLength: optional(integerRule(0)),
  days: optional(numberRule(0)),
  crlUrl: optional(textRule),
  contact: optional(textRule),
  clock: optional(functionRule),
  randomBytes: optional(functionRule),
}

const issueAuthorityRules: OptionRules<IssueAuthorityOptions> = {
  subject: objectRule,
  signer: objectRule,
  pathLength: optional(integerRule(0)),
  days: optional(numberRule(0)),
}

// A misspelt `extendedKeyUsage` would make it good for everything.
const issueLeafRules: OptionRules<IssueLeafOptions> = {
  subject: objectRule,
  publicJwk: objectRule,
  dnsNames: optional(listRule(textRule)),
  uris: optional(listRule(textRule)),
  extendedKeyUsage: optional(listRule(textRule)),
  days: optional(numberRule(0)),
  beginsBefore: optional(numberRule(0)),
}

/**
 * A small certificate authority for tests, pilots and a reference program's first start. It keeps no register of what it
 * issued; what it revokes is the matter of `createCrlIssuer`.
 */
export async function createCertificateAuthority(
  options: CreateCertificateAuthorityOptions,
): Promise<CertificateAuthority> {
  checkOptions(options, 'createCertificateAuthority', rules)
  const { signer, subject, parent, previous, store, crlUrl, contact, randomBytes } = options
  const { clock = () => new Date() } = options
  if (parent && previous) throw new TypeError('only a root follows a root')
  const validity = (days: number, beginsBefore = grace) => {
    const now = Math.floor(clock().getTime() / 1000) * 1000
    return { from: new Date(now - beginsBefore * 1000), until: new Date(now + days * day) }
  }
  const common = {
    signer,
    ...(randomBytes && { randomBytes }),
    ...(crlUrl !== undefined && { crlUrl }),
    ...(contact !== undefined && { issuerContact: contact }),
  }
  const below: IssueAuthorityOptions = {
    subject,
    signer,
    ...authorityOf(options),
    ...(options.days !== undefined && { days: options.days }),
  }
  const keep = keeper(store, signer.key.publicJwk)
  const certificate =
    options.certificate ??
    (await keep('own', () =>
      parent
        ? parent.issueAuthority(below)
        : issueCertificate({
            ...common,
            issuer: subject,
            subject,
            publicJwk: signer.key.publicJwk,
            validity: validity(options.days ?? 3650),
            authority: authorityOf(options),
          }),
    ))
  const own = parseCertificate(certificate)
  if (!isSameKey(own.publicJwk, signer.key.publicJwk)) {
    throw new TypeError('the certificate of the authority is not one of its key')
  }
  const link = previous && (await keep('link', () => previous.issueAuthority(below)))
  const chain = parent
    ? [certificate, ...parent.chain]
    : link === undefined
      ? []
      : [link, ...(previous?.chain ?? [])]
  return {
    certificate,
    chain,
    async issueAuthority(below) {
      checkOptions(below, 'issueAuthority', issueAuthorityRules)
      return issueCertificate({
        ...common,
        issuer: own,
        subject: below.subject,
        publicJwk: below.signer.key.publicJwk,
        validity: validity(below.days ?? 3650),
        authority: authorityOf(below),
      })
    },
    async issue(options) {
      checkOptions(options, 'issue', issueLeafRules)
      const { days = 365, beginsBefore, ...leaf } = options
      const issued = { ...common, issuer: own, ...leaf, validity: validity(days, beginsBefore) }
      return [await issueCertificate(issued), ...chain]
    },
  }
}

/** Issues once for all replicas: who comes second takes what the first has kept. */
function keeper(store: Store | undefined, publicJwk: PublicJwk) {
  return async (what: 'own' | 'link', issue: () => Promise<string>): Promise<string> => {
    if (!store) return issue()
    const key = `x509-authority/${hashBase64url('sha-256', keyIdentifier(publicJwk))}/${what}`
    const kept = await store.get(key)
    if (typeof kept?.value === 'string') return kept.value
    const issued = await issue()
    if (await store.swap(key, undefined, issued)) return issued
    return String((await store.get(key))?.value)
  }
}

function authorityOf({ pathLength }: { readonly pathLength?: number }) {
  return { ...(pathLength !== undefined && { pathLength }) }
}
