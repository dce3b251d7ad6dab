import { spawnSync } from 'node:child_process'
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { StatusJournalLine, StatusJournalRecord } from '@ekkasan/core'
import { createFileJournal, readFileJournals } from '@ekkasan/status'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ekkasan-journal-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const list = 'https://issuer.example/status/AAAAAAAAAAAAAAAA'
const given = (count: number) => ({ event: 'given', list, index: count * 7, count }) as const
async function lines(journal: StatusJournalRecord): Promise<StatusJournalLine[]> {
  const all: StatusJournalLine[] = []
  for await (const line of journal.read()) all.push(line)
  return all
}

describe('a journal in files', () => {
  it('keeps what was appended, numbered, with its time, over a restart [L1]', async () => {
    const clock = () => new Date('2026-06-01T00:00:00Z')
    const first = await createFileJournal({ folder, clock })
    const numbers = await Promise.all(Array.from({ length: 50 }, (_, i) => first.append(given(i))))
    expect(numbers).toEqual(Array.from({ length: 50 }, (_, i) => i + 1))
    await first.close()
    const second = await createFileJournal({ folder, clock })
    expect(second.replica).toBe(first.replica)
    expect(await second.append({ event: 'set', list, index: 7, status: 'revoked' })).toBe(51)
    const all = await lines(second)
    expect(all[0]).toEqual({ number: 1, time: clock().getTime(), ...given(0) })
    expect(all.at(-1)).toMatchObject({ number: 51, event: 'set', status: 'revoked' })
    await second.close()
  })

  it('names no person, and can be read by its owner only [L1]', async () => {
    const journal = await createFileJournal({ folder })
    await journal.append(given(1))
    const file = join(folder, `${journal.replica}.jsonl`)
    expect(Object.keys(JSON.parse(readFileSync(file, 'utf8'))).sort()).toEqual(
      ['count', 'event', 'index', 'list', 'number', 'time'].sort(),
    )
    expect(statSync(file).mode & 0o077).toBe(0)
    await journal.close()
  })

  it('gives two processes at once a file each, and the one the reading of the other [L1]', async () => {
    const [one, two] = [await createFileJournal({ folder }), await createFileJournal({ folder })]
    expect(one.replica).not.toBe(two.replica)
    await two.append(given(3))
    const [other] = (await one.others?.()) ?? []
    expect(other?.replica).toBe(two.replica)
    expect(await lines(other as StatusJournalRecord)).toHaveLength(1)
    await Promise.all([one.close(), two.close()])
  })

  it('goes on with the file of a process that was killed, without the line that was torn [L1]', async () => {
    const first = await createFileJournal({ folder })
    await first.append(given(0))
    await first.close()
    const file = join(folder, `${first.replica}.jsonl`)
    appendFileSync(file, '{"number":2,"time":1,"event":"giv')
    // The lock of a process that is no more: no process has so high a number.
    writeFileSync(
      join(folder, `${first.replica}.lock`),
      JSON.stringify({ host: hostname(), pid: 2 ** 30, id: 'x' }),
    )
    expect(await lines((await readFileJournals(folder))[0] as StatusJournalRecord)).toHaveLength(1)
    const second = await createFileJournal({ folder })
    expect(second.replica).toBe(first.replica)
    expect(await second.append(given(1))).toBe(2)
    expect(await lines(second)).toHaveLength(2)
    await second.close()
  })

  it.each([
    ['without its end', '{"number":2,"time":1,"event":"peer","replica":"x"}'],
    ['with rubbish before its end', '{"number":2,"ti\0\0\0\0\n'],
    ['of zeros, longer than a read', '\0'.repeat(200_000)],
  ])('takes a last line %s for torn, and writes on where it began [L1]', async (_what, text) => {
    const first = await createFileJournal({ folder })
    await first.append(given(0))
    await first.close()
    const file = join(folder, `${first.replica}.jsonl`)
    appendFileSync(file, text)
    expect(await lines((await readFileJournals(folder))[0] as StatusJournalRecord)).toHaveLength(1)
    const second = await createFileJournal({ folder })
    expect(await second.append(given(1))).toBe(2)
    expect(await second.append(given(2))).toBe(3)
    expect(await lines(second)).toHaveLength(3)
    await second.close()
  })

  it('says so when the disk is full, and goes on without half a line [L1]', async ({ skip }) => {
    skip(process.platform === 'win32', 'Windows has no limit of file size for a process')
    // A process that may write 4096 bytes into a file, as on a disk that has no more.
    const program = `
        import { createFileJournal } from '@ekkasan/status'
        const journal = await createFileJournal({ folder: process.argv[1] })
        const given = (count) => ({ event: 'given', list: '${list}', index: count, count })
        const outcomes = await Promise.allSettled([...Array(20)].map((_, i) => journal.append(given(i))))
        const more = []
        for (let i = 0; i < 30; i++) more.push(await journal.append(given(i)).catch(({ code }) => code))
        let lines = 0
        for await (const line of journal.read()) lines = line.number
        await journal.close()
        console.log(JSON.stringify({ first: outcomes.map(({ status }) => status), more, lines }))`
    const { stdout, stderr } = spawnSync(
      'sh',
      [
        '-c',
        'ulimit -f 8 && exec "$0" "$@"',
        process.execPath,
        ...['--conditions=@ekkasan/source', '--import', 'tsx', '--input-type=module', '-e', program, folder],
      ],
      { encoding: 'utf8', cwd: import.meta.dirname, env: { ...process.env, TSX_DISABLE_CACHE: '1' } },
    )
    expect(stderr).toBe('')
    const { first, more, lines: kept } = JSON.parse(stdout)
    expect(new Set(first)).toEqual(new Set(['fulfilled']))
    expect(more.at(-1)).toBe('status.journal.failed')
    expect(kept).toBe(20 + more.filter((one: unknown) => typeof one === 'number').length)
    const next = await createFileJournal({ folder })
    expect(await next.append(given(99))).toBe(kept + 1)
    await next.close()
  })

  it('goes on under a new name in a folder that was copied, and reads what was there [L1]', async () => {
    const first = await createFileJournal({ folder })
    await first.append(given(0))
    const copy = join(folder, 'copy')
    mkdirSync(copy)
    for (const name of readdirSync(folder).filter((one) => !/copy|lock/.test(one))) {
      copyFileSync(join(folder, name), join(copy, name))
    }
    const second = await createFileJournal({ folder: copy })
    expect(second.replica).not.toBe(first.replica)
    const [known] = (await second.others?.()) ?? []
    expect(known?.replica).toBe(first.replica)
    await second.close()
    // Where it was it goes on under its own.
    await first.close()
    const again = await createFileJournal({ folder })
    expect(again.replica).toBe(first.replica)
    await again.close()
  })

  it('leaves the file of a process of another machine to it, until its lock is deleted [L1]', async () => {
    const first = await createFileJournal({ folder })
    await first.close()
    writeFileSync(
      join(folder, `${first.replica}.lock`),
      JSON.stringify({ host: 'elsewhere', pid: 2 ** 30, id: 'x' }),
    )
    const second = await createFileJournal({ folder })
    expect(second.replica).not.toBe(first.replica)
    expect((await second.others?.())?.map(({ replica }) => replica)).toEqual([first.replica])
    await second.close()
    // What docs/backup.md says to do where the names of hosts change.
    unlinkSync(join(folder, `${first.replica}.lock`))
    const [third, fourth] = [await createFileJournal({ folder }), await createFileJournal({ folder })]
    expect(new Set([third.replica, fourth.replica])).toEqual(new Set([first.replica, second.replica]))
    await Promise.all([third.close(), fourth.close()])
  })

  it.each([
    ['a line that is no JSON', '{"number":2\n'],
    ['a line that is missing', '{"number":3,"time":1,"event":"peer","replica":"x"}\n'],
  ])('refuses %s in its middle [L1]', async (_what, text) => {
    const journal = await createFileJournal({ folder })
    await journal.append(given(0))
    await journal.close()
    const file = join(folder, `${journal.replica}.jsonl`)
    appendFileSync(file, `${text}{"number":4,"time":1,"event":"peer","replica":"x"}\n`)
    const damaged = { code: 'status.journal.damaged', message: expect.stringContaining(file) }
    await expect(createFileJournal({ folder })).rejects.toMatchObject(damaged)
    const [record] = await readFileJournals(file)
    await expect(lines(record as StatusJournalRecord)).rejects.toMatchObject(damaged)
    expect(readdirSync(folder).filter((name) => name.endsWith('.lock'))).toEqual([])
  })

  it.each([
    ['an event of a newer version', '{"number":2,"time":1,"event":"paused","list":"x"}'],
    ['an event without its list', '{"number":2,"time":1,"event":"set","index":1,"status":"revoked"}'],
    ['a status that is none', '{"number":2,"time":1,"event":"set","list":"x","index":1,"status":"gone"}'],
    ['a number as a text', '{"number":"2","time":1,"event":"peer","replica":"x"}'],
    ['no time', '{"number":2,"event":"peer","replica":"x"}'],
    ['null', 'null'],
  ])('refuses %s, at its end too, and cuts nothing off [L1]', async (_what, text) => {
    const journal = await createFileJournal({ folder })
    await journal.append(given(0))
    await journal.close()
    const file = join(folder, `${journal.replica}.jsonl`)
    appendFileSync(file, `${text}\n`)
    const before = readFileSync(file, 'utf8')
    const damaged = { code: 'status.journal.damaged', message: expect.stringMatching(/line 1 .*Move it out/) }
    await expect(createFileJournal({ folder })).rejects.toMatchObject(damaged)
    expect(readFileSync(file, 'utf8')).toBe(before)
  })

  it('refuses a journal that cannot be read, in words that name it [L1]', async () => {
    mkdirSync(join(folder, 'abc.jsonl'))
    const journal = await createFileJournal({ folder })
    const other = (await readFileJournals(folder)).find(({ replica }) => replica === 'abc')
    await expect(lines(other as StatusJournalRecord)).rejects.toMatchObject({
      code: 'status.journal.damaged',
      message: expect.stringMatching(/cannot be read: .*abc\.jsonl/),
    })
    await journal.close()
  })
})
