import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { join } from 'node:path'
import type { Store } from '@ekkasan/core'
import { generateJwk, type PrivateJwk, signerFromJwk } from '@ekkasan/keys'
import {
  type CertificateAuthority,
  type CrlIssuer,
  createCrlIssuer,
  createMdocAuthority,
  mdocPurposes,
  pemOf,
  statusSigningPurpose,
} from '@ekkasan/x509'
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
  /** Of the newest key, leaf first: it signs documents. */
  readonly x5c: readonly string[]
  /** The same key as one that signs status lists; of an agency without such a certificate, `x5c`. */
  readonly statusX5c: readonly string[]
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
  /** What the issuer is called in credentials and status lists. */
  readonly uris: readonly string[]
  /** Days for which credentials signed now have to be verifiable. */
  readonly days: number
}

interface OwnCertificate {
  readonly x5c: readonly string[]
  readonly uris: readonly string[]
  /** Absent in what was issued before certificates held them. */
  readonly dnsNames?: readonly string[]
  readonly renewAfter: string
}

/**
 * The certificates under which keys sign mdocs, SD-JWT VCs and status lists. An agency puts those that its authority issued
 * into `certificates/document-signer.pem` and, for status lists, `certificates/status-signer.pem` (leaf first, without the
 * root, the issuer's identifier among its URIs and its host among its DNS names); until then an authority of the program's
 * own certifies them, whose certificate for verifiers is `certificates/authority.pem`. That authority revokes the
 * certificates of keys that are no longer in use.
 * @throws Error that says what is wrong with the agency's certificate
 */
export async function openCertificates(options: OpenCertificatesOptions): Promise<Certificates> {
  const { folder, keys } = options
  const [key] = keys
  if (!key) throw new Error('there is no key to certify')
  makePrivateFolder(folder)
  const x5c = agencyChain(folder, 'document-signer.pem', key)
  if (x5c) return { x5c, statusX5c: agencyChain(folder, 'status-signer.pem', key) ?? x5c }
  const { authority, crl } = await openAuthority(options)
  for (const retired of certificatesOfRetired(folder, keys)) await crl.revoke(retired.x5c[0] as string)
  const certify = (use: keyof typeof purposes) => ownChain(options, key, { authority, use })
  return { x5c: await certify('key'), statusX5c: await certify('status'), crl }
}

/** What each of the program's own certificates is for, by the beginning of its file's name. */
const purposes = { key: mdocPurposes.documentSigner, status: statusSigningPurpose } as const

function agencyChain(folder: string, name: string, { publicJwk }: SigningKey): readonly string[] | undefined {
  const file = join(folder, name)
  return existsSync(file)
    ? readCertificateChain(readFileSync(file, 'utf8'), publicJwk, `certificates/${name}`)
    : undefined
}

async function ownChain(
  { folder, url, issuerName, uris, days }: OpenCertificatesOptions,
  { kid, publicJwk }: SigningKey,
  { authority, use }: { readonly authority: CertificateAuthority; readonly use: keyof typeof purposes },
): Promise<readonly string[]> {
  const { hostname } = new URL(url)
  const dnsNames = isIP(hostname.replace(/^\[|\]$/g, '')) === 0 ? [hostname] : []
  const file = join(folder, `${use}-${kid}.json`)
  const known = existsSync(file) ? readOwn(file) : undefined
  const isSame = known?.uris.join() === uris.join() && (known.dnsNames ?? []).join() === dnsNames.join()
  if (known && isSame && Date.parse(known.renewAfter) > Date.now()) return known.x5c
  const validDays = Math.min(days + 90, mostDays)
  const x5c = await authority.issue({
    subject: { commonName: issuerName, country },
    publicJwk,
    uris,
    dnsNames,
    extendedKeyUsage: [purposes[use]],
    days: validDays,
    // What it signs says the beginning of its day.
    beginsBefore: 86_400,
  })
  const renewAfter = new Date(Date.now() + Math.min(60, validDays / 2) * day).toISOString()
  writePrivateFile(file, JSON.stringify({ x5c, uris, dnsNames, renewAfter } satisfies OwnCertificate))
  return x5c
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

function certificatesOfRetired(folder: string, keys: readonly SigningKey[]): readonly OwnCertificate[] {
  const inUse = new Set(keys.flatMap(({ kid }) => Object.keys(purposes).map((use) => `${use}-${kid}.json`)))
  return readdirSync(folder)
    .filter((name) => /^(key|status)-.*\.json$/.test(name) && !inUse.has(name))
    .map((name) => readOwn(join(folder, name)))
}

function readOwn(file: string): OwnCertificate {
  return readJsonFile<OwnCertificate>(file)
}
