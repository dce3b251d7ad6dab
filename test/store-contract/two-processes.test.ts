import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Store } from '@ekkasan/core'
import { createPostgresStore } from '@ekkasan/store-postgres'
import { createSqliteStore } from '@ekkasan/store-sqlite'
import { expect, it } from 'vitest'
import { startPostgres } from '../postgres.ts'
import { runProgram } from './processes.ts'

const count = 300

async function race(where: string): Promise<void> {
  const printed = await Promise.all(
    [1, 2, 3].map(() => runProgram('./counting-process.ts', where, String(count))),
  )
  const results = printed.map((text) => JSON.parse(text) as { numbers: number[]; won: number[] })
  const numbers = results.flatMap((result) => result.numbers).sort((a, b) => a - b)
  expect(numbers).toEqual(Array.from({ length: 3 * count }, (_, i) => i))
  const won = results.flatMap((result) => result.won).sort((a, b) => a - b)
  expect(won).toEqual(Array.from({ length: count / 5 }, (_, i) => i * 5))
}

const sum = async (store: Store) => (await store.get('shared/sum'))?.value

it('three processes on one SQLite file: each number once, one winner a race, no change lost', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ekkasan-sqlite-'))
  try {
    await race(join(folder, 'store.db'))
    const store = createSqliteStore({ file: join(folder, 'store.db') })
    expect(await sum(store)).toBe((3 * count) / 5)
    await store.close()
  } finally {
    rmSync(folder, { recursive: true })
  }
})

it('three processes on one PostgreSQL, which they find empty: each number once, one winner a race, no change lost', async () => {
  const postgres = await startPostgres()
  try {
    await race(postgres.url)
    const store = await createPostgresStore({ connectionString: postgres.url })
    expect(await sum(store)).toBe((3 * count) / 5)
    await store.close()
  } finally {
    await postgres.stop()
  }
})
