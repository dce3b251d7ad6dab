import { createHmac, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { IssuerFormat, Store } from '@ekkasan/core'
import { createDidResolver } from '@ekkasan/did'
import { createIssuer } from '@ekkasan/issuer'
import { jwtVc } from '@ekkasan/jwt-vc'
import { sdJwtVc } from '@ekkasan/sd-jwt-vc'
import { createStatusLists } from '@ekkasan/status'
import { isCitizenNumber, thaiNationalId } from '@ekkasan/thai'
import { createCitizens } from '@ekkasan-examples/citizens'
import {
  type Log,
  logError,
  makePrivateFolder,
  type Program,
  readApiToken,
  readOrCreatePrivateFile,
} from '@ekkasan-examples/ui'
import { createIssuerApi } from './api.ts'
import { createApp } from './app.tsx'
import { createAudit } from './audit.ts'
import type { Config, FormatName } from './config.ts'
import { createDesk } from './desk.ts'
import { issuerDid } from './did-document.ts'
import { openKeys } from './keys/open-keys.ts'
import { issuableFor } from './national-id-source.ts'
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

/** Wires the whole issuer: keys, store, registry, status lists, protocol, screens. */
export async function startIssuer({
  config,
  address,
  log,
  onOfficerCreated,
}: StartOptions): Promise<Program> {
  const { dataDir } = config
  makePrivateFolder(dataDir)
  const url = config.url ?? address
  const { store, close } = await openStore(config)
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
  const status = createStatusLists({
    url: `${url}/status-lists`,
    signer,
    issuer: issuerId,
    store,
    ttl: config.statusSeconds,
    lifetime: Math.max(day, config.statusSeconds),
  })
  const formats: Record<FormatName, () => IssuerFormat> = {
    'dc+sd-jwt': () =>
      sdJwtVc({ signer, vcdm: true, issuer: issuerId, issuerName: 'กรมการปกครอง (ระบบสาธิต)' }),
    jwt_vc_json: () => jwtVc({ signer, issuer: issuerId }),
  }
  const credentials = config.formats.map((name) => thaiNationalId.as(formats[name]()))
  const issuer = createIssuer({
    url,
    names: { th: 'กรมการปกครอง (ระบบสาธิต)', en: 'Department of Provincial Administration (demonstration)' },
    credentials,
    store,
    status,
    resolveDid: createDidResolver(),
    keys: keys.map(({ kid, publicJwk }) => ({ ...publicJwk, kid })),
    lifetimes: { offer: config.offerSeconds, record: config.retentionDays * day },
    onError: (error) => logError(log, error),
    async getClaims(subject) {
      const citizen = await registry.find(subject)
      if (!citizen) return undefined
      const issuable = issuableFor(citizen, new Date(), config.validDays)
      return 'refused' in issuable ? undefined : issuable
    },
  })
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
    document: thaiNationalId,
    offerable: credentials.map(({ id, format }) => ({ configurationId: id, format: format.format })),
    did,
    api: createIssuerApi({
      issuer,
      token: readApiToken(join(dataDir, 'api-token')),
      findCitizen: async (subject) => (isCitizenNumber(subject) ? registry.find(subject) : undefined),
      audit,
    }),
    log,
    onError: (error) => logError(log, error),
  })
  log('started', { url, issuer: issuerId, keys: keys.length, formats: config.formats.join(' ') })
  return {
    fetch: (request) => app.fetch(request),
    isHealthy: () => isStoreUp(store),
    stop: close,
  }
}

async function isStoreUp(store: Store): Promise<boolean> {
  await store.get('health/probe')
  return true
}
