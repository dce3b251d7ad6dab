import type { PublicJwk } from '@ekkasan/core'
import { base64, base64url, concatBytes, equalBytes } from '@ekkasan/core/bytes'
import { KeysError, parsePublicJwk } from '@ekkasan/keys'
import { RSAPublicKey } from '@peculiar/asn1-rsa'
import { AsnConvert } from '@peculiar/asn1-schema'
import {
  Certificate as AsnCertificate,
  AuthorityKeyIdentifier,
  BasicConstraints,
  ExtendedKeyUsage,
  id_ce_authorityKeyIdentifier,
  id_ce_basicConstraints,
  id_ce_certificatePolicies,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_ce_nameConstraints,
  id_ce_subjectAltName,
  id_ce_subjectKeyIdentifier,
  KeyUsage,
  SubjectAlternativeName,
  SubjectKeyIdentifier,
  type SubjectPublicKeyInfo,
  type Time,
} from '@peculiar/asn1-x509'
import { ecCurves, keyOids } from './algorithms.ts'
import { derOfBase64, maxBytes } from './base64.ts'
import { nameText } from './distinguished-name.ts'
import { X509Error } from './errors.ts'

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
  /** Object identifiers of extensions that limit it in a way not understood here. */
  readonly limits: readonly string[]
  /** What its issuer signed, and how. */
  readonly signed: {
    readonly data: Uint8Array<ArrayBuffer>
    readonly signature: Uint8Array<ArrayBuffer>
    readonly algorithm: string
  }
  /** DER of names and key, for comparing and importing. */
  readonly raw: {
    readonly subject: Uint8Array
    readonly issuer: Uint8Array
    readonly key: Uint8Array<ArrayBuffer>
  }
}

const understood: readonly string[] = [
  id_ce_basicConstraints,
  id_ce_keyUsage,
  id_ce_extKeyUsage,
  id_ce_subjectAltName,
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
  const parts = [tbsCertificateRaw, AsnConvert.serialize(signatureAlgorithm), bitString(signatureValue)]
  if (!equalBytes(der, sequence(parts))) throw malformed('its envelope is not in DER')
  const extensions = new Map<string, ArrayBuffer>()
  const limits: string[] = []
  for (const { extnID, critical, extnValue } of body.extensions ?? []) {
    if (extensions.has(extnID)) throw malformed('an extension stands twice')
    extensions.set(extnID, extnValue.buffer)
    if (extnID === id_ce_nameConstraints || (critical && !understood.includes(extnID))) limits.push(extnID)
  }
  const extension = <T>(oid: string, type: new () => T): T | undefined => {
    const value = extensions.get(oid)
    return value && AsnConvert.parse(value, type)
  }
  const constraints = extension(id_ce_basicConstraints, BasicConstraints)
  const keyUsage = extension(id_ce_keyUsage, KeyUsage)?.toJSON()
  const extendedKeyUsage = extension(id_ce_extKeyUsage, ExtendedKeyUsage)
  const ownKey = extension(id_ce_subjectKeyIdentifier, SubjectKeyIdentifier)
  const authorityKey = extension(id_ce_authorityKeyIdentifier, AuthorityKeyIdentifier)?.keyIdentifier
  const names = [...(extension(id_ce_subjectAltName, SubjectAlternativeName) ?? [])]
  return {
    base64: base64(der),
    der,
    subject: nameText(body.subject),
    issuer: nameText(body.issuer),
    serialNumber: [...new Uint8Array(body.serialNumber)].map((b) => b.toString(16).padStart(2, '0')).join(''),
    notBefore: dateOf(body.validity.notBefore),
    notAfter: dateOf(body.validity.notAfter),
    publicJwk: readPublicKey(body.subjectPublicKeyInfo),
    dnsNames: names.flatMap(({ dNSName }) => (dNSName === undefined ? [] : [dNSName.toLowerCase()])),
    uris: names.flatMap(({ uniformResourceIdentifier: uri }) => (uri === undefined ? [] : [uri])),
    isCa: constraints?.cA === true,
    ...(constraints?.pathLenConstraint !== undefined && { pathLength: constraints.pathLenConstraint }),
    ...(keyUsage !== undefined && { keyUsage }),
    ...(extendedKeyUsage !== undefined && { extendedKeyUsage: [...extendedKeyUsage] }),
    ...(ownKey && { subjectKeyIdentifier: base64url(new Uint8Array(ownKey.buffer)) }),
    ...(authorityKey && { authorityKeyIdentifier: base64url(new Uint8Array(authorityKey.buffer)) }),
    limits,
    signed: {
      data: new Uint8Array(tbsCertificateRaw),
      signature: new Uint8Array(signatureValue),
      algorithm: signatureAlgorithm.algorithm,
    },
    raw: {
      subject: new Uint8Array(AsnConvert.serialize(body.subject)),
      issuer: new Uint8Array(AsnConvert.serialize(body.issuer)),
      key: new Uint8Array(AsnConvert.serialize(body.subjectPublicKeyInfo)),
    },
  }
}

function readPublicKey({ algorithm, subjectPublicKey }: SubjectPublicKeyInfo): PublicJwk {
  const bytes = new Uint8Array(subjectPublicKey)
  if (algorithm.algorithm === keyOids.ed25519) {
    return parsePublicJwk({ kty: 'OKP', crv: 'Ed25519', x: base64url(bytes) })
  }
  if (algorithm.algorithm === keyOids.rsa) {
    const { modulus, publicExponent } = AsnConvert.parse(bytes, RSAPublicKey)
    const [n, e] = [modulus, publicExponent].map((integer) => {
      const number = new Uint8Array(integer)
      return base64url(number[0] === 0 ? number.subarray(1) : number)
    })
    return parsePublicJwk({ kty: 'RSA', n, e })
  }
  const parameters = new Uint8Array(algorithm.parameters ?? new ArrayBuffer())
  const curve = ecCurves.find(({ der }) => equalBytes(der, parameters))
  if (algorithm.algorithm !== keyOids.ec || !curve)
    throw unsupported('its key is of no kind that is accepted')
  const { crv, length } = curve
  if (bytes[0] !== 4 || bytes.length !== 2 * length + 1)
    throw unsupported('its key is not an uncompressed point')
  const [x, y] = [bytes.subarray(1, length + 1), bytes.subarray(length + 1)]
  return parsePublicJwk({ kty: 'EC', crv, x: base64url(x), y: base64url(y) })
}

// The parser reads BER, and what nobody signed could be written in several ways: one certificate, one hash.
function sequence(parts: readonly ArrayBuffer[]): Uint8Array {
  return tagged(0x30, concatBytes(...parts.map((part) => new Uint8Array(part))))
}

function bitString(bits: ArrayBuffer): ArrayBuffer {
  return tagged(3, concatBytes(Uint8Array.of(0), new Uint8Array(bits))).buffer
}

function tagged(tag: number, content: Uint8Array): Uint8Array<ArrayBuffer> {
  const { length } = content
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
  return concatBytes(Uint8Array.of(tag, ...size), content)
}

function dateOf(time: Time): Date {
  const date = time.utcTime ?? time.generalTime
  if (!date || Number.isNaN(date.getTime())) throw malformed('a date of its validity is none')
  return date
}

function malformed(what: string): X509Error {
  return new X509Error('x509.certificate.malformed', `not an acceptable certificate: ${what}`)
}

function unsupported(what: string): X509Error {
  return new X509Error('x509.certificate.algorithm', `not an acceptable certificate: ${what}`)
}
