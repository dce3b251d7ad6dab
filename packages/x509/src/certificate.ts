import type { PublicJwk } from '@ekkasan/core'
import { base64, base64url, equalBytes, hex } from '@ekkasan/core/bytes'
import { KeysError } from '@ekkasan/keys'
import { AsnConvert } from '@peculiar/asn1-schema'
import {
  Certificate as AsnCertificate,
  AuthorityKeyIdentifier,
  BasicConstraints,
  ExtendedKeyUsage,
  id_ce_authorityKeyIdentifier,
  id_ce_basicConstraints,
  id_ce_certificatePolicies,
  id_ce_cRLDistributionPoints,
  id_ce_extKeyUsage,
  id_ce_issuerAltName,
  id_ce_keyUsage,
  id_ce_nameConstraints,
  id_ce_subjectAltName,
  id_ce_subjectKeyIdentifier,
  KeyUsage,
  SubjectKeyIdentifier,
  type Time,
} from '@peculiar/asn1-x509'
import { derOfBase64, maxBytes } from './base64.ts'
import { readCrlUrls } from './crl-distribution-points.ts'
import { derTags, readDer, readOnly, writeDer } from './der.ts'
import { emailsIn, nameKey, nameText } from './distinguished-name.ts'
import { X509Error } from './errors.ts'
import { type GeneralNames, noNames, readGeneralNames } from './general-names.ts'
import { type NameConstraints, readNameConstraints } from './name-constraints.ts'
import { readKeyInfo, unsupported } from './public-key.ts'
import type { SignedData } from './signature.ts'

/** A certificate as it was parsed: nothing of it has been verified. */
export interface Certificate {
  /** As in `x5c`: base64 DER. */
  readonly base64: string
  readonly der: Uint8Array
  /** RFC 4514, most specific first: `CN=issuer.example,O=Example,C=TH`. */
  readonly subject: string
  readonly issuer: string
  readonly serialNumber: string
  readonly notBefore: Date
  readonly notAfter: Date
  readonly publicJwk: PublicJwk
  /** Subject alternative names, in lower case. */
  readonly dnsNames: readonly string[]
  readonly uris: readonly string[]
  readonly isCa: boolean
  /** How many intermediate certificates may stand below it. */
  readonly pathLength?: number
  /** Names of RFC 5280 section 4.2.1.3: `digitalSignature`, `keyCertSign`. */
  readonly keyUsage?: readonly string[]
  /** Object identifiers of purposes. */
  readonly extendedKeyUsage?: readonly string[]
  /** base64url, RFC 5280 sections 4.2.1.2 and 4.2.1.1. */
  readonly subjectKeyIdentifier?: string
  readonly authorityKeyIdentifier?: string
  /** What the names below it must be, where it limits them. */
  readonly nameConstraints?: NameConstraints
  /** Where its issuer says what it has revoked: http and https URLs; absent where it names no place. */
  readonly crlUrls?: readonly string[]
  /** Whether it says how to reach its issuer, by URI or mail (issuerAltName). */
  readonly hasIssuerContact: boolean
  /** Object identifiers of critical extensions, and of all extensions that limit it in a way not understood here. */
  readonly critical: readonly string[]
  readonly limits: readonly string[]
  readonly signed: SignedData
  /** For comparing: as `nameKey` has them. */
  readonly names: {
    readonly subject: readonly string[]
    readonly issuer: readonly string[]
    readonly subjectEmails: readonly string[]
    readonly alternative: GeneralNames
  }
  /** DER of the name, for issuing under it, and of the key, for importing. */
  readonly raw: {
    readonly subject: Uint8Array<ArrayBuffer>
    readonly key: Uint8Array<ArrayBuffer>
  }
}

const understood: readonly string[] = [
  id_ce_basicConstraints,
  id_ce_keyUsage,
  id_ce_extKeyUsage,
  id_ce_subjectAltName,
  id_ce_nameConstraints,
  // Any policy is accepted, so a policy limits nothing; constraints on policies are not understood.
  id_ce_certificatePolicies,
]

/**
 * Parses base64 DER as in `x5c`, PEM, or DER bytes. Shape only.
 * @throws X509Error `x509.certificate.malformed`, `x509.certificate.algorithm`
 */
export function parseCertificate(input: string | Uint8Array): Certificate {
  const der = typeof input === 'string' ? derOfBase64(input) : input
  if (der.length > maxBytes) throw malformed('too long')
  try {
    return read(der as Uint8Array<ArrayBuffer>)
  } catch (cause) {
    if (cause instanceof X509Error) throw cause
    if (cause instanceof KeysError) throw unsupported(cause.message)
    throw new X509Error('x509.certificate.malformed', 'not a certificate in DER', { cause })
  }
}

function read(der: Uint8Array<ArrayBuffer>): Certificate {
  const certificate = AsnConvert.parse(der, AsnCertificate)
  const { tbsCertificate: body, tbsCertificateRaw, signatureAlgorithm, signatureValue } = certificate
  if (!tbsCertificateRaw || !signatureAlgorithm.isEqual(body.signature)) {
    throw malformed('its two signature algorithms differ')
  }
  // The parser reads BER, and what nobody signed could be written in several ways: one certificate, one hash.
  const written = writeDer(
    derTags.sequence,
    new Uint8Array(tbsCertificateRaw),
    new Uint8Array(AsnConvert.serialize(signatureAlgorithm)),
    writeDer(derTags.bitString, Uint8Array.of(0), new Uint8Array(signatureValue)),
  )
  if (!equalBytes(der, written)) throw malformed('its envelope is not in DER')
  const extensions = new Map<string, ArrayBuffer>()
  const [critical, limits]: [string[], string[]] = [[], []]
  for (const { extnID, critical: isCritical, extnValue } of body.extensions ?? []) {
    if (extensions.has(extnID)) throw malformed('an extension stands twice')
    extensions.set(extnID, extnValue.buffer)
    if (isCritical) critical.push(extnID)
    if (isCritical && !understood.includes(extnID)) limits.push(extnID)
  }
  const extension = <T>(oid: string, type: new () => T): T | undefined => {
    const value = extensions.get(oid)
    return value && AsnConvert.parse(value, type)
  }
  const constraints = extension(id_ce_basicConstraints, BasicConstraints)
  const keyUsage = extension(id_ce_keyUsage, KeyUsage)
    ?.toJSON()
    // As RFC 5280 spells it.
    .map((usage) => ((usage as string) === 'crlSign' ? 'cRLSign' : usage))
  const extendedKeyUsage = extension(id_ce_extKeyUsage, ExtendedKeyUsage)
  const ownKey = extension(id_ce_subjectKeyIdentifier, SubjectKeyIdentifier)
  const authorityKey = extension(id_ce_authorityKeyIdentifier, AuthorityKeyIdentifier)?.keyIdentifier
  const bytes = (oid: string) => {
    const value = extensions.get(oid)
    return value && new Uint8Array(value)
  }
  const generalNames = (oid: string) => {
    const value = bytes(oid)
    return value && readGeneralNames(readDer(readOnly(value, derTags.sequence).content))
  }
  const alternative = generalNames(id_ce_subjectAltName) ?? noNames
  const issuerContact = generalNames(id_ce_issuerAltName) ?? noNames
  const constrained = bytes(id_ce_nameConstraints)
  const nameConstraints = constrained && readNameConstraints(constrained)
  if (constrained && !nameConstraints) limits.push(id_ce_nameConstraints)
  const crlPoints = bytes(id_ce_cRLDistributionPoints)
  return {
    base64: base64(der),
    der,
    subject: nameText(body.subject),
    issuer: nameText(body.issuer),
    serialNumber: hex(new Uint8Array(body.serialNumber)),
    notBefore: dateOf(body.validity.notBefore),
    notAfter: dateOf(body.validity.notAfter),
    publicJwk: readKeyInfo(body.subjectPublicKeyInfo),
    dnsNames: alternative.dnsNames,
    uris: alternative.uris,
    isCa: constraints?.cA === true,
    ...(constraints?.pathLenConstraint !== undefined && { pathLength: constraints.pathLenConstraint }),
    ...(keyUsage !== undefined && { keyUsage }),
    ...(extendedKeyUsage !== undefined && { extendedKeyUsage: [...extendedKeyUsage] }),
    ...(ownKey && { subjectKeyIdentifier: base64url(new Uint8Array(ownKey.buffer)) }),
    ...(authorityKey && { authorityKeyIdentifier: base64url(new Uint8Array(authorityKey.buffer)) }),
    ...(nameConstraints && { nameConstraints }),
    ...(crlPoints && { crlUrls: readCrlUrls(crlPoints) }),
    hasIssuerContact: issuerContact.uris.length + issuerContact.emails.length > 0,
    critical,
    limits,
    signed: {
      data: new Uint8Array(tbsCertificateRaw),
      signature: new Uint8Array(signatureValue),
      algorithm: signatureAlgorithm,
    },
    names: {
      subject: nameKey(body.subject),
      issuer: nameKey(body.issuer),
      subjectEmails: emailsIn(body.subject),
      alternative,
    },
    raw: {
      subject: new Uint8Array(AsnConvert.serialize(body.subject)),
      key: new Uint8Array(AsnConvert.serialize(body.subjectPublicKeyInfo)),
    },
  }
}

function dateOf(time: Time): Date {
  const date = time.utcTime ?? time.generalTime
  if (!date || Number.isNaN(date.getTime())) throw malformed('a date of its validity is none')
  return date
}

function malformed(what: string): X509Error {
  return new X509Error('x509.certificate.malformed', `not an acceptable certificate: ${what}`)
}
