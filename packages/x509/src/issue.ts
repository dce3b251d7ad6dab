import type { PublicJwk, RandomBytes, Signer } from '@ekkasan/core'
import { base64, platformRandomBytes } from '@ekkasan/core/bytes'
import {
  checkOptions,
  functionRule,
  integerRule,
  listRule,
  type OptionRules,
  objectRule,
  optional,
  optionsRule,
  signerRule,
  textRule,
} from '@ekkasan/core/options'
import { AsnConvert, OctetString } from '@peculiar/asn1-schema'
import {
  AuthorityKeyIdentifier,
  BasicConstraints,
  ExtendedKeyUsage,
  Extension,
  Extensions,
  GeneralName,
  IssueAlternativeName,
  id_ce_authorityKeyIdentifier,
  id_ce_basicConstraints,
  id_ce_cRLDistributionPoints,
  id_ce_extKeyUsage,
  id_ce_issuerAltName,
  id_ce_keyUsage,
  id_ce_subjectAltName,
  id_ce_subjectKeyIdentifier,
  KeyIdentifier,
  KeyUsage,
  KeyUsageFlags,
  Name,
  SubjectAlternativeName,
  SubjectKeyIdentifier,
  TBSCertificate,
  Validity,
  Version,
} from '@peculiar/asn1-x509'
import type { Certificate } from './certificate.ts'
import { writeCrlDistributionPoints } from './crl-distribution-points.ts'
import { createName, type SubjectName } from './distinguished-name.ts'
import { keyIdentifier, keyInfo } from './public-key.ts'
import { signatureAlgorithm, signDer } from './signature.ts'

export interface IssueCertificateOptions {
  readonly subject: SubjectName
  readonly publicJwk: PublicJwk
  /** Signs with the issuer's key: ECDSA or Ed25519. Its own, for a root. */
  readonly signer: Signer
  /** Name of the issuer, its own for a root; or the issuer's certificate, whose name is then taken as it is written. */
  readonly issuer: SubjectName | Certificate
  readonly validity: { readonly from: Date; readonly until: Date }
  readonly dnsNames?: readonly string[]
  readonly uris?: readonly string[]
  /** Object identifiers of purposes; it is then good for no other (the extension is critical). */
  readonly extendedKeyUsage?: readonly string[]
  /** Where its issuer says what it has revoked: URL of a list in DER. */
  readonly crlUrl?: string
  /** How to reach its issuer: an https URL or a mail address (issuerAltName). */
  readonly issuerContact?: string
  /** Given for a certificate that may itself issue. */
  readonly authority?: { readonly pathLength?: number }
  /** Further extensions, their values in DER. */
  readonly extensions?: readonly {
    readonly oid: string
    readonly critical: boolean
    readonly value: Uint8Array
  }[]
  readonly randomBytes?: RandomBytes
}

// A misspelt `extendedKeyUsage` would make it good for everything.
const rules: OptionRules<IssueCertificateOptions> = {
  subject: objectRule,
  publicJwk: objectRule,
  signer: signerRule,
  issuer: objectRule,
  validity: objectRule,
  dnsNames: optional(listRule(textRule)),
  uris: optional(listRule(textRule)),
  extendedKeyUsage: optional(listRule(textRule)),
  crlUrl: optional(textRule),
  issuerContact: optional(textRule),
  authority: optional(
    optionsRule<{ readonly pathLength?: number }>({ pathLength: optional(integerRule(0)) }),
  ),
  extensions: optional(listRule(objectRule)),
  randomBytes: optional(functionRule),
}

/**
 * Issues one certificate, base64 DER. Checks nothing about who asks: that is for who calls it.
 * @throws TypeError when a key is of a kind it does not issue with or for
 */
export async function issueCertificate(options: IssueCertificateOptions): Promise<string> {
  checkOptions(options, 'issueCertificate', rules)
  const { signer, publicJwk, validity, extensions = [] } = options
  if (!(validity.from < validity.until)) throw new TypeError('validity: `until` must be after `from`')
  const body = new TBSCertificate({
    version: Version.v3,
    serialNumber: serialNumber(options.randomBytes),
    signature: signatureAlgorithm(signer),
    issuer: issuerName(options.issuer),
    subject: createName(options.subject),
    validity: new Validity({ notBefore: validity.from, notAfter: validity.until }),
    subjectPublicKeyInfo: keyInfo(publicJwk),
    extensions: new Extensions([
      ...standardExtensions(options),
      ...extensions.map(
        ({ oid: extnID, critical, value }) =>
          new Extension({ extnID, critical, extnValue: new OctetString(value as Uint8Array<ArrayBuffer>) }),
      ),
    ]),
  })
  return base64(await signDer(new Uint8Array(AsnConvert.serialize(body)), signer))
}

function issuerName(issuer: SubjectName | Certificate): Name {
  return 'raw' in issuer ? AsnConvert.parse(issuer.raw.subject, Name) : createName(issuer)
}

function standardExtensions(options: IssueCertificateOptions): Extension[] {
  const { publicJwk, signer, dnsNames = [], uris = [], extendedKeyUsage = [], authority } = options
  const { crlUrl, issuerContact } = options
  const flags = authority ? KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign : KeyUsageFlags.digitalSignature
  const names = [
    ...dnsNames.map((dNSName) => new GeneralName({ dNSName })),
    ...uris.map((uri) => new GeneralName({ uniformResourceIdentifier: uri })),
  ]
  const extension = (extnID: string, critical: boolean, value: unknown) =>
    new Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) })
  const written = (extnID: string, der: Uint8Array<ArrayBuffer>) =>
    new Extension({ extnID, critical: false, extnValue: new OctetString(der) })
  const constraints = new BasicConstraints({
    cA: authority !== undefined,
    ...(authority?.pathLength !== undefined && { pathLenConstraint: authority.pathLength }),
  })
  return [
    extension(id_ce_basicConstraints, true, constraints),
    extension(id_ce_keyUsage, true, new KeyUsage(flags)),
    extension(id_ce_subjectKeyIdentifier, false, new SubjectKeyIdentifier(keyIdentifier(publicJwk).buffer)),
    extension(
      id_ce_authorityKeyIdentifier,
      false,
      new AuthorityKeyIdentifier({
        keyIdentifier: new KeyIdentifier(keyIdentifier(signer.key.publicJwk).buffer),
      }),
    ),
    ...(names.length > 0 ? [extension(id_ce_subjectAltName, false, new SubjectAlternativeName(names))] : []),
    ...(extendedKeyUsage.length > 0
      ? [extension(id_ce_extKeyUsage, true, new ExtendedKeyUsage([...extendedKeyUsage]))]
      : []),
    ...(crlUrl === undefined
      ? []
      : [written(id_ce_cRLDistributionPoints, writeCrlDistributionPoints(crlUrl))]),
    ...(issuerContact === undefined
      ? []
      : [extension(id_ce_issuerAltName, false, new IssueAlternativeName([contactName(issuerContact)]))]),
  ]
}

function contactName(contact: string): GeneralName {
  return new GeneralName(
    /^https?:\/\//.test(contact) ? { uniformResourceIdentifier: contact } : { rfc822Name: contact },
  )
}

/** 16 random bytes, positive and of full length. */
function serialNumber(randomBytes: RandomBytes = platformRandomBytes): ArrayBuffer {
  const bytes = Uint8Array.from(randomBytes(16))
  bytes[0] = ((bytes[0] as number) & 0x3f) | 0x40
  return bytes.buffer
}
