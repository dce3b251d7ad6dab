import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { restoreMarkKey, type Store } from '@ekkasan/core'
import type { JsonObject, JsonValue } from '@ekkasan/core/json'
import { readJsonFile, writePrivateFile } from './private-file.ts'

/** A store must not be used as it stands. `kind` says whether a running program may wait until it was mended. */
export class StoreBlocked extends Error {
  readonly kind: 'restored' | 'refused'
  constructor(kind: 'restored' | 'refused', message: string, options?: ErrorOptions) {
    super(message, options)
    this.kind = kind
  }
}

/** Which database it is, where several could answer under one name. */
export interface StoreDatabase {
  readonly system?: string
  readonly timeline?: number
  readonly database: number
  readonly isSynchronous: boolean
}

export interface ClaimStoreOptions {
  /** The program's name, as its commands are called. */
  readonly program: string
  readonly dataDir: string
  readonly store: Store
  /** As an operator knows it: a file, or a database without its password. */
  readonly storeName: string
  readonly database?: StoreDatabase | undefined
  /** What in `dataDir` says that there was a store before: keys, a journal; undefined where nothing does. */
  readonly evidence: string | undefined
}

interface Claim {
  readonly id: string
  readonly database?: StoreDatabase
}

const fileOf = (dataDir: string) => join(dataDir, 'installation.json')
const keyOf = (program: string) => `installation/${program}`

/**
 * A folder with keys and its store belong together: each keeps the same random id. Says so at the first start, and
 * refuses a store that is new, another's, restored or promoted, in words that say what to do.
 * @throws StoreBlocked
 */
export async function claimStore(options: ClaimStoreOptions): Promise<void> {
  const { program, dataDir, store, storeName, database, evidence } = options
  const command = `npm run example ${program} -- store`
  const mark = await store.get(restoreMarkKey)
  if (mark) {
    throw new StoreBlocked(
      'restored',
      `${storeName} was restored from a backup. Nothing is served until what happened since was brought into it: run "${command} restored"`,
    )
  }
  const file = fileOf(dataDir)
  const mine = existsSync(file) ? readJsonFile<{ id: string; isClaimed: boolean }>(file) : undefined
  const claim = (await store.get(keyOf(program)))?.value as unknown as Claim | undefined
  const refuse = (what: string) => {
    throw new StoreBlocked(
      'refused',
      `${what} Correct STORE or DATA_DIR if one of them names the wrong place. ` +
        `If the store was lost, restore a backup ("${command} restore FILE", then "${command} restored"); without a backup "${command} restored" rebuilds from the journals what they hold. ` +
        `Only if nothing that was issued counts any more: "${command} new"`,
    )
  }
  if (!claim) {
    const isUsed = await isStoreUsed(store)
    if (mine?.isClaimed || (!isUsed && mine === undefined && evidence !== undefined)) {
      refuse(
        `${storeName} ${isUsed ? 'is not the store' : 'is new: it is not the store'} that ${dataDir} belongs to (${evidence ?? file}).`,
      )
    }
    await writeClaim(options, mine?.id ?? randomBytes(12).toString('hex'))
    return
  }
  if (mine?.isClaimed && mine.id !== claim.id)
    refuse(`${storeName} is the store of another installation than ${dataDir}.`)
  requireDatabase(options, claim.database, command)
  if (!mine?.isClaimed || JSON.stringify(claim.database) !== JSON.stringify(database)) {
    await writeClaim(options, claim.id)
  }
}

export type StoreCondition = 'usable' | 'to-mend' | 'foreign'

/** What a command finds: a store to be used, one to be mended (restored, new, promoted), or that of another installation. */
export async function conditionOf(
  options: Pick<ClaimStoreOptions, 'program' | 'dataDir' | 'store' | 'database'>,
): Promise<StoreCondition> {
  const { program, dataDir, store, database } = options
  const claim = (await store.get(keyOf(program)))?.value as unknown as Claim | undefined
  if (!claim || (await store.get(restoreMarkKey))) return isForeign(claim, dataDir) ? 'foreign' : 'to-mend'
  if (isForeign(claim, dataDir)) return 'foreign'
  const isSame = !database || !claim.database || JSON.stringify(database) === JSON.stringify(claim.database)
  return isSame ? 'usable' : 'to-mend'
}

function isForeign(claim: Claim | undefined, dataDir: string): boolean {
  const file = fileOf(dataDir)
  if (!claim || !existsSync(file)) return false
  const mine = readJsonFile<{ id: string; isClaimed: boolean }>(file)
  return mine.isClaimed && mine.id !== claim.id
}

/** Before the first start makes keys without a store: they do not speak of a store that is lost. */
export function prepareInstallation(dataDir: string, evidence: string | undefined): void {
  if (existsSync(fileOf(dataDir)) || evidence !== undefined) return
  writeFile(dataDir, randomBytes(12).toString('hex'), false)
}

/** Says that folder and store belong together from now on, whatever was said before. */
export async function writeClaim(
  {
    program,
    dataDir,
    store,
    database,
  }: Pick<ClaimStoreOptions, 'program' | 'dataDir' | 'store' | 'database'>,
  id?: string,
): Promise<void> {
  const known = (await store.get(keyOf(program)))?.value as unknown as Claim | undefined
  const file = fileOf(dataDir)
  const claimed = id ?? known?.id ?? (existsSync(file) ? readJsonFile<{ id: string }>(file).id : undefined)
  const claim: Claim = { id: claimed ?? randomBytes(12).toString('hex'), ...(database && { database }) }
  await store.put(keyOf(program), claim as unknown as JsonObject as JsonValue)
  writeFile(dataDir, claim.id, true)
}

function writeFile(dataDir: string, id: string, isClaimed: boolean): void {
  writePrivateFile(fileOf(dataDir), `${JSON.stringify({ id, isClaimed })}\n`)
}

/** A standby for which commits waited lacks none of them; any other that was promoted may. */
function requireDatabase(
  { database: now, storeName }: ClaimStoreOptions,
  before: StoreDatabase | undefined,
  command: string,
): void {
  if (!before || !now) return
  const isSame =
    before.system === now.system && before.database === now.database && before.timeline === now.timeline
  if (isSame) return
  const isPromoted = before.system === now.system && (now.timeline ?? 0) > (before.timeline ?? 0)
  if (isPromoted && before.isSynchronous) return
  const what = isPromoted
    ? 'was promoted from a standby for which commits did not wait (synchronous_standby_names), or recovered to a moment: it may lack what was done last'
    : 'is another database than the one that this store was in'
  throw new StoreBlocked(
    'refused',
    `${storeName} ${what}. Correct STORE if it names the wrong one; else bring into it what the journals hold: run "${command} restored"`,
  )
}

async function isStoreUsed(store: Store): Promise<boolean> {
  const { entries } = await store.list('', { limit: 100 })
  return entries.some(({ key }) => !key.startsWith('health/'))
}
