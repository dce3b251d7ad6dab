import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSqliteStore } from '@ekkasan/store-sqlite'
import { describeStore } from './store-contract.ts'

describeStore('SQLite', async (clock) => {
  const folder = mkdtempSync(join(tmpdir(), 'ekkasan-sqlite-'))
  const file = join(folder, 'store.db')
  const store = createSqliteStore({ file, clock })
  const other = createSqliteStore({ file, clock })
  return {
    store,
    other,
    async close() {
      await store.close()
      await other.close()
      rmSync(folder, { recursive: true })
    },
  }
})
