import { resolve } from 'node:path'
import { restoreMarkKey } from '@ekkasan/core'
import { conditionOf, writeClaim } from '@ekkasan-examples/ui'
import type { Config } from './config.ts'
import { backupStore, openStore, restoreStore } from './open-store.ts'

/** Requests that were open, what was shown, and who was at the screens: what happened to them since is not known. */
const openSince = ['presentation/', 'asked/', 'session/'] as const

/** Commands about the store, for operators; docs/backup.md says when to use which. */
export async function runStoreCommand(
  [verb, file]: readonly string[],
  config: Config,
  print: (value: object) => void,
): Promise<void> {
  if (verb === 'backup' && file !== undefined) {
    print({ backup: resolve(file), takenAt: await backupStore(config, resolve(file)) })
  } else if (verb === 'restore' && file !== undefined) {
    const { takenAt, replaced } = await restoreStore(config, resolve(file))
    const next = 'run "store restored" before anything is served'
    print({ restored: resolve(file), takenAt: takenAt ?? 'unknown', ...(replaced && { replaced }), next })
  } else if ((verb === 'restored' || verb === 'new') && file === undefined) {
    const { store, storeName, database, close } = await openStore(config)
    try {
      const about = { program: 'verifier', dataDir: config.dataDir, store, database: database ?? undefined }
      if ((await conditionOf(about)) === 'foreign' && verb === 'restored') {
        throw new Error(`${storeName} is the store of another installation`)
      }
      let ended = 0
      for (const prefix of openSince) {
        for (;;) {
          const { entries } = await store.list(prefix, { limit: 500 })
          if (entries.length === 0) break
          await Promise.all(entries.map(({ key }) => store.delete(key)))
          if (prefix === 'presentation/') ended += entries.length
        }
      }
      await writeClaim(about)
      await store.delete(restoreMarkKey)
      print({ [verb]: storeName, requestsEnded: ended })
    } finally {
      await close()
    }
  } else {
    throw new Error('commands are: store backup FILE, store restore FILE, store restored, store new')
  }
}
