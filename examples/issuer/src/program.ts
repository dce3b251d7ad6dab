import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Store } from '@ekkasan/core'
import { createFileJournal, type FileJournal, type StatusListMaintenance } from '@ekkasan/status'
import { isCitizenNumber } from '@ekkasan/thai'
import {
  type Block,
  claimStore,
  createGate,
  createReadiness,
  keepIdentity,
  type Log,
  makePrivateFolder,
  namingStore,
  type OnStop,
  type Program,
  readApiToken,
  StoreBlocked,
  startOrClose,
  watchClock,
} from '@ekkasan-examples/ui'
import { type OpenedStore, openStore, type StoreSettings } from '@ekkasan-examples/ui/store'
import { createIssuerApi } from './api.ts'
import { createApp } from './app.tsx'
import { createAudit } from './audit.ts'
import type { Config } from './config.ts'
import { createDesk } from './desk.ts'
import { hasKeys, openKeys } from './keys/open-keys.ts'
import { openOfficerAccount } from './officer-account.ts'
import { wireIssuer } from './wire-issuer.ts'

/** As its commands, its file and its claim on a store are called. */
export const program = 'issuer'

export const storeSettings = ({ dataDir, store }: Config): StoreSettings => ({ program, dataDir, store })

export interface StartOptions {
  readonly config: Config
  /** The address listened on: the issuer's URL where none is configured. */
  readonly address: string
  readonly log: Log
  readonly onOfficerCreated: (username: string, password: string) => void
}

/** The program; over a store that was restored it answers 503 until "store restored" was run. */
export function startIssuer(options: StartOptions): Promise<Program> {
  return createGate({
    log: options.log,
    start: (block) => startOrClose((onStop) => openIssuer(options, block, onStop)),
  })
}

/** Wires the whole issuer: store, journal, protocol, screens. @throws StoreBlocked */
async function openIssuer(options: StartOptions, block: Block, onStop: OnStop): Promise<Program> {
  const { config, address } = options
  const { dataDir, port } = config
  makePrivateFolder(dataDir)
  const url = keepIdentity({
    dataDir,
    url: config.url,
    address,
    port,
    hasKeys: hasKeys(config),
    setting: 'ISSUER_URL',
  })
  const opened = await openStore(storeSettings(config), block)
  onStop(opened.close)
  const { store, storeName, database } = opened
  return namingStore(storeName, async () => {
    const evidence = evidenceOf(config)
    // A key file that cannot be read is told before what it would say of the store.
    if (hasKeys(config)) await (await openKeys(config)).keys()
    await claimStore({ program, dataDir, store, storeName, database, evidence })
    const journal = await createFileJournal({ folder: journalFolder(config) })
    onStop(journal.close)
    return openOver(options, { opened, journal, url, block, onStop })
  })
}

/** Over a store that is the right one. @throws StoreBlocked when it lacks what the journals say */
async function openOver(
  { config, log, onOfficerCreated }: StartOptions,
  {
    opened,
    journal,
    url,
    block,
    onStop,
  }: { opened: OpenedStore; journal: FileJournal; url: string; block: Block; onStop: OnStop },
): Promise<Program> {
  const { dataDir } = config
  const { store } = opened
  const wired = await wireIssuer({ config, url, store, journal, log })
  const { keys, did, issuerId, registry, certificates, issuer, status, offerable } = wired
  const maintenance = status.map((lists) => lists.maintenance)
  await requireWhole(maintenance, opened)
  opened.onReconnect((view) =>
    requireWhole(maintenance, opened, view).catch((error: unknown) => {
      // A store that is away, or takes no writes, is an outage and not another store.
      if (error instanceof StoreBlocked) block(error)
      throw error
    }),
  )
  const clocks = await watchClock({ store, log })
  onStop(clocks.stop)
  const isReady = createReadiness({
    store,
    dataDir,
    files: config.store === 'sqlite' ? ['issuer.sqlite'] : [],
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
  onStop(() => leave(maintenance))
  log('started', { url, issuer: issuerId, keys: keys.length, formats: config.formats.join(' ') })
  return {
    fetch: (request) => app.fetch(request),
    async checkReady() {
      await Promise.all([isReady(), clocks.check()])
    },
  }
}

/** The folder of the journals, one for each replica that shares it. */
export const journalFolder = ({ dataDir }: Config) => join(dataDir, 'journal')

const hasJournal = (config: Config) =>
  existsSync(journalFolder(config)) &&
  readdirSync(journalFolder(config)).some((name) => name.endsWith('.jsonl'))

/** What says that there was a store before; undefined at the first start. */
export function evidenceOf(config: Config): string | undefined {
  // A folder that is empty is a disk that was mounted for the journal before the first start.
  if (hasJournal(config)) return `${journalFolder(config)} holds a journal`
  return hasKeys(config) ? `it holds keys` : undefined
}

/** @throws StoreBlocked when the store lacks what the journals say */
async function requireWhole(
  maintenance: readonly StatusListMaintenance[],
  { storeName }: OpenedStore,
  view?: Store,
): Promise<void> {
  try {
    for (const one of maintenance) await one.check(view)
  } catch (cause) {
    if ((cause as { code?: unknown }).code !== 'status.store.behind') throw cause
    throw new StoreBlocked(
      'refused',
      `${storeName} is older than the journals: ${(cause as Error).message}. Correct STORE if it names the wrong one; else restore the newest backup, or go on with this one, and run "npm run example issuer -- store restored"`,
      { cause },
    )
  }
}

/** A replica that ends in order leaves nothing in its journal that a later backup lacks; one that cannot say so is missed. */
async function leave(maintenance: readonly StatusListMaintenance[]): Promise<void> {
  for (const one of maintenance) await one.leave().catch(() => undefined)
}
