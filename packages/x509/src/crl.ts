import { equalBytes, hex } from '@ekkasan/core/bytes'
import { checkOptions, dateRule, type OptionRules, objectRule, textRule } from '@ekkasan/core/options'
import { AsnConvert } from '@peculiar/asn1-schema'
import {
  AlgorithmIdentifier,
  id_ce_authorityKeyIdentifier,
  id_ce_cRLNumber,
  id_ce_cRLReasons,
  id_ce_deltaCRLIndicator,
  id_ce_issuingDistributionPoint,
  Name,
} from '@peculiar/asn1-x509'
import { maxBytes as maxCertificateBytes } from './base64.ts'
import type { Certificate } from './certificate.ts'
import { readPointName } from './crl-distribution-points.ts'
import { type DerValue, derTags, isTime, readDer, readOnly, readSequence, readTime } from './der.ts'
import { isSameName, nameKey } from './distinguished-name.ts'
import { X509Error, type X509ErrorCode } from './errors.ts'
import type { RevocationReason } from './revocation.ts'
import { isSignedBy, type SignedData } from './signature.ts'

/** A certificate revocation list as it was parsed: nothing of it has been verified. RFC 5280 section 5. */
export interface Crl {
  /** As `nameKey` has it. */
  readonly issuer: readonly string[]
  readonly thisUpdate: Date
  readonly nextUpdate?: Date
  /** By serial number in hexadecimal, as certificates have it. */
  readonly entries: ReadonlyMap<string, CrlEntry>
  /** Which certificates it speaks of (issuingDistributionPoint); all of its issuer when absent. */
  readonly scope?: {
    readonly urls?: readonly string[]
    readonly kind?: 'authorities' | 'others'
  }
  readonly signed: SignedData
}

export interface CrlEntry {
  readonly since: Date
  readonly reason: RevocationReason
}

export interface ParseCrlLimits {
  /** Default: 4 MiB. */
  readonly maxBytes?: number
  /** Default: 100,000. */
  readonly maxEntries?: number
}

const reasons: readonly (RevocationReason | undefined)[] = [
  'unspecified',
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  undefined,
  undefined,
  'privilegeWithdrawn',
  'aACompromise',
]

/**
 * Parses a list in DER. Shape only. A list that does not speak for itself about all revocations of its issuer, one that
 * is indirect, a delta, or for some reasons only, is refused.
 * @throws X509Error `x509.crl.malformed`, `x509.crl.unsupported`
 */
export function parseCrl(der: Uint8Array, limits: ParseCrlLimits = {}): Crl {
  if (der.length > (limits.maxBytes ?? 4_194_304)) throw fault('malformed', 'it is too large')
  try {
    return read(Uint8Array.from(der), limits.maxEntries ?? 100_000)
  } catch (cause) {
    if (cause instanceof X509Error) throw cause
    throw new X509Error('x509.crl.malformed', 'not a revocation list in DER', { cause })
  }
}

function read(der: Uint8Array<ArrayBuffer>, maxEntries: number): Crl {
  const [body, algorithm, bits, ...rest] = readDer(readOnly(der, derTags.sequence).content)
  if (!body || !algorithm || bits?.tag !== derTags.bitString || bits.content[0] !== 0 || rest.length > 0) {
    throw fault('malformed', 'its envelope is another')
  }
  const values = [...readSequence(body)]
  const next = (isIt: (value: DerValue) => boolean) => {
    const [first] = values
    return first && isIt(first) ? values.shift() : undefined
  }
  const must = (value: DerValue | undefined): DerValue => {
    if (!value) throw fault('malformed', 'a part is missing')
    return value
  }
  const isSequence = ({ tag }: DerValue) => tag === derTags.sequence
  const version = next(({ tag }) => tag === derTags.integer)
  if (version && hex(version.content) !== '01') throw fault('malformed', 'its version is not 2')
  const inner = must(next(isSequence))
  if (!equalBytes(inner.whole, algorithm.whole)) throw fault('malformed', 'its algorithms differ')
  const name = must(next(isSequence)).whole
  // Preparing a text for comparison may make it eighteen times as long, and no certificate has such a name.
  if (name.length > maxCertificateBytes) throw fault('malformed', 'its issuer has too long a name')
  const issuer = nameKey(AsnConvert.parse(name.slice(), Name))
  const thisUpdate = readTime(must(next(isTime)))
  const nextUpdate = next(isTime)
  const revoked = next(isSequence)
  const extensions = next(({ tag }) => tag === 0xa0)
  if (values.length > 0) throw fault('malformed', 'it has a part too many')
  const scope = extensions && readScope(extensions)
  return {
    issuer,
    thisUpdate,
    ...(nextUpdate && { nextUpdate: readTime(nextUpdate) }),
    entries: readEntries(revoked, maxEntries),
    ...(scope && { scope }),
    signed: {
      data: body.whole,
      signature: bits.content.subarray(1),
      algorithm: AsnConvert.parse(algorithm.whole.slice(), AlgorithmIdentifier),
    },
  }
}

function readEntries(revoked: DerValue | undefined, maxEntries: number): Map<string, CrlEntry> {
  const entries = new Map<string, CrlEntry>()
  for (const entry of revoked ? readDer(revoked.content) : []) {
    if (entries.size >= maxEntries) throw fault('malformed', 'it has too many entries')
    const [serial, date, extensions, ...rest] = readSequence(entry)
    if (serial?.tag !== derTags.integer || !date || rest.length > 0)
      throw fault('malformed', 'an entry is none')
    let reason: RevocationReason = 'unspecified'
    for (const { oid, isCritical, value } of extensions ? readExtensions(extensions.content) : []) {
      if (oid === id_ce_cRLReasons) {
        const known = reasons[readOnly(value, 0x0a).content[0] ?? -1]
        if (!known) throw fault('unsupported', 'an entry has a reason that only delta lists have')
        reason = known
      } else if (isCritical) {
        throw fault('unsupported', 'an entry has a critical extension, as indirect lists have')
      }
    }
    entries.set(hex(serial.content), { since: readTime(date), reason })
  }
  return entries
}

function readScope({ content }: DerValue): Crl['scope'] {
  let scope: Crl['scope']
  const seen = new Set<string>()
  for (const { oid, isCritical, value } of readExtensions(readOnly(content, derTags.sequence).content)) {
    if (seen.has(oid)) throw fault('malformed', 'an extension stands twice')
    seen.add(oid)
    if (oid === id_ce_deltaCRLIndicator) throw fault('unsupported', 'it is a delta list')
    if (oid === id_ce_issuingDistributionPoint) scope = readIssuingPoint(value)
    else if (isCritical && oid !== id_ce_authorityKeyIdentifier && oid !== id_ce_cRLNumber) {
      throw fault('unsupported', 'it has a critical extension that is not understood')
    }
  }
  return scope
}

/** The point; for others than authorities, for authorities, for some reasons, indirect, of attribute certificates. */
const issuingPointTags: readonly number[] = [0xa0, 0x81, 0x82, 0x83, 0x84, 0x85]

/** RFC 5280 section 5.2.5. */
function readIssuingPoint(der: Uint8Array<ArrayBuffer>): Crl['scope'] {
  const values = readDer(readOnly(der, derTags.sequence).content)
  const parts = new Map(values.map((part) => [part.tag, part]))
  if (parts.size !== values.length) throw fault('malformed', 'it says twice of what it speaks')
  if (values.some(({ tag }) => !issuingPointTags.includes(tag))) {
    throw fault('unsupported', 'it is limited in a way that is not understood')
  }
  const isSet = (tag: number) => {
    const { content } = parts.get(tag) ?? { content: Uint8Array.of(0) }
    if (content.length !== 1) throw fault('malformed', 'a truth value is none')
    return content[0] !== 0
  }
  if (isSet(0x84)) throw fault('unsupported', 'it is an indirect list')
  if (parts.has(0x83)) throw fault('unsupported', 'it is a list for some reasons only')
  if (isSet(0x85)) throw fault('unsupported', 'it is a list of attribute certificates')
  const point = parts.get(0xa0)
  const [forOthers, forAuthorities] = [isSet(0x81), isSet(0x82)]
  if (forOthers && forAuthorities) throw fault('malformed', 'it speaks of no certificates')
  return {
    ...(point && { urls: readPointName(point.content) }),
    ...(forOthers && { kind: 'others' as const }),
    ...(forAuthorities && { kind: 'authorities' as const }),
  }
}

function readExtensions(content: Uint8Array<ArrayBuffer>) {
  return readDer(content).map((extension) => {
    const parts = readSequence(extension)
    const [oid, second, third] = parts
    const isCritical = second?.tag === 0x01 && second.content[0] !== 0
    const value = second?.tag === 0x01 ? third : second
    if (oid?.tag !== 0x06 || value?.tag !== 0x04 || parts.at(-1) !== value) {
      throw fault('malformed', 'an extension is none')
    }
    return { oid: oidText(oid.content), isCritical, value: value.content }
  })
}

function oidText(content: Uint8Array): string {
  const numbers: number[] = []
  let number = 0
  for (const byte of content) {
    number = number * 128 + (byte & 127)
    if (byte < 128) {
      numbers.push(number)
      number = 0
    }
  }
  const [first = 0, ...others] = numbers
  const top = Math.min(Math.floor(first / 40), 2)
  return [top, first - top * 40, ...others].join('.')
}

export interface VerifyCrlOptions {
  readonly certificate: Certificate
  /** The certificate's issuer, of whom the list must be. */
  readonly issuer: Certificate
  /** Where it was had. */
  readonly url: string
  readonly at: Date
}

const rules: OptionRules<VerifyCrlOptions> = {
  certificate: objectRule,
  issuer: objectRule,
  url: textRule,
  at: dateRule,
}

/**
 * Whether a list may be believed about a certificate, RFC 5280 section 6.3.3: that its issuer signed it, that it speaks
 * of such certificates, and that it is the one of now.
 * @throws X509Error `x509.crl.issuer`, `x509.crl.signature`, `x509.crl.scope`, `x509.crl.not-current`
 */
export async function verifyCrl(crl: Crl, options: VerifyCrlOptions): Promise<void> {
  checkOptions(options, 'verifyCrl', rules)
  const { certificate, issuer, url, at } = options
  if (!isSameName(crl.issuer, issuer.names.subject)) {
    throw fault('issuer', "it is not one of the certificate's issuer")
  }
  if (issuer.keyUsage?.includes('cRLSign') === false) throw fault('issuer', 'its issuer may not sign lists')
  if (crl.scope?.kind !== undefined && (crl.scope.kind === 'authorities') !== certificate.isCa) {
    throw fault('scope', 'it does not speak of certificates of this kind')
  }
  if (crl.scope?.urls && !crl.scope.urls.includes(url)) throw fault('scope', 'it is for another place')
  if (!crl.nextUpdate || at < crl.thisUpdate || at > crl.nextUpdate) {
    throw fault('not-current', 'it is not the one of now')
  }
  if (!(await isSignedBy(crl.signed, issuer))) throw fault('signature', 'it is not signed by its issuer')
}

function fault(
  code: 'malformed' | 'unsupported' | 'issuer' | 'signature' | 'scope' | 'not-current',
  why: string,
) {
  const full: X509ErrorCode = `x509.crl.${code}`
  return new X509Error(full, `not an acceptable revocation list: ${why}`)
}
