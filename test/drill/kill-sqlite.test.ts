// The process that writes to a SQLite store is killed at any moment: nothing acknowledged is lost.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSqliteStore } from '@ekkasan/store-sqlite'
import { expect, it } from 'vitest'
import { runUntilKilled } from './run-until-killed.ts'

it('loses nothing acknowledged when its process is killed (SIGKILL) at any moment, and keeps no half commit', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ekkasan-killed-'))
  const file = join(folder, 'store.db')
  const acknowledged: string[] = []
  const numbers: number[] = []
  try {
    for (let round = 0; round < 8; round++) {
      const lines = await runUntilKilled('./sqlite-writer.ts', [file, `r${round}`], 20 + Math.random() * 150)
      for (const line of lines) {
        const [kind, what = ''] = line.split(' ')
        if (kind === 'done') acknowledged.push(what)
        if (kind === 'number') numbers.push(Number(what))
      }
    }
    expect(acknowledged.length).toBeGreaterThan(50)
    const store = createSqliteStore({ file })
    const groups = new Map<string, number>()
    let after: string | undefined
    do {
      const page = await store.list('group/', { limit: 1000, ...(after !== undefined && { after }) })
      for (const { key, value } of page.entries) {
        const name = key.split('/')[1] as string
        expect((value as { name: string }).name).toBe(name)
        groups.set(name, (groups.get(name) ?? 0) + 1)
      }
      after = page.cursor
    } while (after !== undefined)
    for (const name of acknowledged) expect(groups.get(name)).toBe(4)
    expect([...groups.values()].filter((members) => members !== 4)).toEqual([])
    // At most the group under way at each kill stands without having been acknowledged.
    expect(groups.size - acknowledged.length).toBeLessThanOrEqual(8)
    expect(new Set(numbers).size).toBe(numbers.length)
    expect(await store.next('number')).toBe(groups.size)
    await store.close()
  } finally {
    rmSync(folder, { recursive: true })
  }
})
