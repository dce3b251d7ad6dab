import { join } from 'node:path'
import type { Store } from '@ekkasan/core'
import {
  backupPostgresStore,
  createPostgresStore,
  type PostgresIdentity,
  restorePostgresStore,
} from '@ekkasan/store-postgres'
import { backupSqliteStore, createSqliteStore, restoreSqliteStore } from '@ekkasan/store-sqlite'
import { nameOfStore, naming, readLines, writeLines } from '@ekkasan-examples/ui'
import type { Config } from './config.ts'

export interface OpenedStore {
  readonly store: Store
  readonly storeName: string
  /** Of PostgreSQL: which database answers under the name. */
  readonly database?: PostgresIdentity
  /** `check` runs over a store of its own after connections were lost; while it throws, nothing else runs. */
  onReconnect(check: (store: Store) => Promise<void>): void
  close(): Promise<void>
}

const fileOf = ({ dataDir }: Config) => join(dataDir, 'verifier.sqlite')

/** As an operator knows it: the file, or the database without its password. */
function storeNameOf(config: Config): string {
  return config.store === 'sqlite' ? fileOf(config) : nameOfStore(config.store)
}

/** The store that `STORE` names: a file below DATA_DIR, or a PostgreSQL that several replicas share. */
export async function openStore(
  config: Config,
  onReplaced: (error: unknown) => void = () => undefined,
): Promise<OpenedStore> {
  const storeName = storeNameOf(config)
  return naming(storeName, async () => {
    if (config.store === 'sqlite') {
      const store = createSqliteStore({ file: fileOf(config) })
      return { store, storeName, onReconnect: () => undefined, close: () => store.close() }
    }
    const store = await createPostgresStore({ connectionString: config.store, onReplaced })
    return {
      store,
      storeName,
      database: store.identity,
      onReconnect: (check) => store.onReconnect(check),
      close: () => store.close(),
    }
  })
}

/** Writes all that the store holds into a file, while programs use it; resolves to when it was taken. */
export async function backupStore(config: Config, file: string): Promise<Date | undefined> {
  return naming(storeNameOf(config), async () => {
    const { takenAt } =
      config.store === 'sqlite'
        ? await backupSqliteStore({ file: fileOf(config), to: file })
        : await writeLines(file, backupPostgresStore({ connectionString: config.store }))
    return takenAt
  })
}

/** Puts a backup in the place of the store, which no program may have open. `replaced` says where the old one is. */
export async function restoreStore(
  config: Config,
  file: string,
): Promise<{ readonly takenAt: Date | undefined; readonly replaced?: string }> {
  return naming(storeNameOf(config), () =>
    config.store === 'sqlite'
      ? restoreSqliteStore({ from: file, file: fileOf(config) })
      : restorePostgresStore({ connectionString: config.store, lines: readLines(file) }),
  )
}
