import type { PublicJwk, RandomBytes, Signer } from '@ekkasan/core'
import { base64, concatBytes, fromBase64url, hash, platformRandomBytes } from '@ekkasan/core/bytes'
import { AsnConvert, OctetString } from '@peculiar/asn1-schema'
import {
  AlgorithmIdentifier,
  Certificate as AsnCertificate,
  AuthorityKeyIdentifier,
  BasicConstraints,
  ExtendedKeyUsage,
  Extension,
  Extensions,
  GeneralName,
  id_ce_authorityKeyIdentifier,
  id_ce_basicConstraints,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_ce_subjectAltName,
  id_ce_subjectKeyIdentifier,
  KeyIdentifier,
  KeyUsage,
  KeyUsageFlags,
  SubjectAlternativeName,
  SubjectKeyIdentifier,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
} from '@peculiar/asn1-x509'
import { ecCurves, keyOids, signatureOids } from './algorithms.ts'
import { createName, type SubjectName } from './distinguished-name.ts'
import { ecdsaToDer } from './ecdsa-signature.ts'

export interface IssueCertificateOptions {
  readonly subject: SubjectName
  readonly publicJwk: PublicJwk
  /** Signs with the issuer's key: ECDSA or Ed25519. Its own, for a root. */
  readonly signer: Signer
  /** Name of the issuer; its own, for a root. */
  readonly issuer: SubjectName
  readonly validity: { readonly from: Date; readonly until: Date }
  readonly dnsNames?: readonly string[]
  readonly uris?: readonly string[]
  /** Object identifiers of purposes. */
  readonly extendedKeyUsage?: readonly string[]
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

/**
 * Issues one certificate, base64 DER. Checks nothing about who asks: that is for who calls it.
 * @throws TypeError when a key is of a kind it does not issue with or for
 */
export async function issueCertificate(options: IssueCertificateOptions): Promise<string> {
  const { signer, publicJwk, validity, extensions = [] } = options
  const oid = signatureOids[signer.alg]
  if (oid === undefined) throw new TypeError(`certificates are not issued with ${signer.alg}`)
  if (!(validity.from < validity.until)) throw new TypeError('a certificate is valid from before until')
  const algorithm = new AlgorithmIdentifier({ algorithm: oid })
  const body = new TBSCertificate({
    version: Version.v3,
    serialNumber: serialNumber(options.randomBytes),
    signature: algorithm,
    issuer: createName(options.issuer),
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
  const data = new Uint8Array(AsnConvert.serialize(body))
  const signature = await signer.sign(data)
  const value = signer.key.publicJwk.kty === 'EC' ? ecdsaToDer(signature) : Uint8Array.from(signature)
  const certificate = new AsnCertificate({
    tbsCertificate: body,
    signatureAlgorithm: algorithm,
    signatureValue: value.buffer,
  })
  return base64(new Uint8Array(AsnConvert.serialize(certificate)))
}

function standardExtensions(options: IssueCertificateOptions): Extension[] {
  const { publicJwk, signer, dnsNames = [], uris = [], extendedKeyUsage = [], authority } = options
  const flags = authority ? KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign : KeyUsageFlags.digitalSignature
  const names = [
    ...dnsNames.map((dNSName) => new GeneralName({ dNSName })),
    ...uris.map((uri) => new GeneralName({ uniformResourceIdentifier: uri })),
  ]
  const extension = (extnID: string, critical: boolean, value: unknown) =>
    new Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) })
  const constraints = new BasicConstraints({
    cA: authority !== undefined,
    ...(authority?.pathLength !== undefined && { pathLenConstraint: authority.pathLength }),
  })
  return [
    extension(id_ce_basicConstraints, true, constraints),
    extension(id_ce_keyUsage, true, new KeyUsage(flags)),
    extension(id_ce_subjectKeyIdentifier, false, new SubjectKeyIdentifier(keyIdentifier(publicJwk))),
    extension(
      id_ce_authorityKeyIdentifier,
      false,
      new AuthorityKeyIdentifier({ keyIdentifier: new KeyIdentifier(keyIdentifier(signer.key.publicJwk)) }),
    ),
    ...(names.length > 0 ? [extension(id_ce_subjectAltName, false, new SubjectAlternativeName(names))] : []),
    ...(extendedKeyUsage.length > 0
      ? [extension(id_ce_extKeyUsage, false, new ExtendedKeyUsage([...extendedKeyUsage]))]
      : []),
  ]
}

function keyInfo({ kty, crv, x = '', y = '' }: PublicJwk): SubjectPublicKeyInfo {
  const curve = ecCurves.find((one) => one.crv === crv)
  if (kty === 'EC' && curve) {
    return new SubjectPublicKeyInfo({
      algorithm: new AlgorithmIdentifier({
        algorithm: keyOids.ec,
        parameters: Uint8Array.from(curve.der).buffer,
      }),
      subjectPublicKey: concatBytes(Uint8Array.of(4), fromBase64url(x), fromBase64url(y)).buffer,
    })
  }
  if (crv !== 'Ed25519')
    throw new TypeError('certificates are issued for P-256, P-384, P-521 and Ed25519 keys')
  return new SubjectPublicKeyInfo({
    algorithm: new AlgorithmIdentifier({ algorithm: keyOids.ed25519 }),
    subjectPublicKey: Uint8Array.from(fromBase64url(x)).buffer,
  })
}

/** RFC 7093 method 1. */
function keyIdentifier(jwk: PublicJwk): ArrayBuffer {
  return hash('sha-256', new Uint8Array(keyInfo(jwk).subjectPublicKey)).slice(0, 20).buffer
}

/** 16 random bytes, positive and of full length. */
function serialNumber(randomBytes: RandomBytes = platformRandomBytes): ArrayBuffer {
  const bytes = Uint8Array.from(randomBytes(16))
  bytes[0] = ((bytes[0] as number) & 0x3f) | 0x40
  return bytes.buffer
}
