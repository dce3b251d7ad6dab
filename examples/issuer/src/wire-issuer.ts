import { createHmac, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { StatusJournal, Store } from '@ekkasan/core'
import { createDidResolver } from '@ekkasan/did'
import { createIssuer } from '@ekkasan/issuer'
import { createBitstringStatusLists, createStatusLists } from '@ekkasan/status'
import { createCitizens } from '@ekkasan-examples/citizens'
import { documentOf, documents } from '@ekkasan-examples/documents'
import { type Log, logError, readOrCreatePrivateFile } from '@ekkasan-examples/ui'
import type { Config } from './config.ts'
import { issuerDid } from './did-document.ts'
import { certified, createFormat, secureStatusList } from './formats.ts'
import { issuableFor } from './issuable.ts'
import { openCertificates } from './keys/certificates.ts'
import { openKeys } from './keys/open-keys.ts'
import { createFileRegistry } from './registry.ts'

const day = 86_400
const names = { th: 'หน่วยงานของรัฐ (ระบบสาธิต)', en: 'Government agency (demonstration)' } as const

export interface WireIssuerOptions {
  readonly config: Config
  readonly url: string
  readonly store: Store
  /** Absent where no status is given or changed. */
  readonly journal?: StatusJournal
  readonly log: Log
}

/** The issuer without its screens: keys, registry, certificates, status lists, protocol. */
export async function wireIssuer({ config, url, store, journal, log }: WireIssuerOptions) {
  const { dataDir } = config
  const keys = await (await openKeys(config)).keys()
  const newest = keys[0]
  if (!newest) throw new Error('there is no key to sign with')
  const did = issuerDid(url, keys)
  if (config.issuerId === 'did' && !did) {
    throw new Error('ISSUER_ID=did needs an ISSUER_URL whose host is a name')
  }
  const issuerId = config.issuerId === 'did' && did ? did.did : url
  // The `kid` by which verifiers find the key: a thumbprint in jwt-vc-issuer, or a DID URL.
  const signer = await newest.signer(issuerId === url ? newest.kid : `${issuerId}#${newest.kid}`)

  const secret = readOrCreatePrivateFile(join(dataDir, 'citizen.key'), () =>
    randomBytes(32).toString('base64url'),
  )
  const registry = createFileRegistry({
    file: join(dataDir, 'registry.json'),
    seed: createCitizens(new Date()).map(({ record }) => record),
    secret: createHmac('sha256', secret.text).update('citizen-handle').digest(),
  })
  const certificates = await openCertificates({
    folder: join(dataDir, 'certificates'),
    store,
    url,
    keys,
    issuerName: names.en,
    uris: [...new Set([url, issuerId])],
    days: config.validDays,
  })
  const parts = {
    signer,
    issuer: issuerId,
    issuerName: names.th,
    keyId: newest.kid,
    certificates: certificates.x5c,
  }
  const lists = {
    issuer: issuerId,
    store,
    ttl: config.statusSeconds,
    onError: (error: unknown) => logError(log, error),
    lifetime: Math.max(day, config.statusSeconds),
    ...(journal && { journal }),
  }
  const status = [
    createStatusLists({
      ...lists,
      url: `${url}/status-lists`,
      signer: certified(signer, certificates.statusX5c),
    }),
    createBitstringStatusLists({
      ...lists,
      url: `${url}/bitstring-status-lists`,
      issueCredential: (list) => secureStatusList(parts, list),
    }),
  ]
  const formats = config.formats.map((name) => createFormat(name, parts))
  const credentials = documents.flatMap(({ type }) => formats.map((format) => type.as(format)))
  const documentByConfiguration = new Map(
    credentials.map(({ id, document }) => [id, documentOf(document.id)]),
  )
  const issuer = createIssuer({
    url,
    names,
    credentials,
    store,
    status,
    resolveDid: createDidResolver(),
    keys: keys.map(({ kid, publicJwk }) => ({ ...publicJwk, kid })),
    lifetimes: { offer: config.offerSeconds, record: config.retentionDays * day },
    onError: (error) => logError(log, error),
    async getClaims(subject, configurationId) {
      const citizen = await registry.find(subject)
      const document = documentByConfiguration.get(configurationId)
      if (!citizen || !document) return undefined
      const issuable = issuableFor(document, citizen, new Date(), config.validDays)
      return 'refused' in issuable ? undefined : issuable
    },
  })
  const offerable = documents.map((document) => ({
    document,
    configurations: credentials
      .filter((configuration) => configuration.document.id === document.type.id)
      .map(({ id, format }) => ({ id, format: format.format })),
  }))
  return { keys, did, issuerId, registry, certificates, issuer, status, offerable }
}
