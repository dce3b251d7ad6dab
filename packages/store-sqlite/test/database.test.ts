import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openDatabase } from '../src/database.ts'

it('waits for the disk at every commit: killing a process cannot show that, a power cut would', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ekkasan-sqlite-'))
  const database = openDatabase(join(folder, 'x.db'))
  try {
    // 2 is FULL.
    expect(database.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 })
    expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' })
  } finally {
    database.close()
    rmSync(folder, { recursive: true })
  }
})
