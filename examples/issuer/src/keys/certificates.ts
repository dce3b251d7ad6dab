import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { generateJwk, type PrivateJwk, signerFromJwk } from '@ekkasan/keys'
import { createCertificateAuthority, pemOf } from '@ekkasan/x509'
import { readCertificateChain } from '@ekkasan-examples/documents'
import { makePrivateFolder, readOrCreatePrivateFile, writePrivateFile } from '@ekkasan-examples/ui'
import type { SigningKey } from './key-ring.ts'

/** Purpose of a certificate that signs driving licences (ISO/IEC 18013-5 Annex B.1.4). */
const documentSigner = '1.0.18013.5.1.2'
const day = 86_400_000

interface OwnCertificate {
  readonly x5c: readonly string[]
  readonly uris: readonly string[]
  readonly renewAfter: string
}

/**
 * The certificate chain under which a key signs mdocs. An agency puts the one that its authority issued into
 * `certificates/document-signer.pem` (leaf first, without the root, the issuer's identifier among its URIs); until then
 * an authority of the program's own certifies it, whose certificate for verifiers is `certificates/authority.pem`.
 * @throws Error that says what is wrong with the agency's certificate
 */
export async function openCertificates(options: {
  readonly folder: string
  readonly key: SigningKey
  readonly issuerName: string
  /** What the issuer is called elsewhere: those who sign its statuses. */
  readonly uris: readonly string[]
  /** Days for which credentials signed now have to be verifiable. */
  readonly days: number
}): Promise<readonly string[]> {
  const { folder, key, issuerName, uris, days } = options
  makePrivateFolder(folder)
  const agency = join(folder, 'document-signer.pem')
  if (existsSync(agency)) {
    return readCertificateChain(
      readFileSync(agency, 'utf8'),
      key.publicJwk,
      'certificates/document-signer.pem',
    )
  }
  const file = join(folder, `${key.kid}.json`)
  const known = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as OwnCertificate) : undefined
  const isFor = (own: OwnCertificate) =>
    own.uris.join() === uris.join() && Date.parse(own.renewAfter) > Date.now()
  if (known && isFor(known)) return known.x5c
  const authority = await openAuthority(folder, issuerName)
  const x5c = await authority.issue({
    subject: { commonName: issuerName, country: 'TH' },
    publicJwk: key.publicJwk,
    uris,
    extendedKeyUsage: [documentSigner],
    days: days + 90,
  })
  const own: OwnCertificate = { x5c, uris, renewAfter: new Date(Date.now() + 60 * day).toISOString() }
  writePrivateFile(file, JSON.stringify(own))
  return x5c
}

async function openAuthority(folder: string, name: string) {
  const fresh = JSON.stringify(await generateJwk('ES256'))
  const { text } = readOrCreatePrivateFile(join(folder, 'authority.json'), () => fresh)
  const options = {
    signer: await signerFromJwk(JSON.parse(text) as PrivateJwk),
    subject: { commonName: `${name} authority`, country: 'TH' },
    days: 7300,
  }
  const made = await createCertificateAuthority(options)
  const { text: pem } = readOrCreatePrivateFile(join(folder, 'authority.pem'), () => pemOf(made.certificate))
  return createCertificateAuthority({ ...options, certificate: pem })
}
