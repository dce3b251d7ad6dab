import { join } from 'node:path'
import type { Store } from '@ekkasan/core'
import { createPostgresStore } from '@ekkasan/store-postgres'
import { createSqliteStore } from '@ekkasan/store-sqlite'
import type { Config } from './config.ts'

/** The store that `STORE` names: a file below DATA_DIR, or a PostgreSQL that several replicas share. */
export async function openStore({
  store: name,
  dataDir,
}: Config): Promise<{ store: Store; close: () => Promise<void> }> {
  if (name === 'sqlite') {
    const store = createSqliteStore({ file: join(dataDir, 'issuer.sqlite') })
    return { store, close: () => store.close() }
  }
  const store = await createPostgresStore({ connectionString: name })
  return { store, close: () => store.close() }
}
