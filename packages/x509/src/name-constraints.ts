import { equalBytes } from '@ekkasan/core/bytes'
import type { Certificate } from './certificate.ts'
import { derTags, readDer, readOnly, readSequence } from './der.ts'
import { X509Error } from './errors.ts'
import { type GeneralNames, readGeneralNames } from './general-names.ts'

/** What the names below an authority must and must not be, RFC 5280 section 4.2.1.10. */
export interface NameConstraints {
  readonly permitted: GeneralNames
  readonly excluded: GeneralNames
}

/**
 * Undefined when it limits in a way that is not understood here: other kinds of names, a minimum or a maximum.
 * Throws a SyntaxError when it is no NameConstraints.
 */
export function readNameConstraints(der: Uint8Array<ArrayBuffer>): NameConstraints | undefined {
  const parts = readDer(readOnly(der, derTags.sequence).content)
  if (parts.length === 0 || parts.some(({ tag }) => tag !== 0xa0 && tag !== 0xa1)) {
    throw new SyntaxError('not constraints of names')
  }
  let isUnderstood = true
  const subtrees = (wanted: number) => {
    const bases = parts
      .filter(({ tag }) => tag === wanted)
      .flatMap(({ content }) => readDer(content))
      .flatMap((subtree) => {
        const [base, ...distances] = readSequence(subtree)
        if (!base) throw new SyntaxError('a subtree without a base')
        if (distances.length > 0) isUnderstood = false
        return base
      })
    return readGeneralNames(bases)
  }
  const [permitted, excluded] = [subtrees(0xa0), subtrees(0xa1)]
  const masks = [...permitted.ipAddresses, ...excluded.ipAddresses]
  if (masks.some(({ length }) => length !== 8 && length !== 32)) throw new SyntaxError('not an address range')
  return isUnderstood && !permitted.hasOthers && !excluded.hasOthers ? { permitted, excluded } : undefined
}

/**
 * Holds the names of a certificate to the constraints of an authority above it, RFC 5280 section 6.1.3 (b) and (c).
 * @throws X509Error `x509.path.name-constraint`
 */
export function requirePermittedNames(certificate: Certificate, constraints: NameConstraints): void {
  const { names } = certificate
  const subject = names.subject.length > 0 ? [names.subject] : []
  const emails = [...names.subjectEmails, ...names.alternative.emails]
  require(constraints, 'directoryNames', [...subject, ...names.alternative.directoryNames], isInSubtree)
  require(constraints, 'emails', emails, isMailboxOf)
  require(constraints, 'dnsNames', names.alternative.dnsNames, isHostBelow)
  require(constraints, 'uris', names.alternative.uris, isUriOf)
  require(constraints, 'ipAddresses', names.alternative.ipAddresses, isInRange)
}

type Kind = Exclude<keyof GeneralNames, 'hasOthers'>
type NameOf<K extends Kind> = GeneralNames[K][number]

function require<K extends Kind>(
  { permitted, excluded }: NameConstraints,
  kind: K,
  names: readonly NameOf<K>[],
  isWithin: (name: NameOf<K>, base: NameOf<K>) => boolean | undefined,
): void {
  const [allowed, barred]: readonly (readonly NameOf<K>[])[] = [permitted[kind], excluded[kind]]
  for (const name of names) {
    const fits = !allowed || allowed.length === 0 || allowed.some((base) => isWithin(name, base) === true)
    if (!fits || barred?.some((base) => isWithin(name, base) !== false)) {
      throw new X509Error(
        'x509.path.name-constraint',
        'a certificate has a name that an authority above it may not certify',
      )
    }
  }
}

function isInSubtree(name: readonly string[], base: readonly string[]): boolean {
  return base.length <= name.length && base.every((part, index) => part === name[index])
}

/** A host itself or below it; with a dot in front, below it only. */
function isHostBelow(host: string, base: string): boolean {
  // A dot at the end changes nothing of a host.
  const [name, domain] = [host.toLowerCase().replace(/\.$/, ''), base.toLowerCase()]
  if (domain === '') return true
  return domain.startsWith('.') ? name.endsWith(domain) : name === domain || name.endsWith(`.${domain}`)
}

/** A mailbox, all of a host, or with a dot in front all of the hosts below it. */
function isMailboxOf(mailbox: string, base: string): boolean | undefined {
  const at = mailbox.lastIndexOf('@')
  if (at < 0) return undefined
  const host = mailbox.slice(at + 1).toLowerCase()
  const from = base.lastIndexOf('@')
  if (from >= 0) {
    return mailbox.slice(0, at) === base.slice(0, from) && host === base.slice(from + 1).toLowerCase()
  }
  return isExactHost(host, base)
}

/** Undefined where the URI names no host, or one that readers could differ on: then no constraint on URIs is satisfied. */
function isUriOf(uri: string, base: string): boolean | undefined {
  const [, authority] = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(uri.includes('\\') ? '' : uri) ?? []
  const host = authority?.replace(/^.*@/, '').replace(/:\d*$/, '').toLowerCase()
  if (host === undefined || !/^(?=.*[a-z])[a-z0-9_-]+(\.[a-z0-9_-]+)*$/.test(host)) return undefined
  return isExactHost(host, base)
}

function isExactHost(host: string, base: string): boolean {
  const domain = base.toLowerCase()
  return domain.startsWith('.') ? host.endsWith(domain) : host === domain
}

function isInRange(address: Uint8Array, base: Uint8Array): boolean {
  const [network, mask] = [base.subarray(0, address.length), base.subarray(address.length)]
  if (base.length !== 2 * address.length) return false
  const masked = (bytes: Uint8Array) => bytes.map((byte, index) => byte & (mask[index] as number))
  return equalBytes(masked(address), masked(network))
}
