import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Store } from '@ekkasan/core'
import { generateJwk, type PrivateJwk, signerFromJwk } from '@ekkasan/keys'
import { type CrlIssuer, createCrlIssuer, createMdocAuthority, mdocPurposes, pemOf } from '@ekkasan/x509'
import { certificatesOf, readCertificateChain } from '@ekkasan-examples/documents'
import {
  makePrivateFolder,
  naming,
  readJsonFile,
  readOrCreatePrivateFile,
  readOrCreatePrivateJson,
  writePrivateFile,
} from '@ekkasan-examples/ui'
import type { SigningKey } from './key-ring.ts'

const country = 'TH'
const day = 86_400_000
/** ISO/IEC 18013-5 Annex B: a signer of mdocs is certified for no longer. */
const mostDays = 456

export interface Certificates {
  /** Of the newest key, leaf first. */
  readonly x5c: readonly string[]
  /** What the program's own authority has revoked, at `crlPath`; undefined with an agency's. */
  readonly crl?: CrlIssuer
}

export const crlPath = '/certificates/authority.crl'

export interface OpenCertificatesOptions {
  readonly folder: string
  readonly store: Store
  readonly url: string
  /** In use, newest first. */
  readonly keys: readonly SigningKey[]
  readonly issuerName: string
  /** What the issuer is called elsewhere: those who sign its statuses. */
  readonly uris: readonly string[]
  /** Days for which credentials signed now have to be verifiable. */
  readonly days: number
}

interface OwnCertificate {
  readonly x5c: readonly string[]
  readonly uris: readonly string[]
  readonly renewAfter: string
}

/**
 * The certificates under which keys sign mdocs. An agency puts the one that its authority issued into
 * `certificates/document-signer.pem` (leaf first, without the root, the issuer's identifier among its URIs); until then
 * an authority of the program's own certifies them, whose certificate for verifiers is `certificates/authority.pem`. That
 * authority revokes the certificates of keys that are no longer in use.
 * @throws Error that says what is wrong with the agency's certificate
 */
export async function openCertificates(options: OpenCertificatesOptions): Promise<Certificates> {
  const { folder, keys, uris, days } = options
  const [key] = keys
  if (!key) throw new Error('there is no key to certify')
  makePrivateFolder(folder)
  const agency = join(folder, 'document-signer.pem')
  if (existsSync(agency)) {
    const file = 'certificates/document-signer.pem'
    return { x5c: readCertificateChain(readFileSync(agency, 'utf8'), key.publicJwk, file) }
  }
  const { authority, crl } = await openAuthority(options)
  for (const { x5c } of certificatesOfRetired(folder, keys)) await crl.revoke(x5c[0] as string)
  const file = join(folder, fileOf(key.kid))
  const known = existsSync(file) ? readOwn(file) : undefined
  if (known && known.uris.join() === uris.join() && Date.parse(known.renewAfter) > Date.now()) {
    return { x5c: known.x5c, crl }
  }
  const validDays = Math.min(days + 90, mostDays)
  const x5c = await authority.issue({
    subject: { commonName: options.issuerName, country },
    publicJwk: key.publicJwk,
    uris,
    extendedKeyUsage: [mdocPurposes.documentSigner],
    days: validDays,
    // What it signs says the beginning of its day.
    beginsBefore: 86_400,
  })
  const renewAfter = new Date(Date.now() + Math.min(60, validDays / 2) * day).toISOString()
  writePrivateFile(file, JSON.stringify({ x5c, uris, renewAfter } satisfies OwnCertificate))
  return { x5c, crl }
}

async function openAuthority({ folder, store, url, issuerName }: OpenCertificatesOptions) {
  const file = join(folder, 'authority.json')
  const jwk = readOrCreatePrivateJson<PrivateJwk>(file, await generateJwk('ES256'))
  const signer = await naming(file, () => signerFromJwk(jwk))
  const crlUrl = `${url}${crlPath}`
  const options = {
    signer,
    commonName: `${issuerName} authority`,
    country,
    contact: url.startsWith('https:') ? url : 'issuer@agency.example',
    crlUrl,
    days: 7300,
  }
  const made = await createMdocAuthority(options)
  // For others to read: no secret.
  const pemFile = join(folder, 'authority.pem')
  if (!existsSync(pemFile)) readOrCreatePrivateFile(pemFile, () => pemOf(made.certificate))
  const [certificate = ''] = certificatesOf(readFileSync(pemFile, 'utf8'))
  return {
    authority: await createMdocAuthority({ ...options, certificate }),
    crl: createCrlIssuer({ certificate, signer, store, url: crlUrl }),
  }
}

const prefix = 'key-'
const fileOf = (kid: string) => `${prefix}${kid}.json`

function certificatesOfRetired(folder: string, keys: readonly SigningKey[]): readonly OwnCertificate[] {
  const inUse = new Set(keys.map(({ kid }) => fileOf(kid)))
  return readdirSync(folder)
    .filter((name) => name.startsWith(prefix) && name.endsWith('.json') && !inUse.has(name))
    .map((name) => readOwn(join(folder, name)))
}

function readOwn(file: string): OwnCertificate {
  return readJsonFile<OwnCertificate>(file)
}
