import { createPostgresStore } from '@ekkasan/store-postgres'
import { startPostgres } from '../postgres.ts'
import { describeStore } from './store-contract.ts'

describeStore('PostgreSQL', async (clock) => {
  const postgres = await startPostgres()
  const options = { connectionString: postgres.url, clock }
  // Two processes may make the tables at the same time.
  const [store, other] = await Promise.all([createPostgresStore(options), createPostgresStore(options)])
  return {
    store,
    other,
    async close() {
      await store.close()
      await other.close()
      await postgres.stop()
    },
  }
})
