// What @owf/mdoc wants handed in, over node:crypto and @peculiar/x509's parsing by Node: none of it is ours.
import {
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  hkdfSync,
  type JsonWebKey,
  randomBytes,
  sign,
  verify,
  X509Certificate,
} from 'node:crypto'
import { CoseKey, KeyOps, KeyType, MacAlgorithm, type MdocContext } from '@owf/mdoc'

const bytes = (buffer: ArrayBufferLike | Uint8Array) => new Uint8Array(buffer as ArrayBuffer)
const publicKey = (key: CoseKey) => {
  const { d: _d, ...jwk } = key.jwk as JsonWebKey
  return createPublicKey({ key: jwk, format: 'jwk' })
}
const curves: Readonly<Record<number, { readonly pkcs8: string; readonly spki: string }>> = {
  32: {
    pkcs8: '304102010030130607 2a8648ce3d020106082a8648ce3d030107042730250201010420'.replace(' ', ''),
    spki: '3059301306072a8648ce3d020106082a8648ce3d030107034200',
  },
}

export const mdocContext: MdocContext = {
  crypto: {
    random: (length) => bytes(randomBytes(length)),
    digest: ({ digestAlgorithm, bytes: data }) =>
      bytes(createHash(digestAlgorithm.replace('-', '').toLowerCase()).update(data).digest()),
    calculateEphemeralMacKey: ({ privateKey, publicKey: point, sessionTranscriptBytes, info }) => {
      const curve = curves[privateKey.length]
      if (!curve) throw new Error('P-256 alone')
      const secret = diffieHellman({
        privateKey: createPrivateKey({
          key: Buffer.concat([Buffer.from(curve.pkcs8, 'hex'), privateKey]),
          format: 'der',
          type: 'pkcs8',
        }),
        publicKey: createPublicKey({
          key: Buffer.concat([Buffer.from(curve.spki, 'hex'), point]),
          format: 'der',
          type: 'spki',
        }),
      })
      const salt = createHash('sha256').update(sessionTranscriptBytes).digest()
      return CoseKey.create({
        keyOps: [KeyOps.Sign, KeyOps.Verify],
        keyType: KeyType.Oct,
        k: bytes(hkdfSync('sha256', secret, salt, info, 32)),
        algorithm: MacAlgorithm.HS256,
      })
    },
  },
  cose: {
    sign1: {
      sign: ({ key, toBeSigned }) =>
        bytes(
          sign('sha256', toBeSigned, {
            key: createPrivateKey({ key: key.jwk as JsonWebKey, format: 'jwk' }),
            dsaEncoding: 'ieee-p1363',
          }),
        ),
      verify: ({ key, sign1 }) =>
        verify(
          'sha256',
          sign1.toBeSigned,
          { key: publicKey(key), dsaEncoding: 'ieee-p1363' },
          sign1.signature,
        ),
    },
    mac0: {
      sign: ({ key, toBeAuthenticated }) =>
        bytes(createHmac('sha256', key.privateKey).update(toBeAuthenticated).digest()),
      verify: ({ key, mac0 }) =>
        createHmac('sha256', key.privateKey).update(mac0.toBeAuthenticated).digest().equals(mac0.tag),
    },
  },
  x509: {
    getIssuerNameField: ({ certificate, field }) =>
      new X509Certificate(certificate).issuer
        .split('\n')
        .filter((part) => part.startsWith(`${field}=`))
        .map((part) => part.slice(field.length + 1)),
    getPublicKey: ({ certificate }) =>
      CoseKey.fromJwk({ ...new X509Certificate(certificate).publicKey.export({ format: 'jwk' }) }),
    verifyCertificateChain: ({ trustedCertificates, x5chain }) => {
      const [leaf, ...others] = x5chain.map((certificate) => new X509Certificate(certificate))
      const roots = trustedCertificates.map((certificate) => new X509Certificate(certificate))
      if (!leaf || others.length > 0) throw new Error('a chain of one certificate')
      if (!roots.some((root) => leaf.verify(root.publicKey))) throw new Error('not by a trusted authority')
    },
    getCertificateData: ({ certificate }) => {
      const parsed = new X509Certificate(certificate)
      return {
        issuerName: parsed.issuer,
        subjectName: parsed.subject,
        pem: parsed.toString(),
        serialNumber: parsed.serialNumber,
        thumbprint: parsed.fingerprint,
        notBefore: new Date(parsed.validFrom),
        notAfter: new Date(parsed.validTo),
      }
    },
  },
}
