import { join, resolve } from 'node:path'
import type { Store } from '@ekkasan/core'
import {
  backupPostgresStore,
  createPostgresStore,
  type PostgresIdentity,
  restorePostgresStore,
} from '@ekkasan/store-postgres'
import { backupSqliteStore, createSqliteStore, restoreSqliteStore } from '@ekkasan/store-sqlite'
import { readLines, writeLines } from './line-file.ts'
import { nameOfStore, naming } from './start-fault.ts'

// The store of a program, and the commands about it that every program has. An entry of its own: who keeps nothing in a
// store loads no database driver.

/** Where a program keeps what it must not lose. */
export interface StoreSettings {
  /** The program's name: its file is called so. */
  readonly program: string
  readonly dataDir: string
  /** `sqlite`, or the connection string of a PostgreSQL. */
  readonly store: string
}

export interface OpenedStore {
  readonly store: Store
  /** As an operator knows it: the file, or the database without its password. */
  readonly storeName: string
  /** Of PostgreSQL: which database answers under the name. */
  readonly database?: PostgresIdentity
  /** `check` runs over a store of its own after connections were lost; while it throws, nothing else runs. */
  onReconnect(check: (store: Store) => Promise<void>): void
  close(): Promise<void>
}

const fileOf = ({ dataDir, program }: StoreSettings) => join(dataDir, `${program}.sqlite`)

function storeNameOf(settings: StoreSettings): string {
  return settings.store === 'sqlite' ? fileOf(settings) : nameOfStore(settings.store)
}

/** The store that `STORE` names: a file below DATA_DIR, or a PostgreSQL that several replicas share. */
export async function openStore(
  settings: StoreSettings,
  onReplaced: (error: unknown) => void = () => undefined,
): Promise<OpenedStore> {
  const storeName = storeNameOf(settings)
  return naming(storeName, async () => {
    if (settings.store === 'sqlite') {
      const store = createSqliteStore({ file: fileOf(settings) })
      return { store, storeName, onReconnect: () => undefined, close: () => store.close() }
    }
    const store = await createPostgresStore({ connectionString: settings.store, onReplaced })
    return {
      store,
      storeName,
      database: store.identity,
      onReconnect: (check) => store.onReconnect(check),
      close: () => store.close(),
    }
  })
}

/** Opens the store for a command, and closes it whatever becomes of that. */
export async function withStore<Result>(
  settings: StoreSettings,
  use: (opened: OpenedStore) => Promise<Result>,
): Promise<Result> {
  const opened = await openStore(settings)
  try {
    return await use(opened)
  } finally {
    await opened.close()
  }
}

/** Whose store it is: what `conditionOf` and `writeClaim` ask. */
export function claimantOf({ program, dataDir }: StoreSettings, { store, database }: OpenedStore) {
  return { program, dataDir, store, database }
}

/**
 * Runs `backup FILE` and `restore FILE`, which are the same in every program; false for any other command.
 * docs/backup.md says when to use which.
 */
export async function runBackupCommand(
  [verb, file]: readonly string[],
  settings: StoreSettings,
  print: (value: object) => void,
): Promise<boolean> {
  if (file === undefined || (verb !== 'backup' && verb !== 'restore')) return false
  const path = resolve(file)
  if (verb === 'backup') {
    print({ backup: path, takenAt: await backupStore(settings, path) })
    return true
  }
  const { takenAt, replaced } = await restoreStore(settings, path)
  const next = 'run "store restored" before anything is served'
  print({ restored: path, takenAt: takenAt ?? 'unknown', ...(replaced && { replaced }), next })
  return true
}

/** Writes all that the store holds into a file, while programs use it; resolves to when it was taken. */
async function backupStore(settings: StoreSettings, to: string): Promise<Date | undefined> {
  return naming(storeNameOf(settings), async () => {
    const { takenAt } =
      settings.store === 'sqlite'
        ? await backupSqliteStore({ file: fileOf(settings), to })
        : await writeLines(to, backupPostgresStore({ connectionString: settings.store }))
    return takenAt
  })
}

/** Puts a backup in the place of the store, which no program may have open. `replaced` says where the old one is. */
async function restoreStore(
  settings: StoreSettings,
  from: string,
): Promise<{ readonly takenAt: Date | undefined; readonly replaced?: string }> {
  return naming(storeNameOf(settings), () =>
    settings.store === 'sqlite'
      ? restoreSqliteStore({ from, file: fileOf(settings) })
      : restorePostgresStore({ connectionString: settings.store, lines: readLines(from) }),
  )
}

/** Deletes every record below a prefix; resolves to how many there were. */
export async function deleteAll(store: Store, prefix: string): Promise<number> {
  for (let deleted = 0; ; ) {
    const { entries } = await store.list(prefix, { limit: 500 })
    if (entries.length === 0) return deleted
    await Promise.all(entries.map(({ key }) => store.delete(key)))
    deleted += entries.length
  }
}
