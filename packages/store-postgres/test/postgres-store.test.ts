import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { createPostgresStore, PostgresStoreError } from '@ekkasan/store-postgres'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type RunningPostgres, startPostgres } from '../../../test/postgres.ts'

let postgres: RunningPostgres
let admin: pg.Pool
let time = Date.parse('2026-01-01T00:00:00Z')
const clock = () => new Date(time)

beforeAll(async () => {
  postgres = await startPostgres()
  admin = new pg.Pool({ connectionString: postgres.url, max: 2 })
  admin.on('error', () => {})
})
afterAll(async () => {
  await admin?.end()
  await postgres?.stop()
})

it('keeps values, versions and counters over a restart', async () => {
  const first = await createPostgresStore({ connectionString: postgres.url, schema: 'restart' })
  await first.put('k/1', { a: 1 })
  await first.next('c')
  const before = await first.get('k/1')
  await first.close()
  const second = await createPostgresStore({ connectionString: postgres.url, schema: 'restart' })
  expect(await second.get('k/1')).toEqual(before)
  expect(await second.next('c')).toBe(1)
  await second.close()
})

it('makes its tables once when ten processes start at the same moment', async () => {
  const stores = await Promise.all(
    Array.from({ length: 10 }, () =>
      createPostgresStore({ connectionString: postgres.url, schema: 'at_once', maxConnections: 2 }),
    ),
  )
  const numbers = await Promise.all(stores.map((store) => store.next('c')))
  expect(numbers.sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  await Promise.all(stores.map((store) => store.close()))
})

it("uses a pool of the caller's and leaves it open", async () => {
  const store = await createPostgresStore({ pool: admin, schema: 'pooled' })
  await store.put('k/1', 1)
  await store.close()
  expect((await admin.query('SELECT value FROM pooled.entry')).rows).toEqual([{ value: '1' }])
  await expect(store.get('k/1')).rejects.toMatchObject({ code: 'store-postgres.closed' })
})

it('fails when the database falls silent: before the first answer, and after', async () => {
  const { hostname, port } = new URL(postgres.url)
  const sockets = new Set<Socket>()
  let isSilent = false
  const relay = createServer((near) => {
    const far = connect(Number(port), hostname)
    for (const socket of [near, far]) sockets.add(socket.on('error', () => {}))
    near.on('data', (data) => void (isSilent || far.write(data)))
    far.on('data', (data) => near.write(data))
  })
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve))
  const url = new URL(postgres.url)
  url.hostname = '127.0.0.1'
  url.port = String((relay.address() as AddressInfo).port)
  const options = { connectionString: url.href, schema: 'silent', timeout: 3000 }
  const failed = expect.objectContaining({ code: 'store-postgres.failed' })

  const store = await createPostgresStore(options)
  await store.put('k/1', 1)
  isSilent = true
  await expect(store.get('k/1')).rejects.toEqual(failed)
  await expect(createPostgresStore(options)).rejects.toEqual(failed)
  isSilent = false
  expect((await store.get('k/1'))?.value).toBe(1)
  await store.close()
  for (const socket of sockets) socket.destroy()
  relay.close()
})

it('takes the time from the database where no clock is given', async () => {
  const store = await createPostgresStore({ pool: admin, schema: 'db_time' })
  await store.put('k/1', 1, { expiresAt: new Date(Date.now() + 60_000) })
  await store.put('k/2', 1, { expiresAt: new Date(Date.now() - 60_000) })
  expect((await store.list('k/')).entries.map(({ key }) => key)).toEqual(['k/1'])
  expect(await store.purge()).toBe(1)
  await store.close()
})

it('removes what has expired in bounded steps, two processes at once, and nothing else', async () => {
  const one = await createPostgresStore({ pool: admin, schema: 'purging', clock })
  const two = await createPostgresStore({ pool: admin, schema: 'purging', clock })
  await Promise.all(
    Array.from({ length: 1300 }, (_, i) => one.put(`gone/${i}`, i, { expiresAt: new Date(time + 1000) })),
  )
  await one.put('stays/1', 1)
  await one.put('stays/2', 1, { expiresAt: new Date(time + 5000) })
  expect(await one.purge()).toBe(0)
  time += 1000
  const removed = await Promise.all([one.purge(), two.purge()])
  expect(removed[0] + removed[1]).toBe(1300)
  const { rows } = await admin.query('SELECT key FROM purging.entry ORDER BY key')
  expect(rows.map(({ key }) => key)).toEqual(['stays/1', 'stays/2'])
})

it('purges nothing that was written anew while it ran', async () => {
  const store = await createPostgresStore({ connectionString: postgres.url, schema: 'anew', clock })
  for (let round = 0; round < 20; round++) {
    await store.put('k/1', 'old', { expiresAt: new Date(time) })
    const [, won] = await Promise.all([store.purge(), store.swap('k/1', undefined, 'new')])
    expect(won).toBe(true)
    expect((await store.get('k/1'))?.value).toBe('new')
    await store.delete('k/1')
  }
  await store.close()
})

it('goes on after its connections were cut, and says so only to the operation that was under way', async () => {
  const store = await createPostgresStore({
    connectionString: postgres.url,
    schema: 'cut',
    maxConnections: 3,
  })
  await Promise.all([store.put('k/1', 1), store.put('k/2', 2), store.get('k/1')])
  await admin.query(
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname IS NOT NULL',
  )
  await new Promise((resolve) => setTimeout(resolve, 100))
  const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => store.get('k/1')))
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(PostgresStoreError)
  }
  expect((await store.get('k/1'))?.value).toBe(1)
  await store.close()
})

it('refuses a database that acknowledges before it writes', async () => {
  const pool = new pg.Pool({ connectionString: postgres.url, options: '-c synchronous_commit=off', max: 1 })
  await expect(createPostgresStore({ pool })).rejects.toMatchObject({ code: 'store-postgres.not-durable' })
  await pool.end()
})

it('refuses tables of a newer version', async () => {
  await (await createPostgresStore({ pool: admin, schema: 'newer' })).close()
  await admin.query('UPDATE newer.schema_version SET version = 99')
  const error = createPostgresStore({ connectionString: postgres.url, schema: 'newer' })
  await expect(error).rejects.toMatchObject({ code: 'store-postgres.schema.newer' })
})

it('says that the database cannot be reached, without the password', async () => {
  const url = 'postgresql://user:hunter2@127.0.0.1:1/none'
  const error = await createPostgresStore({ connectionString: url }).catch((e) => e)
  expect(error).toMatchObject({ code: 'store-postgres.failed' })
  expect(`${error}${error.message}${error.cause}`).not.toContain('hunter2')
})

it('refuses options that make no store', async () => {
  await expect(createPostgresStore({})).rejects.toThrow(TypeError)
  await expect(createPostgresStore({ pool: admin, connectionString: 'x' })).rejects.toThrow(TypeError)
  for (const schema of ['', 'A', '1a', 'a"b', "a'; DROP", 'a'.repeat(64)]) {
    await expect(createPostgresStore({ pool: admin, schema })).rejects.toThrow(TypeError)
  }
})
