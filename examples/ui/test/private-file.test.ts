import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StoreError } from '@ekkasan/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { faultText, namingStore, readOrCreatePrivateFile, writePrivateFile } from '../src/index.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ekkasan-private-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('what a start cannot write', () => {
  it('is told with the name of the file, and leaves nothing of a secret behind [L11]', () => {
    // Longer than a file system takes, as the full disk is to what is written.
    const tooLong = join(folder, 'x'.repeat(300))
    const told = (run: () => unknown) => {
      try {
        return run()
      } catch (error) {
        return faultText(error)
      }
    }
    expect(told(() => writePrivateFile(tooLong, 'secret'))).toMatch(
      /x{300} could not be written: ENAMETOOLONG/,
    )
    expect(told(() => readOrCreatePrivateFile(tooLong, () => 'secret'))).toMatch(
      /x{300} could not be written/,
    )
    mkdirSync(join(folder, 'taken'))
    expect(told(() => writePrivateFile(join(folder, 'taken'), 'secret'))).toMatch(/taken/)
    expect(readdirSync(folder)).toEqual(['taken'])
  })

  it('into the store is told with the name of the store; other faults are told as they are [L11]', async () => {
    const full = new StoreError('store-sqlite.failed', 'the disk is full')
    const failing = (error: Error) => namingStore('/data/issuer.sqlite', () => Promise.reject(error))
    await expect(failing(full).catch(faultText)).resolves.toBe('/data/issuer.sqlite: the disk is full')
    const other = new Error('no such key')
    await expect(failing(other)).rejects.toBe(other)
  })
})
