import { createHmac, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { createDidResolver } from '@ekkasan/did'
import { createIssuer } from '@ekkasan/issuer'
import { createBitstringStatusLists, createStatusLists } from '@ekkasan/status'
import { isCitizenNumber } from '@ekkasan/thai'
import { createCitizens } from '@ekkasan-examples/citizens'
import { documentOf, documents } from '@ekkasan-examples/documents'
import {
  createReadiness,
  keepIdentity,
  type Log,
  logError,
  makePrivateFolder,
  nameOfStore,
  naming,
  type Program,
  readApiToken,
  readOrCreatePrivateFile,
} from '@ekkasan-examples/ui'
import { createIssuerApi } from './api.ts'
import { createApp } from './app.tsx'
import { createAudit } from './audit.ts'
import type { Config } from './config.ts'
import { createDesk } from './desk.ts'
import { issuerDid } from './did-document.ts'
import { certified, createFormat, secureStatusList } from './formats.ts'
import { issuableFor } from './issuable.ts'
import { openCertificates } from './keys/certificates.ts'
import { hasKeys, openKeys } from './keys/open-keys.ts'
import { openOfficerAccount } from './officer-account.ts'
import { openStore } from './open-store.ts'
import { createFileRegistry } from './registry.ts'

export interface StartOptions {
  readonly config: Config
  /** The address listened on: the issuer's URL where none is configured. */
  readonly address: string
  readonly log: Log
  readonly onOfficerCreated: (username: string, password: string) => void
}

const day = 86_400
const names = { th: 'หน่วยงานของรัฐ (ระบบสาธิต)', en: 'Government agency (demonstration)' } as const

/** Wires the whole issuer: keys, store, registry, status lists, protocol, screens. */
export async function startIssuer({
  config,
  address,
  log,
  onOfficerCreated,
}: StartOptions): Promise<Program> {
  const { dataDir } = config
  makePrivateFolder(dataDir)
  const { port } = config
  const url = keepIdentity({
    dataDir,
    url: config.url,
    address,
    port,
    hasKeys: hasKeys(config),
    setting: 'ISSUER_URL',
  })
  const storeName = config.store === 'sqlite' ? join(dataDir, 'issuer.sqlite') : nameOfStore(config.store)
  const { store, close } = await naming(storeName, () => openStore(config))
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
  const account = await openOfficerAccount({
    file: join(dataDir, 'officer.json'),
    store,
    password: config.officerPassword,
    onCreated: onOfficerCreated,
  })
  const audit = createAudit({ folder: join(dataDir, 'audit'), days: config.auditDays, log })
  const app = createApp({
    url,
    config,
    issuer,
    account,
    registry,
    store,
    desk: createDesk(store),
    audit,
    offerable,
    did,
    crl: certificates.crl,
    api: createIssuerApi({
      issuer,
      offerable,
      token: readApiToken(join(dataDir, 'api-token')),
      findCitizen: async (subject) => (isCitizenNumber(subject) ? registry.find(subject) : undefined),
      audit,
      log,
    }),
    log,
  })
  log('started', { url, issuer: issuerId, keys: keys.length, formats: config.formats.join(' ') })
  return {
    fetch: (request) => app.fetch(request),
    checkReady: createReadiness({
      store,
      dataDir,
      files: config.store === 'sqlite' ? ['issuer.sqlite'] : [],
    }),
    stop: close,
  }
}
