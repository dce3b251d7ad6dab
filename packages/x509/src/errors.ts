import { EkkasanError } from '@ekkasan/core'

export type X509ErrorCode =
  /** Not base64 DER of a certificate, longer than any honest one, or contradicting itself. */
  | 'x509.certificate.malformed'
  /** A key or signature of a kind that is not accepted (SHA-1, RSA below 2048 bits, unknown curves). */
  | 'x509.certificate.algorithm'
  /** An empty chain, or one longer than accepted. */
  | 'x509.path.chain-length'
  /** The issuer's name of a certificate is not the subject of the next. */
  | 'x509.path.name-mismatch'
  | 'x509.path.signature'
  | 'x509.path.not-yet-valid'
  | 'x509.path.expired'
  /** A certificate that issues is not marked as one that may (basicConstraints, keyCertSign). */
  | 'x509.path.not-a-ca'
  /** More intermediate certificates than an issuer above them allows. */
  | 'x509.path.length-exceeded'
  /** An extension that limits the certificate in a way that is not understood here. */
  | 'x509.path.critical-extension'
  /** The leaf is itself a certificate authority, or may not sign. */
  | 'x509.path.leaf-usage'
  /** The leaf is not for the purpose asked for (extendedKeyUsage). */
  | 'x509.path.purpose'
  /** A name that an authority above may not certify (nameConstraints). */
  | 'x509.path.name-constraint'
  /** No trust anchor of this role issued it. */
  | 'x509.path.no-anchor'
  /** A certificate of the chain is not what the profile asked for wants. */
  | 'x509.profile.mismatch'
  /** Its issuer has revoked a certificate of the chain. */
  | 'x509.revocation.revoked'
  /** Whether a certificate of the chain is revoked could not be found out. */
  | 'x509.revocation.unknown'
  /** Not a revocation list in DER, or larger than accepted. */
  | 'x509.crl.malformed'
  /** An indirect or delta list, one for some reasons only, or with a critical extension that is not understood. */
  | 'x509.crl.unsupported'
  /** The list is not one of the certificate's issuer, or that issuer may not sign lists. */
  | 'x509.crl.issuer'
  | 'x509.crl.signature'
  /** The list does not speak of such certificates or of this distribution point. */
  | 'x509.crl.scope'
  /** The list is from the future, or was to be replaced by now, or does not say when. */
  | 'x509.crl.not-current'
  /** The list could not be fetched. */
  | 'x509.crl.unavailable'
  /** The certificate does not speak for the name it is used under. */
  | 'x509.name.mismatch'

export class X509Error extends EkkasanError<X509ErrorCode> {}
