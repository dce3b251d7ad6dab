import { restoreMarkKey } from '@ekkasan/core'
import { conditionOf, writeClaim } from '@ekkasan-examples/ui'
import {
  claimantOf,
  deleteAll,
  runBackupCommand,
  type StoreSettings,
  withStore,
} from '@ekkasan-examples/ui/store'

/** Requests that were open, what was shown, and who was at the screens: what happened to them since is not known. */
const openSince = ['presentation/', 'asked/', 'session/'] as const

export const storeCommands = 'store backup FILE, store restore FILE, store restored, store new'

/** Commands about the store, for operators; docs/backup.md says when to use which. */
export async function runStoreCommand(
  words: readonly string[],
  settings: StoreSettings,
  print: (value: object) => void,
): Promise<void> {
  if (await runBackupCommand(words, settings, print)) return
  const [verb, ...others] = words
  if ((verb !== 'restored' && verb !== 'new') || others.length > 0) {
    throw new Error(`commands are: ${storeCommands}`)
  }
  await withStore(settings, async (opened) => {
    const { store, storeName } = opened
    const about = claimantOf(settings, opened)
    if ((await conditionOf(about)) === 'foreign' && verb === 'restored') {
      throw new Error(`${storeName} is the store of another installation`)
    }
    const ended = new Map<string, number>()
    for (const prefix of openSince) ended.set(prefix, await deleteAll(store, prefix))
    await writeClaim(about)
    await store.delete(restoreMarkKey)
    print({ [verb]: storeName, requestsEnded: ended.get('presentation/') ?? 0 })
  })
}
