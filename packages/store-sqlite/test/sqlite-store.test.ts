import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Store } from '@ekkasan/core'
import { createSqliteStore, SqliteStoreError } from '@ekkasan/store-sqlite'
import { afterEach, beforeEach, expect, it } from 'vitest'

let folder: string
let file: string
let time = Date.parse('2026-01-01T00:00:00Z')
const clock = () => new Date(time)

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ekkasan-sqlite-'))
  file = join(folder, 'store.db')
})
afterEach(() => rmSync(folder, { recursive: true }))

const withDatabase = <T>(use: (database: DatabaseSync) => T): T => {
  const database = new DatabaseSync(file, { timeout: 5000 })
  try {
    return use(database)
  } finally {
    database.close()
  }
}

it('keeps values, versions and counters over a restart', async () => {
  const first = createSqliteStore({ file })
  await first.put('k/1', { a: 1 })
  await first.next('c')
  const before = await first.get('k/1')
  await first.close()
  const second = createSqliteStore({ file })
  expect(await second.get('k/1')).toEqual(before)
  expect(await second.next('c')).toBe(1)
  await second.delete('k/1')
  await second.close()
  const third = createSqliteStore({ file })
  await third.put('k/1', { a: 1 })
  expect((await third.get('k/1'))?.version).not.toBe(before?.version)
  await third.close()
})

it('makes a file that only its owner can read, its log included', async () => {
  const store = createSqliteStore({ file })
  await store.put('k/1', 1)
  for (const part of ['', '-wal', '-shm']) expect(statSync(file + part).mode & 0o777).toBe(0o600)
  await store.close()
})

it('runs with a write-ahead log', async () => {
  const store = createSqliteStore({ file })
  expect(withDatabase((database) => database.prepare('PRAGMA journal_mode').get())).toEqual({
    journal_mode: 'wal',
  })
  await store.close()
})

it('commits what was asked for in one turn at once: another connection sees all of it or none', async () => {
  const store = createSqliteStore({ file })
  const other = new DatabaseSync(file)
  const count = other.prepare("SELECT count(*) AS n FROM entry WHERE key LIKE 'turn/%'")
  const seen = new Set<unknown>()
  const writes = Promise.all(Array.from({ length: 300 }, (_, i) => store.put(`turn/${i}`, i)))
  let isDone = false
  void writes.then(() => {
    isDone = true
  })
  while (!isDone) {
    seen.add(count.get()?.n)
    await new Promise((resolve) => setImmediate(resolve))
  }
  seen.add(count.get()?.n)
  expect([...seen]).toEqual([0, 300])
  other.close()
  await store.close()
})

it('runs operations of one turn in their order, reads included', async () => {
  const store = createSqliteStore({ file })
  const results = await Promise.all([
    store.get('k/1'),
    store.put('k/1', 'a'),
    store.get('k/1').then((entry) => entry?.value),
    store.delete('k/1'),
    store.get('k/1'),
    store.swap('k/1', undefined, 'b'),
    store.swap('k/1', undefined, 'c'),
    store.list('k/').then(({ entries }) => entries.map(({ value }) => value)),
    store.next('c'),
    store.next('c'),
  ])
  expect(results).toEqual([undefined, undefined, 'a', undefined, undefined, true, false, ['b'], 0, 1])
  await store.close()
})

it.each(['ABORT', 'FAIL', 'ROLLBACK'])(
  'an operation that fails (%s) does not fail its neighbours',
  async (how) => {
    const store = createSqliteStore({ file })
    withDatabase((database) =>
      database.exec(`CREATE TRIGGER poison BEFORE INSERT ON entry WHEN new.key = 'poison'
                   BEGIN SELECT RAISE(${how}, 'refused'); END`),
    )
    const outcomes = await Promise.allSettled([
      store.put('a', 1),
      store.next('c'),
      store.put('poison', 'secret'),
      store.swap('b', undefined, 2),
      store.get('a'),
      store.next('c'),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
      'fulfilled',
    ])
    const { reason } = outcomes[2] as PromiseRejectedResult
    expect(reason).toBeInstanceOf(SqliteStoreError)
    expect(reason.code).toBe('store-sqlite.failed')
    expect(String(reason)).not.toContain('secret')
    expect((await store.get('a'))?.value).toBe(1)
    expect((await store.get('b'))?.value).toBe(2)
    expect(await store.get('poison')).toBeUndefined()
    expect(await store.next('c')).toBe(2)
    await store.close()
  },
)

it('waits while another process writes, without stopping its own, and goes on', async () => {
  const store = createSqliteStore({ file })
  const other = new DatabaseSync(file)
  other.exec('BEGIN IMMEDIATE')
  const write = store.put('k/1', 1)
  let ticks = 0
  const timer = setInterval(() => {
    ticks += 1
  }, 5)
  await new Promise((resolve) => setTimeout(resolve, 150))
  expect(ticks).toBeGreaterThan(3)
  clearInterval(timer)
  other.exec('COMMIT')
  await write
  expect((await store.get('k/1'))?.value).toBe(1)
  other.close()
  await store.close()
})

it('removes what has expired in bounded steps, and nothing else', async () => {
  const store = createSqliteStore({ file, clock })
  await Promise.all(
    Array.from({ length: 1300 }, (_, i) => store.put(`gone/${i}`, i, { expiresAt: new Date(time + 1000) })),
  )
  await store.put('stays/1', 1)
  await store.put('stays/2', 1, { expiresAt: new Date(time + 5000) })
  expect(await store.purge()).toBe(0)
  time += 1000
  expect(await store.purge()).toBe(1300)
  expect(await store.purge()).toBe(0)
  const rows = withDatabase((database) => database.prepare('SELECT key FROM entry ORDER BY key').all())
  expect(rows.map(({ key }) => key)).toEqual(['stays/1', 'stays/2'])
  await store.close()
})

it('gives no version twice: over two that write in turns, an operation that failed, a restart', async () => {
  const versions: number[] = []
  const write = async (store: Store) => {
    await store.put('key', true)
    versions.push((await store.get('key'))?.version as number)
    await store.delete('key')
  }
  const [one, two] = [createSqliteStore({ file }), createSqliteStore({ file })]
  for (let i = 0; i < 20; i++) for (const store of [one, two]) await write(store)
  const refusal = "BEFORE INSERT ON entry WHEN new.key = 'bad' BEGIN SELECT RAISE(ABORT, 'no'); END"
  withDatabase((database) => database.exec(`CREATE TRIGGER refuse ${refusal}`))
  await expect(Promise.all([one.put('good', 1), one.put('bad', 1)])).rejects.toThrow(SqliteStoreError)
  await write(one)
  await one.close()
  const three = createSqliteStore({ file })
  for (const store of [three, two]) await write(store)
  expect(new Set(versions).size).toBe(versions.length)
  await Promise.all([two.close(), three.close()])
})

it('finishes what was asked for before it closes, and refuses what comes after', async () => {
  const store = createSqliteStore({ file })
  const writes = Promise.all(Array.from({ length: 50 }, (_, i) => store.put(`k/${i}`, i)))
  await store.close()
  await store.close()
  await writes
  await expect(store.get('k/1')).rejects.toMatchObject({ code: 'store-sqlite.closed' })
  await expect(store.put('k/1', 1)).rejects.toMatchObject({ code: 'store-sqlite.closed' })
  const again = createSqliteStore({ file })
  expect((await again.list('k/')).entries).toHaveLength(50)
  await again.close()
})

it('refuses a database of another program, one of a newer version, and what is no database', () => {
  withDatabase((database) => database.exec('CREATE TABLE theirs (x)'))
  expect(() => createSqliteStore({ file })).toThrow(
    expect.objectContaining({ code: 'store-sqlite.file.foreign' }),
  )
  const newer = join(folder, 'newer.db')
  file = newer
  void createSqliteStore({ file }).close()
  withDatabase((database) => database.exec('PRAGMA user_version = 99'))
  expect(() => createSqliteStore({ file })).toThrow(
    expect.objectContaining({ code: 'store-sqlite.file.newer' }),
  )
  const text = join(folder, 'text')
  writeFileSync(text, 'no database at all, and long enough to be looked at as one'.repeat(50))
  expect(() => createSqliteStore({ file: text })).toThrow(
    expect.objectContaining({ code: 'store-sqlite.file.damaged' }),
  )
})

it.each([':memory:', '', 'file:x.db'])('refuses %j as a file', (name) => {
  expect(() => createSqliteStore({ file: name })).toThrow(TypeError)
})

it('what expired or was deleted is in none of its files after a purge, whoever reads them', async () => {
  const store = createSqliteStore({ file, clock })
  const onDisk = () => readdirSync(folder).some((name) => readFileSync(join(folder, name)).includes('สมชาย'))
  const expiresAt = new Date(time + 60_000)
  for (let count = 0; count < 50; count++) {
    await store.put(`presentation/${count}`, { name: 'สมชาย '.repeat(100) }, { expiresAt })
    await store.put(`forgotten/${count}`, { name: 'สมชาย '.repeat(1000) })
    await store.put(`kept/${count}`, { name: 'others '.repeat(100) })
  }
  expect(onDisk()).toBe(true)
  for (let count = 0; count < 50; count++) await store.delete(`forgotten/${count}`)
  time += 60_001
  await store.purge()
  expect(onDisk()).toBe(false)
  expect((await store.get('kept/7'))?.value).toEqual({ name: 'others '.repeat(100) })
  await store.close()
  expect(onDisk()).toBe(false)
})
