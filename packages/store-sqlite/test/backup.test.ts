import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { restoreMarkKey } from '@ekkasan/core'
import { backupSqliteStore, createSqliteStore, restoreSqliteStore } from '@ekkasan/store-sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

let folder: string
let file: string
let to: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ekkasan-backup-'))
  file = join(folder, 'store.db')
  to = join(folder, 'copy.backup')
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('a backup of a SQLite store', () => {
  it('is taken while the store is written to, holds all that was acknowledged before, and stops nobody [L10]', async () => {
    const store = createSqliteStore({ file })
    for (let i = 0; i < 500; i++) void store.put(`before/${i}`, 'x'.repeat(1000))
    await store.put('before/last', 1)
    let written = 0
    let isOver = false
    const load = (async () => {
      while (!isOver) {
        await Promise.all(Array.from({ length: 20 }, () => store.put(`load/${written++}`, 'y'.repeat(500))))
      }
    })()
    const began = performance.now()
    const { takenAt } = await backupSqliteStore({ file, to })
    const took = performance.now() - began
    isOver = true
    await load
    await store.close()
    expect(took).toBeLessThan(5000)
    expect(takenAt?.getTime()).toBeLessThanOrEqual(Date.now())
    expect(statSync(to).mode & 0o077).toBe(0)
    const copy = createSqliteStore({ file: to })
    expect(await copy.get('before/last')).toBeDefined()
    expect((await copy.list('before/', { limit: 1000 })).entries).toHaveLength(501)
    await copy.close()
  })

  it('is put in the place of a store with its log, marked, and the old one is kept [L10]', async () => {
    const store = createSqliteStore({ file })
    await store.put('k', 'old')
    await store.next('c')
    const { takenAt } = await backupSqliteStore({ file, to })
    await store.put('k', 'new')
    await store.next('c')
    await expect(restoreSqliteStore({ from: to, file })).rejects.toMatchObject({
      code: 'store-sqlite.in-use',
      message: expect.stringContaining(file),
    })
    await store.close()
    // As a process leaves it that was killed, or an operator who copied.
    writeFileSync(`${file}-wal`, 'a log of another file')
    writeFileSync(`${file}-shm`, 'x')
    const restored = await restoreSqliteStore({ from: to, file })
    expect(restored.takenAt).toEqual(takenAt)
    expect(existsSync(`${file}-wal`)).toBe(false)
    const after = createSqliteStore({ file })
    expect((await after.get('k'))?.value).toBe('old')
    expect(await after.next('c')).toBe(1)
    expect((await after.get(restoreMarkKey))?.value).toMatchObject({ takenAt: takenAt?.getTime() })
    await after.close()
    const kept = createSqliteStore({ file: restored.replaced as string })
    expect((await kept.get('k'))?.value).toBe('new')
    await kept.close()
    expect(readdirSync(folder).filter((name) => /restoring|part/.test(name))).toEqual([])
  })

  it('refuses to overwrite a file, a store that is not there, and what is no backup [L10]', async () => {
    const code = (code: string) => ({ code: `store-sqlite.${code}` })
    await expect(backupSqliteStore({ file, to })).rejects.toMatchObject(code('file.missing'))
    await createSqliteStore({ file }).close()
    writeFileSync(to, 'no database, but long enough to be looked at as one'.repeat(100))
    await expect(backupSqliteStore({ file, to })).rejects.toMatchObject(code('backup.exists'))
    await expect(restoreSqliteStore({ from: to, file })).rejects.toMatchObject(code('file.damaged'))
    await expect(restoreSqliteStore({ from: `${to}x`, file })).rejects.toMatchObject(code('file.missing'))
    expect(existsSync(file)).toBe(true)
  })

  it('copied over the file beside its old log is a damaged file, which is refused at start [L10]', async () => {
    const store = createSqliteStore({ file })
    for (let i = 0; i < 300; i++) void store.put(`k/${i}`, 'x'.repeat(2000))
    await store.put('k/last', 1)
    await backupSqliteStore({ file, to })
    for (let i = 0; i < 300; i += 2) void store.delete(`k/${i}`)
    for (let i = 300; i < 900; i++) void store.put(`k/${i}`, 'y'.repeat(3000))
    await store.put('k/last', 2)
    await store.purge()
    for (let i = 0; i < 900; i += 3) void store.put(`k/${i}`, 'z'.repeat(100))
    await store.put('k/last', 3)
    copyFileSync(`${file}-wal`, join(folder, 'wal'))
    await store.close()
    copyFileSync(to, file)
    copyFileSync(join(folder, 'wal'), `${file}-wal`)
    rmSync(`${file}-shm`, { force: true })
    expect(() => createSqliteStore({ file })).toThrow(
      expect.objectContaining({ code: 'store-sqlite.file.damaged' }),
    )
  })

  it('keeps what a jump of the clock calls expired, over a restart too [L11]', async () => {
    let time = Date.parse('2026-06-01T00:00:00Z')
    const clock = () => new Date(time)
    const open = () => createSqliteStore({ file, clock })
    const first = open()
    const expiresAt = new Date(time + 90 * 86_400_000)
    await first.put('record', 'of a living credential', { expiresAt })
    time += 365 * 86_400_000
    expect(await first.purge()).toBe(0)
    await first.close()
    const second = open()
    expect(await second.purge()).toBe(0)
    expect(await second.get('record')).toBeUndefined()
    time -= 365 * 86_400_000
    expect((await second.get('record'))?.value).toBe('of a living credential')
    await second.close()
  })
})
