import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { startOrClose } from '../src/start-or-close.ts'

const fetch = () => new Response()

describe('what a program opened', () => {
  it('is closed in the opposite order when it ends, each once and whatever becomes of the others', async () => {
    const closed: string[] = []
    const program = await startOrClose(async (onStop) => {
      onStop(() => closed.push('store'))
      onStop(async () => {
        closed.push('journal')
        throw new Error('the disk is full')
      })
      onStop(() => closed.push('clock'))
      return { fetch }
    })
    expect(closed).toEqual([])
    await expect(program.stop?.()).rejects.toThrow('the disk is full')
    await program.stop?.()
    expect(closed).toEqual(['clock', 'journal', 'store'])
  })

  it('is closed when it cannot start, and the reason is the one of the start', async () => {
    const closed: string[] = []
    const start = startOrClose(async (onStop) => {
      onStop(() => closed.push('store'))
      onStop(() => Promise.reject(new Error('nor does it close')))
      throw new Error('no certificate')
    })
    await expect(start).rejects.toThrow('no certificate')
    expect(closed).toEqual(['store'])
  })
})

describe('a program that cannot start after it opened its store', () => {
  const broken: [string, string, (folder: string) => Record<string, string>][] = [
    [
      'verifier',
      'verifier.sqlite',
      (folder) => {
        writeFileSync(join(folder, 'authority.pem'), 'no certificate')
        return { TRUSTED_CERTIFICATES: join(folder, 'authority.pem'), NAME_AUTHORITIES: '1' }
      },
    ],
    [
      'issuer',
      'issuer.sqlite',
      (folder) => {
        writeFileSync(join(folder, 'officer.json'), 'no JSON')
        return {}
      },
    ],
    [
      'vc-api',
      'vc-api.sqlite',
      (folder) => {
        mkdirSync(join(folder, 'contexts'))
        writeFileSync(join(folder, 'contexts', 'index.json'), 'no JSON')
        return {}
      },
    ],
  ]

  it.each(broken)(
    '%s closes it: nothing is left in the write-ahead log',
    (program, file, prepare) => {
      const folder = mkdtempSync(join(tmpdir(), 'ekkasan-start-'))
      try {
        const main = fileURLToPath(new URL(`../../${program}/src/main.ts`, import.meta.url))
        const { status, stdout } = spawnSync(
          process.execPath,
          ['--import', 'tsx', '--conditions=@ekkasan/source', main],
          {
            env: { ...process.env, DATA_DIR: folder, PORT: '0', ...prepare(folder) },
            timeout: 30_000,
            encoding: 'utf8',
          },
        )
        expect([status, stdout.includes('"address"')]).toEqual([1, false])
        expect(existsSync(join(folder, file))).toBe(true)
        expect(existsSync(join(folder, `${file}-wal`))).toBe(false)
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    },
    40_000,
  )
})
