import { equalBytes } from '@ekkasan/core/bytes'
import { isSameKey, publicJwkOf } from '@ekkasan/keys'
import {
  type Certificate,
  createCertificateAuthority,
  createMdocAuthority,
  isIssuedUnderAki,
  parseCertificate,
  pemOf,
  readClientCertificate,
  validateCertificatePath,
  X509Error,
  x509HashOf,
} from '@ekkasan/x509'
import { fuzzKey, fuzzSigner } from '../keys.ts'
import { type FuzzTarget, insist, insistSame, textOf, tryParse, tryVerify } from '../target.ts'

const world = createWorld()

export const target: FuzzTarget = {
  reads: 'certificates in DER, base64 and PEM with names and extensions, and chains of them (@ekkasan/x509)',
  async seeds() {
    const { root, chain, ofMdoc } = await world
    return [...chain, root, ofMdoc].flatMap((base64) => [
      pemOf(base64),
      base64,
      Buffer.from(base64, 'base64'),
    ])
  },
  async read(input) {
    const text = textOf(input)
    tryParse(() => x509HashOf(text), X509Error)
    for (const form of [text, input]) {
      const certificate = tryParse(() => parseCertificate(form), X509Error)
      if (certificate) await readOne(certificate)
    }
  },
}

async function readOne(certificate: Certificate): Promise<void> {
  const { base64, der, notBefore, notAfter } = certificate
  for (const form of [base64, pemOf(base64)]) {
    const again = parseCertificate(form)
    insist(equalBytes(again.der, der), 'a certificate is the same in each of its forms')
    insistSame(again.names, certificate.names, 'a certificate has the same names in each of its forms')
  }
  insist(!Number.isNaN(notBefore.getTime() + notAfter.getTime()), 'a certificate begins and ends some time')
  insist(!isIssuedUnderAki([base64], ['nobody']), 'no certificate is issued under nobody')
  await tryVerify(() => readClientCertificate(der), X509Error)
  const { root, chain, at } = await world
  const anchors = [parseCertificate(root)]
  const validate = (ofChain: readonly string[], trusted: readonly Certificate[]) =>
    tryVerify(() => validateCertificatePath({ chain: ofChain, anchors: trusted, at }), X509Error)
  for (const path of [
    await validate([base64], anchors),
    await validate([base64, ...chain.slice(1)], anchors),
  ])
    insist(!path || isOurs(path.leaf), 'nobody but the authorities certifies a key')
  const path = await validate(chain, [certificate])
  insist(!path || isOurs(path.anchor), 'what somebody else signed does not follow from a certificate')
}

function isOurs({ publicJwk }: Certificate): boolean {
  return ['root', 'below', 'leaf', 'mdoc'].some((name) => isSameKey(publicJwk, publicJwkOf(fuzzKey(name))))
}

async function createWorld() {
  const root = await createCertificateAuthority({
    signer: await fuzzSigner('root'),
    subject: { commonName: 'Root', organization: 'กรม', stateOrProvince: 'TH-10', country: 'TH' },
    crlUrl: 'https://issuer.example/crl',
    contact: 'https://issuer.example',
  })
  const below = await createCertificateAuthority({
    signer: await fuzzSigner('below'),
    subject: { commonName: 'Below', country: 'TH' },
    parent: root,
    pathLength: 0,
  })
  const chain = await below.issue({
    subject: { commonName: 'Leaf', country: 'TH' },
    publicJwk: publicJwkOf(fuzzKey('leaf')),
    dnsNames: ['issuer.example', '*.issuer.example'],
    uris: ['https://issuer.example'],
    extendedKeyUsage: ['1.0.18013.5.1.2'],
  })
  const { certificate: ofMdoc } = await createMdocAuthority({
    signer: await fuzzSigner('mdoc'),
    commonName: 'Issuing authority',
    country: 'TH',
    contact: 'https://iaca.example',
    crlUrl: 'https://iaca.example/crl',
  })
  return { root: root.certificate, chain, ofMdoc, at: new Date() }
}
