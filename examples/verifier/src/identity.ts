import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { didWebDocument, didWebOf } from '@ekkasan/did'
import { generateJwk, type PrivateJwk, publicJwkOf, signerFromJwk } from '@ekkasan/keys'
import type { ClientIdentity } from '@ekkasan/verifier'
import { createCertificateAuthority, mdocPurposes } from '@ekkasan/x509'
import { readCertificateChain } from '@ekkasan-examples/documents'
import {
  keepIdentity,
  makePrivateFolder,
  naming,
  readJsonFile,
  readOrCreatePrivateJson,
  writePrivateFile,
} from '@ekkasan-examples/ui'
import type { Config } from './config.ts'

/**
 * Who the verifier is to wallets. The key is made at the first start. An agency puts the certificate that its
 * authority issued for this key into `keys/certificate.pem` (leaf first, without the root); until then the program
 * issues one to itself from an authority of its own, whose certificate wallets would have to trust.
 * @throws Error that says what is wrong with the agency's certificate
 */
export async function openIdentity(config: Config, address: string): Promise<ClientIdentity> {
  const folder = join(config.dataDir, 'keys')
  makePrivateFolder(folder)
  const keyFile = join(folder, 'request-signing.json')
  const hasKeys = existsSync(keyFile)
  const jwk = await openKey(keyFile)
  const url = config.url ?? address
  if (config.identity === 'decentralized_identifier') {
    const { dataDir, port } = config
    keepIdentity({ dataDir, url: config.url, address, port, hasKeys, setting: 'VERIFIER_URL' })
    const did = didWebOf(url)
    const signer = await signerFromJwk(jwk, { kid: `${did}#request-signing` })
    const keys = [{ id: 'request-signing', jwk: publicJwkOf(jwk) }]
    return { prefix: config.identity, did, signer, document: didWebDocument({ did, keys }) }
  }
  const dnsName = new URL(url).hostname
  const x5c = await openCertificate(folder, jwk, dnsName)
  const signer = await naming(keyFile, () => signerFromJwk(jwk, { x5c }))
  return config.identity === 'x509_hash'
    ? { prefix: 'x509_hash', signer }
    : { prefix: 'x509_san_dns', dnsName, signer }
}

async function openKey(file: string): Promise<PrivateJwk> {
  return readOrCreatePrivateJson<PrivateJwk>(file, await generateJwk('ES256'))
}

async function openCertificate(folder: string, jwk: PrivateJwk, dnsName: string): Promise<readonly string[]> {
  const agency = join(folder, 'certificate.pem')
  if (existsSync(agency)) {
    return readCertificateChain(readFileSync(agency, 'utf8'), publicJwkOf(jwk), 'keys/certificate.pem')
  }
  const file = join(folder, 'own-certificate.json')
  const known = existsSync(file) ? readJsonFile<OwnCertificate>(file) : undefined
  if (known && known.dnsName === dnsName && Date.parse(known.renewAfter) > Date.now()) return known.x5c
  const signer = await signerFromJwk(await openKey(join(folder, 'authority.json')))
  const authority = await createCertificateAuthority({
    signer,
    subject: { commonName: 'Ekkasan reference verifier' },
  })
  const x5c = await authority.issue({
    subject: { commonName: dnsName },
    publicJwk: publicJwkOf(jwk),
    dnsNames: [dnsName],
    // It signs requests by org-iso-mdoc too.
    extendedKeyUsage: [mdocPurposes.readerAuthentication],
    days: 365,
  })
  const renewAfter = new Date(Date.now() + 335 * 86_400_000).toISOString()
  const own: OwnCertificate = { dnsName, x5c, renewAfter, authority: authority.certificate }
  writePrivateFile(file, JSON.stringify(own))
  return x5c
}

interface OwnCertificate {
  /** Another is made when the name changes, and before it expires. */
  readonly dnsName: string
  readonly x5c: readonly string[]
  readonly renewAfter: string
  readonly authority: string
}
