import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { restoreMarkKey, type StatusJournal } from '@ekkasan/core'
import { isJsonObject } from '@ekkasan/core/json'
import { createFileJournal, readFileJournals, type StatusListMaintenance } from '@ekkasan/status'
import { conditionOf, type Log, readJsonFile, writeClaim } from '@ekkasan-examples/ui'
import {
  claimantOf,
  deleteAll,
  type OpenedStore,
  runBackupCommand,
  withStore,
} from '@ekkasan-examples/ui/store'
import type { Config } from './config.ts'
import { journalFolder, storeSettings } from './program.ts'
import { wireIssuer } from './wire-issuer.ts'

export const storeCommands =
  'store backup FILE, store restore FILE, store restored [--journal PATH] [--without REPLICA], store new, store lists, store confirm LIST, store revoke LIST'

export interface StoreCommandOptions {
  readonly config: Config
  readonly log: Log
  readonly print: (value: object) => void
}

/** Commands about the store, for operators; docs/backup.md says when to use which. */
export async function runStoreCommand(
  words: readonly string[],
  { config, log, print }: StoreCommandOptions,
): Promise<void> {
  const [verb, word] = words
  if (await runBackupCommand(words, storeSettings(config), print)) return
  if (verb === 'restored') {
    await withStore(storeSettings(config), async (opened) =>
      print(await reconcile(config, log, opened, words.slice(1))),
    )
  } else if (verb === 'new' && words.length === 1) {
    await withStore(storeSettings(config), async (opened) => print(await declareNew(config, opened)))
  } else if (verb === 'lists' && words.length === 1) {
    await withLists(config, log, async (all) => {
      for (const one of all) for (const list of await one.lists()) print(list)
    })
  } else if ((verb === 'confirm' || verb === 'revoke') && word !== undefined) {
    await changeLists(config, log, async (all) => {
      const known = await Promise.all(all.map(async (one) => ({ one, lists: await one.lists() })))
      const found = known.find(({ lists }) => lists.some(({ list }) => list === word))
      if (!found) throw new Error(`the store has no list ${word}; "store lists" names them`)
      await (verb === 'confirm' ? found.one.confirm(word) : found.one.revokeAll(word))
      print({ [verb === 'confirm' ? 'confirmed' : 'revoked']: word })
    })
  } else {
    throw new Error(`commands are: ${storeCommands}`)
  }
}

async function reconcile(
  config: Config,
  log: Log,
  opened: OpenedStore,
  words: readonly string[],
): Promise<object> {
  const { store, storeName } = opened
  const { journals: paths, without } = readWords(words)
  const about = claimantOf(storeSettings(config), opened)
  const condition = await conditionOf(about)
  if (condition === 'foreign') throw new Error(`${storeName} is the store of another installation`)
  const folder = journalFolder(config)
  const records = await Promise.all(
    [...(existsSync(folder) ? [folder] : []), ...paths].map((path) => readFileJournals(path)),
  )
  const journals = records.flat()
  const { issuer, status } = await wireIssuer({ config, url: urlOf(config), store, log })
  const maintenance = status.map((lists) => lists.maintenance)
  const behind = await Promise.all(maintenance.map((one) => one.isBehind(journals)))
  const isToMend = condition === 'to-mend' || behind.includes(true)

  const mark = (await store.get(restoreMarkKey))?.value
  const takenAt = isJsonObject(mark) && typeof mark.takenAt === 'number' ? new Date(mark.takenAt) : undefined
  // From here on nothing starts on the store until all is done.
  if (isToMend && mark === undefined) await store.put(restoreMarkKey, { restoredAt: Date.now() })
  const options = { without, ...(takenAt && { since: takenAt }) }
  const outcomes = []
  for (const one of maintenance) outcomes.push(await one.reconcile(journals, options))
  const ended = isToMend ? (await issuer.recover()).ended : 0
  if (isToMend) await deleteAll(store, 'session/')
  await writeClaim(about)
  await store.delete(restoreMarkKey)
  const missing = [...new Set(outcomes.flatMap((outcome) => outcome.missing))]
  const closed = outcomes.flatMap((outcome) => outcome.closed)
  return {
    restored: storeName,
    journals: [...new Set(journals.map(({ replica }) => replica))],
    statusesApplied: outcomes.reduce((sum, { applied }) => sum + applied, 0),
    listsRebuilt: outcomes.flatMap(({ rebuilt }) => rebuilt),
    offersEnded: ended,
    ...(closed.length > 0 && {
      journalsMissing: missing,
      window: { from: takenAt ?? 'unknown', to: new Date() },
      listsClosed: closed,
      next: 'these lists are not published: bring the missing journals with --journal, or look for what was changed in the window and run "store confirm LIST" or "store revoke LIST" for each',
    }),
  }
}

/** What the journals say of the store before does not count any more; it is kept beside them. */
async function declareNew(config: Config, opened: OpenedStore): Promise<object> {
  const { store, storeName } = opened
  const about = claimantOf(storeSettings(config), opened)
  const { entries } = await store.list('status-list/', { limit: 1 })
  if (entries.length > 0 || (await conditionOf(about)) === 'usable') {
    throw new Error(`${storeName} is not new: it holds records of an issuer`)
  }
  const folder = journalFolder(config)
  // On the same disk, for the folder itself may be where one is mounted.
  const aside = join(folder, `ended-${new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '')}`)
  const files = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : []
  for (const file of files.filter((one) => one.isFile())) {
    mkdirSync(aside, { recursive: true, mode: 0o700 })
    renameSync(join(folder, file.name), join(aside, file.name))
  }
  await writeClaim(about)
  return { new: storeName, ...(existsSync(aside) && { journals: aside }) }
}

function readWords(words: readonly string[]): { readonly journals: string[]; readonly without: string[] } {
  const found = { journals: [] as string[], without: [] as string[] }
  for (let at = 0; at < words.length; at += 2) {
    const [name, value] = [words[at], words[at + 1]]
    if (name === '--journal' && value !== undefined) found.journals.push(resolve(value))
    else if (name === '--without' && value !== undefined) found.without.push(value)
    else throw new Error(`commands are: ${storeCommands}`)
  }
  return found
}

/** The URL that is set, or by which the program was known at its last start. */
function urlOf({ url, dataDir }: Config): string {
  const file = join(dataDir, 'identity.json')
  const known = url ?? (existsSync(file) ? readJsonFile<{ url: string }>(file).url : undefined)
  if (known === undefined) throw new Error('ISSUER_URL must be set: it names the status lists')
  return known
}

type UseLists = (maintenance: readonly StatusListMaintenance[]) => Promise<void>

function withLists(config: Config, log: Log, use: UseLists, journal?: StatusJournal): Promise<void> {
  return withStore(storeSettings(config), async ({ store, storeName }) => {
    if (await store.get(restoreMarkKey)) {
      throw new Error(`${storeName} was restored from a backup: run "store restored" first`)
    }
    const options = { config, url: urlOf(config), store, log, ...(journal && { journal }) }
    await use((await wireIssuer(options)).status.map(({ maintenance }) => maintenance))
  })
}

/** With a journal of its own, beside that of a program that runs: what is changed here outlives a restore as well. */
async function changeLists(config: Config, log: Log, use: UseLists): Promise<void> {
  const journal = await createFileJournal({ folder: journalFolder(config) })
  const useWhole: UseLists = async (all) => {
    for (const one of all) await one.check()
    await use(all)
    for (const one of all) await one.leave()
  }
  try {
    await withLists(config, log, useWhole, journal)
  } finally {
    await journal.close()
  }
}
