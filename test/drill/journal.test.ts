// The journal beside the store: killed between its line and the credential, on a full disk, damaged; and what an operator does with lists.

import { execFileSync } from 'node:child_process'
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import {
  callApi,
  type RunningIssuer,
  runCommand,
  startIssuer,
  temporaryFolder,
} from '../../examples/issuer/test/running-issuer.ts'
import { claim } from '../../examples/issuer/test/scripted-wallet.ts'
import { startPostgres } from '../postgres.ts'
import {
  freePort,
  type Issued,
  issue,
  issueMany,
  nameOf,
  offer,
  outcomeOf,
  published,
  revoke,
} from './issuer-drill.ts'

async function setting() {
  const folder = temporaryFolder()
  const port = await freePort()
  const settings: Record<string, string> = {
    PORT: String(port),
    ISSUER_URL: `http://127.0.0.1:${port}`,
    STATUS_SECONDS: '1',
  }
  const store = (...words: string[]) => runCommand(folder.path, ['store', ...words], settings)
  const journal = join(folder.path, 'journal')
  const journalFile = () =>
    join(journal, readdirSync(journal).find((name) => name.endsWith('.jsonl')) as string)
  return { folder, settings, store, journal, journalFile }
}

it('killed at any moment of an issuance it gives no index twice, and starts by itself [L1]', async () => {
  const { folder, settings, journalFile } = await setting()
  const all: Issued[] = []
  try {
    for (let round = 0; round < 6; round++) {
      const issuer = await startIssuer(folder.path, settings)
      if (all[0] && round === 1) await revoke(issuer, all[0])
      const endless = async () => {
        for (;;) all.push(await issue(issuer))
      }
      const work = Promise.allSettled([endless(), endless(), endless()])
      const enough = all.length + 3
      await expect.poll(() => all.length, { timeout: 30_000, interval: 5 }).toBeGreaterThan(enough)
      await issuer.kill()
      await work
    }
    const issuer = await startIssuer(folder.path, settings)
    all.push(...(await issueMany(issuer, 4)))
    expect(new Set(all.map(nameOf)).size).toBe(all.length)
    const given = readFileSync(journalFile(), 'utf8')
    for (const { uri, idx } of all) expect(given).toContain(`"list":"${uri}","index":${idx},`)
    expect(await published(all[0]!)).toBe('revoked')
    await issuer.stop()
  } finally {
    folder.remove()
  }
})

it('where the disk of the journal is full, nothing is issued or revoked and the answer is 503, until there is room [L1]', async ({
  skip,
}) => {
  const { folder, settings, journal } = await setting()
  const disk = join(folder.path, 'disk')
  mkdirSync(disk)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk], { stdio: 'pipe' })
  } catch {
    folder.remove()
    skip('only root can mount a small disk')
  }
  symlinkSync(disk, journal)
  let issuer: RunningIssuer | undefined
  try {
    issuer = await startIssuer(folder.path, settings)
    const before = await issueMany(issuer, 2)
    const filling = join(disk, 'filling')
    expect(() => writeFileSync(filling, Buffer.alloc(1 << 20))).toThrow('ENOSPC')
    // The last page of the journal has room for some lines more.
    const made: Issued[] = []
    let refused: unknown
    for (let i = 0; i < 60 && refused === undefined; i++) {
      await issue(issuer).then(
        (one) => made.push(one),
        (error: unknown) => {
          refused = error
        },
      )
    }
    expect(String(refused)).toContain('503')
    const open = await offer(issuer)
    await expect(claim(open.uriByReference, '')).rejects.toThrow('503')
    const revoked = await callApi(issuer, 'POST', `/issuances/${before[0]!.issuance}/revoke`)
    expect(revoked.status).toBe(503)
    expect(await published(before[0]!)).toBe('valid')
    rmSync(filling)
    await revoke(issuer, before[0]!)
    await expect.poll(() => published(before[0]!), { timeout: 5000, interval: 100 }).toBe('revoked')
    const all = [...before, ...made, ...(await issueMany(issuer, 2))].map(nameOf)
    expect(new Set(all).size).toBe(all.length)
  } finally {
    await issuer?.stop()
    execFileSync('umount', [disk])
    folder.remove()
  }
})

it('a journal whose last line is torn is taken as it is; one that is damaged before is refused in words [L1]', async () => {
  const { folder, settings, journalFile } = await setting()
  try {
    let issuer = await startIssuer(folder.path, settings)
    const before = await issueMany(issuer, 2)
    await issuer.stop()
    writeFileSync(journalFile(), '{"number":99,"ti', { flag: 'a' })
    issuer = await startIssuer(folder.path, settings)
    before.push(...(await issueMany(issuer, 2)))
    expect(new Set(before.map(nameOf)).size).toBe(4)
    await issuer.stop()
    const lines = readFileSync(journalFile(), 'utf8').split('\n')
    lines[1] = '{"number":2,####'
    writeFileSync(journalFile(), lines.join('\n'))
    await expect(startIssuer(folder.path, settings)).rejects.toThrow(
      /the journal is damaged after line 1: .*\.jsonl/,
    )
  } finally {
    folder.remove()
  }
})

it('lists are named, confirmed and revoked by commands; no restore undoes what was revoked so [L1]', async () => {
  const postgres = await startPostgres()
  const { folder, settings, store } = await setting()
  const other = temporaryFolder()
  settings.STORE = postgres.url
  try {
    let issuer = await startIssuer(folder.path, settings)
    // A copy of the whole folder, as of a machine that was cloned while it ran.
    for (const name of ['keys', 'journal']) {
      mkdirSync(join(other.path, name))
      for (const file of readdirSync(join(folder.path, name))) {
        copyFileSync(join(folder.path, name, file), join(other.path, name, file))
      }
    }
    for (const name of ['citizen.key', 'installation.json']) {
      copyFileSync(join(folder.path, name), join(other.path, name))
    }
    const two = await startIssuer(other.path, { ...settings, PORT: String(await freePort()) })
    const before = await issueMany(issuer, 2)
    const uri = before[0]!.uri
    const file = join(folder.path, 'backup')
    outcomeOf(await store('backup', file))
    await Promise.all([issuer.stop(), two.stop()])
    const replica = async () => {
      outcomeOf(await store('restore', file))
      return outcomeOf(await store('restored'))
    }
    const closed = await replica()
    const missing = closed.journalsMissing as string[]
    expect(missing).toHaveLength(1)
    expect(outcomeOf(await store('lists'))).toMatchObject({ list: expect.any(String) })
    expect((await store('lists')).out).toContain(`${JSON.stringify({ list: uri }).slice(0, -1)},`)
    expect((await store('confirm', `${uri}x`)).out).toContain('"store lists" names them')
    outcomeOf(await store('confirm', uri))
    issuer = await startIssuer(folder.path, settings)
    expect(await published(before[0]!)).toBe('valid')
    // While it runs.
    outcomeOf(await store('revoke', uri))
    await expect.poll(() => published(before[1]!), { timeout: 5000, interval: 100 }).toBe('revoked')
    await issuer.stop()

    outcomeOf(await store('restore', file))
    expect((await store('revoke', uri)).out).toContain('run "store restored" first')
    const without = outcomeOf(await store('restored', '--without', missing[0] as string))
    expect(without.listsClosed).toBeUndefined()
    issuer = await startIssuer(folder.path, settings)
    expect(await published(before[0]!)).toBe('revoked')
    expect(await published(before[1]!)).toBe('revoked')
    const [next] = await issueMany(issuer, 1)
    expect(await published(next!)).toBe('valid')
    await issuer.stop()
  } finally {
    await postgres.stop()
    folder.remove()
    other.remove()
  }
})
